//! The operations: for each kind of layer its output shape, its parameter
//! tensors and its multiply-accumulates.
//!
//! A family stands in its own file with its catalogue entries and its rules;
//! this file only passes a question on to the family.

use core::fmt;

use crate::entry::{Args, Entry, Kind, Rules};
use crate::error::Error;
use crate::shape::Shape;
use crate::value::Value;

pub mod activation;
pub mod attention;
pub mod conv_recurrent;
pub(crate) mod convention;
pub mod convolution;
mod counts;
pub mod custom;
pub mod dense;
pub mod embedding;
mod explain;
pub mod kept;
mod layout;
mod memory;
pub mod merge;
pub mod mixture;
pub mod normalisation;
pub mod other;
pub mod parametrization;
pub mod pooling;
mod projection;
pub mod receptive;
pub mod recurrent;
pub mod reduction;
pub mod regularisation;
pub mod shape_ops;
pub mod state_space;
pub mod subnetwork;
mod tensor;
mod window;

pub use crate::window::Window;
pub use convention::Convention;
pub use counts::Counts;
pub use explain::{Figured, Line};
pub use kept::{Autograd, Backward, Cache, Kept};
pub use layout::Layout;
pub use memory::Memory;
pub use parametrization::{Parametrization, WeightNorm};
pub use projection::Projection;
pub use receptive::Receptive;
pub(crate) use tensor::weight_and_bias;
pub use tensor::{Role, Tensor, TensorName};

/// The most inputs that one layer can have.
pub const MAX_INPUTS: usize = 64;

/// A family of layers, as the reference groups them.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// What the family is called.
    pub name: &'static str,
    /// Its layers.
    pub entries: &'static [&'static Entry],
}

/// Every layer of the language, a slice per family. Networks and custom layers, the
/// last two families, are called by paths and not by words of the language.
pub const FAMILIES: &[Family] = ALL.split_at(ALL.len() - 2).0;

/// Declares the enum of layers, and the questions that are passed on to the families.
macro_rules! families {
    ($($family:ident in $module:ident, $name:literal;)+) => {
        /// A layer with all its hyperparameters: defaults filled in, paddings
        /// resolved per side, input channels inferred.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[expect(
            clippy::large_enum_variant,
            reason = "without an allocator it cannot be boxed"
        )]
        pub enum Layer {
            $(
                #[doc = concat!("Of the family ", $name, ".")]
                $family($module::$family),
            )+
        }

        /// All families, in the order of their [`Rules`].
        pub(crate) const ALL: &[Family] = &[
            $(Family { name: $name, entries: $module::ENTRIES },)+
        ];

        impl Kind {
            /// What the kind is called and takes.
            #[must_use]
            pub const fn entry(self) -> &'static Entry {
                match self.rules {
                    $(Rules::$family => $module::ENTRIES[self.place as usize],)+
                }
            }
        }

        impl Layer {
            const fn from_args(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
                let kind = args.kind();
                match kind.rules {
                    $(Rules::$family => match $module::build(kind.place, args, inputs) {
                        Ok(layer) => Ok(Self::$family(layer)),
                        Err(error) => Err(error),
                    },)+
                }
            }

            /// The shape of one of the layer's results.
            ///
            /// # Errors
            ///
            /// An [`Error`] when the layer does not fit its inputs.
            pub const fn output(&self, inputs: &[Shape], result: usize) -> Result<Shape, Error> {
                match self {
                    $(Self::$family(layer) => layer.output(inputs, result),)+
                }
            }

            /// How many results the layer has.
            #[must_use]
            pub const fn results(&self) -> usize {
                match self {
                    $(Self::$family(layer) => layer.results(),)+
                }
            }

            /// One of the layer's tensors, `None` beyond the last. They are in
            /// the order in which PyTorch lists them, buffers after parameters.
            #[must_use]
            pub const fn tensor(&self, index: usize) -> Option<Tensor> {
                match self {
                    $(Self::$family(layer) => layer.tensor(index),)+
                }
            }

            /// Multiply-accumulates for one sample, by torchvision's rule:
            /// products with weights (and of attention) only.
            ///
            /// # Errors
            ///
            /// An [`Error`] when the layer does not fit its inputs or the number
            /// does not fit 64 bits.
            pub const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
                match self {
                    $(Self::$family(layer) => layer.macs(inputs),)+
                }
            }

            pub(crate) const fn macs_of(&self, convention: Convention, inputs: &[Shape]) -> Result<u64, Error> {
                match self {
                    $(Self::$family(layer) => layer.macs_by(convention, inputs),)+
                }
            }

            /// Where the layer's result lies at inference.
            #[must_use]
            pub const fn memory(&self) -> Memory {
                match self {
                    $(Self::$family(layer) => layer.memory(),)+
                }
            }

            /// What the layer keeps for the backward pass, where its input needs a gradient.
            #[must_use]
            pub const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
                match self {
                    $(Self::$family(layer) => layer.keeps(inputs, pass),)+
                }
            }

            /// What a position of the layer's result sees of the input at
            /// `place`. The statistics of normalisations are left aside.
            #[must_use]
            pub const fn receptive(&self, inputs: &[Shape], place: usize) -> Receptive {
                match self {
                    $(Self::$family(layer) => layer.receptive(inputs, place),)+
                }
            }

            fn lines(&self, inputs: &[Shape], lines: &mut explain::Lines<'_>) -> fmt::Result {
                match self {
                    $(Self::$family(layer) => layer.explain(inputs, lines),)+
                }
            }
        }
    };
}

families! {
    Convolution in convolution, "convolution";
    Pooling in pooling, "pooling";
    Dense in dense, "dense";
    Embedding in embedding, "embedding";
    Normalisation in normalisation, "normalisation";
    Activation in activation, "activation";
    Regularisation in regularisation, "regularisation";
    ShapeOp in shape_ops, "shape";
    Reduction in reduction, "reduction";
    Recurrent in recurrent, "recurrent";
    ConvRecurrent in conv_recurrent, "convolutional recurrent";
    StateSpace in state_space, "state space";
    Attention in attention, "attention";
    Mixture in mixture, "mixture";
    Merge in merge, "merge";
    Other in other, "other";
    Subnetwork in subnetwork, "network";
    CustomLayer in custom, "custom";
}

impl Layer {
    /// The layer that `entry` describes, with these arguments on these inputs.
    ///
    /// The argument `in`, which every layer has, is the declared number of input
    /// channels or features (`linear(9216 -> 4096)`).
    ///
    /// # Errors
    ///
    /// An [`Error`] when an argument is missing, of the wrong type or out of
    /// range, or when the layer does not fit its inputs.
    ///
    /// ```
    /// use shapewise_core::{Extents, Layer, Shape, Value, layers};
    ///
    /// const IMAGE: &[Shape] = &[Shape::new(&[227, 227, 3])];
    /// let arguments = [
    ///     ("channels", Value::Int(96)),
    ///     ("kernel", Value::Extents(Extents::new(&[11, 11]))),
    ///     ("stride", Value::Int(4)),
    /// ];
    /// let conv1 = Layer::build(layers::conv, &arguments, IMAGE)?;
    /// assert_eq!(conv1.output(IMAGE, 0)?, Shape::new(&[55, 55, 96]));
    /// assert_eq!(conv1.macs(IMAGE)?, 105_415_200);
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    pub const fn build(
        entry: &Entry,
        arguments: &[(&'static str, Value)],
        inputs: &[Shape],
    ) -> Result<Self, Error> {
        match Args::checked(entry, arguments) {
            Ok(args) => Self::on(&args, inputs),
            Err(error) => Err(error),
        }
    }

    /// [`Layer::build`] of arguments that are given by their places in the
    /// entry instead of their names, which is less work. The place beyond the
    /// last is that of `in`.
    ///
    /// # Errors
    ///
    /// As [`Layer::build`].
    ///
    /// # Panics
    ///
    /// When there is no such place.
    ///
    /// ```
    /// use shapewise_core::{Layer, Shape, Value, layers};
    ///
    /// const INPUT: &[Shape] = &[Shape::new(&[128])];
    /// let by_name = Layer::build(layers::linear, &[("features", Value::Int(10))], INPUT)?;
    /// assert_eq!(layers::linear.arguments[0].name, "features");
    /// assert_eq!(Layer::build_at(layers::linear, &[(0, Value::Int(10))], INPUT)?, by_name);
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    pub const fn build_at(
        entry: &Entry,
        arguments: &[(usize, Value)],
        inputs: &[Shape],
    ) -> Result<Self, Error> {
        match Args::checked_at(entry, arguments) {
            Ok(args) => Self::on(&args, inputs),
            Err(error) => Err(error),
        }
    }

    const fn on(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let built = Self::from_args(args, inputs);
        // A value of the wrong rank has other features for a reason of its own.
        if let Err(error @ (Error::InputRank { .. } | Error::LinearOnImage { .. })) = built {
            return Err(error);
        }
        if let Some(declared) = args.declared()
            && !inputs.is_empty()
            && declared != inputs[0].channels() as u64
        {
            return Err(Error::DeclaredInput {
                declared,
                input: inputs[0],
            });
        }
        built
    }
}

impl Layer {
    /// Whether the layer only moves elements, so that indices may go through it as well as
    /// numbers: a reshape, a part, values side by side.
    ///
    /// ```
    /// use shapewise_core::{Layer, Shape, layers};
    ///
    /// let flatten = Layer::build(layers::flatten, &[], &[Shape::new(&[4, 8])])?;
    /// assert!(flatten.moves());
    /// let relu = Layer::build(layers::relu, &[], &[Shape::new(&[4, 8])])?;
    /// assert!(!relu.moves());
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    pub const fn moves(&self) -> bool {
        match self {
            Self::Regularisation(_)
            | Self::Other(other::Other::Identity | other::Other::KvCache { .. })
            | Self::Merge(merge::Merge::Concat { .. } | merge::Merge::Stack) => true,
            Self::ShapeOp(op) => matches!(
                op,
                shape_ops::ShapeOp::Flatten { .. }
                    | shape_ops::ShapeOp::Reshape { .. }
                    | shape_ops::ShapeOp::Permute { .. }
                    | shape_ops::ShapeOp::ToSequence
                    | shape_ops::ShapeOp::Crop { .. }
                    | shape_ops::ShapeOp::Roll { .. }
                    | shape_ops::ShapeOp::Slice { .. }
                    | shape_ops::ShapeOp::First
                    | shape_ops::ShapeOp::Last
                    | shape_ops::ShapeOp::ChannelShuffle { .. }
                    | shape_ops::ShapeOp::ChannelSplit(_)
            ),
            _ => false,
        }
    }

    /// How the layer's weight is made of other tensors, where it is.
    ///
    /// ```
    /// use shapewise_core::layer::WeightNorm;
    /// use shapewise_core::{Layer, Shape, Value, layers};
    ///
    /// let normed = [("features", Value::Int(10)), ("weight_norm", Value::Bool(true))];
    /// let linear = Layer::build(layers::linear, &normed, &[Shape::new(&[64])])?;
    /// let norm = linear.parametrization().map(|parametrization| parametrization.norm);
    /// assert_eq!(norm, Some(WeightNorm::Length { axis: Some(0) }));
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    #[must_use]
    pub const fn parametrization(&self) -> Option<Parametrization> {
        match self {
            Self::Convolution(convolution) => convolution.parametrization(),
            Self::Dense(dense) => dense.parametrization(),
            Self::Embedding(embedding) => embedding.parametrization(),
            _ => None,
        }
    }

    /// Which of its inputs holds indices, if one does.
    ///
    /// ```
    /// use shapewise_core::{Layer, Shape, Value, layers};
    ///
    /// let table = [("entries", Value::Int(96)), ("features", Value::Int(32))];
    /// let words = Layer::build(layers::embedding, &table, &[Shape::new(&[12])])?;
    /// assert_eq!(words.indices(), Some(0));
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    #[must_use]
    pub const fn indices(&self) -> Option<usize> {
        match self {
            Self::Embedding(
                embedding::Embedding::Lookup { .. } | embedding::Embedding::Bag { .. },
            ) => Some(0),
            Self::ShapeOp(
                shape_ops::ShapeOp::IndexSelect(select) | shape_ops::ShapeOp::Gather(select),
            ) => Some(select.index),
            _ => None,
        }
    }

    /// Whether the result holds indices, which may also be calculated with.
    ///
    /// ```
    /// use shapewise_core::{Layer, Shape, layers};
    ///
    /// let places = Layer::build(layers::arange, &[], &[Shape::new(&[12])])?;
    /// assert!(places.gives_indices());
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    #[must_use]
    pub const fn gives_indices(&self) -> bool {
        matches!(
            self,
            Self::Embedding(
                embedding::Embedding::Arange { .. }
                    | embedding::Embedding::Distances(_)
                    | embedding::Embedding::Full { index: true, .. }
            ) | Self::Reduction(reduction::Reduction::Argmax(_))
        )
    }

    /// Whether indices may come in at a place among the inputs as well as numbers.
    ///
    /// ```
    /// use shapewise_core::{Layer, Shape, layers};
    ///
    /// let places = Layer::build(layers::arange, &[], &[Shape::new(&[12])])?;
    /// assert!(places.takes_either(0));
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    #[must_use]
    pub const fn takes_either(&self, place: usize) -> bool {
        match self {
            Self::Embedding(
                embedding::Embedding::Arange { .. }
                | embedding::Embedding::Distances(_)
                | embedding::Embedding::Full { .. }
                | embedding::Embedding::Parameter { .. },
            )
            | Self::Reduction(reduction::Reduction::Argmax(_)) => true,
            Self::ShapeOp(shape_ops::ShapeOp::Gather(gather)) => gather.index == place,
            Self::Attention(attention::Attention::Rotary(layer)) => {
                matches!(layer.positions, Some(positions) if positions == place)
            }
            _ => false,
        }
    }

    /// The parameters that a position does not use: those of experts that it is not given.
    ///
    /// ```
    /// use shapewise_core::{Layer, Shape, Value, layers};
    ///
    /// let four = [("experts", Value::Int(4)), ("active", Value::Int(1)), ("features", Value::Int(64))];
    /// let experts = Layer::build(layers::mixture_of_experts, &four, &[Shape::new(&[12, 32])])?;
    /// assert_eq!(experts.inactive_params(), 3 * 3 * 32 * 64);
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    #[must_use]
    pub const fn inactive_params(&self) -> u64 {
        match self {
            Self::Mixture(mixture) => mixture.inactive(),
            _ => 0,
        }
    }

    /// The error for a stride that leaves rows or columns at the end of the
    /// input unseen: the windows do not tile. It is legal, and often not meant.
    /// With `ceil_mode` nothing is left out.
    ///
    /// ```
    /// use shapewise_core::{Error, Extents, Layer, Shape, Value, layers};
    ///
    /// let eleven = Value::Extents(Extents::new(&[11, 11]));
    /// let arguments = [("channels", Value::Int(96)), ("kernel", eleven), ("stride", Value::Int(4))];
    /// let input = [Shape::new(&[224, 224, 3])];
    /// let conv = Layer::build(layers::conv, &arguments, &input)?;
    /// assert!(matches!(conv.inexact_stride(&input), Some(Error::InexactStride { .. })));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub const fn inexact_stride(&self, inputs: &[Shape]) -> Option<Error> {
        let window = match self {
            Self::Convolution(convolution) => convolution.window(),
            Self::Pooling(pooling) => pooling.window(),
            _ => None,
        };
        match window {
            Some(window) => window.inexact_stride(&inputs[0].spatial()),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn families_stand_in_the_order_of_their_rules() {
        for (place, family) in crate::layer::ALL.iter().enumerate() {
            for entry in family.entries {
                assert_eq!(entry.kind.rules as usize, place);
                assert_eq!(entry.kind.entry().name, entry.name);
            }
        }
    }
}
