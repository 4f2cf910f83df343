//! What belongs to no other family.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Entry, family};
use crate::error::{Error, attempt};
use crate::extents::Extents;
use crate::layer::Convention;
use crate::layer::explain::Lines;
use crate::layer::kept::{Backward, Cache, Kept, View};
use crate::layer::{Memory, Receptive, Role, Tensor, TensorName};
use crate::shape::Shape;
use crate::value::Value;

family! {
    /// A layer of no other family.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Other, const fn build(args, inputs);

    /// Learned scale: each channel is multiplied by a number of its own, as layer scale.
    ///
    /// - Output: the input's shape.
    /// - Parameters: C, as one bare tensor: it is named by the layer's path alone. It is stored as C
    ///   numbers, or as `C x 1 x 1` (of an image) with `spatial_axes = true`.
    /// - No MACs: elementwise.
    ///
    /// Source: Touvron et al. 2021, "Going deeper with Image Transformers"; timm's `LayerScale`, and
    /// with `spatial_axes` torchvision's `ConvNeXt`.
    scale = Scale {
        /// C, the channels.
        channels: usize = inputs[0].channels(),
        /// What each factor begins as.
        init: f64 = args.float(name!("init")),
        /// How many axes of 1 it is stored with after its own.
        ones: usize = if args.bool(name!("spatial_axes")) { inputs[0].spatial_rank() } else { 0 },
    }, |entry| entry
        .arguments(&[
            Argument::float("init", "what each factor begins as", f64::NEG_INFINITY, f64::INFINITY)
                .default(Value::Float(1e-5))
                .aliases(&["init_values", "layer_scale"]),
            Argument::bool(
                "spatial_axes",
                "whether the numbers are stored with an axis of 1 for each spatial axis",
            )
            .default(Value::Bool(false)),
        ])
        .weighted()
        .aliases(&["LayerScale", "layer_scale"]);

    /// Nothing: what comes in goes out.
    ///
    /// No parameters, no MACs.
    ///
    /// Source: PyTorch's `Identity`.
    identity = Identity, |entry| entry
        .aliases(&["Identity", "noop"]);

    /// Nothing, where a decoder caches its input: `serve_bytes` and `kv_cache_bytes` count that for each
    /// position.
    ///
    /// An attention whose keys and values are made of what is cached, by layers that look at each position
    /// for itself (linear layers, `rms_norm`, `rotary_embedding`, splits, ...), caches nothing more: a latent
    /// vector and the part of the keys that is turned take the place of both (DeepSeek-V2), or keys and
    /// values are those of another layer. Without one, every causal attention caches the keys and values
    /// that enter it.
    ///
    /// - Output: the input's shape.
    /// - No parameters, no MACs.
    ///
    /// Source: DeepSeek-AI 2024, "DeepSeek-V2", section 2.1: (d_c + d_h^R) numbers of each position and
    /// layer.
    kv_cache = KvCache {
        /// C, the features of a position.
        features: usize = inputs[0].channels(),
        /// How many of the last positions are cached, where it is not all.
        sliding_window: Option<usize> = if args.has(name!("sliding_window")) {
            Some(attempt!(args.int(name!("sliding_window"))))
        } else {
            None
        },
    }, |entry| entry
        .arguments(&[Argument::int(
            "sliding_window",
            "how many of the last positions are cached",
            1,
        )
        .default_is("all")]);
}

impl Other {
    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        Ok(inputs[0])
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        match self {
            Self::Scale { channels, ones, .. } if index == 0 => {
                let mut extents = Extents::new(&[*channels]);
                let mut axis = 0;
                while axis < *ones {
                    // The channels and the spatial axes are those of a shape: there is room.
                    if let Some(more) = extents.push(1) {
                        extents = more;
                    }
                    axis += 1;
                }
                Some(Tensor {
                    name: TensorName::BARE,
                    extents,
                    role: Role::Weight,
                })
            }
            _ => None,
        }
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
            Self::Scale { .. } => Memory::InPlace,
            Self::Identity | Self::KvCache { .. } => Memory::Alias,
        }
    }

    /// What each factor multiplies.
    pub(super) const fn keeps(&self, _inputs: &[Shape], _pass: &Backward) -> Kept {
        match self {
            Self::Scale { .. } => Kept::INPUT.lying(View::Alike),
            Self::Identity | Self::KvCache { .. } => Kept::NOTHING.lying(View::Same),
        }
    }

    /// What it was told to.
    pub(super) const fn cache(&self) -> Cache {
        match self {
            Self::KvCache {
                features,
                sliding_window,
            } => Cache::of(*features as u64).within(match sliding_window {
                Some(window) => Some(*window as u64),
                None => None,
            }),
            Self::Scale { .. } | Self::Identity => Cache::NOTHING,
        }
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        Receptive::SAME
    }

    pub(super) fn explain(&self, _inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        lines.tensors("parameters", (0..).map_while(|index| self.tensor(index)))
    }
}
