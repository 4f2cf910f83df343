//! What a comparison found.

use std::collections::HashMap;
use std::fmt;

use shapewise_core::Extents;

use crate::dtype::ElementType;

mod table;

/// How a checkpoint differs from a network.
///
/// `Display` is a table for the terminal: names that change by one rule share a row,
/// and long lists are cut short. `{:#}` writes every finding in full.
#[derive(Clone, Debug)]
pub struct Report {
    pub(crate) network: &'static str,
    pub(crate) expected: usize,
    pub(crate) fitting: usize,
    pub(crate) unlisted: usize,
    pub(crate) findings: Vec<Finding>,
    /// Where tensors are that are not under their own names, or not as they are.
    pub(crate) stored: HashMap<String, Stored>,
}

/// Where a checkpoint has a tensor of the definition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// Its name there.
    pub name: String,
    /// Whether it is a matrix whose axes stand there in reverse order.
    pub transposed: bool,
}

/// A tensor that is not in the checkpoint as the definition has it, or the reverse.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// What is the matter.
    pub kind: Kind,
    /// The name of the tensor in the definition; where it has none, in the checkpoint.
    pub name: String,
    /// The path of the layer that the tensor belongs to.
    pub layer: Option<String>,
    /// What the definition expects.
    pub expected: Option<Expected>,
    /// What the checkpoint has.
    pub found: Option<Found>,
    /// The change of names after which the tensor is found.
    pub rename: Option<Rename>,
    /// What else is known about it.
    pub hint: Option<Hint>,
}

/// What is the matter with a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Of another shape than expected (and perhaps of another type).
    Shape,
    /// Of another type than expected.
    ElementType,
    /// As expected, under another name.
    Name,
    /// Square, so that its shape does not tell whether it is transposed, and the matrices next
    /// to it are. [`Reading::transposed`](crate::Reading::transposed) or
    /// [`Reading::upright`](crate::Reading::upright) says how it is.
    Square,
    /// No tensor but a pattern of the [`Reading`](crate::Reading), which no matrix matches.
    Pattern,
    /// Not in the checkpoint.
    Missing,
    /// Not in the definition.
    Unexpected,
    /// Under another name, which was allowed. Harmless.
    Renamed,
    /// Of another float type, which was allowed. Harmless.
    Converted,
    /// Left in the checkpoint by a framework; nothing reads it. Harmless.
    Leftover,
    /// There once, under the name of another tensor that it is tied to. Harmless.
    Tied,
}

impl Kind {
    /// Whether the checkpoint can be used in spite of it.
    #[must_use]
    pub const fn is_harmless(self) -> bool {
        matches!(
            self,
            Self::Renamed | Self::Converted | Self::Leftover | Self::Tied
        )
    }
}

/// A tensor of the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expected {
    /// Its extents, as PyTorch stores them; in reverse order where the reading says so.
    pub shape: Extents,
    /// The type of its elements.
    pub element_type: ElementType,
}

/// A tensor of the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// Its name there.
    pub name: String,
    /// Its extents.
    pub shape: Vec<u64>,
    /// The type of its elements.
    pub element_type: ElementType,
}

/// A change of names: those of the checkpoint that begin with `from` begin with `to`
/// instead.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Rename {
    /// How the names begin in the checkpoint.
    pub from: String,
    /// How they begin in the definition.
    pub to: String,
    /// Why this is suggested.
    pub rule: Rule,
}

/// Why a change of names is suggested: the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// All names have a prefix (`module.`) that the definition has not, or the
    /// reverse.
    Prefix,
    /// The same layers are numbered in another way.
    Number,
    /// The tensors of a layer have the expected shapes.
    Layer,
    /// This tensor alone has the expected shape.
    Tensor,
}

/// What else is known about a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// Its axes are in reverse order, as other frameworks store weights; of a square matrix:
    /// they may be.
    Transposed,
    /// It has the expected number of elements.
    SameElements,
}

impl Report {
    /// The name of the network.
    #[must_use]
    pub fn network(&self) -> &'static str {
        self.network
    }

    /// How many tensors the definition has.
    #[must_use]
    pub fn expected(&self) -> usize {
        self.expected
    }

    /// How many of them the checkpoint has as they are expected; of tied ones, one
    /// copy is enough.
    #[must_use]
    pub fn fitting(&self) -> usize {
        self.fitting
    }

    /// Whether the checkpoint fits the network: nothing was found that matters.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.problems().next().is_none() && self.unlisted == 0
    }

    /// Whether the checkpoint would fit if its tensors were renamed as suggested.
    #[must_use]
    pub fn is_ok_after_renames(&self) -> bool {
        self.unlisted == 0 && self.problems().all(|finding| finding.kind == Kind::Name)
    }

    /// How many tensors of the definition can be loaded, whatever else is missing: those that
    /// fit, and those that are harmless.
    #[must_use]
    pub fn usable(&self) -> usize {
        let unfit = self.problems().filter(|finding| finding.expected.is_some());
        self.expected.saturating_sub(unfit.count())
    }

    /// Where the checkpoint has a tensor of the definition, if it has it: by default under
    /// its own name; where it is tied to another, or the [`Reading`](crate::Reading) follows
    /// renames, under another.
    #[must_use]
    pub fn stored(&self, name: &str) -> Stored {
        self.stored.get(name).cloned().unwrap_or_else(|| Stored {
            name: name.to_owned(),
            transposed: false,
        })
    }

    /// How many unexpected tensors there are beyond the 10,000 that are listed.
    #[must_use]
    pub fn unlisted(&self) -> usize {
        self.unlisted
    }

    /// Everything that was found, by [`Kind`] in the order of its variants and in
    /// the order of the definition.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter()
    }

    /// What keeps the checkpoint from fitting.
    pub fn problems(&self) -> impl Iterator<Item = &Finding> {
        self.findings()
            .filter(|finding| !finding.kind.is_harmless())
    }

    /// What differs and does no harm.
    pub fn harmless(&self) -> impl Iterator<Item = &Finding> {
        self.findings().filter(|finding| finding.kind.is_harmless())
    }

    /// Tensors of the definition that the checkpoint lacks under any name.
    pub fn missing(&self) -> impl Iterator<Item = &Finding> {
        self.of_kind(Kind::Missing)
    }

    /// Tensors of the checkpoint that the definition has under no name.
    pub fn unexpected(&self) -> impl Iterator<Item = &Finding> {
        self.of_kind(Kind::Unexpected)
    }

    /// Tensors of another shape or type.
    pub fn mismatched(&self) -> impl Iterator<Item = &Finding> {
        self.findings()
            .filter(|finding| matches!(finding.kind, Kind::Shape | Kind::ElementType))
    }

    /// The suggested names: what each tensor is called in the checkpoint, and what
    /// in the definition.
    pub fn renames(&self) -> impl Iterator<Item = (&str, &str)> {
        self.findings().filter_map(|finding| {
            let found = finding.found.as_ref()?;
            finding.rename.as_ref()?;
            Some((found.name.as_str(), finding.name.as_str()))
        })
    }

    /// The findings of one kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Finding> {
        self.findings().filter(move |finding| finding.kind == kind)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table::write(self, f)
    }
}
