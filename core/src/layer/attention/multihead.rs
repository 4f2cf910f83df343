//! Multi-head attention with its projections.

use core::fmt;

use super::products::products;
use super::rotary::{self, Rotary};
use super::scores::Scores;
use super::window::LocalWindow;
use super::{divides, given, sequence};
use crate::argument::{Name, name};
use crate::entry::Args;
use crate::error::{Agreement, Error, attempt};
use crate::formula::{self, product_of, size_product};
use crate::layer::explain::{Figured, Lines};
use crate::number::Grouped;
use crate::shape::Shape;
use crate::value::Value;

/// The hyperparameters of `attention`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultiHead {
    /// The features that queries, keys and values are made from.
    pub in_features: [usize; 3],
    /// The features that come out.
    pub out_features: usize,
    /// The heads of the queries.
    pub heads: usize,
    /// The heads of keys and values.
    pub kv_heads: usize,
    /// The features of each head of queries and keys.
    pub head_dim: usize,
    /// The features of each head of values.
    pub value_dim: usize,
    /// Which inputs queries, keys and values are made from.
    pub places: [usize; 3],
    /// Whether queries, keys and values get a bias.
    pub bias: bool,
    /// Whether keys get one too, where queries and values do.
    pub key_bias: bool,
    /// Whether the output gets a bias.
    pub out_bias: bool,
    /// Whether no position sees a later one.
    pub causal: bool,
    /// The probability of dropping an element.
    pub dropout: f64,
    /// Whether a learned key and value are added.
    pub add_bias_kv: bool,
    /// Whether a key and value of zeros are added.
    pub add_zero_attn: bool,
    /// The windows that attend to themselves.
    pub window: Option<LocalWindow>,
    /// What changes the scores.
    pub scores: Scores,
    /// Whether each head learns the score of a key without a value.
    pub sinks: bool,
    /// How queries and keys are turned by their positions.
    pub rotary: Option<Rotary>,
    /// How the heads of queries and keys are normalised.
    pub head_norm: Option<HeadNorm>,
    /// Whether each projection has tensors of its own.
    pub separate: bool,
}

/// How the heads of queries and keys are normalised, all with one weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadNorm {
    /// Whether their mean is taken off first, and a shift learned.
    pub centred: bool,
    /// What is added to the mean square.
    pub eps: f64,
}

impl MultiHead {
    pub(super) const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let input = &inputs[0];
        let window = attempt!(LocalWindow::build(args, input));
        let heads = attempt!(args.int(name!("heads")));
        let kv_heads = attempt!(or(args, name!("kv_heads"), heads));
        attempt!(divides("kv_heads", kv_heads, "heads", heads));
        let head_dim = if args.has(name!("head_dim")) {
            attempt!(args.int(name!("head_dim")))
        } else {
            attempt!(divides("heads", heads, "features", input.features()));
            input.features() / heads
        };
        let (key_place, key) = attempt!(source(args, name!("memory"), 0, inputs));
        let (value_place, value) = attempt!(source(args, name!("value"), key_place, inputs));
        attempt!(declared(args, name!("kdim"), key));
        attempt!(declared(args, name!("vdim"), value));
        if !key.spatial().equals(&value.spatial()) {
            return Err(Error::Operands {
                places: [key_place, value_place],
                shapes: [*key, *value],
                agree: Agreement::Positions,
            });
        }
        let bias = args.bool(name!("bias"));
        let attention = Self {
            in_features: [input.features(), key.features(), value.features()],
            out_features: attempt!(or(args, name!("features"), input.features())),
            heads,
            kv_heads,
            head_dim,
            value_dim: attempt!(or(args, name!("value_dim"), head_dim)),
            places: [0, key_place, value_place],
            bias,
            key_bias: args.bool(name!("key_bias")),
            out_bias: if args.has(name!("out_bias")) {
                args.bool(name!("out_bias"))
            } else {
                bias
            },
            causal: args.bool(name!("causal")),
            dropout: args.float(name!("dropout")),
            add_bias_kv: args.bool(name!("add_bias_kv")),
            add_zero_attn: args.bool(name!("add_zero_attn")),
            window,
            scores: attempt!(Scores::build(
                args,
                inputs,
                heads,
                [input.extents().at(0), key.extents().at(0)],
            )),
            sinks: args.bool(name!("sinks")),
            rotary: if args.bool(name!("rotary")) {
                Some(attempt!(Rotary::build(args, &rotary::WITHIN, head_dim)))
            } else {
                None
            },
            head_norm: HeadNorm::build(args),
            separate: args.is(name!("projections"), "separate"),
        };
        if attention.scores.cosine && attention.scores.scale.is_some() {
            // The factor is learned.
            return Err(Error::Excludes {
                argument: "scale",
                other: "cosine",
            });
        }
        if attention.separate && (attention.add_bias_kv || window.is_some()) {
            return Err(Error::Excludes {
                argument: "projections",
                other: if attention.add_bias_kv {
                    "add_bias_kv"
                } else {
                    "window"
                },
            });
        }
        // Whatever is counted or stored later fits once these do.
        let what = "the features of all heads";
        let dim = if attention.head_dim > attention.value_dim {
            attention.head_dim
        } else {
            attention.value_dim
        };
        let widest = attempt!(size_product(heads, dim, what));
        attempt!(size_product(3, widest, what));
        if let Some(window) = &attention.window {
            attempt!(window.distances());
            attempt!(window.index());
        }
        Ok(attention)
    }

    /// The rows of the projections of queries, keys and values.
    pub(super) const fn rows(&self) -> [usize; 3] {
        [
            self.heads * self.head_dim,
            self.kv_heads * self.head_dim,
            self.kv_heads * self.value_dim,
        ]
    }

    /// The features of all heads before the last projection.
    pub(super) const fn joined(&self) -> usize {
        self.heads * self.value_dim
    }

    /// Whether the three projections are stored as one matrix: when all have
    /// the same rows and read the same number of features.
    #[must_use]
    pub const fn is_packed(&self) -> bool {
        let [q, k, v] = self.rows();
        let [from, key, value] = self.in_features;
        !self.separate && q == k && q == v && from == key && from == value
    }

    pub(super) const fn output(&self, input: &Shape) -> Result<Shape, Error> {
        match input.with_channels(self.out_features) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let projections = attempt!(self.projection_macs(inputs));
        let (queries, keys) = attempt!(self.lengths(inputs));
        let dims = [self.head_dim, self.value_dim];
        let products = attempt!(products(queries, keys, self.heads, dims));
        formula::sum(projections, products, "the number of multiply-accumulates")
    }

    /// How many positions ask, and how many each of them sees.
    pub(super) const fn lengths(&self, inputs: &[Shape]) -> Result<(u64, u64), Error> {
        if let Some(window) = &self.window {
            return Ok((attempt!(window.positions()), attempt!(window.seen())));
        }
        let mut keys = inputs[self.places[1]].extents().at(0) as u64;
        let more = self.add_bias_kv as u64 + self.add_zero_attn as u64;
        keys = attempt!(formula::sum(keys, more, "the number of keys"));
        Ok((inputs[0].extents().at(0) as u64, keys))
    }

    pub(super) const fn projection_macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        let rows = self.rows();
        let mut macs = 0;
        let mut i = 0;
        while i < 4 {
            let place = if i < 3 { self.places[i] } else { 0 };
            let positions = match &self.window {
                Some(window) => attempt!(window.positions()),
                None => inputs[place].extents().at(0) as u64,
            };
            let (from, to) = if i < 3 {
                (self.in_features[i], rows[i])
            } else {
                (self.joined(), self.out_features)
            };
            let one = attempt!(product_of(&[positions, from as u64, to as u64], what));
            macs = attempt!(formula::sum(macs, one, what));
            i += 1;
        }
        match &self.window {
            Some(window) => formula::sum(macs, attempt!(window.bias_macs(self.heads)), what),
            None => Ok(macs),
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        let (heads, features) = (self.heads, self.in_features[0]);
        if features.is_multiple_of(heads) && self.head_dim == features / heads {
            lines.output("head", format_args!("{features}/{heads}"), self.head_dim)?;
        }
        lines.tensors("parameters", (0..).map_while(|index| self.tensor(index)))?;
        if let (Ok(projections), Ok((queries, keys)), Ok(macs)) = (
            self.projection_macs(inputs),
            self.lengths(inputs),
            self.macs(inputs),
        ) {
            let (projections, each) = (Grouped(projections), (self.head_dim, self.value_dim));
            let products = format_args!("{queries}*{keys}*{heads}*({} + {})", each.0, each.1);
            let formula = format_args!("{projections} + {products}");
            lines.tell(Figured::Macs, "MACs", formula, Grouped(macs))?;
        }
        Ok(())
    }
}

impl HeadNorm {
    const fn build(args: &Args) -> Option<Self> {
        let norm = name!("qk_norm");
        if args.is(norm, "none") {
            return None;
        }
        Some(Self {
            centred: args.is(norm, "layer"),
            eps: args.float(name!("qk_norm_eps")),
        })
    }
}

/// A number that is written, else the one that it is by default.
const fn or(args: &Args, name: Name, default: usize) -> Result<usize, Error> {
    if args.has(name) {
        args.int(name)
    } else {
        Ok(default)
    }
}

/// The error for declared features that are not those that come in, if they
/// are not.
const fn declared(args: &Args, argument: Name, input: &Shape) -> Result<(), Error> {
    match args.get(argument) {
        Value::Int(declared) if declared != input.features() as u64 => Err(Error::DeclaredInput {
            declared,
            input: *input,
        }),
        _ => Ok(()),
    }
}

/// The input that an argument names, else the one at `default`.
const fn source<'a>(
    args: &Args,
    argument: Name,
    default: usize,
    inputs: &'a [Shape],
) -> Result<(usize, &'a Shape), Error> {
    if args.place(argument).is_none() {
        return Ok((default, &inputs[default]));
    }
    let (place, input) = attempt!(given(args.place(argument), argument.text, inputs));
    attempt!(sequence(input));
    Ok((place, input))
}
