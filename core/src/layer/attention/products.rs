//! The products of attention, without projections.

use core::fmt;

use super::{LocalWindow, Scores, divides, given, sequence};
use crate::argument::name;
use crate::entry::Args;
use crate::error::{Agreement, Error, attempt};
use crate::formula::{self, product_of, size_product};
use crate::layer::explain::{Figured, Lines};
use crate::number::Grouped;
use crate::shape::Shape;

/// The hyperparameters of `scaled_dot_product_attention`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DotProduct {
    /// Which inputs are the queries, keys and values.
    pub places: [usize; 3],
    /// The heads of the queries.
    pub heads: usize,
    /// The heads of keys and values.
    pub kv_heads: usize,
    /// The features of each head of queries and keys.
    pub head_dim: usize,
    /// The features of each head of values.
    pub value_dim: usize,
    /// Whether no position sees a later one.
    pub causal: bool,
    /// The probability of dropping an element.
    pub dropout: f64,
    /// What changes the scores.
    pub scores: Scores,
    /// The windows that attend to themselves.
    pub window: Option<LocalWindow>,
}

impl DotProduct {
    pub(super) const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let (q_place, q) = attempt!(given(args.place(name!("q")), "q", inputs));
        let (k_place, k) = attempt!(given(args.place(name!("k")), "k", inputs));
        let (v_place, v) = attempt!(given(args.place(name!("v")), "v", inputs));
        let limits = [name!("causal"), name!("alibi"), name!("sinks")];
        let window = attempt!(LocalWindow::places(args, q, &limits));
        if window.is_some() && !k.spatial().equals(&q.spatial()) {
            return Err(Error::Operands {
                places: [q_place, k_place],
                shapes: [*q, *k],
                agree: Agreement::Positions,
            });
        }
        if window.is_none() {
            attempt!(sequence(k));
            attempt!(sequence(v));
        }
        if !k.spatial().equals(&v.spatial()) {
            return Err(Error::Operands {
                places: [k_place, v_place],
                shapes: [*k, *v],
                agree: Agreement::Positions,
            });
        }
        let heads = attempt!(args.int(name!("heads")));
        let kv_heads = if args.has(name!("kv_heads")) {
            attempt!(args.int(name!("kv_heads")))
        } else {
            heads
        };
        attempt!(divides("heads", heads, "features", q.features()));
        attempt!(divides("kv_heads", kv_heads, "heads", heads));
        let head_dim = q.features() / heads;
        if kv_heads == heads && k.features() != q.features() {
            return Err(Error::Operands {
                places: [q_place, k_place],
                shapes: [*q, *k],
                agree: Agreement::Features,
            });
        }
        attempt!(divides(
            "kv_heads",
            kv_heads,
            "features of `k`",
            k.features()
        ));
        let value_argument = if kv_heads == heads {
            "heads"
        } else {
            "kv_heads"
        };
        attempt!(divides(
            value_argument,
            kv_heads,
            "features of `v`",
            v.features()
        ));
        if k.features() / kv_heads != head_dim {
            return Err(Error::HeadFeatures {
                features: [q.features(), k.features()],
                heads: [heads, kv_heads],
            });
        }
        let value_dim = v.features() / kv_heads;
        attempt!(size_product(heads, value_dim, "the output features"));
        let seen = match &window {
            Some(window) => {
                let seen = attempt!(window.side());
                [seen, seen]
            }
            None => [q.extents().at(0), k.extents().at(0)],
        };
        Ok(Self {
            places: [q_place, k_place, v_place],
            heads,
            kv_heads,
            head_dim,
            value_dim,
            causal: args.bool(name!("causal")),
            dropout: args.float(name!("dropout")),
            scores: attempt!(Scores::build(args, inputs, heads, seen)),
            window,
        })
    }

    pub(super) const fn output(&self, inputs: &[Shape]) -> Result<Shape, Error> {
        match inputs[self.places[0]].with_channels(self.heads * self.value_dim) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let (queries, keys) = attempt!(self.lengths(inputs));
        let dims = [self.head_dim, self.value_dim];
        products(queries, keys, self.heads, dims)
    }

    /// How many positions ask, and how many each of them sees.
    pub(super) const fn lengths(&self, inputs: &[Shape]) -> Result<(u64, u64), Error> {
        if let Some(window) = &self.window {
            return Ok((attempt!(window.positions()), attempt!(window.seen())));
        }
        let [q, k, _] = self.places;
        let (queries, keys) = (inputs[q].extents().at(0), inputs[k].extents().at(0));
        Ok((queries as u64, keys as u64))
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        let Ok((length, keys)) = self.lengths(inputs) else {
            return Ok(());
        };
        let Self {
            heads,
            head_dim,
            value_dim,
            ..
        } = self;
        match self.macs(inputs) {
            Ok(macs) => {
                let formula = format_args!("{length}*{keys}*{heads}*({head_dim} + {value_dim})");
                lines.tell(Figured::Macs, "MACs", formula, Grouped(macs))
            }
            Err(_) => Ok(()),
        }
    }
}

/// Queries times keys, and the result times values: `Lq*Lk*h*(d + dv)`.
pub(super) const fn products(
    queries: u64,
    keys: u64,
    heads: usize,
    dims: [usize; 2],
) -> Result<u64, Error> {
    let what = "the number of multiply-accumulates";
    let both = attempt!(formula::sum(dims[0] as u64, dims[1] as u64, what));
    product_of(&[queries, keys, heads as u64, both], what)
}
