//! A network with values that only rustc knows: a program of associated
//! constants, each call with the span of the user's own words, so that rustc
//! shows what does not fit where the user wrote it.

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::graph::{Networks, value};
use super::ports::shape;
use crate::graph::{AtomType, Check, CheckKind, Code, DeadEnd, Ready, Resolved, Step};
use crate::ordered::Set;
use crate::resolve::symbol::{call_at, extent_constant, variant};
use crate::syntax::tree::{File, Network};

/// The associated constants that trace a network.
pub(super) struct Program {
    /// All of them.
    pub(super) constants: TokenStream,
    /// The last of the tracers.
    pub(super) trace: TokenStream,
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
        networks: Networks::of(graph),
        deny: graph.deny_inexact_stride,
        nodes: Literal::usize_unsuffixed(nodes),
        values: Literal::usize_unsuffixed(values),
        constants: TokenStream::new(),
        statements: TokenStream::new(),
        traces: 0,
        made: 0,
        kept: 0,
        read: Set::new(),
    };
    writer.atoms(graph);
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
        writer.layer(index, &node.step, node.results);
    }
    writer.checks(graph, graph.nodes.len());
    if let Some(DeadEnd { step, results, .. }) = dead_end {
        writer.layer(graph.nodes.len(), step, *results);
        let called = &step.called;
        let call = call_at(step.place, &quote!(symbolic::lost), &quote!(#called));
        writer.statement(&quote!(#call;));
    }
    writer.close();
    let last = writer.tracer();
    Program {
        constants: writer.constants,
        trace: quote!(Self::#last),
    }
}

/// The budgets, checked on the graph.
pub(super) fn budgets(file: &File, graph: &Resolved) -> TokenStream {
    let krate = &file.krate;
    let checks = graph.checks.iter().filter_map(|check| match &check.kind {
        CheckKind::Budget { figure, comparison } => {
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
            Some(quote!(#call;))
        }
        CheckKind::Plan { asked, comparison } => {
            let comparison = variant(comparison);
            let bound = &check.code.tokens;
            let call = call_at(
                check.place,
                &quote!(symbolic::plan),
                &quote!(
                    &Self::SHAPEWISE_GRAPH, &#asked,
                    __shapewise::arithmetic::Comparison::#comparison, #bound
                ),
            );
            Some(quote!(#call;))
        }
        _ => None,
    });
    quote! {
        use #krate::__private as __shapewise;
        #(#checks)*
    }
}

struct Writer<'g> {
    private: TokenStream,
    networks: Networks<'g>,
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
    /// The extents that have a constant.
    read: Set<(usize, String)>,
}

impl Writer<'_> {
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

    fn statement(&mut self, tokens: &TokenStream) {
        self.statements.extend(tokens.clone());
    }

    /// Ends the tracer that is being written, so that its values can be read.
    fn close(&mut self) {
        let Self {
            private,
            networks,
            nodes,
            values,
            statements,
            ..
        } = self;
        let start = match self.traces {
            0 if networks.is_empty() => quote!(#private::Tracer::new()),
            0 => {
                let graphs = networks.graphs(private);
                quote!(#private::Tracer::new().with_networks(#graphs))
            }
            number => {
                let before = format_ident!("SHAPEWISE_TRACE_{}", number - 1);
                quote!(Self::#before)
            }
        };
        let name = format_ident!("SHAPEWISE_TRACE_{}", self.traces);
        self.constants.extend(quote! {
            #[doc(hidden)]
            const #name: #private::Tracer<#nodes, #values> = {
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

    /// Makes constants of the extents that what follows reads.
    fn reads<'r>(&mut self, reads: impl Iterator<Item = &'r (usize, String)>) {
        for read in reads {
            if !self.read.insert(read.clone()) {
                continue;
            }
            if read.0 >= self.kept || self.traces == 0 {
                self.close();
            }
            let constant = extent_constant(read);
            let tracer = self.tracer();
            let value = Literal::usize_unsuffixed(read.0);
            let axis = format_ident!("{}", read.1);
            let name = read.1.to_lowercase();
            let private = &self.private;
            self.constants.extend(quote! {
                #[doc(hidden)]
                const #constant: ::core::primitive::i128 =
                    #private::symbolic::axis(Self::#tracer.value(#value), #private::Axis::#axis, #name);
            });
        }
    }

    /// The checks that stand before a node.
    fn checks(&mut self, graph: &Resolved, index: usize) {
        for check in graph.checks.iter().filter(|check| check.after == index) {
            self.check(check);
        }
    }

    fn check(&mut self, check: &Check) {
        self.reads(check.code.reads.iter());
        let code = &check.code.tokens;
        let call = match &check.kind {
            CheckKind::Decision(decision) => {
                let (taken, text) = (decision.taken, &decision.text);
                call_at(
                    check.place,
                    &quote!(symbolic::guard),
                    &quote!(#code, #taken, #text),
                )
            }
            CheckKind::Expect { value, what, .. } => {
                let value = Literal::usize_unsuffixed(*value);
                call_at(
                    check.place,
                    &quote!(Tracer::expect),
                    &quote!(&tracer, #value, #code, #what),
                )
            }
            CheckKind::Lost { called } => {
                self.statement(&quote!(let _ = #code;));
                call_at(check.place, &quote!(symbolic::lost), &quote!(#called))
            }
            CheckKind::Budget { .. } | CheckKind::Plan { .. } => return,
        };
        self.statement(&quote!(#call;));
    }

    /// What a function of the user's gives for the shapes that come in.
    fn custom(&mut self, step: &Step, function: &TokenStream, arguments: &Code) {
        let last = step.inputs.iter().max().copied().unwrap_or(0);
        if last >= self.kept || self.traces == 0 {
            self.close();
        }
        self.reads(arguments.reads.iter());
        let (name, tracer) = (custom_constant(step), self.tracer());
        let private = &self.private;
        let inputs = step.inputs.iter().copied().map(Literal::usize_unsuffixed);
        let tokens = &arguments.tokens;
        let value = format_ident!("{name}_VALUE");
        let mut given = Group::new(
            Delimiter::Parenthesis,
            quote!(#(Self::#tracer.value(#inputs),)* #tokens),
        );
        given.set_span(step.place.last);
        // The call alone, so that a function of another type is shown by the
        // user's own tokens.
        let uses = (!tokens.is_empty()).then(|| quote!(use #private as __shapewise;));
        self.constants.extend(quote! {
            #[doc(hidden)]
            #[allow(unused_imports)]
            const #value: #private::Custom = { #uses #function #given };
            #[doc(hidden)]
            const #name: &'static #private::Custom = &Self::#value;
        });
    }

    fn layer(&mut self, index: usize, step: &Step, results: usize) {
        let codes = || step.codes.iter().flatten();
        self.reads(codes().flat_map(|known| known.code.reads.iter()));
        let private = self.private.clone();
        let arguments = codes().next().is_some().then(|| {
            let name = format_ident!("SHAPEWISE_ARGUMENTS_{index}");
            let pairs = super::graph::arguments(&private, step);
            self.constants.extend(quote! {
                #[doc(hidden)]
                const #name: &'static [(&'static ::core::primitive::str, #private::Value)] = {
                    use #private as __shapewise;
                    &[#pairs]
                };
            });
            quote!(Self::#name)
        });
        if let Some(Ready::Custom {
            function,
            arguments,
        }) = &step.ready
        {
            self.custom(step, function, arguments);
        }
        let value = value(&private, &self.networks, step, results, arguments);
        let called = &step.called;
        let method = if self.deny {
            quote!(Tracer::exact_layer)
        } else {
            quote!(Tracer::layer)
        };
        let call = call_at(step.place, &method, &quote!(&mut tracer, &#value, #called));
        self.statement(&quote!(#call;));
        self.made += results;
    }
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
