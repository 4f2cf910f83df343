//! Channels that matrix units pad.

use shapewise_compiler::graph::Node;

use super::facts::{Facts, is_product};
use super::finding::Finding;

/// What tensor cores and vector units work on at once, at least.
const MULTIPLE: u64 = 8;
/// The hundredths of work that are lost, from which on it is told.
const LOST: u64 = 10;
/// The hundredths of a network's work that a layer has, from which on it matters.
const SHARE: u64 = 2;

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    if facts.graph.symbolic_totals() {
        return;
    }
    let total = facts.graph.totals().macs;
    for node in facts.nodes() {
        found.extend(uneven(facts, node, total));
    }
}

fn uneven(facts: &Facts<'_>, node: &Node, total: u64) -> Option<Finding> {
    let shape = facts.output(node)?;
    let channels = u64::try_from(*shape.as_slice().last()?).ok()?;
    // How many classes there are is given.
    let is_output = facts
        .graph
        .outputs
        .iter()
        .any(|(_, value)| reads(facts, *value, node.step.output));
    if !is_product(node) || is_output || channels < MULTIPLE {
        return None;
    }
    let filled = channels.div_ceil(MULTIPLE) * MULTIPLE;
    let lost = filled - channels;
    let matters = node.counts.macs.checked_mul(100)? >= total.checked_mul(SHARE)?;
    if lost.checked_mul(100)? < filled.checked_mul(LOST)? || !matters {
        return None;
    }
    let idle = node.counts.macs / channels * lost;
    Some(Finding {
        lint: "uneven_channels",
        place: node.step.place,
        headline: format!(
            "the {channels} channels of {} are {filled} to the hardware: {{}} multiply-accumulates of nothing",
            node.step.called
        ),
        amount: idle,
        why: format!(
            "matrix and vector units work on multiples of {MULTIPLE}, and fill up with zeros"
        ),
        change: format!(
            "{filled} channels cost the same, {} less",
            filled - MULTIPLE
        ),
    })
}

/// Whether an output is a value, or what activations and the like make of it.
fn reads(facts: &Facts<'_>, mut output: usize, value: usize) -> bool {
    const MOST: usize = 8;
    for _ in 0..MOST {
        if output == value {
            return true;
        }
        let Some(node) = facts
            .graph
            .values
            .get(output)
            .and_then(|value| facts.graph.nodes.get(value.node?))
        else {
            return false;
        };
        if node.counts.params() > 0 {
            return false;
        }
        match node.step.inputs.first() {
            Some(input) => output = *input,
            None => return false,
        }
    }
    false
}
