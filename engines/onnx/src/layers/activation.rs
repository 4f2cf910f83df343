//! Activations.

use shapewise_core::layer::activation::{Activation, Along};

use crate::Error;
use crate::builder::{Attribute, Attributes};
use crate::layer::Said;
use crate::value::{Value, axis_of, int};

pub(super) fn say(said: &mut Said<'_>, layer: &Activation) -> Result<Value, Error> {
    let x = said.input();
    let alpha = |alpha: &f64| vec![("alpha", Attribute::Float(*alpha))];
    let (operator, attributes): (_, Attributes) = match layer {
        Activation::Relu => ("Relu", vec![]),
        Activation::Relu6 => {
            let (least, most) = (said.builder.number(0.0), said.builder.number(6.0));
            let dims = x.dims.clone();
            return Ok(said
                .builder
                .node("Clip", &[&x, &least, &most], vec![], dims));
        }
        Activation::LeakyRelu { slope } => ("LeakyRelu", alpha(slope)),
        Activation::PRelu(_) => {
            let slope = said.weight("weight")?;
            let slope = said.builder.along_channels(&slope, x.rank())?;
            return Ok(said
                .builder
                .node("PRelu", &[&x, &slope], vec![], x.dims.clone()));
        }
        Activation::Elu { alpha: scale } => ("Elu", alpha(scale)),
        Activation::Selu => ("Selu", vec![]),
        Activation::Celu { alpha: scale } => ("Celu", alpha(scale)),
        Activation::Gelu { tanh } => ("Gelu", gelu(*tanh)),
        Activation::Silu => {
            let sigmoid = said.builder.unary("Sigmoid", &x);
            return Ok(said.builder.binary("Mul", &x, &sigmoid));
        }
        Activation::Mish => ("Mish", vec![]),
        Activation::Sigmoid => ("Sigmoid", vec![]),
        Activation::HardSigmoid => (
            "HardSigmoid",
            vec![
                ("alpha", Attribute::Float(1.0 / 6.0)),
                ("beta", Attribute::Float(0.5)),
            ],
        ),
        Activation::HardSwish => ("HardSwish", vec![]),
        Activation::Tanh => ("Tanh", vec![]),
        Activation::Softplus { beta, threshold } => {
            return Ok(softplus(said, &x, *beta, *threshold));
        }
        Activation::Softsign => ("Softsign", vec![]),
        Activation::Softmax(along) => ("Softmax", axis(said, along)?),
        Activation::LogSoftmax(along) => ("LogSoftmax", axis(said, along)?),
        Activation::Glu(along) => {
            let axis = axis_of(along.place, said.shapes[0].rank());
            let half = x.size(axis) / 2;
            let halves = said.builder.split(&x, axis, &[half, half])?;
            let gate = said.builder.unary("Sigmoid", &halves[1]);
            return Ok(said.builder.binary("Mul", &halves[0], &gate));
        }
    };
    Ok(said
        .builder
        .node(operator, &[&x], attributes, x.dims.clone()))
}

/// The attributes of `gelu`.
pub(super) fn gelu(tanh: bool) -> Attributes {
    let approximate = if tanh { "tanh" } else { "none" };
    vec![("approximate", Attribute::Text(approximate))]
}

fn axis(said: &Said<'_>, along: &Along) -> Result<Attributes, Error> {
    let axis = axis_of(along.place, said.shapes[0].rank());
    Ok(vec![("axis", Attribute::Int(int(axis)?))])
}

/// `log(1 + exp(beta*x)) / beta`, and `x` where `beta*x` is above the threshold.
#[expect(clippy::float_cmp, reason = "1 is the default, written as such")]
fn softplus(said: &mut Said<'_>, x: &Value, beta: f64, threshold: f64) -> Value {
    let mut scaled = x.clone();
    if beta != 1.0 {
        let beta = said.builder.number(beta);
        scaled = said.builder.binary("Mul", x, &beta);
    }
    let mut y = said.builder.unary("Softplus", &scaled);
    if beta != 1.0 {
        let beta = said.builder.number(beta);
        y = said.builder.binary("Div", &y, &beta);
    }
    // From 20 on both are the same number in every type.
    if threshold >= 20.0 {
        return y;
    }
    let threshold = said.builder.number(threshold);
    let above = said.builder.compare("Greater", &scaled, &threshold);
    said.builder.choose(&above, x, &y)
}
