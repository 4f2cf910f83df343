//! Where two ways through a network that meet again became different.

use shapewise_core::{Extents, Shape, Sides, Value, catalogue};

use super::call::habits::written;
use super::reaching::reaching_extents;
use crate::check::layer::outcome;
use crate::graph::{Node, Resolved, Step};
use crate::report::Error;

/// Adds to an error about values that do not agree since which layers they
/// do not, and what would make them agree. `flow` is the operand that flows in where the
/// merge stands, which `whole` is as it is written.
pub(super) fn diverged(
    graph: &Resolved,
    error: Error,
    step: &Step,
    flow: Option<usize>,
    whole: &str,
) -> Error {
    match differing(graph, &step.inputs) {
        Some((a, b)) => {
            let mut helps = agreeing(graph, a, b);
            // Beside another help, of what a pool dropped only.
            let most = if helps.is_empty() { 64 } else { 2 };
            let other = |flow| if flow == a { b } else { a };
            let near = flow.and_then(|flow| fitted(graph, step, (flow, other(flow)), most));
            if let Some((layer, output)) = near {
                let near = format!("`{layer},` before `{whole}` (=> {output})");
                helps = match helps.as_str() {
                    "" => near,
                    _ => format!("{helps} or {near}"),
                };
            }
            let both = both(graph, step, a, b);
            if !both.is_empty() {
                helps = both;
            }
            since(graph, error, a, b).help(helps).apart()
        }
        None => error.help(channels(graph, &step.inputs)),
    }
}

/// The layer that brings the operand that flows in to the extents of another one of about
/// its size, which `most` rows make up, and what the merge then gives: rows that a pool
/// dropped, or a kernel took.
fn fitted(
    graph: &Resolved,
    step: &Step,
    (flow, other): (usize, usize),
    most: usize,
) -> Option<(String, Shape)> {
    let (own, wanted) = (graph.values[flow].shape, graph.values[other].shape);
    if own.rank() != wanted.rank() {
        return None;
    }
    let pairs =
        || (0..own.spatial_rank()).map(|axis| (own.spatial().at(axis), wanted.spatial().at(axis)));
    if !pairs().all(|(own, wanted)| own.abs_diff(wanted) <= most) {
        return None;
    }
    let (name, given) = if pairs().all(|(own, wanted)| own <= wanted) {
        let more: Vec<usize> = pairs().map(|(own, wanted)| wanted - own).collect();
        let before: Vec<usize> = more.iter().map(|more| more / 2).collect();
        let after: Vec<usize> = more.iter().map(|more| more - more / 2).collect();
        let sides = Sides::new(Extents::try_new(&before)?, Extents::try_new(&after)?);
        ("pad", ("padding", Value::Sides(sides)))
    } else if pairs().all(|(own, wanted)| own >= wanted) {
        ("crop", ("size", Value::Extents(wanted.spatial())))
    } else {
        return None;
    };
    let entry = catalogue::find(name)?;
    let fitted = outcome(entry, &[given], &[own], false)?;
    let shape = |value: &usize| {
        if *value == flow {
            fitted
        } else {
            graph.values[*value].shape
        }
    };
    let inputs: Vec<Shape> = step.inputs.iter().map(shape).collect();
    let output = outcome(step.entry, &step.arguments, &inputs, false)?;
    Some((written(entry, &[given]), output))
}

/// Whether a merge takes values of other channels.
fn joins(step: &Step, one: &Shape, other: &Shape) -> bool {
    let mut extents = one.as_slice().to_vec();
    if let Some(last) = extents.last_mut() {
        *last = other.channels();
    }
    let same = Shape::try_new(&extents);
    same.is_some_and(|same| outcome(step.entry, &step.arguments, &[*one, same], false).is_some())
}

/// A layer with its arguments.
type Written = (&'static str, Vec<(&'static str, Value)>);

/// What each of two values would need to be as the other, where both extents and channels
/// differ: `upsample(4), conv(3, 1x1)` and `conv(24, 4x4, stride = 4)`.
fn both(graph: &Resolved, step: &Step, a: usize, b: usize) -> String {
    let (one, other) = (graph.values[a].shape, graph.values[b].shape);
    // Of values that are joined the channels may differ.
    if one.channels() == other.channels() || joins(step, &one, &other) {
        return String::new();
    }
    let (large, small) = if one.spatial().at(0) > other.spatial().at(0) {
        (one, other)
    } else {
        (other, one)
    };
    let channels = |shape: Shape| Value::Int(shape.channels() as u64);
    let factor = large.spatial().at(0) / small.spatial().at(0).max(1);
    let window = Extents::splat(factor, large.spatial_rank());
    let ones = Extents::splat(1, large.spatial_rank());
    let ways: [(Shape, Shape, Vec<Written>); 2] = [
        (
            small,
            large,
            vec![
                ("upsample", vec![("scale", Value::Int(factor as u64))]),
                (
                    "conv",
                    vec![
                        ("channels", channels(large)),
                        ("kernel", Value::Extents(ones)),
                    ],
                ),
            ],
        ),
        (
            large,
            small,
            vec![(
                "conv",
                vec![
                    ("channels", channels(small)),
                    ("kernel", Value::Extents(window)),
                    ("stride", Value::Int(factor as u64)),
                ],
            )],
        ),
    ];
    let mut helps = Vec::new();
    for (from, to, layers) in ways {
        let mut shape = Some(from);
        let mut texts = Vec::new();
        for (name, given) in &layers {
            let Some(entry) = catalogue::find(name) else {
                continue;
            };
            shape = shape.and_then(|shape| outcome(entry, given, &[shape], false));
            texts.push(written(entry, given));
        }
        let fits = shape.is_some_and(|shape| {
            outcome(step.entry, &step.arguments, &[shape, to], false).is_some()
        });
        if fits {
            helps.push(format!("`{}` makes {to} of {from}", texts.join(", ")));
        }
    }
    helps.join(", ")
}

/// The first value and the next one with other extents.
fn differing(graph: &Resolved, inputs: &[usize]) -> Option<(usize, usize)> {
    let (first, rest) = inputs.split_first()?;
    let shape = |value: usize| graph.values[value].shape;
    let differs = |value: &&usize| !shape(**value).spatial().equals(&shape(*first).spatial());
    let second = rest.iter().find(differs)?;
    (shape(*first).rank() == shape(*second).rank()).then_some((*first, *second))
}

/// Adds the layers in which the extents of two values changed since they
/// were one.
pub(super) fn since(graph: &Resolved, mut error: Error, a: usize, b: usize) -> Error {
    let ancestor = common(graph, a, b);
    for value in [a, b] {
        let mut resizing = way(graph, value, ancestor);
        resizing.retain(|node| resizes(graph, *node));
        error = error.fact("since", changes(graph, &resizing));
    }
    error
}

/// What to change in a layer so that two values have the same extents.
pub(super) fn agreeing(graph: &Resolved, a: usize, b: usize) -> String {
    let ancestor = common(graph, a, b);
    let mut helps = Vec::new();
    let mut padded = Vec::new();
    let mut ends = Vec::new();
    for (value, other) in [(a, b), (b, a)] {
        let way = way(graph, value, ancestor);
        helps.extend(resized(graph, &way, &graph.values[other].shape));
        ends.push(all_padded(graph, &way));
        padded.extend(way.into_iter().filter_map(|node| keeps_padded(graph, node)));
    }
    let agree = match ends.as_slice() {
        [Some(a), Some(b)] => a.spatial().equals(&b.spatial()),
        // Not known of ways through merges.
        _ => true,
    };
    if helps.is_empty() && !padded.is_empty() && agree {
        padded.dedup();
        return format!(
            "`padding = half` keeps the extents in {}",
            padded.join(" and ")
        );
    }
    if helps.is_empty() {
        for (value, other) in [(a, b), (b, a)] {
            let wanted = &graph.values[other].shape;
            let changes = reaching_extents(graph, value, ancestor, wanted);
            helps.extend(changes.into_iter().take(1));
        }
    }
    helps.join(" or ")
}

/// What comes out at the end of a way if every layer keeps the extents that can.
fn all_padded(graph: &Resolved, way: &[usize]) -> Option<Shape> {
    let first = graph.nodes.get(*way.first()?)?;
    let mut shape = entering(graph, first)?;
    for place in way {
        let node = &graph.nodes[*place];
        if node.step.inputs.len() != 1 {
            return None;
        }
        let mut given = node.step.arguments.clone();
        if keeps_padded(graph, *place).is_some() {
            given.retain(|(name, _)| *name != "padding");
            given.push(("padding", Value::Keyword("half")));
        }
        shape = outcome(node.step.entry, &given, &[shape], false)?;
    }
    Some(shape)
}

/// A layer that would keep the extents with padding, as it is written.
fn keeps_padded(graph: &Resolved, node: usize) -> Option<String> {
    let layer = &graph.nodes[node];
    if !resizes(graph, node) {
        return None;
    }
    let input = entering(graph, layer)?;
    let output = with(graph, layer, &[("padding", Value::Keyword("half"))])?;
    let kept = output.spatial().equals(&input.spatial());
    kept.then(|| format!("`{}`", written(layer.step.entry, &layer.step.arguments)))
}

/// The help for values that differ in their channels only.
fn channels(graph: &Resolved, inputs: &[usize]) -> String {
    let shapes: Vec<Shape> = inputs.iter().map(|i| graph.values[*i].shape).collect();
    let channels: Vec<usize> = shapes.iter().map(Shape::channels).collect();
    let same_rank = shapes
        .windows(2)
        .all(|pair| pair[0].rank() == pair[1].rank());
    if !same_rank || channels.windows(2).all(|pair| pair[0] == pair[1]) {
        return String::new();
    }
    let what = shapes[0].last_axis_name();
    format!("give both the same {what}; `concat` joins different ones")
}

/// What comes out of a layer with other arguments, where it fits.
fn with(graph: &Resolved, node: &Node, arguments: &[(&'static str, Value)]) -> Option<Shape> {
    let mut given = node.step.arguments.clone();
    for (name, value) in arguments {
        let argument = node.step.entry.argument(name)?;
        argument.check(*value).ok()?;
        given.retain(|(given, _)| given != name);
        given.push((argument.name, *value));
    }
    outcome(node.step.entry, &given, &[entering(graph, node)?], false)
}

/// The last value that both come from.
fn common(graph: &Resolved, a: usize, b: usize) -> Option<usize> {
    let of_a: Vec<usize> = upwards(graph, a).collect();
    upwards(graph, b).find(|value| of_a.contains(value))
}

/// A value, what it was made of, and so on.
fn upwards(graph: &Resolved, value: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(value), |value| {
        let node = graph.values[*value].node?;
        graph.nodes[node].step.inputs.first().copied()
    })
}

/// The layers from `ancestor` to `value`, in their order.
fn way(graph: &Resolved, value: usize, ancestor: Option<usize>) -> Vec<usize> {
    let mut way: Vec<usize> = upwards(graph, value)
        .take_while(|value| Some(*value) != ancestor)
        .filter_map(|value| graph.values[value].node)
        .collect();
    way.reverse();
    way
}

fn entering(graph: &Resolved, node: &Node) -> Option<Shape> {
    let input = node.step.inputs.first()?;
    Some(graph.values[*input].shape)
}

fn resizes(graph: &Resolved, node: usize) -> bool {
    let node = &graph.nodes[node];
    let output = graph.values[node.step.output].shape;
    entering(graph, node).is_some_and(|input| !input.spatial().equals(&output.spatial()))
}

/// `28x28x16 -> 24x24x32 in `conv(32, 5x5)``, for the first few.
fn changes(graph: &Resolved, nodes: &[usize]) -> String {
    const MOST: usize = 3;
    let mut parts: Vec<String> = Vec::new();
    for node in nodes.iter().take(MOST) {
        let node = &graph.nodes[*node];
        let output = graph.values[node.step.output].shape;
        if let Some(input) = entering(graph, node) {
            let layer = written(node.step.entry, &node.step.arguments);
            parts.push(format!(
                "`{layer}`: {} -> {}",
                input.spatial(),
                output.spatial()
            ));
        }
    }
    if nodes.len() > MOST {
        parts.push(format!("and {} more", nodes.len() - MOST));
    }
    parts.join(", ")
}

/// The change to the last layer that decides over extents which gives those
/// of `wanted`.
fn resized(graph: &Resolved, way: &[usize], wanted: &Shape) -> Option<String> {
    let strided = |node: &&usize| {
        let node = &graph.nodes[**node];
        node.step.entry.argument("stride").is_some()
    };
    let last = way
        .iter()
        .rev()
        .find(|node| resizes(graph, **node))
        .or_else(|| way.iter().rev().find(strided))?;
    let node = &graph.nodes[*last];
    let tries: [&[(&str, Value)]; 3] = [
        &[("padding", Value::Keyword("half"))],
        &[("stride", Value::Int(2))],
        &[("stride", Value::Int(2)), ("padding", Value::Int(0))],
    ];
    tries.into_iter().find_map(|arguments| {
        let output = with(graph, node, arguments)?;
        if !output.spatial().equals(&wanted.spatial()) {
            return None;
        }
        let arguments: Vec<String> = arguments
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let layer = written(node.step.entry, &node.step.arguments);
        Some(format!(
            "`{}` in `{layer}` (=> {output})",
            arguments.join(", ")
        ))
    })
}
