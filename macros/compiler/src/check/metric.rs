//! Budgets: what `assert` compares.

use std::cell::LazyCell;
use std::fmt::Display;

use shapewise_core::Extents;
use shapewise_core::arithmetic::{Comparison, Operation};
use shapewise_core::axis_name;
use shapewise_core::figure::{Amount, Figure, Unit};
use shapewise_core::plan::Asked;
use shapewise_core::report::Grouped;

use super::analysis::Analysis;
use super::figure::{amount, parts};
use crate::graph::{Node, Resolved};
use crate::report::Error;
use crate::suggest::nearest;
use crate::syntax::tree::{Argument, Assertion, Body, Expression, ExpressionKind, Item, Operator};

/// What a figure is compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    /// `61M`
    Count(u64),
    /// `195x195`
    Extents(Extents),
}

/// The figure that is asserted, in whose unit the bound is.
///
/// # Errors
///
/// An unknown metric, or a bound in bytes where it counts something else.
pub(crate) fn known(assertion: &Assertion, body: &Body) -> Result<Figure, Error> {
    let name = assertion.metric.to_string();
    if let Some(arguments) = &assertion.plan
        && let Some(figure) = metrics().find(|figure| figure.metric().as_str() == name)
    {
        let place = arguments.first().map_or(assertion.place, Argument::place);
        let metric = figure.metric();
        return Err(Error::new(
            place,
            format!("`{}` is of the network, not of a plan", metric.as_str()),
        )
        .help("leave it out"));
    }
    let figure = metrics().find(|figure| figure.metric().as_str() == name);
    let figure = figure.ok_or_else(|| unknown(assertion, &name))?;
    if !matches!(figure.unit(), Unit::Bytes(_)) && is_bytes(&assertion.bound, &body.items) {
        return Err(bytes(figure, assertion));
    }
    Ok(figure)
}

/// What can be asserted.
fn metrics() -> impl Iterator<Item = Figure> {
    let all = Figure::ALL.into_iter();
    all.filter(|figure| figure.unit() != Unit::Truth)
}

/// Whether an expression is in bytes for certain, with the `let`s before it. A
/// quotient may be the number of what takes so many bytes.
pub(crate) fn is_bytes(expression: &Expression, before: &[Item]) -> bool {
    match &expression.kind {
        ExpressionKind::Quantity(_, text) => text.ends_with('B'),
        ExpressionKind::Negate(value) => is_bytes(value, before),
        ExpressionKind::Binary(Operator::Compute(operation), left, right) => match operation {
            Operation::Divide => false,
            Operation::Remainder | Operation::ShiftLeft | Operation::ShiftRight => {
                is_bytes(left, before)
            }
            _ => is_bytes(left, before) || is_bytes(right, before),
        },
        ExpressionKind::Call(call) if call.name == "min" || call.name == "max" => {
            let mut arguments = call.arguments.iter();
            arguments.any(|argument| is_bytes(&argument.value, before))
        }
        ExpressionKind::If(_, then, otherwise) => {
            is_bytes(then, before) || is_bytes(otherwise, before)
        }
        ExpressionKind::Word(word) => before.iter().enumerate().any(|(place, item)| match item {
            Item::Let(named) => named.name == *word && is_bytes(&named.value, &before[..place]),
            _ => false,
        }),
        _ => false,
    }
}

/// The error for a bound in bytes of what is not.
fn bytes(figure: Figure, assertion: &Assertion) -> Error {
    let Assertion {
        metric,
        comparison,
        bound,
        ..
    } = assertion;
    let symbol = comparison.symbol();
    let noun = match figure.unit() {
        Unit::Axes => "a number for each axis",
        _ => "a count",
    };
    let of_bytes = metrics().find(|bytes| bytes.unit() == Unit::Bytes(figure));
    let of_bytes = of_bytes.map(|bytes| format!("`assert {} {symbol} {bound}`", bytes.metric()));
    let count = match &bound.kind {
        ExpressionKind::Quantity(_, text) => {
            let count = text.trim_end_matches('B').trim_end_matches('i');
            Some(format!("`assert {metric} {symbol} {count}`"))
        }
        _ => None,
    };
    let helps: Vec<String> = of_bytes.into_iter().chain(count).collect();
    Error::new(
        assertion.place,
        format!("`{metric}` is {noun}, and `{bound}` are bytes"),
    )
    .help(helps.join(" or "))
}

/// Checks one assertion of a figure; gives the error where it does not hold.
/// `bound` is nothing where it is no count and no extents.
///
/// # Errors
///
/// A bound that is no count.
pub(crate) fn check(
    graph: &Resolved,
    assertion: &Assertion,
    figure: Figure,
    bound: Option<Bound>,
) -> Result<Option<Error>, Error> {
    let name = &assertion.metric;
    let analysis = LazyCell::new(|| Analysis::of(graph));
    let total = match amount(figure, graph, &analysis) {
        Some(Amount::Axes(total)) => {
            return axes_hold(graph, assertion, &total, bound, &analysis);
        }
        Some(Amount::Number(total)) => Some(total),
        Some(Amount::Truth(_)) | None => None,
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
            _ => error.help(match figure.unit() {
                Unit::Bytes(_) => "bytes are a whole number, `64KiB` or `61_000`",
                _ => "a count is a whole number, `61M` or `61_000`",
            }),
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
        .fact("largest", largest(parts(figure, graph, &analysis)));
    if let (Figure::PeakActivations, _) | (_, Unit::Bytes(Figure::PeakActivations)) =
        (figure, figure.unit())
        && let Some(place) = analysis.peak_layer(graph)
    {
        error = error.fact("at", format!("{place}, where most is alive at once"));
    }
    Ok(Some(match assertion.comparison {
        Comparison::Equal => error.own_help(format!("`assert {name} == {}`", underscored(total))),
        _ => error,
    }))
}

/// What metrics are called elsewhere.
const METRICS_ELSEWHERE: [(&str, &str); 14] = [
    ("memory", "peak_activation_bytes"),
    ("peak_memory", "peak_activation_bytes"),
    ("ram", "peak_activation_bytes"),
    ("train_memory", "train_bytes"),
    ("vram", "train_bytes"),
    ("serve_memory", "serve_bytes"),
    ("kv_cache", "kv_cache_bytes"),
    ("size", "param_bytes"),
    ("model_size", "param_bytes"),
    ("flash", "param_bytes"),
    ("mult_adds", "macs"),
    ("madds", "macs"),
    ("layers", "depth"),
    ("count_params", "params"),
];

fn unknown(assertion: &Assertion, name: &str) -> Error {
    let error = Error::new(
        assertion.metric.span(),
        format!("there is no metric `{name}`"),
    );
    let names: Vec<String> = metrics()
        .map(|figure| figure.metric().to_string())
        .chain(Asked::METRICS.map(str::to_owned))
        .collect();
    let names = names.iter().map(String::as_str);
    if let Some((_, meant)) = METRICS_ELSEWHERE.iter().find(|(other, _)| *other == name) {
        return error.help(format!("did you mean `{meant}`?"));
    }
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
    Ok(Some(match assertion.comparison {
        Comparison::Equal => error.own_help(format!("`assert {name} == {total}`")),
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
    let position = node.step.path.chars().all(|c| c.is_ascii_digit());
    match graph.values.get(node.step.output) {
        Some(value) if position => value.origin.clone(),
        _ => format!("`{}`", node.step.path),
    }
}

fn underscored(number: u64) -> String {
    Grouped(number).to_string().replace(',', "_")
}
