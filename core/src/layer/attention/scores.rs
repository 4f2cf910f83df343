//! What is done with the scores of attention before the softmax.

use super::given;
use crate::argument::{Argument, name};
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::shape::Shape;
use crate::value::Value;

/// What changes the scores of attention, the products of queries and keys.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// What they are multiplied by; `None` for one over the root of a head's features.
    pub scale: Option<f64>,
    /// `cap`, where a score s becomes `cap*tanh(s/cap)`.
    pub softcap: Option<f64>,
    /// How many positions back a query sees, its own among them; without `causal` as many ahead.
    pub sliding_window: Option<usize>,
    /// How many positions stand in each of the parts that see themselves only.
    pub chunk: Option<usize>,
    /// Whether a score lessens with the distance, with a slope for each head. Source: Press et al. 2021,
    /// ALiBi.
    pub alibi: bool,
    /// Which input is added to them.
    pub mask: Option<usize>,
    /// Which input is the score, a number for each head, of a key without a value.
    pub sinks: Option<usize>,
    /// Whether queries and keys are of length 1, so that their products are cosines; those are not
    /// divided by the root of a head's features. Source: Liu et al. 2022, Swin V2.
    pub cosine: bool,
    /// Which input multiplies the scores, by a number for each head.
    pub factors: Option<usize>,
}

/// The arguments of every attention.
pub(super) const ARGUMENTS: [Argument; 9] = [
    Argument::float(
        "scale",
        "what the scores are multiplied by",
        f64::NEG_INFINITY,
        f64::INFINITY,
    )
    .default_is("one over the root of a head's features")
    .aliases(&["softmax_scale", "scaling"]),
    Argument::float(
        "softcap",
        "what the scores are kept below, as `cap*tanh(score/cap)`",
        f64::MIN_POSITIVE,
        f64::INFINITY,
    )
    .default_is("no cap")
    .aliases(&["attn_logit_softcapping", "logit_softcapping"]),
    Argument::int(
        "sliding_window",
        "how many positions back a query sees, its own among them (and ahead, without `causal`)",
        1,
    )
    .default_is("all"),
    Argument::int(
        "chunk",
        "positions in each of the parts that see themselves only",
        1,
    )
    .default_is("all")
    .aliases(&["attention_chunk_size"]),
    Argument::bool(
        "alibi",
        "whether scores lessen with the distance, by a slope for each head",
    )
    .default(Value::Bool(false)),
    Argument::value(
        "mask",
        "what is added to the scores: for each query and key, or also for each head",
    )
    .default_is("nothing")
    .aliases(&["attn_mask", "attention_mask", "position_bias"]),
    Argument::bool(
        "cosine",
        "whether scores are the cosines of queries and keys",
    )
    .default(Value::Bool(false)),
    Argument::value("sinks", "a score for each head, of a key that has no value")
        .default_is("none")
        .aliases(&["attention_sinks"]),
    Argument::value("factors", "what multiplies the scores of each head")
        .default_is("nothing")
        .aliases(&["temperature"]),
];

impl Scores {
    /// Scores as they are.
    pub const PLAIN: Self = Self {
        scale: None,
        softcap: None,
        sliding_window: None,
        chunk: None,
        alibi: false,
        mask: None,
        sinks: None,
        cosine: false,
        factors: None,
    };

    /// Whether there is nothing but the products.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.scale.is_none()
            && self.softcap.is_none()
            && self.sliding_window.is_none()
            && self.chunk.is_none()
            && !self.alibi
            && self.mask.is_none()
            && self.sinks.is_none()
            && !self.cosine
            && self.factors.is_none()
    }

    pub(super) const fn build(
        args: &Args,
        inputs: &[Shape],
        heads: usize,
        seen: [usize; 2],
    ) -> Result<Self, Error> {
        let mask = args.place(name!("mask"));
        if mask.is_some() {
            let (_, mask) = attempt!(given(mask, "mask", inputs));
            attempt!(masks(mask, [heads, seen[0], seen[1]]));
        }
        let sinks = args.place(name!("sinks"));
        if sinks.is_some() {
            let (_, sinks) = attempt!(given(sinks, "sinks", inputs));
            attempt!(by_head(
                sinks,
                heads,
                "a vector with a number for each head for its `sinks`"
            ));
        }
        let factors = args.place(name!("factors"));
        if factors.is_some() {
            let (_, factors) = attempt!(given(factors, "factors", inputs));
            attempt!(by_head(
                factors,
                heads,
                "a number for each head (a vector, or `hx1x1`) for its `factors`"
            ));
        }
        Ok(Self {
            scale: attempt!(some(args, name!("scale"))),
            softcap: attempt!(some(args, name!("softcap"))),
            sliding_window: if args.has(name!("sliding_window")) {
                Some(attempt!(args.int(name!("sliding_window"))))
            } else {
                None
            },
            chunk: if args.has(name!("chunk")) {
                Some(attempt!(args.int(name!("chunk"))))
            } else {
                None
            },
            alibi: args.bool(name!("alibi")),
            mask,
            sinks,
            cosine: args.bool(name!("cosine")),
            factors,
        })
    }
}

const fn some(args: &Args, name: crate::argument::Name) -> Result<Option<f64>, Error> {
    Ok(if args.has(name) {
        Some(args.float(name))
    } else {
        None
    })
}

/// That a value is a vector of a number for each head, or has axes of 1 behind it.
const fn by_head(value: &Shape, heads: usize, words: &'static str) -> Result<(), Error> {
    let mut fits = value.extents().at(0) == heads;
    let mut axis = 1;
    while axis < value.rank() {
        fits = fits && value.extents().at(axis) == 1;
        axis += 1;
    }
    if fits {
        return Ok(());
    }
    Err(Error::InputRank {
        needs: Needs::Words(words),
        input: *value,
    })
}

/// That a value can be added to the scores: heads (if they differ), queries and keys are its axes,
/// any of them 1.
const fn masks(mask: &Shape, wanted: [usize; 3]) -> Result<(), Error> {
    let rank = mask.rank();
    let mut fits = rank == 2 || rank == 3;
    let mut axis = 0;
    while fits && axis < rank {
        let extent = mask.extents().at(axis);
        fits = extent == 1 || extent == wanted[axis + 3 - rank];
        axis += 1;
    }
    if fits {
        return Ok(());
    }
    Err(Error::InputRank {
        needs: Needs::Words(
            "a number for each query and key (`LqxLk`), or also for each head (`hxLqxLk`), as its `mask`",
        ),
        input: *mask,
    })
}
