//! What the last features see of the image.

use shapewise_core::Graph;
use shapewise_core::analysis::{Field, Flow, fields};

use super::facts::{Facts, name};
use super::finding::Finding;

/// How many times the image features may see.
const MOST: usize = 32;

pub(super) fn look(facts: &Facts<'_>, graph: &'static Graph, found: &mut Vec<Finding>) {
    if graph.inputs().is_empty() || graph.input(0).spatial_rank() < 2 {
        return;
    }
    let image = graph.input(0).spatial();
    let mut places = vec![Field::NOTHING; graph.values_inside()];
    fields(&Flow::of(graph), 0, &mut places);
    for node in facts.nodes() {
        if !matches!(
            name(node),
            "global_avg_pool" | "global_max_pool" | "adaptive_avg_pool" | "adaptive_max_pool"
        ) {
            continue;
        }
        let Some(input) = node.step.inputs.first().copied() else {
            continue;
        };
        // A squeeze in the middle of a network is not its last word.
        if facts.uses(input) != 1 || goes_on(facts, node.step.output) {
            continue;
        }
        let Some(field) = places.get(graph.value_inside(input)) else {
            continue;
        };
        let size = field.size();
        let whole = (0..size.len()).any(|axis| field.axis(axis).whole);
        if whole || size.len() != image.len() {
            continue;
        }
        let pairs = || size.as_slice().iter().zip(image.as_slice());
        let called = &node.step.called;
        if pairs().all(|(seen, extent)| seen * 2 < *extent) {
            found.push(Finding {
                lint: "small_receptive_field",
                place: node.step.place,
                headline: format!("what enters {called} sees {size} of {image}"),
                amount: 0,
                why: "no feature sees half of the image along an axis: what is larger, none knows"
                    .to_owned(),
                change: "more layers, a larger stride, or a dilation before it".to_owned(),
            });
        } else if pairs().all(|(seen, extent)| *seen > extent.saturating_mul(MOST)) {
            found.push(Finding {
                lint: "large_receptive_field",
                place: node.step.place,
                headline: format!("what enters {called} sees {size}, and the input is {image}"),
                amount: 0,
                why: format!("over {MOST} times what there is: most of it is padding"),
                change: "fewer layers or smaller strides for an input of this size".to_owned(),
            });
        }
    }
}

/// Whether convolutions follow a value, directly or later on.
fn goes_on(facts: &Facts<'_>, value: usize) -> bool {
    let mut reached = vec![false; facts.graph.values.len()];
    if let Some(own) = reached.get_mut(value) {
        *own = true;
    }
    for node in facts.nodes() {
        let reads = node.step.inputs.iter();
        if reads
            .clone()
            .any(|input| reached.get(*input) == Some(&true))
        {
            let has_positions = facts
                .output(node)
                .is_some_and(|shape| shape.spatial_rank() >= 2);
            if name(node) == "conv" && has_positions || name(node) == "mul" {
                return true;
            }
            for output in node.outputs() {
                if let Some(own) = reached.get_mut(output) {
                    *own = true;
                }
            }
        }
    }
    false
}
