//! The words of the errors, built in const evaluation.

use crate::error::Error;
use crate::extents::{Extents, Sides};
use crate::text::Text;

mod operands;
mod shapes;
mod windows;
mod words;

pub use words::axis_name;
use words::{
    accepted, article, axes, channels_or_features, dilated, divisors, range, spatial_axes,
};

pub(super) const fn headline(error: &Error, layer: &str) -> Text {
    let mut text = Text::new();
    match error {
        Error::WindowTooLarge {
            argument,
            input,
            window,
            dilation,
            ..
        } => {
            text.str(argument).str(" ").extents(window);
            if dilated(dilation) {
                text.str(", dilated by ")
                    .sides(&Sides::symmetric(*dilation))
                    .str(",");
            }
            text.str(" does not fit the ")
                .extents(input)
                .str(" input of ")
                .str(layer);
        }
        Error::PaddingOverHalf { window, padding } => {
            text.str("padding ")
                .sides(padding)
                .str(" is more than half of the ");
            text.extents(window).str(" window of ").str(layer);
        }
        Error::EvenWindow { window, .. } => {
            text.str("`padding = half` needs an odd kernel, but ")
                .str(layer);
            text.str(" has ").extents(window);
        }
        Error::KeywordNeeds {
            argument,
            keyword,
            needs,
            input,
        } => {
            text.str("`")
                .str(argument)
                .str(" = ")
                .str(keyword)
                .str("` is for ")
                .str(needs);
            text.str(", but ")
                .str(layer)
                .str(" has ")
                .str(article(input.noun()));
            text.str(input.noun()).str(": ").shape(input);
        }
        Error::AxisCount {
            argument,
            given,
            input,
        } => {
            text.str(argument)
                .str(" `")
                .extents(given)
                .str("` of ")
                .str(layer)
                .str(" has ");
            axes(&mut text, given.len());
            text.str(", but its input ").shape(input).str(" has ");
            spatial_axes(&mut text, input.spatial_rank());
        }
        Error::NotDivisible {
            argument,
            divisor,
            what,
            value,
            ..
        } => {
            text.str("`")
                .str(argument)
                .str(" = ")
                .size(*divisor)
                .str("` does not divide the ");
            text.size(*value).str(" ").str(what).str(" of ").str(layer);
        }
        Error::InputRank { needs, input } => {
            text.str(layer)
                .str(" takes ")
                .str(needs)
                .str(", but its input ")
                .shape(input);
            text.str(" is ")
                .str(article(input.noun()))
                .str(input.noun());
        }
        Error::LinearOnImage { input, .. } => {
            text.str(layer)
                .str(" takes a vector or a sequence, but its input ")
                .shape(input);
            text.str(" is ")
                .str(article(input.noun()))
                .str(input.noun());
        }
        Error::DeclaredInput { declared, input } => {
            text.str(layer)
                .str(" declares ")
                .int(*declared)
                .str(" input ");
            text.str(channels_or_features(input.rank()))
                .str(", but ")
                .size(input.channels());
            text.str(" come in");
        }
        Error::Missing { argument } => {
            text.str(layer).str(" needs `").str(argument).str("`");
        }
        Error::WrongType { argument } => {
            text.str("`")
                .str(argument.name)
                .str("` of ")
                .str(layer)
                .str(" takes ");
            accepted(&mut text, argument);
        }
        Error::TooSmall { argument, least } => {
            text.str("`")
                .str(argument)
                .str("` of ")
                .str(layer)
                .str(" must be at least ");
            text.int(*least);
        }
        Error::OutOfRange { argument } => {
            text.str("`")
                .str(argument.name)
                .str("` of ")
                .str(layer)
                .str(" must be ");
            range(&mut text, argument);
        }
        Error::Overflow { what } => {
            text.str(what)
                .str(" of ")
                .str(layer)
                .str(" does not fit 64 bits");
        }
        Error::TooManyValues { values, most } => {
            text.str(layer)
                .str(" has ")
                .size(*values)
                .str(" values; an analysis at run time can have ");
            text.size(*most)
                .str(", a constant (`Liveness`, `Fields`) any number");
        }
        Error::Operands { shapes, agree, .. } => {
            operands::headline(&mut text, shapes, *agree, layer);
        }
        Error::HeadFeatures { features, heads } => {
            text.str("the heads of queries and keys of ").str(layer);
            text.str(" differ: ").size(features[0]).str("/");
            text.size(heads[0]).str(" and ").size(features[1]);
            text.str("/").size(heads[1]).str(" features");
        }
        Error::OperandCount { given, least, most } => {
            text.str(layer).str(" takes ");
            operands::range(&mut text, *least, *most);
            text.str(", but ").size(*given);
            text.str(if *given == 1 { " is" } else { " are" })
                .str(" given");
        }
        Error::TooLarge {
            argument,
            value,
            most,
            what,
        } => {
            text.str("`").str(argument).str(" = ").size(*value);
            text.str("` of ").str(layer).str(" must be at most ");
            text.size(*most).str(", ").str(what);
        }
        Error::NetworkInput {
            network,
            takes,
            input,
        } => {
            text.str(layer).str(" is the network `").str(network);
            text.str("`, which takes ").shape(takes);
            text.str(", but ").shape(input).str(" comes in");
        }
        Error::NetworkInputs { network, takes } => {
            text.str(layer).str(" is the network `").str(network);
            text.str("`, which has ").size(*takes);
            text.str(" inputs; a network with one can be a layer");
        }
        Error::NetworkOutputs { network, gives } => {
            text.str(layer).str(" is the network `").str(network);
            text.str("`, which has ").size(*gives);
            text.str(if *gives == 1 { " output" } else { " outputs" });
            text.str(", fewer than labels are written");
        }
        Error::Requires { argument, other } => {
            text.str("`").str(argument).str("` of ").str(layer);
            text.str(" needs `").str(other).str("`");
        }
        Error::Excludes { argument, other } => {
            text.str("`").str(argument).str("` of ").str(layer);
            text.str(" cannot stand together with `")
                .str(other)
                .str("`");
        }
        // Windows and their padding.
        Error::InexactStride { .. }
        | Error::WindowOverInput { .. }
        | Error::PaddingOverInput { .. }
        | Error::OutputPadding { .. }
        | Error::NothingLeft { .. } => windows::headline(&mut text, error, layer),
        // Changes of shape and what acts on one axis.
        Error::OutOfBounds { .. }
        | Error::NotMultiple { .. }
        | Error::CountDiffers { .. }
        | Error::NotPermutation { .. }
        | Error::EmptyAxis { .. } => shapes::headline(&mut text, error, layer),
    }
    text
}

pub(super) const fn needs(error: &Error) -> Text {
    let mut text = Text::new();
    match error {
        Error::WindowTooLarge {
            argument,
            input,
            window,
            padding,
            dilation,
        } => {
            text.str("input + 2*padding >= ");
            if dilated(dilation) {
                text.str("dilation*(").str(argument).str(" - 1) + 1");
            } else {
                text.str(argument);
            }
            text.str(", but ");
            too_large(&mut text, input, window, padding, dilation);
        }
        Error::PaddingOverHalf { window, padding } => {
            let mut axis = 0;
            while axis < window.len() {
                let half = window.at(axis) / 2;
                let before = padding.before().at(axis);
                let after = padding.after().at(axis);
                let most = if before > after { before } else { after };
                if most > half {
                    text.str("padding <= ")
                        .size(window.at(axis))
                        .str("/2, rounded down: ");
                    text.size(most).str(" > ").size(half);
                    break;
                }
                axis += 1;
            }
        }
        Error::EvenWindow { window, .. } => {
            let mut axis = 0;
            while axis < window.len() {
                if window.at(axis) % 2 == 0 {
                    text.str("dilation*(kernel - 1)/2 on both sides: (");
                    text.size(window.at(axis))
                        .str(" - 1)/2 is not a whole number");
                    break;
                }
                axis += 1;
            }
        }
        Error::NotDivisible {
            divisor,
            value,
            also,
            ..
        } => {
            text.size(*value).str(" = ").size(*divisor).str("*");
            if let Some(times) = value.checked_div(*divisor) {
                let rest = *value - times * *divisor;
                text.size(times).str(" + ").size(rest);
            }
            text.str("; possible are ");
            divisors(&mut text, *value, *also);
        }
        Error::LinearOnImage { input, features } => {
            text.str("one row of inputs; flattened, ")
                .shape(input)
                .str(" is ");
            if let Some(elements) = input.checked_elements() {
                text.int(elements)
                    .str(", and ")
                    .int(elements)
                    .str(" -> ")
                    .size(*features);
                text.str(" a fully connected layer");
            }
        }
        Error::Operands { shapes, agree, .. } => operands::needs(&mut text, shapes, *agree),
        // Windows and their padding.
        Error::InexactStride { .. }
        | Error::WindowOverInput { .. }
        | Error::PaddingOverInput { .. }
        | Error::OutputPadding { .. }
        | Error::NothingLeft { .. } => windows::needs(&mut text, error),
        // Changes of shape and what acts on one axis.
        Error::NotMultiple { .. } | Error::EmptyAxis { .. } => shapes::needs(&mut text, error),
        _ => {}
    }
    text
}

/// `3 < 5 on height and width`: each axis on which the window is too large.
const fn too_large(
    text: &mut Text,
    input: &Extents,
    window: &Extents,
    padding: &Sides,
    dilation: &Extents,
) {
    let mut first = true;
    let mut axis = 0;
    while axis < window.len() {
        let (have, want) = padded_and_reach(axis, input, window, padding, dilation);
        if have < want {
            // Axes with the same numbers are told together.
            let mut told = false;
            let mut earlier = 0;
            while earlier < axis {
                let (h, w) = padded_and_reach(earlier, input, window, padding, dilation);
                told = told || (h == have && w == want);
                earlier += 1;
            }
            if !told {
                text.str(if first { "" } else { ", and " });
                let total = have.saturating_sub(input.at(axis));
                if total > 0 {
                    text.size(input.at(axis)).str(" + ").size(total).str(" = ");
                }
                text.size(have).str(" < ");
                if dilation.at(axis) > 1 {
                    text.size(dilation.at(axis))
                        .str("*(")
                        .size(window.at(axis))
                        .str(" - 1) + 1 = ");
                }
                text.size(want)
                    .str(" on ")
                    .str(axis_name(axis, window.len()));
                let mut later = axis + 1;
                while later < window.len() {
                    let (h, w) = padded_and_reach(later, input, window, padding, dilation);
                    if h == have && w == want {
                        text.str(" and ").str(axis_name(later, window.len()));
                    }
                    later += 1;
                }
                first = false;
            }
        }
        axis += 1;
    }
}

const fn padded_and_reach(
    axis: usize,
    input: &Extents,
    window: &Extents,
    padding: &Sides,
    dilation: &Extents,
) -> (usize, usize) {
    let padded = match padding.total(axis) {
        Some(total) => input.at(axis).saturating_add(total),
        None => usize::MAX,
    };
    let reach = dilation
        .at(axis)
        .saturating_mul(window.at(axis).saturating_sub(1));
    (padded, reach.saturating_add(1))
}
