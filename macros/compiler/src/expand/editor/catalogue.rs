//! The language's own words as modules, made once for the facade: every layer, its
//! arguments and their keywords, the words of structures, axes, metrics, functions.

use std::fmt::Write as _;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use shapewise_core::Value;
use shapewise_core::catalogue::{Argument, Entry, Inputs, entries};
use shapewise_core::figure::{Figure, Unit};

use super::keywords;

/// The functions of values: their names, what they take, what they do.
pub(super) const FUNCTIONS: [(&str, &str, &str); 6] = [
    ("len", "(list)", "How many elements a list has."),
    ("none", "", "No layer, for a parameter that stands for one."),
    ("min", "(a, b)", "The smaller of two numbers."),
    ("max", "(a, b)", "The larger of two numbers."),
    (
        "div_floor",
        "(a, b)",
        "The quotient of two whole numbers, rounded down.",
    ),
    (
        "div_ceil",
        "(a, b)",
        "The quotient of two whole numbers, rounded up.",
    ),
];

/// The words that are no layers.
const WORDS: [(&str, &str, &str); 7] = [
    (
        "from",
        "value, units",
        "Begins a statement with another value than the flow: that of a label, or an input.",
    ),
    (
        "residual",
        "{ layers } shortcut { layers }",
        "Adds what its layers make of the flow to the flow. Both must have the same shape; `shortcut` gives the other side layers of its own. With `if`, where a condition holds.",
    ),
    (
        "shortcut",
        "{ layers }",
        "The layers that the flow goes through before a residual is added to it.",
    ),
    (
        "repeat",
        "3 { layers }, i in 0..3 { layers }",
        "Writes its layers so many times, with the number of the copy in it.",
    ),
    (
        "branch",
        "{ layers }",
        "One of the branches of a merge, which all begin with the same flow.",
    ),
    (
        "custom",
        "path(arguments)",
        "A layer of one's own: a `const fn` that takes the shape that flows in and returns a `Custom`.",
    ),
    (
        "assert",
        "metric <= bound",
        "A budget: compares a figure of the whole network, and is an error where it does not hold.",
    ),
];

/// The axes of a value.
const AXES: [(&str, &str); 6] = [
    (
        "channels",
        "The channels of a value: the last extent of its shape.",
    ),
    (
        "features",
        "The features of a value: the last extent of its shape, by the word for vectors and sequences.",
    ),
    (
        "depth",
        "The depth of a value: the first of three axes before its channels.",
    ),
    ("height", "The height of a value: its rows."),
    ("width", "The width of a value: its columns."),
    (
        "length",
        "The length of a value: the positions of a sequence.",
    ),
];

/// The documentation of a layer: its first line, `here`, the rest, its arguments.
pub(super) fn documentation(entry: &Entry, here: &str) -> String {
    let lines = entry.doc.lines();
    let lines: Vec<&str> = lines
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let first = lines
        .iter()
        .position(|line| line.trim().is_empty())
        .unwrap_or(lines.len());
    let (summary, rest) = lines.split_at(first);
    let mut text = summary.join("\n");
    let _ = write!(text, "\n\n{here}");
    // Two lists, one after the other, would be one.
    let rest = rest.join("\n");
    if !here.is_empty() && rest.trim_start().starts_with("- ") {
        text.push_str("Of any input:\n\n");
    }
    let _ = writeln!(text, "{}", rest.trim_start());
    if !entry.arguments.is_empty() {
        text.push_str("\nArguments:\n\n");
    }
    for argument in entry.arguments {
        let _ = writeln!(text, "- `{}`: {}", written(argument), argument.doc);
    }
    text
}

/// What a call of a layer looks like.
fn signature(entry: &Entry) -> String {
    let mut parts: Vec<String> = entry.arguments.iter().map(written).collect();
    if entry.inputs == Inputs::Merge {
        parts.insert(0, "a, b, ...".to_owned());
    }
    format!("({})", parts.join(", "))
}

/// An argument with its default.
fn written(argument: &Argument) -> String {
    let name = argument.name;
    match (argument.default, argument.default_doc) {
        _ if argument.required => name.to_owned(),
        (Value::None, "") => format!("{name} = none"),
        (Value::None, words) => format!("{name} = {words}"),
        (value, _) => format!("{name} = {value}"),
    }
}

/// All of the modules. What they declare is declared at the words of the facade.
pub(crate) fn modules(facade: TokenStream) -> TokenStream {
    let words = facade.into_iter().map(|token| token.span());
    let at = words.last().unwrap_or_else(Span::call_site);
    let constant = |word: &(&str, &str, &str), kind: &str| constant(word, kind, at);
    let [inherited, layers] = layers(at);
    let (mut arguments, mut keywords) = (TokenStream::new(), TokenStream::new());
    for entry in entries() {
        let [own, words] = self::arguments(entry, at);
        arguments.extend(own);
        keywords.extend(words);
    }
    let words = WORDS.iter().map(|word| constant(word, "Word"));
    let functions = FUNCTIONS
        .iter()
        .map(|function| constant(function, "Function"));
    let axes = AXES
        .iter()
        .map(|(name, doc)| constant(&(*name, "", *doc), "Axis"));
    let metrics = Figure::ALL
        .into_iter()
        .filter(|figure| figure.unit() != Unit::Truth);
    let metrics = metrics.map(|figure| {
        let metric = figure.metric();
        let doc = format!(
            "{}. The network's constant `{}`.",
            figure.doc().trim_end_matches('.'),
            figure.constant()
        );
        let about = match figure.unit() {
            Unit::Axes => "a number for each axis",
            Unit::Bytes(_) => "bytes",
            _ => "a count",
        };
        constant(&(metric.as_str(), about, &doc), "Metric")
    });
    quote! {
        /// Every layer.
        pub trait Layers { #inherited }
        /// Every layer.
        pub mod layers { use super::Layer; #layers }
        /// The arguments of every layer.
        pub mod arguments {
            use super::Argument;
            /// Those of all layers with a weight, and of networks.
            pub mod any {
                use super::Argument;
                /// `shared = label` makes it use the weights of an earlier one, which are
                /// counted once.
                pub const shared: Argument = "none";
            }
            #arguments
        }
        /// The keywords of arguments.
        pub mod keywords { use super::Keyword; #keywords }
        /// The words of structures.
        pub mod words { use super::Word; #(#words)* }
        /// The functions of values.
        pub mod functions { use super::Function; #(#functions)* }
        /// The axes of a value.
        pub mod axes { use super::Axis; #(#axes)* }
        /// What `assert` compares.
        pub mod metrics { use super::Metric; #(#metrics)* }
    }
}

/// The layers as a trait has them, and as a module has them: a layer in its place is an
/// implementation of the trait, which leads an editor to the trait.
fn layers(at: Span) -> [TokenStream; 2] {
    let (mut inherited, mut public) = (TokenStream::new(), TokenStream::new());
    for entry in entries() {
        let name = Ident::new(entry.name, at);
        let (signature, docs) = (signature(entry), documentation(entry, ""));
        inherited.extend(quote!(#[doc = #docs] const #name: Layer = #signature;));
        public.extend(quote!(#[doc = #docs] pub const #name: Layer = #signature;));
    }
    [inherited, public]
}

fn constant((name, value, docs): &(&str, &str, &str), kind: &str, at: Span) -> TokenStream {
    let name = Ident::new(name, at);
    let kind = Ident::new(kind, Span::call_site());
    quote!(#[doc = #docs] pub const #name: #kind = #value;)
}

/// The module of a layer's arguments, and that of their keywords.
fn arguments(entry: &Entry, at: Span) -> [TokenStream; 2] {
    let layer = Ident::new(entry.name, Span::call_site());
    let constants = entry.arguments.iter().map(|argument| {
        let name = Ident::new(argument.name, at);
        let value = written(argument);
        let default = value.split_once(" = ").map(|(_, default)| default);
        let value = default.unwrap_or("must be written");
        let docs = about(entry, argument);
        quote!(#[doc = #docs] pub const #name: Argument = #value;)
    });
    let keywords = entry.arguments.iter().map(|argument| {
        let name = Ident::new(argument.name, Span::call_site());
        let words = argument.accepts.keywords.iter().map(|keyword| {
            let word = Ident::new(keyword, at);
            let docs = keywords::documentation(argument.name, keyword);
            let docs = docs.map_or_else(|| about(entry, argument), str::to_owned);
            let value = format!("{} = {keyword}", argument.name);
            quote!(#[doc = #docs] pub const #word: Keyword = #value;)
        });
        quote!(pub mod #name { use super::Keyword; #(#words)* })
    });
    [
        quote! {
            pub mod #layer {
                use super::Argument;
                pub use super::any::*;
                #(#constants)*
            }
        },
        quote!(pub mod #layer { use super::Keyword; #(#keywords)* }),
    ]
}

/// What an argument is, what it takes, and its default.
fn about(entry: &Entry, argument: &Argument) -> String {
    let mut docs = argument.doc.to_owned();
    if let Some(first) = docs.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let _ = write!(docs, ".\n\nAn argument of `{}`. ", entry.name);
    let _ = match (argument.default, argument.default_doc) {
        _ if argument.required => write!(docs, "It must be written"),
        (Value::None, "") => write!(docs, "Default: none"),
        (Value::None, words) => write!(docs, "Default: {words}"),
        (value, _) => write!(docs, "Default: `{value}`"),
    };
    let keywords = argument
        .accepts
        .keywords
        .iter()
        .map(|word| format!("`{word}`"));
    let keywords: Vec<String> = keywords.collect();
    let _ = match keywords.as_slice() {
        [] => write!(docs, "."),
        _ => write!(docs, ". Words: {}.", keywords.join(", ")),
    };
    if argument.positional {
        docs.push_str(" Its name may be left out.");
    }
    docs
}
