//! Normalisations.

use shapewise_core::layer::normalisation::{Affine, ChannelNorm, Normalisation};

use crate::Error;
use crate::builder::Attribute;
use crate::element::spacing;
use crate::layer::Said;
use crate::value::{Dim, Value, batched, int};

pub(super) fn say(said: &mut Said<'_>, layer: &Normalisation) -> Result<Value, Error> {
    let x = said.input();
    match layer {
        Normalisation::Batch(norm) if norm.statistics.tracked => tracked(said, norm, &x),
        Normalisation::Instance(norm) if norm.statistics.tracked => tracked(said, norm, &x),
        Normalisation::Batch(norm) => of_batch(said, norm, &x),
        Normalisation::Instance(norm) => {
            let x = said.builder.channels_first(&x)?;
            let [scale, shift] = both(said, &norm.affine)?;
            let eps = vec![("epsilon", Attribute::Float(norm.eps))];
            let dims = x.dims.clone();
            let y = said
                .builder
                .node("InstanceNormalization", &[&x, &scale, &shift], eps, dims);
            said.builder.back_from_channels_first(&y)
        }
        Normalisation::Layer { axes, eps, affine } => {
            let (x, axis, turned) = with_last(said, &x, *axes)?;
            let scale = said.tensor_or("weight", 1.0, &affine.extents)?;
            let shift = said.tensor("bias")?;
            let attributes = vec![
                ("axis", Attribute::Int(int(axis)?)),
                ("epsilon", Attribute::Float(*eps)),
            ];
            let inputs: Vec<_> = [&x, &scale].into_iter().chain(&shift).collect();
            let dims = x.dims.clone();
            let y = said
                .builder
                .node("LayerNormalization", &inputs, attributes, dims);
            turn_back(said, &y, turned)
        }
        Normalisation::RootMeanSquare { axes, eps, .. } => {
            let (x, axis, turned) = with_last(said, &x, *axes)?;
            let eps = eps.unwrap_or_else(|| spacing(said.builder.dtype));
            let normalised: Vec<_> = (axis..x.rank()).collect();
            let squares = said.builder.binary("Mul", &x, &x);
            let mean = said
                .builder
                .reduce("ReduceMean", &squares, &normalised, true)?;
            let mut y = divided_by_root(said, &x, &mean, eps);
            if let Some(scale) = said.tensor("weight")? {
                y = said.builder.binary("Mul", &y, &scale);
            }
            turn_back(said, &y, turned)
        }
        Normalisation::Group {
            groups,
            eps,
            affine,
        } => {
            let dims = x.dims.clone();
            let x = said.builder.channels_first(&x)?;
            let first = x.dims.clone();
            // The operator wants a position.
            let x = match x.rank() {
                2 => said
                    .builder
                    .reshape(&x, [first.clone(), vec![Dim::Size(1)]].concat())?,
                _ => x,
            };
            let [scale, shift] = both(said, affine)?;
            let attributes = vec![
                ("num_groups", Attribute::Int(int(*groups)?)),
                ("epsilon", Attribute::Float(*eps)),
            ];
            let inputs = [&x, &scale, &shift];
            let y = said
                .builder
                .node("GroupNormalization", &inputs, attributes, x.dims.clone());
            let y = said.builder.reshape(&y, first)?;
            match dims.len() {
                3 => said.builder.back_from_channels_first(&y),
                _ => Ok(y),
            }
        }
        Normalisation::LocalResponse {
            size,
            alpha,
            beta,
            k,
        } => {
            let x = said.builder.channels_first(&x)?;
            let y = local_response(said, &x, *size, [*alpha, *beta, *k])?;
            said.builder.back_from_channels_first(&y)
        }
    }
}

/// The scale and the shift, ones and zeros where they are not learned.
fn both(said: &mut Said<'_>, affine: &Affine) -> Result<[Value; 2], Error> {
    Ok([
        said.tensor_or("weight", 1.0, &affine.extents)?,
        said.tensor_or("bias", 0.0, &affine.extents)?,
    ])
}

/// By the statistics that were kept.
fn tracked(said: &mut Said<'_>, norm: &ChannelNorm, x: &Value) -> Result<Value, Error> {
    let x = said.builder.channels_first(x)?;
    let [scale, shift] = both(said, &norm.affine)?;
    let mean = said.weight("running_mean")?;
    let variance = said.weight("running_var")?;
    let eps = vec![("epsilon", Attribute::Float(norm.eps))];
    let inputs = [&x, &scale, &shift, &mean, &variance];
    let dims = x.dims.clone();
    let y = said.builder.node("BatchNormalization", &inputs, eps, dims);
    said.builder.back_from_channels_first(&y)
}

/// By the statistics of the batch, which PyTorch takes where none are kept.
fn of_batch(said: &mut Said<'_>, norm: &ChannelNorm, x: &Value) -> Result<Value, Error> {
    let channels = if x.rank() > 3 { 1 } else { x.rank() - 1 };
    let axes: Vec<_> = (0..x.rank()).filter(|&axis| axis != channels).collect();
    let mean = said.builder.reduce("ReduceMean", x, &axes, true)?;
    let centred = said.builder.binary("Sub", x, &mean);
    let squares = said.builder.binary("Mul", &centred, &centred);
    let variance = said.builder.reduce("ReduceMean", &squares, &axes, true)?;
    let mut y = divided_by_root(said, &centred, &variance, norm.eps);
    for (name, operator) in [("weight", "Mul"), ("bias", "Add")] {
        if let Some(tensor) = said.tensor(name)? {
            let tensor = said.builder.along_channels(&tensor, x.rank())?;
            y = said.builder.binary(operator, &y, &tensor);
        }
    }
    Ok(y)
}

fn divided_by_root(said: &mut Said<'_>, x: &Value, squares: &Value, eps: f64) -> Value {
    let eps = said.builder.number(eps);
    let sum = said.builder.binary("Add", squares, &eps);
    let root = said.builder.unary("Sqrt", &sum);
    said.builder.binary("Div", x, &root)
}

/// The input so that its last axes are the notation's last `axes`, as the learned
/// tensors have them; the first of them, and whether axes changed places.
fn with_last(said: &mut Said<'_>, x: &Value, axes: usize) -> Result<(Value, usize, bool), Error> {
    // Over all axes, the tensors are channels first as the model is.
    if axes == said.shapes[0].rank() {
        return Ok((x.clone(), 1, false));
    }
    let y = said.builder.channels_last(x)?;
    let turned = y.name != x.name;
    let axis = y.rank() - axes;
    Ok((y, axis, turned))
}

fn turn_back(said: &mut Said<'_>, y: &Value, turned: bool) -> Result<Value, Error> {
    match turned {
        true => said.builder.back_from_channels_last(y),
        false => Ok(y.clone()),
    }
}

/// Each element by the squares of its neighbours along the channels. Source:
/// PyTorch's `torch.nn.functional.local_response_norm`.
fn local_response(
    said: &mut Said<'_>,
    x: &Value,
    size: usize,
    [alpha, beta, k]: [f64; 3],
) -> Result<Value, Error> {
    // An even number of neighbours begins one channel earlier in PyTorch.
    if x.rank() == 4 && !size.is_multiple_of(2) {
        let attributes = vec![
            ("size", Attribute::Int(int(size)?)),
            ("alpha", Attribute::Float(alpha)),
            ("beta", Attribute::Float(beta)),
            ("bias", Attribute::Float(k)),
        ];
        return Ok(said.builder.node("LRN", &[x], attributes, x.dims.clone()));
    }
    let channels = x.size(1);
    let positions = (2..x.rank())
        .try_fold(1usize, |product, axis| product.checked_mul(x.size(axis)))
        .ok_or(Error::Overflow)?;
    let squares = said.builder.binary("Mul", x, x);
    let plane = batched(&[1, channels, positions]);
    let squares = said.builder.reshape(&squares, plane.clone())?;
    let (before, after) = (int(size / 2)?, int((size - 1) / 2)?);
    let attributes = vec![
        ("kernel_shape", Attribute::Ints(vec![int(size)?, 1])),
        ("pads", Attribute::Ints(vec![before, 0, after, 0])),
        ("count_include_pad", Attribute::Int(1)),
    ];
    let mean = said
        .builder
        .node("AveragePool", &[&squares], attributes, plane);
    let mean = said.builder.reshape(&mean, x.dims.clone())?;
    let (alpha, beta) = (said.builder.number(alpha), said.builder.number(beta));
    let k = said.builder.number(k);
    let scaled = said.builder.binary("Mul", &mean, &alpha);
    let sum = said.builder.binary("Add", &scaled, &k);
    let divisor = said.builder.binary("Pow", &sum, &beta);
    Ok(said.builder.binary("Div", x, &divisor))
}
