//! The arithmetic that a layer explains itself with, calculated anew.

use std::fmt;

use shapewise::{Layer, Shape};

struct Explained<'a>(&'a Layer, &'a [Shape]);

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.explain(self.1, f)
    }
}

/// Whether each line of a layer's explanation is right: `name: calculation = number`.
/// Those of parameters, buffers and multiply-accumulates give what the rules do, and
/// a layer that has some says so.
pub(crate) fn check(
    layer: &Layer,
    inputs: &[Shape],
    params: u64,
    buffers: u64,
) -> Result<(), String> {
    let text = Explained(layer, inputs).to_string();
    let macs = layer.macs(inputs).map_err(|error| error.to_string())?;
    let (mut of_parts, mut whole) = (false, [None, None, None]);
    for line in text.lines() {
        let wrong = |why: &str| Err(format!("`{line}`: {why}"));
        let Some((name, rest)) = line.split_once(": ") else {
            return wrong("no name");
        };
        let place = ["parameters", "buffers", "MACs"]
            .iter()
            .position(|one| *one == name);
        let counted = place.is_some() || name.contains("parameters") || name.contains("MACs");
        of_parts |= name.starts_with("parameters of");
        let terms: Vec<Option<f64>> = rest.split(" = ").map(calculated).collect();
        let (first, last) = (terms[0], terms[1..].last().copied().flatten());
        match (first, last) {
            (Some(first), Some(last)) if (first - last).abs() > 1e-9 * last => {
                return wrong("does not come to that");
            }
            (None, _) if counted => return wrong("cannot be calculated"),
            _ => {}
        }
        if let (Some(place), Some(first)) = (place, first) {
            whole[place] = Some(first);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "the layers are small")]
    let wanted = [params, buffers, macs].map(|count| count as f64);
    for ((said, wanted), name) in whole
        .iter()
        .zip(wanted)
        .zip(["parameters", "buffers", "MACs"])
    {
        match said {
            Some(said) if *said != wanted => {
                return Err(format!(
                    "{said} {name} are explained, there are {wanted}:\n{text}"
                ));
            }
            None if wanted > 0.0 && name == "parameters" && !of_parts => {
                return Err(format!("{wanted} {name} are not explained:\n{text}"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What a calculation comes to: numbers with or without separators, the four operations,
/// brackets, and rounding.
fn calculated(text: &str) -> Option<f64> {
    let mut rest = text;
    let value = sum(&mut rest)?;
    rest.trim().is_empty().then_some(value)
}

fn accept(rest: &mut &str, token: &str) -> bool {
    let after = rest.trim_start().strip_prefix(token);
    if let Some(after) = after {
        *rest = after;
    }
    after.is_some()
}

fn sum(rest: &mut &str) -> Option<f64> {
    let mut value = product(rest)?;
    loop {
        if accept(rest, "+") {
            value += product(rest)?;
        } else if accept(rest, "-") {
            value -= product(rest)?;
        } else {
            return Some(value);
        }
    }
}

fn product(rest: &mut &str) -> Option<f64> {
    let mut value = factor(rest)?;
    loop {
        if accept(rest, "*") {
            value *= factor(rest)?;
        } else if accept(rest, "/") {
            value /= factor(rest)?;
        } else {
            return Some(value);
        }
    }
}

fn factor(rest: &mut &str) -> Option<f64> {
    for (name, round) in [
        ("floor(", f64::floor as fn(f64) -> f64),
        ("ceil(", f64::ceil),
    ] {
        if accept(rest, name) {
            let value = sum(rest)?;
            return accept(rest, ")").then(|| round(value));
        }
    }
    if accept(rest, "(") {
        let value = sum(rest)?;
        return accept(rest, ")").then_some(value);
    }
    let text = rest.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.');
    let (number, after) = text.split_at(end.unwrap_or(text.len()));
    *rest = after;
    number.replace(',', "").parse().ok()
}
