//! The operations: for each kind of layer its output shape, its parameter
//! tensors and its multiply-accumulates.
//!
//! A family stands in its own file with its catalogue entries and its rules;
//! this file only passes a question on to the family.

use core::fmt;

use crate::entry::{Args, Entry, Kind, Rules};
use crate::error::Error;
use crate::extents::Extents;
use crate::number::Grouped;
use crate::shape::Shape;
use crate::value::Value;

pub mod activation;
pub mod attention;
pub(crate) mod convention;
pub mod convolution;
mod counts;
pub mod custom;
pub mod dense;
pub mod embedding;
mod memory;
pub mod merge;
pub mod normalisation;
pub mod other;
pub mod pooling;
mod projection;
pub mod receptive;
pub mod recurrent;
pub mod regularisation;
pub mod shape_ops;
pub mod subnetwork;
mod tensor;
mod window;

pub use crate::window::Window;
pub use convention::Convention;
pub use counts::Counts;
pub use memory::Memory;
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

            /// What a position of the layer's result sees of the input at
            /// `place`. The statistics of normalisations are left aside.
            #[must_use]
            pub const fn receptive(&self, inputs: &[Shape], place: usize) -> Receptive {
                match self {
                    $(Self::$family(layer) => layer.receptive(inputs, place),)+
                }
            }

            /// Writes how the output and the parameters come about, a line per
            /// figure, with the numbers in it:
            /// `height: floor((227 - 11 + 2*0) / 4) + 1 = 55`.
            ///
            /// # Errors
            ///
            /// Only those of `f`.
            pub fn explain(&self, inputs: &[Shape], f: &mut dyn fmt::Write) -> fmt::Result {
                match self {
                    $(Self::$family(layer) => layer.explain(inputs, f),)+
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
    Recurrent in recurrent, "recurrent";
    Attention in attention, "attention";
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

/// Writes the end of a line of parameters: ` + 96 = 34944`.
pub(crate) fn explain_params(
    weights: u64,
    bias: Option<usize>,
    f: &mut dyn fmt::Write,
) -> fmt::Result {
    match bias {
        Some(bias) => writeln!(
            f,
            " + {bias} = {}",
            Grouped(weights.saturating_add(bias as u64))
        ),
        None => writeln!(f, " = {}", Grouped(weights)),
    }
}

/// Writes extents as a product: `96*3*11*11`.
pub(crate) fn write_product(extents: &Extents, f: &mut dyn fmt::Write) -> fmt::Result {
    for (i, extent) in extents.as_slice().iter().enumerate() {
        write!(f, "{}{extent}", if i == 0 { "" } else { "*" })?;
    }
    Ok(())
}

/// Writes the line of parameters from the layer's own tensors:
/// `parameters: 3072*768 + 3072 = 2,362,368`.
pub(crate) fn explain_tensors(
    tensors: impl Iterator<Item = Tensor>,
    f: &mut dyn fmt::Write,
) -> fmt::Result {
    let mut params: u64 = 0;
    let mut first = true;
    for tensor in tensors.filter(|tensor| !matches!(tensor.role, Role::Buffer)) {
        f.write_str(if first { "parameters: " } else { " + " })?;
        write_product(&tensor.extents, f)?;
        params = params.saturating_add(tensor.elements().unwrap_or(u64::MAX));
        first = false;
    }
    if first {
        return Ok(());
    }
    writeln!(f, " = {}", Grouped(params))
}

/// Writes the line of MACs: `MACs: 55*55*34,848 = 105,415,200`; on a vector, which
/// has one position, `MACs: 4,096,000`.
pub(crate) fn explain_macs(
    positions: Extents,
    weights: u64,
    macs: u64,
    f: &mut dyn fmt::Write,
) -> fmt::Result {
    f.write_str("MACs: ")?;
    if positions.is_empty() {
        return writeln!(f, "{}", Grouped(macs));
    }
    for extent in positions.as_slice() {
        write!(f, "{extent}*")?;
    }
    writeln!(f, "{} = {}", Grouped(weights), Grouped(macs))
}

impl Layer {
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
