//! The errors about the equation of a product over named axes.

use super::fix::set;
use crate::error::{EquationFault, Error, Fix};
use crate::text::Text;
use crate::value::{Equation, Value};

/// What is wrong.
pub(super) const fn headline(error: &Error, layer: &str, text: &mut Text) {
    let Error::Equation { equation, fault } = error else {
        return;
    };
    match fault {
        EquationFault::Arrow => {
            of(text, equation, layer).str(" needs one `->`");
        }
        EquationFault::Character(b'.') => {
            of(text, equation, layer).str(" has a letter for each axis, and no `...`");
        }
        EquationFault::Character(other) => {
            of(text, equation, layer).str(" is of letters, not of ");
            letter(text, *other);
        }
        EquationFault::Operands { given } => {
            of(text, equation, layer)
                .str(" has ")
                .size(equation.operands());
            text.str(" operands, but ").size(*given);
            text.str(if *given == 1 { " is" } else { " are" })
                .str(" given");
        }
        EquationFault::Axes { place, input, .. } => {
            text.str("`").str(letters(&equation.operand(*place)));
            text.str("` in the equation of ").str(layer).str(" is of ");
            axes(text, equation.operand(*place).len());
            text.str(", but its input ")
                .shape(input)
                .str(" has ")
                .size(input.rank());
        }
        EquationFault::Twice(twice) => {
            of(text, equation, layer).str(" has ");
            letter(text, *twice).str(" twice for one value");
        }
        EquationFault::NoResult => {
            of(text, equation, layer).str(" has no axis of the result behind `->`");
        }
        EquationFault::Unknown(unknown) => {
            letter(text, *unknown).str(" behind `->` of ");
            of(text, equation, layer).str(" stands for no axis in front of it");
        }
        EquationFault::Differs {
            letter: own,
            extents,
            shapes,
        } => {
            letter(text, *own).str(" of ");
            of(text, equation, layer)
                .str(" is ")
                .size(extents[0])
                .str(" in ");
            text.shape(&shapes[0]).str(" and ").size(extents[1]);
            text.str(" in ").shape(&shapes[1]);
        }
        EquationFault::Product { place, axes } => {
            text.str("the product of the first ")
                .size(*place + 1)
                .str(" values of ");
            of(text, equation, layer)
                .str(" has ")
                .size(*axes)
                .str(" axes, but values have at most 5");
        }
    }
}

/// The arithmetic that shows it.
pub(super) const fn needs(error: &Error, text: &mut Text) {
    match error {
        Error::Equation {
            fault: EquationFault::Arrow,
            ..
        } => {
            text.str("the axes of the result stand behind it");
        }
        Error::Equation {
            fault: EquationFault::Axes { batch: true, .. },
            ..
        } => {
            text.str("the batch is never written");
        }
        _ => {}
    }
}

/// What could be written instead.
pub(super) const fn fixes(error: &Error) -> [Fix; 3] {
    match error {
        Error::Equation {
            equation,
            fault: EquationFault::Arrow,
        } if equation.arrow().is_none() => [with(implicit(equation)), Fix::None, Fix::None],
        Error::Equation {
            equation,
            fault: EquationFault::Axes { batch: true, .. },
        } => [with(unbatched(equation)), Fix::None, Fix::None],
        _ => [Fix::None; 3],
    }
}

const fn with(equation: Option<Equation>) -> Fix {
    match equation {
        Some(equation) => set("equation", Value::Equation(equation)),
        None => Fix::None,
    }
}

/// ``the equation `lk,km->lm` of `einsum```
const fn of<'t>(text: &'t mut Text, equation: &Equation, layer: &str) -> &'t mut Text {
    text.str("the equation `").str(equation.as_str());
    text.str("` of ").str(layer)
}

const fn letter(text: &mut Text, letter: u8) -> &mut Text {
    text.str("`").str(character(&[letter])).str("`")
}

const fn character(letter: &[u8]) -> &str {
    match core::str::from_utf8(letter) {
        Ok(letter) => letter,
        // Equations are of ASCII.
        Err(_) => "",
    }
}

const fn letters(letters: &crate::value::Letters) -> &str {
    character(letters.as_bytes())
}

const fn axes(text: &mut Text, axes: usize) {
    text.size(axes)
        .str(if axes == 1 { " axis" } else { " axes" });
}

/// What PyTorch takes an equation without an arrow for: behind it stand the letters that are
/// there once, in the order of the alphabet.
const fn implicit(equation: &Equation) -> Option<Equation> {
    let mut text = Text::new();
    text.str(equation.as_str()).str("->");
    let mut letter = b'A';
    while letter <= b'z' {
        let mut count = 0;
        let mut i = 0;
        while i < equation.as_bytes().len() {
            count += (equation.as_bytes()[i] == letter) as usize;
            i += 1;
        }
        if count == 1 && letter.is_ascii_alphabetic() {
            text.str(character(&[letter]));
        }
        letter += 1;
    }
    Equation::try_new(text.as_str())
}

/// The equation without the letter in front of each part.
const fn unbatched(equation: &Equation) -> Option<Equation> {
    let mut text = Text::new();
    let bytes = equation.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let first = i == 0 || bytes[i - 1] == b',' || bytes[i - 1] == b'>';
        if !first {
            text.str(character(&[bytes[i]]));
        }
        i += 1;
    }
    Equation::try_new(text.as_str())
}
