//! Every layer and whole networks in onnxruntime against what PyTorch computes.

use std::collections::HashMap;

use shapewise_numerics::{Array, LayerCase, NetworkCase, Numerics, Report};
use shapewise_onnx::Error;

#[path = "onnx/evaluate.rs"]
mod evaluate;
#[path = "onnx/interpreter.rs"]
mod interpreter;

use evaluate::{Models, Outputs};

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;

/// The largest gap of several.
fn worst(gaps: impl IntoIterator<Item = Result<f64, String>>) -> Result<f64, String> {
    gaps.into_iter()
        .try_fold(0.0, |worst: f64, gap| Ok(worst.max(gap?)))
}

/// What a case is compared by, once its model has run.
type Compare<'a> = Box<dyn Fn(&Outputs) -> Result<f64, String> + 'a>;

/// A case whose model runs: its kind, its id, the place of its results.
type Pending<'a> = (String, String, usize, Compare<'a>);

#[test]
fn layers_and_networks_compute_what_pytorch_does() {
    let numerics = Numerics::load().expect("the numbers are there");
    let mut report = Report::new();
    let mut models = Models::new("numerics");
    let mut pending = Vec::new();
    for case in &numerics.layers {
        layer(case, &mut models, &mut pending, &mut report);
    }
    for case in &numerics.networks {
        network(case, &mut models, &mut pending, &mut report);
    }
    let results = models.run();
    for (kind, id, place, compare) in pending {
        let gap = match &results[place] {
            Ok(outputs) => compare(outputs),
            Err(why) => Err(why.clone()),
        };
        report.compared(&kind, &id, gap, TOLERANCE);
    }
    report.finish();
}

fn layer<'a>(
    case: &'a LayerCase,
    models: &mut Models,
    pending: &mut Vec<Pending<'a>>,
    report: &mut Report,
) {
    let graph = match &case.graph {
        Ok(graph) => *graph,
        Err(why) => return report.left_out(&case.kind, &case.id, why),
    };
    let tensors = case.tensors.iter();
    let given: HashMap<_, _> = tensors
        .map(|tensor| (tensor.name.as_str(), &tensor.value))
        .collect();
    let inputs: Vec<_> = case.inputs.iter().collect();
    let place = match models.add(graph, &inputs, &given, case.training) {
        Ok(place) => place,
        Err(why @ Error::Unsupported { .. }) => {
            return report.left_out(&case.kind, &case.id, &why.to_string());
        }
        Err(why) => {
            return report.compared(&case.kind, &case.id, Err(why.to_string()), TOLERANCE);
        }
    };
    let compare = move |outputs: &Outputs| {
        let results = graph.outputs().iter().zip(&case.outputs);
        let results = results.map(|((name, _), expected)| gap(outputs, name, expected));
        let buffers = case.after.iter().map(|(name, expected)| {
            let updated = format!("{name}.updated");
            match (outputs.contains_key(&updated), given.get(name.as_str())) {
                (true, _) => gap(outputs, &updated, expected),
                (false, Some(kept)) => kept.gap(expected),
                (false, None) => Err(format!("no buffer `{name}`")),
            }
        });
        worst(results.chain(buffers))
    };
    pending.push((case.kind.clone(), case.id.clone(), place, Box::new(compare)));
}

fn gap(outputs: &Outputs, name: &str, expected: &Array) -> Result<f64, String> {
    let output = outputs.get(name);
    output.ok_or(format!("no output `{name}`"))?.gap(expected)
}

fn network<'a>(
    case: &'a NetworkCase,
    models: &mut Models,
    pending: &mut Vec<Pending<'a>>,
    report: &mut Report,
) {
    let tensors = case.tensors.iter();
    let given: HashMap<_, _> = tensors
        .map(|tensor| (tensor.name.as_str(), &tensor.value))
        .collect();
    let ways = [
        ("network: output", false, &case.eval),
        ("network: output in training", true, &case.train),
    ];
    for (kind, training, expected) in ways {
        let graph = match &case.graph {
            Ok(graph) => *graph,
            Err(why) => {
                report.left_out(kind, &case.id, why);
                continue;
            }
        };
        match models.add(graph, &[&case.input], &given, training) {
            Ok(place) => {
                let name = graph.outputs()[0].0;
                let compare = move |outputs: &Outputs| gap(outputs, name, expected);
                pending.push((kind.to_owned(), case.id.clone(), place, Box::new(compare)));
            }
            Err(why) => report.compared(kind, &case.id, Err(why.to_string()), TOLERANCE),
        }
    }
}
