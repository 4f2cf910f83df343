//! How documentation shows what only rustc knows: by comparing worlds.

use shapewise_core::{Shape, Value, axis_of_rank};

use super::Outcome;
use crate::graph::{Numbers, Recipe, Resolved, Symbols};
use crate::report::Error;

impl Symbols {
    /// The atoms' values in one of the worlds, by its place among them.
    pub fn values(&self, world: usize) -> Vec<i128> {
        let Some(choice) = self.choices.get(world) else {
            return Vec::new();
        };
        let atoms = self.atoms.iter().enumerate();
        atoms
            .map(|(index, atom)| choice.value(index, atom))
            .collect()
    }

    /// A number as an expression of the atoms, given its value in each world, the
    /// network's own first: a number that is the same everywhere, an atom, a
    /// multiple or part of one, or a short polynomial of one. Each is verified in
    /// all worlds, and is shown only where those are more than determine it.
    pub fn express(&self, found: &[i128]) -> Option<String> {
        const FEWEST: usize = 4;
        let first = *found.first()?;
        if found.len() < FEWEST {
            return None;
        }
        if found.iter().all(|value| *value == first) {
            return Some(first.to_string());
        }
        let columns = self.columns(found.len());
        columns
            .iter()
            .find_map(|(name, xs)| {
                polynomial(xs, found, name).or_else(|| quotient(xs, found, name))
            })
            .or_else(|| {
                let pairs = columns
                    .iter()
                    .enumerate()
                    .flat_map(|(i, x)| columns.iter().skip(i + 1).map(move |y| (x, y)));
                pairs.into_iter().find_map(|(x, y)| product(x, y, found))
            })
    }

    /// What expressions are made of, with their values in so many worlds: the atoms, and
    /// what is written with them that is no polynomial.
    fn columns(&self, worlds: usize) -> Vec<(String, Vec<i128>)> {
        let worlds: Vec<Vec<i128>> = (0..worlds).map(|world| self.values(world)).collect();
        let atoms = self.atoms.iter().enumerate();
        let atoms = atoms
            .filter(|(_, atom)| !atom.boolean)
            .map(|(index, atom)| {
                let values = worlds.iter().map(|world| world[index]).collect();
                (atom.text.clone(), values)
            });
        let terms = self.terms.iter().filter_map(|(text, formula)| {
            let values = worlds
                .iter()
                .map(|atoms| formula.value(Numbers { atoms, shapes: &[] }));
            Some((text.clone(), values.collect::<Option<Vec<i128>>>()?))
        });
        atoms.chain(terms).collect()
    }
}

/// `a*N^2*M`
fn product(
    (x, xs): &(String, Vec<i128>),
    (y, ys): &(String, Vec<i128>),
    found: &[i128],
) -> Option<String> {
    let powers = [(1, 1), (2, 1), (1, 2), (2, 2)];
    powers.into_iter().find_map(|(i, j)| {
        let parts: Option<Vec<i128>> = xs
            .iter()
            .zip(ys)
            .map(|(x, y)| x.checked_pow(i)?.checked_mul(y.checked_pow(j)?))
            .collect();
        let parts = parts?;
        let factor = exact(*found.first()?, *parts.first()?)?;
        let holds = parts
            .iter()
            .zip(found)
            .all(|(part, found)| part.checked_mul(factor) == Some(*found));
        let power = |name: &str, power| match power {
            1 => name.to_owned(),
            _ => format!("{name}^{power}"),
        };
        let term = format!("{}*{}", power(x, i), power(y, j));
        holds.then(|| match factor {
            1 => term,
            _ => format!("{}*{term}", grouped(factor.unsigned_abs())),
        })
    })
}

/// `a*N^2 + b*N + c`
fn polynomial(xs: &[i128], ys: &[i128], name: &str) -> Option<String> {
    // Three points with different places determine it, two others verify at least.
    const FEWEST: usize = 5;
    let mut places: Vec<usize> = Vec::new();
    for (i, x) in xs.iter().enumerate() {
        if places.iter().all(|place| xs[*place] != *x) {
            places.push(i);
        }
    }
    if places.len() < FEWEST {
        return None;
    }
    let [p, q, r] = *places.get(..3)? else {
        return None;
    };
    let slope = |i: usize, j: usize| {
        let (dx, dy) = (xs[j] - xs[i], ys[j].checked_sub(ys[i])?);
        Some((dy, dx))
    };
    let (dy1, dx1) = slope(p, q)?;
    let (dy2, dx2) = slope(p, r)?;
    // a = (dy2/dx2 - dy1/dx1) / (xr - xq)
    let top = dy2.checked_mul(dx1)?.checked_sub(dy1.checked_mul(dx2)?)?;
    let bottom = dx1.checked_mul(dx2)?.checked_mul(xs[r] - xs[q])?;
    let a = exact(top, bottom)?;
    let square = |x: i128| x.checked_mul(x)?.checked_mul(a);
    let b = exact(
        dy1.checked_sub(square(xs[q])?.checked_sub(square(xs[p])?)?)?,
        dx1,
    )?;
    let c = ys[p]
        .checked_sub(square(xs[p])?)?
        .checked_sub(b.checked_mul(xs[p])?)?;
    let holds = |(x, y): (&i128, &i128)| {
        let value = square(*x)?
            .checked_add(b.checked_mul(*x)?)?
            .checked_add(c)?;
        (value == *y).then_some(())
    };
    xs.iter().zip(ys).try_for_each(holds)?;
    let mut text = String::new();
    for (factor, term) in [
        (a, format!("{name}^2")),
        (b, name.to_owned()),
        (c, String::new()),
    ] {
        if factor == 0 {
            continue;
        }
        let size = grouped(factor.unsigned_abs());
        let size = match (size.as_str(), term.as_str()) {
            (_, "") => size,
            ("1", _) => term,
            _ => format!("{size}*{term}"),
        };
        match (text.is_empty(), factor < 0) {
            (true, false) => {}
            (true, true) => text.push('-'),
            (false, false) => text.push_str(" + "),
            (false, true) => text.push_str(" - "),
        }
        text.push_str(&size);
    }
    Some(text)
}

/// `N/2`
fn quotient(xs: &[i128], ys: &[i128], name: &str) -> Option<String> {
    let divisor =
        (2..=64).find(|divisor| xs.iter().zip(ys).all(|(x, y)| x.div_euclid(*divisor) == *y))?;
    Some(format!("{name}/{divisor}"))
}

fn exact(a: i128, b: i128) -> Option<i128> {
    (a.checked_rem(b)? == 0).then(|| a / b)
}

fn grouped(number: u128) -> String {
    u64::try_from(number).map_or_else(
        |_| number.to_string(),
        |number| shapewise_core::report::Grouped(number).to_string(),
    )
}

impl Resolved {
    /// A figure in every world, the network's own first.
    pub fn everywhere(&self, figure: &dyn Fn(&Self) -> Option<u64>) -> Option<Vec<i128>> {
        let others = self.symbols.iter().flat_map(|symbols| &symbols.worlds);
        std::iter::once(self)
            .chain(others)
            .map(|world| figure(world).map(i128::from))
            .collect()
    }

    /// A figure as an expression of what only rustc knows, where one is found.
    pub fn expression(&self, figure: &dyn Fn(&Self) -> Option<u64>) -> Option<String> {
        self.symbols.as_ref()?.express(&self.everywhere(figure)?)
    }
}

impl Resolved {
    /// A number that is written, as an expression of what only rustc knows.
    pub fn shown(&self, recipe: &Recipe) -> Option<String> {
        let symbols = self.symbols.as_ref()?;
        let worlds = std::iter::once(self).chain(&symbols.worlds).enumerate();
        let found = worlds.map(|(place, world)| {
            let atoms = &symbols.values(place);
            let shapes: Vec<Shape> = world.values.iter().map(|value| value.shape).collect();
            let shapes = &shapes;
            match recipe.value(Numbers { atoms, shapes })? {
                Value::Int(number) => Some(i128::from(number)),
                _ => None,
            }
        });
        symbols.express(&found.collect::<Option<Vec<_>>>()?)
    }
}

/// Finds how each value's shape is shown.
pub(super) fn describe(graph: &mut Resolved) {
    let displays: Vec<Option<String>> = (0..graph.values.len())
        .map(|value| display(graph, value))
        .collect();
    for (value, display) in graph.values.iter_mut().zip(displays) {
        if let Some(display) = display {
            value.display = display;
        }
    }
}

/// The shape of a value, where only rustc knows it.
pub(super) fn display(graph: &Resolved, value: usize) -> Option<String> {
    let info = &graph.values[value];
    if !info.symbolic {
        return None;
    }
    let name = match info.node {
        Some(node) => {
            let node = &graph.nodes[node];
            node.step.path.clone()
        }
        None => graph.inputs.get(value)?.clone(),
    };
    let worlds = &graph.symbols.as_ref()?.worlds;
    let rank = info.shape.rank();
    if worlds
        .iter()
        .any(|world| world.values.get(value).map(|info| info.shape.rank()) != Some(rank))
    {
        return Some(format!("{name}.output"));
    }
    let mut extents = Vec::new();
    for axis in 0..rank {
        let found = graph.expression(&|world| {
            let extent = world.values.get(value)?.shape.as_slice().get(axis)?;
            u64::try_from(*extent).ok()
        });
        extents.push(found.unwrap_or_else(|| format!("{name}.{}", axis_of_rank(axis, rank))));
    }
    Some(shape_of(&extents))
}

/// Extents as a shape is written.
pub(super) fn shape_of(extents: &[String]) -> String {
    let known = |extent: &String| extent.chars().all(|c| c.is_ascii_digit());
    match extents {
        extents if extents.iter().all(known) => extents.join("x"),
        [extent] => extent.clone(),
        extents => format!("[{}]", extents.join(", ")),
    }
}

/// Answers the holes whose shapes only rustc knows.
pub(super) fn holes(outcome: &mut Outcome) {
    for (span, values) in &outcome.holes {
        let shapes: Vec<&str> = values
            .iter()
            .map(|value| outcome.graph.values[*value].display.as_str())
            .collect();
        let found = match shapes.as_slice() {
            [shape] => (*shape).to_owned(),
            shapes => format!("({})", shapes.join(", ")),
        };
        outcome.errors.push(
            Error::new(*span, format!("the shape here is {found}"))
                .help("replace `?` by the shape, or leave `=> ?` out"),
        );
    }
}
