//! What is given to a network: the values of its inputs, and whose weights it uses.

use proc_macro2::Ident;

use super::{Called, Shared};
use crate::report::{Error, Place};
use crate::resolve::call::arguments::operand;
use crate::resolve::findings::Findings;
use crate::resolve::scope::Flow;
use crate::resolve::value::{Given, Val};
use crate::suggest::nearest;
use crate::syntax::tree::Unit;

/// A value in the parentheses.
#[derive(Debug)]
pub(super) struct GivenValue {
    /// The input that it is for, where that is written.
    name: Option<Ident>,
    pub(super) flow: Flow,
    place: Place,
}

/// What stands in the parentheses of a network.
#[derive(Debug)]
pub(super) struct GivenTo {
    pub(super) values: Vec<GivenValue>,
    pub(super) shared: Option<Shared>,
}

/// Whether an argument may be one of a network.
pub(in crate::resolve::call) fn is_value(given: &Given) -> bool {
    match &given.value {
        Val::Tied(_) | Val::Unknown => true,
        value => operand(value).is_some(),
    }
}

impl Findings {
    /// Reads what is given to a network; an error is told of what it does not take.
    pub(super) fn given_to_network(
        &mut self,
        unit: &Unit,
        called: &Called,
        given: &[Given],
    ) -> Result<GivenTo, ()> {
        let mut found = GivenTo {
            values: Vec::new(),
            shared: None,
        };
        for given in given {
            let place = given.place;
            match (&given.value, operand(&given.value)) {
                (Val::Tied(node), _) => found.shared = Some((*node, place)),
                (Val::Unknown, _) => return Err(()),
                (_, Some(flows)) if given.to.is_none() => {
                    let values = flows.into_iter().map(|flow| GivenValue {
                        name: given.name.clone(),
                        flow,
                        place,
                    });
                    found.values.extend(values);
                }
                _ => {
                    let name = &called.name;
                    let headline = format!(
                        "the network `{name}` takes values of the network and `shared` only"
                    );
                    let error = Error::new(place, headline);
                    let help = "what depends on numbers is a block, or has const generics: `Backbone::<64>`";
                    self.tell_of(unit, error.help(help));
                    return Err(());
                }
            }
        }
        Ok(found)
    }
}

impl GivenTo {
    /// The first that names its input.
    pub(super) fn named(&self) -> Option<(&Ident, Place)> {
        let mut named = self.values.iter();
        named.find_map(|value| Some((value.name.as_ref()?, value.place)))
    }

    /// What goes into each of a network's inputs: what is given by name, and in their order
    /// what flows in and what else is given.
    pub(super) fn in_order(
        &self,
        flow: &Flow,
        inputs: &[String],
        called: &Called,
    ) -> Result<Vec<Flow>, Error> {
        let name = &called.name;
        let mut taken: Vec<Option<Flow>> = vec![None; inputs.len()];
        for given in &self.values {
            let Some(input) = &given.name else { continue };
            let text = input.to_string();
            let Some(place) = inputs.iter().position(|other| *other == text) else {
                let headline = format!("the network `{name}` has no input `{text}`");
                let error = Error::new(input.span(), headline);
                return Err(match nearest(&text, inputs.iter().map(String::as_str)) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help(format!("it has {}", listed(inputs))),
                });
            };
            if taken[place].replace(given.flow.clone()).is_some() {
                let headline = format!("the input `{text}` of `{name}` is given twice");
                let error = Error::new(given.place, headline);
                return Err(error.help("leave one of the two out"));
            }
        }
        let others = self.values.iter().filter(|given| given.name.is_none());
        let mut others = std::iter::once(flow).chain(others.map(|given| &given.flow));
        for place in &mut taken {
            if place.is_none() {
                *place = others.next().cloned();
            }
        }
        let missing = taken.iter().position(Option::is_none);
        let more = others.count();
        match (missing, taken.into_iter().collect::<Option<Vec<Flow>>>()) {
            (None, Some(flows)) if more == 0 => Ok(flows),
            _ => Err(Error::new(
                called.place,
                format!(
                    "the network `{name}` has {}, but {}",
                    count(inputs.len()),
                    match self.values.len() + 1 {
                        1 => "1 value comes in".to_owned(),
                        all => format!("{all} values come in"),
                    },
                ),
            )
            .fact("inputs", inputs.join(", "))
            .help(usage(name, inputs))),
        }
    }
}

fn count(inputs: usize) -> String {
    match inputs {
        1 => "1 input".to_owned(),
        inputs => format!("{inputs} inputs"),
    }
}

/// `` `a`, `b` ``
fn listed(inputs: &[String]) -> String {
    let names: Vec<String> = inputs.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// How the network is called.
fn usage(name: &str, inputs: &[String]) -> String {
    match inputs {
        [] => String::new(),
        [_] => format!("what flows in is its input: `{name}`"),
        [first, others @ ..] => {
            format!(
                "it is called as `from {first}, {name}({})`",
                others.join(", ")
            )
        }
    }
}
