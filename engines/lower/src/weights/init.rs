//! What tensors are before training: PyTorch's defaults.

use shapewise_core::Extents;
use shapewise_core::layer::activation::Activation;
use shapewise_core::layer::attention::{Attention, LocalWindow};
use shapewise_core::layer::convolution::Convolution;
use shapewise_core::layer::dense::Dense;
use shapewise_core::layer::embedding::Embedding;
use shapewise_core::layer::mixture::Mixture;
use shapewise_core::layer::normalisation::Normalisation;
use shapewise_core::layer::other::Other;
use shapewise_core::layer::{Layer, Role, Tensor};

use super::beside::{Beside, Side, normed};
use super::random::Random;
use crate::compose::attention::{distance_table, relative_positions};

/// How a tensor is filled before training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// All elements the same.
    Constant(f64),
    /// Even between `-bound` and `bound`.
    Uniform {
        /// The largest size.
        bound: f64,
    },
    /// Normal, with the mean 0.
    Normal {
        /// The standard deviation.
        std: f64,
        /// A row of zeros, if there is one.
        zero_row: Option<usize>,
    },
    /// Normal, with the mean 0 and nothing beyond 2 in size.
    TruncatedNormal {
        /// The standard deviation.
        std: f64,
    },
    /// Which entry of the table of relative positions each pair of a window has.
    RelativePositions(LocalWindow),
    /// The lengths of the weight that weight normalisation makes with them.
    Lengths(Beside),
    /// What each row of the weight that spectral normalisation divides is in the direction of its
    /// largest singular value, and each column.
    Singular(Beside, Side),
    /// The distances of two positions of a window, in logarithms.
    RelativeDistances(LocalWindow),
}

/// What a tensor is before training, in the order of memory.
#[derive(Clone, Debug, PartialEq)]
pub enum Initial {
    /// Floats.
    Floats(Vec<f32>),
    /// Integers.
    Ints(Vec<i64>),
}

impl Init {
    pub(super) fn values(&self, extents: &Extents, seed: u64, name: &str) -> Initial {
        self.drawn(extents, seed, Random::new(seed, name))
    }

    /// What the random numbers make of it.
    pub(super) fn drawn(&self, extents: &Extents, seed: u64, mut random: Random) -> Initial {
        let count = extents
            .product()
            .and_then(|count| usize::try_from(count).ok());
        let count = count.unwrap_or(0);
        let mut fill = |next: &mut dyn FnMut(&mut Random) -> f64| {
            Initial::Floats((0..count).map(|_| single(next(&mut random))).collect())
        };
        match *self {
            // A count of batches is the only number of no extent.
            Self::Constant(_) if extents.is_empty() => Initial::Ints(vec![0]),
            Self::Constant(value) => fill(&mut |_| value),
            Self::Uniform { bound } => fill(&mut |random| (2.0 * random.uniform() - 1.0) * bound),
            Self::Normal { std, zero_row } => {
                let mut values = fill(&mut |random| random.normal() * std);
                let width = extents.as_slice().get(1).copied().unwrap_or(1);
                if let (Some(row), Initial::Floats(values)) = (zero_row, &mut values) {
                    values
                        .iter_mut()
                        .skip(row * width)
                        .take(width)
                        .for_each(|value| *value = 0.0);
                }
                values
            }
            Self::TruncatedNormal { std } => fill(&mut |random| {
                loop {
                    let value = random.normal() * std;
                    if value.abs() <= 2.0 {
                        return value;
                    }
                }
            }),
            Self::RelativePositions(local) => {
                Initial::Ints(relative_positions(&local, local.size.as_slice()))
            }
            Self::Lengths(beside) => Initial::Floats(beside.lengths(seed)),
            Self::Singular(beside, side) => Initial::Floats(beside.singular(seed, side)),
            Self::RelativeDistances(local) => {
                Initial::Floats(distance_table(&local).into_iter().map(single).collect())
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
fn single(value: f64) -> f32 {
    value as f32
}

/// How PyTorch fills this tensor of a layer; `stored` says what a tensor of it is called.
pub(super) fn of(layer: &Layer, tensor: &Tensor, stored: &dyn Fn(&Tensor) -> String) -> Init {
    match (layer.parametrization(), tensor.role) {
        (Some(parametrization), Role::Weight | Role::Buffer) => {
            normed(layer, tensor, &parametrization, stored)
        }
        _ => plainly(layer, tensor),
    }
}

/// How PyTorch fills a tensor that no other decides.
pub(super) fn plainly(layer: &Layer, tensor: &Tensor) -> Init {
    let is = |name: &str| tensor.name.is(name);
    let text = tensor.name.to_string();
    match layer {
        Layer::Convolution(layer) => convolution(layer, tensor),
        Layer::Dense(Dense::Linear(linear)) => Init::Uniform {
            bound: root(linear.in_features),
        },
        Layer::Dense(_) => Init::Uniform {
            bound: root(weight_of(layer).map_or(1, |weight| weight.at(1))),
        },
        Layer::Embedding(Embedding::Lookup { padding_idx, .. }) => Init::Normal {
            std: 1.0,
            zero_row: *padding_idx,
        },
        Layer::Embedding(Embedding::Bag { .. }) => Init::Normal {
            std: 1.0,
            zero_row: None,
        },
        // Those of torchvision's `VisionTransformer`.
        Layer::Embedding(Embedding::Positional { .. }) => Init::Normal {
            std: 0.02,
            zero_row: None,
        },
        Layer::Embedding(Embedding::Parameter {
            std, trained: true, ..
        }) => Init::Normal {
            std: *std,
            zero_row: None,
        },
        Layer::Embedding(_) => Init::Constant(0.0),
        // One more than the weight is the scale.
        Layer::Normalisation(Normalisation::RootMeanSquare {
            unit_offset: true, ..
        }) => Init::Constant(0.0),
        Layer::Normalisation(_) => {
            Init::Constant(f64::from(u8::from(is("weight") || is("running_var"))))
        }
        Layer::Activation(Activation::PRelu(_)) => Init::Constant(0.25),
        Layer::Other(Other::Scale { init, .. }) => Init::Constant(*init),
        Layer::ConvRecurrent(_) => Init::Uniform {
            bound: root(layer.tensor(0).map_or(1, |weight| fan_in(&weight.extents))),
        },
        Layer::Recurrent(layer) => Init::Uniform {
            bound: root(layer.features),
        },
        Layer::Attention(layer) => attention(layer, tensor, &text),
        Layer::Mixture(layer) => mixture(layer, tensor),
        // Decays of all sizes in Mamba; here each its first.
        Layer::StateSpace(_) => Init::Constant(f64::from(u8::from(is("D")))),
        _ => plain(tensor),
    }
}

/// `1 / sqrt(n)`: what Kaiming's uniform distribution with `a = sqrt(5)` comes to,
/// and the bound of the bias beside it.
fn root(inputs: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a number in floating point")]
    let inputs = inputs.max(1) as f64;
    inputs.sqrt().recip()
}

/// All extents but the first.
fn fan_in(extents: &Extents) -> usize {
    let rest = extents.as_slice().iter().skip(1);
    rest.fold(1, |fan, extent| fan.saturating_mul(*extent))
}

/// The extents of a layer's weight: those of the tensor that has as many numbers.
pub(super) fn weight_of(layer: &Layer) -> Option<Extents> {
    let tensors = (0..).map_while(|index| layer.tensor(index));
    let weights = tensors.filter(|tensor| tensor.role == Role::Weight);
    weights
        .map(|weight| weight.extents)
        .max_by_key(Extents::product)
}

/// Source: PyTorch's `_ConvNd.reset_parameters`.
fn convolution(layer: &Convolution, tensor: &Tensor) -> Init {
    // The weight that a bias belongs to.
    let weight = match (tensor.role, layer) {
        (Role::Weight, _) => tensor.extents,
        (_, Convolution::Separable(conv)) => Extents::new(&[1, conv.depthwise.out_channels]),
        _ => weight_of(&Layer::Convolution(*layer)).unwrap_or(tensor.extents),
    };
    Init::Uniform {
        bound: root(fan_in(&weight)),
    }
}

/// Source: PyTorch's `MultiheadAttention._reset_parameters` and the layers that
/// transformer layers are made of; torchvision's `ShiftedWindowAttention`.
fn attention(layer: &Attention, tensor: &Tensor, name: &str) -> Init {
    let extents = tensor.extents;
    let last = name.rsplit_once("attn.").map_or(name, |(_, last)| last);
    if matches!(layer, Attention::RelativeBias(_)) {
        return Init::Normal {
            std: 0.02,
            zero_row: None,
        };
    }
    match last {
        "relative_position_bias_table" => Init::TruncatedNormal { std: 0.02 },
        "relative_position_index" => {
            window(layer).map_or(Init::Constant(0.0), Init::RelativePositions)
        }
        "relative_coords_table" => {
            window(layer).map_or(Init::Constant(0.0), Init::RelativeDistances)
        }
        "logit_scale" => Init::Constant(10f64.ln()),
        "q_bias" | "v_bias" => Init::Constant(0.0),
        "q_norm.weight" | "k_norm.weight" => Init::Constant(1.0),
        "sinks" => Init::Constant(0.0),
        "in_proj_weight" | "q_proj_weight" | "k_proj_weight" | "v_proj_weight" => {
            xavier(extents.at(1), extents.at(0))
        }
        "in_proj_bias" | "out_proj.bias" => Init::Constant(0.0),
        // Xavier's normal distribution of `1 x 1 x E`.
        "bias_k" | "bias_v" => Init::Normal {
            std: root(extents.at(2)),
            zero_row: None,
        },
        _ if name.ends_with("norm1.weight")
            || name.ends_with("norm2.weight")
            || name.ends_with("norm3.weight") =>
        {
            Init::Constant(1.0)
        }
        _ if name.contains("norm") => Init::Constant(0.0),
        _ => Init::Uniform {
            bound: root(match tensor.role {
                Role::Weight => extents.at(1),
                _ => inputs_of(layer, name),
            }),
        },
    }
}

/// The window that buffers follow from.
fn window(layer: &Attention) -> Option<LocalWindow> {
    match layer {
        Attention::MultiHead(attention) => attention.window,
        Attention::WindowBias(bias) => Some(bias.window),
        _ => None,
    }
}

/// As linear layers: the experts' weights are several in one tensor.
fn mixture(layer: &Mixture, tensor: &Tensor) -> Init {
    match tensor.role {
        Role::Weight => {
            let extents = tensor.extents;
            let inputs = match (extents.len(), layer.transposed) {
                (3, true) => extents.at(1),
                (rank, _) => extents.at(rank - 1),
            };
            Init::Uniform {
                bound: root(inputs),
            }
        }
        _ => Init::Constant(0.0),
    }
}

/// Xavier's uniform distribution.
fn xavier(inputs: usize, outputs: usize) -> Init {
    #[expect(clippy::cast_precision_loss, reason = "a number in floating point")]
    let fans = inputs.saturating_add(outputs).max(1) as f64;
    Init::Uniform {
        bound: (6.0 / fans).sqrt(),
    }
}

/// The features that the linear layer of a bias reads.
fn inputs_of(layer: &Attention, bias: &str) -> usize {
    let weight = bias
        .strip_suffix("bias")
        .map(|stem| format!("{stem}weight"));
    let layer = Layer::Attention(*layer);
    let mut tensors = (0..).map_while(|index| layer.tensor(index));
    let weight = tensors.find(|tensor| weight.as_deref().is_some_and(|name| tensor.name.is(name)));
    weight.map_or(1, |weight| weight.extents.at(1))
}

/// What a tensor of a layer of the user's own is: nothing else is known of it.
fn plain(tensor: &Tensor) -> Init {
    match tensor.role {
        Role::Weight if tensor.extents.len() > 1 => Init::Uniform {
            bound: root(fan_in(&tensor.extents)),
        },
        Role::Weight => Init::Constant(1.0),
        Role::Bias | Role::Buffer => Init::Constant(0.0),
    }
}
