//! ViT-Tiny with patches of 16x16, twice.

use burn::module::{Initializer, Module, Param};
use burn::nn::attention::{MhaInput, MultiHeadAttention, MultiHeadAttentionConfig};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Gelu, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use shapewise::network;

network! {
    block EncoderLayer(heads, mlp) {
        residual {
            ln_1: layer_norm(eps = 1e-6);
            self_attention: attention(heads = heads);
        }
        residual {
            ln_2: layer_norm(eps = 1e-6);
            mlp: { linear(mlp), gelu; linear(input.features); }
        }
    }

    /// ViT-Tiny: 12 layers of 192 features and 3 heads.
    pub(crate) struct VitTiny(image: 224x224x3) -> (logits: 1000) {
        conv_proj: conv(192, 16x16, stride = 16), to_sequence;
        class_token: class_token;
        encoder: {
            pos_embedding: positional_embedding;
            layers: repeat i in 0..12 {
                #[name = "encoder_layer_{i}"]
                EncoderLayer(heads = 3, mlp = 768);
            }
            ln: layer_norm(eps = 1e-6);
        }
        first;
        heads: { head: linear(1000); }
    }
}

#[derive(Module, Debug)]
struct Layer {
    norm1: LayerNorm,
    attention: MultiHeadAttention,
    norm2: LayerNorm,
    mlp1: Linear,
    gelu: Gelu,
    mlp2: Linear,
}

impl Layer {
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

/// The same by hand.
#[derive(Module, Debug)]
pub(crate) struct VitTinyByHand {
    patches: Conv2d,
    class_token: Param<Tensor<3>>,
    positions: Param<Tensor<3>>,
    layers: Vec<Layer>,
    norm: LayerNorm,
    head: Linear,
}

impl VitTinyByHand {
    pub(crate) fn new(device: &Device) -> Self {
        let normal = Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        };
        let layers = (0..12).map(|_| Layer::new(192, 3, 768, device));
        Self {
            patches: Conv2dConfig::new([3, 192], [16, 16])
                .with_stride([16, 16])
                .init(device),
            class_token: Initializer::Zeros.init([1, 1, 192], device),
            positions: normal.init([1, 197, 192], device),
            layers: layers.collect(),
            norm: LayerNormConfig::new(192).with_epsilon(1e-6).init(device),
            head: LinearConfig::new(192, 1000).init(device),
        }
    }

    pub(crate) fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let x = self.patches.forward(image);
        let x = x.flatten::<3>(2, 3).swap_dims(1, 2);
        let batch = x.dims()[0];
        let class = self.class_token.val().expand([batch, 1, 192]);
        let mut x = Tensor::cat(vec![class, x], 1) + self.positions.val();
        for layer in &self.layers {
            x = layer.forward(x);
        }
        let x = self.norm.forward(x);
        self.head.forward(x.narrow(1, 0, 1).squeeze_dim(1))
    }
}
