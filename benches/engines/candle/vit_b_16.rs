//! ViT-B/16, on images of 3x224x224.

use candle_core::{D, IndexOp, Result, Tensor};
use candle_nn::ops::softmax_last_dim;
use candle_nn::{
    Conv2d, Conv2dConfig, Init, LayerNorm, Linear, Module, VarBuilder, conv2d, layer_norm, linear,
};

#[derive(Clone, Debug)]
struct Attention {
    qkv: Linear,
    out: Linear,
    heads: usize,
}

impl Attention {
    fn new(features: usize, heads: usize, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            qkv: linear(features, 3 * features, vb.pp("qkv"))?,
            out: linear(features, features, vb.pp("out"))?,
            heads,
        })
    }
}

impl Module for Attention {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, tokens, features) = x.dims3()?;
        let size = features / self.heads;
        let qkv = self.qkv.forward(x)?;
        let qkv = qkv.reshape((batch, tokens, 3, self.heads, size))?;
        let qkv = qkv.permute((2, 0, 3, 1, 4))?.contiguous()?;
        let (q, k, v) = (qkv.i(0)?, qkv.i(1)?, qkv.i(2)?);
        let scores = (q.matmul(&k.t()?)? / (size as f64).sqrt())?;
        let x = softmax_last_dim(&scores)?.matmul(&v)?;
        let x = x.transpose(1, 2)?.flatten_from(D::Minus2)?;
        self.out.forward(&x)
    }
}

#[derive(Clone, Debug)]
struct EncoderLayer {
    norm1: LayerNorm,
    attention: Attention,
    norm2: LayerNorm,
    mlp1: Linear,
    mlp2: Linear,
}

impl EncoderLayer {
    fn new(features: usize, heads: usize, mlp: usize, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            norm1: layer_norm(features, 1e-6, vb.pp("norm1"))?,
            attention: Attention::new(features, heads, vb.pp("attention"))?,
            norm2: layer_norm(features, 1e-6, vb.pp("norm2"))?,
            mlp1: linear(features, mlp, vb.pp("mlp1"))?,
            mlp2: linear(mlp, features, vb.pp("mlp2"))?,
        })
    }
}

impl Module for EncoderLayer {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = (x + self.attention.forward(&self.norm1.forward(x)?)?)?;
        let y = self.mlp1.forward(&self.norm2.forward(&x)?)?.gelu_erf()?;
        x + self.mlp2.forward(&y)?
    }
}

#[derive(Clone, Debug)]
pub struct VitB16 {
    patches: Conv2d,
    class_token: Tensor,
    positions: Tensor,
    layers: Vec<EncoderLayer>,
    norm: LayerNorm,
    head: Linear,
}

impl VitB16 {
    pub fn new(vb: VarBuilder) -> Result<Self> {
        let config = Conv2dConfig {
            stride: 16,
            ..Default::default()
        };
        let normal = Init::Randn {
            mean: 0.0,
            stdev: 0.02,
        };
        let layers = (0..12)
            .map(|i| EncoderLayer::new(768, 12, 3072, vb.pp("layers").pp(i)))
            .collect::<Result<_>>()?;
        Ok(Self {
            patches: conv2d(3, 768, 16, config, vb.pp("patches"))?,
            class_token: vb.get_with_hints((1, 1, 768), "class_token", Init::Const(0.0))?,
            positions: vb.get_with_hints((1, 197, 768), "positions", normal)?,
            layers,
            norm: layer_norm(768, 1e-6, vb.pp("norm"))?,
            head: linear(768, CLASSES, vb.pp("head"))?,
        })
    }

    pub fn forward(&self, image: &Tensor) -> Result<Tensor> {
        let x = self.patches.forward(image)?;
        let x = x.flatten_from(2)?.transpose(1, 2)?;
        let class = self.class_token.expand((x.dim(0)?, 1, 768))?;
        let x = Tensor::cat(&[&class, &x], 1)?;
        let mut x = x.broadcast_add(&self.positions)?;
        for layer in &self.layers {
            x = layer.forward(&x)?;
        }
        let x = self.norm.forward(&x)?.i((.., 0))?;
        self.head.forward(&x)
    }
}
