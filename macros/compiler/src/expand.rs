//! From a checked graph to items: the struct, its constants, its documentation,
//! its static graph. This stage cannot fail.

mod amount;
mod arithmetic;
mod blocks;
mod code;
mod constants;
mod docs;
mod drawing;
pub(crate) mod editor;
mod fallback;
mod graph;
mod ports;
mod program;
mod rows;
mod sum;

use proc_macro2::{Group, Ident, Literal, Span, TokenStream};
use quote::quote;

pub(crate) use blocks::items as blocks;
pub(crate) use blocks::{brought, imported};

use crate::check::analysis::Analysis;
use crate::graph::Warning;
use crate::report::Errors;
use crate::resolve::Outcome;
use crate::syntax::tree::{File, Network};

pub use rows::{Row, defaults, table};

/// The call of the macro that makes a network's page.
pub(crate) fn call_of_page(file: &File, index: usize, invocation: &Group) -> TokenStream {
    let krate = &file.krate;
    let index = Literal::usize_unsuffixed(index);
    quote!(#krate::__private::page! { #index #invocation })
}

/// The page of a network, where it has no errors.
pub(crate) fn page(outcome: Outcome) -> String {
    if outcome.lost || outcome.incomplete || !outcome.errors.is_empty() {
        return String::new();
    }
    docs::page(&outcome.graph, &Analysis::of(&outcome.graph))
}

/// The first network with errors of its own that others can name: without generics
/// that they would have to give, and there in every build.
pub(crate) fn wrong<'a>(file: &'a File, outcomes: &[Outcome]) -> Option<&'a Ident> {
    let mut networks = file.networks.iter().zip(outcomes);
    let (network, _) = networks.find(|(network, outcome)| {
        let told = !network.errors.is_empty() || !outcome.errors.is_empty();
        told && network.generics.is_empty() && conditions(network).is_empty()
    })?;
    Some(&network.name)
}

/// Who reads the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The compiler.
    Rustc,
    /// An editor, which shows a constant's value: what a label is, and no struct.
    Editor,
}

impl Reader {
    /// The network's name where it is not declared: an editor is to find one of them.
    fn name(self, network: &Network) -> Ident {
        match self {
            Self::Rustc => network.name.clone(),
            Self::Editor => editor::hidden(network.name.clone()),
        }
    }
}

/// The implementation of the trait for an editor, which does not read the layers.
fn without_layers(file: &File, network: &Network) -> TokenStream {
    let krate = &file.krate;
    let private = quote!(#krate::__private);
    let name = Reader::Editor.name(network);
    let (implemented, passed) = (program::implemented(network), program::passed(network));
    let conditions = conditions(network);
    quote! {
        #conditions
        #[allow(deprecated)]
        impl #implemented #private::Network for #name #passed {
            const GRAPH: &'static #private::Graph = &#private::Graph::EMPTY;
        }
    }
}

/// The items of one network, whose documentation calls for its page. Where it is not
/// known for an error elsewhere, that is taken for one of the network `wrong`.
pub(crate) fn network(
    reader: Reader,
    file: &File,
    network: &Network,
    outcome: Outcome,
    page: &TokenStream,
    wrong: Option<&Ident>,
) -> TokenStream {
    let mut errors = Errors::new();
    errors.append_copy(&network.errors);
    errors.append(outcome.errors);
    if !errors.is_empty() {
        let place = fallback::Place::of(reader, file, network, &outcome.graph);
        return fallback::items(place, errors.into_tokens(), &TokenStream::new());
    }
    if outcome.lost {
        return fallback::lost(fallback::Place::of(reader, file, network, &outcome.graph));
    }
    if outcome.incomplete {
        // An error elsewhere in the invocation says why.
        return wrong.map_or_else(TokenStream::new, |wrong| {
            let errors = quote!(#wrong::SHAPEWISE_ERRORS);
            let place = fallback::Place::of(reader, file, network, &outcome.graph);
            fallback::items(place, errors, &TokenStream::new())
        });
    }
    let graph = &outcome.graph;
    let analysis = Analysis::of(graph);
    let docs = docs::of_network(network, graph, page);
    let structure = structure(network, &docs);
    let constants = constants::items(reader, file, network, graph, &analysis);
    let implementation = match reader {
        Reader::Rustc => graph::implementation(file, network, graph),
        Reader::Editor => without_layers(file, network),
    };
    let name = reader.name(network);
    let (implemented, passed) = (program::implemented(network), program::passed(network));
    let warnings = graph.warnings.iter().map(warning);
    let conditions = conditions(network);
    quote! {
        #(#conditions #warnings)*
        #structure
        #conditions
        #[allow(dead_code, deprecated, unreachable_pub)]
        impl #implemented #name #passed { #constants }
        #implementation
    }
}

/// The `#[cfg(...)]`s of a network, which all of its items have.
fn conditions(network: &Network) -> TokenStream {
    let attributes = network.attributes.list.iter();
    attributes
        .filter(|attribute| attribute.name == "cfg")
        .map(|attribute| attribute.tokens.clone())
        .collect()
}

/// A warning: on stable Rust, the use of something deprecated.
pub(crate) fn warning(warning: &Warning) -> TokenStream {
    let message = &warning.message;
    let lint = warning.lint.to_uppercase();
    let used = Ident::new(&lint, warning.span);
    let declared = Ident::new(&lint, Span::call_site());
    quote! {
        const _: () = {
            #[deprecated(note = #message)]
            const #declared: () = ();
            #used
        };
    }
}

/// The struct with its attributes.
fn structure(network: &Network, docs: &TokenStream) -> TokenStream {
    let visibility = &network.visibility;
    let name = &network.name;
    let declared = program::declared(network);
    let attributes = network
        .attributes
        .foreign()
        .map(|attribute| &attribute.tokens);
    quote! {
        #docs
        #(#attributes)*
        #visibility struct #name #declared;
    }
}
