//! A network that fits a test, which engines share.

shapewise::network! {
    /// Two convolutions of 3x3, added to what came in.
    block BasicBlock(channels, stride = 1) {
        residual {
            conv1: conv(channels, 3x3, stride = stride, padding = half, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(channels, 3x3, padding = half, bias = false);
            bn2: batch_norm;
        } shortcut if stride != 1 || input.channels != channels {
            downsample: { conv(channels, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }

    /// A residual network as ResNet-18, with few layers.
    pub struct Small(image: 32x32x3) -> (logits: 10) {
        conv1: conv(8, 3x3, padding = half, bias = false);
        bn1: batch_norm, relu;
        layer1: repeat 1 { BasicBlock(8); }
        layer2: repeat 1 { BasicBlock(12, stride = 2); }
        pool: global_avg_pool;
        fc: linear(10);
    }

    /// The same in half precision.
    #[dtype(f16)]
    pub struct SmallHalf(image: 32x32x3) -> (logits: 10) {
        conv1: conv(8, 3x3, padding = half, bias = false);
        bn1: batch_norm, relu;
        layer1: repeat 1 { BasicBlock(8); }
        layer2: repeat 1 { BasicBlock(12, stride = 2); }
        pool: global_avg_pool;
        fc: linear(10);
    }
}
