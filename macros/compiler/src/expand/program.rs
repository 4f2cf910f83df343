//! A network with values that only rustc knows: a program of associated
//! constants, each call with the span of the user's own words, so that rustc
//! shows what does not fit where the user wrote it.

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::code::{Code as Literals, coded};
use super::graph::{pairs, value};
use super::ports::shape;
use crate::graph::{AtomType, Check, CheckKind, Code, DeadEnd, Ready, Resolved, Step};
use crate::resolve::symbol::{call_at, extent_variable, variant};
use crate::syntax::tree::{File, Network};

/// The associated constants that trace a network.
pub(super) struct Program {
    /// All of them.
    pub(super) constants: TokenStream,
    /// The last of the tracers.
    pub(super) tracer: TokenStream,
}

/// The program of a network, up to where the shapes could not be followed further.
pub(super) fn of(file: &File, graph: &Resolved) -> Program {
    let krate = &file.krate;
    let private = quote!(#krate::__private);
    let dead_end = graph.dead_end.as_deref();
    let nodes = graph.nodes.len() + usize::from(dead_end.is_some());
    let values = graph.values.len() + dead_end.map_or(0, |end| end.results);
    let mut writer = Writer {
        private,
        deny: graph.deny_inexact_stride,
        nodes: Literal::usize_unsuffixed(nodes),
        values: Literal::usize_unsuffixed(values),
        constants: TokenStream::new(),
        statements: TokenStream::new(),
        traces: 0,
        made: 0,
        kept: 0,
    };
    writer.atoms(graph);
    writer.literals(graph);
    for value in graph.values.iter().take(graph.inputs.len()) {
        let shape = match &value.code {
            Some(known) => known.code.tokens.clone(),
            None => shape(&writer.private, &value.shape),
        };
        writer.statement(&quote!(tracer.input(#shape);));
        writer.made += 1;
    }
    for (index, node) in graph.nodes.iter().enumerate() {
        writer.checks(graph, index);
        if node.step.is_coded() {
            writer.coded(index, &node.step);
        } else {
            writer.written(index, &node.step, node.results);
        }
        writer.made += node.results;
    }
    writer.checks(graph, graph.nodes.len());
    if let Some(DeadEnd { step, results, .. }) = dead_end {
        writer.written(graph.nodes.len(), step, *results);
        let called = called(step);
        let call = call_at(step.place, &quote!(symbolic::lost), &quote!(#called));
        writer.statement(&quote!(#call;));
    }
    writer.close();
    let last = writer.tracer();
    Program {
        constants: writer.constants,
        tracer: quote!(Self::#last),
    }
}

/// The budgets, checked on the graph.
pub(super) fn budgets(file: &File, graph: &Resolved, tracer: &TokenStream) -> TokenStream {
    let krate = &file.krate;
    let checks = graph.checks.iter().filter_map(|check| match &check.kind {
        CheckKind::Budget { figure, comparison } => {
            let extents = extents(&check.code, tracer);
            let (figure, comparison) = (variant(figure), variant(comparison));
            let bound = &check.code.tokens;
            let call = call_at(
                check.place,
                &quote!(symbolic::budget),
                &quote!(
                    &Self::SHAPEWISE_GRAPH, __shapewise::Figure::#figure,
                    __shapewise::arithmetic::Comparison::#comparison, #bound
                ),
            );
            Some(quote!(#extents #call;))
        }
        CheckKind::Plan { asked, comparison } => {
            let comparison = variant(comparison);
            let extents = extents(&check.code, tracer);
            let bound = &check.code.tokens;
            let call = call_at(
                check.place,
                &quote!(symbolic::plan),
                &quote!(
                    &Self::SHAPEWISE_GRAPH, &#asked,
                    __shapewise::arithmetic::Comparison::#comparison, #bound
                ),
            );
            Some(quote!(#extents #call;))
        }
        _ => None,
    });
    quote! {
        use #krate::__private as __shapewise;
        #(#checks)*
    }
}

/// The extents that code reads, as variables: of the values of a tracer or a trace.
fn extents(code: &Code, tracer: &TokenStream) -> TokenStream {
    let extents = code.reads.iter().map(|read| {
        let variable = extent_variable(read);
        let value = Literal::usize_unsuffixed(read.0);
        let axis = format_ident!("{}", read.1);
        let name = read.1.to_lowercase();
        quote! {
            let #variable = __shapewise::symbolic::axis(
                #tracer.value(#value), __shapewise::Axis::#axis, #name
            );
        }
    });
    quote!(#(#extents)*)
}

struct Writer {
    private: TokenStream,
    deny: bool,
    nodes: Literal,
    values: Literal,
    constants: TokenStream,
    /// The statements of the tracer that is being written.
    statements: TokenStream,
    /// How many tracers are written.
    traces: usize,
    /// How many values there are so far.
    made: usize,
    /// How many of them are in tracers that are written.
    kept: usize,
}

impl Writer {
    /// The last tracer that is written.
    fn tracer(&self) -> Ident {
        format_ident!("SHAPEWISE_TRACE_{}", self.traces - 1)
    }

    /// What the user wrote, as constants of the types that it is used as.
    fn atoms(&mut self, graph: &Resolved) {
        let atoms = graph.symbols.iter().flat_map(|symbols| &symbols.atoms);
        for (index, atom) in atoms.enumerate() {
            let tokens = &atom.tokens;
            for ty in atom.types.iter() {
                let constant = ty.constant(index);
                let ty = match ty {
                    AtomType::Int => quote!(::core::primitive::usize),
                    AtomType::Bool => quote!(::core::primitive::bool),
                    AtomType::Float => quote!(::core::primitive::f64),
                };
                self.constants.extend(quote! {
                    #[doc(hidden)]
                    const #constant: #ty = #tokens;
                });
            }
        }
    }

    /// The layers as literals, which are read one by one, and the first tracer.
    fn literals(&mut self, graph: &Resolved) {
        let code = Literals::of(graph);
        let (numbers, texts) = (code.literal(), &code.texts);
        let renamed = pairs(code.renamed.iter().copied());
        let reads = coded(graph).map(|(_, node)| node.step.inputs.len()).sum();
        let reads = Literal::usize_unsuffixed(reads);
        let Self {
            private,
            nodes,
            values,
            ..
        } = self;
        let networks = (!code.networks.is_empty()).then(|| {
            let graphs = code.networks.graphs(private);
            quote!(.with_networks(#graphs))
        });
        self.constants.extend(quote! {
            #[doc(hidden)]
            const SHAPEWISE_CODE: &'static [::core::primitive::u8] = #numbers;
            #[doc(hidden)]
            const SHAPEWISE_READS: &'static [::core::primitive::usize; #reads] =
                &#private::reads(Self::SHAPEWISE_CODE);
            #[doc(hidden)]
            const SHAPEWISE_START: #private::Tracer<#nodes, #values> = #private::Tracer::new()
                .reading(Self::SHAPEWISE_CODE, &[#(#texts),*], Self::SHAPEWISE_READS, &[#renamed])
                #networks;
        });
    }

    fn statement(&mut self, tokens: &TokenStream) {
        self.statements.extend(tokens.clone());
    }

    /// Ends the tracer that is being written, so that its values can be read.
    fn close(&mut self) {
        let Self {
            private,
            nodes,
            values,
            statements,
            ..
        } = self;
        let start = match self.traces {
            0 => quote!(Self::SHAPEWISE_START),
            number => {
                let before = format_ident!("SHAPEWISE_TRACE_{}", number - 1);
                quote!(*Self::#before)
            }
        };
        let name = format_ident!("SHAPEWISE_TRACE_{}", self.traces);
        self.constants.extend(quote! {
            #[doc(hidden)]
            const #name: &'static #private::Tracer<#nodes, #values> = &{
                use #private as __shapewise;
                let mut tracer = #start;
                #statements
                tracer
            };
        });
        self.statements = TokenStream::new();
        self.traces += 1;
        self.kept = self.made;
    }

    /// The tracer that is written and has these values.
    fn tracer_of(&mut self, mut values: impl Iterator<Item = usize>) -> TokenStream {
        if self.traces == 0 || values.any(|value| value >= self.kept) {
            self.close();
        }
        let tracer = self.tracer();
        quote!(Self::#tracer)
    }

    /// The extents that a constant reads, as variables.
    fn reads(&mut self, code: &Code) -> TokenStream {
        if code.reads.iter().next().is_none() {
            return TokenStream::new();
        }
        let tracer = self.tracer_of(code.reads.iter().map(|(value, _)| *value));
        extents(code, &tracer)
    }

    /// The checks that stand before a node.
    fn checks(&mut self, graph: &Resolved, index: usize) {
        for check in graph.checks.iter().filter(|check| check.after == index) {
            self.check(check);
        }
    }

    fn check(&mut self, check: &Check) {
        let extents = extents(&check.code, &quote!(tracer));
        let (code, within) = (&check.code.tokens, &check.within);
        let call = match &check.kind {
            CheckKind::Decision(decision) => {
                let (taken, text) = (decision.taken, format!("{}{within}", decision.text));
                call_at(
                    check.place,
                    &quote!(symbolic::guard),
                    &quote!(#code, #taken, #text),
                )
            }
            CheckKind::Expect { value, what, .. } => {
                let what = format!("{what}{within}");
                let value = Literal::usize_unsuffixed(*value);
                call_at(
                    check.place,
                    &quote!(Tracer::expect),
                    &quote!(&tracer, #value, #code, #what),
                )
            }
            CheckKind::Lost { called } => {
                let called = format!("{called}{within}");
                self.statement(&quote!({ #extents let _ = #code; }));
                call_at(check.place, &quote!(symbolic::lost), &quote!(#called))
            }
            CheckKind::Budget { .. } | CheckKind::Plan { .. } => return,
        };
        self.statement(&match extents.is_empty() {
            true => quote!(#call;),
            false => quote!({ #extents #call; }),
        });
    }

    /// What a function of the user's gives for the shapes that come in.
    fn custom(&mut self, step: &Step, function: &TokenStream, arguments: &Code) {
        let extents = self.reads(arguments);
        let tracer = self.tracer_of(step.inputs.iter().copied());
        let name = custom_constant(step);
        let private = &self.private;
        let inputs = step.inputs.iter().copied().map(Literal::usize_unsuffixed);
        let tokens = &arguments.tokens;
        let value = format_ident!("{name}_VALUE");
        let mut given = Group::new(
            Delimiter::Parenthesis,
            quote!(#(#tracer.value(#inputs),)* #tokens),
        );
        given.set_span(step.place.last);
        // The call alone, so that a function of another type is shown by the
        // user's own tokens.
        let uses = (!tokens.is_empty()).then(|| quote!(use #private as __shapewise;));
        self.constants.extend(quote! {
            #[doc(hidden)]
            #[allow(unused_imports)]
            const #value: #private::Custom = { #uses #extents #function #given };
            #[doc(hidden)]
            const #name: &'static #private::Custom = &Self::#value;
        });
    }

    /// A layer that is read from the literals.
    fn coded(&mut self, index: usize, step: &Step) {
        let called = called(step);
        let call = match self.arguments(index, step) {
            Some(arguments) => call_at(
                step.place,
                &quote!(Tracer::given),
                &quote!(&mut tracer, #arguments, #called),
            ),
            None => call_at(
                step.place,
                &quote!(Tracer::next),
                &quote!(&mut tracer, #called),
            ),
        };
        self.add(step, &call);
    }

    /// A layer that is written as it is.
    fn written(&mut self, index: usize, step: &Step, results: usize) {
        let arguments = self.arguments(index, step);
        if let Some(Ready::Custom {
            function,
            arguments,
        }) = &step.ready
        {
            self.custom(step, function, arguments);
        }
        let value = value(&self.private, step, results, arguments);
        let called = called(step);
        let call = call_at(
            step.place,
            &quote!(Tracer::layer),
            &quote!(&mut tracer, &#value, #called),
        );
        self.add(step, &call);
    }

    fn add(&mut self, step: &Step, call: &TokenStream) {
        self.statement(&quote!(#call;));
        if self.deny {
            let called = called(step);
            let exact = call_at(
                step.place,
                &quote!(Tracer::exact),
                &quote!(&tracer, #called),
            );
            self.statement(&quote!(#exact;));
        }
    }

    /// The arguments of a layer as a constant, where rustc evaluates some of them.
    fn arguments(&mut self, index: usize, step: &Step) -> Option<TokenStream> {
        if !step.is_given() {
            return None;
        }
        let codes = step.codes.iter().flatten();
        let code = codes.fold(Code::default(), |all, known| {
            all.with(known.code.clone(), |_, _| TokenStream::new())
        });
        let extents = self.reads(&code);
        let private = &self.private;
        let name = format_ident!("SHAPEWISE_ARGUMENTS_{index}");
        let pairs = super::graph::arguments(private, step);
        self.constants.extend(quote! {
            #[doc(hidden)]
            const #name: &'static [(&'static ::core::primitive::str, #private::Value)] = {
                use #private as __shapewise;
                #extents
                &[#pairs]
            };
        });
        Some(quote!(Self::#name))
    }
}

/// What a layer is called in a message, and in further lines what led to it.
fn called(step: &Step) -> String {
    format!("{}{}", step.called, step.within)
}

/// The associated constant of a custom layer.
pub(super) fn custom_constant(step: &Step) -> Ident {
    format_ident!("SHAPEWISE_CUSTOM_{}", step.output)
}

/// Whether the network can be named without generics: it has none, or a default for each.
pub(super) fn has_defaults(network: &Network) -> bool {
    network
        .generics
        .iter()
        .all(|generic| generic.default.is_some())
}

/// The generics as they are declared.
pub(super) fn declared(network: &Network) -> TokenStream {
    generics(network, true)
}

/// The generics of an impl: without defaults.
pub(super) fn implemented(network: &Network) -> TokenStream {
    generics(network, false)
}

fn generics(network: &Network, defaults: bool) -> TokenStream {
    if network.generics.is_empty() {
        return TokenStream::new();
    }
    let parameters = network.generics.iter().map(|generic| {
        let (name, ty) = (&generic.name, &generic.ty);
        let default = generic.default.as_ref().filter(|_| defaults);
        let default = default.map(|default| quote!(= #default));
        quote!(const #name: #ty #default)
    });
    quote!(<#(#parameters),*>)
}

/// The generics as arguments of the network's own type.
pub(super) fn passed(network: &Network) -> TokenStream {
    if network.generics.is_empty() {
        return TokenStream::new();
    }
    let names = network.generics.iter().map(|generic| &generic.name);
    quote!(<#(#names),*>)
}
