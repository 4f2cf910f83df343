//! Pixels and channels that change places, and patches.

use crate::torch_layers::row::{Batched, Case, Mapped, Row, shape};

pub(super) fn map(row: &Row) -> Option<Mapped> {
    Some(match row.layer.as_str() {
        "PixelShuffle" => pixels(row, "pixel_shuffle", "upscale_factor"),
        "PixelUnshuffle" => pixels(row, "pixel_unshuffle", "downscale_factor"),
        "ChannelShuffle" => channel_shuffle(row),
        "Unfold" => unfold(row),
        "Fold" => fold(row),
        _ => return None,
    })
}

/// All axes before the last three are a batch.
fn pixels(row: &Row, entry: &'static str, factor: &str) -> Mapped {
    let input = &row.inputs[0];
    let (batch, image) = input.split_at(input.len().saturating_sub(3));
    let mut image = image.to_vec();
    image.rotate_left(1);
    let sample = Batched {
        batch: batch.to_vec(),
        shape: shape(&image)?,
    };
    Ok(Case::new(entry, sample).with_some("factor", row.int(factor)?))
}

fn channel_shuffle(row: &Row) -> Mapped {
    let axes = row.inputs[0].len().saturating_sub(2);
    let sample = row.channels_second(axes)?;
    Ok(Case::new("channel_shuffle", sample).with_some("groups", row.int("groups")?))
}

fn unfold(row: &Row) -> Mapped {
    patches(row, Case::new("unfold", row.channels_second(2)?))
}

fn fold(row: &Row) -> Mapped {
    let case = Case::new("fold", row.channels_second(1)?);
    patches(row, case.with_some("size", row.kernel("output_size", 2)?))
}

fn patches(row: &Row, case: Case) -> Mapped {
    Ok(case
        .with_some("kernel", row.kernel("kernel_size", 2)?)
        .with_some("stride", row.per_axis("stride")?)
        .with_some("padding", row.per_axis("padding")?)
        .with_some("dilation", row.per_axis("dilation")?))
}
