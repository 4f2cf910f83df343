//! The constants of a network: its own figures, and a `Stage` per label.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use shapewise_core::Counts;

use super::amount::{self, sentence};
use super::docs;
use super::ports::{self, plain};
use crate::check::analysis::Analysis;
use crate::resolve::graph::{Resolved, Statement};
use crate::syntax::tree::{File, Network};

/// All constants and functions of the network.
pub(super) fn items(
    file: &File,
    network: &Network,
    graph: &Resolved,
    analysis: &Analysis,
) -> TokenStream {
    let krate = &file.krate;
    let private = quote!(#krate::__private);
    let name = network.name.to_string();
    let mut items = ports::of(&private, graph);
    for figure in figures(graph, analysis) {
        let Figure { name, value, doc } = figure;
        let ident = Ident::new(name, Span::call_site());
        let value = if symbolic_figure(graph, name) {
            // In braces, rustdoc does not print it.
            let figure = figure_code(&private, name);
            quote!({ let graph = <Self as #private::Network>::GRAPH; #figure })
        } else {
            let value = Literal::u64_unsuffixed(value);
            quote!(#value)
        };
        items.extend(quote! {
            #[doc = #doc]
            pub const #ident: ::core::primitive::u64 = #value;
        });
    }
    items.extend(receptive_field(&private, graph, analysis));
    // What a network of elsewhere or a custom layer leaves out, only rustc sees.
    let exact = if graph.nodes.iter().any(|node| node.ready.is_some()) {
        quote!({ <Self as #private::Network>::GRAPH.exact() })
    } else {
        quote!(true)
    };
    items.extend(quote! {
        /// Whether all costs are known. Where a custom layer left one out, counts are
        /// lower bounds.
        pub const EXACT: ::core::primitive::bool = #exact;
    });
    for (index, statement) in graph.statements.iter().enumerate() {
        items.extend(stage(&private, graph, analysis, index, statement));
    }
    let stage_doc = format!(
        "The figures of any labelled part of `{name}`, by the path of its label; `None` where there is no such label."
    );
    let summary_doc = format!("The table of `{name}`.");
    items.extend(quote! {
        #[doc = #stage_doc]
        #[must_use]
        pub fn stage(path: &::core::primitive::str) -> ::core::option::Option<#private::Stage> {
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

/// A figure of the graph. It is not that of the trait, so that what is wrong with
/// the graph is told of once and not for each figure on the way.
fn figure_code(private: &TokenStream, name: &str) -> TokenStream {
    match name {
        "WEIGHTS" => quote!(graph.counts().weights),
        "BIASES" => quote!(graph.counts().biases),
        "PARAMS" => quote!(graph.counts().params()),
        "BUFFERS" => quote!(graph.counts().buffers),
        "MACS" => quote!(graph.counts().macs),
        "FLOPS" => quote!(graph.counts().flops()),
        "PARAM_BYTES" => quote!(graph.param_bytes()),
        "PEAK_ACTIVATIONS" => quote!(#private::constant::peak(graph).elements),
        "PEAK_ACTIVATION_BYTES" => quote!(#private::constant::peak_bytes(graph)),
        "DEPTH" => quote!(#private::constant::depth(graph) as ::core::primitive::u64),
        _ => quote!(graph.activations()),
    }
}

/// Whether only rustc knows a figure.
fn symbolic_figure(graph: &Resolved, name: &str) -> bool {
    let of_shapes = matches!(
        name,
        "ACTIVATIONS" | "PEAK_ACTIVATIONS" | "PEAK_ACTIVATION_BYTES" | "RECEPTIVE_FIELD"
    );
    graph.symbolic_totals() || (of_shapes && graph.values.iter().any(|value| value.symbolic))
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
    let symbolic = graph.symbolic_totals();
    let count =
        |figure: fn(&Resolved) -> Option<u64>| sentence(graph, (0, graph.nodes.len()), &figure);
    let product = |factor: String, of: u64, result: u64| {
        if symbolic {
            String::new()
        } else {
            format!(
                ": `{factor} * {} = {}`",
                docs::grouped(of),
                docs::grouped(result)
            )
        }
    };
    let param_bytes = graph.param_bytes().unwrap_or(u64::MAX);
    let activations = graph.activations().unwrap_or(u64::MAX);
    let elements = amount::activations(graph);
    // What is inside of a network of elsewhere, only rustc sees.
    let elsewhere = !graph.elsewhere((0, graph.nodes.len())).0.is_empty();
    vec![
        figure(
            "WEIGHTS",
            weights,
            format!(
                "Elements of all weights: {}.",
                count(|graph| Some(graph.totals().weights))
            ),
        ),
        figure(
            "BIASES",
            biases,
            format!(
                "Elements of all biases: {}.",
                count(|graph| Some(graph.totals().biases))
            ),
        ),
        figure("PARAMS", totals.params(), docs::of_params(graph)),
        figure(
            "BUFFERS",
            buffers,
            format!(
                "Elements of all buffers (running statistics), which are no parameters: {}.",
                count(|graph| Some(graph.totals().buffers))
            ),
        ),
        figure("MACS", macs, docs::of_macs(graph)),
        figure(
            "FLOPS",
            totals.flops(),
            format!(
                "Floating-point operations for one sample, two per multiply-accumulate{}.",
                product("2".to_owned(), macs, totals.flops()),
            ),
        ),
        figure(
            "PARAM_BYTES",
            param_bytes,
            format!(
                "Bytes of the parameters as `{}`, {bytes} each{}.",
                graph.dtype.name(),
                product(bytes.to_string(), totals.params(), param_bytes),
            ),
        ),
        figure(
            "ACTIVATIONS",
            activations,
            format!(
                "Elements of all activations of one sample, the sum over the layers' outputs: {elements}."
            ),
        ),
        figure(
            "PEAK_ACTIVATIONS",
            peak,
            if symbolic_figure(graph, "PEAK_ACTIVATIONS") {
                "The most elements of activations that are alive at once, at inference for one sample.".to_owned()
            } else {
                docs::of_peak(graph, analysis)
            },
        ),
        figure(
            "PEAK_ACTIVATION_BYTES",
            peak_bytes,
            format!(
                "Bytes of the activations that are alive at once, as `{}`, {bytes} each{}.",
                graph.dtype.name(),
                product(bytes.to_string(), peak, peak_bytes),
            ),
        ),
        figure(
            "DEPTH",
            analysis.depth,
            format!(
                "The most weighted layers on any path, those that multiply what comes in with learned weights{}.",
                if elsewhere {
                    String::new()
                } else {
                    format!(": {}", docs::grouped(analysis.depth))
                }
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
    let symbolic = symbolic_figure(graph, "RECEPTIVE_FIELD");
    let found = if symbolic {
        String::new()
    } else {
        format!(": {size}")
    };
    let doc = format!(
        "How much{of} an output sees along each axis, not clipped at its edges{found}. Recurrent \
         layers, attention, flatten, global pooling and linear layers see all of it."
    );
    let value = if symbolic {
        quote!({
            let graph = <Self as #private::Network>::GRAPH;
            #private::constant::output_field(graph).size()
        })
    } else {
        let size = plain(size.as_slice());
        quote!(#private::extents(#size))
    };
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
    index: usize,
    statement: &Statement,
) -> TokenStream {
    let (Some(label), Some(constant)) = (&statement.label, &statement.constant) else {
        return TokenStream::new();
    };
    let ident = Ident::new(constant, label.span());
    let own = &statement.docs;
    let doc = docs::of_statement(graph, statement);
    let path = &statement.path;
    let ends = [statement.input, statement.output];
    // What it sees depends on all the layers before it.
    if graph.symbolic_costs((0, statement.nodes.1))
        || ends.iter().any(|end| graph.values[*end].symbolic)
    {
        let index = Literal::usize_unsuffixed(index);
        return quote! {
            #(#own)*
            #doc
            pub const #ident: #private::Stage = {
                let graph = <Self as #private::Network>::GRAPH;
                #private::constant::stage(graph, #index)
            };
        };
    }
    let Counts {
        weights,
        biases,
        buffers,
        macs,
    } = graph.counts(statement.nodes);
    let [input, output] = ends.map(|end| plain(graph.values[end].shape.as_slice()));
    let field = analysis.fields[statement.output];
    let figures = format!(
        "{} {input} {output} {weights} {biases} {buffers} {macs} {} {}",
        statement.nodes.1 - statement.nodes.0,
        plain(field.size().as_slice()),
        plain(field.stride().as_slice()),
    );
    quote! {
        #(#own)*
        #doc
        pub const #ident: #private::Stage = #private::stage(#path, #figures);
    }
}
