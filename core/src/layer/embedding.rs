//! Tables of learned vectors: embeddings of indices, of positions, and tokens
//! of their own.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Args, Entry, family};
use crate::error::{Error, Needs, attempt};
use crate::extents::Extents;
use crate::formula::{self, size_sum};
use crate::layer::Convention;
use crate::layer::explain::Lines;
use crate::layer::parametrization::{
    NORM_DIM, OLD_NAMES, POWER_ITERATIONS, Parametrization, SPECTRAL_NORM, WEIGHT_NORM,
};
use crate::layer::receptive::Moved;
use crate::layer::{Memory, Receptive, Role, Tensor, TensorName};
use crate::shape::Shape;
use crate::value::Value;

mod distances;
mod kept;
mod tables;

pub use distances::RelativePositions;
pub use tables::{BagMode, Sinusoids};

const ENTRIES_ARGUMENT: Argument = Argument::int("entries", "number of vectors in the table", 1)
    .positional()
    .aliases(&["num_embeddings", "input_dim", "vocab_size"]);
const FEATURES: Argument = Argument::int("features", "length of each vector", 1)
    .positional()
    .aliases(&["embedding_dim", "output_dim"]);
const PADDING_IDX: Argument = Argument::int("padding_idx", "the entry that stands for padding", 0)
    .default_is("no such entry");
const POSITIONS: Argument = Argument::int("positions", "number of positions in the table", 1)
    .positional()
    .default_is("the positions of the input")
    .aliases(&["max_len", "max_length", "num_positions"]);
const BATCH_AXIS: Argument = Argument::bool(
    "batch_axis",
    "whether the table is stored with an axis of 1 in front, for the batch",
)
.default(Value::Bool(true));
const COUNT: Argument = Argument::int("count", "number of tokens", 1).default(Value::Int(1));

family! {
    /// A table of learned vectors.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Embedding, const fn unchecked(args, inputs);

    /// Embedding: each index becomes a learned vector of F features.
    ///
    /// The input holds integers from 0 to `entries - 1`.
    ///
    /// - Output: the input's shape with a last axis of F features: a vector of L indices becomes
    ///   `LxF`.
    /// - Parameters: `weight` of `entries*F`; `padding_idx` does not change the count.
    /// - No MACs: looking up multiplies nothing.
    ///
    /// `weight_norm` and `spectral_norm` make the weight as they do for `conv`.
    ///
    /// Source: PyTorch's `Embedding`.
    embedding = Lookup {
        /// The number of vectors.
        entries: usize = attempt!(args.int(name!("entries"))),
        /// The length of each.
        features: usize = attempt!(args.int(name!("features"))),
        /// The entry that stands for padding.
        padding_idx: Option<usize> = attempt!(padding_idx(args)),
        /// How the weight is made of other tensors, where it is.
        parametrization: Option<Parametrization> = attempt!(Parametrization::build(args, 2, 0)),
    }, |entry| entry
        .arguments(&[
            ENTRIES_ARGUMENT, FEATURES, PADDING_IDX,
            WEIGHT_NORM, SPECTRAL_NORM, NORM_DIM, POWER_ITERATIONS, OLD_NAMES,
        ])
        .weighted()
        .takes_indices()
        .aliases(&["Embedding", "embed"]);

    /// Embedding bag: the vectors of all indices as one, their mean, sum or largest elements.
    ///
    /// The input is a vector of integers from 0 to `entries - 1`.
    ///
    /// - Output: a vector of F features.
    /// - Parameters: `weight` of `entries*F`.
    /// - No MACs.
    ///
    /// Source: PyTorch's `EmbeddingBag`, whose bags are the samples.
    embedding_bag = Bag {
        /// The number of vectors.
        entries: usize = attempt!(args.int(name!("entries"))),
        /// The length of each.
        features: usize = attempt!(args.int(name!("features"))),
        /// What is made of them.
        mode: BagMode = BagMode::of(args),
    }, |entry| entry
        .arguments(&[
            ENTRIES_ARGUMENT,
            FEATURES,
            Argument::keyword("mode", "what is made of the vectors", &["mean", "sum", "max"])
                .default(Value::Keyword("mean")),
        ])
        .weighted()
        .takes_indices()
        .aliases(&["EmbeddingBag"]);

    /// Learned positional embedding: a vector per position, added to the input.
    ///
    /// - Output: the input's shape.
    /// - Parameters: the positions x the features of the input, as one bare tensor: it is named by
    ///   the layer's path alone. It is stored as `1xLxF`, as vision transformers have it, or as
    ///   `LxF` with `batch_axis = false`. A sequence may use only the first of more `positions`.
    /// - No MACs.
    ///
    /// Source: torchvision's `VisionTransformer` (`encoder.pos_embedding`); with
    /// `positional_embedding(1024, batch_axis = false)` named `wpe.weight`, GPT-2's table.
    positional_embedding = Positional {
        /// The extents of the table: positions, then features.
        table: Extents = attempt!(table(args, &inputs[0])),
        /// Whether it is stored with an axis of 1 in front.
        batch_axis: bool = args.bool(name!("batch_axis")),
    }, |entry| entry
        .arguments(&[POSITIONS, BATCH_AXIS])
        .weighted()
        .aliases(&["PositionalEmbedding", "PositionEmbedding", "pos_embedding", "pos_embed"]);

    /// Class token: a learned vector in front of a sequence.
    ///
    /// - Output: `LxF` becomes `(L + 1)xF`; `count` adds more tokens than one.
    /// - Parameters: `count*F`, as one bare tensor of `1 x count x F`: it is named by the layer's
    ///   path alone.
    /// - No MACs.
    ///
    /// Source: torchvision's `VisionTransformer` (`class_token`).
    class_token = ClassToken {
        /// The number of tokens.
        count: usize = attempt!(args.int(name!("count"))),
        /// The length of each.
        features: usize = match inputs[0].rank() {
            2 => inputs[0].features(),
            _ => return Err(needs(Needs::Sequence, &inputs[0])),
        },
    }, |entry| entry
        .arguments(&[COUNT])
        .weighted()
        .aliases(&["cls_token", "ClassToken"]);

    /// Learned numbers that depend on no input: queries, latents, scores of attention sinks.
    ///
    /// What flows in says only how many samples there are.
    ///
    /// - Output: the shape that is written.
    /// - Parameters: as many, as one bare tensor: it is named by the layer's path alone. It is stored
    ///   as written, or with an axis of 1 in front with `batch_axis = true`. With `trained = false` it is a
    ///   buffer, which checkpoints hold and which is no parameter.
    /// - No MACs.
    ///
    /// Source: PyTorch's `Parameter`, and `register_buffer`.
    parameter = Parameter {
        /// Their extents.
        shape: Extents = attempt!(tables::extents(args)),
        /// Whether the tensor is stored with an axis of 1 in front.
        batch_axis: bool = args.bool(name!("batch_axis")),
        /// The standard deviation of what they begin as, 0 for zeros.
        std: f64 = args.float(name!("std")),
        /// Whether they are trained; otherwise a buffer.
        trained: bool = args.bool(name!("trained")),
    }, |entry| entry
        .arguments(&[
            Argument::extents("shape", "the shape of the numbers", 1).positional(),
            BATCH_AXIS.default(Value::Bool(false)),
            Argument::float("std", "standard deviation of what they begin as", 0.0, f64::INFINITY)
                .default(Value::Float(0.02)),
            Argument::bool("trained", "whether they are trained, and no buffer")
                .default(Value::Bool(true))
                .aliases(&["requires_grad", "trainable"]),
        ])
        .weighted()
        .aliases(&["Parameter", "nn_parameter", "buffer", "Buffer", "register_buffer"]);

    /// Whole numbers in a row, one for each position of the input: indices of positions.
    ///
    /// - Output: a vector with an element for each position (of a vector, for each element).
    /// - No parameters, no MACs.
    ///
    /// What comes out are indices, for an `embedding`, and numbers where a layer calculates with them.
    /// Source: PyTorch's `arange`.
    arange = Arange {
        /// The first number.
        start: usize = attempt!(args.int(name!("start"))),
        /// How far they are apart.
        step: usize = attempt!(args.int(name!("step"))),
    }, |entry| entry
        .arguments(&[
            Argument::int("start", "the first number", 0).positional().default(Value::Int(0)),
            Argument::int("step", "how far the numbers are apart", 0).default(Value::Int(1)),
        ])
        .aliases(&["Range", "position_ids"]);

    /// Where in a table the distance of each two positions stands: indices.
    ///
    /// Element `[i, j]` is `zero + i - j` (with `ahead`, `zero + j - i`), no less than 0 and no more than
    /// the last of the `entries`. With `max_distance` half of a side are single distances, and the places
    /// behind them are ever wider, up to it.
    ///
    /// - Output: `Lq x Lk`, the positions of the flow and those of `keys`; of a vector each element is one.
    /// - No parameters, no MACs.
    ///
    /// What comes out are indices, for an `embedding` or a `gather`. Source: Shaw et al. 2018;
    /// `transformers`' DeBERTa-v2 (`build_relative_position`), `max_distance` being its `max_relative_positions`.
    relative_positions = Distances(RelativePositions = attempt!(RelativePositions::build(args, inputs))), |entry| entry
        .arguments(&[
            Argument::int("entries", "how many places the table has", 1).positional(),
            Argument::int("zero", "the place of a position and itself", 0)
                .default_is("the middle, `entries / 2`"),
            Argument::int("max_distance", "the distance from which on all are in the last place", 1)
                .default_is("each place is a distance")
                .aliases(&["max_relative_positions"]),
            Argument::bool("ahead", "whether what comes later is further on in the table")
                .default(Value::Bool(false)),
            Argument::value("keys", "what has the positions of the keys").default_is("the flow"),
        ])
        .aliases(&["relative_position", "build_relative_position"]);

    /// The same number everywhere.
    ///
    /// - Output: the input's shape.
    /// - No parameters, no MACs.
    ///
    /// A whole number makes indices, for an `embedding`: the types of tokens that nobody gives. Source:
    /// PyTorch's `full_like`.
    full_like = Full {
        /// The number.
        value: f64 = args.float(name!("value")),
        /// Whether it may be an index.
        index: bool = matches!(args.get(name!("value")), Value::Int(_)),
    }, |entry| entry
        .arguments(&[Argument::float("value", "the number", f64::NEG_INFINITY, f64::INFINITY).positional()])
        .aliases(&["zeros_like", "ones_like"]);

    /// Sines and cosines of the positions, a vector per position, added to the input.
    ///
    /// Pair i of F features has the angle `position * base^(-2i/F)`. With `features` written, the input's
    /// numbers are the positions, steps in time for instance, and nothing is added: each becomes a vector.
    ///
    /// - Output: the input's shape, a sequence with an even number of features; with `features` the
    ///   input's shape with a last axis of F.
    /// - No parameters, no MACs.
    ///
    /// Source: Vaswani et al. 2017, section 3.5; with `interleaved = false` all sines before all cosines.
    /// With `features` and all cosines first, the steps of `diffusers`' `Timesteps`.
    sinusoidal_embedding = Sinusoidal(Sinusoids = attempt!(Sinusoids::build(args, &inputs[0]))), |entry| entry
        .arguments(&[
            Argument::float("base", "by what the angles of the pairs are apart", f64::MIN_POSITIVE, f64::INFINITY)
                .default(Value::Float(10_000.0)),
            Argument::bool("interleaved", "whether each sine stands before its cosine")
                .default(Value::Bool(true)),
            Argument::bool("cosine_first", "whether cosines stand before sines")
                .default(Value::Bool(false))
                .aliases(&["flip_sin_to_cos"]),
            Argument::int("features", "how many there are of each number of the input", 2)
                .default_is("positions count, not numbers")
                .aliases(&["num_channels"]),
            Argument::int("start", "the first position", 0).default(Value::Int(0)),
            Argument::bool("add", "whether they are added to the input, not given alone")
                .default(Value::Bool(true)),
        ])
        .aliases(&[
            "PositionalEncoding", "SinusoidalPositionalEmbedding", "SinePositionEncoding", "Timesteps",
            "get_timestep_embedding", "timestep_embedding",
        ]);
}

pub(super) const fn build(place: u8, args: &Args, inputs: &[Shape]) -> Result<Embedding, Error> {
    let layer = attempt!(unchecked(place, args, inputs));
    attempt!(layer.output(inputs, 0));
    match layer.tensor(0) {
        Some(table) if table.elements().is_none() => {
            Err(formula::overflow("the number of parameters"))
        }
        _ => Ok(layer),
    }
}

/// The entry that stands for padding.
const fn padding_idx(args: &Args) -> Result<Option<usize>, Error> {
    if !args.has(name!("padding_idx")) {
        return Ok(None);
    }
    let entries = attempt!(args.int(name!("entries")));
    let padding = attempt!(args.int(name!("padding_idx")));
    if padding >= entries {
        return Err(Error::TooLarge {
            argument: "padding_idx",
            value: padding,
            most: entries - 1,
            what: "the last entry",
        });
    }
    Ok(Some(padding))
}

/// The extents of a table of positions.
const fn table(args: &Args, input: &Shape) -> Result<Extents, Error> {
    if input.rank() < 2 || input.rank() > 4 {
        return Err(needs(Needs::Positions, input));
    }
    let table = input.extents();
    if !args.has(name!("positions")) {
        return Ok(table);
    }
    if input.rank() != 2 {
        return Err(needs(
            Needs::Words("a sequence where `positions` is written"),
            input,
        ));
    }
    let positions = attempt!(args.int(name!("positions")));
    if positions < table.at(0) {
        return Err(Error::TooSmall {
            argument: "positions",
            least: table.at(0) as u64,
        });
    }
    Ok(table.with(0, positions))
}

impl Embedding {
    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        let input = &inputs[0];
        match self {
            Self::Lookup { features, .. } => match Shape::from_parts(input.extents(), *features) {
                Some(shape) => Ok(shape),
                None => Err(needs(Needs::Words("indices on at most 4 axes"), input)),
            },
            Self::Positional { .. } | Self::Full { .. } => Ok(*input),
            Self::Sinusoidal(table) => table.output(input),
            Self::Distances(distances) => distances.output(inputs),
            Self::Parameter { shape, .. } => tables::shape(shape),
            Self::Bag { features, .. } => match input.rank() {
                1 => Ok(Shape::new(&[*features])),
                _ => Err(needs(Needs::Words("a vector of indices"), input)),
            },
            Self::Arange { .. } => tables::positions(input),
            Self::ClassToken { count, features } => {
                let length = attempt!(size_sum(
                    input.extents().at(0),
                    *count,
                    "the length of the output"
                ));
                match Shape::try_new(&[length, *features]) {
                    Some(shape) => Ok(shape),
                    None => Err(formula::overflow("the output shape")),
                }
            }
        }
    }

    /// How the weight is made of other tensors, where it is.
    pub(super) const fn parametrization(&self) -> Option<Parametrization> {
        match self {
            Self::Lookup {
                parametrization, ..
            } => *parametrization,
            _ => None,
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        if let Self::Lookup {
            entries,
            features,
            parametrization: Some(parametrization),
            ..
        } = self
        {
            return parametrization.tensor(index, Extents::new(&[*entries, *features]), None);
        }
        if index > 0 {
            return None;
        }
        let (name, extents) = match self {
            Self::Lookup {
                entries, features, ..
            }
            | Self::Bag {
                entries, features, ..
            } => (
                TensorName::plain("weight"),
                Extents::new(&[*entries, *features]),
            ),
            Self::Positional { table, batch_axis } => (
                TensorName::BARE,
                if *batch_axis { in_front(table) } else { *table },
            ),
            Self::ClassToken { count, features } => {
                (TensorName::BARE, Extents::new(&[1, *count, *features]))
            }
            Self::Parameter {
                shape, batch_axis, ..
            } => (
                TensorName::BARE,
                if *batch_axis { in_front(shape) } else { *shape },
            ),
            Self::Arange { .. } | Self::Distances(_) | Self::Full { .. } | Self::Sinusoidal(_) => {
                return None;
            }
        };
        let role = match self {
            Self::Parameter { trained: false, .. } => Role::Buffer,
            _ => Role::Weight,
        };
        Some(Tensor {
            name,
            extents,
            role,
        })
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) const fn macs_by(
        &self,
        _convention: Convention,
        _inputs: &[Shape],
    ) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) const fn memory(&self) -> Memory {
        match self {
            Self::Positional { .. } => Memory::InPlace,
            Self::Sinusoidal(table) if table.add => Memory::InPlace,
            _ => Memory::Fresh,
        }
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        match self {
            Self::Lookup { .. } | Self::Positional { .. } | Self::Sinusoidal(_) => Receptive::SAME,
            // Nothing of the input's numbers, which is the least that there is.
            Self::Full { .. } => Receptive::SAME,
            Self::Parameter { .. } | Self::Arange { .. } | Self::Distances(_) => {
                Receptive::SAME.moved(Moved::Fixed)
            }
            Self::Bag { .. } => Receptive::Whole,
            // The first positions are the tokens, which see nothing.
            Self::ClassToken { count, .. } => Receptive::shifted(&Extents::new(&[*count]), false),
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        if let (Self::ClassToken { count, .. }, Ok(output)) = (self, self.output(inputs, 0)) {
            let (before, after) = (inputs[0].extents().at(0), output.extents().at(0));
            lines.output("length", format_args!("{before} + {count}"), after)?;
        }
        lines.tensors("parameters", (0..).map_while(|index| self.tensor(index)))?;
        match (self.parametrization(), self.tensor(0)) {
            (Some(parametrization), Some(weight)) => {
                parametrization.explain(&weight.extents, lines)
            }
            _ => Ok(()),
        }
    }
}

/// The extents with an axis of 1 in front.
const fn in_front(table: &Extents) -> Extents {
    let mut extents = Extents::new(&[1]);
    let mut axis = 0;
    while axis < table.len() {
        // One that is stored so has at most 4 axes, so there is always room.
        if let Some(more) = extents.push(table.at(axis)) {
            extents = more;
        }
        axis += 1;
    }
    extents
}

const fn needs(needs: Needs, input: &Shape) -> Error {
    Error::InputRank {
        needs,
        input: *input,
    }
}
