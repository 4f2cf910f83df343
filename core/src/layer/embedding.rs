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
use crate::layer::kept::{Backward, Kept, View};
use crate::layer::{Memory, Receptive, Role, Tensor, TensorName};
use crate::shape::Shape;
use crate::value::Value;

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
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Source: PyTorch's `Embedding`.
    embedding = Lookup {
        /// The number of vectors.
        entries: usize = attempt!(args.int(name!("entries"))),
        /// The length of each.
        features: usize = attempt!(args.int(name!("features"))),
        /// The entry that stands for padding.
        padding_idx: Option<usize> = attempt!(padding_idx(args)),
    }, |entry| entry
        .arguments(&[ENTRIES_ARGUMENT, FEATURES, PADDING_IDX])
        .weighted()
        .takes_indices()
        .aliases(&["Embedding", "embed"]);

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
            Self::Positional { .. } => Ok(*input),
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

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        if index > 0 {
            return None;
        }
        let (name, extents) = match self {
            Self::Lookup {
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
        };
        Some(Tensor {
            name,
            extents,
            role: Role::Weight,
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

    /// The indices, where the gradient of each goes.
    ///
    /// Source: PyTorch's `embedding`; `add` and `cat` keep nothing.
    pub(super) const fn keeps(&self, _inputs: &[Shape], _pass: &Backward) -> Kept {
        match self {
            Self::Lookup { .. } => {
                let mut kept = Kept::INPUT;
                kept.indices = true;
                kept
            }
            Self::Positional { .. } => Kept::NOTHING.lying(View::Alike),
            Self::ClassToken { .. } => Kept::NOTHING,
        }
    }

    pub(super) const fn memory(&self) -> Memory {
        match self {
            Self::Positional { .. } => Memory::InPlace,
            Self::Lookup { .. } | Self::ClassToken { .. } => Memory::Fresh,
        }
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        match self {
            Self::Lookup { .. } | Self::Positional { .. } => Receptive::SAME,
            // The first positions are the tokens, which see nothing.
            Self::ClassToken { count, .. } => Receptive::shifted(&Extents::new(&[*count]), false),
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        if let (Self::ClassToken { count, .. }, Ok(output)) = (self, self.output(inputs, 0)) {
            let (before, after) = (inputs[0].extents().at(0), output.extents().at(0));
            lines.output("length", format_args!("{before} + {count}"), after)?;
        }
        lines.tensors("parameters", (0..).map_while(|index| self.tensor(index)))
    }
}

/// The extents with an axis of 1 in front.
const fn in_front(table: &Extents) -> Extents {
    let mut extents = Extents::new(&[1]);
    let mut axis = 0;
    while axis < table.len() {
        // A table has at most 4 axes, so there is always room.
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
