//! Every layer and whole networks in candle against what PyTorch computes: outputs,
//! gradients, and training.

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor, Var};
use shapewise_candle::{Candle, Customs};
use shapewise_core::Graph;
use shapewise_lower::{Mode, Plan, Update};
use shapewise_numerics::{Array, LayerCase, NetworkCase, Numbers, Numerics, Report};

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;
/// The least that the largest number of a gradient is taken for.
const LEAST: f64 = 1e-3;
/// The largest difference of what follows training steps.
const TRAINED: f64 = 1e-4;

fn tensor(array: &Array) -> Tensor {
    let dims = array.dims.as_slice();
    match &array.numbers {
        Numbers::Float(values) => Tensor::from_slice(values, dims, &Device::Cpu),
        Numbers::Int(values) => Tensor::from_slice(values, dims, &Device::Cpu),
    }
    .expect("as many numbers as the extents say")
}

fn array(tensor: &Tensor) -> Result<Array, String> {
    let flat = tensor.flatten_all().map_err(text)?;
    Ok(Array {
        dims: tensor.dims().to_vec(),
        numbers: match tensor.dtype().is_float() {
            true => Numbers::Float(flat.to_vec1().map_err(text)?),
            false => Numbers::Int(
                flat.to_dtype(DType::I64)
                    .and_then(|t| t.to_vec1())
                    .map_err(text)?,
            ),
        },
    })
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A network with its tensors.
struct Model {
    plan: Plan<Candle>,
    tensors: Vec<Array>,
}

/// What one pass gave.
struct Pass {
    outputs: Vec<Array>,
    updates: Vec<(usize, Update<Tensor>)>,
    of_tensors: Vec<Option<Array>>,
    of_inputs: Vec<Option<Array>>,
}

type Factors<'a> = dyn Fn(&[Array]) -> Vec<Array> + 'a;

impl Model {
    fn new(graph: &'static Graph, given: &HashMap<&str, &Array>) -> Result<Self, String> {
        let engine = Candle::new(&Device::Cpu, DType::F32);
        let plan = Plan::of(graph, &engine, Customs::new()).map_err(text)?;
        let weights = plan.weights().iter();
        let tensors = weights.map(|weight| match given.get(weight.name.as_str()) {
            Some(given) => Ok((*given).clone()),
            // Keras's layers count no batches.
            None if weight.name.ends_with("num_batches_tracked") => Ok(Array {
                dims: vec![],
                numbers: Numbers::Int(vec![0]),
            }),
            None => Err(format!("no numbers for `{}`", weight.name)),
        });
        Ok(Self {
            tensors: tensors.collect::<Result<_, _>>()?,
            plan,
        })
    }

    /// One pass, and the gradients of the outputs times `factors`.
    fn pass(
        &self,
        inputs: &[&Array],
        training: bool,
        factors: Option<&Factors<'_>>,
    ) -> Result<Pass, String> {
        let mode = match training {
            true => Mode::Training,
            false => Mode::Inference,
        };
        let learned = |tensor: Tensor| match factors {
            Some(_) if tensor.dtype().is_float() => Var::from_tensor(&tensor).map(Var::into_inner),
            _ => Ok(tensor),
        };
        let weights = self.plan.weights().iter().zip(&self.tensors);
        let tensors = weights.map(|(weight, values)| match weight.is_parameter() {
            true => learned(tensor(values)),
            false => Ok(tensor(values)),
        });
        let tensors: Vec<Tensor> = tensors.collect::<Result<_, _>>().map_err(text)?;
        let inputs = inputs.iter().map(|input| learned(tensor(input)));
        let inputs: Vec<Tensor> = inputs.collect::<Result<_, _>>().map_err(text)?;
        let mut engine = Candle::new(&Device::Cpu, DType::F32).with_gradients(factors.is_some());
        let mut weights = |_: &mut Candle, place: usize| Ok(tensors[place].clone());
        let run = self
            .plan
            .run(&mut engine, &mut weights, inputs.clone(), mode);
        let run = run.map_err(text)?;
        let outputs: Vec<Array> = run.values.iter().map(array).collect::<Result<_, _>>()?;
        let (mut of_tensors, mut of_inputs) = (vec![], vec![]);
        if let Some(factors) = factors {
            let mut all: Option<Tensor> = None;
            for (output, factor) in run.values.iter().zip(factors(&outputs)) {
                let sum = (output * tensor(&factor)).and_then(|product| product.sum_all());
                let sum = match all {
                    None => sum,
                    Some(before) => sum.and_then(|sum| before + sum),
                };
                all = Some(sum.map_err(text)?);
            }
            let gradients = all.ok_or("no output")?.backward().map_err(text)?;
            let of = |value: &Tensor| gradients.get(value).map(array).transpose();
            of_tensors = tensors.iter().map(of).collect::<Result<_, _>>()?;
            of_inputs = inputs.iter().map(of).collect::<Result<_, _>>()?;
        }
        Ok(Pass {
            outputs,
            updates: run.updates,
            of_tensors,
            of_inputs,
        })
    }

    fn place(&self, name: &str) -> Option<usize> {
        let mut weights = self.plan.weights().iter();
        weights.position(|weight| weight.name == name)
    }

    /// Keeps what a pass makes of the buffers.
    fn update(&mut self, pass: &Pass) {
        for (place, update) in &pass.updates {
            match (update, &mut self.tensors[*place].numbers) {
                (Update::Value(value), numbers) => {
                    *numbers = array(value).expect("floats").numbers;
                }
                (Update::Increment, Numbers::Int(values)) => values[0] += 1,
                (Update::Increment, other) => panic!("a count is an integer: {other:?}"),
            }
        }
    }

    /// Goes against the gradients.
    fn step(&mut self, pass: &Pass, rate: f64) {
        for (place, gradient) in pass.of_tensors.iter().enumerate() {
            let trained = self.plan.weights()[place].is_parameter();
            if let (Some(gradient), true) = (gradient, trained) {
                let own = self.tensors[place].doubles();
                let moved = own.iter().zip(gradient.doubles());
                let moved = moved.map(|(own, gradient)| single(own - rate * gradient));
                self.tensors[place].numbers = Numbers::Float(moved.collect());
            }
        }
        self.update(pass);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
fn single(value: f64) -> f32 {
    value as f32
}

/// The largest gap of several.
fn worst(gaps: impl IntoIterator<Item = Result<f64, String>>) -> Result<f64, String> {
    gaps.into_iter()
        .try_fold(0.0, |worst: f64, gap| Ok(worst.max(gap?)))
}

/// How far a gradient is from what it should be. One that nothing reaches is of zeros.
fn gap(gradient: Option<&Array>, expected: &Array, least: f64) -> Result<f64, String> {
    match gradient {
        Some(gradient) => gradient.gap_of(expected, least),
        None => {
            let zeros = vec![0.0; expected.doubles().len()];
            Array::floats(&expected.dims, zeros).gap_of(expected, least)
        }
    }
}

#[test]
fn layers_and_networks_compute_and_train_as_in_pytorch() {
    let numerics = Numerics::load().expect("the numbers are there");
    let mut report = Report::new();
    for case in &numerics.layers {
        match &case.graph {
            Ok(graph) => {
                report.compared(&case.kind, &case.id, output(graph, case), TOLERANCE);
                let kind = format!("{} (gradients)", case.kind);
                report.compared(&kind, &case.id, gradients(graph, case), TOLERANCE);
            }
            Err(why) => report.left_out(&case.kind, &case.id, why),
        }
    }
    for case in &numerics.networks {
        const KINDS: [&str; 4] = [
            "network: output",
            "network: output in training, and loss",
            "network: gradients",
            "network: twenty steps",
        ];
        match &case.graph {
            Ok(graph) => {
                report.compared(KINDS[0], &case.id, evaluated(graph, case), TOLERANCE);
                report.compared(KINDS[1], &case.id, trained(graph, case), TOLERANCE);
                report.compared(KINDS[2], &case.id, first_step(graph, case), TOLERANCE);
                report.compared(KINDS[3], &case.id, training(graph, case), TRAINED);
            }
            Err(why) => {
                for kind in KINDS {
                    report.left_out(kind, &case.id, why);
                }
            }
        }
    }
    report.finish();
}

fn of_layer(graph: &'static Graph, case: &LayerCase) -> Result<Model, String> {
    let tensors = case.tensors.iter();
    let given = tensors.map(|tensor| (tensor.name.as_str(), &tensor.value));
    Model::new(graph, &given.collect())
}

fn output(graph: &'static Graph, case: &LayerCase) -> Result<f64, String> {
    let mut model = of_layer(graph, case)?;
    let inputs: Vec<_> = case.inputs.iter().collect();
    let pass = model.pass(&inputs, case.training, None)?;
    if pass.outputs.len() != case.outputs.len() {
        return Err(format!("{} results", pass.outputs.len()));
    }
    model.update(&pass);
    let outputs = pass.outputs.iter().zip(&case.outputs);
    let outputs = outputs.map(|(output, expected)| output.gap(expected));
    let after = case.after.iter().map(|(name, expected)| {
        let place = model.place(name).ok_or(format!("no buffer `{name}`"))?;
        model.tensors[place].gap(expected)
    });
    worst(outputs.chain(after))
}

fn gradients(graph: &'static Graph, case: &LayerCase) -> Result<f64, String> {
    let model = of_layer(graph, case)?;
    let inputs: Vec<_> = case.inputs.iter().collect();
    let factors = |_: &[Array]| case.factors.clone();
    // What has nothing to learn and takes integers has no gradient.
    let wanted = case.input_gradients.iter().flatten().count()
        + case
            .tensors
            .iter()
            .filter_map(|tensor| tensor.gradient.as_ref())
            .count();
    if wanted == 0 {
        return Ok(0.0);
    }
    let pass = model.pass(&inputs, case.training, Some(&factors))?;
    let of_inputs = pass.of_inputs.iter().zip(&case.input_gradients);
    let of_inputs =
        of_inputs.filter_map(|(own, expected)| Some(gap(own.as_ref(), expected.as_ref()?, LEAST)));
    let of_tensors = case.tensors.iter().filter_map(|tensor| {
        let own = &pass.of_tensors[model.place(&tensor.name)?];
        Some(gap(own.as_ref(), tensor.gradient.as_ref()?, LEAST))
    });
    // What is made otherwise for gradients gives the same.
    let outputs = pass.outputs.iter().zip(&case.outputs);
    let outputs = outputs.map(|(output, expected)| output.gap(expected));
    worst(outputs.chain(of_inputs).chain(of_tensors))
}

fn of_network(graph: &'static Graph, case: &NetworkCase) -> Result<Model, String> {
    let tensors = case.tensors.iter();
    let given = tensors.map(|tensor| (tensor.name.as_str(), &tensor.value));
    Model::new(graph, &given.collect())
}

fn evaluated(graph: &'static Graph, case: &NetworkCase) -> Result<f64, String> {
    let pass = of_network(graph, case)?.pass(&[&case.input], false, None)?;
    pass.outputs[0].gap(&case.eval)
}

fn trained(graph: &'static Graph, case: &NetworkCase) -> Result<f64, String> {
    let pass = of_network(graph, case)?.pass(&[&case.input], true, None)?;
    let loss = pass.outputs[0].cross_entropy(&case.target);
    let loss = (loss - case.loss).abs() / case.loss;
    Ok(pass.outputs[0].gap(&case.train)?.max(loss))
}

/// A pass in training mode with its loss, whose gradients come by those of the output.
fn loss(model: &Model, case: &NetworkCase) -> Result<(Pass, f64), String> {
    let factors = |outputs: &[Array]| vec![outputs[0].cross_entropy_gradient(&case.target)];
    let pass = model.pass(&[&case.input], true, Some(&factors))?;
    let loss = pass.outputs[0].cross_entropy(&case.target);
    Ok((pass, loss))
}

fn first_step(graph: &'static Graph, case: &NetworkCase) -> Result<f64, String> {
    let model = of_network(graph, case)?;
    let (pass, _) = loss(&model, case)?;
    // What a batch normalisation behind a linear layer takes away again has the gradient
    // 0. In double precision PyTorch has 4e-17 there, in single precision some 5e-8 of
    // what the largest gradient is; burn twice that.
    let all = case
        .tensors
        .iter()
        .filter_map(|tensor| tensor.gradient.as_ref());
    let all = all.flat_map(Array::doubles);
    let least = 0.03 * all.fold(0.0, |most: f64, value| most.max(value.abs()));
    worst(case.tensors.iter().filter_map(|tensor| {
        let own = &pass.of_tensors[model.place(&tensor.name)?];
        Some(gap(own.as_ref(), tensor.gradient.as_ref()?, least))
    }))
}

/// Twenty steps: every loss, all tensors behind them, and what the network then gives.
fn training(graph: &'static Graph, case: &NetworkCase) -> Result<f64, String> {
    let mut model = of_network(graph, case)?;
    let mut losses = Vec::new();
    for _ in 0..case.losses.dims[0] {
        let (pass, loss) = loss(&model, case)?;
        losses.push(single(loss));
        model.step(&pass, case.learning_rate);
    }
    let losses = Array::floats(&case.losses.dims, losses).gap(&case.losses);
    let tensors = case.tensors.iter().map(|tensor| {
        let name = &tensor.name;
        let place = model.place(name).ok_or(format!("no tensor `{name}`"))?;
        model.tensors[place].gap(&tensor.after)
    });
    let after = model.pass(&[&case.input], false, None)?.outputs[0].gap(&case.after);
    worst(tensors.chain([losses, after]))
}
