//! What a network has as constants, once: their names, units and documentation, and
//! how they come about.

use crate::analysis::constant;
use crate::extents::Extents;
use crate::graph::{Counts, Graph};
use crate::text::Text;

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of something.
    Count,
    /// The bytes of what another figure counts, in the network's type.
    Bytes(Figure),
    /// A number for each axis.
    Axes,
    /// A truth value.
    Truth,
}

/// What a figure is of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A count, or bytes.
    Number(u64),
    /// A number for each axis.
    Axes(Extents),
    /// A truth value.
    Truth(bool),
}

/// The parts of a row of the table that are not the same for all figures.
macro_rules! part {
    // The type of a constant, and its value as an amount.
    (@type Axes) => {
        Extents
    };
    (@type Truth) => {
        bool
    };
    (@type $($number:tt)+) => {
        u64
    };
    (@amount $value:expr, Axes) => {
        Amount::Axes($value)
    };
    (@amount $value:expr, Truth) => {
        Amount::Truth($value)
    };
    (@amount $value:expr, $($number:tt)+) => {
        Amount::Number($value)
    };
    (@unit Bytes of $of:ident) => {
        Unit::Bytes(Figure::$of)
    };
    (@unit $unit:ident) => {
        Unit::$unit
    };
    // What it is of a graph, and of counts where it is one of them.
    (@of $graph:expr, counts, $counts:ident, $value:expr) => {{
        let $counts = $graph.counts();
        $value
    }};
    (@of $graph:expr, $from:ident, $name:ident, $value:expr) => {{
        let $name = $graph;
        $value
    }};
    (@counted $found:expr, counts, $counts:ident, $value:expr) => {{
        let $counts = $found;
        Some($value)
    }};
    (@counted $found:expr, $($other:tt)+) => {
        None
    };
    (@shapes shapes) => {
        true
    };
    (@shapes $from:ident) => {
        false
    };
}

macro_rules! figure {
    ($(
        #[doc = $doc:literal]
        $(#[$more:meta])*
        $constant:ident = $figure:ident: $unit:ident $(of $of:ident)?,
        $from:ident |$name:ident| $value:expr;
    )+) => {
        /// A constant of every network.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Figure {
            $(#[doc = concat!("`", stringify!($constant), "`")] $figure,)+
        }

        impl Figure {
            /// All of them, in the order of the documentation.
            pub const ALL: [Self; [$(Self::$figure),+].len()] = [$(Self::$figure),+];

            /// The name of its constant.
            #[must_use]
            pub const fn constant(self) -> &'static str {
                match self {
                    $(Self::$figure => stringify!($constant),)+
                }
            }

            /// What it is, as a sentence.
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self {
                    $(Self::$figure => $doc.trim_ascii(),)+
                }
            }

            /// Its unit.
            #[must_use]
            pub const fn unit(self) -> Unit {
                match self {
                    $(Self::$figure => part!(@unit $unit $(of $of)?),)+
                }
            }

            /// Whether it is known where all shapes are, and only then.
            #[must_use]
            pub const fn of_shapes(self) -> bool {
                match self {
                    $(Self::$figure => part!(@shapes $from),)+
                }
            }

            /// What it is of counts; nothing where it is none of them.
            #[must_use]
            pub const fn counted(self, counts: &Counts) -> Option<u64> {
                match self {
                    $(Self::$figure => part!(@counted counts, $from, $name, $value),)+
                }
            }

            /// What it is of a graph, in const evaluation only.
            ///
            /// # Panics
            ///
            /// When it does not fit 64 bits, or with more than 262,144 values.
            #[must_use]
            pub const fn of(self, graph: &Graph) -> Amount {
                match self {
                    $(Self::$figure => {
                        let value = part!(@of graph, $from, $name, $value);
                        part!(@amount value, $unit)
                    })+
                }
            }
        }
    };
}

/// Hands the table to a macro.
macro_rules! figures {
    ($made:ident) => {
        $made! {
            /// Elements of all weights.
            WEIGHTS = Weights: Count, counts |counts| counts.weights;
            /// Elements of all biases.
            BIASES = Biases: Count, counts |counts| counts.biases;
            /// Trainable parameters, weights and biases.
            PARAMS = Params: Count, counts |counts| counts.params();
            /// Parameters that one position uses, those of experts that it is not given left out.
            /// Without a mixture of experts they are all.
            ACTIVE_PARAMS = ActiveParams: Count, layers |graph| graph.active_params();
            /// Elements of all buffers (running statistics), which are no parameters.
            BUFFERS = Buffers: Count, counts |counts| counts.buffers;
            /// Multiply-accumulates for one sample.
            MACS = Macs: Count, counts |counts| counts.macs;
            /// Floating-point operations for one sample, two per multiply-accumulate.
            FLOPS = Flops: Count, counts |counts| counts.flops();
            /// Bytes of the parameters.
            /// All are of the network's type.
            PARAM_BYTES = ParamBytes: Bytes of Params, layers |graph| graph.param_bytes();
            /// Elements of all activations of one sample, the sum over the layers' outputs.
            ACTIVATIONS = Activations: Count, shapes |graph| graph.activations();
            /// The most elements of activations that are alive at once, at inference for one sample.
            /// [`analysis`](crate::analysis) says what counts, at which layer it happens and
            /// where the values can lie.
            PEAK_ACTIVATIONS = PeakActivations: Count, shapes |graph| constant::peak(graph).elements;
            /// Bytes of the activations that are alive at once.
            /// All are of the network's type.
            PEAK_ACTIVATION_BYTES = PeakActivationBytes: Bytes of PeakActivations,
                shapes |graph| constant::peak_bytes(graph);
            /// Elements that training keeps for the backward pass, for one sample.
            /// They are those that PyTorch's eager mode keeps, without temporary ones;
            /// [`analysis`](crate::analysis) has other rules and batches.
            TRAIN_ACTIVATIONS = TrainActivations: Count, shapes |graph| constant::kept(graph).elements();
            /// Bytes of what training keeps for the backward pass, for one sample.
            /// Values are of the network's type, statistics take 4 bytes each, indices 8.
            TRAIN_ACTIVATION_BYTES = TrainActivationBytes: Bytes of TrainActivations,
                shapes |graph| constant::kept_bytes(graph);
            /// The most weighted layers on any path, those that multiply what comes in with learned weights.
            /// Papers count them so.
            DEPTH = Depth: Count, layers |graph| constant::depth(graph) as u64;
            /// How much of the first input an output sees along each axis, not clipped at its edges.
            /// Of several outputs, it is the one that sees most.
            RECEPTIVE_FIELD = ReceptiveField: Axes, shapes |graph| constant::output_field(graph).size();
            /// Whether all costs are known. Where a custom layer left one out, counts are lower bounds.
            EXACT = Exact: Truth, layers |graph| graph.exact();
        }
    };
}
pub(crate) use {figures, part};

figures!(figure);

impl Figure {
    /// What it is called in an `assert`: its constant in lower case.
    #[must_use]
    pub const fn metric(self) -> Text {
        let constant = self.constant().as_bytes();
        let mut letters = [0; 32];
        let letters = letters.split_at_mut(constant.len()).0;
        letters.copy_from_slice(constant);
        letters.make_ascii_lowercase();
        let mut text = Text::new();
        if let Ok(letters) = core::str::from_utf8(letters) {
            text.str(letters);
        }
        text
    }

    /// Whether a network has a constant of this name, which a label then cannot have.
    #[must_use]
    pub fn is_taken(name: &str) -> bool {
        let others = ["INPUT", "INPUTS", "OUTPUT", "OUTPUTS", "GRAPH"];
        let figures = || Self::ALL.iter().any(|figure| figure.constant() == name);
        others.contains(&name) || figures()
    }

    /// What a figure that is a number is of a graph.
    ///
    /// # Panics
    ///
    /// As [`Figure::of`], and when it is no number.
    #[must_use]
    pub const fn number(self, graph: &Graph) -> u64 {
        match self.of(graph) {
            Amount::Number(number) => number,
            _ => panic!("the figure is no number"),
        }
    }

    /// What a figure that has a number for each axis is of a graph.
    ///
    /// # Panics
    ///
    /// As [`Figure::of`], and when it has none.
    #[must_use]
    pub const fn axes(self, graph: &Graph) -> Extents {
        match self.of(graph) {
            Amount::Axes(axes) => axes,
            _ => panic!("the figure has no axes"),
        }
    }

    /// What a figure that is a truth value is of a graph.
    ///
    /// # Panics
    ///
    /// As [`Figure::of`], and when it is none.
    #[must_use]
    pub const fn truth(self, graph: &Graph) -> bool {
        match self.of(graph) {
            Amount::Truth(truth) => truth,
            _ => panic!("the figure is no truth value"),
        }
    }
}
