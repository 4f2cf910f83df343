//! How much memory is alive over the layers.

use core::fmt;

use super::architecture::WIDTH;
use super::inside::write_short;
use super::pen::{escaped, text};
use super::style::STYLE;
use super::{Timeline, View};
use crate::number::Bytes;

/// The columns of the diagram at most; each is the largest of its layers.
const COLUMNS: usize = 180;
/// Where the diagram is.
const LEFT: usize = 4;
const TOP: usize = 24;
const FLOOR: usize = 94;
const RIGHT: usize = WIDTH - 4;

impl fmt::Display for Timeline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let view = self.view;
        let style = if self.styled { STYLE } else { "" };
        let layers = view.layers();
        let columns = layers.clamp(1, COLUMNS);
        let mut alive = [0_u64; COLUMNS];
        let (mut most, mut at) = (0, 0);
        let found = view.alive(&mut |layer, elements| {
            let column = (layer * columns / layers.max(1)).min(columns - 1);
            alive[column] = alive[column].max(elements);
            if elements > most {
                (most, at) = (elements, layer);
            }
        });
        let peak = Bytes(most.saturating_mul(view.dtype().bytes()));
        let name = fmt::from_fn(|f| write_name(view, at, f));
        let label = fmt::from_fn(|f| match found {
            Ok(()) => write!(f, "peak {peak} at {name}"),
            Err(error) => f.write_str(error.headline("the network").as_str()),
        });
        let height = FLOOR + 18;
        write!(
            f,
            "<svg class=\"shapewise\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
             style=\"max-width:480px\"><title>Memory of "
        )?;
        escaped(&view.name(), f)?;
        write!(f, " over its layers</title><desc>The most is alive while ")?;
        escaped(&name, f)?;
        write!(
            f,
            " runs: {peak}.</desc>{style}<path class=\"v\" d=\"M{LEFT} {FLOOR}"
        )?;
        let x = |column: usize| LEFT + column * (RIGHT - LEFT) / columns;
        for (i, elements) in alive[..columns].iter().enumerate() {
            let y = FLOOR - scaled(*elements, most, FLOOR - TOP);
            write!(f, "V{y}H{}", x(i + 1))?;
        }
        let column = at * columns / layers.max(1);
        let middle = x(column).midpoint(x(column + 1));
        write!(
            f,
            "V{FLOOR}z\"/><path class=\"r\" d=\"M{LEFT} {TOP}H{RIGHT}M{middle} {TOP}V{FLOOR}\"/>"
        )?;
        text("n", (LEFT, TOP - 8), 56, &label, f)?;
        text("", (LEFT, FLOOR + 13), 30, &"first layer", f)?;
        let last = format_args!("last of {layers}");
        text("z", (RIGHT, FLOOR + 13), 30, &last, f)?;
        f.write_str("</svg>")
    }
}

/// Writes what a layer is called where it is found again: by its path, when that begins
/// with a label, else by what it is and the last label before it.
fn write_name(view: &dyn View, layer: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if layer >= view.layers() {
        return f.write_str("nothing");
    }
    let path = view.layer(layer).path;
    let number = |segment: Option<&str>| {
        segment.is_some_and(|segment| segment.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if !number(path.split('.').next()) {
        f.write_str(path)?;
        if !number(path.rsplit('.').next()) {
            return Ok(());
        }
        f.write_str(", ")?;
        return write_short(view, layer, f);
    }
    write_short(view, layer, f)?;
    let cards = (0..view.statements()).map(|statement| view.statement(statement));
    let before = cards.filter(|card| card.layers.1 <= layer && !card.label.is_empty());
    match before.last() {
        Some(card) => write!(f, " after {}", card.label),
        None => Ok(()),
    }
}

/// `part` of `whole` in `height` steps.
fn scaled(part: u64, whole: u64, height: usize) -> usize {
    let steps = u128::from(part) * height as u128 / u128::from(whole.max(1));
    usize::try_from(steps).unwrap_or(height)
}
