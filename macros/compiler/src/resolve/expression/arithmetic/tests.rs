//! The arithmetic of numbers that the macro knows, of those that it takes for
//! symbols, and of the code that rustc is given, compared at the edges.

use std::cell::{Cell, RefCell};
use std::panic::catch_unwind;
use std::str::FromStr as _;

use proc_macro2::{TokenStream, TokenTree};
use shapewise_core::arithmetic::{Comparison, Failure, Operation};
use shapewise_core::symbolic;

use crate::graph::CheckKind;
use crate::graph::Choice;
use crate::report::Errors;
use crate::resolve::Builder;
use crate::resolve::call::network::Known;
use crate::resolve::scope::Flow;
use crate::resolve::symbol::SymbolKind;
use crate::resolve::value::Val;
use crate::resolve::world::World;
use crate::syntax;
use crate::syntax::tree::{Home, Item};

const EDGES: [i128; 15] = [
    0,
    1,
    2,
    3,
    7,
    63,
    64,
    65,
    128,
    u64::MAX as i128 - 1,
    u64::MAX as i128,
    -1,
    -7,
    -64,
    -(u64::MAX as i128),
];

/// What becomes of an expression: a number, or what is said.
type Result = std::result::Result<i128, String>;

/// What an expression is to the macro, and to rustc where `A` and `B` have these
/// values. Of a number that is known, both are the macro's.
fn results(written: &str, numbers: [i128; 2]) -> [Result; 2] {
    let source = format!(
        "(shapewise) struct Net<const A: usize, const B: usize>(x: 1) -> (y: 1) {{
            relu;
            assert depth == {written};
        }}"
    );
    let mut errors = Errors::new();
    let file = syntax::parse(TokenStream::from_str(&source).unwrap(), &mut errors);
    assert!(errors.is_empty(), "{written}");
    let network = &file.networks[0];
    let choice = Choice {
        number: 0,
        chosen: numbers.to_vec(),
    };
    // Symbols are numbered as they are met: `A` is the first.
    let (atoms, guessed, known) = (RefCell::default(), Cell::new(false), Known::default());
    let world = World {
        choice: &choice,
        atoms: &atoms,
        guessed: &guessed,
        known: &known,
    };
    let mut builder = Builder::new(&file, network, world, &[]);
    for name in ["A", "B"] {
        world.atom(
            &network.generics,
            Home::OWN,
            TokenStream::from_str(name).unwrap(),
            name.to_owned(),
            network.name.span().into(),
        );
    }
    let Some(Item::Assertion(assertion)) = network.body.items.last() else {
        panic!("{written} is no bound");
    };
    match builder.at(&Flow::Unknown).evaluate(&assertion.bound) {
        Val::Int(value) => [Ok(value), Ok(value)],
        Val::Bool(holds) => match builder.findings.checks.pop() {
            Some(check) => [
                Ok(holds.into()),
                rustc(check.code.tokens, numbers).map_err(|_| String::new()),
            ],
            None => [Ok(holds.into()), Ok(holds.into())],
        },
        Val::Symbol(symbol) => {
            assert_eq!(symbol.kind, SymbolKind::Number);
            [Ok(symbol.value), rustc(symbol.code.tokens, numbers)]
        }
        Val::Unknown if builder.findings.lost => {
            let check = builder.findings.checks.pop().unwrap();
            assert!(matches!(check.kind, CheckKind::Lost { .. }));
            let said = rustc(check.code.tokens, numbers);
            [said.clone(), said]
        }
        Val::Unknown => {
            let told = builder.findings.errors.into_tokens().to_string();
            let said = Err(told.split('"').nth(1).unwrap().replace("\\n", "\n"));
            [said.clone(), said]
        }
        other => panic!("{written} is {}", other.noun()),
    }
}

/// What rustc makes of generated code, with core's own functions.
fn rustc(code: TokenStream, numbers: [i128; 2]) -> Result {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let words: Vec<String> = tokens.iter().map(ToString::to_string).collect();
    let name = |place: usize| words[words.len() - place].as_str();
    let Some(TokenTree::Group(group)) = tokens.last() else {
        return match (words[0].as_str(), name(1)) {
            ("-", size) => Ok(-i128::from(size.parse::<u64>().unwrap())),
            ("Self", "SHAPEWISE_SYMBOL_0") => Ok(numbers[0]),
            ("Self", "SHAPEWISE_SYMBOL_1") => Ok(numbers[1]),
            (size, _) => Ok(i128::from(size.parse::<u64>().unwrap())),
        };
    };
    let arguments: Vec<TokenTree> = group.stream().into_iter().collect();
    let mut arguments = arguments
        .split(|token| token.to_string() == ",")
        .map(|tokens| tokens.iter().cloned().collect::<TokenStream>());
    let mut next = || arguments.next().unwrap();
    let text = |tokens: TokenStream| tokens.to_string().trim_matches('"').to_owned();
    match name(2) {
        "int" => rustc(next(), numbers),
        "calculate" => {
            let operation = next().into_iter().last().unwrap().to_string();
            let mut all = Operation::ALL.into_iter();
            let operation = all.find(|it| format!("{it:?}") == operation).unwrap();
            let (a, b) = (rustc(next(), numbers)?, rustc(next(), numbers)?);
            let (left, right) = (text(next()), text(next()));
            catch_unwind(|| symbolic::calculate(operation, a, b, &left, &right))
                .map_err(|panic| panic.downcast_ref::<String>().unwrap().clone())
        }
        "of" => {
            let mut all = Comparison::ALL.into_iter();
            let comparison = all.find(|it| format!("{it:?}") == name(4)).unwrap();
            let holds = comparison.of(rustc(next(), numbers)?, rustc(next(), numbers)?);
            Ok(holds.into())
        }
        other => panic!("{other} is no arithmetic"),
    }
}

/// The forms of an expression in which one, none or both sides are symbols, with the
/// sides.
fn forms(written: impl Fn(&str, &str) -> String, [a, b]: [i128; 2]) -> [(String, [String; 2]); 4] {
    [("A", "B"), ("A", ""), ("", "B"), ("", "")].map(|(left, right)| {
        let side = |symbol: &str, number: i128| match symbol {
            "" => number.to_string(),
            symbol => symbol.to_owned(),
        };
        let sides = [side(left, a), side(right, b)];
        (written(&sides[0], &sides[1]), sides)
    })
}

#[test]
fn every_operation_is_the_same_to_the_macro_and_to_rustc() {
    let said = |failure: Failure, [left, right]: &[String; 2]| {
        let help = failure.help(left, right).to_string();
        let help = if help.is_empty() {
            help
        } else {
            format!("\nhelp: {help}")
        };
        format!("{}{help}", failure.headline(left, right))
    };
    for operation in Operation::ALL {
        let symbol = operation.symbol();
        let written = |left: &str, right: &str| match operation.is_function() {
            true => format!("{symbol}({left}, {right})"),
            false => format!("{left} {symbol} {right}"),
        };
        for a in EDGES {
            for b in EDGES {
                for (expression, sides) in forms(written, [a, b]) {
                    let meant = operation.of(a, b).map_err(|failure| said(failure, &sides));
                    let found = results(&expression, [a, b]);
                    assert_eq!(found, [meant.clone(), meant], "{expression}, {a}, {b}");
                }
            }
        }
    }
}

#[test]
fn every_comparison_is_the_same_to_the_macro_and_to_rustc() {
    for comparison in Comparison::ALL {
        let written = |left: &str, right: &str| format!("{left} {} {right}", comparison.symbol());
        for a in EDGES {
            for b in EDGES {
                let holds = Ok(comparison.of(a, b).into());
                for (expression, _) in forms(written, [a, b]) {
                    let found = results(&expression, [a, b]);
                    assert_eq!(
                        found,
                        [holds.clone(), holds.clone()],
                        "{expression}, {a}, {b}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_is_calculated_is_calculated_with() {
    for (written, numbers, result) in [
        ("-A", [5, 0], Ok(-5)),
        ("-(A - 2 * B) >> 1", [1, 4], Ok(3)),
        ("(A + 1) * (B + 1) - 3", [1, 4], Ok(7)),
        (
            "2 * (A + 1) / (B + 2)",
            [4, 1],
            Err("`(2 * (A + 1)) / (B + 2)` is not exact: 10 = 3*3 + 1\n\
                 help: `div_floor(2 * (A + 1), B + 2)` (= 3) or `div_ceil(2 * (A + 1), B + 2)` (= 4)"),
        ),
        (
            "div_ceil(A + 1, B - 1)",
            [4, 1],
            Err("`div_ceil(A + 1, B - 1)` divides by zero"),
        ),
    ] {
        let result = result.map_err(str::to_owned);
        let mut literal = written.to_owned();
        for (name, number) in ["A", "B"].into_iter().zip(numbers) {
            literal = literal.replace(name, &number.to_string());
        }
        assert_eq!(results(written, numbers), [result.clone(), result.clone()]);
        let said = |said: String| {
            said.replace("A", &numbers[0].to_string())
                .replace("B", &numbers[1].to_string())
        };
        let result = result.map_err(said);
        assert_eq!(results(&literal, numbers), [result.clone(), result]);
    }
}
