//! Every layer and whole networks in burn against what PyTorch computes: outputs,
//! gradients, and training.
//!
//! With the feature `wgpu` and `SHAPEWISE_DEVICE=wgpu` by WebGPU, for which Mesa's software
//! Vulkan (Debian's `mesa-vulkan-drivers`) is enough; `vulkan` and `cuda` likewise.
//! `SHAPEWISE_KIND` chooses the layers of one kind, or `networks`.

use std::collections::HashMap;

use burn::tensor::Device;
use shapewise_burn::{Burn, Customs, Value};
use shapewise_core::Graph;
use shapewise_lower::{Mode, Operations, Plan, Update};
use shapewise_numerics::{Array, LayerCase, NetworkCase, Numbers, Numerics, Report};

mod device;

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;
/// The least that the largest number of a gradient is taken for.
const LEAST: f64 = 1e-3;
/// The largest difference of what follows training steps.
const TRAINED: f64 = 1e-4;

fn value(array: &Array, device: &Device) -> Value {
    // A single number has one axis in burn.
    let dims = match array.dims.as_slice() {
        [] => &[1],
        dims => dims,
    };
    match &array.numbers {
        Numbers::Float(values) => Value::floats(values.clone(), dims, device),
        Numbers::Int(values) => Value::ints(values.clone(), dims, device),
    }
    .expect("one to eight axes")
}

fn array(value: &Value) -> Array {
    let data = value.to_data();
    Array {
        dims: value.extents(),
        numbers: match value {
            Value::Float(_) => Numbers::Float(data.iter::<f32>().collect()),
            _ => Numbers::Int(data.iter::<i64>().collect()),
        },
    }
}

/// A network with its tensors.
struct Model {
    plan: Plan<Burn>,
    tensors: Vec<Array>,
    device: Device,
}

/// What one pass gave.
struct Pass {
    outputs: Vec<Array>,
    updates: Vec<(usize, Update<Value>)>,
    of_tensors: Vec<Option<Array>>,
    of_inputs: Vec<Option<Array>>,
}

type Factors<'a> = dyn Fn(&[Array]) -> Vec<Array> + 'a;

impl Model {
    fn new(graph: &'static Graph, given: &HashMap<&str, &Array>) -> Result<Self, String> {
        let device = device::device().autodiff();
        let plan = Plan::of(graph, &Burn::new(&device), Customs::new());
        let plan = plan.map_err(|error| error.to_string())?;
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
            device,
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
        let weights = self.plan.weights().iter().zip(&self.tensors);
        let tensors: Vec<Value> = weights
            .map(|(weight, tensor)| {
                let value = value(tensor, &self.device);
                match weight.is_parameter() {
                    true => value.require_grad(),
                    false => value,
                }
            })
            .collect();
        let inputs = inputs.iter().map(|input| value(input, &self.device));
        let inputs: Vec<Value> = inputs.map(Value::require_grad).collect();
        let mut engine = Burn::new(&self.device);
        let mut weights = |_: &mut Burn, place: usize| Ok(tensors[place].clone());
        let run = self
            .plan
            .run(&mut engine, &mut weights, inputs.clone(), mode);
        let run = run.map_err(|error| error.to_string())?;
        let outputs: Vec<Array> = run.values.iter().map(array).collect();
        let (mut of_tensors, mut of_inputs) = (vec![], vec![]);
        if let Some(factors) = factors {
            let mut all: Option<Value> = None;
            for (output, factor) in run.values.into_iter().zip(factors(&outputs)) {
                let factor = value(&factor, &self.device);
                let product = engine
                    .mul(output, factor)
                    .map_err(|error| error.to_string())?;
                let axes: Vec<usize> = (1..product.extents().len()).collect();
                let sum = match axes.is_empty() {
                    true => Ok(product),
                    false => engine.sum(product, &axes, false),
                };
                let sum = engine
                    .sum(sum.map_err(|error| error.to_string())?, &[0], true)
                    .map_err(|error| error.to_string())?;
                all = Some(match all {
                    None => sum,
                    Some(before) => engine.add(before, sum).map_err(|error| error.to_string())?,
                });
            }
            let all = all.ok_or("no output")?;
            let gradients = match &all {
                Value::Float(_) => all.backward().ok_or("no gradients")?,
                _ => return Err("an output of integers".to_owned()),
            };
            let of = |value: &Value| Some(array(&value.grad(&gradients)?));
            of_tensors = tensors.iter().map(of).collect();
            of_inputs = inputs.iter().map(of).collect();
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
                (Update::Value(value), numbers) => *numbers = array(value).numbers,
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
    // A single number has no axes in PyTorch, and one in burn.
    let mut expected = expected.clone();
    if expected.dims.is_empty() {
        expected.dims.push(1);
    }
    let expected = &expected;
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
    let (tolerance, trained_within) = (device::within(TOLERANCE), device::within(TRAINED));
    let chosen = std::env::var("SHAPEWISE_KIND").ok();
    let is_chosen = |kind: &str| chosen.as_ref().is_none_or(|chosen| chosen == kind);
    for case in numerics.layers.iter().filter(|case| is_chosen(&case.kind)) {
        match &case.graph {
            Ok(graph) => {
                report.compared(&case.kind, &case.id, output(graph, case), tolerance);
                let kind = format!("{} (gradients)", case.kind);
                report.compared(&kind, &case.id, gradients(graph, case), tolerance);
            }
            Err(why) => report.left_out(&case.kind, &case.id, why),
        }
    }
    let networks = numerics.networks.iter().filter(|_| is_chosen("networks"));
    for case in networks {
        const KINDS: [&str; 4] = [
            "network: output",
            "network: output in training, and loss",
            "network: gradients",
            "network: twenty steps",
        ];
        match &case.graph {
            Ok(graph) => {
                report.compared(KINDS[0], &case.id, evaluated(graph, case), tolerance);
                report.compared(KINDS[1], &case.id, trained(graph, case), tolerance);
                report.compared(KINDS[2], &case.id, first_step(graph, case), tolerance);
                report.compared(KINDS[3], &case.id, training(graph, case), trained_within);
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
    worst(of_inputs.chain(of_tensors))
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
