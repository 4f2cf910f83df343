//! Builds each row's layer and compares it with what PyTorch said.

use std::collections::BTreeMap;

use shapewise::layer::Role;
use shapewise::{Error, Layer, Shape, catalogue};

use super::explain;
use super::row::{Case, Counts, Mapped, Rejection, Row, Truth, Verdict};

/// A family of layers: how its rows become layers of the language, and how its
/// errors are met.
#[derive(Clone, Copy)]
pub(crate) struct Family {
    /// What it is called.
    pub(crate) name: &'static str,
    /// The layer of a row, `None` for a class that is not of this family.
    pub(crate) map: fn(&Row) -> Option<Mapped>,
    /// How PyTorch's errors are met; the first line that fits counts.
    pub(crate) rejections: &'static [Rejection],
}

/// What became of a row.
pub(crate) enum Outcome {
    /// Both agree.
    Agreed,
    /// PyTorch rejects what cannot even be written: there is nothing to build.
    Unwritable,
    /// It says nothing about the language, for this reason.
    LeftOut(&'static str),
    /// They differ: how.
    Differs(String),
}

pub(crate) const NO_RULE_YET: &str = "no rule yet";
pub(crate) const DISPUTED: &str = "PyTorch's own backends disagree about it";

/// What became of `row`.
pub(crate) fn compare(families: &[Family], row: &Row) -> Outcome {
    if row.disputed {
        return Outcome::LeftOut(DISPUTED);
    }
    let mapped = families
        .iter()
        .find_map(|family| Some((family, (family.map)(row)?)));
    let Some((family, mapped)) = mapped else {
        return Outcome::LeftOut(NO_RULE_YET);
    };
    let case = match mapped {
        Ok(case) => case,
        Err(reason) if unwritable(family, row, reason) => return Outcome::Unwritable,
        Err(reason) => return Outcome::LeftOut(reason),
    };
    let verdict = match &row.truth {
        Truth::Valid { .. } => None,
        Truth::Rejected(text) => {
            let line = family
                .rejections
                .iter()
                .find(|rejection| text.contains(rejection.text));
            match line {
                Some(line) => Some(&line.verdict),
                None => return Outcome::Differs(format!("no line for PyTorch's `{text}`")),
            }
        }
    };
    if let Some(Verdict::LeftOut(reason)) = verdict {
        return Outcome::LeftOut(reason);
    }
    if let Some(Verdict::NoArgument(name)) = verdict {
        return match catalogue::find(case.entry).and_then(|entry| entry.argument(name)) {
            None => Outcome::Unwritable,
            Some(_) => Outcome::Differs(format!("`{}` has an argument `{name}`", case.entry)),
        };
    }
    let built = build(&case);
    match (&row.truth, verdict) {
        (
            Truth::Valid {
                outputs,
                counts,
                macs,
            },
            _,
        ) => match valid(&case, built, outputs, counts) {
            Outcome::Agreed => products(&case, outputs, *macs),
            differs => differs,
        },
        (Truth::Rejected(text), Some(Verdict::Rejected(allowed))) => match built {
            Ok((_, results)) => Outcome::Differs(format!("gives {results:?}, PyTorch: {text}")),
            Err(error) if allowed(&error) => Outcome::Agreed,
            Err(error) => Outcome::Differs(format!("wrong reason {error:?}, PyTorch: {text}")),
        },
        (Truth::Rejected(text), _) => {
            Outcome::Differs(format!("can be written after all, PyTorch: {text}"))
        }
    }
}

/// Whether PyTorch rejects the row for what cannot even be written.
fn unwritable(family: &Family, row: &Row, reason: &str) -> bool {
    let Truth::Rejected(text) = &row.truth else {
        return false;
    };
    let lines = family.rejections.iter();
    lines
        .filter(|line| text.contains(line.text))
        .any(|line| matches!(line.verdict, Verdict::Unwritable(why) if why == reason))
}

fn valid(
    case: &Case,
    built: Result<(Layer, Vec<Shape>), Error>,
    outputs: &[Vec<usize>],
    counts: &Counts,
) -> Outcome {
    let (layer, results) = match built {
        Ok(built) => built,
        Err(error) => return Outcome::Differs(format!("rejected: {error}, PyTorch: {outputs:?}")),
    };
    let ours = (case.outputs)(&results);
    if ours.is_empty() || outputs.get(..ours.len()) != Some(&ours[..]) {
        return Outcome::Differs(format!("outputs {ours:?}, PyTorch: {outputs:?}"));
    }
    let own = count(&layer);
    if let Err(wrong) = explain::check(&layer, &case.inputs, own.params, own.buffers) {
        return Outcome::Differs(format!("explained wrongly: {wrong}"));
    }
    let mut owned = own;
    owned.buffers += case.other_buffers;
    if owned != *counts {
        return Outcome::Differs(format!("{owned:?}, PyTorch: {counts:?}"));
    }
    Outcome::Agreed
}

/// Compares the multiply-accumulates: ours are those of one sample.
fn products(case: &Case, outputs: &[Vec<usize>], macs: Option<u64>) -> Outcome {
    let (Some(macs), Ok((layer, results))) = (macs, build(case)) else {
        return Outcome::Agreed;
    };
    let all: u64 = outputs[0].iter().map(|extent| *extent as u64).product();
    let samples = all / results[0].elements() as u64;
    match layer.macs(&case.inputs) {
        Ok(own) if own.checked_mul(samples) == Some(macs) => Outcome::Agreed,
        own => Outcome::Differs(format!(
            "{own:?} MACs of {samples} samples, PyTorch: {macs}"
        )),
    }
}

fn build(case: &Case) -> Result<(Layer, Vec<Shape>), Error> {
    let entry = catalogue::find(case.entry).expect("the family names a layer of the catalogue");
    for (name, _) in &case.arguments {
        let known = *name == "in" || entry.argument(name).is_some();
        assert!(known, "`{}` has no argument `{name}`", case.entry);
    }
    let layer = Layer::build(entry, &case.arguments, &case.inputs)?;
    let results = (0..layer.results())
        .map(|result| layer.output(&case.inputs, result))
        .collect::<Result<_, _>>()?;
    layer.macs(&case.inputs)?;
    Ok((layer, results))
}

fn count(layer: &Layer) -> Counts {
    let mut counts = Counts::default();
    let mut names = Vec::new();
    for tensor in (0..).map_while(|index| layer.tensor(index)) {
        let elements = tensor
            .elements()
            .expect("a layer that was built is counted");
        match tensor.role {
            Role::Weight => counts.weights += elements,
            Role::Bias => counts.biases += elements,
            Role::Buffer => counts.buffers += elements,
        }
        let name = tensor.name.to_string();
        assert!(!names.contains(&name), "two tensors `{name}` in {layer:?}");
        names.push(name);
    }
    counts.params = counts.weights + counts.biases;
    counts
}

/// How many rows of each class were compared, which were left out and why, and
/// which differ.
#[derive(Default)]
pub(crate) struct Tally {
    classes: BTreeMap<String, Class>,
    pub(crate) differences: Vec<String>,
}

#[derive(Default)]
struct Class {
    compared: usize,
    unwritable: usize,
    disputed: usize,
    left_out: BTreeMap<&'static str, usize>,
}

impl Tally {
    pub(crate) fn add(&mut self, families: &[Family], row: &Row) {
        let class = self.classes.entry(row.layer.clone()).or_default();
        match compare(families, row) {
            Outcome::Agreed => class.compared += 1,
            Outcome::Unwritable => class.unwritable += 1,
            Outcome::LeftOut(DISPUTED) => class.disputed += 1,
            Outcome::LeftOut(reason) => *class.left_out.entry(reason).or_default() += 1,
            Outcome::Differs(how) => {
                class.compared += 1;
                self.differences.push(format!(
                    "{} {} {} on {:?}: {how}",
                    row.id,
                    row.layer,
                    serde_json::Value::Object(row.args.clone()),
                    row.inputs
                ));
            }
        }
    }

    /// Rows for which a layer was built and compared, and these with those left out, of
    /// the classes for which `of` holds.
    pub(crate) fn share(&self, of: impl Fn(&str) -> bool) -> (usize, usize) {
        let classes = self.classes.iter().filter(|(name, _)| of(name));
        classes.fold((0, 0), |(compared, all), (_, class)| {
            let left_out: usize = class.left_out.values().sum();
            (compared + class.compared, all + class.compared + left_out)
        })
    }

    pub(crate) fn print(&self) {
        println!(
            "{:<24} {:>8} {:>10} {:>8}",
            "layer", "compared", "unwritable", "disputed"
        );
        for (name, class) in &self.classes {
            println!(
                "{name:<24} {:>8} {:>10} {:>8}",
                class.compared, class.unwritable, class.disputed
            );
            for (reason, rows) in &class.left_out {
                println!("    {rows} left out: {reason}");
            }
        }
    }
}
