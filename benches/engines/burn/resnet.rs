//! A residual network of bottlenecks, on images of 3x224x224.

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{AdaptiveAvgPool2d, AdaptiveAvgPool2dConfig, MaxPool2d, MaxPool2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d, Relu};
use burn::prelude::*;

/// A convolution that keeps the image's size but for the stride, and its normalization.
#[derive(Module, Debug)]
pub struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

impl ConvNorm {
    fn new(inputs: usize, outputs: usize, kernel: usize, stride: usize, device: &Device) -> Self {
        let half = kernel / 2;
        Self {
            conv: Conv2dConfig::new([inputs, outputs], [kernel, kernel])
                .with_stride([stride, stride])
                .with_padding(PaddingConfig2d::Explicit(half, half, half, half))
                .with_bias(false)
                .init(device),
            norm: BatchNormConfig::new(outputs).init(device),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.norm.forward(self.conv.forward(x))
    }
}

/// 1x1, 3x3 and 1x1 convolutions, added to what came in.
#[derive(Module, Debug)]
pub struct Bottleneck {
    reduce: ConvNorm,
    middle: ConvNorm,
    expand: ConvNorm,
    shortcut: Option<ConvNorm>,
    relu: Relu,
}

impl Bottleneck {
    fn new(inputs: usize, mid: usize, stride: usize, device: &Device) -> Self {
        let outputs = 4 * mid;
        let projected = stride != 1 || inputs != outputs;
        Self {
            reduce: ConvNorm::new(inputs, mid, 1, 1, device),
            middle: ConvNorm::new(mid, mid, 3, stride, device),
            expand: ConvNorm::new(mid, outputs, 1, 1, device),
            shortcut: projected.then(|| ConvNorm::new(inputs, outputs, 1, stride, device)),
            relu: Relu::new(),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let y = self.relu.forward(self.reduce.forward(x.clone()));
        let y = self.relu.forward(self.middle.forward(y));
        let y = self.expand.forward(y);
        let x = match &self.shortcut {
            Some(shortcut) => shortcut.forward(x),
            None => x,
        };
        self.relu.forward(y + x)
    }
}

fn stage(
    inputs: usize,
    mid: usize,
    blocks: usize,
    stride: usize,
    device: &Device,
) -> Vec<Bottleneck> {
    let mut stage = vec![Bottleneck::new(inputs, mid, stride, device)];
    stage.extend((1..blocks).map(|_| Bottleneck::new(4 * mid, mid, 1, device)));
    stage
}

#[derive(Module, Debug)]
pub struct NETWORK {
    stem: ConvNorm,
    relu: Relu,
    maxpool: MaxPool2d,
    stage1: Vec<Bottleneck>,
    stage2: Vec<Bottleneck>,
    stage3: Vec<Bottleneck>,
    stage4: Vec<Bottleneck>,
    avgpool: AdaptiveAvgPool2d,
    fc: Linear,
}

impl NETWORK {
    pub fn new(device: &Device) -> Self {
        Self {
            stem: ConvNorm::new(3, 64, 7, 2, device),
            relu: Relu::new(),
            maxpool: MaxPool2dConfig::new([3, 3])
                .with_strides([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(),
            stage1: stage(64, 64, BLOCKS1, 1, device),
            stage2: stage(256, 128, BLOCKS2, 2, device),
            stage3: stage(512, 256, BLOCKS3, 2, device),
            stage4: stage(1024, 512, BLOCKS4, 2, device),
            avgpool: AdaptiveAvgPool2dConfig::new([1, 1]).init(),
            fc: LinearConfig::new(2048, CLASSES).init(device),
        }
    }

    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let x = self.relu.forward(self.stem.forward(image));
        let mut x = self.maxpool.forward(x);
        for stage in [&self.stage1, &self.stage2, &self.stage3, &self.stage4] {
            for block in stage {
                x = block.forward(x);
            }
        }
        self.fc.forward(self.avgpool.forward(x).flatten(1, 3))
    }
}
