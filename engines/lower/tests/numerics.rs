//! Every layer and whole networks against what PyTorch computes.

use std::collections::HashMap;

use shapewise_core::Graph;
use shapewise_lower::{Customs, Initial, Mode, Plan, Run, Update};
use shapewise_numerics::{Array, LayerCase, NetworkCase, Numbers, Numerics, Report};

mod arrays;
mod plain;

use arrays::{array, tensor, worst};
use plain::{Data, Plain, Tensor};

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;

/// A network with its tensors.
struct Model {
    plan: Plan<Plain>,
    tensors: Vec<Tensor>,
}

impl Model {
    fn new(graph: &'static Graph, given: &HashMap<&str, &Array>) -> Result<Self, String> {
        let engine = Plain::default();
        let plan = Plan::of(graph, &engine, Customs::new()).map_err(|e| e.to_string())?;
        let mut tensors = Vec::new();
        let mut left: Vec<_> = given.keys().collect();
        for (place, weight) in plan.weights().iter().enumerate() {
            left.retain(|name| **name != weight.name);
            tensors.push(match given.get(weight.name.as_str()) {
                Some(given) => tensor(given),
                // Keras's layers count no batches.
                None if weight.name.ends_with("num_batches_tracked") => initial(&weight.initial(0)),
                None => return Err(format!("no numbers for `{}`", weight.name)),
            });
            plan.check_weight(&engine, place, &tensors[place])
                .map_err(|error| error.to_string())?;
        }
        match left.first() {
            Some(name) => Err(format!("the network has no `{name}`")),
            None => Ok(Self { plan, tensors }),
        }
    }

    fn run(&self, inputs: &[&Array], training: bool) -> Result<Run<Tensor>, String> {
        let mode = match training {
            true => Mode::Training,
            false => Mode::Inference,
        };
        let inputs = inputs.iter().map(|input| tensor(input)).collect();
        let mut weights = |_: &mut Plain, place: usize| Ok(self.tensors[place].clone());
        let mut engine = Plain {
            gradients: true,
            ..Plain::default()
        };
        let run = self.plan.run(&mut engine, &mut weights, inputs, mode);
        run.map_err(|error| error.to_string())
    }

    /// The buffers after a run, by their names.
    fn after(&self, run: &Run<Tensor>) -> HashMap<String, Array> {
        let weights = self.plan.weights().iter().map(|weight| weight.name.clone());
        let mut after: HashMap<_, _> = weights.zip(self.tensors.iter().map(array)).collect();
        for (place, update) in &run.updates {
            let value = match update {
                Update::Value(value) => array(value),
                Update::Increment => {
                    let mut value = array(&self.tensors[*place]);
                    if let Numbers::Int(values) = &mut value.numbers {
                        values[0] += 1;
                    }
                    value
                }
            };
            after.insert(self.plan.weights()[*place].name.clone(), value);
        }
        after
    }
}

fn initial(initial: &Initial) -> Tensor {
    match initial {
        Initial::Ints(values) => Tensor::new(&[], Data::Int(values.clone())),
        Initial::Floats(values) => Tensor::new(&[], Data::Float(values.clone())),
    }
    .expect("a single number")
}

#[test]
fn layers_and_networks_compute_what_pytorch_does() {
    let numerics = Numerics::load().expect("the numbers are there");
    let mut report = Report::new();
    for case in &numerics.layers {
        layer(case, &mut report);
    }
    for case in &numerics.networks {
        network(case, &mut report);
    }
    report.finish();
}

fn layer(case: &LayerCase, report: &mut Report) {
    let graph = match &case.graph {
        Ok(graph) => graph,
        Err(why) => return report.left_out(&case.kind, &case.id, why),
    };
    let compare = || {
        let tensors = case.tensors.iter();
        let given = tensors.map(|tensor| (tensor.name.as_str(), &tensor.value));
        let model = Model::new(graph, &given.collect())?;
        let run = model.run(&case.inputs.iter().collect::<Vec<_>>(), case.training)?;
        let outputs = run.values.iter().zip(&case.outputs);
        let outputs = outputs.map(|(value, expected)| array(value).gap(expected));
        let after = model.after(&run);
        let buffers = case
            .after
            .iter()
            .map(|(name, expected)| match after.get(name) {
                Some(value) => value.gap(expected),
                None => Err(format!("no buffer `{name}`")),
            });
        if run.values.len() != case.outputs.len() {
            return Err(format!("{} results", run.values.len()));
        }
        worst(outputs.chain(buffers))
    };
    report.compared(&case.kind, &case.id, compare(), TOLERANCE);
}

fn network(case: &NetworkCase, report: &mut Report) {
    const KINDS: [&str; 3] = [
        "network: output",
        "network: output in training",
        "network: loss",
    ];
    let graph = match &case.graph {
        Ok(graph) => graph,
        Err(why) => {
            return KINDS
                .iter()
                .for_each(|kind| report.left_out(kind, &case.id, why));
        }
    };
    let output = |training| {
        let tensors = case.tensors.iter();
        let given = tensors.map(|tensor| (tensor.name.as_str(), &tensor.value));
        let run = Model::new(graph, &given.collect())?.run(&[&case.input], training)?;
        Ok(array(&run.values[0]))
    };
    let gap = |training, expected: &Array| output(training)?.gap(expected);
    let loss = output(true)
        .map(|output: Array| (output.cross_entropy(&case.target) - case.loss).abs() / case.loss);
    let gaps = [gap(false, &case.eval), gap(true, &case.train), loss];
    for (kind, gap) in KINDS.into_iter().zip(gaps) {
        report.compared(kind, &case.id, gap, TOLERANCE);
    }
}
