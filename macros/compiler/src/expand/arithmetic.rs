//! How a layer's figures come about, as documentation shows it: with numbers, or where
//! only rustc knows these, with what the user wrote.

use shapewise_core::Shape;

use super::amount::is_number;
use crate::graph::{Numbers, Resolved, Symbols};

/// A line of a layer's arithmetic.
pub(super) struct Told {
    name: String,
    formula: Option<String>,
    result: Option<String>,
}

impl Told {
    /// What is calculated, and the calculation with its result.
    pub(super) fn whole(&self) -> (String, String) {
        let parts = self.formula.iter().chain(&self.result);
        let parts: Vec<&str> = parts.map(String::as_str).collect();
        (self.name.clone(), parts.join(" = "))
    }
}

/// The lines of a layer's arithmetic.
pub(super) fn told(world: &Resolved, node: usize) -> Vec<Told> {
    let Some(node) = world.nodes.get(node) else {
        return Vec::new();
    };
    let shape = |input: &usize| world.values[*input].shape;
    let inputs: Vec<Shape> = node.step.inputs.iter().map(shape).collect();
    let mut told = Vec::new();
    // Nothing here fails.
    let _ = node.layer.explain_each(&inputs, &mut |line| {
        told.push(Told {
            name: line.name.to_string(),
            formula: line.formula.map(ToString::to_string),
            result: line.result.map(ToString::to_string),
        });
        Ok(())
    });
    told
}

/// The lines of a layer's arithmetic, where only rustc knows its numbers: with names in
/// the place of numbers, where these hold in all worlds.
pub(super) fn formulas(graph: &Resolved, node: usize) -> Vec<(String, String)> {
    let Some(symbols) = &graph.symbols else {
        return Vec::new();
    };
    let worlds: Vec<&Resolved> = std::iter::once(graph).chain(&symbols.worlds).collect();
    // Of fewer, nothing could be said.
    const FEWEST: usize = 3;
    if worlds.len() < FEWEST {
        return Vec::new();
    }
    let names = names_of_numbers(graph, symbols, &worlds, node);
    let told: Vec<Vec<Told>> = worlds.iter().map(|world| told(world, node)).collect();
    let lines = told.iter().map(Vec::len).min().unwrap_or(0);
    (0..lines)
        .filter_map(|line| {
            let all = || told.iter().filter_map(|told| told.get(line));
            let name = all().next()?.name.clone();
            if all().any(|line| line.name != name) {
                return None;
            }
            let whole: Vec<String> = all().map(|line| line.whole().1).collect();
            let formula = || {
                all()
                    .map(|line| line.formula.clone())
                    .collect::<Option<Vec<_>>>()
            };
            // Where the result is no short expression, the formula is.
            let named = named(&whole, &names).or_else(|| named(&formula()?, &names))?;
            Some((name, named))
        })
        .collect()
}

/// What stands for numbers: a name, and the number in each world.
type Names = Vec<(String, Vec<u64>)>;

/// The names of what goes into a layer and comes out of it, and of what the user wrote.
fn names_of_numbers(
    graph: &Resolved,
    symbols: &Symbols,
    worlds: &[&Resolved],
    node: usize,
) -> Names {
    let mut names = Names::new();
    for (index, atom) in symbols.atoms.iter().enumerate() {
        let value = |place: usize| u64::try_from(*symbols.values(place).get(index)?).ok();
        let values: Option<Vec<u64>> = (0..worlds.len()).map(value).collect();
        if let Some(values) = values.filter(|_| !atom.boolean) {
            names.push((atom.text.clone(), values));
        }
    }
    for (text, formula) in &symbols.terms {
        let value = |place: usize| {
            let atoms = &symbols.values(place);
            let value = formula.value(Numbers { atoms, shapes: &[] })?;
            u64::try_from(value).ok()
        };
        let values: Option<Vec<u64>> = (0..worlds.len()).map(value).collect();
        names.extend(values.map(|values| (text.clone(), values)));
    }
    let Some(of) = graph.nodes.get(node) else {
        return names;
    };
    for value in of.step.inputs.iter().copied().chain(of.outputs()) {
        let info = &graph.values[value];
        let inner = info.display.trim_start_matches('[').trim_end_matches(']');
        let texts: Vec<&str> = inner.split(", ").collect();
        if !info.symbolic || texts.len() != info.shape.rank() {
            continue;
        }
        for (axis, text) in texts.into_iter().enumerate() {
            let extent = |world: &&Resolved| {
                let extent = world.values.get(value)?.shape.as_slice().get(axis)?;
                u64::try_from(*extent).ok()
            };
            let values: Option<Vec<u64>> = worlds.iter().map(extent).collect();
            let short = !text.contains(' ') && !is_number(&text.replace(',', ""));
            if let Some(values) = values.filter(|_| short) {
                names.push((text.to_owned(), values));
            }
        }
    }
    names
}

/// A line that is told in several worlds, with names in the place of the numbers that are
/// not the same in all; `None` where one has no name, or the lines differ otherwise.
fn named(lines: &[String], names: &Names) -> Option<String> {
    let lines: Vec<Vec<Piece<'_>>> = lines.iter().map(|line| pieces(line)).collect();
    let (first, others) = lines.split_first()?;
    let mut text = String::new();
    for (place, piece) in first.iter().enumerate() {
        match piece.number {
            None if others.iter().all(|other| other.get(place) == Some(piece)) => {
                text.push_str(piece.text);
            }
            None => return None,
            Some(_) => {
                let number = |line: &Vec<Piece<'_>>| line.get(place)?.number;
                let numbers: Vec<u64> = lines.iter().map(number).collect::<Option<_>>()?;
                if numbers.iter().all(|number| Some(*number) == piece.number) {
                    text.push_str(piece.text);
                    continue;
                }
                let (name, _) = names.iter().find(|(_, values)| *values == numbers)?;
                text.push_str(name);
            }
        }
    }
    let long = others.iter().any(|other| other.len() != first.len());
    (!long).then_some(text)
}

/// A number in a line, or the text up to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece<'l> {
    text: &'l str,
    number: Option<u64>,
}

/// The numbers of a line, and what stands between them.
fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    let mut rest = line.char_indices();
    while let Some((at, c)) = rest.next() {
        // A digit within a word or behind a point is no number of its own.
        let begins = c.is_ascii_digit() && !(before.is_alphanumeric() || "_.".contains(before));
        before = c;
        if !begins {
            continue;
        }
        let digits = |c: char| c.is_ascii_digit() || c == ',';
        let length = line[at..].find(|c| !digits(c)).unwrap_or(line.len() - at);
        // A comma behind the last digit belongs to what follows.
        let number = line[at..at + length].trim_end_matches(',');
        let end = at + number.len();
        if let Ok(value) = number.replace(',', "").parse() {
            pieces.extend((at > start).then(|| Piece {
                text: &line[start..at],
                number: None,
            }));
            pieces.push(Piece {
                text: number,
                number: Some(value),
            });
            start = end;
        }
        while rest.as_str().len() > line.len() - end {
            before = rest.next().map_or(' ', |(_, c)| c);
        }
    }
    if start < line.len() {
        pieces.push(Piece {
            text: &line[start..],
            number: None,
        });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_for_whole_numbers_only() {
        let numbers = |line| -> Vec<&str> {
            let pieces = pieces(line).into_iter();
            pieces
                .filter(|piece| piece.number.is_some())
                .map(|piece| piece.text)
                .collect()
        };
        assert_eq!(numbers("64*3 + 1,640"), ["64", "3", "1,640"]);
        assert_eq!(numbers("(1,009, 64)"), ["1,009", "64"]);
        assert_eq!(numbers("conv64 0.64"), ["0"]);
        let whole: String = pieces("a (1,009, 64) = 3")
            .iter()
            .map(|piece| piece.text)
            .collect();
        assert_eq!(whole, "a (1,009, 64) = 3");
    }

    #[test]
    fn a_name_stands_where_it_is_the_number_in_all_worlds() {
        let names = vec![
            ("N".to_owned(), vec![64, 32, 7]),
            ("WIDTH".to_owned(), vec![32, 16, 5]),
        ];
        let named = |lines: [&str; 3]| named(&lines.map(str::to_owned), &names);
        assert_eq!(
            named(["(64 - 3)*32", "(32 - 3)*16", "(7 - 3)*5"]).as_deref(),
            Some("(N - 3)*WIDTH")
        );
        // Half of `N` is `WIDTH` in two of three.
        assert_eq!(named(["64/2 = 32", "32/2 = 16", "7/2 = 3"]), None);
        assert_eq!(named(["64 + 1", "32 + 1", "7"]), None);
    }
}
