//! Rotary positions: pairs of features turned by an angle that grows with the position.

use super::{divides, sequence};
use crate::argument::{Argument, Name, name};
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::shape::Shape;
use crate::value::Value;

/// How queries and keys are turned by their positions.
///
/// Pair i of the `features` that are turned has the angle `position * base^(-2i/features)`, which
/// the scaling changes. Source: Su et al. 2021, RoFormer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rotary {
    /// How many features of each head are turned.
    pub features: usize,
    /// The first of them.
    pub start: usize,
    /// By what the angles of the pairs are apart.
    pub base: f64,
    /// Whether a pair is two neighbours; otherwise one of each half.
    pub interleaved: bool,
    /// What makes longer sequences fit.
    pub scaling: RotaryScaling,
}

/// How the angles of rotary positions are changed for longer sequences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RotaryScaling {
    /// Not at all.
    None,
    /// All positions closer together.
    Linear {
        /// By how much.
        factor: f64,
    },
    /// Slow pairs closer together, quick ones not, as in LLaMA 3.1.
    Llama3 {
        /// By how much.
        factor: f64,
        /// The positions that it was trained on.
        original_positions: usize,
        /// A pair that turns less often in these is slow.
        low_freq_factor: f64,
        /// A pair that turns more often in these is quick.
        high_freq_factor: f64,
    },
    /// The same with a ramp between both, and all that is turned scaled. Source: Peng et al. 2023, YaRN.
    Yarn {
        /// By how much.
        factor: f64,
        /// The positions that it was trained on.
        original_positions: usize,
        /// A pair that turns more often in these is quick.
        beta_fast: f64,
        /// A pair that turns less often in these is slow.
        beta_slow: f64,
        /// What all that is turned is multiplied by; `None` for `0.1*ln(factor) + 1`.
        attention_factor: Option<f64>,
        /// Whether the ramp begins and ends at whole pairs.
        truncate: bool,
    },
    /// Each pair by a factor of its own, and all that is turned scaled. Source: Ding et al. 2024, LongRoPE.
    LongRope {
        /// What all that is turned is multiplied by.
        attention_factor: f64,
        /// Which input has the factors.
        factors: usize,
    },
}

/// What the arguments of rotary positions are called.
#[derive(Clone, Copy)]
pub(super) struct Names {
    features: Name,
    start: Name,
    base: Name,
    interleaved: Name,
    scaling: Name,
    factor: Name,
    original_positions: Name,
    low_freq_factor: Name,
    high_freq_factor: Name,
    beta_fast: Name,
    beta_slow: Name,
    attention_factor: Name,
    truncate: Name,
}

/// The scalings that numbers say.
pub(super) const SCALINGS: &[&str] = &["none", "linear", "llama3", "yarn"];

/// Those of `rotary_embedding`.
pub(super) const LAYER: Names = Names {
    features: name!("features"),
    start: name!("start"),
    base: name!("base"),
    interleaved: name!("interleaved"),
    scaling: name!("scaling"),
    factor: name!("factor"),
    original_positions: name!("original_positions"),
    low_freq_factor: name!("low_freq_factor"),
    high_freq_factor: name!("high_freq_factor"),
    beta_fast: name!("beta_fast"),
    beta_slow: name!("beta_slow"),
    attention_factor: name!("attention_factor"),
    truncate: name!("truncate"),
};

/// Those of attention, which has other arguments besides.
pub(super) const WITHIN: Names = Names {
    features: name!("rotary_features"),
    start: name!("rotary_start"),
    base: name!("rotary_base"),
    interleaved: name!("rotary_interleaved"),
    scaling: name!("rotary_scaling"),
    factor: name!("rotary_factor"),
    original_positions: name!("original_positions"),
    low_freq_factor: name!("low_freq_factor"),
    high_freq_factor: name!("high_freq_factor"),
    beta_fast: name!("beta_fast"),
    beta_slow: name!("beta_slow"),
    attention_factor: name!("attention_factor"),
    truncate: name!("truncate"),
};

const ABOVE_0: (f64, f64) = (f64::MIN_POSITIVE, f64::INFINITY);

const fn positive(argument: Name, doc: &'static str, default: f64) -> Argument {
    Argument::float(argument.text, doc, ABOVE_0.0, ABOVE_0.1).default(Value::Float(default))
}

/// The arguments by these names.
pub(super) const fn arguments(names: &Names, scalings: &'static [&'static str]) -> [Argument; 13] {
    [
        Argument::int(
            names.features.text,
            "how many features of each head are turned",
            2,
        )
        .default_is("those from `start` on")
        .aliases(&["rotary_dim", "rotary_ndims", "dim"]),
        Argument::int(
            names.start.text,
            "the first feature of each head that is turned",
            0,
        )
        .default(Value::Int(0)),
        positive(
            names.base,
            "by what the angles of the pairs are apart",
            10_000.0,
        )
        .aliases(&["rope_theta", "theta", "rotary_emb_base"]),
        Argument::bool(
            names.interleaved.text,
            "whether a pair is two neighbours, not one of each half",
        )
        .default(Value::Bool(false))
        .aliases(&["rope_interleave", "rotate_every_two"]),
        Argument::keyword(
            names.scaling.text,
            "how the angles are changed for longer sequences",
            scalings,
        )
        .default(Value::Keyword("none"))
        .aliases(&["rope_scaling", "rope_type"]),
        positive(names.factor, "by how much sequences are longer", 1.0),
        Argument::int(
            names.original_positions.text,
            "the positions that the network was trained on",
            1,
        )
        .default_is("must be written for `llama3` and `yarn`")
        .aliases(&["original_max_position_embeddings"]),
        positive(
            names.low_freq_factor,
            "turns in those below which a pair is slow, for `llama3`",
            1.0,
        ),
        positive(
            names.high_freq_factor,
            "turns in those above which a pair is quick, for `llama3`",
            4.0,
        ),
        positive(
            names.beta_fast,
            "turns in those above which a pair is quick, for `yarn`",
            32.0,
        ),
        positive(
            names.beta_slow,
            "turns in those below which a pair is slow, for `yarn`",
            1.0,
        ),
        Argument::float(
            names.attention_factor.text,
            "what is turned is multiplied by this, for `yarn` and `longrope`",
            ABOVE_0.0,
            ABOVE_0.1,
        )
        .default_is("`0.1*ln(factor) + 1`, for `longrope` 1"),
        Argument::bool(
            names.truncate.text,
            "whether the ramp of `yarn` begins and ends at whole pairs",
        )
        .default(Value::Bool(true)),
    ]
}

impl Rotary {
    /// That of heads with so many features.
    pub(super) const fn build(args: &Args, names: &Names, head: usize) -> Result<Self, Error> {
        let start = attempt!(args.int(names.start));
        if start >= head {
            return Err(Error::TooLarge {
                argument: names.start.text,
                value: start,
                most: head.saturating_sub(1),
                what: "the last feature of a head",
            });
        }
        let features = if args.has(names.features) {
            attempt!(args.int(names.features))
        } else {
            head - start
        };
        if features > head - start {
            return Err(Error::TooLarge {
                argument: names.features.text,
                value: features,
                most: head - start,
                what: "the features of a head",
            });
        }
        if !features.is_multiple_of(2) {
            return Err(Error::NotMultiple {
                what: "features that are turned",
                value: features,
                of: 2,
                because: "pairs",
            });
        }
        Ok(Self {
            features,
            start,
            base: args.float(names.base),
            interleaved: args.bool(names.interleaved),
            scaling: attempt!(RotaryScaling::build(args, names)),
        })
    }
}

impl RotaryScaling {
    const fn build(args: &Args, names: &Names) -> Result<Self, Error> {
        let factor = args.float(names.factor);
        if args.is(names.scaling, "linear") {
            return Ok(Self::Linear { factor });
        }
        let llama3 = args.is(names.scaling, "llama3");
        if !llama3 && !args.is(names.scaling, "yarn") {
            return Ok(Self::None);
        }
        if !args.has(names.original_positions) {
            return Err(Error::Requires {
                argument: names.scaling.text,
                other: names.original_positions.text,
            });
        }
        let original_positions = attempt!(args.int(names.original_positions));
        if llama3 {
            return Ok(Self::Llama3 {
                factor,
                original_positions,
                low_freq_factor: args.float(names.low_freq_factor),
                high_freq_factor: args.float(names.high_freq_factor),
            });
        }
        Ok(Self::Yarn {
            factor,
            original_positions,
            beta_fast: args.float(names.beta_fast),
            beta_slow: args.float(names.beta_slow),
            attention_factor: if args.has(names.attention_factor) {
                Some(args.float(names.attention_factor))
            } else {
                None
            },
            truncate: args.bool(names.truncate),
        })
    }
}

/// The hyperparameters of `rotary_embedding`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RotaryEmbedding {
    /// How many heads the features are.
    pub heads: usize,
    /// The features of each.
    pub head_dim: usize,
    /// How they are turned.
    pub rotary: Rotary,
    /// Which input has the positions, where they are not counted.
    pub positions: Option<usize>,
}

impl RotaryEmbedding {
    pub(super) const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let input = &inputs[0];
        let written = args.has(name!("heads"));
        if input.rank() == 3 {
            // Heads on an axis of their own.
            let heads = input.extents().at(1);
            if written && attempt!(args.int(name!("heads"))) != heads {
                return Err(Error::InputRank {
                    needs: Needs::Words("as many heads on its second axis as `heads` says"),
                    input: *input,
                });
            }
            return Self::of(args, inputs, heads, input.channels());
        }
        attempt!(sequence(input));
        let heads = if written {
            attempt!(args.int(name!("heads")))
        } else {
            1
        };
        attempt!(divides("heads", heads, "features", input.features()));
        Self::of(args, inputs, heads, input.features() / heads)
    }

    const fn of(
        args: &Args,
        inputs: &[Shape],
        heads: usize,
        head_dim: usize,
    ) -> Result<Self, Error> {
        let mut rotary = attempt!(Rotary::build(args, &LAYER, head_dim));
        if args.is(LAYER.scaling, "longrope") {
            let place = args.place(name!("factors"));
            let (factors, shape) = attempt!(super::given(place, "factors", inputs));
            attempt!(vector(shape, rotary.features / 2, PAIRS));
            rotary.scaling = RotaryScaling::LongRope {
                attention_factor: if args.has(LAYER.attention_factor) {
                    args.float(LAYER.attention_factor)
                } else {
                    1.0
                },
                factors,
            };
        } else if args.has(name!("factors")) {
            return Err(Error::Requires {
                argument: "factors",
                other: "scaling = longrope",
            });
        }
        let positions = match args.place(name!("positions")) {
            Some(place) => {
                let (place, shape) = attempt!(super::given(Some(place), "positions", inputs));
                attempt!(vector(shape, inputs[0].extents().at(0), POSITIONS));
                Some(place)
            }
            None => None,
        };
        Ok(Self {
            heads,
            head_dim,
            rotary,
            positions,
        })
    }
}

const PAIRS: &str = "a vector with a factor for each pair that is turned";
const POSITIONS: &str = "a vector with the place of each position";

/// The error for a value that is no vector of so many numbers, if it is none.
const fn vector(shape: &Shape, count: usize, needs: &'static str) -> Result<(), Error> {
    if shape.rank() == 1 && shape.features() == count {
        return Ok(());
    }
    Err(Error::InputRank {
        needs: Needs::Words(needs),
        input: *shape,
    })
}
