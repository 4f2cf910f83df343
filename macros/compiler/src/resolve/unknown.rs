//! The errors for layers, blocks and parameters that there are not.

use shapewise_core::catalogue::{self, Inputs};

use super::Builder;
use super::call::Applying;
use super::habits;
use super::scope::Flow;
use super::suggest::nearest;
use super::value::Given;
use crate::report::{Error, Place};
use crate::syntax::tree::Block;

impl Builder<'_> {
    /// The error for a name that is no layer.
    pub(super) fn unknown_layer(
        &self,
        applying: &Applying<'_>,
        prefix: &str,
        flow: &Flow,
    ) -> Error {
        let name = &applying.name;
        let text = name.to_string();
        let place = if prefix.is_empty() {
            Place::at(name.span())
        } else {
            Place::at(applying.unit.place.first).to(Place::at(name.span()))
        };
        let alias = catalogue::entries()
            .find(|entry| entry.aliases.contains(&text.as_str()) || entry.name == text);
        if let Some(entry) = alias {
            let translated = match flow {
                Flow::Value(value) if entry.inputs == Inputs::Flow => {
                    habits::translate(entry, &applying.given, &self.shape_of(*value))
                }
                _ => None,
            };
            let error = Error::new(place, format!("there is no layer `{prefix}{text}`"));
            return error.help(match translated {
                Some(translated) => format!("write the layer as {translated}"),
                None if entry.inputs == Inputs::Flow && !applying.given.is_empty() => {
                    format!("the layer of that kind is `{}`", habits::usage(entry))
                }
                None => format!("write `{}`, the layer of that kind", entry.name),
            });
        }
        if text == "Sequential" {
            let layers: Vec<String> = applying.given.iter().map(|g| g.value.text()).collect();
            return Error::new(place, format!("there is no layer `{prefix}{text}`"))
                .help(format!("write the layer as `{{ {}; }}`", layers.join(", ")));
        }
        let blocks = self.file.blocks.iter().map(|block| block.name.to_string());
        let mut known: Vec<String> = blocks.collect();
        known.extend(catalogue::entries().map(|entry| entry.name.to_owned()));
        let near = nearest(&text, known.iter().map(String::as_str));
        let kind = if text.starts_with(char::is_uppercase) {
            "block"
        } else {
            "layer"
        };
        let error = Error::new(place, format!("there is no {kind} `{prefix}{text}`"));
        if self.label(&text).is_some() {
            return error.help(format!("`from {text}` goes on from that label"));
        }
        match near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("the language reference lists the layers: shapewise::layers"),
        }
    }
}

/// The error for an argument that a block does not take.
pub(super) fn no_parameter(block: &Block, given: &Given) -> Error {
    let Some(name) = &given.name else {
        let count = block.parameters.len();
        let takes = if count == 1 {
            "1 argument".to_owned()
        } else {
            format!("{count} arguments")
        };
        return Error::new(given.place, format!("block `{}` takes {takes}", block.name))
            .help(usage(block));
    };
    let error = Error::new(
        name.span(),
        format!("block `{}` has no parameter `{name}`", block.name),
    );
    let names: Vec<String> = block
        .parameters
        .iter()
        .map(|p| p.name.to_string())
        .collect();
    match nearest(&name.to_string(), names.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(usage(block)),
    }
}

/// How a block is called.
pub(super) fn usage(block: &Block) -> String {
    let parameters: Vec<String> = block
        .parameters
        .iter()
        .map(|parameter| match &parameter.default {
            Some(default) => format!("{} = {default}", parameter.name),
            None => parameter.name.to_string(),
        })
        .collect();
    let parameters = parameters.join(", ");
    format!("it is called as `{}({parameters})`", block.name)
}
