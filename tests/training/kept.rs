//! What a whole network keeps, and what PyTorch saved.

use serde_json::Value as Json;
use shapewise::Graph;
use shapewise::analysis::{Flow, Link, Stored, store};
use shapewise::layer::Backward;

/// The samples of the batch, and the bytes that PyTorch saved for it.
pub(crate) fn measured(json: &Json) -> (u64, u64) {
    let samples = json["input"][0].as_u64().expect("the samples of the batch");
    let saved = json["saved_bytes"]
        .as_u64()
        .expect("the bytes that were saved");
    (samples, saved)
}

/// The bytes that the layers of the last output's way keep: PyTorch was measured without
/// auxiliary outputs.
pub(crate) fn kept(graph: &'static Graph, samples: u64) -> u64 {
    let output = graph.outputs().last().expect("an output").1;
    let mut needed = vec![false; graph.values().len()];
    needed[output] = true;
    let mut links = Vec::new();
    for node in graph.nodes().iter().rev() {
        let results = node.output..node.output + node.results;
        if results.clone().any(|value| needed[value]) {
            for input in node.inputs {
                needed[*input] = true;
            }
            links.push(Link {
                layer: &node.layer,
                inputs: node.inputs,
                output: node.output,
                results: node.results,
                counts: node.counts,
            });
        }
    }
    links.reverse();
    let outputs = [output];
    let flow = Flow::new(graph.inputs().len(), graph.values(), &links, &outputs);
    let pass = Backward {
        samples,
        ..Backward::eager(graph.dtype().bytes())
    };
    let mut places = vec![Stored::NONE; flow.values()];
    store(&flow, &pass, false, &mut places).bytes(&pass)
}
