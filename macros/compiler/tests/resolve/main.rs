//! What becomes of names, values and shapes, and what is told where they are wrong:
//! networks are resolved here as the macro does, without rustc.

mod foreign;
mod imports;
mod language;
mod limits;
mod mistakes;
mod names;
mod networks;
mod symbols;
mod verdicts;
mod worlds;

use proc_macro2::TokenStream;
use shapewise_compiler::graph::Resolved;
use shapewise_compiler::report::Errors;
use shapewise_compiler::resolve::{self, Outcome};
use shapewise_compiler::syntax;

/// The first network of a source, resolved, with the errors of its syntax.
fn outcome(source: &str) -> Outcome {
    let tokens: TokenStream = format!("(::shapewise) {source}").parse().expect("tokens");
    let mut errors = Errors::new();
    let file = syntax::parse(tokens, &mut errors);
    let network = file.networks.first().expect("a network");
    errors.append_copy(&network.errors);
    let mut outcome = resolve::network(&file, network);
    errors.append(std::mem::take(&mut outcome.errors));
    outcome.errors = errors;
    outcome
}

/// The messages of the first network of a source.
fn messages(source: &str) -> Vec<String> {
    let outcome = outcome(source);
    let messages = outcome.errors.iter().map(|error| error.message());
    messages.collect()
}

/// A network without errors.
#[track_caller]
fn graph(source: &str) -> Resolved {
    let outcome = outcome(source);
    let errors: Vec<String> = outcome.errors.iter().map(|error| error.message()).collect();
    assert!(errors.is_empty(), "{source}: {errors:#?}");
    assert!(!outcome.incomplete && !outcome.lost, "{source}");
    outcome.graph
}

/// A network on an image, with this body.
fn on_image(body: &str) -> String {
    format!("struct Net(image: 16x16x8) -> (out) {{ {body} }}")
}
