//! Budgets: what `assert` compares.

use shapewise_core::report::Grouped;

use crate::report::{Error, Place};
use crate::resolve::graph::{Node, Resolved};
use crate::resolve::nearest;
use crate::syntax::tree::{Assertion, ExpressionKind};

/// Something of a network that can be asserted.
struct Metric {
    name: &'static str,
    /// Its value; nothing when it does not fit 64 bits.
    total: fn(&Resolved) -> Option<u64>,
    /// What one layer contributes.
    part: fn(&Resolved, &Node) -> u64,
}

/// Every metric, by the name of its constant.
const METRICS: &[Metric] = &[
    Metric {
        name: "params",
        total: |graph| Some(graph.totals().params()),
        part: |_, node| node.counts.params(),
    },
    Metric {
        name: "weights",
        total: |graph| Some(graph.totals().weights),
        part: |_, node| node.counts.weights,
    },
    Metric {
        name: "biases",
        total: |graph| Some(graph.totals().biases),
        part: |_, node| node.counts.biases,
    },
    Metric {
        name: "buffers",
        total: |graph| Some(graph.totals().buffers),
        part: |_, node| node.counts.buffers,
    },
    Metric {
        name: "macs",
        total: |graph| Some(graph.totals().macs),
        part: |_, node| node.counts.macs,
    },
    Metric {
        name: "flops",
        total: |graph| Some(graph.totals().flops()),
        part: |_, node| node.counts.flops(),
    },
    Metric {
        name: "param_bytes",
        total: Resolved::param_bytes,
        part: |graph, node| node.counts.params().saturating_mul(graph.dtype.bytes()),
    },
    Metric {
        name: "activations",
        total: Resolved::activations,
        part: |graph, node| {
            let results = node.output..node.output + node.results;
            let elements = |value: usize| graph.values.get(value)?.shape.checked_elements();
            results.filter_map(elements).fold(0, u64::saturating_add)
        },
    },
];

/// Checks one assertion. `bound` is nothing where it is no count.
///
/// # Errors
///
/// An unknown metric, a bound that is no count, or a budget that is exceeded.
pub(crate) fn check(
    graph: &Resolved,
    assertion: &Assertion,
    bound: Option<u64>,
) -> Result<(), Error> {
    let name = assertion.metric.to_string();
    let Some(metric) = METRICS.iter().find(|metric| metric.name == name) else {
        let error = Error::new(
            assertion.metric.span(),
            format!("there is no metric `{name}`"),
        );
        let names = METRICS.iter().map(|metric| metric.name);
        let near = nearest(&name, names.clone()).or_else(|| {
            // `parameters`, `bias_count`: the beginning tells.
            let start: String = name.chars().take(4).collect();
            names.clone().find(|metric| metric.starts_with(&start))
        });
        return Err(match near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!(
                "metrics are {}",
                names.collect::<Vec<_>>().join(", ")
            )),
        });
    };
    let Some(bound) = bound else {
        let error = Error::new(
            assertion.bound.place,
            format!("`{}` is no count", assertion.bound),
        );
        return Err(match &assertion.bound.kind {
            ExpressionKind::Text(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                error.help(format!("write `{text}`"))
            }
            _ => error.help("a count is a whole number, `61M` or `64KiB`"),
        });
    };
    let Some(total) = (metric.total)(graph) else {
        return Err(Error::new(
            assertion.place,
            format!("the {name} do not fit 64 bits"),
        ));
    };
    if assertion.comparison.holds(Some(total.cmp(&bound))) {
        return Ok(());
    }
    let place: Place = assertion.place;
    let comparison = assertion.comparison.symbol();
    let (over, by) = if total > bound {
        ("more", total - bound)
    } else {
        ("less", bound - total)
    };
    let difference = if by == 0 {
        "equal".to_owned()
    } else {
        format!("{} {over}", Grouped(by))
    };
    let mut error = Error::new(
        place,
        format!(
            "{name} {comparison} {} does not hold: {} has {}",
            Grouped(bound),
            graph.name,
            Grouped(total)
        ),
    )
    .fact("difference", difference);
    let largest = largest(graph, metric);
    if !largest.is_empty() {
        error = error.fact("largest", largest);
    }
    Err(if comparison == "==" {
        error.help(format!("`assert {name} == {}`", underscored(total)))
    } else {
        error
    })
}

/// The three layers that contribute most.
fn largest(graph: &Resolved, metric: &Metric) -> String {
    let mut parts: Vec<(u64, &Node)> = graph
        .nodes
        .iter()
        .map(|node| ((metric.part)(graph, node), node))
        .filter(|(part, _)| *part > 0)
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.0));
    let parts: Vec<String> = parts
        .iter()
        .take(3)
        .map(|(part, node)| format!("{} {}", called(graph, node), Grouped(*part)))
        .collect();
    parts.join(", ")
}

/// A layer by its path, or as it was written where that is but a position.
fn called(graph: &Resolved, node: &Node) -> String {
    let position = node.path.chars().all(|c| c.is_ascii_digit());
    match graph.values.get(node.output) {
        Some(value) if position => value.origin.clone(),
        _ => format!("`{}`", node.path),
    }
}

fn underscored(number: u64) -> String {
    Grouped(number).to_string().replace(',', "_")
}
