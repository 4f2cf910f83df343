//! A network as JSON for the checks in Python: what the definition says, not what
//! the export makes of it.

use serde_json::{Map, Value as Json, json};
use shapewise::catalogue::{Args, Name};
use shapewise::graph::{Graph, Leaf, Node};
use shapewise::layer::{Role, Tensor};
use shapewise::{Sides, Value};

/// The layers of networks stand in their place.
pub(crate) fn of(graph: &'static Graph) -> Json {
    let inputs = graph.inputs().iter().map(|name| json!({ "name": name }));
    let inside = graph.walk().flat_map(|leaf| {
        let results = leaf.node.output..leaf.node.output + leaf.node.results;
        results.map(move |value| leaf.graph.values()[value])
    });
    let values = graph.values()[..graph.inputs().len()]
        .iter()
        .copied()
        .chain(inside);
    let outputs = graph.outputs().iter();
    json!({
        "name": graph.name(),
        "inputs": inputs.collect::<Vec<_>>(),
        "values": values.map(|shape| shape.as_slice().to_vec()).collect::<Vec<_>>(),
        "nodes": graph.walk().map(|leaf| node(graph, &leaf)).collect::<Vec<_>>(),
        "outputs": outputs
            .map(|(name, value)| json!([name, graph.value_inside(*value)]))
            .collect::<Vec<_>>(),
    })
}

fn node(graph: &Graph, leaf: &Leaf) -> Json {
    let node = leaf.node;
    let path = leaf.path().to_string();
    let before = path
        .strip_suffix(node.path)
        .expect("its own path at the end");
    let before = owner_of(graph, before);
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
                "name": format!("{before}{}", stored(leaf.graph, node, index, &tensor)),
                "shape": tensor.extents.as_slice(),
            })
        })
        .collect();
    json!({
        "layer": node.entry().name,
        "path": path,
        "args": arguments,
        "inputs": leaf.inputs().collect::<Vec<_>>(),
        "output": leaf.output(),
        "results": node.results,
        "names": node.entry().results,
        "tensors": tensors,
    })
}

/// What paths in a network begin with, or those in the network that it shares
/// everything with.
fn owner_of(graph: &Graph, before: &str) -> String {
    let shared = graph.nodes().iter().find_map(|node| {
        let rest = before.strip_prefix(node.path)?;
        Some((node.shared?, rest.strip_prefix('.')?))
    });
    match shared {
        Some((owner, rest)) => {
            let path = graph.nodes()[owner].path;
            owner_of(graph, &format!("{path}.{rest}"))
        }
        None => before.to_owned(),
    }
}

/// The name of a tensor where it is stored.
fn stored(graph: &Graph, node: &Node, index: usize, tensor: &Tensor) -> String {
    match node.shared {
        Some(owner) if tensor.role == Role::Weight => {
            let owner = &graph.nodes()[owner];
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
        Value::Equation(equation) => json!(equation.as_str()),
        Value::Range(start, end) => json!([start, end]),
        Value::Input(place) => json!(place),
    }
}

fn pairs(sides: &Sides) -> Json {
    let pairs = (0..sides.len()).map(|axis| [sides.before().at(axis), sides.after().at(axis)]);
    json!(pairs.collect::<Vec<_>>())
}
