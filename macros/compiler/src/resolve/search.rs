//! Numbers to try in the place of what only rustc knows.

use shapewise_core::{Shape, Value};

use crate::graph::{Choice, Formula, Numbers, Recipe, Resolved, Step};

/// The most numbers that a layer suggests.
const MOST_SUGGESTED: usize = 48;

/// Other numbers near those of a world, without an order, the same in each build.
pub(super) struct Search {
    choice: Choice,
    values: Vec<i128>,
    state: u64,
    left: usize,
}

impl Search {
    /// Numbers near those of a world.
    pub(super) fn from(choice: &Choice, values: Vec<i128>) -> Self {
        Self {
            choice: choice.clone(),
            values,
            state: 0x2545_F491_4F6C_DD1D,
            left: 800,
        }
    }

    fn random(&mut self, below: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 33).unwrap_or(0) % below.max(1)
    }
}

impl Iterator for Search {
    type Item = Choice;

    fn next(&mut self) -> Option<Choice> {
        // Small ones more often: those of windows, strides and paddings.
        const NUMBERS: [i128; 24] = [
            1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64, 96, 128, 224, 256, 512,
            1024,
        ];
        self.left = self.left.checked_sub(1)?;
        let mut choice = self.choice.clone();
        choice.chosen.clone_from(&self.values);
        if self.values.is_empty() {
            // Only shapes are guessed: by the world's number.
            choice.number += 801 - self.left;
            return Some(choice);
        }
        for _ in 0..=self.random(3) {
            let index = self.random(self.values.len());
            let number = NUMBERS[self.random(NUMBERS.len())];
            set(&mut choice.chosen, index, number);
        }
        Some(choice)
    }
}

/// Sets an atom. Atoms differ, so that conditions see them differ.
fn set(values: &mut [i128], index: usize, number: i128) {
    if let Some(old) = values.iter().position(|value| *value == number) {
        values.swap(old, index);
    } else if let Some(value) = values.get_mut(index) {
        *value = number;
    }
}

/// Worlds with which the layer at the end of a walk may fit: one atom that it depends
/// on is a divisor or a multiple of one of its numbers.
pub(super) fn suggested(graph: &Resolved, choice: &Choice, values: &[i128]) -> Vec<Choice> {
    let Some(end) = &graph.dead_end else {
        return Vec::new();
    };
    let numbers = numbers(graph, &end.step);
    let mut choices = Vec::new();
    for atom in atoms(graph, &end.step) {
        let Some(value) = values.get(atom).copied().filter(|value| *value > 0) else {
            continue;
        };
        let mut tried = Vec::new();
        for number in &numbers {
            let multiple = value / gcd(value, *number) * *number;
            tried.extend([1, 2, 3].map(|times| times * number));
            tried.extend([1, 2, 3].map(|times| times * multiple));
            tried.extend(
                (2..=*number)
                    .filter(|divisor| number % divisor == 0)
                    .take(6),
            );
            tried.extend([number - 1, number + 1, 2 * number]);
        }
        tried.push(1);
        let mut seen = Vec::new();
        for number in tried {
            if number < 1 || number == value || seen.contains(&number) {
                continue;
            }
            if seen.len() == MOST_SUGGESTED {
                break;
            }
            seen.push(number);
            let mut choice = choice.clone();
            choice.chosen = values.to_vec();
            set(&mut choice.chosen, atom, number);
            choices.push(choice);
        }
    }
    choices
}

/// Worlds on both sides of where an expression bends or jumps, so that what is shown of
/// it holds there too: `min(2 * N, 1000)` is looked at with an `N` of 499, 501 and more.
pub(super) fn sides(graph: &Resolved, choice: &Choice, values: &[i128]) -> Vec<Choice> {
    const MOST: usize = 24;
    let shapes: Vec<Shape> = graph.values.iter().map(|value| value.shape).collect();
    let mut choices = Vec::new();
    for bend in graph.bends() {
        let (Formula::Computed(_, operands) | Formula::Compared(_, operands)) = &bend else {
            continue;
        };
        let mut found = Found::default();
        found.parts_of(&bend);
        for atom in found.atoms {
            let Some(edge) = crossing(operands, atom, values, &shapes) else {
                continue;
            };
            for number in [edge - 1, edge, edge + 1, 2 * edge + 1] {
                if number > 0 {
                    let mut choice = choice.clone();
                    choice.chosen = values.to_vec();
                    set(&mut choice.chosen, atom, number);
                    choices.push(choice);
                }
            }
        }
    }
    choices.truncate(MOST);
    choices
}

/// The first number of an atom with which one operand is no longer less than the other,
/// or the other way round, where that changes once.
fn crossing(
    operands: &(Formula, Formula),
    atom: usize,
    values: &[i128],
    shapes: &[Shape],
) -> Option<i128> {
    let mut atoms = values.to_vec();
    let mut less = |number: i128| {
        *atoms.get_mut(atom)? = number;
        let numbers = Numbers {
            atoms: &atoms,
            shapes,
        };
        Some(operands.0.value(numbers)? < operands.1.value(numbers)?)
    };
    let (mut low, mut high) = (1, 1 << 32);
    let first = less(low)?;
    if less(high)? == first {
        return None;
    }
    while high - low > 1 {
        let middle = i128::midpoint(low, high);
        if less(middle)? == first {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}

/// The numbers that a layer's rules see: its arguments and the extents that come in.
fn numbers(graph: &Resolved, step: &Step) -> Vec<i128> {
    const LARGEST: i128 = 1 << 32;
    let mut numbers: Vec<i128> = Vec::new();
    for (place, (_, value)) in step.arguments.iter().enumerate() {
        if step.codes.get(place).is_some_and(Option::is_some) {
            continue;
        }
        match value {
            Value::Int(number) => numbers.push(i128::from(*number)),
            Value::Extents(extents) => {
                numbers.extend(extents.as_slice().iter().map(|extent| *extent as i128));
            }
            _ => {}
        }
    }
    for input in &step.inputs {
        let shape = &graph.values[*input].shape;
        numbers.extend(shape.as_slice().iter().rev().map(|extent| *extent as i128));
    }
    numbers.retain(|number| (1..LARGEST).contains(number));
    numbers
}

/// The atoms that a layer depends on, those of its own arguments first.
pub(super) fn atoms(graph: &Resolved, step: &Step) -> Vec<usize> {
    let mut found = Found {
        values: step.inputs.clone(),
        ..Found::default()
    };
    step.codes
        .iter()
        .flatten()
        .for_each(|known| found.all_of(&known.recipe));
    let mut seen = vec![false; graph.values.len()];
    while let Some(value) = found.values.pop() {
        let Some(info) = graph.values.get(value).filter(|info| info.symbolic) else {
            continue;
        };
        if std::mem::replace(&mut seen[value], true) {
            continue;
        }
        if let Some(known) = &info.code {
            found.all_of(&known.recipe);
        }
        if let Some(node) = info.node.and_then(|node| graph.nodes.get(node)) {
            found.values.extend(&node.step.inputs);
            let codes = node.step.codes.iter().flatten();
            codes.for_each(|known| found.all_of(&known.recipe));
        }
    }
    found.atoms
}

/// What a layer depends on.
#[derive(Default)]
struct Found {
    atoms: Vec<usize>,
    /// Values to look at.
    values: Vec<usize>,
}

impl Found {
    fn all_of(&mut self, recipe: &Recipe) {
        for formula in recipe.formulas() {
            self.parts_of(formula);
        }
    }

    fn parts_of(&mut self, formula: &Formula) {
        formula.visit(&mut |part| match part {
            Formula::Atom(atom) if !self.atoms.contains(atom) => self.atoms.push(*atom),
            Formula::Extent(value, _) => self.values.push(*value),
            _ => {}
        });
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
