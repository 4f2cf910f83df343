//! Layers that follow each other, and should not so.

use shapewise_compiler::graph::Node;
use shapewise_core::Value;

use super::facts::{Facts, argument, is_product, name, per_axis};
use super::finding::Finding;

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    for node in facts.nodes() {
        let next = facts.next(node);
        found.extend(next.and_then(|next| bias_before_norm(node, next)));
        found.extend(next.and_then(|next| dropout_before_norm(node, next)));
        let next = facts.next_that_does(node);
        found.extend(next.and_then(|next| nothing_between(facts, node, next)));
        found.extend(softmax_inside(facts, node));
        found.extend(residual_after_relu(facts, node));
    }
}

fn bias_before_norm(node: &Node, next: &Node) -> Option<Finding> {
    let weighted = matches!(
        name(node),
        "conv" | "depthwise_conv" | "separable_conv" | "conv_transpose" | "linear"
    );
    let norm = match name(next) {
        "batch_norm" => "batch norm",
        "instance_norm" => "instance norm",
        _ => return None,
    };
    let biases = node.counts.biases;
    (weighted && biases > 0).then(|| Finding {
        lint: "bias_before_norm",
        place: node.step.place,
        headline: format!("the {{}} biases of {} do nothing", node.step.called),
        amount: biases,
        why: format!(
            "the {norm} after it takes the mean of each channel away, whatever was added to it"
        ),
        change: "`bias = false`".to_owned(),
    })
}

fn dropout_before_norm(node: &Node, next: &Node) -> Option<Finding> {
    if name(node) != "dropout" || name(next) != "batch_norm" {
        return None;
    }
    let p = match argument(node, "p") {
        Some(Value::Float(p)) => p,
        Some(Value::Int(_)) => return None,
        _ => 0.5,
    };
    (p > 0.0 && p < 1.0).then(|| Finding {
        lint: "dropout_before_norm",
        place: node.step.place,
        headline: format!(
            "the batch norm after {} learns a variance that inference does not have",
            node.step.called
        ),
        amount: 0,
        why: format!(
            "in training, dropout of {p} makes squares {:.2} times as large as at inference",
            1.0 / (1.0 - p)
        ),
        change: "move the dropout behind the last batch norm".to_owned(),
    })
}

fn nothing_between(facts: &Facts<'_>, node: &Node, next: &Node) -> Option<Finding> {
    if !is_product(node) || !is_product(next) || name(node) != name(next) {
        return None;
    }
    let channels = |shape: shapewise_core::Shape| shape.as_slice().last().copied();
    let width = channels(facts.output(node)?)?;
    let input = channels(facts.input(node, 0)?)?;
    let output = channels(facts.output(next)?)?;
    // A narrow middle is a factorisation: fewer parameters than one layer has.
    if width < input.min(output) {
        return None;
    }
    if name(node) == "conv" && are_crosswise(node, next) {
        return None;
    }
    let params = node.counts.params().checked_add(next.counts.params())?;
    Some(Finding {
        lint: "nothing_between",
        place: node.step.place.to(next.step.place),
        headline: format!(
            "{} and {} are one linear map, with {{}} parameters",
            node.step.called, next.step.called
        ),
        amount: params,
        why: "there is no activation between them, so that one layer does what both do".to_owned(),
        change: "put an activation between them, or leave one out".to_owned(),
    })
}

/// Whether kernels lie along different axes: `1x3` after `3x1`.
fn are_crosswise(node: &Node, next: &Node) -> bool {
    let kernel = |node: &Node| match argument(node, "kernel") {
        Some(Value::Extents(extents)) => per_axis(argument(node, "kernel"), extents.len()),
        _ => None,
    };
    let (Some(first), Some(second)) = (kernel(node), kernel(next)) else {
        return false;
    };
    let pairs = || first.iter().zip(&second);
    pairs().any(|(a, b)| a > b) && pairs().any(|(a, b)| a < b)
}

fn softmax_inside(facts: &Facts<'_>, node: &Node) -> Option<Finding> {
    if name(node) != "softmax" {
        return None;
    }
    let reader = facts.next_that_does(node)?;
    let read = is_product(reader) || matches!(name(reader), "relu" | "sigmoid" | "tanh" | "gelu");
    let shape = facts.output(node)?;
    read.then(|| Finding {
        lint: "softmax_inside",
        place: node.step.place,
        headline: format!("{} stands before {}", node.step.called, reader.step.called),
        amount: 0,
        why: format!(
            "what it makes of {shape} adds up to 1, so that values and gradients are small"
        ),
        change: "leave it out, or use an activation such as `relu`".to_owned(),
    })
}

fn residual_after_relu(facts: &Facts<'_>, node: &Node) -> Option<Finding> {
    if name(node) != "add" || node.step.inputs.len() != 2 {
        return None;
    }
    let made = |value: usize| facts.graph.values.get(value)?.node;
    let [first, second] = [0, 1].map(|i| node.step.inputs.get(i).copied());
    let (first, second) = (first?, second?);
    // The way that begins at the other: a residual's body.
    let body = if reaches(facts, first, second) {
        first
    } else if reaches(facts, second, first) {
        second
    } else {
        return None;
    };
    let last = facts.graph.nodes.get(made(body)?)?;
    let never_negative = matches!(name(last), "relu" | "relu6" | "sigmoid" | "softplus");
    (never_negative && facts.uses(body) == 1).then(|| Finding {
        lint: "residual_after_relu",
        place: last.step.place,
        headline: format!(
            "the residual that ends in {} only ever adds",
            last.step.called
        ),
        amount: 0,
        why: format!(
            "`{}` is never negative: what flows grows with each block, and nothing takes it back",
            name(last)
        ),
        change: "end the body in a normalisation, and put the activation behind the residual"
            .to_owned(),
    })
}

/// Whether a value is made of another by a few layers in a row.
fn reaches(facts: &Facts<'_>, mut value: usize, from: usize) -> bool {
    const MOST: usize = 64;
    for _ in 0..MOST {
        let Some(node) = facts
            .graph
            .values
            .get(value)
            .and_then(|value| facts.graph.nodes.get(value.node?))
        else {
            return false;
        };
        match node.step.inputs.first() {
            Some(input) if *input == from => return true,
            Some(input) => value = *input,
            None => return false,
        }
    }
    false
}
