//! Residual networks by hand, with candle's own modules, as its users write them.

use candle_core::{D, Result, Tensor};
use candle_nn::{
    BatchNorm, Conv2d, Conv2dConfig, Linear, ModuleT, VarBuilder, batch_norm, conv2d_no_bias,
    linear,
};

pub(crate) mod mobilenet;

struct Block {
    conv1: Conv2d,
    bn1: BatchNorm,
    conv2: Conv2d,
    bn2: BatchNorm,
    downsample: Option<(Conv2d, BatchNorm)>,
}

fn conv(
    from: usize,
    to: usize,
    kernel: usize,
    stride: usize,
    vb: VarBuilder<'_>,
) -> Result<Conv2d> {
    let config = Conv2dConfig {
        padding: kernel / 2,
        stride,
        ..Conv2dConfig::default()
    };
    conv2d_no_bias(from, to, kernel, config, vb)
}

impl Block {
    fn new(from: usize, to: usize, stride: usize, vb: VarBuilder<'_>) -> Result<Self> {
        let downsample = match from == to && stride == 1 {
            true => None,
            false => {
                let vb = vb.pp("downsample");
                let narrow = conv(from, to, 1, stride, vb.pp(0))?;
                Some((narrow, batch_norm(to, 1e-5, vb.pp(1))?))
            }
        };
        Ok(Self {
            conv1: conv(from, to, 3, stride, vb.pp("conv1"))?,
            bn1: batch_norm(to, 1e-5, vb.pp("bn1"))?,
            conv2: conv(to, to, 3, 1, vb.pp("conv2"))?,
            bn2: batch_norm(to, 1e-5, vb.pp("bn2"))?,
            downsample,
        })
    }
}

impl ModuleT for Block {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let y = x.apply(&self.conv1)?.apply_t(&self.bn1, train)?.relu()?;
        let y = y.apply(&self.conv2)?.apply_t(&self.bn2, train)?;
        let skip = match &self.downsample {
            Some((conv, bn)) => x.apply(conv)?.apply_t(bn, train)?,
            None => x.clone(),
        };
        (y + skip)?.relu()
    }
}

/// the zoo's ResNet-18, or `small::Small`.
pub(crate) struct ByHand {
    conv1: Conv2d,
    bn1: BatchNorm,
    pool: bool,
    blocks: Vec<Block>,
    fc: Linear,
}

impl ByHand {
    pub(crate) fn resnet18(vb: VarBuilder<'_>) -> Result<Self> {
        let stages = [(64, 2), (128, 2), (256, 2), (512, 2)];
        Self::new(true, &stages, 1000, vb)
    }

    pub(crate) fn small(vb: VarBuilder<'_>) -> Result<Self> {
        Self::new(false, &[(8, 1), (12, 1)], 10, vb)
    }

    fn new(
        pool: bool,
        stages: &[(usize, usize)],
        classes: usize,
        vb: VarBuilder<'_>,
    ) -> Result<Self> {
        let mut channels = stages[0].0;
        let (kernel, stride) = if pool { (7, 2) } else { (3, 1) };
        let conv1 = conv(3, channels, kernel, stride, vb.pp("conv1"))?;
        let bn1 = batch_norm(channels, 1e-5, vb.pp("bn1"))?;
        let mut blocks = Vec::new();
        for (stage, &(to, count)) in stages.iter().enumerate() {
            let vb = vb.pp(format!("layer{}", stage + 1));
            for block in 0..count {
                let stride = if stage > 0 && block == 0 { 2 } else { 1 };
                blocks.push(Block::new(channels, to, stride, vb.pp(block))?);
                channels = to;
            }
        }
        let fc = linear(channels, classes, vb.pp("fc"))?;
        Ok(Self {
            conv1,
            bn1,
            pool,
            blocks,
            fc,
        })
    }
}

impl ModuleT for ByHand {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let mut x = x.apply(&self.conv1)?.apply_t(&self.bn1, train)?.relu()?;
        if self.pool {
            x = x
                .pad_with_zeros(D::Minus1, 1, 1)?
                .pad_with_zeros(D::Minus2, 1, 1)?
                .max_pool2d_with_stride(3, 2)?;
        }
        for block in &self.blocks {
            x = x.apply_t(block, train)?;
        }
        x.mean(D::Minus1)?.mean(D::Minus1)?.apply(&self.fc)
    }
}
