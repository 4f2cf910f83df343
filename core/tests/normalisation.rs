//! Normalisations: tensor names, the words of formulas and errors.

use shapewise_core::catalogue::Entry;
use shapewise_core::error::Needs;
use shapewise_core::{Error, Layer, Shape, Value, layers};

const IMAGE: Shape = Shape::new(&[7, 5, 64]);

fn tensors(entry: &Entry, arguments: &[(&'static str, Value)]) -> Result<Vec<String>, Error> {
    let layer = Layer::build(entry, arguments, &[IMAGE])?;
    let tensors = (0..).map_while(|index| layer.tensor(index));
    Ok(tensors
        .map(|tensor| format!("{} {} {:?}", tensor.name, tensor.extents, tensor.role))
        .collect())
}

fn explained(entry: &Entry, arguments: &[(&'static str, Value)]) -> Result<String, Error> {
    let layer = Layer::build(entry, arguments, &[IMAGE])?;
    let mut text = String::new();
    layer
        .explain(&[IMAGE], &mut text)
        .expect("a string takes everything");
    Ok(text)
}

const OFF: Value = Value::Bool(false);
const ON: Value = Value::Bool(true);

#[test]
fn batch_norm_has_two_parameters_and_two_buffers_per_channel() -> Result<(), Error> {
    assert_eq!(
        tensors(layers::batch_norm, &[])?,
        [
            "weight 64 Weight",
            "bias 64 Bias",
            "running_mean 64 Buffer",
            "running_var 64 Buffer"
        ]
    );
    assert_eq!(
        tensors(layers::batch_norm, &[("affine", OFF), ("bias", ON)])?,
        ["running_mean 64 Buffer", "running_var 64 Buffer"]
    );
    assert_eq!(
        tensors(
            layers::batch_norm,
            &[("weight", OFF), ("track_running_stats", OFF)]
        )?,
        ["bias 64 Bias"]
    );
    assert_eq!(
        explained(layers::batch_norm, &[])?,
        "parameters: 64 + 64 = 128\nbuffers: 2*64 = 128\n"
    );
    Ok(())
}

#[test]
fn instance_norm_owns_nothing_unless_asked() -> Result<(), Error> {
    assert_eq!(tensors(layers::instance_norm, &[])?, [""; 0]);
    assert_eq!(
        tensors(layers::instance_norm, &[("affine", ON)])?,
        ["weight 64 Weight", "bias 64 Bias"]
    );
    Ok(())
}

#[test]
fn layer_norm_is_over_the_last_axes() -> Result<(), Error> {
    assert_eq!(
        tensors(layers::layer_norm, &[])?,
        ["weight 64 Weight", "bias 64 Bias"]
    );
    assert_eq!(
        tensors(
            layers::layer_norm,
            &[("axes", Value::Int(2)), ("bias", OFF)]
        )?,
        ["weight 5x64 Weight"]
    );
    // A whole image has its channels first, as in PyTorch.
    assert_eq!(
        tensors(layers::rms_norm, &[("axes", Value::Int(3))])?,
        ["weight 64x7x5 Weight"]
    );
    assert_eq!(
        explained(layers::layer_norm, &[("axes", Value::Int(2))])?,
        "parameters: 5*64 + 5*64 = 640\n"
    );
    let four = Layer::build(layers::layer_norm, &[("axes", Value::Int(4))], &[IMAGE]);
    assert_eq!(
        four.unwrap_err().to_string(),
        "`axes = 4` of the layer must be at most 3, the number of axes of the input"
    );
    Ok(())
}

#[test]
fn heads_have_weights_of_their_own() -> Result<(), Error> {
    let of = |weights| {
        let arguments = [
            ("heads", Value::Int(4)),
            ("head_weights", Value::Keyword(weights)),
        ];
        tensors(layers::rms_norm, &arguments)
    };
    assert_eq!(of("shared")?, ["weight 16 Weight"]);
    assert_eq!(of("joined")?, ["weight 64 Weight"]);
    assert_eq!(of("separate")?, ["weight 4x16 Weight"]);
    let weights = [("head_weights", Value::Keyword("joined"))];
    let error = Layer::build(layers::layer_norm, &weights, &[IMAGE]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`head_weights` of the layer needs `heads`"
    );
    Ok(())
}

#[test]
fn groups_divide_the_channels() {
    let error = Layer::build(layers::group_norm, &[("groups", Value::Int(6))], &[IMAGE]);
    assert_eq!(
        error.unwrap_err().to_string(),
        "`groups = 6` does not divide the 64 channels of the layer: 64 = 6*10 + 4; possible are \
         1, 2, 4, 8, 16, 32, 64"
    );
}

#[test]
fn one_position_has_no_statistics() {
    let pixel = [Shape::new(&[1, 1, 8])];
    let error = Layer::build(layers::instance_norm, &[], &pixel).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the layer takes more than one position, but its input 1x1x8 is an image"
    );
    assert!(
        Layer::build(
            layers::instance_norm,
            &[("track_running_stats", ON)],
            &pixel
        )
        .is_ok()
    );
}

/// PyTorch's `InstanceNorm` and `LocalResponseNorm` want positions, `BatchNorm` does not;
/// and one position has no variance, unless running statistics stand in for it.
#[test]
fn positions_are_asked_for_where_they_are_averaged() {
    let build = |entry, arguments: &[(&'static str, Value)], extents: &[usize]| {
        Layer::build(entry, arguments, &[Shape::new(extents)])
    };
    let tracked = [("track_running_stats", Value::Bool(true))];
    for (entry, arguments) in [
        (layers::instance_norm, &[][..]),
        (layers::instance_norm, &tracked[..]),
        (layers::local_response_norm, &[("size", Value::Int(3))][..]),
    ] {
        let vector = build(entry, arguments, &[8]);
        assert!(
            matches!(
                vector,
                Err(Error::InputRank {
                    needs: Needs::Positions,
                    ..
                })
            ),
            "{}: {vector:?}",
            entry.name
        );
        assert!(build(entry, arguments, &[5, 8]).is_ok());
        assert!(build(entry, arguments, &[5, 4, 8]).is_ok());
        assert!(build(entry, arguments, &[5, 4, 2, 8]).is_ok());
    }
    assert!(build(layers::batch_norm, &[], &[8]).is_ok());
    for one in [&[1, 8][..], &[1, 1, 8], &[1, 1, 1, 8]] {
        assert!(matches!(
            build(layers::instance_norm, &[], one),
            Err(Error::InputRank {
                needs: Needs::Words("more than one position"),
                ..
            })
        ));
        assert!(build(layers::instance_norm, &tracked, one).is_ok());
    }
    assert!(build(layers::instance_norm, &[], &[1, 2, 8]).is_ok());
}
