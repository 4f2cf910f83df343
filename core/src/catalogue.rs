//! What each layer is called, what it takes, and what its arguments are.
//!
//! The catalogue teaches the `network!` macro the layers: parsing, "did you
//! mean", documentation and editor support read it, and nothing else in the
//! macro knows a layer by name. The entries stand in their family's file,
//! beside the rules.
//!
//! ```
//! use shapewise_core::catalogue;
//!
//! let conv = catalogue::find("conv").unwrap();
//! assert_eq!(conv.arguments[1].name, "kernel");
//! assert!(conv.weighted);
//! ```

use crate::error::Error;
use crate::layer::Kind;
use crate::text::same;
use crate::value::Value;

mod args;

pub use args::Args;
pub(crate) use args::MAX_ARGUMENTS;
use args::key;

/// A layer of the language.
#[derive(Debug)]
pub struct Entry {
    /// What it is called: `conv`.
    pub name: &'static str,
    /// Its documentation in Markdown; the first line is a summary.
    pub doc: &'static str,
    /// The rules that compute it.
    pub kind: Kind,
    /// Its arguments, the positional ones first and in their order.
    pub arguments: &'static [Argument],
    /// Where its inputs come from.
    pub inputs: Inputs,
    /// The names of its results, one for nearly every layer. Where a layer has
    /// as many results as an argument says, the list is empty.
    pub results: &'static [&'static str],
    /// Whether the kind can have parameters: in a labelled statement the label
    /// goes to the first such unit.
    pub weighted: bool,
    /// Whether its first input holds integers (indices) rather than numbers.
    pub takes_indices: bool,
    /// What other frameworks call it: `Conv2d`. Recognised in errors only.
    pub aliases: &'static [&'static str],
}

/// Where the inputs of a layer come from. Arguments that take a value of the
/// network add theirs after these, in catalogue order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// The flow.
    Flow,
    /// The named values in its parentheses, or the results of its branches:
    /// two or more.
    Merge,
    /// Only the arguments that take a value.
    Arguments,
}

/// An argument of a layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Argument {
    /// Its name: `stride`.
    pub name: &'static str,
    /// One line that says what it is.
    pub doc: &'static str,
    /// What may be written for it.
    pub accepts: Accepts,
    /// What it is when it is not written; [`Value::None`] where the rule finds
    /// a default that depends on something else, or there is none.
    pub default: Value,
    /// How the default is said, where `default` does not say it: "the kernel".
    pub default_doc: &'static str,
    /// Whether it must be written.
    pub required: bool,
    /// Whether its name may be left out.
    pub positional: bool,
    /// The least that an integer or an extent may be.
    pub least: u64,
    /// The range of a float, both ends included.
    pub range: (f64, f64),
    /// What other frameworks call it: `kernel_size`. Recognised in errors only.
    pub aliases: &'static [&'static str],
    /// The key of its name.
    pub(crate) key: u64,
}

/// What may be written for an argument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepts {
    /// A whole number.
    pub int: bool,
    /// A number with a point (a whole one is taken too).
    pub float: bool,
    /// `true` or `false`.
    pub bool: bool,
    /// One number per axis.
    pub extents: bool,
    /// Two numbers per axis.
    pub sides: bool,
    /// A half-open range.
    pub range: bool,
    /// A value of the network: a label, an input, `_`.
    pub value: bool,
    /// These words.
    pub keywords: &'static [&'static str],
}

impl Accepts {
    /// Nothing: where [`Argument`]'s constructors begin.
    pub const NOTHING: Self = Self {
        int: false,
        float: false,
        bool: false,
        extents: false,
        sides: false,
        range: false,
        value: false,
        keywords: &[],
    };
}

impl Entry {
    /// An entry with the fields that nearly every layer has: one flow in, one
    /// result, no parameters, no arguments.
    #[must_use]
    pub const fn new(name: &'static str, doc: &'static str, kind: Kind) -> Self {
        Self {
            name,
            doc,
            kind,
            arguments: &[],
            inputs: Inputs::Flow,
            results: &["output"],
            weighted: false,
            takes_indices: false,
            aliases: &[],
        }
    }

    /// The entry with these arguments.
    #[must_use]
    pub const fn arguments(mut self, arguments: &'static [Argument]) -> Self {
        self.arguments = arguments;
        self
    }

    /// The entry with inputs from elsewhere than the flow.
    #[must_use]
    pub const fn inputs(mut self, inputs: Inputs) -> Self {
        self.inputs = inputs;
        self
    }

    /// The entry with several results.
    #[must_use]
    pub const fn results(mut self, results: &'static [&'static str]) -> Self {
        self.results = results;
        self
    }

    /// The entry as a kind that can have parameters.
    #[must_use]
    pub const fn weighted(mut self) -> Self {
        self.weighted = true;
        self
    }

    /// The entry as a kind whose first input holds indices.
    #[must_use]
    pub const fn takes_indices(mut self) -> Self {
        self.takes_indices = true;
        self
    }

    /// The entry with the names that other frameworks have for it.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The argument of that name.
    #[must_use]
    pub const fn argument(&self, name: &str) -> Option<&'static Argument> {
        self.argument_by_key(key(name))
    }

    const fn argument_by_key(&self, key: u64) -> Option<&'static Argument> {
        let mut i = 0;
        while i < self.arguments.len() {
            if self.arguments[i].key == key {
                return Some(&self.arguments[i]);
            }
            i += 1;
        }
        None
    }

    /// The first line of the documentation.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.doc.trim_start().lines().next().unwrap_or_default()
    }
}

impl Argument {
    const fn new(name: &'static str, doc: &'static str, accepts: Accepts) -> Self {
        Self {
            name,
            doc,
            accepts,
            default: Value::None,
            default_doc: "",
            required: true,
            positional: false,
            least: 0,
            range: (f64::NEG_INFINITY, f64::INFINITY),
            aliases: &[],
            key: key(name),
        }
    }

    /// A whole number of at least `least`.
    #[must_use]
    pub const fn int(name: &'static str, doc: &'static str, least: u64) -> Self {
        let accepts = Accepts {
            int: true,
            ..Accepts::NOTHING
        };
        let mut argument = Self::new(name, doc, accepts);
        argument.least = least;
        argument
    }

    /// A number, or an extent per axis, of at least `least`.
    #[must_use]
    pub const fn extents(name: &'static str, doc: &'static str, least: u64) -> Self {
        let accepts = Accepts {
            int: true,
            extents: true,
            ..Accepts::NOTHING
        };
        let mut argument = Self::new(name, doc, accepts);
        argument.least = least;
        argument
    }

    /// A number, an extent per axis, a pair per axis, or one of `keywords`.
    #[must_use]
    pub const fn sides(
        name: &'static str,
        doc: &'static str,
        keywords: &'static [&'static str],
    ) -> Self {
        let accepts = Accepts {
            int: true,
            extents: true,
            sides: true,
            keywords,
            ..Accepts::NOTHING
        };
        Self::new(name, doc, accepts)
    }

    /// A float between `least` and `most`, both included.
    #[must_use]
    pub const fn float(name: &'static str, doc: &'static str, least: f64, most: f64) -> Self {
        let accepts = Accepts {
            float: true,
            ..Accepts::NOTHING
        };
        let mut argument = Self::new(name, doc, accepts);
        argument.range = (least, most);
        argument
    }

    /// `true` or `false`.
    #[must_use]
    pub const fn bool(name: &'static str, doc: &'static str) -> Self {
        let accepts = Accepts {
            bool: true,
            ..Accepts::NOTHING
        };
        Self::new(name, doc, accepts)
    }

    /// One of `keywords`.
    #[must_use]
    pub const fn keyword(
        name: &'static str,
        doc: &'static str,
        keywords: &'static [&'static str],
    ) -> Self {
        let accepts = Accepts {
            keywords,
            ..Accepts::NOTHING
        };
        Self::new(name, doc, accepts)
    }

    /// A value of the network: a label, an input, `_`.
    #[must_use]
    pub const fn value(name: &'static str, doc: &'static str) -> Self {
        let accepts = Accepts {
            value: true,
            ..Accepts::NOTHING
        };
        Self::new(name, doc, accepts)
    }

    /// The argument, taking other things.
    #[must_use]
    pub const fn accepting(mut self, accepts: Accepts) -> Self {
        self.accepts = accepts;
        self
    }

    /// The argument, its name optional.
    #[must_use]
    pub const fn positional(mut self) -> Self {
        self.positional = true;
        self
    }

    /// The argument with a default.
    #[must_use]
    pub const fn default(mut self, default: Value) -> Self {
        self.default = default;
        self.required = false;
        self
    }

    /// The argument with a default that its rule finds, said in words.
    #[must_use]
    pub const fn default_is(mut self, doc: &'static str) -> Self {
        self.default_doc = doc;
        self.required = false;
        self
    }

    /// The argument with the names that other frameworks have for it.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Whether `value` may be written for this argument.
    ///
    /// # Errors
    ///
    /// [`Error::WrongType`] for a value of another type, [`Error::TooSmall`]
    /// for an integer below the least, [`Error::OutOfRange`] for a float
    /// outside the range.
    pub const fn check(&'static self, value: Value) -> Result<(), Error> {
        let accepts = &self.accepts;
        let fits = match value {
            Value::None => true,
            Value::Int(value) => {
                if accepts.int && value < self.least {
                    return Err(self.too_small());
                }
                if accepts.float {
                    #[expect(clippy::cast_precision_loss, reason = "compared with a range")]
                    if (value as f64) < self.range.0 || (value as f64) > self.range.1 {
                        return Err(Error::OutOfRange { argument: self });
                    }
                }
                accepts.int || accepts.float
            }
            Value::Float(value) => {
                if accepts.float && !(value >= self.range.0 && value <= self.range.1) {
                    return Err(Error::OutOfRange { argument: self });
                }
                accepts.float
            }
            Value::Bool(_) => accepts.bool,
            Value::Extents(extents) => {
                let mut axis = 0;
                while accepts.extents && axis < extents.len() {
                    if (extents.at(axis) as u64) < self.least {
                        return Err(self.too_small());
                    }
                    axis += 1;
                }
                accepts.extents
            }
            Value::Sides(_) => accepts.sides,
            Value::Range(..) => accepts.range,
            Value::Input(_) => accepts.value,
            Value::Keyword(word) => {
                let mut known = false;
                let mut i = 0;
                while i < accepts.keywords.len() {
                    known = known || same(accepts.keywords[i], word);
                    i += 1;
                }
                known
            }
        };
        if fits {
            Ok(())
        } else {
            Err(Error::WrongType { argument: self })
        }
    }

    const fn too_small(&'static self) -> Error {
        Error::TooSmall {
            argument: self.name,
            least: self.least,
        }
    }
}

/// Every layer of the language, a slice per family.
pub const FAMILIES: &[Family] = crate::layer::FAMILIES;

/// The layer that ends a residual: its body and its shortcut are added.
pub const ADDITION: &Entry = crate::layers::add;

/// A family of layers, as the reference groups them.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// What the family is called.
    pub name: &'static str,
    /// Its layers.
    pub entries: &'static [&'static Entry],
}

/// Every layer of the language.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    FAMILIES
        .iter()
        .flat_map(|family| family.entries.iter().copied())
}

/// The layer of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    entries().find(|entry| entry.name == name)
}

/// Declares the entries of a family. Each becomes a documented constant, by the
/// layer's own name, in the family's module `names` (what an editor shows for a
/// layer in a network), and all of them the family's `ENTRIES`.
macro_rules! family {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: $kind:expr, |$entry:ident| $build:expr;
    )+) => {
        /// The family's layers by name.
        #[expect(non_upper_case_globals, reason = "named as in the language")]
        pub mod names {
            use super::*;
            $(
                $(#[doc = $doc])+
                pub const $name: &Entry = &{
                    let $entry = Entry::new(stringify!($name), concat!($($doc, "\n"),+), $kind);
                    $build
                };
            )+
        }

        /// The family's layers in their order.
        pub const ENTRIES: &[&Entry] = &[$(names::$name),+];
    };
}
pub(crate) use family;
