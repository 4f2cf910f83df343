//! What plans take on a device, a bar each.

use core::fmt;

use super::architecture::WIDTH;
use super::pen::{broken, escaped, text};
use super::style::STYLE;
use crate::number::Bytes;
use crate::plan::Need;

/// Where bars begin and end.
const LEFT: usize = 4;
const RIGHT: usize = WIDTH - 4;
/// How high a bar is with what stands above and below it.
const EACH: usize = 72;
/// As many letters of code have room in a line.
const LETTERS: usize = 58;

/// A plan as it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// How it is written: `train_bytes(batch = 64)`.
    pub text: &'a str,
    /// What it takes.
    pub need: Need,
    /// What it is compared with, if it is.
    pub bound: Option<u64>,
}

/// What plans take on a device, as stacked bars, each as wide as its bound.
///
/// ```
/// use shapewise_core::graph::DType;
/// use shapewise_core::plan::{Need, Training};
/// use shapewise_core::report::svg::{Plan, Stack};
///
/// let plan = Training::adam().dtype(DType::Bf16);
/// let plans = [Plan {
///     text: "7.5 B parameters",
///     need: Need::Train(plan.states(7_500_000_000, DType::F32)),
///     bound: Some(80 << 30),
/// }];
/// let drawing = Stack { plans: &plans, styled: true }.to_string();
/// assert!(drawing.contains("112 GiB of 80.0 GiB: optimizer 55.9 GiB, master weights 27.9 GiB"));
/// assert!(drawing.contains("<title>gradients 14.0 GiB</title>"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Stack<'a> {
    /// The plans.
    pub plans: &'a [Plan<'a>],
    /// Whether it has a style of its own: one style of a page is enough.
    pub styled: bool,
}

impl fmt::Display for Stack<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = if self.styled { STYLE } else { "" };
        let height = EACH * self.plans.len();
        write!(
            f,
            "<svg class=\"shapewise\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
             style=\"max-width:480px\"><title>What plans take on a device</title>{style}"
        )?;
        for (place, plan) in self.plans.iter().enumerate() {
            bar(plan, place * EACH, f)?;
        }
        f.write_str("</svg>")
    }
}

fn bar(plan: &Plan<'_>, top: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let most = plan.need.bytes().max(plan.bound.unwrap_or(0));
    let (first, second) = broken(plan.text, LETTERS);
    text("t", (LEFT, top + 13), LETTERS, &first, f)?;
    text("t", (LEFT, top + 26), LETTERS, &second, f)?;
    let (upper, lower) = (top + 32, top + 48);
    let mut before = 0_u64;
    for (place, (name, bytes)) in plan.need.parts().enumerate() {
        if bytes == 0 {
            continue;
        }
        let x = at(before, most);
        before = before.saturating_add(bytes);
        let width = at(before, most).saturating_sub(x).max(1);
        write!(
            f,
            "<rect class=\"f{}\" x=\"{x}\" y=\"{upper}\" width=\"{width}\" height=\"16\"><title>",
            COLOURS[place % COLOURS.len()]
        )?;
        escaped(&format_args!("{name} {}", Bytes(bytes)), f)?;
        f.write_str("</title></rect>")?;
    }
    if let Some(bound) = plan.bound {
        let x = at(bound, most);
        write!(
            f,
            "<path class=\"r\" d=\"M{x} {}V{}\"/>",
            upper - 3,
            lower + 3
        )?;
    }
    let largest = fmt::from_fn(|f| {
        write!(f, "{}", Bytes(plan.need.bytes()))?;
        if let Some(bound) = plan.bound {
            write!(f, " of {}", Bytes(bound))?;
        }
        write_largest(&plan.need, f)
    });
    text("", (LEFT, lower + 13), 88, &largest, f)
}

/// Writes `: activations 9.45 GiB, optimizer 1.21 GiB, ...`, the largest first.
fn write_largest(need: &Need, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut last = (u64::MAX, 0);
    for number in 0..3 {
        let parts = need.parts().enumerate();
        let smaller = parts.filter(|(place, (_, bytes))| {
            *bytes > 0 && (*bytes < last.0 || *bytes == last.0 && *place > last.1)
        });
        let next = smaller.max_by_key(|(place, (_, bytes))| (*bytes, core::cmp::Reverse(*place)));
        let Some((place, (name, bytes))) = next else {
            break;
        };
        last = (bytes, place);
        let separator = if number == 0 { ": " } else { ", " };
        write!(f, "{separator}{name} {}", Bytes(bytes))?;
    }
    Ok(())
}

/// The colours of parts that stand beside each other.
const COLOURS: [usize; 8] = [0, 7, 4, 2, 3, 9, 1, 5];

/// Where so many bytes of the most end.
fn at(bytes: u64, most: u64) -> usize {
    let width = (RIGHT - LEFT) as u128;
    let steps = u128::from(bytes) * width / u128::from(most.max(1));
    LEFT + usize::try_from(steps)
        .unwrap_or(RIGHT - LEFT)
        .min(RIGHT - LEFT)
}
