//! The constants of a network: its own figures, and a `Stage` per label.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, quote};
use shapewise_core::Counts;
use shapewise_core::figure::{Amount, Figure, Unit};

use super::Reader;
use super::docs;
use super::editor;
use super::ports::{self, plain};
use crate::check::analysis::Analysis;
use crate::check::figure::{Unknown, amount};
use crate::graph::{Resolved, Statement};
use crate::resolve::symbol::variant;
use crate::syntax::tree::{File, Network};

/// All constants and functions of the network.
pub(super) fn items(
    reader: Reader,
    file: &File,
    network: &Network,
    graph: &Resolved,
    analysis: &Analysis,
) -> TokenStream {
    let krate = &file.krate;
    let private = quote!(#krate::__private);
    let name = network.name.to_string();
    let mut items = ports::of(&private, graph);
    let unknown = Unknown::of(graph);
    for figure in Figure::ALL {
        let symbolic = unknown.has(figure);
        let ident = Ident::new(figure.constant(), Span::call_site());
        let (ty, value) = (
            type_of(&private, figure),
            value(&private, figure, symbolic, graph, analysis),
        );
        let doc = docs::of_figure(figure, symbolic, graph, analysis);
        items.extend(quote! {
            #[doc = #doc]
            pub const #ident: #ty = #value;
        });
    }
    match reader {
        Reader::Editor => items.extend(known(file, graph, true)),
        Reader::Rustc => {
            for (index, statement) in graph.statements.iter().enumerate() {
                items.extend(stage(&private, graph, analysis, index, statement));
            }
        }
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

/// The type of a figure's constant.
pub(super) fn type_of(private: &TokenStream, figure: Figure) -> TokenStream {
    match figure.unit() {
        Unit::Count | Unit::Bytes(_) => quote!(::core::primitive::u64),
        Unit::Axes => quote!(#private::Extents),
        Unit::Truth => quote!(::core::primitive::bool),
    }
}

/// The value of a figure's constant, which only rustc knows where it is symbolic.
fn value(
    private: &TokenStream,
    figure: Figure,
    symbolic: bool,
    graph: &Resolved,
    analysis: &Analysis,
) -> TokenStream {
    if symbolic {
        let name = variant(figure);
        let read = match figure.unit() {
            Unit::Count | Unit::Bytes(_) => quote!(number),
            Unit::Axes => quote!(axes),
            Unit::Truth => quote!(truth),
        };
        // It is not that of the trait, so that what is wrong with the graph is told of
        // once and not for each figure on the way. In braces, rustdoc does not print it.
        return quote!({ #private::Figure::#name.#read(<Self as #private::Network>::GRAPH) });
    }
    match amount(figure, graph, &analysis) {
        Some(Amount::Axes(axes)) => {
            let axes = plain(axes.as_slice());
            quote!(#private::extents(#axes))
        }
        Some(Amount::Truth(truth)) => quote!(#truth),
        number => {
            let number = match number {
                Some(Amount::Number(number)) => number,
                _ => u64::MAX,
            };
            Literal::u64_unsuffixed(number).into_token_stream()
        }
    }
}

/// The constants of the labels as an editor shows them: with their shapes as the value.
/// Where there are errors, those of which nothing could be understood are left out.
pub(super) fn known(file: &File, graph: &Resolved, sure: bool) -> TokenStream {
    let krate = &file.krate;
    let statements = graph.statements.iter();
    let statements = statements.filter(|statement| sure || statement.is_followed());
    let constants = statements.filter_map(|statement| {
        let constant = statement.constant.as_ref()?;
        let ident = Ident::new(constant, statement.label.as_ref()?.span());
        let [input, output] = [statement.input, statement.output].map(|end| graph.values.get(end));
        let shapes = format!("{} -> {}", input?.display, output?.display);
        let own = &statement.docs;
        let about = docs::text_of_statement(graph, statement);
        let item = quote!(
            pub const #ident: #krate::Stage = #krate::__private::editor::stage(#shapes)
        );
        Some(editor::declaration(
            &quote!(#(#own)*),
            &about,
            &item,
            ident.span(),
        ))
    });
    constants.collect()
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
