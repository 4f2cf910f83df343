//! The constants of a network's inputs and outputs, and how shapes are written.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use shapewise_core::Shape;

use crate::graph::{Resolved, ValueInfo};

/// The shapes of the inputs and outputs.
pub(super) fn of(private: &TokenStream, graph: &Resolved) -> TokenStream {
    let port = |place: usize, name: &str, value: &ValueInfo, of: &'static str| {
        let place = Literal::usize_unsuffixed(place);
        let ident = Ident::new(of, Span::call_site());
        Port {
            name: name.to_owned(),
            axes: axes(&value.shape),
            value: if value.symbolic {
                quote!({ <Self as #private::Network>::GRAPH.#ident(#place) })
            } else {
                shape(private, &value.shape)
            },
            display: value.display.clone(),
        }
    };
    let inputs: Vec<Port> = graph
        .inputs
        .iter()
        .zip(&graph.values)
        .enumerate()
        .map(|(i, (name, value))| port(i, name, value, "input"))
        .collect();
    let outputs: Vec<Port> = graph
        .outputs
        .iter()
        .enumerate()
        .map(|(i, (name, value))| port(i, name, &graph.values[*value], "output"))
        .collect();
    let mut items = ports_of(private, "INPUT", "input", &inputs);
    items.extend(ports_of(private, "OUTPUT", "output", &outputs));
    items
}

/// An input or output.
struct Port {
    name: String,
    axes: &'static str,
    value: TokenStream,
    display: String,
}

fn ports_of(private: &TokenStream, name: &str, what: &str, ports: &[Port]) -> TokenStream {
    if let [port] = ports {
        let ident = Ident::new(name, Span::call_site());
        let Port {
            name,
            axes,
            value,
            display,
        } = port;
        let doc = format!("The shape of the {what} `{name}`: {display}, {axes}.");
        return quote! {
            #[doc = #doc]
            pub const #ident: #private::Shape = #value;
        };
    }
    let ident = Ident::new(&format!("{name}S"), Span::call_site());
    let list: Vec<String> = ports
        .iter()
        .map(|port| format!("`{}` {}", port.name, port.display))
        .collect();
    let doc = format!("The shapes of the {what}s: {}.", list.join(", "));
    let count = ports.len();
    let values = ports.iter().map(|port| &port.value);
    quote! {
        #[doc = #doc]
        pub const #ident: [#private::Shape; #count] = [#(#values),*];
    }
}

/// What the extents of a shape are.
pub(super) fn axes(shape: &Shape) -> &'static str {
    match shape.rank() {
        1 => "a vector",
        2 => "length x features",
        3 => "height x width x channels",
        4 => "depth x height x width x channels",
        _ => "spatial extents x channels",
    }
}

/// A shape as an expression.
pub(super) fn shape(private: &TokenStream, shape: &Shape) -> TokenStream {
    let shape = plain(shape.as_slice());
    quote!(#private::shape(#shape))
}

/// Extents as `core` reads them in the figures of a network.
pub(super) fn plain(extents: &[usize]) -> String {
    if extents.is_empty() {
        return "-".to_owned();
    }
    let extents: Vec<String> = extents.iter().map(ToString::to_string).collect();
    extents.join("x")
}
