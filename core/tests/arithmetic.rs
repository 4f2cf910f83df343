//! Operators and functions of the language by what they mean, at the edges.

use shapewise_core::arithmetic::{Comparison, Failure, Operation};

const MOST: i128 = u64::MAX as i128;

/// Numbers at which something changes, and as many less than 0.
fn edges() -> Vec<i128> {
    let numbers = [
        0,
        1,
        2,
        3,
        7,
        62,
        63,
        64,
        65,
        66,
        127,
        128,
        129,
        1 << 32,
        (1 << 62) + 1,
        i128::from(i64::MAX),
        1 << 63,
        MOST - 1,
        MOST,
    ];
    numbers.into_iter().flat_map(|n| [n, -n]).collect()
}

fn pairs() -> impl Iterator<Item = (i128, i128)> {
    edges()
        .into_iter()
        .flat_map(|a| edges().into_iter().map(move |b| (a, b)))
}

/// What is said of operands that are called `a` and `b`.
fn said(failure: &Failure) -> String {
    format!("{}{}", failure.headline("a", "b"), failure.help("a", "b"))
}

#[track_caller]
fn is(operation: Operation, (a, b): (i128, i128), meant: Option<i128>) {
    let found = operation.of(a, b);
    match meant.filter(|value| value.unsigned_abs() <= MOST.unsigned_abs()) {
        Some(value) => assert_eq!(found, Ok(value), "{a} {operation:?} {b}"),
        None => {
            let symbol = operation.symbol();
            let text = format!("`a {symbol} b` does not fit 64 bits: {a} {symbol} {b}");
            assert_eq!(said(&found.unwrap_err()), text);
        }
    }
}

/// A product by its sign and its size, which 128 bits hold.
fn product(a: i128, b: i128) -> Option<i128> {
    let size = a.unsigned_abs() * b.unsigned_abs();
    let size = i128::try_from(size).ok()?;
    Some(if (a < 0) == (b < 0) { size } else { -size })
}

#[test]
fn sums_and_products_are_whole_numbers_of_64_bits() {
    for (a, b) in pairs() {
        is(Operation::Add, (a, b), Some(a + b));
        is(Operation::Subtract, (a, b), Some(a - b));
        is(Operation::Multiply, (a, b), product(a, b));
        is(Operation::Min, (a, b), [a, b].into_iter().min());
        is(Operation::Max, (a, b), [a, b].into_iter().max());
    }
}

#[test]
fn shifts_double_and_halve() {
    for (a, b) in pairs() {
        if b < 0 {
            for operation in [Operation::ShiftLeft, Operation::ShiftRight] {
                let symbol = operation.symbol();
                let text = format!("`a {symbol} b` shifts by less than 0: {a} {symbol} {b}");
                assert_eq!(said(&operation.of(a, b).unwrap_err()), text);
            }
            continue;
        }
        // What is doubled 200 times is 0 or far too large, what is halved as often
        // 0 or -1.
        let times = 0..b.min(200);
        let doubled = times.clone().try_fold(a, |a, _| a.checked_mul(2));
        let halved = times.fold(a, |a, _| a.div_euclid(2));
        is(Operation::ShiftLeft, (a, b), doubled);
        is(Operation::ShiftRight, (a, b), Some(halved));
    }
}

#[test]
fn divisions_are_exact_or_rounded() {
    const DIVISIONS: [Operation; 4] = [
        Operation::Divide,
        Operation::Remainder,
        Operation::DivFloor,
        Operation::DivCeil,
    ];
    for (a, b) in pairs() {
        if b == 0 {
            for operation in DIVISIONS {
                let written = match operation.is_function() {
                    true => format!("{}(a, b)", operation.symbol()),
                    false => format!("a {} b", operation.symbol()),
                };
                let text = format!("`{written}` divides by zero");
                assert_eq!(said(&operation.of(a, b).unwrap_err()), text);
            }
            continue;
        }
        let [exact, rest, down, up] = DIVISIONS.map(|operation| operation.of(a, b));
        let (rest, down, up) = (rest.unwrap(), down.unwrap(), up.unwrap());
        // `down` is the last number that is not above the quotient, `up` the first
        // that is not below.
        let sign = b.signum();
        assert!(sign * down * b <= sign * a && sign * (down + 1) * b > sign * a);
        assert!(sign * up * b >= sign * a && sign * (up - 1) * b < sign * a);
        assert!(rest.abs() < b.abs() && rest * a.signum() >= 0, "{a} % {b}");
        assert_eq!((down == up), (rest == 0), "{a} / {b}");
        if down == up {
            assert_eq!(exact, Ok(down));
            continue;
        }
        let failure = exact.unwrap_err();
        let quotient = a.div_euclid(b);
        let headline = format!(
            "`a / b` is not exact: {a} = {b}*{quotient} + {}",
            a.rem_euclid(b)
        );
        assert_eq!(failure.headline("a", "b").as_str(), headline);
        let help = format!("`div_floor(a, b)` (= {down}) or `div_ceil(a, b)` (= {up})");
        assert_eq!(failure.help("a", "b").as_str(), help);
    }
}

#[test]
fn comparisons_are_those_of_rust() {
    for (a, b) in pairs() {
        let rust = [a == b, a != b, a < b, a <= b, a > b, a >= b];
        assert_eq!(Comparison::ALL.map(|comparison| comparison.of(a, b)), rust);
    }
}

#[test]
fn operands_are_shown_as_they_are_written() {
    let failure = Operation::Divide.of(9, 2).unwrap_err();
    assert_eq!(
        failure.headline("(c * 3)", "2").as_str(),
        "`(c * 3) / 2` is not exact: 9 = 2*4 + 1"
    );
    assert_eq!(
        failure.help("(c * 3)", "2").as_str(),
        "`div_floor(c * 3, 2)` (= 4) or `div_ceil(c * 3, 2)` (= 5)"
    );
    let failure = Operation::DivFloor.of(9, 0).unwrap_err();
    assert_eq!(
        failure.headline("(c * 3)", "0").as_str(),
        "`div_floor(c * 3, 0)` divides by zero"
    );
    let long = "c".repeat(10_000);
    assert_eq!(
        failure.headline(&long, "0").as_str(),
        "`div_floor(9, 0)` divides by zero"
    );
}
