//! What was measured as values of the plain engine, and back.

use shapewise_numerics::{Array, Numbers};

use crate::plain::{Data, Tensor};

pub(crate) fn tensor(array: &Array) -> Tensor {
    let data = match &array.numbers {
        Numbers::Float(values) => Data::Float(values.clone()),
        Numbers::Int(values) => Data::Int(values.clone()),
    };
    Tensor::new(&array.dims, data).expect("as many elements as extents say")
}

pub(crate) fn array(tensor: &Tensor) -> Array {
    Array {
        dims: tensor.dims.clone(),
        numbers: match &tensor.data {
            Data::Float(values) => Numbers::Float(values.clone()),
            Data::Int(values) => Numbers::Int(values.clone()),
            Data::Bool(values) => Numbers::Int(values.iter().map(|&v| i64::from(v)).collect()),
        },
    }
}

/// The largest gap of several.
pub(crate) fn worst(gaps: impl IntoIterator<Item = Result<f64, String>>) -> Result<f64, String> {
    gaps.into_iter()
        .try_fold(0.0, |worst: f64, gap| Ok(worst.max(gap?)))
}
