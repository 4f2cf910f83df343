//! MobileNetV2 by hand, with candle's own modules, as its users write them.

use candle_core::{D, Result, Tensor};
use candle_nn::{
    BatchNorm, Conv2d, Conv2dConfig, Linear, ModuleT, VarBuilder, batch_norm, conv2d_no_bias,
    linear,
};

/// A convolution and its normalisation, with ReLU6 where it is asked for.
struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
    relu6: bool,
}

impl ConvNorm {
    fn new(
        [from, to]: [usize; 2],
        kernel: usize,
        [stride, groups]: [usize; 2],
        relu6: bool,
        [conv, norm]: [VarBuilder<'_>; 2],
    ) -> Result<Self> {
        let config = Conv2dConfig {
            padding: kernel / 2,
            stride,
            groups,
            ..Conv2dConfig::default()
        };
        Ok(Self {
            conv: conv2d_no_bias(from, to, kernel, config, conv)?,
            norm: batch_norm(to, 1e-5, norm)?,
            relu6,
        })
    }
}

impl ModuleT for ConvNorm {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let y = x.apply(&self.conv)?.apply_t(&self.norm, train)?;
        match self.relu6 {
            true => y.clamp(0f32, 6f32),
            false => Ok(y),
        }
    }
}

struct Inverted {
    layers: Vec<ConvNorm>,
    residual: bool,
}

impl Inverted {
    fn new(
        [from, to]: [usize; 2],
        expand: usize,
        stride: usize,
        vb: VarBuilder<'_>,
    ) -> Result<Self> {
        let vb = vb.pp("conv");
        let hidden = from * expand;
        let within = |place: usize| [vb.pp(place).pp(0), vb.pp(place).pp(1)];
        let mut layers = Vec::new();
        if expand != 1 {
            layers.push(ConvNorm::new([from, hidden], 1, [1, 1], true, within(0))?);
        }
        let place = layers.len();
        let depth = [stride, hidden];
        layers.push(ConvNorm::new([hidden; 2], 3, depth, true, within(place))?);
        let ends = [vb.pp(place + 1), vb.pp(place + 2)];
        layers.push(ConvNorm::new([hidden, to], 1, [1, 1], false, ends)?);
        Ok(Self {
            layers,
            residual: stride == 1 && from == to,
        })
    }
}

/// The example's MobileNetV2.
pub(crate) struct MobileNetV2ByHand {
    first: ConvNorm,
    blocks: Vec<Inverted>,
    last: ConvNorm,
    classifier: Linear,
}

impl MobileNetV2ByHand {
    pub(crate) fn new(vb: VarBuilder<'_>) -> Result<Self> {
        let features = vb.pp("features");
        let within = |place: usize| [0, 1].map(|part| features.pp(place).pp(part));
        let first = ConvNorm::new([3, 32], 3, [2, 1], true, within(0))?;
        let rows = [
            (1, 16, 1, 1),
            (6, 24, 2, 2),
            (6, 32, 3, 2),
            (6, 64, 4, 2),
            (6, 96, 3, 1),
            (6, 160, 3, 2),
            (6, 320, 1, 1),
        ];
        let (mut blocks, mut channels) = (Vec::new(), 32);
        for (expand, to, copies, stride) in rows {
            for copy in 0..copies {
                let stride = if copy == 0 { stride } else { 1 };
                let vb = features.pp(blocks.len() + 1);
                blocks.push(Inverted::new([channels, to], expand, stride, vb)?);
                channels = to;
            }
        }
        let last = within(blocks.len() + 1);
        Ok(Self {
            first,
            last: ConvNorm::new([channels, 1280], 1, [1, 1], true, last)?,
            blocks,
            classifier: linear(1280, 1000, vb.pp("classifier").pp(1))?,
        })
    }
}

impl ModuleT for MobileNetV2ByHand {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let mut x = x.apply_t(&self.first, train)?;
        for block in &self.blocks {
            let mut y = x.clone();
            for layer in &block.layers {
                y = y.apply_t(layer, train)?;
            }
            x = match block.residual {
                true => (x + y)?,
                false => y,
            };
        }
        let x = x.apply_t(&self.last, train)?;
        x.mean(D::Minus1)?.mean(D::Minus1)?.apply(&self.classifier)
    }
}
