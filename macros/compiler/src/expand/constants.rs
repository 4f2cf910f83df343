//! The constants of a network: its own figures, and a `Stage` per label.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use shapewise_core::{Counts, Shape};

use super::docs;
use super::graph::extents;
use crate::check::analysis::Analysis;
use crate::resolve::graph::{Resolved, Statement};
use crate::syntax::tree::{File, Network};

/// All constants and functions of the network.
pub(super) fn items(file: &File, network: &Network, graph: &Resolved) -> TokenStream {
    let krate = &file.krate;
    let private = quote!(#krate::__private);
    let name = network.name.to_string();
    let mut items = ports(&private, graph);
    let analysis = Analysis::of(graph);
    for figure in figures(graph, &analysis) {
        let Figure { name, value, doc } = figure;
        let ident = Ident::new(name, Span::call_site());
        let value = Literal::u64_unsuffixed(value);
        items.extend(quote! {
            #[doc = #doc]
            pub const #ident: ::core::primitive::u64 = #value;
        });
    }
    items.extend(receptive_field(&private, graph, &analysis));
    for statement in &graph.statements {
        items.extend(stage(&private, graph, &analysis, statement));
    }
    let stage_doc = format!(
        "The figures of any labelled part of `{name}`, by the path of its label; `None` where there is no such label."
    );
    let summary_doc = format!("The table of `{name}`.");
    items.extend(quote! {
        #[doc = #stage_doc]
        #[must_use]
        pub const fn stage(path: &::core::primitive::str) -> ::core::option::Option<#private::Stage> {
            #private::stage_of::<Self>(path)
        }

        #[doc = #summary_doc]
        #[must_use]
        pub fn summary() -> #private::Summary {
            #private::summary_of::<Self>()
        }
    });
    items
}

/// The shapes of the inputs and outputs.
fn ports(private: &TokenStream, graph: &Resolved) -> TokenStream {
    let inputs: Vec<(&str, Shape)> = graph
        .inputs
        .iter()
        .zip(&graph.values)
        .map(|(name, value)| (name.as_str(), value.shape))
        .collect();
    let outputs: Vec<(&str, Shape)> = graph
        .outputs
        .iter()
        .map(|(name, value)| (name.as_str(), graph.values[*value].shape))
        .collect();
    let mut items = port(private, "INPUT", "input", &inputs);
    items.extend(port(private, "OUTPUT", "output", &outputs));
    items
}

fn port(private: &TokenStream, name: &str, what: &str, ports: &[(&str, Shape)]) -> TokenStream {
    if let [(port, port_shape)] = ports {
        let ident = Ident::new(name, Span::call_site());
        let doc = format!(
            "The shape of the {what} `{port}`: {port_shape}, {}.",
            axes(port_shape)
        );
        let value = shape(private, port_shape);
        return quote! {
            #[doc = #doc]
            pub const #ident: #private::Shape = #value;
        };
    }
    let ident = Ident::new(&format!("{name}S"), Span::call_site());
    let list: Vec<String> = ports
        .iter()
        .map(|(name, shape)| format!("`{name}` {shape}"))
        .collect();
    let doc = format!("The shapes of the {what}s: {}.", list.join(", "));
    let count = ports.len();
    let values = ports.iter().map(|(_, port)| shape(private, port));
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
    let extents = shape
        .as_slice()
        .iter()
        .map(|extent| Literal::usize_unsuffixed(*extent));
    quote!(#private::Shape::new(&[#(#extents),*]))
}

/// The names of the network's own figures.
pub(super) const FIGURES: [&str; 11] = [
    "WEIGHTS",
    "BIASES",
    "PARAMS",
    "BUFFERS",
    "MACS",
    "FLOPS",
    "PARAM_BYTES",
    "ACTIVATIONS",
    "PEAK_ACTIVATIONS",
    "PEAK_ACTIVATION_BYTES",
    "DEPTH",
];

struct Figure {
    name: &'static str,
    value: u64,
    doc: String,
}

fn figures(graph: &Resolved, analysis: &Analysis) -> Vec<Figure> {
    let peak = analysis.peak.map_or(u64::MAX, |peak| peak.elements);
    let peak_bytes = analysis.peak_bytes(graph).unwrap_or(u64::MAX);
    let Counts {
        weights,
        biases,
        buffers,
        macs,
    } = graph.totals();
    let totals = graph.totals();
    let figure = |name, value, doc: String| Figure { name, value, doc };
    let bytes = graph.dtype.bytes();
    let count = |value| docs::grouped(value);
    vec![
        figure(
            "WEIGHTS",
            weights,
            format!("Elements of all weights: {}.", count(weights)),
        ),
        figure(
            "BIASES",
            biases,
            format!("Elements of all biases: {}.", count(biases)),
        ),
        figure("PARAMS", totals.params(), docs::of_params(graph)),
        figure(
            "BUFFERS",
            buffers,
            format!(
                "Elements of all buffers (running statistics), which are no parameters: {}.",
                count(buffers)
            ),
        ),
        figure("MACS", macs, docs::of_macs(graph)),
        figure(
            "FLOPS",
            totals.flops(),
            format!(
                "Floating-point operations for one sample: `2 * {} = {}`.",
                count(macs),
                count(totals.flops())
            ),
        ),
        figure(
            "PARAM_BYTES",
            graph.param_bytes().unwrap_or(u64::MAX),
            format!(
                "Bytes of the parameters as `{}`: `{} * {bytes} = {}`.",
                graph.dtype.name(),
                count(totals.params()),
                count(graph.param_bytes().unwrap_or(u64::MAX)),
            ),
        ),
        figure(
            "ACTIVATIONS",
            graph.activations().unwrap_or(u64::MAX),
            format!(
                "Elements of all activations of one sample, the sum over the layers' outputs: {}.",
                count(graph.activations().unwrap_or(u64::MAX)),
            ),
        ),
        figure("PEAK_ACTIVATIONS", peak, docs::of_peak(graph, analysis)),
        figure(
            "PEAK_ACTIVATION_BYTES",
            peak_bytes,
            format!(
                "Bytes of the activations that are alive at once, as `{}`: `{} * {bytes} = {}`.",
                graph.dtype.name(),
                count(peak),
                count(peak_bytes),
            ),
        ),
        figure(
            "DEPTH",
            analysis.depth,
            format!(
                "The most weighted layers on any path, those that multiply what comes in with learned weights: {}.",
                count(analysis.depth)
            ),
        ),
    ]
}

/// What the outputs see of the first input.
fn receptive_field(private: &TokenStream, graph: &Resolved, analysis: &Analysis) -> TokenStream {
    let size = &analysis.receptive_field;
    let of = match graph.inputs.as_slice() {
        [_, _, ..] => format!(" of `{}`", graph.inputs[0]),
        _ => " of the input".to_owned(),
    };
    let doc = format!(
        "How much{of} an output sees along each axis, not clipped at its edges: {size}. Recurrent \
         layers, attention, flatten, global pooling and linear layers see all of it."
    );
    let value = extents(private, size);
    quote! {
        #[doc = #doc]
        pub const RECEPTIVE_FIELD: #private::Extents = #value;
    }
}

/// The constant of a labelled statement.
fn stage(
    private: &TokenStream,
    graph: &Resolved,
    analysis: &Analysis,
    statement: &Statement,
) -> TokenStream {
    let (Some(label), Some(constant)) = (&statement.label, &statement.constant) else {
        return TokenStream::new();
    };
    let ident = Ident::new(constant, label.span());
    let own = &statement.docs;
    let doc = docs::of_statement(graph, statement);
    let path = &statement.path;
    let layers = Literal::usize_unsuffixed(statement.nodes.1 - statement.nodes.0);
    let input = shape(private, &graph.values[statement.input].shape);
    let output = shape(private, &graph.values[statement.output].shape);
    let counts = counts(private, &graph.counts(statement.nodes));
    let field = analysis.fields[statement.output];
    let receptive_field = extents(private, &field.size());
    let effective_stride = extents(private, &field.stride());
    quote! {
        #(#own)*
        #doc
        pub const #ident: #private::Stage =
            #private::Stage::new(#path, #layers, #input, #output, #counts)
                .seeing(#receptive_field, #effective_stride);
    }
}

fn counts(private: &TokenStream, counts: &Counts) -> TokenStream {
    let [weights, biases, buffers, macs] =
        [counts.weights, counts.biases, counts.buffers, counts.macs].map(Literal::u64_unsuffixed);
    quote! {
        #private::Counts { weights: #weights, biases: #biases, buffers: #buffers, macs: #macs }
    }
}
