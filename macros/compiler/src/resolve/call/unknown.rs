//! The error for a name that is no layer, block or network.

use shapewise_core::catalogue;
use shapewise_core::catalogue::Inputs;

use super::{Applying, habits};
use crate::report::{Error, Place};
use crate::resolve::expression::Evaluator;
use crate::resolve::scope::Flow;
use crate::suggest::nearest;

impl Evaluator<'_, '_> {
    /// The error for a name that is no layer.
    pub(in crate::resolve) fn unknown_layer(&self, applying: &Applying<'_>, prefix: &str) -> Error {
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
            let translated = match self.flow {
                Flow::Value(value) if entry.inputs == Inputs::Flow => {
                    habits::translate(entry, &applying.given, &self.graph.values[*value].shape)
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
        let blocks = self
            .source
            .file
            .blocks
            .iter()
            .map(|block| block.name.to_string());
        let mut known: Vec<String> = blocks.collect();
        known.extend(catalogue::entries().map(|entry| entry.name.to_owned()));
        let near = nearest(&text, known.iter().map(String::as_str));
        let kind = if text.starts_with(char::is_uppercase) {
            "block"
        } else {
            "layer"
        };
        let error = Error::new(place, format!("there is no {kind} `{prefix}{text}`"));
        if self.names.label(&text).is_some() {
            return error.help(format!("`from {text}` goes on from that label"));
        }
        match near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("the language reference lists the layers: shapewise::layers"),
        }
    }
}
