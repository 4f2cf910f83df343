//! The static graph: the layers as a program that const evaluation runs through
//! the same rules, so that no figure is printed twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use shapewise_core::{Extents, Value};

use super::code::Code;
use super::program::{self, Program};
use crate::graph::{Ready, Resolved, Step};
use crate::syntax::tree::{File, Network};

/// The implementation of the trait.
pub(super) fn implementation(file: &File, network: &Network, graph: &Resolved) -> TokenStream {
    let krate = &file.krate;
    let private = quote!(#krate::__private);
    let name = &network.name;
    let (implemented, passed) = (program::implemented(network), program::passed(network));
    if graph.symbols.is_some() {
        return symbolic(file, network, graph);
    }
    let code = Code::of(graph);
    let (numbers, texts) = (code.literal(), &code.texts);
    let networks = networks(&private, &code.networks);
    let renamed = renamed(&code.renamed);
    let [nodes, values, reads, statements, outputs] = [
        graph.nodes.len(),
        graph.values.len(),
        graph.nodes.iter().map(|node| node.step.inputs.len()).sum(),
        graph.statements.len(),
        graph.outputs.len(),
    ]
    .map(Literal::usize_unsuffixed);
    let sizes = quote!(#nodes, #values, #reads, #statements, #outputs);
    let program = quote! {
        const CODE: &'static [::core::primitive::u8] = #numbers;
        const TEXT: &'static [&'static ::core::primitive::str] = &[#(#texts),*];
        #networks
        #renamed
    };
    let conditions = super::conditions(network);
    if code.different < LONG && graph.nodes.len() < 20 * LONG {
        return quote! {
            #conditions
            #[allow(deprecated)]
            #[doc(hidden)]
            impl #implemented #private::Program for #name #passed { #program }
            #conditions
            #[allow(deprecated)]
            impl #implemented #private::Network for #name #passed {
                const GRAPH: &'static #private::Graph = #private::graph::<Self, #sizes>();
            }
        };
    }
    quote! {
        #conditions
        const _: () = {
            // The network's own name is in scope here: nobody calls one like this.
            // The parameter keeps rustc's checks from evaluating a graph that
            // nobody reads.
            struct __Program<const LAZY: ::core::primitive::bool>;
            impl<const LAZY: ::core::primitive::bool> #private::Program for __Program<LAZY> {
                #program
            }
            impl<const LAZY: ::core::primitive::bool> __Program<LAZY> {
                #[allow(long_running_const_eval)]
                const PARTS: &'static #private::Parts<#nodes, #values, #statements, #outputs> =
                    &#private::Read::<Self, #sizes>::parts();
            }
            impl<const LAZY: ::core::primitive::bool> #private::LongProgram for __Program<LAZY> {
                const GRAPH: &'static #private::Graph =
                    &Self::PARTS.graph(<Self as #private::Program>::NETWORKS);
            }
            #[allow(deprecated)]
            impl #implemented #private::Network for #name #passed {
                const GRAPH: &'static #private::Graph =
                    #private::long_graph::<__Program<true>>();
            }
        };
    }
}

/// From how many different layers on rustc may ask whether the evaluation of the
/// graph ends, which it does after two million calls and turns of loops: a
/// transformer layer takes over a thousand, one that is like another some fifty.
const LONG: usize = 400;

/// The networks among the layers, each once: rustc goes through all that a constant
/// refers to as often as it is referred to, so that networks in networks would take
/// twice as long with each level.
#[derive(Default)]
pub(super) struct Networks<'g> {
    places: HashMap<String, usize>,
    paths: Vec<&'g TokenStream>,
}

impl<'g> Networks<'g> {
    pub(super) fn of(graph: &'g Resolved) -> Self {
        let mut networks = Self::default();
        for node in &graph.nodes {
            if let Some(Ready::Network(path)) = &node.step.ready
                && let Entry::Vacant(new) = networks.places.entry(path.to_string())
            {
                new.insert(networks.paths.len());
                networks.paths.push(path);
            }
        }
        networks
    }

    /// Which of them a layer is, if it is one.
    pub(super) fn place(&self, step: &Step) -> Option<usize> {
        match &step.ready {
            Some(Ready::Network(path)) => self.places.get(&path.to_string()).copied(),
            _ => None,
        }
    }

    /// Their graphs.
    pub(super) fn graphs(&self, private: &TokenStream) -> TokenStream {
        let paths = &self.paths;
        quote!(&[#(#private::graph_of::<#paths>()),*])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }
}

/// The networks among the layers, by a function: rustc evaluates every constant
/// that it sees named.
fn networks(private: &TokenStream, networks: &Networks<'_>) -> TokenStream {
    if networks.is_empty() {
        return TokenStream::new();
    }
    let graphs = networks.graphs(private);
    quote! {
        const NETWORKS: &'static [&'static #private::Graph] = #graphs;
    }
}

/// The renamed tensors of the layers that are written down.
fn renamed(renamed: &[&(String, String)]) -> TokenStream {
    if renamed.is_empty() {
        return TokenStream::new();
    }
    let pairs = pairs(renamed.iter().copied());
    quote! {
        const RENAMED: &'static [(
            &'static ::core::primitive::str, &'static ::core::primitive::str
        )] = &[#pairs];
    }
}

pub(super) fn pairs<'n>(renamed: impl Iterator<Item = &'n (String, String)>) -> TokenStream {
    let pairs = renamed.map(|(own, other)| quote!((#own, #other)));
    quote!(#(#pairs),*)
}

/// The implementation where only rustc knows all shapes.
fn symbolic(file: &File, network: &Network, graph: &Resolved) -> TokenStream {
    let krate = &file.krate;
    let private = quote!(#krate::__private);
    let name = &network.name;
    let (implemented, passed) = (program::implemented(network), program::passed(network));
    let nodes = Literal::usize_unsuffixed(graph.nodes.len());
    let values = Literal::usize_unsuffixed(graph.values.len());
    let Program { constants, tracer } = program::of(file, graph);
    let statements = Literal::usize_unsuffixed(graph.statements.len());
    let budgets = program::budgets(file, graph, &tracer);
    let settled = graph
        .symbols
        .as_ref()
        .is_some_and(|symbols| symbols.settled);
    let graph = constant(&private, graph);
    // Errors in constants of generics come when they are used; all others now, and of
    // generics with defaults those with these, unless there can be none.
    let forced = (program::has_defaults(network) && !settled).then(|| {
        quote! {
            const _: () = { let _ = <#name as #private::Network>::GRAPH; };
        }
    });
    let allowed = ALLOWED.map(|lint| lint.parse::<TokenStream>().unwrap_or_default());
    let conditions = super::conditions(network);
    quote! {
        #conditions
        #[allow(#(#allowed),*)]
        impl #implemented #name #passed {
            #constants
            #[doc(hidden)]
            const SHAPEWISE_TRACE: &'static #private::Trace<#nodes, #values> = &#tracer.finish();
            #[doc(hidden)]
            const SHAPEWISE_STATEMENTS: &'static [#private::Statement; #statements] =
                &#tracer.statements();
            #[doc(hidden)]
            const SHAPEWISE_GRAPH: #private::Graph = #graph;
            #[doc(hidden)]
            const SHAPEWISE_BUDGETS: () = { #budgets };
        }
        #conditions
        #[allow(deprecated)]
        const _: () = {
            impl #implemented #private::Network for #name #passed {
                const GRAPH: &'static #private::Graph = {
                    let () = Self::SHAPEWISE_BUDGETS;
                    &Self::SHAPEWISE_GRAPH
                };
            }
            #forced
        };
    }
}

/// The lints that look at what users have no part in.
pub(super) const ALLOWED: [&str; 9] = [
    "deprecated",
    "dead_code",
    "long_running_const_eval",
    "unreachable_code",
    "unused_braces",
    "unused_parens",
    "clippy::all",
    "clippy::pedantic",
    "clippy::restriction",
];

/// The graph as a constant.
fn constant(private: &TokenStream, graph: &Resolved) -> TokenStream {
    let networks = Networks::of(graph).graphs(private);
    let name = &graph.name;
    let inputs = &graph.inputs;
    let outputs = graph.outputs.iter().map(|(name, value)| {
        let value = Literal::usize_unsuffixed(*value);
        quote!((#name, #value))
    });
    let dtype = Ident::new(
        match graph.dtype {
            shapewise_core::graph::DType::F32 => "F32",
            shapewise_core::graph::DType::F16 => "F16",
            shapewise_core::graph::DType::Bf16 => "Bf16",
            shapewise_core::graph::DType::I8 => "I8",
        },
        proc_macro2::Span::call_site(),
    );
    quote! {
        #private::Graph::containing(
            #networks,
            #name,
            #private::DType::#dtype,
            &[#(#inputs),*],
            Self::SHAPEWISE_TRACE,
            &[#(#outputs),*],
        )
        .with_statements(Self::SHAPEWISE_STATEMENTS)
    }
}

/// The arguments of a layer, those with symbols as rustc evaluates them.
pub(super) fn arguments(private: &TokenStream, step: &Step) -> TokenStream {
    let pairs = step.arguments.iter().enumerate().map(|(i, (name, value))| {
        let value = match step.codes.get(i) {
            Some(Some(known)) => known.code.tokens.clone(),
            _ => argument(private, value),
        };
        quote!((#name, #value))
    });
    quote!(#(#pairs),*)
}

/// A layer as a step with so many results. `given` are its arguments, where they are a
/// constant.
pub(super) fn value(
    private: &TokenStream,
    step: &Step,
    results: usize,
    given: Option<TokenStream>,
) -> TokenStream {
    let (inputs, path) = (inputs(step), &step.path);
    let step_results = results;
    let results = Literal::usize_unsuffixed(results);
    if let Some(Ready::Custom { .. }) = &step.ready {
        let custom = program::custom_constant(step);
        let giving = (step_results > 1).then(|| quote!(.giving(#results)));
        return quote!(#private::Step::custom(Self::#custom, &[#inputs], #path) #giving);
    }
    let entry = Ident::new(step.entry.name, step.span);
    let arguments = given.unwrap_or_else(|| {
        let arguments = arguments(private, step);
        quote!(&[#arguments])
    });
    let sharing = step.shared.map(|owner| {
        let owner = Literal::usize_unsuffixed(owner);
        quote!(.sharing(#owner))
    });
    quote! {
        #private::Step::new(
            #private::layers::#entry, #arguments, &[#inputs], #results, #path
        ) #sharing
    }
}

fn inputs(step: &Step) -> TokenStream {
    let inputs = step
        .inputs
        .iter()
        .map(|input| Literal::usize_unsuffixed(*input));
    quote!(#(#inputs),*)
}

fn argument(private: &TokenStream, value: &Value) -> TokenStream {
    match value {
        Value::None => quote!(#private::Value::None),
        Value::Int(value) => {
            let value = Literal::u64_unsuffixed(*value);
            quote!(#private::Value::Int(#value))
        }
        Value::Float(value) => {
            let value = float(*value);
            quote!(#private::Value::Float(#value))
        }
        Value::Bool(value) => quote!(#private::Value::Bool(#value)),
        Value::Extents(value) => {
            let value = extents(private, value);
            quote!(#private::Value::Extents(#value))
        }
        Value::Sides(value) => {
            let (before, after) = (
                extents(private, &value.before()),
                extents(private, &value.after()),
            );
            quote!(#private::Value::Sides(#private::Sides::new(#before, #after)))
        }
        Value::Keyword(value) => quote!(#private::Value::Keyword(#value)),
        Value::Equation(value) => {
            let text = value.as_str();
            quote!(#private::Value::Equation(#private::Equation::new(#text)))
        }
        Value::Range(start, end) => {
            let [start, end] = [*start, *end].map(Literal::usize_unsuffixed);
            quote!(#private::Value::Range(#start, #end))
        }
        Value::Input(value) => {
            let value = Literal::usize_unsuffixed(*value);
            quote!(#private::Value::Input(#value))
        }
    }
}

/// A float as an expression: literals have no sign.
fn float(value: f64) -> TokenStream {
    let magnitude = Literal::f64_unsuffixed(value.abs());
    if value.is_sign_negative() {
        quote!(-#magnitude)
    } else {
        quote!(#magnitude)
    }
}

/// Extents as an expression.
pub(super) fn extents(private: &TokenStream, extents: &Extents) -> TokenStream {
    let values = extents
        .as_slice()
        .iter()
        .map(|extent| Literal::usize_unsuffixed(*extent));
    quote!(#private::Extents::new(&[#(#values),*]))
}
