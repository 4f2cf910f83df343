//! Transformer layers: attention, a feed-forward part, normalisations.

use core::fmt;

use super::products::products;
use super::{divides, given, sequence};
use crate::argument::name;
use crate::entry::Args;
use crate::error::{Agreement, Error, attempt};
use crate::extents::Extents;
use crate::formula::{self, product_of, size_product};
use crate::layer::explain::{Figured, Lines};
use crate::layer::{Role, Tensor, TensorName};
use crate::number::Grouped;
use crate::shape::Shape;

/// The most layers in a row: every tensor of each is looked at while a network
/// compiles.
pub const MAX_LAYERS: usize = 1024;

/// What stands between both linear layers of a transformer layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransformerActivation {
    /// `relu`.
    Relu,
    /// `gelu`.
    Gelu,
}

/// The hyperparameters of `transformer_encoder` and `transformer_decoder`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transformer {
    /// E, the features.
    pub features: usize,
    /// The heads of each attention.
    pub heads: usize,
    /// The features between both linear layers.
    pub feedforward: usize,
    /// What stands between them.
    pub activation: TransformerActivation,
    /// Whether each part is normalised before it, not after.
    pub norm_first: bool,
    /// Whether linear layers, attentions and normalisations have biases.
    pub bias: bool,
    /// The probability of dropping an element.
    pub dropout: f64,
    /// What the normalisations add to the variance.
    pub layer_norm_eps: f64,
    /// Whether no position sees a later one of the flow.
    pub causal: bool,
    /// The number of layers in a row, if it is written; the tensors of one that
    /// is not have no prefix.
    pub layers: Option<usize>,
    /// Which input a decoder's memory is.
    pub memory: Option<usize>,
}

/// What the tensors of one layer are sized by.
#[derive(Clone, Copy)]
enum Size {
    /// `in_proj_weight`.
    Packed,
    /// `out_proj.weight`.
    Square,
    /// `linear1.weight`.
    Wider,
    /// `linear2.weight`.
    Narrower,
    /// A bias of all three projections.
    PackedBias,
    /// A bias of the features between both linear layers.
    WiderBias,
    /// A bias of the features.
    Bias,
    /// The weight of a normalisation.
    Norm,
}

const ENCODER: [(&str, Size); 12] = [
    (".self_attn.in_proj_weight", Size::Packed),
    (".self_attn.in_proj_bias", Size::PackedBias),
    (".self_attn.out_proj.weight", Size::Square),
    (".self_attn.out_proj.bias", Size::Bias),
    (".linear1.weight", Size::Wider),
    (".linear1.bias", Size::WiderBias),
    (".linear2.weight", Size::Narrower),
    (".linear2.bias", Size::Bias),
    (".norm1.weight", Size::Norm),
    (".norm1.bias", Size::Bias),
    (".norm2.weight", Size::Norm),
    (".norm2.bias", Size::Bias),
];

const DECODER: [(&str, Size); 18] = [
    ENCODER[0],
    ENCODER[1],
    ENCODER[2],
    ENCODER[3],
    (".multihead_attn.in_proj_weight", Size::Packed),
    (".multihead_attn.in_proj_bias", Size::PackedBias),
    (".multihead_attn.out_proj.weight", Size::Square),
    (".multihead_attn.out_proj.bias", Size::Bias),
    ENCODER[4],
    ENCODER[5],
    ENCODER[6],
    ENCODER[7],
    ENCODER[8],
    ENCODER[9],
    ENCODER[10],
    ENCODER[11],
    (".norm3.weight", Size::Norm),
    (".norm3.bias", Size::Bias),
];

impl Transformer {
    pub(super) const fn build(args: &Args, inputs: &[Shape], decoder: bool) -> Result<Self, Error> {
        let input = &inputs[0];
        attempt!(sequence(input));
        let features = input.features();
        let heads = attempt!(args.int(name!("heads")));
        attempt!(divides("heads", heads, "features", features));
        let memory = if decoder {
            let (place, memory) = attempt!(given(args.place(name!("memory")), "memory", inputs));
            attempt!(sequence(memory));
            if memory.features() != features {
                return Err(Error::Operands {
                    places: [0, place],
                    shapes: [*input, *memory],
                    agree: Agreement::Features,
                });
            }
            Some(place)
        } else {
            None
        };
        let layers = if args.has(name!("layers")) {
            let layers = attempt!(args.int(name!("layers")));
            if layers > MAX_LAYERS {
                return Err(Error::TooLarge {
                    argument: "layers",
                    value: layers,
                    most: MAX_LAYERS,
                    what: "the most that are counted",
                });
            }
            Some(layers)
        } else {
            None
        };
        // Whatever is stored later fits once this does.
        attempt!(size_product(3, features, "the number of biases"));
        Ok(Self {
            features,
            heads,
            feedforward: attempt!(args.int(name!("feedforward"))),
            activation: if args.is(name!("activation"), "gelu") {
                TransformerActivation::Gelu
            } else {
                TransformerActivation::Relu
            },
            norm_first: args.bool(name!("norm_first")),
            bias: args.bool(name!("bias")),
            dropout: args.float(name!("dropout")),
            layer_norm_eps: args.float(name!("layer_norm_eps")),
            causal: args.bool(name!("causal")),
            layers,
            memory,
        })
    }

    /// The tensors of each layer, those that biases would be included.
    const fn slots(&self) -> &'static [(&'static str, Size)] {
        if self.memory.is_some() {
            &DECODER
        } else {
            &ENCODER
        }
    }

    /// How many layers there are.
    pub(super) const fn count(&self) -> usize {
        match self.layers {
            Some(layers) => layers,
            None => 1,
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        let slots = self.slots();
        // Without biases, every second tensor is left out.
        let each = if self.bias {
            slots.len()
        } else {
            slots.len() / 2
        };
        let (layer, place) = (index / each, index % each);
        if layer >= self.count() {
            return None;
        }
        let (name, size) = slots[if self.bias { place } else { 2 * place }];
        let (extents, role) = self.sized(size);
        Some(Tensor {
            name: match self.layers {
                Some(_) => TensorName {
                    stem: "layers.",
                    index: Some(layer),
                    suffix: name,
                },
                // Without its leading dot.
                None => TensorName::plain(name.split_at(1).1),
            },
            extents,
            role,
        })
    }

    const fn sized(&self, size: Size) -> (Extents, Role) {
        let (e, f) = (self.features, self.feedforward);
        match size {
            Size::Packed => (Extents::new(&[3 * e, e]), Role::Weight),
            Size::Square => (Extents::new(&[e, e]), Role::Weight),
            Size::Wider => (Extents::new(&[f, e]), Role::Weight),
            Size::Narrower => (Extents::new(&[e, f]), Role::Weight),
            Size::Norm => (Extents::new(&[e]), Role::Weight),
            Size::PackedBias => (Extents::new(&[3 * e]), Role::Bias),
            Size::WiderBias => (Extents::new(&[f]), Role::Bias),
            Size::Bias => (Extents::new(&[e]), Role::Bias),
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        let mut macs = attempt!(self.attention_macs(inputs, 0));
        if let Some(memory) = self.memory {
            let cross = attempt!(self.attention_macs(inputs, memory));
            macs = attempt!(formula::sum(macs, cross, what));
        }
        let linear = attempt!(self.linear_macs(inputs));
        macs = attempt!(formula::sum(macs, linear, what));
        formula::product(macs, self.count() as u64, what)
    }

    /// An attention of the flow to the input at `place`: four projections, two
    /// products.
    const fn attention_macs(&self, inputs: &[Shape], place: usize) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        let queries = inputs[0].extents().at(0) as u64;
        let keys = inputs[place].extents().at(0) as u64;
        let square = attempt!(product_of(
            &[self.features as u64, self.features as u64],
            what
        ));
        let positions = attempt!(formula::sum(queries, keys, what));
        let projections = attempt!(product_of(&[2, positions, square], what));
        let dim = self.features / self.heads;
        let products = attempt!(products(queries, keys, self.heads, [dim, dim]));
        formula::sum(projections, products, what)
    }

    /// The products of queries with keys and of scores with values, of all layers.
    pub(super) const fn product_macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        let queries = inputs[0].extents().at(0) as u64;
        let dim = self.features / self.heads;
        let mut macs = attempt!(products(queries, queries, self.heads, [dim, dim]));
        if let Some(memory) = self.memory {
            let keys = inputs[memory].extents().at(0) as u64;
            let cross = attempt!(products(queries, keys, self.heads, [dim, dim]));
            macs = attempt!(formula::sum(macs, cross, what));
        }
        formula::product(macs, self.count() as u64, what)
    }

    pub(super) const fn linear_macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        product_of(
            &[
                2,
                inputs[0].extents().at(0) as u64,
                self.features as u64,
                self.feedforward as u64,
            ],
            "the number of multiply-accumulates",
        )
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        let Self {
            features,
            heads,
            feedforward,
            ..
        } = *self;
        let head = format_args!("{features}/{heads}");
        lines.output("head", head, features / heads)?;
        self.explain_params(lines)?;
        let length = inputs[0].extents().at(0);
        let linear = self.linear_macs(inputs);
        let own = self.attention_macs(inputs, 0);
        let cross = match self.memory {
            Some(memory) => self.attention_macs(inputs, memory).map(Some),
            None => Ok(None),
        };
        if let (Ok(linear), Ok(own), Ok(cross), Ok(macs)) = (linear, own, cross, self.macs(inputs))
        {
            attention_line("self-attention", [length, length], features, own, lines)?;
            if let (Some(memory), Some(cross)) = (self.memory, cross) {
                let keys = inputs[memory].extents().at(0);
                attention_line(
                    "attention to memory",
                    [length, keys],
                    features,
                    cross,
                    lines,
                )?;
            }
            lines.tell(
                Figured::Macs,
                "feed-forward MACs",
                format_args!("2*{length}*{features}*{feedforward}"),
                Grouped(linear),
            )?;
            let sum = fmt::from_fn(|f| {
                write!(f, "{}", Grouped(own))?;
                if let Some(cross) = cross {
                    write!(f, " + {}", Grouped(cross))?;
                }
                write!(f, " + {}", Grouped(linear))
            });
            let all = fmt::from_fn(|f| match self.count() {
                1 => write!(f, "{sum}"),
                count => write!(f, "{count}*({sum})"),
            });
            lines.tell(Figured::Macs, "MACs", all, Grouped(macs))?;
        }
        Ok(())
    }

    /// The line of parameters, with one layer's in brackets when there are more.
    fn explain_params(&self, lines: &mut Lines<'_>) -> fmt::Result {
        let one = Self {
            layers: None,
            ..*self
        };
        let tensors = || (0..).map_while(|index| one.tensor(index));
        if self.count() == 1 {
            return lines.tensors("parameters", tensors());
        }
        let params = tensors().fold(0u64, |sum, tensor| {
            sum.saturating_add(tensor.elements().unwrap_or(u64::MAX))
        });
        lines.tensors("each layer's parameters", tensors())?;
        let all = params.saturating_mul(self.count() as u64);
        let formula = format_args!("{}*{}", self.count(), Grouped(params));
        lines.tell(Figured::Params, "parameters", formula, Grouped(all))
    }
}

/// `self-attention MACs: 2*(128 + 128)*768*768 + 2*128*128*768 = 327,155,712`.
fn attention_line(
    name: &str,
    [queries, keys]: [usize; 2],
    features: usize,
    macs: u64,
    lines: &mut Lines<'_>,
) -> fmt::Result {
    let projections = format_args!("2*({queries} + {keys})*{features}*{features}");
    let products = format_args!("2*{queries}*{keys}*{features}");
    lines.tell(
        Figured::Macs,
        format_args!("{name} MACs"),
        format_args!("{projections} + {products}"),
        Grouped(macs),
    )
}
