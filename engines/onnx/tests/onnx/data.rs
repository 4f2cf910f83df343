//! A network as JSON for the checks in Python: what the definition says, not what
//! the export makes of it.

use serde_json::{Map, Value as Json, json};
use shapewise::catalogue::{Args, Name};
use shapewise::graph::{Graph, Node};
use shapewise::layer::{Role, Tensor};
use shapewise::{Sides, Value};

pub(crate) fn of(graph: &Graph) -> Json {
    let inputs = graph.inputs.iter().map(|name| json!({ "name": name }));
    json!({
        "name": graph.name,
        "inputs": inputs.collect::<Vec<_>>(),
        "values": graph.values.iter().map(|shape| shape.as_slice()).collect::<Vec<_>>(),
        "nodes": graph.nodes.iter().map(|one| node(graph, one)).collect::<Vec<_>>(),
        "outputs": graph.outputs,
    })
}

fn node(graph: &Graph, node: &Node) -> Json {
    let given: Vec<_> = node.arguments.iter().collect();
    let args = Args::new(node.entry(), &given);
    let arguments = node.entry().arguments.iter();
    let arguments: Map<_, _> = arguments
        .map(|argument| {
            (
                argument.name.to_owned(),
                value(args.get(Name::new(argument.name))),
            )
        })
        .collect();
    let tensors: Vec<_> = node
        .tensors()
        .enumerate()
        .map(|(index, tensor)| {
            json!({
                "local": tensor.name.to_string(),
                "name": stored(graph, node, index, &tensor),
                "shape": tensor.extents.as_slice(),
            })
        })
        .collect();
    json!({
        "layer": node.entry().name,
        "path": node.path,
        "args": arguments,
        "inputs": node.inputs,
        "output": node.output,
        "results": node.results,
        "names": node.entry().results,
        "tensors": tensors,
    })
}

/// The name of a tensor where it is stored.
fn stored(graph: &Graph, node: &Node, index: usize, tensor: &Tensor) -> String {
    match node.shared {
        Some(owner) if tensor.role == Role::Weight => {
            let owner = &graph.nodes[owner];
            let tensor = owner.layer.tensor(index).expect("the same tensors");
            stored(graph, owner, index, &tensor)
        }
        _ => node.tensor_name(tensor).to_string(),
    }
}

fn value(value: Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Int(value) => json!(value),
        // JSON has no infinity.
        Value::Float(value) if value.is_infinite() => json!("inf"),
        Value::Float(value) => json!(value),
        Value::Bool(value) => json!(value),
        Value::Extents(extents) => json!(extents.as_slice()),
        Value::Sides(sides) => pairs(&sides),
        Value::Keyword(word) => json!(word),
        Value::Range(start, end) => json!([start, end]),
        Value::Input(place) => json!(place),
    }
}

fn pairs(sides: &Sides) -> Json {
    let pairs = (0..sides.len()).map(|axis| [sides.before().at(axis), sides.after().at(axis)]);
    json!(pairs.collect::<Vec<_>>())
}
