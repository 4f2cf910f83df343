//! Values that only rustc knows, as the macro computes them for numbers of its own.

use std::rc::Rc;

use super::Atom;
use shapewise_core::arithmetic::{Comparison, Operation};
use shapewise_core::{Axis, Extents, Shape, Sides, Value};

/// What the macro takes for known: the atoms, and the shapes of the values so far.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    /// What each atom is.
    pub atoms: &'a [i128],
    /// The shapes of the values.
    pub shapes: &'a [Shape],
}

/// A whole number, or a truth value as 0 or 1. It says what the code beside it says to
/// rustc.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A number.
    Known(i128),
    /// What the user wrote, by its place in the list of atoms.
    Atom(usize),
    /// An extent of a value.
    Extent(usize, Axis),
    /// Arithmetic.
    Computed(Operation, Rc<(Formula, Formula)>),
    /// A comparison.
    Compared(Comparison, Rc<(Formula, Formula)>),
    /// The opposite of a truth value.
    Not(Rc<Formula>),
}

impl Formula {
    /// Its value, where it has one.
    pub fn value(&self, numbers: Numbers<'_>) -> Option<i128> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Atom(atom) => numbers.atoms.get(*atom).copied(),
            Self::Extent(value, axis) => {
                let extent = numbers.shapes.get(*value)?.axis(*axis)?;
                i128::try_from(extent).ok()
            }
            Self::Computed(operation, operands) => {
                let (a, b) = &**operands;
                operation.of(a.value(numbers)?, b.value(numbers)?).ok()
            }
            Self::Compared(comparison, operands) => {
                let (a, b) = &**operands;
                Some(comparison.of(a.value(numbers)?, b.value(numbers)?).into())
            }
            Self::Not(of) => Some(1 - of.value(numbers)?),
        }
    }

    fn extent(&self, numbers: Numbers<'_>) -> Option<usize> {
        usize::try_from(self.value(numbers)?).ok()
    }

    /// Whether it is not a polynomial of its operands: it bends or jumps somewhere.
    pub fn bends(&self) -> bool {
        match self {
            Self::Computed(operation, _) => match operation {
                Operation::Add | Operation::Subtract | Operation::Multiply | Operation::Divide => {
                    false
                }
                Operation::Remainder
                | Operation::ShiftLeft
                | Operation::ShiftRight
                | Operation::DivFloor
                | Operation::DivCeil
                | Operation::Min
                | Operation::Max => true,
            },
            Self::Compared(..) => true,
            Self::Known(_) | Self::Atom(_) | Self::Extent(..) | Self::Not(_) => false,
        }
    }

    /// As it would be written, where it is made of atoms and numbers.
    pub fn text(&self, atoms: &[Atom]) -> Option<String> {
        let operand = |of: &Self| {
            let text = of.text(atoms)?;
            let whole = matches!(of, Self::Computed(operation, _) if operation.is_function());
            Some(if text.contains(' ') && !whole && !of.bends() {
                format!("({text})")
            } else {
                text
            })
        };
        Some(match self {
            Self::Known(value) => value.to_string(),
            Self::Atom(atom) => atoms.get(*atom)?.text.clone(),
            Self::Computed(operation, operands) if operation.is_function() => {
                let (a, b) = (operands.0.text(atoms)?, operands.1.text(atoms)?);
                format!("{}({a}, {b})", operation.symbol())
            }
            Self::Computed(operation, operands) => {
                let (a, b) = (operand(&operands.0)?, operand(&operands.1)?);
                let text = format!("{a} {} {b}", operation.symbol());
                if self.bends() {
                    format!("({text})")
                } else {
                    text
                }
            }
            Self::Extent(..) | Self::Compared(..) | Self::Not(_) => return None,
        })
    }

    /// Calls a function with it and all that it is made of.
    pub fn visit(&self, with: &mut dyn FnMut(&Self)) {
        with(self);
        match self {
            Self::Known(_) | Self::Atom(_) | Self::Extent(..) => {}
            Self::Computed(_, operands) | Self::Compared(_, operands) => {
                operands.0.visit(with);
                operands.1.visit(with);
            }
            Self::Not(of) => of.visit(with),
        }
    }
}

/// How an argument or a shape is made of such numbers.
#[derive(Clone, Debug)]
pub enum Recipe {
    /// A whole number.
    Count(Formula),
    /// A truth value: the number is odd.
    Odd(Formula),
    /// A truth value: the number is not 0.
    Truth(Formula),
    /// What the macro takes it for, whatever the numbers are.
    Fixed(Value),
    /// `[a, b]`
    Extents(Vec<Formula>),
    /// `[(a, b), (c, d)]`: what stands first, and what stands second.
    Sides(Vec<Formula>, Vec<Formula>),
    /// `a..b`
    Range(Formula, Formula),
}

impl Recipe {
    /// The value as the rules of a layer read it.
    pub fn value(&self, numbers: Numbers<'_>) -> Option<Value> {
        Some(match self {
            Self::Count(number) => Value::Int(u64::try_from(number.value(numbers)?).ok()?),
            Self::Odd(number) => Value::Bool(number.value(numbers)? % 2 == 1),
            Self::Truth(number) => Value::Bool(number.value(numbers)? != 0),
            Self::Fixed(value) => *value,
            Self::Extents(of) => Value::Extents(extents(of, numbers)?),
            Self::Sides(before, after) => Value::Sides(Sides::new(
                extents(before, numbers)?,
                extents(after, numbers)?,
            )),
            Self::Range(start, end) => Value::Range(start.extent(numbers)?, end.extent(numbers)?),
        })
    }

    /// The shape of such extents.
    pub fn shape(&self, numbers: Numbers<'_>) -> Option<Shape> {
        let Self::Extents(of) = self else { return None };
        let extents: Option<Vec<usize>> = of.iter().map(|number| number.extent(numbers)).collect();
        let shape = Shape::try_new(&extents?)?;
        shape.checked_elements().is_some().then_some(shape)
    }

    /// The numbers that it is made of.
    pub fn formulas(&self) -> Vec<&Formula> {
        match self {
            Self::Count(number) | Self::Odd(number) | Self::Truth(number) => vec![number],
            Self::Fixed(_) => Vec::new(),
            Self::Extents(of) => of.iter().collect(),
            Self::Sides(before, after) => before.iter().chain(after).collect(),
            Self::Range(start, end) => vec![start, end],
        }
    }
}

fn extents(of: &[Formula], numbers: Numbers<'_>) -> Option<Extents> {
    let extents: Option<Vec<usize>> = of.iter().map(|number| number.extent(numbers)).collect();
    Extents::try_new(&extents?)
}
