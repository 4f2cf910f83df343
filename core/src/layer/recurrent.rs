//! Recurrent layers.

use core::fmt;

use crate::argument::{Accepts, Argument, name};
use crate::entry::{Args, Entry, family};
use crate::error::{Error, Needs, attempt};
use crate::formula::{self, size_product, size_sum};
use crate::layer::Convention;
use crate::layer::explain::Lines;
use crate::layer::{Memory, Receptive, Tensor};
use crate::shape::Shape;
use crate::value::Value;

mod explain;
mod kept;
mod ptflops;
mod tensors;

/// The most layers that one recurrent layer can stack: every tensor of each is
/// looked at while a network compiles.
pub const MAX_LAYERS: usize = 1024;

const FEATURES: Argument = Argument::int("features", "number of hidden features, H", 1)
    .positional()
    .aliases(&["hidden_size", "units"]);
const LAYERS: Argument = Argument::int("layers", "number of layers, each on the one before", 1)
    .default(Value::Int(1))
    .aliases(&["num_layers"]);
const NONLINEARITY: Argument = Argument::keyword(
    "nonlinearity",
    "what is applied to the sum in each step",
    &["tanh", "relu"],
)
.default(Value::Keyword("tanh"))
.aliases(&["activation"]);
const BIDIRECTIONAL: Argument = Argument::bool(
    "bidirectional",
    "whether a second direction reads the sequence from its end",
)
.default(Value::Bool(false));
const MERGE_MODE: Argument = Argument::keyword(
    "merge_mode",
    "how each layer joins its two directions",
    &["concat", "sum", "mul", "ave"],
)
.default(Value::Keyword("concat"));
const DROPOUT: Argument = Argument::float(
    "dropout",
    "probability of dropping an element between two layers",
    0.0,
    1.0,
)
.default(Value::Float(0.0));
const PROJ_SIZE: Argument = Argument::int(
    "proj_size",
    "features that the hidden state is projected to; 0 for no projection",
    0,
)
.default(Value::Int(0));
const BIAS: Argument = Argument::bool(
    "bias",
    "whether biases are added: two per gate as in PyTorch, or a `single` one as in Keras",
)
.accepting(Accepts {
    bool: true,
    keywords: &["single"],
    ..Accepts::NOTHING
})
.default(Value::Bool(true))
.aliases(&["use_bias"]);
const RESET_AFTER: Argument = Argument::bool(
    "reset_after",
    "whether the reset gate works on the product with the hidden state",
)
.default(Value::Bool(true));
const RETURN_SEQUENCE: Argument = Argument::bool(
    "return_sequence",
    "whether the first result holds every step, not only the last",
)
.default(Value::Bool(true))
.aliases(&["return_sequences"]);

family! {
    const fn build(args, inputs) -> Recurrent;

    /// Simple recurrent layer: `h = tanh(W_ih*x + b_ih + W_hh*h + b_hh)` in each step of a sequence.
    ///
    /// - Results: the sequence, `L x H` (`L x 2H` when bidirectional); the hidden state after the
    ///   last step, `layers*directions x H`. With `return_sequence = false` the first result is the
    ///   last hidden state of the last layer, a vector of H (2H).
    /// - Parameters, per layer and direction: `weight_ih_l0` of `H*F`, `weight_hh_l0` of `H*H`,
    ///   `bias_ih_l0` and `bias_hh_l0` of H each (`bias = single`: only the first).
    /// - MACs: L x the weights.
    ///
    /// Source: PyTorch's `RNN`; Keras's `SimpleRNN`.
    rnn: |entry| entry
        .arguments(&[
            FEATURES, LAYERS, NONLINEARITY, BIAS, DROPOUT, BIDIRECTIONAL, MERGE_MODE, RETURN_SEQUENCE,
        ])
        .results(&["sequence", "hidden"])
        .weighted()
        .aliases(&["RNN", "SimpleRNN"]),
        attempt!(Recurrent::build(args, &inputs[0], Cell::Rnn {
            relu: args.is(name!("nonlinearity"), "relu"),
        }));

    /// Long short-term memory: four gates per step, a hidden and a cell state.
    ///
    /// - Results: the sequence, `L x H` (`L x 2H` when bidirectional; `proj_size` in the place of H
    ///   where it is given); the hidden state after the last step, `layers*directions x H`; the cell
    ///   state, `layers*directions x H`, never projected. With `return_sequence = false` the first
    ///   result is the last hidden state of the last layer, a vector.
    /// - Parameters, per layer and direction: `weight_ih_l0` of `4H*F`, `weight_hh_l0` of `4H*H`,
    ///   `bias_ih_l0` and `bias_hh_l0` of 4H each (`bias = single`: only the first), and
    ///   `weight_hr_l0` of `proj_size*H`.
    /// - MACs: L x the weights.
    ///
    /// Source: PyTorch's `LSTM`; Keras's `LSTM`, which has a single bias.
    lstm: |entry| entry
        .arguments(&[
            FEATURES, LAYERS, BIAS, DROPOUT, BIDIRECTIONAL, MERGE_MODE, PROJ_SIZE, RETURN_SEQUENCE,
        ])
        .results(&["sequence", "hidden", "cell"])
        .weighted()
        .aliases(&["LSTM"]),
        attempt!(Recurrent::build(args, &inputs[0], Cell::Lstm));

    /// Gated recurrent unit: three gates per step.
    ///
    /// - Results: the sequence, `L x H` (`L x 2H` when bidirectional); the hidden state after the
    ///   last step, `layers*directions x H`. With `return_sequence = false` the first result is the
    ///   last hidden state of the last layer, a vector of H (2H).
    /// - Parameters, per layer and direction: `weight_ih_l0` of `3H*F`, `weight_hh_l0` of `3H*H`,
    ///   `bias_ih_l0` and `bias_hh_l0` of 3H each (`bias = single`: only the first).
    /// - MACs: L x the weights.
    ///
    /// Source: PyTorch's `GRU`; Keras's `GRU`, whose `reset_after = false` goes with a single bias.
    gru: |entry| entry
        .arguments(&[
            FEATURES, LAYERS, BIAS, DROPOUT, BIDIRECTIONAL, MERGE_MODE, RESET_AFTER, RETURN_SEQUENCE,
        ])
        .results(&["sequence", "hidden"])
        .weighted()
        .aliases(&["GRU"]),
        attempt!(Recurrent::build(args, &inputs[0], Cell::Gru {
            reset_after: args.bool(name!("reset_after")),
        }));
}

/// What happens in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// `rnn`.
    Rnn {
        /// Whether the nonlinearity is relu rather than tanh.
        relu: bool,
    },
    /// `lstm`.
    Lstm,
    /// `gru`.
    Gru {
        /// Whether the reset gate works on the product with the hidden state
        /// (PyTorch, cuDNN) rather than on the hidden state.
        reset_after: bool,
    },
}

/// The bias vectors of each layer and direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Biases {
    /// None.
    None,
    /// One, as in Keras.
    Single,
    /// One for the input and one for the hidden state, as in PyTorch.
    Double,
}

/// How a layer joins its two directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeMode {
    /// One after the other along the features.
    Concat,
    /// Their sum.
    Sum,
    /// Their product, element by element.
    Mul,
    /// Their mean.
    Average,
}

/// A recurrent layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recurrent {
    /// What happens in one step.
    pub cell: Cell,
    /// F, the features that come in.
    pub in_features: usize,
    /// H, the hidden features.
    pub features: usize,
    /// The features that the hidden state is projected to, if it is.
    pub projection: Option<usize>,
    /// The number of layers.
    pub layers: usize,
    /// Whether a second direction reads the sequence from its end.
    pub bidirectional: bool,
    /// How each layer joins its two directions.
    pub merge_mode: MergeMode,
    /// The bias vectors.
    pub biases: Biases,
    /// The probability of dropping an element between two layers.
    pub dropout: f64,
    /// Whether the first result holds every step.
    pub return_sequence: bool,
}

impl Recurrent {
    const fn build(args: &Args, input: &Shape, cell: Cell) -> Result<Self, Error> {
        if input.rank() != 2 {
            return Err(Error::InputRank {
                needs: Needs::Sequence,
                input: *input,
            });
        }
        let features = attempt!(args.int(name!("features")));
        let layers = attempt!(args.int(name!("layers")));
        if layers > MAX_LAYERS {
            return Err(Error::TooLarge {
                argument: "layers",
                value: layers,
                most: MAX_LAYERS,
                what: "the most that are counted",
            });
        }
        let recurrent = Self {
            cell,
            in_features: input.features(),
            features,
            projection: match cell {
                Cell::Lstm => attempt!(projection(args, features)),
                _ => None,
            },
            layers,
            bidirectional: args.bool(name!("bidirectional")),
            merge_mode: merge_mode(args),
            biases: match args.get(name!("bias")) {
                Value::Bool(false) => Biases::None,
                Value::Keyword(_) => Biases::Single,
                _ => Biases::Double,
            },
            dropout: args.float(name!("dropout")),
            return_sequence: args.bool(name!("return_sequence")),
        };
        // Whatever is multiplied below fits once these do.
        attempt!(size_product(
            recurrent.gates(),
            features,
            "the number of gates"
        ));
        attempt!(size_product(2, features, "the number of features"));
        attempt!(recurrent.weights());
        Ok(recurrent)
    }

    /// How many products with the input a step has: 1, 4 or 3.
    #[must_use]
    pub const fn gates(&self) -> usize {
        match self.cell {
            Cell::Rnn { .. } => 1,
            Cell::Lstm => 4,
            Cell::Gru { .. } => 3,
        }
    }

    /// 2 when bidirectional, else 1.
    #[must_use]
    pub const fn directions(&self) -> usize {
        if self.bidirectional { 2 } else { 1 }
    }

    /// The features of the hidden state of one direction: H, or its projection.
    #[must_use]
    pub const fn state(&self) -> usize {
        match self.projection {
            Some(projection) => projection,
            None => self.features,
        }
    }

    /// The features that each layer passes on.
    #[must_use]
    pub const fn width(&self) -> usize {
        match self.merge_mode {
            MergeMode::Concat => self.directions() * self.state(),
            _ => self.state(),
        }
    }

    /// The features that enter the `layer`th layer.
    const fn entering(&self, layer: usize) -> usize {
        if layer == 0 {
            self.in_features
        } else {
            self.width()
        }
    }

    /// The weights of one direction of a layer: what one step multiplies.
    const fn layer_weights(&self, layer: usize) -> Result<u64, Error> {
        let what = "the number of weights";
        let read = attempt!(size_sum(self.entering(layer), self.state(), what));
        let gates = (self.gates() * self.features) as u64;
        let weights = attempt!(formula::product(gates, read as u64, what));
        match self.projection {
            Some(projection) => {
                let more = formula::product(projection as u64, self.features as u64, what);
                formula::sum(weights, attempt!(more), what)
            }
            None => Ok(weights),
        }
    }

    /// The weights of all layers and directions.
    const fn weights(&self) -> Result<u64, Error> {
        let what = "the number of weights";
        let mut weights = attempt!(self.layer_weights(0));
        if self.layers > 1 {
            // All layers but the first are alike.
            let later = attempt!(self.layer_weights(1));
            let later = attempt!(formula::product(later, self.layers as u64 - 1, what));
            weights = attempt!(formula::sum(weights, later, what));
        }
        formula::product(weights, self.directions() as u64, what)
    }

    pub(super) const fn results(&self) -> usize {
        match self.cell {
            Cell::Lstm => 3,
            _ => 2,
        }
    }

    pub(super) const fn output(&self, inputs: &[Shape], result: usize) -> Result<Shape, Error> {
        let states = self.layers * self.directions();
        let shape = match result {
            0 if self.return_sequence => inputs[0].with_channels(self.width()),
            0 => Shape::try_new(&[self.width()]),
            1 => Shape::try_new(&[states, self.state()]),
            _ => Shape::try_new(&[states, self.features]),
        };
        match shape {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        tensors::tensor(self, index)
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        formula::product(
            inputs[0].extents().at(0) as u64,
            attempt!(self.weights()),
            "the number of multiply-accumulates",
        )
    }

    pub(super) const fn macs_by(
        &self,
        convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        match convention {
            Convention::Ptflops => ptflops::macs(self, &inputs[0]),
            _ => Ok(0),
        }
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        Receptive::Whole
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        explain::explain(self, inputs, lines)
    }
}

const fn merge_mode(args: &Args) -> MergeMode {
    if args.is(name!("merge_mode"), "sum") {
        MergeMode::Sum
    } else if args.is(name!("merge_mode"), "mul") {
        MergeMode::Mul
    } else if args.is(name!("merge_mode"), "ave") {
        MergeMode::Average
    } else {
        MergeMode::Concat
    }
}

/// The projection of an LSTM, which is smaller than its hidden state.
const fn projection(args: &Args, features: usize) -> Result<Option<usize>, Error> {
    let projection = attempt!(args.int(name!("proj_size")));
    if projection == 0 {
        return Ok(None);
    }
    if projection >= features {
        return Err(Error::TooLarge {
            argument: "proj_size",
            value: projection,
            most: features - 1,
            what: "less than the hidden features",
        });
    }
    Ok(Some(projection))
}
