//! MNASNet.
//!
//! Tan et al. 2018, [*MnasNet: Platform-aware neural architecture search for mobile*](https://arxiv.org/abs/1807.11626),
//! the model B1. The names end with the factor of all widths.

shapewise::network! {
    /// Many channels inside, few outside; added to what came in where the shapes are the same.
    pub block InvertedResidual(out, kernel, stride = 1, expansion = 6) {
        let hidden = expansion * input.channels;
        residual if stride == 1 && input.channels == out {
            #[name = "layers"] {
                conv(hidden, 1x1, bias = false), batch_norm(momentum = 0.0003), relu;
                depthwise_conv(kernel, stride = stride, padding = half, bias = false),
                    batch_norm(momentum = 0.0003), relu;
                conv(out, 1x1, bias = false), batch_norm(momentum = 0.0003);
            }
        }
    }

    /// Blocks with the same number of channels, of which the first has the stride.
    pub block Stack(out, kernel, stride, expansion, blocks) {
        InvertedResidual(out, kernel, stride = stride, expansion = expansion);
        repeat blocks - 1 { InvertedResidual(out, kernel, expansion = expansion); }
    }

    /// torchvision's `mnasnet0_5`.
    pub struct MnasNet0_5<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        #[name = "layers"] features: {
            conv(16, 3x3, stride = 2, padding = half, bias = false), batch_norm(momentum = 0.0003), relu;
            depthwise_conv(3x3, padding = half, bias = false), batch_norm(momentum = 0.0003), relu;
            conv(8, 1x1, bias = false), batch_norm(momentum = 0.0003);
            Stack(16, 3x3, stride = 2, expansion = 3, blocks = 3);
            Stack(24, 5x5, stride = 2, expansion = 3, blocks = 3);
            Stack(40, 5x5, stride = 2, expansion = 6, blocks = 3);
            Stack(48, 3x3, stride = 1, expansion = 6, blocks = 2);
            Stack(96, 5x5, stride = 2, expansion = 6, blocks = 4);
            Stack(160, 3x3, stride = 1, expansion = 6, blocks = 1);
            conv(1280, 1x1, bias = false), batch_norm(momentum = 0.0003), relu;
        }
        global_avg_pool;
        classifier: { dropout(0.2); linear(CLASSES); }
    }

    /// torchvision's `mnasnet0_75`.
    pub struct MnasNet0_75<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        #[name = "layers"] features: {
            conv(24, 3x3, stride = 2, padding = half, bias = false), batch_norm(momentum = 0.0003), relu;
            depthwise_conv(3x3, padding = half, bias = false), batch_norm(momentum = 0.0003), relu;
            conv(16, 1x1, bias = false), batch_norm(momentum = 0.0003);
            Stack(24, 3x3, stride = 2, expansion = 3, blocks = 3);
            Stack(32, 5x5, stride = 2, expansion = 3, blocks = 3);
            Stack(64, 5x5, stride = 2, expansion = 6, blocks = 3);
            Stack(72, 3x3, stride = 1, expansion = 6, blocks = 2);
            Stack(144, 5x5, stride = 2, expansion = 6, blocks = 4);
            Stack(240, 3x3, stride = 1, expansion = 6, blocks = 1);
            conv(1280, 1x1, bias = false), batch_norm(momentum = 0.0003), relu;
        }
        global_avg_pool;
        classifier: { dropout(0.2); linear(CLASSES); }
    }

    /// torchvision's `mnasnet1_0`.
    pub struct MnasNet1_0<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        #[name = "layers"] features: {
            conv(32, 3x3, stride = 2, padding = half, bias = false), batch_norm(momentum = 0.0003), relu;
            depthwise_conv(3x3, padding = half, bias = false), batch_norm(momentum = 0.0003), relu;
            conv(16, 1x1, bias = false), batch_norm(momentum = 0.0003);
            Stack(24, 3x3, stride = 2, expansion = 3, blocks = 3);
            Stack(40, 5x5, stride = 2, expansion = 3, blocks = 3);
            Stack(80, 5x5, stride = 2, expansion = 6, blocks = 3);
            Stack(96, 3x3, stride = 1, expansion = 6, blocks = 2);
            Stack(192, 5x5, stride = 2, expansion = 6, blocks = 4);
            Stack(320, 3x3, stride = 1, expansion = 6, blocks = 1);
            conv(1280, 1x1, bias = false), batch_norm(momentum = 0.0003), relu;
        }
        global_avg_pool;
        classifier: { dropout(0.2); linear(CLASSES); }
    }

    /// torchvision's `mnasnet1_3`.
    pub struct MnasNet1_3<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        #[name = "layers"] features: {
            conv(40, 3x3, stride = 2, padding = half, bias = false), batch_norm(momentum = 0.0003), relu;
            depthwise_conv(3x3, padding = half, bias = false), batch_norm(momentum = 0.0003), relu;
            conv(24, 1x1, bias = false), batch_norm(momentum = 0.0003);
            Stack(32, 3x3, stride = 2, expansion = 3, blocks = 3);
            Stack(56, 5x5, stride = 2, expansion = 3, blocks = 3);
            Stack(104, 5x5, stride = 2, expansion = 6, blocks = 3);
            Stack(128, 3x3, stride = 1, expansion = 6, blocks = 2);
            Stack(248, 5x5, stride = 2, expansion = 6, blocks = 4);
            Stack(416, 3x3, stride = 1, expansion = 6, blocks = 1);
            conv(1280, 1x1, bias = false), batch_norm(momentum = 0.0003), relu;
        }
        global_avg_pool;
        classifier: { dropout(0.2); linear(CLASSES); }
    }
}
