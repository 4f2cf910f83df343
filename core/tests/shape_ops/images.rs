//! What rearranges the pixels and channels of images.

use shapewise_core::{Value, layers};

use crate::{fails, gives, list};

#[test]
fn channels_and_pixels() {
    gives(
        layers::channel_split,
        &[("parts", Value::Int(2))],
        &[4, 6, 8],
        "4x6x4 4x6x4",
    );
    gives(
        layers::channel_split,
        &[("parts", list(&[1, 2, 5]))],
        &[4, 8],
        "4x1 4x2 4x5",
    );
    fails(
        layers::channel_split,
        &[("parts", list(&[1, 2]))],
        &[4, 8],
        "`parts = 1x2` of the layer makes 3 channels, but its input 4x8 has 8",
    );
    gives(
        layers::pixel_shuffle,
        &[("factor", Value::Int(3))],
        &[4, 6, 18],
        "12x18x2",
    );
    gives(
        layers::pixel_unshuffle,
        &[("factor", Value::Int(2))],
        &[4, 6, 3],
        "2x3x12",
    );
    fails(
        layers::pixel_shuffle,
        &[("factor", Value::Int(3))],
        &[4, 6, 10],
        "the layer takes a multiple of 9 channels (the square of `factor`), but 10 come in: \
         10 = 9*1 + 1",
    );
    fails(
        layers::pixel_unshuffle,
        &[("factor", Value::Int(4))],
        &[4, 6, 3],
        "`factor = 4` does not divide the 6 columns of the layer: 6 = 4*1 + 2; possible are 1, 2",
    );
}

#[test]
fn patches_and_back() {
    let patches = [("kernel", list(&[3, 3])), ("padding", Value::Int(1))];
    gives(layers::unfold, &patches, &[4, 6, 5], "24x45");
    let size = ("size", list(&[4, 6]));
    gives(
        layers::fold,
        &[size, patches[0], patches[1]],
        &[24, 45],
        "4x6x5",
    );
    fails(
        layers::fold,
        &[size, patches[0], patches[1]],
        &[25, 45],
        "`size = 4x6` of the layer makes 24 positions, but its input 25x45 has 25",
    );
    // A sequence has windows too.
    gives(
        layers::unfold,
        &[("kernel", Value::Int(3))],
        &[10, 4],
        "8x12",
    );
    gives(
        layers::fold,
        &[("size", Value::Int(10)), ("kernel", Value::Int(3))],
        &[8, 12],
        "10x4",
    );
}

#[test]
fn interpolation() {
    let mode = |mode| ("mode", Value::Keyword(mode));
    gives(
        layers::upsample,
        &[("scale", Value::Int(2))],
        &[4, 6, 5],
        "8x12x5",
    );
    gives(
        layers::upsample,
        &[("scale", Value::Float(1.5))],
        &[5, 6, 5],
        "7x9x5",
    );
    gives(
        layers::upsample,
        &[("size", list(&[9, 3])), mode("bicubic")],
        &[4, 6, 5],
        "9x3x5",
    );
    fails(layers::upsample, &[], &[4, 6, 5], "the layer needs `scale`");
    fails(
        layers::upsample,
        &[("scale", Value::Float(0.2))],
        &[4, 6, 5],
        "`scale` of the layer leaves nothing of the height 4 of its input 4x6x5",
    );
    fails(
        layers::upsample,
        &[("scale", Value::Int(2)), mode("trilinear")],
        &[4, 6, 5],
        "`mode = trilinear` is for a volume, but the layer has an image: 4x6x5",
    );
    fails(
        layers::upsample,
        &[
            ("scale", Value::Int(2)),
            ("align_corners", Value::Bool(true)),
        ],
        &[4, 6, 5],
        "`align_corners` of the layer cannot stand together with `mode = nearest`",
    );
}

#[test]
fn patches_are_explained_by_their_numbers() -> Result<(), shapewise_core::Error> {
    let arguments = [
        ("size", list(&[4, 6])),
        ("kernel", list(&[2, 3])),
        ("stride", list(&[2, 3])),
    ];
    let text = crate::explained(layers::fold, &arguments, &[4, 30])?;
    assert!(
        text.lines().any(|line| line == "channels: 30 / (2*3) = 5"),
        "{text}"
    );
    Ok(())
}
