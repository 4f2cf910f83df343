//! Gradients and training against what PyTorch computes: on an engine that keeps a
//! tape of the same operations, they are right if the lowering is.

use std::collections::HashMap;

use shapewise_core::Graph;
use shapewise_lower::{Customs, Mode, Plan, Run, Update};
use shapewise_numerics::{Array, LayerCase, NetworkCase, Numerics, Report};

mod arrays;
mod plain;
mod taped;

use arrays::{array, tensor, worst};
use plain::{Data, Tensor};
use taped::{Taped, Var};

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;
/// The least that the largest number of a gradient is taken for.
const LEAST: f64 = 1e-3;
/// The largest difference of what follows training steps.
const TRAINED: f64 = 1e-4;

/// A network with its tensors.
struct Model {
    plan: Plan<Taped>,
    tensors: Vec<Tensor>,
}

/// One pass, with its tape.
struct Pass {
    tape: Taped,
    tensors: Vec<Var>,
    inputs: Vec<Var>,
    run: Run<Var>,
}

impl Model {
    fn new(graph: &'static Graph, given: &HashMap<&str, &Array>) -> Result<Self, String> {
        let plan = Plan::of(graph, &Taped::default(), Customs::new());
        let plan = plan.map_err(|error| error.to_string())?;
        let weights = plan.weights().iter();
        let tensors = weights.map(|weight| match given.get(weight.name.as_str()) {
            Some(given) => Ok(tensor(given)),
            // Keras's layers count no batches.
            None if weight.name.ends_with("num_batches_tracked") => {
                Ok(Tensor::new(&[], Data::Int(vec![0])).expect("a single number"))
            }
            None => Err(format!("no numbers for `{}`", weight.name)),
        });
        Ok(Self {
            tensors: tensors.collect::<Result<_, _>>()?,
            plan,
        })
    }

    fn pass(&self, inputs: &[&Array], training: bool) -> Result<Pass, String> {
        let mode = match training {
            true => Mode::Training,
            false => Mode::Inference,
        };
        let mut tape = Taped::default();
        let tensors = self.tensors.iter();
        let tensors: Vec<_> = tensors.map(|tensor| tape.leaf(tensor.clone())).collect();
        let inputs: Vec<_> = inputs
            .iter()
            .map(|input| tape.leaf(tensor(input)))
            .collect();
        let mut weights = |_: &mut Taped, place: usize| Ok(tensors[place].clone());
        let run = self.plan.run(&mut tape, &mut weights, inputs.clone(), mode);
        Ok(Pass {
            run: run.map_err(|error| error.to_string())?,
            tape,
            tensors,
            inputs,
        })
    }

    /// Goes against the gradients, and keeps what the pass makes of the buffers.
    fn step(&mut self, pass: &Pass, gradients: &[Option<Tensor>], rate: f64) {
        for (place, leaf) in pass.tensors.iter().enumerate() {
            let trained = self.plan.weights()[place].is_parameter();
            if let (Some(gradient), true) = (&gradients[leaf.place], trained) {
                let own = array(&self.tensors[place]).doubles();
                let moved = own.iter().zip(array(gradient).doubles());
                let moved = moved.map(|(own, gradient)| single(own - rate * gradient));
                self.tensors[place].data = Data::Float(moved.collect());
            }
        }
        for (place, update) in &pass.run.updates {
            match (update, &mut self.tensors[*place].data) {
                (Update::Value(value), data) => *data = value.value.data.clone(),
                (Update::Increment, Data::Int(values)) => values[0] += 1,
                (Update::Increment, other) => panic!("a count is an integer: {other:?}"),
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
fn single(value: f64) -> f32 {
    value as f32
}

/// How far a gradient is from what it should be, of at least this size. One that
/// nothing reaches is of zeros.
fn gap(gradient: Option<&Tensor>, expected: &Array, least: f64) -> Result<f64, String> {
    match gradient {
        Some(gradient) => array(gradient).gap_of(expected, least),
        None => {
            let zeros = vec![0.0; expected.doubles().len()];
            Array::floats(&expected.dims, zeros).gap_of(expected, least)
        }
    }
}

#[test]
fn gradients_and_training_are_pytorchs() {
    let numerics = Numerics::load().expect("the numbers are there");
    let mut report = Report::new();
    for case in &numerics.layers {
        match &case.graph {
            Ok(graph) => report.compared(&case.kind, &case.id, layer(graph, case), TOLERANCE),
            Err(why) => report.left_out(&case.kind, &case.id, why),
        }
    }
    for case in &numerics.networks {
        let kinds = ["network: gradients", "network: training"];
        match &case.graph {
            Ok(graph) => {
                report.compared(kinds[0], &case.id, first_step(graph, case), TOLERANCE);
                report.compared(kinds[1], &case.id, training(graph, case), TRAINED);
            }
            Err(why) => kinds
                .iter()
                .for_each(|kind| report.left_out(kind, &case.id, why)),
        }
    }
    report.finish();
}

fn layer(graph: &'static Graph, case: &LayerCase) -> Result<f64, String> {
    let tensors = case.tensors.iter();
    let given = tensors.map(|tensor| (tensor.name.as_str(), &tensor.value));
    let model = Model::new(graph, &given.collect())?;
    let inputs: Vec<_> = case.inputs.iter().collect();
    let pass = model.pass(&inputs, case.training)?;
    let values = pass.run.values.iter().zip(&case.factors);
    let factors: Vec<_> = values
        .map(|(value, factor)| (value.place, tensor(factor)))
        .collect();
    let gradients = pass.tape.gradients(&factors);
    let of_inputs = pass.inputs.iter().zip(&case.input_gradients);
    let of_inputs = of_inputs.filter_map(|(leaf, expected)| {
        Some(gap(
            gradients[leaf.place].as_ref(),
            expected.as_ref()?,
            LEAST,
        ))
    });
    let of_tensors = case.tensors.iter().filter_map(|tensor| {
        let place = model
            .plan
            .weights()
            .iter()
            .position(|own| own.name == tensor.name);
        let leaf = &pass.tensors[place?];
        Some(gap(
            gradients[leaf.place].as_ref(),
            tensor.gradient.as_ref()?,
            LEAST,
        ))
    });
    worst(of_inputs.chain(of_tensors))
}

fn model(graph: &'static Graph, case: &NetworkCase) -> Result<Model, String> {
    let tensors = case.tensors.iter();
    let given = tensors.map(|tensor| (tensor.name.as_str(), &tensor.value));
    Model::new(graph, &given.collect())
}

/// A pass in training mode, its loss and the gradients of that.
fn loss(model: &Model, case: &NetworkCase) -> Result<(Pass, f64, Vec<Option<Tensor>>), String> {
    let pass = model.pass(&[&case.input], true)?;
    let logits = array(&pass.run.values[0].value);
    let loss = logits.cross_entropy(&case.target);
    let factor = tensor(&logits.cross_entropy_gradient(&case.target));
    let gradients = pass.tape.gradients(&[(pass.run.values[0].place, factor)]);
    Ok((pass, loss, gradients))
}

fn first_step(graph: &'static Graph, case: &NetworkCase) -> Result<f64, String> {
    let model = model(graph, case)?;
    let (pass, _, gradients) = loss(&model, case)?;
    let weights = model.plan.weights();
    // The bias of a convolution in front of a batch normalisation has the gradient 0:
    // what is there is rounding, in PyTorch too, and small beside the others.
    let all = case
        .tensors
        .iter()
        .filter_map(|tensor| tensor.gradient.as_ref());
    let all = all.flat_map(Array::doubles);
    let least = 0.01 * all.fold(0.0, |most: f64, value| most.max(value.abs()));
    worst(case.tensors.iter().filter_map(|tensor| {
        let expected = tensor.gradient.as_ref()?;
        let place = weights.iter().position(|own| own.name == tensor.name)?;
        Some(gap(
            gradients[pass.tensors[place].place].as_ref(),
            expected,
            least,
        ))
    }))
}

/// Twenty steps: every loss, all tensors behind them, and what the network then gives.
fn training(graph: &'static Graph, case: &NetworkCase) -> Result<f64, String> {
    let mut model = model(graph, case)?;
    let mut losses = Vec::new();
    for _ in 0..case.losses.dims[0] {
        let (pass, loss, gradients) = loss(&model, case)?;
        losses.push(single(loss));
        model.step(&pass, &gradients, case.learning_rate);
    }
    let losses = Array::floats(&case.losses.dims, losses).gap(&case.losses);
    let weights = model.plan.weights().iter().zip(&model.tensors);
    let own: HashMap<_, _> = weights
        .map(|(weight, tensor)| (&weight.name, tensor))
        .collect();
    let tensors = case
        .tensors
        .iter()
        .map(|tensor| match own.get(&tensor.name) {
            Some(own) => array(own).gap(&tensor.after),
            None => Err(format!("no tensor `{}`", tensor.name)),
        });
    let after = model.pass(&[&case.input], false)?;
    let after = array(&after.run.values[0].value).gap(&case.after);
    worst(tensors.chain([losses, after]))
}
