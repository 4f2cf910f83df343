//! `--fail-if 'params > +5%'`

use std::fmt;

use shapewise_core::Graph;
use shapewise_core::report::Grouped;

use super::pairs::{Became, Pair};
use crate::failure::{Failure, Result};
use crate::suggest;

/// What a network must not become.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    text: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// A figure is beyond a bound, or changed by more than it.
    Figure {
        metric: Metric,
        greater: bool,
        or_equal: bool,
        bound: Bound,
    },
    /// The network changed in any way, was removed, or gives another shape.
    Changed,
    Removed,
    Shapes,
    Budgets,
}

/// What a figure is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    /// It, as it is.
    Value(f64),
    /// Its change.
    Change(f64),
    /// Its change, as a part of what it was.
    Percent(f64),
}

/// A figure of a graph that is a number.
#[derive(Clone, Copy)]
struct Metric(&'static str, Figure);

/// What it is of a graph.
type Figure = fn(&Graph) -> Option<u64>;

impl fmt::Debug for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// As in the budgets of a network.
const METRICS: [(&str, Figure); 11] = [
    ("params", |graph| Some(graph.counts().params())),
    ("weights", |graph| Some(graph.counts().weights)),
    ("biases", |graph| Some(graph.counts().biases)),
    ("buffers", |graph| Some(graph.counts().buffers)),
    ("macs", |graph| Some(graph.counts().macs)),
    ("flops", |graph| Some(graph.counts().flops())),
    ("param_bytes", |graph| Some(graph.param_bytes())),
    ("activations", |graph| Some(graph.activations())),
    ("peak_activations", |graph| {
        Some(graph.peak().ok()?.elements)
    }),
    ("peak_activation_bytes", |graph| graph.peak_bytes().ok()),
    ("layers", |graph| u64::try_from(graph.layers_inside()).ok()),
];

impl Rule {
    /// Reads a rule.
    pub(super) fn read(text: &str) -> Result<Self> {
        let wrong = |message: String| {
            Failure::usage(format!("`--fail-if '{text}'`: {message}")).help(
                "such as `params > +5%`, `macs > +10M`, `peak_activation_bytes > 64KiB`, `shapes`, \
                 `budgets`, `removed`, `changed`",
            )
        };
        let kind = match text.trim() {
            "changed" => Kind::Changed,
            "removed" => Kind::Removed,
            "shapes" => Kind::Shapes,
            "budgets" => Kind::Budgets,
            comparison => {
                let at = comparison
                    .find(['<', '>'])
                    .ok_or_else(|| wrong("there is no comparison in it".to_owned()))?;
                let (name, rest) = comparison.split_at(at);
                let greater = rest.starts_with('>');
                let rest = &rest[1..];
                let (rest, or_equal) = match rest.strip_prefix('=') {
                    Some(rest) => (rest, true),
                    None => (rest, false),
                };
                let name = name.trim();
                let known = METRICS.iter().find(|(metric, _)| *metric == name);
                let (name, figure) = known.ok_or_else(|| {
                    let all = METRICS.iter().map(|(metric, _)| *metric);
                    wrong(format!("there is no figure `{name}`")).help(suggest::among(name, all))
                })?;
                let bound = bound(rest.trim())
                    .ok_or_else(|| wrong(format!("`{}` is no bound", rest.trim())))?;
                Kind::Figure {
                    metric: Metric(name, *figure),
                    greater,
                    or_equal,
                    bound,
                }
            }
        };
        Ok(Self {
            text: text.trim().to_owned(),
            kind,
        })
    }

    /// What is to be said where a network is such.
    pub(super) fn broken(&self, pair: &Pair<'_>) -> Option<String> {
        let became = pair.became();
        let why = match &self.kind {
            Kind::Changed => (became != Became::Same).then(|| became.word().to_owned()),
            Kind::Removed => (became == Became::Removed).then(|| "removed".to_owned()),
            Kind::Shapes => shapes(pair),
            Kind::Budgets => {
                let (gone, new) = pair.budgets();
                let both = pair.before.is_some() && pair.after.is_some();
                (both && !(gone.is_empty() && new.is_empty()))
                    .then(|| format!("{} -> {}", list(&gone), list(&new)))
            }
            Kind::Figure {
                metric,
                greater,
                or_equal,
                bound,
            } => figure(pair, *metric, (*greater, *or_equal), *bound),
        }?;
        Some(format!("`{}`: {}: {why}", pair.path(), self.text))
    }
}

fn list(budgets: &[&str]) -> String {
    match budgets {
        [] => "none".to_owned(),
        budgets => format!("`{}`", budgets.join("`, `")),
    }
}

fn shapes(pair: &Pair<'_>) -> Option<String> {
    let (before, after) = pair.graphs()?;
    let of = |graph: &Graph| {
        let inputs = (0..graph.inputs().len()).map(|i| graph.input(i).to_string());
        let outputs = (0..graph.outputs().len()).map(|i| graph.output(i).to_string());
        let join = |shapes: Vec<String>| shapes.join(", ");
        format!("{} -> {}", join(inputs.collect()), join(outputs.collect()))
    };
    let (before, after) = (of(before), of(after));
    (before != after).then(|| format!("it was {before}, and is {after}"))
}

#[expect(clippy::cast_precision_loss, reason = "bounds are rough")]
fn figure(
    pair: &Pair<'_>,
    metric: Metric,
    (greater, or_equal): (bool, bool),
    bound: Bound,
) -> Option<String> {
    let after = metric.1(pair.after?.graph?)?;
    let before = pair
        .before
        .and_then(|before| before.graph)
        .and_then(metric.1);
    let (found, bound) = match (bound, before) {
        (Bound::Value(bound), _) => (after as f64, bound),
        (Bound::Change(bound), Some(before)) => (after as f64 - before as f64, bound),
        (Bound::Percent(bound), Some(before)) if before > 0 => {
            let change = after as f64 - before as f64;
            (100.0 * change / before as f64, bound)
        }
        // From nothing, any change is beyond all bounds.
        (Bound::Percent(bound), Some(_)) if after > 0 => (f64::INFINITY, bound),
        _ => return None,
    };
    let holds = match (greater, or_equal) {
        (true, true) => found >= bound,
        (true, false) => found > bound,
        (false, true) => found <= bound,
        (false, false) => found < bound,
    };
    let is = Grouped(after);
    holds.then(|| match before {
        Some(before) => format!("it was {}, and is {is}", Grouped(before)),
        None => format!("it is {is}"),
    })
}

/// `+5%`, `-1M`, `64KiB`
fn bound(text: &str) -> Option<Bound> {
    let signed = text.starts_with(['+', '-']);
    let negative = text.starts_with('-');
    let text = text.trim_start_matches(['+', '-']).trim();
    let (text, percent) = match text.strip_suffix('%') {
        Some(text) => (text.trim(), true),
        None => (text, false),
    };
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_'));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let number: f64 = number.replace('_', "").parse().ok()?;
    let factor = match unit.trim() {
        "" => 1.0,
        "K" | "k" | "KB" => 1e3,
        "M" | "MB" => 1e6,
        "G" | "GB" => 1e9,
        "B" => 1.0,
        "KiB" => 1024.0,
        "MiB" => 1_048_576.0,
        "GiB" => 1_073_741_824.0,
        _ => return None,
    };
    let number = if negative { -number } else { number } * factor;
    Some(match (percent, signed) {
        (true, _) => Bound::Percent(number),
        (false, true) => Bound::Change(number),
        (false, false) => Bound::Value(number),
    })
}

#[cfg(test)]
mod tests {
    use super::{Bound, Rule, bound};

    #[test]
    fn bounds_are_read() {
        assert_eq!(bound("+5%"), Some(Bound::Percent(5.0)));
        assert_eq!(bound("5 %"), Some(Bound::Percent(5.0)));
        assert_eq!(bound("-1.5M"), Some(Bound::Change(-1.5e6)));
        assert_eq!(bound("64KiB"), Some(Bound::Value(65_536.0)));
        assert_eq!(bound("62_378_344"), Some(Bound::Value(62_378_344.0)));
        assert_eq!(bound("five"), None);
        assert_eq!(bound("5 apples"), None);
        assert_eq!(bound(""), None);
    }

    #[test]
    fn rules_that_are_none_say_why() {
        let message = |text: &str| Rule::read(text).expect_err("no rule").to_string();
        assert_eq!(
            message("parms > 5"),
            "`--fail-if 'parms > 5'`: there is no figure `parms`"
        );
        assert_eq!(
            message("params = 5"),
            "`--fail-if 'params = 5'`: there is no comparison in it"
        );
        assert_eq!(
            message("params > much"),
            "`--fail-if 'params > much'`: `much` is no bound"
        );
        assert!(Rule::read("params >= +5%").is_ok());
    }
}
