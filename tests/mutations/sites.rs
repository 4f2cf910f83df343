//! Where mistakes can be planted in a network, and what each of them is.

use std::ops::Range;

use proc_macro2::{Ident, TokenStream};
use shapewise_compiler::report::{Errors, Place};
use shapewise_compiler::syntax;
use shapewise_compiler::syntax::tree::{Body, File};

use super::planting::Planting;
use super::survey::Survey;

/// What kind of mistake it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// Another number or kernel in an argument.
    Hyperparameter,
    /// An argument that is gone.
    MissingArgument,
    /// An argument that is there twice.
    DoubledArgument,
    /// A layer or block that is gone.
    MissingLayer,
    /// A layer that is there twice.
    DoubledLayer,
    /// A label instead of another where a value is read.
    WrongLabel,
    /// Another expected shape.
    WrongShape,
    /// A shape without one of its axes.
    MissingAxis,
    /// Another shape of an input or output.
    WrongPort,
    /// No `,`.
    MissingComma,
    /// No `;`.
    MissingSemicolon,
    /// `->` or `=` for `=>`.
    WrongArrow,
    /// A letter missing, doubled or exchanged in the name of a layer or block.
    TypoInLayer,
    /// In the name of an argument.
    TypoInArgument,
    /// Where a label is read.
    TypoInReference,
    /// Where a label is defined.
    TypoInLabel,
    /// Another bound of an assertion.
    WrongBound,
}

/// One mistake: a change of the source.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// What kind of mistake.
    pub(crate) kind: Kind,
    /// What is replaced, in bytes.
    pub(crate) at: Range<usize>,
    /// By what.
    pub(crate) text: String,
    /// Whether no reading of the result is right.
    pub(crate) certain: bool,
    /// The lines at which it can be told.
    pub(crate) lines: Vec<Range<usize>>,
    /// The lines of the network's own body beyond which nothing is known of it,
    /// where it stands there and a shape is declared.
    pub(crate) reach: Option<Range<usize>>,
}

impl Site {
    /// The source with this mistake.
    pub(crate) fn apply(&self, source: &str) -> String {
        let Range { start, end } = self.at;
        format!("{}{}{}", &source[..start], self.text, &source[end..])
    }
}

/// All places of a source where a mistake can be planted.
pub(crate) fn sites(source: &str) -> Vec<Site> {
    let (file, errors) = parse(source).expect("tokens");
    assert!(errors.is_empty());
    let blocks = file.blocks.iter();
    let bodies: Vec<(&Ident, &Body, bool)> = blocks
        .map(|block| (&block.name, &block.body, false))
        .chain(file.networks.iter().map(|net| (&net.name, &net.body, true)))
        .collect();
    let mut planting = Planting {
        survey: Survey::of(source, &bodies),
        owner: 0,
        sites: Vec::new(),
    };
    for (owner, (_, body, _)) in bodies.iter().enumerate() {
        planting.owner = owner;
        planting.body(body);
    }
    for (index, network) in file.networks.iter().enumerate() {
        planting.owner = file.blocks.len() + index;
        let inputs = network.inputs.iter().map(|port| &port.shape);
        let outputs = network.outputs.iter().filter_map(|out| out.shape.as_ref());
        let first = range(Place::at(network.name.span()));
        for shape in inputs.chain(outputs) {
            planting.shape(Kind::WrongPort, shape, first.start, false);
        }
    }
    planting.sites
}

/// The tree of a source.
pub(crate) fn parse(source: &str) -> Option<(File, Errors)> {
    let tokens: TokenStream = source.parse().ok()?;
    let mut errors = Errors::new();
    let file = syntax::parse(tokens, &mut errors);
    Some((file, errors))
}

/// The bytes of a place.
pub(crate) fn range(place: Place) -> Range<usize> {
    place.first.byte_range().start..place.last.byte_range().end
}

/// The line, from 1, of a byte.
pub(crate) fn line(source: &str, byte: usize) -> usize {
    source[..byte].matches('\n').count() + 1
}
