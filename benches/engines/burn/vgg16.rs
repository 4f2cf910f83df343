//! VGG-16, configuration D, on images of 3x224x224.

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig, PaddingConfig2d, Relu};
use burn::prelude::*;

/// 3x3 convolutions of as many channels, then a pooling that halves the image.
#[derive(Module, Debug)]
pub struct Stage {
    convs: Vec<Conv2d>,
    relu: Relu,
    pool: MaxPool2d,
}

impl Stage {
    fn new(inputs: usize, outputs: usize, convs: usize, device: &Device) -> Self {
        let convs = (0..convs)
            .map(|i| {
                let inputs = if i == 0 { inputs } else { outputs };
                Conv2dConfig::new([inputs, outputs], [3, 3])
                    .with_padding(PaddingConfig2d::Same)
                    .init(device)
            })
            .collect();
        Self {
            convs,
            relu: Relu::new(),
            pool: MaxPool2dConfig::new([2, 2]).init(),
        }
    }

    fn forward(&self, mut x: Tensor<4>) -> Tensor<4> {
        for conv in &self.convs {
            x = self.relu.forward(conv.forward(x));
        }
        self.pool.forward(x)
    }
}

#[derive(Module, Debug)]
pub struct Vgg16 {
    stage1: Stage,
    stage2: Stage,
    stage3: Stage,
    stage4: Stage,
    stage5: Stage,
    fc6: Linear,
    fc7: Linear,
    fc8: Linear,
    relu: Relu,
    dropout: Dropout,
}

impl Vgg16 {
    pub fn new(device: &Device) -> Self {
        Self {
            stage1: Stage::new(3, 64, 2, device),
            stage2: Stage::new(64, 128, 2, device),
            stage3: Stage::new(128, 256, 3, device),
            stage4: Stage::new(256, 512, 3, device),
            stage5: Stage::new(512, 512, 3, device),
            fc6: LinearConfig::new(512 * 7 * 7, 4096).init(device),
            fc7: LinearConfig::new(4096, 4096).init(device),
            fc8: LinearConfig::new(4096, CLASSES).init(device),
            relu: Relu::new(),
            dropout: DropoutConfig::new(0.5).init(),
        }
    }

    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let x = self.stage1.forward(image);
        let x = self.stage2.forward(x);
        let x = self.stage3.forward(x);
        let x = self.stage4.forward(x);
        let x = self.stage5.forward(x).flatten(1, 3);
        let x = self.relu.forward(self.fc6.forward(x));
        let x = self.dropout.forward(x);
        let x = self.relu.forward(self.fc7.forward(x));
        let x = self.dropout.forward(x);
        self.fc8.forward(x)
    }
}
