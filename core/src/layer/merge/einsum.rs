//! Products over named axes.

use core::fmt;

use crate::error::{EquationFault, Error, attempt};
use crate::extents::{Extents, MAX_RANK};
use crate::formula::{self, sum};
use crate::layer::explain::{Figured, Lines};
use crate::layer::kept::{Backward, Kept};
use crate::layer::{MAX_INPUTS, Receptive};
use crate::number::Grouped;
use crate::shape::Shape;
use crate::value::{Equation, Letters};

const fn wrong(equation: &Equation, fault: EquationFault) -> Error {
    Error::Equation {
        equation: *equation,
        fault,
    }
}

/// Whether the equation means something for these operands.
pub(super) const fn check(equation: &Equation, inputs: &[Shape]) -> Result<(), Error> {
    let Some(arrow) = equation.arrow() else {
        return Err(wrong(equation, EquationFault::Arrow));
    };
    let bytes = equation.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let comma = bytes[i] == b',' && i < arrow;
        if !bytes[i].is_ascii_alphabetic() && !comma && i != arrow && i != arrow + 1 {
            return Err(wrong(equation, EquationFault::Character(bytes[i])));
        }
        i += 1;
    }
    let operands = equation.operands();
    if operands != inputs.len() || operands > MAX_INPUTS {
        return Err(wrong(
            equation,
            EquationFault::Operands {
                given: inputs.len(),
            },
        ));
    }
    let mut place = 0;
    while place < operands {
        let letters = equation.operand(place);
        if letters.len() != inputs[place].rank() {
            return Err(wrong(
                equation,
                EquationFault::Axes {
                    place,
                    input: inputs[place],
                    batch: is_batched(equation, inputs),
                },
            ));
        }
        attempt!(once(equation, &letters));
        attempt!(agrees(equation, inputs, place));
        place += 1;
    }
    let result = equation.result();
    if result.is_empty() {
        return Err(wrong(equation, EquationFault::NoResult));
    }
    attempt!(once(equation, &result));
    let mut i = 0;
    while i < result.as_bytes().len() {
        if extent(equation, inputs, result.at(i)).is_none() {
            return Err(wrong(equation, EquationFault::Unknown(result.at(i))));
        }
        i += 1;
    }
    let mut place = 0;
    while place < operands {
        let axes = equation.multiplied(place).len();
        if axes > MAX_RANK {
            return Err(wrong(equation, EquationFault::Product { place, axes }));
        }
        place += 1;
    }
    Ok(())
}

/// Each letter stands once among these.
const fn once(equation: &Equation, letters: &Letters) -> Result<(), Error> {
    let mut i = 0;
    while i < letters.as_bytes().len() {
        if let Some(first) = letters.place(letters.at(i))
            && first != i
        {
            return Err(wrong(equation, EquationFault::Twice(letters.at(i))));
        }
        i += 1;
    }
    Ok(())
}

/// The letters of an operand stand for the same extents as in those before it.
const fn agrees(equation: &Equation, inputs: &[Shape], place: usize) -> Result<(), Error> {
    let letters = equation.operand(place);
    let mut i = 0;
    while i < letters.as_bytes().len() {
        let mut other = 0;
        while other < place {
            if let Some(axis) = equation.operand(other).place(letters.at(i)) {
                let extents = [
                    inputs[other].extents().at(axis),
                    inputs[place].extents().at(i),
                ];
                if extents[0] != extents[1] {
                    return Err(Error::Equation {
                        equation: *equation,
                        fault: EquationFault::Differs {
                            letter: letters.at(i),
                            extents,
                            shapes: [inputs[other], inputs[place]],
                        },
                    });
                }
            }
            other += 1;
        }
        i += 1;
    }
    Ok(())
}

/// Whether every operand and the result has one letter too many, the same in front: that of
/// the batch, which is never written.
const fn is_batched(equation: &Equation, inputs: &[Shape]) -> bool {
    let batch = equation.result().at(0);
    let mut batched = equation.result().len() > 1;
    let mut place = 0;
    while place < inputs.len() {
        let letters = equation.operand(place);
        batched = batched && letters.at(0) == batch && letters.len() == inputs[place].rank() + 1;
        place += 1;
    }
    batched
}

/// The extent that a letter stands for.
const fn extent(equation: &Equation, inputs: &[Shape], letter: u8) -> Option<usize> {
    let mut place = 0;
    while place < inputs.len() {
        if let Some(axis) = equation.operand(place).place(letter) {
            return Some(inputs[place].extents().at(axis));
        }
        place += 1;
    }
    None
}

pub(super) const fn output(equation: &Equation, inputs: &[Shape]) -> Result<Shape, Error> {
    let result = equation.result();
    let mut extents = Extents::EMPTY;
    let mut i = 0;
    while i < result.as_bytes().len() {
        let Some(extent) = extent(equation, inputs, result.at(i)) else {
            return Err(wrong(equation, EquationFault::Unknown(result.at(i))));
        };
        extents = match extents.push(extent) {
            Some(extents) => extents,
            None => return Err(formula::overflow("the output shape")),
        };
        i += 1;
    }
    match Shape::from_extents(extents) {
        Some(shape) => Ok(shape),
        None => Err(formula::overflow("the output shape")),
    }
}

/// What the product of an operand with those before it takes: the extents of the axes that it
/// goes through, if it sums over one that both have. Otherwise each element is one product,
/// which is none of a matrix.
const fn step(equation: &Equation, inputs: &[Shape], place: usize) -> Option<Axes> {
    let (left, right) = (equation.multiplied(place - 1), equation.operand(place));
    let kept = equation.multiplied(place);
    let mut axes = Axes {
        extents: [1; 2 * MAX_RANK],
        count: 0,
    };
    let mut sums = false;
    let mut side = 0;
    while side < 2 {
        let (own, other) = if side == 0 {
            (left, right)
        } else {
            (right, left)
        };
        let mut i = 0;
        while i < own.as_bytes().len() {
            let letter = own.at(i);
            let shared = other.has(letter);
            sums = sums || (shared && !kept.has(letter));
            // What only one has and nobody needs is summed up before.
            let counts = kept.has(letter) || shared;
            if counts
                && !(side == 1 && shared)
                && let Some(extent) = extent(equation, inputs, letter)
            {
                axes.extents[axes.count] = extent;
                axes.count += 1;
            }
            i += 1;
        }
        side += 1;
    }
    if sums { Some(axes) } else { None }
}

/// Extents of axes that a product goes through.
struct Axes {
    extents: [usize; 2 * MAX_RANK],
    count: usize,
}

pub(super) const fn macs(equation: &Equation, inputs: &[Shape]) -> Result<u64, Error> {
    const WHAT: &str = "the number of multiply-accumulates";
    let mut macs = 0;
    let mut place = 1;
    while place < inputs.len() {
        if let Some(axes) = step(equation, inputs, place) {
            let mut product = 1;
            let mut i = 0;
            while i < axes.count {
                let factors = [product, axes.extents[i] as u64];
                product = attempt!(formula::product_of(&factors, WHAT));
                i += 1;
            }
            macs = attempt!(sum(macs, product, WHAT));
        }
        place += 1;
    }
    Ok(macs)
}

/// The factors of each product, as they are multiplied: an operand without the axes that are
/// summed before, and what the operands before it came to.
pub(super) const fn keeps(equation: &Equation, inputs: &[Shape], pass: &Backward) -> Kept {
    let mut kept = Kept::NOTHING;
    if inputs.len() == 1 {
        return kept;
    }
    kept.crossed = true;
    let mut place = 0;
    while place < inputs.len() {
        let letters = equation.operand(place);
        let (mut needed, mut whole, mut i) = (1, true, 0);
        while i < letters.as_bytes().len() {
            if has_besides(equation, place, letters.at(i)) {
                needed = elements(needed, inputs[place].extents().at(i));
            } else {
                whole = false;
            }
            i += 1;
        }
        kept = match whole {
            true => kept.input(place),
            false => kept.values(pass.count(&[needed])),
        };
        if place > 0 && place + 1 < inputs.len() {
            let product = equation.multiplied(place);
            let (mut count, mut i) = (1, 0);
            while i < product.as_bytes().len() {
                if let Some(extent) = extent(equation, inputs, product.at(i)) {
                    count = elements(count, extent);
                }
                i += 1;
            }
            kept = kept.values(pass.count(&[count]));
        }
        place += 1;
    }
    kept
}

const fn elements(count: u64, extent: usize) -> u64 {
    count.saturating_mul(extent as u64)
}

/// Whether another operand or the result has a letter of this one.
const fn has_besides(equation: &Equation, place: usize, letter: u8) -> bool {
    let mut other = 0;
    while other < equation.operands() {
        if other != place && equation.operand(other).has(letter) {
            return true;
        }
        other += 1;
    }
    equation.result().has(letter)
}

/// Positions see themselves where an operand has those of the result in front.
pub(super) const fn receptive(equation: &Equation, place: usize) -> Receptive {
    let (own, result) = (equation.operand(place), equation.result());
    let mut same = own.len() == result.len() && own.len() > 1;
    let mut axis = 0;
    while axis + 1 < own.len() {
        same = same && own.at(axis) == result.at(axis);
        axis += 1;
    }
    if same {
        Receptive::SAME
    } else {
        Receptive::Whole
    }
}

pub(super) fn explain(equation: &Equation, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
    let Ok(macs) = macs(equation, inputs) else {
        return Ok(());
    };
    if macs == 0 {
        return Ok(());
    }
    let formula = fmt::from_fn(|f| {
        let mut separator = "";
        for place in 1..inputs.len() {
            if let Some(axes) = step(equation, inputs, place) {
                write!(f, "{separator}")?;
                for (i, extent) in axes.extents[..axes.count].iter().enumerate() {
                    write!(f, "{}{extent}", if i == 0 { "" } else { "*" })?;
                }
                separator = " + ";
            }
        }
        Ok(())
    });
    lines.tell(Figured::Macs, "MACs", formula, Grouped(macs))
}
