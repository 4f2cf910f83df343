//! The networks, whose graphs the build script had the macro make.

#![allow(
    missing_docs,
    dead_code,
    reason = "the definitions are those of the index"
)]

include!(concat!(env!("OUT_DIR"), "/networks.rs"));

/// The graph of a definition.
pub(crate) fn graph(definition: &str) -> Result<&'static shapewise_core::Graph, String> {
    let mut networks = NETWORKS.iter();
    let found = networks.find(|(text, _)| *text == definition);
    found
        .map(|(_, graph)| *graph)
        .ok_or_else(|| "the tests were built without this definition".to_owned())
}
