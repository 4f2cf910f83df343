//! Backwards from a shape that was meant: which argument of a layer on the way gives it.

use shapewise_core::{Extents, Layer, Shape, Value};

use super::call::habits::written;
use crate::check::layer::outcome;
use crate::graph::{Node, Resolved};

/// A change to the arguments of a layer.
type Change = Vec<(&'static str, Value)>;

/// How many layers are looked at, from the last one on.
const LAYERS: usize = 3;
/// How many changes are proposed.
const MOST: usize = 2;

/// What to write in a layer that leads to `value` so that it is `wanted`, the most usual
/// change first: `` `padding = 1` in `conv(16, 3x3)` (=> 32x32x16) ``. Each is tried with
/// the rules of all layers from there on.
pub(super) fn reaching(graph: &Resolved, value: usize, wanted: &Shape) -> Vec<String> {
    let found = proposals(graph, value, None, &|shape| shape == wanted);
    match found.is_empty() {
        true => between(graph, value, wanted).into_iter().collect(),
        false => found,
    }
}

/// The layers that make another rank of a value, the most usual first.
const RANKS: [(usize, usize, &[&str]); 4] = [
    (2, 1, &["last", "mean", "flatten"]),
    (3, 1, &["global_avg_pool", "flatten"]),
    (4, 1, &["global_avg_pool", "flatten"]),
    (3, 2, &["to_sequence"]),
];

/// A layer between the last ones with which a value of another rank has the shape that was
/// meant: `` `last,` before `linear(2)` (=> 2) ``.
fn between(graph: &Resolved, value: usize, wanted: &Shape) -> Option<String> {
    let rank = graph.values[value].shape.rank();
    let (_, _, layers) = RANKS
        .iter()
        .find(|(from, to, _)| (*from, *to) == (rank, wanted.rank()))?;
    let mut way = Vec::new();
    let mut at = value;
    while let Some(place) = graph.values[at].node
        && let [input] = graph.nodes[place].step.inputs.as_slice()
        && way.len() < LAYERS
    {
        way.push(place);
        at = *input;
        let node = &graph.nodes[place];
        for layer in *layers {
            let entry = shapewise_core::catalogue::find(layer)?;
            let mut shape = outcome(entry, &[], &[graph.values[at].shape], false);
            for place in way.iter().rev() {
                let after = &graph.nodes[*place].step;
                shape =
                    shape.and_then(|shape| outcome(after.entry, &after.arguments, &[shape], false));
            }
            if shape == Some(*wanted) {
                let call = written(node.step.entry, &node.step.arguments);
                return Some(format!("`{layer},` before `{call}` (=> {wanted})"));
            }
        }
    }
    let node = &graph.nodes[graph.values[value].node?];
    let fits = |layer: &&&str| {
        let entry = shapewise_core::catalogue::find(layer);
        entry.and_then(|entry| outcome(entry, &[], &[graph.values[value].shape], false))
            == Some(*wanted)
    };
    let layer = layers.iter().find(fits)?;
    let call = written(node.step.entry, &node.step.arguments);
    Some(format!("`, {layer}` after `{call}` (=> {wanted})"))
}

/// As [`reaching`], for the extents alone and in layers after `since`.
pub(super) fn reaching_extents(
    graph: &Resolved,
    value: usize,
    since: Option<usize>,
    wanted: &Shape,
) -> Vec<String> {
    let wanted = wanted.spatial();
    proposals(graph, value, since, &|shape| {
        shape.spatial().equals(&wanted)
    })
}

fn proposals(
    graph: &Resolved,
    value: usize,
    since: Option<usize>,
    meant: &dyn Fn(&Shape) -> bool,
) -> Vec<String> {
    let mut way: Vec<usize> = Vec::new();
    let mut found: Vec<(Layer, Change, String)> = Vec::new();
    let mut layers = 0;
    let mut at = value;
    while let Some(place) = graph.values[at].node
        && Some(at) != since
        && found.is_empty()
        && layers < LAYERS
    {
        let node = &graph.nodes[place];
        let (Some(&input), 1) = (node.step.inputs.first(), node.step.inputs.len()) else {
            break;
        };
        let input_shape = graph.values[input].shape;
        let changes = changes(node);
        layers += usize::from(!changes.is_empty());
        for change in changes {
            let Some((layer, output)) = changed(graph, node, &input_shape, &change, &way) else {
                continue;
            };
            // Written otherwise, it may be the same layer; and one number of an argument
            // is enough.
            let is_new = found
                .iter()
                .all(|(other, earlier, _)| *other != layer && !names(earlier).eq(names(&change)));
            if meant(&output) && is_new && found.len() < MOST {
                let said = said(node, &change, &output);
                found.push((layer, change, said));
            }
        }
        way.push(place);
        at = input;
    }
    found.into_iter().map(|(.., said)| said).collect()
}

fn names(change: &Change) -> impl Iterator<Item = &'static str> {
    change.iter().map(|(name, _)| *name)
}

/// A layer with other arguments, and what then comes out at the end of the way.
fn changed(
    graph: &Resolved,
    node: &Node,
    input: &Shape,
    change: &Change,
    way: &[usize],
) -> Option<(Layer, Shape)> {
    let mut given = node.step.arguments.clone();
    for (name, value) in change {
        let argument = node.step.entry.argument(name)?;
        argument.check(*value).ok()?;
        given.retain(|(given, _)| given != name);
        given.push((argument.name, *value));
    }
    let layer = Layer::build(node.step.entry, &given, &[*input]).ok()?;
    let mut shape = layer.output(&[*input], 0).ok()?;
    for place in way.iter().rev() {
        let after = &graph.nodes[*place];
        shape = outcome(after.step.entry, &after.step.arguments, &[shape], false)?;
    }
    Some((layer, shape))
}

/// The changes that are tried, the most usual first.
fn changes(node: &Node) -> Vec<Change> {
    let entry = node.step.entry;
    let takes = |name: &str| entry.argument(name).is_some();
    let int = |number: usize| Value::Int(number as u64);
    let mut changes: Vec<Change> = Vec::new();
    if takes("output_padding") {
        let more = [1, 2, 3].map(|more| vec![("output_padding", int(more))]);
        changes.extend(more);
    }
    if takes("padding") {
        changes.push(vec![("padding", Value::Keyword("half"))]);
        changes.extend((0..=4).map(|padding| vec![("padding", int(padding))]));
        if takes("output_padding") {
            for padding in 0..=2 {
                changes.push(vec![("padding", int(padding)), ("output_padding", int(1))]);
            }
        }
        changes.push(vec![("padding", Value::Keyword("same"))]);
    }
    if takes("ceil_mode") {
        changes.push(vec![("ceil_mode", Value::Bool(true))]);
    }
    if takes("stride") {
        changes.extend((1..=4).map(|stride| vec![("stride", int(stride))]));
        if takes("padding") {
            for stride in 1..=4 {
                let half = ("padding", Value::Keyword("half"));
                changes.push(vec![("stride", int(stride)), half]);
                changes.push(vec![("stride", int(stride)), ("padding", int(0))]);
            }
        }
    }
    let given = node.step.arguments.iter();
    for (name, value) in given {
        // A window of about the size that is written.
        if let ("kernel", Value::Extents(kernel)) = (*name, value) {
            let own = kernel.at(0);
            let near = [own + 1, own.saturating_sub(1), own + 2];
            let near = near.into_iter().filter(|size| *size > 1);
            let sizes = near.map(|size| Value::Extents(Extents::splat(size, kernel.len())));
            changes.extend(sizes.map(|size| vec![("kernel", size)]));
        }
    }
    if takes("scale") {
        changes.extend((2..=8).map(|scale| vec![("scale", int(scale))]));
    }
    changes
}

/// A change in words, with what comes of it.
fn said(node: &Node, change: &Change, output: &Shape) -> String {
    let entry = node.step.entry;
    let layer = written(entry, &node.step.arguments);
    // What has no name in the call is exchanged in its place.
    if let [(name, value)] = change.as_slice()
        && entry
            .argument(name)
            .is_some_and(|argument| argument.positional)
    {
        let mut given = node.step.arguments.clone();
        given.retain(|(other, _)| other != name);
        given.push((*name, *value));
        let instead = written(entry, &given);
        return format!("`{instead}` for `{layer}` (=> {output})");
    }
    let change = change.iter();
    let change: Vec<String> = change
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    format!("`{}` in `{layer}` (=> {output})", change.join(", "))
}
