//! The errors about networks as layers, and about numbers that are too large.

use crate::error::Error;
use crate::text::Text;

/// What is wrong.
pub(super) const fn headline(error: &Error, layer: &str, text: &mut Text) {
    match error {
        Error::NetworkInput {
            network,
            takes,
            input,
        } => {
            text.str(layer).str(" is the network `").str(network);
            text.str("`, which takes ").shape(takes);
            text.str(", but ").shape(input).str(" comes in");
        }
        Error::NetworkInputs {
            network,
            takes,
            given,
        } => {
            text.str(layer).str(" is the network `").str(network);
            text.str("`, which has ").size(*takes);
            text.str(if *takes == 1 {
                " input, but "
            } else {
                " inputs, but "
            });
            text.size(*given);
            text.str(if *given == 1 {
                " value comes in"
            } else {
                " values come in"
            });
        }
        Error::NetworkOutputs { network, gives } => {
            if network.is_empty() {
                text.str(layer).str(" gives ").size(*gives);
                text.str(if *gives == 1 { " result" } else { " results" });
            } else {
                text.str(layer).str(" is the network `").str(network);
                text.str("`, which has ").size(*gives);
                text.str(if *gives == 1 { " output" } else { " outputs" });
            }
            text.str(", fewer than labels are written");
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
        _ => {}
    }
}
