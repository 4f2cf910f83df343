//! Budgets: what `assert` compares.

use std::fmt::Display;

use shapewise_core::Extents;
use shapewise_core::error::axis_name;
use shapewise_core::report::Grouped;

use super::analysis::Analysis;
use crate::report::Error;
use crate::resolve::graph::{Node, Resolved};
use crate::resolve::nearest;
use crate::syntax::tree::{Assertion, ExpressionKind};

/// Something of a network that can be asserted.
pub(crate) struct Metric {
    name: &'static str,
    figure: Figure,
}

/// What kind of figure it is.
enum Figure {
    /// A sum over the layers.
    Sum {
        /// The sum; nothing when it does not fit 64 bits.
        total: fn(&Resolved) -> Option<u64>,
        /// What one layer contributes.
        part: fn(&Resolved, &Node) -> u64,
    },
    /// Something of the whole.
    Whole(fn(&Resolved, &Analysis) -> Option<u64>),
    /// What is alive at once, which it gives so many times.
    Peak(fn(&Resolved) -> u64),
    /// A number for each axis.
    Axes(fn(&Analysis) -> Extents),
}

/// What a figure is compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    /// `61M`
    Count(u64),
    /// `195x195`
    Extents(Extents),
}

const fn sum(
    name: &'static str,
    total: fn(&Resolved) -> Option<u64>,
    part: fn(&Resolved, &Node) -> u64,
) -> Metric {
    Metric {
        name,
        figure: Figure::Sum { total, part },
    }
}

/// Every metric, by the name of its constant.
const METRICS: &[Metric] = &[
    sum(
        "params",
        |graph| Some(graph.totals().params()),
        |_, node| node.counts.params(),
    ),
    sum(
        "weights",
        |graph| Some(graph.totals().weights),
        |_, node| node.counts.weights,
    ),
    sum(
        "biases",
        |graph| Some(graph.totals().biases),
        |_, node| node.counts.biases,
    ),
    sum(
        "buffers",
        |graph| Some(graph.totals().buffers),
        |_, node| node.counts.buffers,
    ),
    sum(
        "macs",
        |graph| Some(graph.totals().macs),
        |_, node| node.counts.macs,
    ),
    sum(
        "flops",
        |graph| Some(graph.totals().flops()),
        |_, node| node.counts.flops(),
    ),
    sum("param_bytes", Resolved::param_bytes, |graph, node| {
        node.counts.params().saturating_mul(graph.dtype.bytes())
    }),
    sum("activations", Resolved::activations, |graph, node| {
        let results = node.output..node.output + node.results;
        let elements = |value: usize| graph.values.get(value)?.shape.checked_elements();
        results.filter_map(elements).fold(0, u64::saturating_add)
    }),
    Metric {
        name: "peak_activations",
        figure: Figure::Peak(|_| 1),
    },
    Metric {
        name: "peak_activation_bytes",
        figure: Figure::Peak(|graph| graph.dtype.bytes()),
    },
    Metric {
        name: "depth",
        figure: Figure::Whole(|_, analysis| Some(analysis.depth)),
    },
    Metric {
        name: "receptive_field",
        figure: Figure::Axes(|analysis| analysis.receptive_field),
    },
];

/// The metric that is asserted.
///
/// # Errors
///
/// An unknown metric.
pub(crate) fn known(assertion: &Assertion) -> Result<&'static Metric, Error> {
    let name = assertion.metric.to_string();
    let metric = METRICS.iter().find(|metric| metric.name == name);
    metric.ok_or_else(|| unknown(assertion, &name))
}

/// Checks one assertion; gives the error where it does not hold. `bound` is
/// nothing where it is no count and no extents.
///
/// # Errors
///
/// An unknown metric or a bound that is no count.
pub(crate) fn check(
    graph: &Resolved,
    assertion: &Assertion,
    bound: Option<Bound>,
) -> Result<Option<Error>, Error> {
    let name = assertion.metric.to_string();
    let metric = known(assertion)?;
    let (total, parts, place) = match &metric.figure {
        Figure::Sum { total, part } => {
            let parts = graph
                .nodes
                .iter()
                .map(|node| (part(graph, node), called(graph, node)));
            (total(graph), parts.collect(), None)
        }
        Figure::Whole(total) => (total(graph, &Analysis::of(graph)), Vec::new(), None),
        Figure::Peak(times) => {
            let analysis = Analysis::of(graph);
            let times = times(graph);
            let total = analysis
                .peak
                .and_then(|peak| peak.elements.checked_mul(times));
            let alive = analysis.alive(graph).into_iter();
            let alive = alive.map(|(elements, name)| (elements.saturating_mul(times), name));
            (total, alive.collect(), analysis.peak_layer(graph))
        }
        Figure::Axes(axes) => {
            let analysis = Analysis::of(graph);
            return axes_hold(graph, assertion, &axes(&analysis), bound, &analysis);
        }
    };
    let Some(Bound::Count(bound)) = bound else {
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
    let Some(total) = total else {
        return Err(Error::new(
            assertion.place,
            format!("the {name} do not fit 64 bits"),
        ));
    };
    if assertion.comparison.holds(total.cmp(&bound)) {
        return Ok(None);
    }
    let difference = match total.abs_diff(bound) {
        0 => "equal".to_owned(),
        by => format!("{} {}", Grouped(by), over(total > bound)),
    };
    let mut error = exceeded(graph, assertion, &Grouped(bound), &Grouped(total))
        .fact("difference", difference)
        .fact("largest", largest(parts));
    if let Some(place) = place {
        error = error.fact("at", format!("{place}, where most is alive at once"));
    }
    Ok(Some(match assertion.comparison.symbol() {
        "==" => error.help(format!("`assert {name} == {}`", underscored(total))),
        _ => error,
    }))
}

fn unknown(assertion: &Assertion, name: &str) -> Error {
    let error = Error::new(
        assertion.metric.span(),
        format!("there is no metric `{name}`"),
    );
    let names = METRICS.iter().map(|metric| metric.name);
    let near = nearest(name, names.clone()).or_else(|| {
        // `parameters`, `bias_count`: the beginning tells.
        let start: String = name.chars().take(4).collect();
        names.clone().find(|metric| metric.starts_with(&start))
    });
    match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!(
            "metrics are {}",
            names.collect::<Vec<_>>().join(", ")
        )),
    }
}

fn exceeded(
    graph: &Resolved,
    assertion: &Assertion,
    bound: &dyn Display,
    total: &dyn Display,
) -> Error {
    let (name, comparison) = (&assertion.metric, assertion.comparison.symbol());
    Error::new(
        assertion.place,
        format!(
            "{name} {comparison} {bound} does not hold: {} has {total}",
            graph.name
        ),
    )
}

fn over(more: bool) -> &'static str {
    if more { "more" } else { "less" }
}

/// Checks a figure that has a number for each axis: the comparison has to hold
/// on every one.
fn axes_hold(
    graph: &Resolved,
    assertion: &Assertion,
    total: &Extents,
    bound: Option<Bound>,
    analysis: &Analysis,
) -> Result<Option<Error>, Error> {
    let name = &assertion.metric;
    let bound = match bound {
        Some(Bound::Extents(bound)) if bound.len() == total.len() => bound,
        Some(Bound::Count(bound)) if total.len() == 1 => {
            Extents::new(&[usize::try_from(bound).unwrap_or(usize::MAX)])
        }
        _ => {
            return Err(Error::new(
                assertion.bound.place,
                format!("`{}` is not a number for each axis", assertion.bound),
            )
            .fact(&name.to_string(), format!("{total}, of {}", graph.name))
            .help(format!("extents such as `{total}`")));
        }
    };
    let holds = |total: &usize, bound: &usize| assertion.comparison.holds(total.cmp(bound));
    let axes = total.as_slice().iter().zip(bound.as_slice());
    let differences: Vec<String> = axes
        .enumerate()
        .filter(|(_, (total, bound))| !holds(total, bound))
        .map(|(axis, (size, bound))| {
            let axis = axis_name(axis, total.len());
            match size.abs_diff(*bound) as u64 {
                0 => format!("equal on {axis}"),
                by => format!("{} {} on {axis}", Grouped(by), over(size > bound)),
            }
        })
        .collect();
    if differences.is_empty() {
        return Ok(None);
    }
    let error = exceeded(graph, assertion, &bound, total)
        .fact("difference", differences.join(", "))
        .fact("largest", largest(analysis.growth(graph)));
    Ok(Some(match assertion.comparison.symbol() {
        "==" => error.help(format!("`assert {name} == {total}`")),
        _ => error,
    }))
}

/// The three parts that are largest.
fn largest(mut parts: Vec<(u64, String)>) -> String {
    parts.retain(|(part, _)| *part > 0);
    let mut largest = Vec::new();
    // Of parts that are as large, the first.
    while largest.len() < 3
        && let Some(place) = (0..parts.len()).rev().max_by_key(|place| parts[*place].0)
    {
        let (part, called) = parts.remove(place);
        largest.push(format!("{called} {}", Grouped(part)));
    }
    largest.join(", ")
}

/// A layer by its path, or as it was written where that is but a position.
pub(super) fn called(graph: &Resolved, node: &Node) -> String {
    let position = node.path.chars().all(|c| c.is_ascii_digit());
    match graph.values.get(node.output) {
        Some(value) if position => value.origin.clone(),
        _ => format!("`{}`", node.path),
    }
}

fn underscored(number: u64) -> String {
    Grouped(number).to_string().replace(',', "_")
}
