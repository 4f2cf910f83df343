//! What an argument of a layer is called, and what may be written for it.

use crate::value::Value;

mod name;

pub use name::Name;
pub(crate) use name::{key, name};

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

    /// The equation of a product over named axes: `"lk,km->lm"`.
    #[must_use]
    pub const fn equation(name: &'static str, doc: &'static str) -> Self {
        let accepts = Accepts {
            equation: true,
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
    /// A text that is the equation of a product over named axes.
    pub equation: bool,
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
        equation: false,
        keywords: &[],
    };
}
