//! VGG-16, configuration D, on images of 3x224x224.

use candle_core::{Result, Tensor};
use candle_nn::{Conv2d, Conv2dConfig, Dropout, Linear, Module, VarBuilder, conv2d, linear};

/// 3x3 convolutions of as many channels, then a pooling that halves the image.
#[derive(Clone, Debug)]
struct Stage {
    convs: Vec<Conv2d>,
}

impl Stage {
    fn new(inputs: usize, outputs: usize, convs: usize, vb: VarBuilder) -> Result<Self> {
        let config = Conv2dConfig {
            padding: 1,
            ..Default::default()
        };
        let convs = (0..convs)
            .map(|i| {
                let inputs = if i == 0 { inputs } else { outputs };
                conv2d(inputs, outputs, 3, config, vb.pp(i))
            })
            .collect::<Result<_>>()?;
        Ok(Self { convs })
    }
}

impl Module for Stage {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let mut x = x.clone();
        for conv in &self.convs {
            x = conv.forward(&x)?.relu()?;
        }
        x.max_pool2d(2)
    }
}

#[derive(Clone, Debug)]
pub struct Vgg16 {
    stage1: Stage,
    stage2: Stage,
    stage3: Stage,
    stage4: Stage,
    stage5: Stage,
    fc6: Linear,
    fc7: Linear,
    fc8: Linear,
    dropout: Dropout,
}

impl Vgg16 {
    pub fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            stage1: Stage::new(3, 64, 2, vb.pp("stage1"))?,
            stage2: Stage::new(64, 128, 2, vb.pp("stage2"))?,
            stage3: Stage::new(128, 256, 3, vb.pp("stage3"))?,
            stage4: Stage::new(256, 512, 3, vb.pp("stage4"))?,
            stage5: Stage::new(512, 512, 3, vb.pp("stage5"))?,
            fc6: linear(512 * 7 * 7, 4096, vb.pp("fc6"))?,
            fc7: linear(4096, 4096, vb.pp("fc7"))?,
            fc8: linear(4096, CLASSES, vb.pp("fc8"))?,
            dropout: Dropout::new(0.5),
        })
    }

    pub fn forward(&self, image: &Tensor, train: bool) -> Result<Tensor> {
        let x = self.stage1.forward(image)?;
        let x = self.stage2.forward(&x)?;
        let x = self.stage3.forward(&x)?;
        let x = self.stage4.forward(&x)?;
        let x = self.stage5.forward(&x)?;
        let x = self.fc6.forward(&x.flatten_from(1)?)?.relu()?;
        let x = self.dropout.forward(&x, train)?;
        let x = self.fc7.forward(&x)?.relu()?;
        let x = self.dropout.forward(&x, train)?;
        self.fc8.forward(&x)
    }
}
