//! AlexNet as one tower, on images of 3x227x227.

use candle_core::{Result, Tensor};
use candle_nn::{Conv2d, Conv2dConfig, Dropout, Linear, Module, VarBuilder, conv2d, linear};

#[derive(Clone, Debug)]
pub struct AlexNet {
    conv1: Conv2d,
    conv2: Conv2d,
    conv3: Conv2d,
    conv4: Conv2d,
    conv5: Conv2d,
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
    dropout: Dropout,
}

impl AlexNet {
    pub fn new(vb: VarBuilder) -> Result<Self> {
        let config = |stride, padding| Conv2dConfig {
            stride,
            padding,
            ..Default::default()
        };
        Ok(Self {
            conv1: conv2d(3, 96, 11, config(4, 0), vb.pp("conv1"))?,
            conv2: conv2d(96, 256, 5, config(1, 2), vb.pp("conv2"))?,
            conv3: conv2d(256, 384, 3, config(1, 1), vb.pp("conv3"))?,
            conv4: conv2d(384, 384, 3, config(1, 1), vb.pp("conv4"))?,
            conv5: conv2d(384, 256, 3, config(1, 1), vb.pp("conv5"))?,
            fc1: linear(256 * 6 * 6, 4096, vb.pp("fc1"))?,
            fc2: linear(4096, 4096, vb.pp("fc2"))?,
            fc3: linear(4096, CLASSES, vb.pp("fc3"))?,
            dropout: Dropout::new(0.5),
        })
    }

    pub fn forward(&self, image: &Tensor, train: bool) -> Result<Tensor> {
        let x = self.conv1.forward(image)?.relu()?;
        let x = x.max_pool2d_with_stride(3, 2)?;
        let x = self.conv2.forward(&x)?.relu()?;
        let x = x.max_pool2d_with_stride(3, 2)?;
        let x = self.conv3.forward(&x)?.relu()?;
        let x = self.conv4.forward(&x)?.relu()?;
        let x = self.conv5.forward(&x)?.relu()?;
        let x = x.max_pool2d_with_stride(3, 2)?;
        let x = self.fc1.forward(&x.flatten_from(1)?)?.relu()?;
        let x = self.dropout.forward(&x, train)?;
        let x = self.fc2.forward(&x)?.relu()?;
        let x = self.dropout.forward(&x, train)?;
        self.fc3.forward(&x)
    }
}
