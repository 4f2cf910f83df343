//! ViT-B/16, on images of 3x224x224.

use burn::module::{Initializer, Param};
use burn::nn::attention::{MhaInput, MultiHeadAttention, MultiHeadAttentionConfig};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Gelu, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::prelude::*;

#[derive(Module, Debug)]
pub struct EncoderLayer {
    norm1: LayerNorm,
    attention: MultiHeadAttention,
    norm2: LayerNorm,
    mlp1: Linear,
    gelu: Gelu,
    mlp2: Linear,
}

impl EncoderLayer {
    fn new(features: usize, heads: usize, mlp: usize, device: &Device) -> Self {
        let norm = LayerNormConfig::new(features).with_epsilon(1e-6);
        Self {
            norm1: norm.init(device),
            attention: MultiHeadAttentionConfig::new(features, heads)
                .with_dropout(0.0)
                .init(device),
            norm2: norm.init(device),
            mlp1: LinearConfig::new(features, mlp).init(device),
            gelu: Gelu::new(),
            mlp2: LinearConfig::new(mlp, features).init(device),
        }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let y = MhaInput::self_attn(self.norm1.forward(x.clone()));
        let x = x + self.attention.forward(y).context;
        let y = self.mlp1.forward(self.norm2.forward(x.clone()));
        x + self.mlp2.forward(self.gelu.forward(y))
    }
}

#[derive(Module, Debug)]
pub struct VitB16 {
    patches: Conv2d,
    class_token: Param<Tensor<3>>,
    positions: Param<Tensor<3>>,
    layers: Vec<EncoderLayer>,
    norm: LayerNorm,
    head: Linear,
}

impl VitB16 {
    pub fn new(device: &Device) -> Self {
        let normal = Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        };
        Self {
            patches: Conv2dConfig::new([3, 768], [16, 16])
                .with_stride([16, 16])
                .init(device),
            class_token: Initializer::Zeros.init([1, 1, 768], device),
            positions: normal.init([1, 197, 768], device),
            layers: (0..12)
                .map(|_| EncoderLayer::new(768, 12, 3072, device))
                .collect(),
            norm: LayerNormConfig::new(768).with_epsilon(1e-6).init(device),
            head: LinearConfig::new(768, CLASSES).init(device),
        }
    }

    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let x = self.patches.forward(image);
        let x = x.flatten::<3>(2, 3).swap_dims(1, 2);
        let class = self.class_token.val().expand([x.dims()[0] as i64, -1, -1]);
        let mut x = Tensor::cat(vec![class, x], 1) + self.positions.val();
        for layer in &self.layers {
            x = layer.forward(x);
        }
        let x = self.norm.forward(x);
        self.head.forward(x.slice(s![.., 0..1, ..]).squeeze_dim(1))
    }
}
