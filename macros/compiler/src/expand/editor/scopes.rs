//! The names of the language as Rust's modules: what a name is declared as, and which
//! names can be read where.

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use shapewise_core::catalogue;

use super::figures::Figures;
use super::spoken;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A value that flows: a label, an input.
    Shape,
    /// A block's parameter.
    Parameter,
    /// A `let`.
    Let,
    /// The number of a copy.
    Index,
}

/// What can be read of a name after a point.
#[derive(Clone, Debug)]
pub(super) enum Inner {
    /// The labels of a body.
    Scope(usize),
    /// The labels of a block.
    Block(String),
}

/// A name where it is declared.
pub(super) struct Name {
    pub(super) ident: Ident,
    text: String,
    kind: Kind,
    /// What it is, as the header of a hover says it.
    value: String,
    /// The user's documentation.
    docs: TokenStream,
    pub(super) inner: Option<Inner>,
}

/// The names of a body.
struct Scope {
    parent: Option<usize>,
    /// What its module is called.
    title: String,
    names: Vec<Name>,
    /// Where the last of each name stands among them.
    places: HashMap<String, usize>,
}

/// What can be written for a value: the names of a scope, and the words of an argument.
#[derive(Clone, PartialEq, Eq)]
struct Mix {
    scope: usize,
    callee: String,
    argument: Option<String>,
}

/// A block: what it is called, and what is said of it.
struct Block {
    ident: Ident,
    scope: usize,
    signature: String,
    docs: TokenStream,
}

/// All names of an invocation.
pub(super) struct Scopes {
    /// `$crate::__private::editor`
    editor: TokenStream,
    scopes: Vec<Scope>,
    mixes: Vec<Mix>,
    blocks: Vec<Block>,
    networks: Vec<(String, String)>,
    /// Where the labels of each block are.
    bodies: Vec<(String, usize)>,
}

impl Scopes {
    pub(super) fn new(editor: TokenStream) -> Self {
        Self {
            editor,
            scopes: Vec::new(),
            mixes: Vec::new(),
            blocks: Vec::new(),
            networks: Vec::new(),
            bodies: Vec::new(),
        }
    }

    /// A scope in another one, or one that is in none.
    pub(super) fn open(&mut self, parent: Option<usize>, title: Option<String>) -> usize {
        let number = self.scopes.len();
        let around = parent.and_then(|parent| self.scopes.get(parent));
        let title = title.map(|title| match around {
            Some(around) => format!("{}_{}", around.title, title.replace("r#", "")),
            None => title,
        });
        let taken = |title: &String| {
            let other = self.scopes.iter().any(|scope| scope.title == *title);
            other || title == "blocks" || title == "units"
        };
        let title = title.filter(|title| !taken(title));
        let title = title.unwrap_or_else(|| format!("part{number}"));
        self.scopes.push(Scope {
            parent,
            title,
            names: Vec::new(),
            places: HashMap::new(),
        });
        number
    }

    /// Declares a name; gives its place in the scope.
    pub(super) fn declare(
        &mut self,
        scope: usize,
        ident: Ident,
        kind: Kind,
        value: String,
        docs: TokenStream,
    ) -> usize {
        let Scope { names, places, .. } = &mut self.scopes[scope];
        let text = ident.to_string();
        places.insert(text.clone(), names.len());
        names.push(Name {
            ident,
            text,
            kind,
            value,
            docs,
            inner: None,
        });
        names.len() - 1
    }

    /// Says what can be read of a name after a point, where that is not said yet.
    pub(super) fn contains(&mut self, scope: usize, name: usize, inner: Inner) {
        if let Some(name) = self.scopes[scope].names.get_mut(name) {
            name.inner.get_or_insert(inner);
        }
    }

    /// The name that a word stands for: the innermost, the last of a scope.
    pub(super) fn find(&self, scope: usize, word: &str) -> Option<&Name> {
        let mut next = Some(scope);
        while let Some(scope) = next.and_then(|scope| self.scopes.get(scope)) {
            if let Some(place) = scope.places.get(word) {
                return scope.names.get(*place);
            }
            next = scope.parent;
        }
        None
    }

    /// The name behind a point.
    pub(super) fn member(&self, inner: &Inner, word: &str) -> Option<&Name> {
        let scope = self.scopes.get(self.inside(inner)?)?;
        scope.names.get(*scope.places.get(word)?)
    }

    /// What a name is called.
    pub(super) fn name(&self, scope: usize, name: usize) -> Option<String> {
        let name = self.scopes.get(scope)?.names.get(name)?;
        Some(name.text.clone())
    }

    /// The scope whose labels stand behind a point.
    fn inside(&self, inner: &Inner) -> Option<usize> {
        match inner {
            Inner::Scope(scope) => Some(*scope),
            Inner::Block(name) => {
                let mut bodies = self.bodies.iter();
                bodies
                    .find(|(block, _)| block == name)
                    .map(|(_, body)| *body)
            }
        }
    }

    /// Declares a block.
    pub(super) fn block(
        &mut self,
        ident: Ident,
        scope: usize,
        body: usize,
        signature: String,
        docs: TokenStream,
    ) {
        self.bodies.push((ident.to_string(), body));
        self.blocks.push(Block {
            ident,
            scope,
            signature,
            docs,
        });
    }

    /// Declares a network.
    pub(super) fn network(&mut self, name: String, signature: String) {
        self.networks.push((name, signature));
    }

    /// The module of what a unit may be in a scope.
    pub(super) fn units(scope: usize) -> TokenStream {
        let module = format_ident!("w{scope}");
        quote!(network::#module)
    }

    /// The module of what a value may be in a scope.
    pub(super) fn values(scope: usize) -> TokenStream {
        let module = format_ident!("v{scope}");
        quote!(network::#module)
    }

    /// The module of what may be written in a call's parentheses: the names of the scope,
    /// and the callee's arguments, or the words of one of them.
    pub(super) fn mixed(
        &mut self,
        scope: usize,
        callee: &str,
        argument: Option<String>,
    ) -> TokenStream {
        let mix = Mix {
            scope,
            callee: callee.to_owned(),
            argument,
        };
        let known = self.mixes.iter().rposition(|other| *other == mix);
        let number = known.unwrap_or_else(|| {
            self.mixes.push(mix);
            self.mixes.len() - 1
        });
        let module = format_ident!("a{number}");
        quote!(network::#module)
    }

    /// The module of what can be read after the point behind a value.
    pub(super) fn members(&self, inner: Option<&Inner>) -> TokenStream {
        let editor = &self.editor;
        match inner.and_then(|inner| self.inside(inner)) {
            Some(scope) => {
                let module = format_ident!("m{scope}");
                quote!(network::#module)
            }
            None => quote!(#editor::axes),
        }
    }

    /// The module of a callee's arguments.
    pub(super) fn arguments(&self, callee: &str) -> TokenStream {
        let editor = &self.editor;
        if catalogue::find(callee).is_some() {
            let module = Ident::new(callee, Span::call_site());
            return quote!(#editor::arguments::#module);
        }
        match self.blocks.iter().find(|block| block.ident == callee) {
            Some(block) => {
                let path = self.path(block.scope);
                quote!(network::#path)
            }
            None => quote!(#editor::arguments::any),
        }
    }

    /// Whether something is a block of the invocation.
    pub(super) fn is_block(&self, callee: &str) -> bool {
        self.blocks.iter().any(|block| block.ident == callee)
    }

    /// A scope's module, in `network`.
    fn path(&self, scope: usize) -> Ident {
        let title = self.scopes.get(scope).map_or("", |scope| &scope.title);
        module(title)
    }

    /// The modules.
    pub(super) fn modules(&self, figures: &Figures) -> TokenStream {
        let mut modules = TokenStream::new();
        for (number, scope) in self.scopes.iter().enumerate() {
            modules.extend(self.declarations(scope, figures));
            modules.extend(self.views(number));
        }
        for (number, mix) in self.mixes.iter().enumerate() {
            modules.extend(self.mix(number, mix));
        }
        modules.extend(self.every_unit());
        modules
    }

    /// The module in which the names of a scope are declared.
    fn declarations(&self, scope: &Scope, figures: &Figures) -> TokenStream {
        let editor = &self.editor;
        let title = module(&scope.title);
        let names = scope.names.iter().filter_map(|name| {
            let Name { ident, docs, .. } = name;
            let word = spoken(ident)?;
            let label = figures.label(ident);
            let (kind, about) = match name.kind {
                Kind::Shape if docs.is_empty() => ("Shape", None),
                Kind::Shape => ("Shape", Some("")),
                Kind::Parameter => ("Parameter", Some("A parameter of the block.")),
                Kind::Let => ("Let", Some("A number of the network, by its name.")),
                Kind::Index => ("Index", Some("The number of the copy.")),
            };
            let kind = Ident::new(kind, Span::call_site());
            let value = label.map_or(&name.value, |label| &label.value);
            let value = if value.is_empty() { "?" } else { value };
            let about = label.map(|label| label.docs.as_str()).or(about);
            let about = about.unwrap_or("Not known.");
            let item = quote!(pub const #word: #kind = #value);
            Some(super::declaration(docs, about, &item, word.span()))
        });
        quote! {
            pub mod #title {
                use #editor::{Index, Let, Parameter, Shape};
                #(#names)*
            }
        }
    }

    /// What can be read in a scope: as values, as units, after a point.
    fn views(&self, number: usize) -> TokenStream {
        let editor = &self.editor;
        let scope = &self.scopes[number];
        let path = self.path(number);
        let [values, units, members] = ['v', 'w', 'm'].map(|kind| format_ident!("{kind}{number}"));
        let around = match scope.parent {
            Some(parent) => {
                let parent = format_ident!("v{parent}");
                quote!(super::#parent)
            }
            None => quote!(#editor::functions),
        };
        // A name that is also one outside would be both of them.
        let hiding = scope.names.iter().filter(|name| {
            let outside = scope.parent.and_then(|outer| self.find(outer, &name.text));
            outside.is_some() || is_function(&name.text)
        });
        let hiding = hiding.filter_map(|name| spoken(&name.ident).map(super::hidden));
        let mut layers = Vec::new();
        let mut next = Some(number);
        while let Some(place) = next {
            let path = self.path(place);
            let names = self.scopes[place].names.iter();
            let names = names.filter(|name| name.kind == Kind::Parameter);
            layers.extend(names.filter_map(|name| {
                let name = super::hidden(spoken(&name.ident)?);
                Some(quote!(pub use super::#path::#name;))
            }));
            next = self.scopes[place].parent;
        }
        quote! {
            pub mod #values {
                pub use super::#path::*;
                #(pub use super::#path::#hiding;)*
                pub use #around::*;
            }
            pub mod #units { pub use super::units::*; #(#layers)* }
            pub mod #members { pub use super::#path::*; pub use #editor::axes::*; }
        }
    }

    fn mix(&self, number: usize, mix: &Mix) -> TokenStream {
        let editor = &self.editor;
        let module = format_ident!("a{number}");
        let values = format_ident!("v{}", mix.scope);
        let mut uses = quote!(pub use super::#values::*;);
        let mut known = Vec::new();
        if let Some(entry) = catalogue::find(&mix.callee) {
            let callee = Ident::new(entry.name, Span::call_site());
            let arguments = entry.arguments.iter();
            match &mix.argument {
                None => {
                    uses.extend(quote!(pub use #editor::arguments::#callee::*;));
                    known.extend(arguments.map(|argument| argument.name));
                }
                Some(name) => {
                    if let Some(argument) = entry.argument(name) {
                        let name = Ident::new(argument.name, Span::call_site());
                        uses.extend(quote!(pub use #editor::keywords::#callee::#name::*;));
                        known.extend(argument.accepts.keywords);
                    }
                }
            }
        } else {
            // What a block is called with may be a layer.
            let units = format_ident!("w{}", mix.scope);
            uses.extend(quote!(pub use super::#units::*;));
            // Of what is a layer too, a value is the function.
            let both = super::catalogue::FUNCTIONS.iter().map(|(name, ..)| name);
            let both = both.filter(|name| catalogue::find(name).is_some());
            let both = both.map(|name| Ident::new(name, Span::call_site()));
            uses.extend(quote!(#(pub use #editor::functions::#both;)*));
            if !self.is_block(&mix.callee) {
                uses.extend(quote!(pub use #editor::arguments::any::*;));
            }
            let block = self
                .blocks
                .iter()
                .find(|block| block.ident == mix.callee.as_str());
            if let (Some(block), None) = (block, &mix.argument) {
                let path = self.path(block.scope);
                uses.extend(quote!(pub use super::#path::*;));
                known.extend(catalogue::entries().map(|entry| entry.name));
            }
        }
        let own = self
            .blocks
            .iter()
            .find(|block| block.ident == mix.callee.as_str());
        let own = own.map_or(&[][..], |block| &self.scopes[block.scope].names);
        let (mut hidden, mut hiding): (Vec<&str>, Vec<Ident>) = Default::default();
        let mut next = Some(mix.scope);
        while let Some(scope) = next.and_then(|scope| self.scopes.get(scope)) {
            for name in &scope.names {
                let clash = known.contains(&name.text.as_str())
                    || own.iter().any(|other| name.text == other.text);
                if clash && !hidden.contains(&name.text.as_str()) {
                    hidden.push(&name.text);
                    hiding.extend(spoken(&name.ident).map(super::hidden));
                }
            }
            next = scope.parent;
        }
        quote! {
            pub mod #module { #uses #(pub use super::#values::#hiding;)* }
        }
    }

    /// Everything that a unit may be: layers, the words of structures, blocks, networks.
    fn every_unit(&self) -> TokenStream {
        let editor = &self.editor;
        let blocks = self.blocks.iter().filter_map(|block| {
            let Block {
                ident,
                signature,
                docs,
                ..
            } = block;
            let word = spoken(ident)?;
            let about = format!("A block: `{ident}{signature}`");
            let docs = quote!(#docs #[doc = ""]);
            let item = quote!(pub const #word: Block = #signature);
            Some(super::declaration(&docs, &about, &item, word.span()))
        });
        let networks = self.networks.iter().map(|(name, signature)| {
            let name = Ident::new(name, Span::call_site());
            quote!(pub const #name: Network = #signature;)
        });
        quote! {
            pub mod blocks { use #editor::Block; #(#blocks)* }
            pub mod units {
                use #editor::Network;
                pub use #editor::layers::*;
                pub use #editor::words::*;
                pub use super::blocks::*;
                #(#networks)*
            }
        }
    }
}

/// The name of a scope's module.
fn module(title: &str) -> Ident {
    syn::parse_str(title).unwrap_or_else(|_| format_ident!("r_{}", title.replace("r#", "")))
}

/// Whether the language has a function of that name.
fn is_function(word: &str) -> bool {
    super::catalogue::FUNCTIONS
        .iter()
        .any(|(name, ..)| word == *name)
}
