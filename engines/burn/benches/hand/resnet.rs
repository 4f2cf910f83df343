//! ResNet-18 by hand; the zoo has the other.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{AdaptiveAvgPool2d, AdaptiveAvgPool2dConfig, MaxPool2d, MaxPool2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d, Relu};
use burn::tensor::{Device, Tensor};

/// A convolution without bias, and its normalisation.
#[derive(Module, Debug)]
struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

impl ConvNorm {
    fn new([from, to]: [usize; 2], kernel: usize, stride: usize, device: &Device) -> Self {
        let half = kernel / 2;
        Self {
            conv: Conv2dConfig::new([from, to], [kernel, kernel])
                .with_stride([stride, stride])
                .with_padding(PaddingConfig2d::Explicit(half, half, half, half))
                .with_bias(false)
                .init(device),
            norm: BatchNormConfig::new(to).init(device),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.norm.forward(self.conv.forward(x))
    }
}

/// Two convolutions of 3x3, added to what came in.
#[derive(Module, Debug)]
struct Block {
    first: ConvNorm,
    second: ConvNorm,
    shortcut: Option<ConvNorm>,
    relu: Relu,
}

impl Block {
    fn new(from: usize, to: usize, stride: usize, device: &Device) -> Self {
        let projected = stride != 1 || from != to;
        Self {
            first: ConvNorm::new([from, to], 3, stride, device),
            second: ConvNorm::new([to, to], 3, 1, device),
            shortcut: projected.then(|| ConvNorm::new([from, to], 1, stride, device)),
            relu: Relu::new(),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let y = self.relu.forward(self.first.forward(x.clone()));
        let y = self.second.forward(y);
        let x = match &self.shortcut {
            Some(shortcut) => shortcut.forward(x),
            None => x,
        };
        self.relu.forward(y + x)
    }
}

/// ResNet-18.
#[derive(Module, Debug)]
pub(crate) struct ResNet18ByHand {
    stem: ConvNorm,
    relu: Relu,
    maxpool: MaxPool2d,
    blocks: Vec<Block>,
    avgpool: AdaptiveAvgPool2d,
    fc: Linear,
}

impl ResNet18ByHand {
    pub(crate) fn new(device: &Device) -> Self {
        let mut blocks = Vec::new();
        for (from, to) in [(64, 64), (64, 128), (128, 256), (256, 512)] {
            let stride = if from == to { 1 } else { 2 };
            blocks.push(Block::new(from, to, stride, device));
            blocks.push(Block::new(to, to, 1, device));
        }
        Self {
            stem: ConvNorm::new([3, 64], 7, 2, device),
            relu: Relu::new(),
            maxpool: MaxPool2dConfig::new([3, 3])
                .with_strides([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(),
            blocks,
            avgpool: AdaptiveAvgPool2dConfig::new([1, 1]).init(),
            fc: LinearConfig::new(512, 1000).init(device),
        }
    }

    pub(crate) fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let x = self.relu.forward(self.stem.forward(image));
        let mut x = self.maxpool.forward(x);
        for block in &self.blocks {
            x = block.forward(x);
        }
        self.fc.forward(self.avgpool.forward(x).flatten(1, 3))
    }
}
