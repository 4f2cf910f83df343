//! A residual network of bottlenecks, on images of 3x224x224.

use candle_core::{D, Result, Tensor};
use candle_nn::{
    BatchNorm, Conv2d, Conv2dConfig, Linear, Module, ModuleT, VarBuilder, batch_norm,
    conv2d_no_bias, linear,
};

/// A convolution that keeps the image's size but for the stride, and its normalization.
#[derive(Clone, Debug)]
struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

impl ConvNorm {
    fn new(
        inputs: usize,
        outputs: usize,
        kernel: usize,
        stride: usize,
        vb: VarBuilder,
    ) -> Result<Self> {
        let config = Conv2dConfig {
            stride,
            padding: kernel / 2,
            ..Default::default()
        };
        Ok(Self {
            conv: conv2d_no_bias(inputs, outputs, kernel, config, vb.pp("conv"))?,
            norm: batch_norm(outputs, 1e-5, vb.pp("norm"))?,
        })
    }
}

impl ModuleT for ConvNorm {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        self.norm.forward_t(&self.conv.forward(x)?, train)
    }
}

/// 1x1, 3x3 and 1x1 convolutions, added to what came in.
#[derive(Clone, Debug)]
struct Bottleneck {
    reduce: ConvNorm,
    middle: ConvNorm,
    expand: ConvNorm,
    shortcut: Option<ConvNorm>,
}

impl Bottleneck {
    fn new(inputs: usize, mid: usize, stride: usize, vb: VarBuilder) -> Result<Self> {
        let outputs = 4 * mid;
        let shortcut = if stride != 1 || inputs != outputs {
            let vb = vb.pp("shortcut");
            Some(ConvNorm::new(inputs, outputs, 1, stride, vb)?)
        } else {
            None
        };
        Ok(Self {
            reduce: ConvNorm::new(inputs, mid, 1, 1, vb.pp("reduce"))?,
            middle: ConvNorm::new(mid, mid, 3, stride, vb.pp("middle"))?,
            expand: ConvNorm::new(mid, outputs, 1, 1, vb.pp("expand"))?,
            shortcut,
        })
    }
}

impl ModuleT for Bottleneck {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let y = self.reduce.forward_t(x, train)?.relu()?;
        let y = self.middle.forward_t(&y, train)?.relu()?;
        let y = self.expand.forward_t(&y, train)?;
        match &self.shortcut {
            Some(shortcut) => (y + shortcut.forward_t(x, train)?)?.relu(),
            None => (y + x)?.relu(),
        }
    }
}

fn stage(
    inputs: usize,
    mid: usize,
    blocks: usize,
    stride: usize,
    vb: VarBuilder,
) -> Result<Vec<Bottleneck>> {
    let mut stage = vec![Bottleneck::new(inputs, mid, stride, vb.pp(0))?];
    for i in 1..blocks {
        stage.push(Bottleneck::new(4 * mid, mid, 1, vb.pp(i))?);
    }
    Ok(stage)
}

#[derive(Clone, Debug)]
pub struct NETWORK {
    stem: ConvNorm,
    stages: [Vec<Bottleneck>; 4],
    fc: Linear,
}

impl NETWORK {
    pub fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            stem: ConvNorm::new(3, 64, 7, 2, vb.pp("stem"))?,
            stages: [
                stage(64, 64, BLOCKS1, 1, vb.pp("stage1"))?,
                stage(256, 128, BLOCKS2, 2, vb.pp("stage2"))?,
                stage(512, 256, BLOCKS3, 2, vb.pp("stage3"))?,
                stage(1024, 512, BLOCKS4, 2, vb.pp("stage4"))?,
            ],
            fc: linear(2048, CLASSES, vb.pp("fc"))?,
        })
    }

    pub fn forward(&self, image: &Tensor, train: bool) -> Result<Tensor> {
        let x = self.stem.forward_t(image, train)?.relu()?;
        // The pooling has no padding of its own; zeros do, since nothing is below them.
        let x = x.pad_with_zeros(2, 1, 1)?.pad_with_zeros(3, 1, 1)?;
        let mut x = x.max_pool2d_with_stride(3, 2)?;
        for block in self.stages.iter().flatten() {
            x = block.forward_t(&x, train)?;
        }
        self.fc.forward(&x.mean((D::Minus2, D::Minus1))?)
    }
}
