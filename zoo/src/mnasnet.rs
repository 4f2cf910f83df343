//! MNASNet, Tan et al. 2018: torchvision's tensor names, whose weights load.

shapewise::network! {
    block InvertedResidual(mid, out, kernel = 5x5, stride = 1) {
        residual if input.channels == out {
            #[name = "layers"] {
                conv(mid, 1x1, bias = false), batch_norm(momentum = 0.00029999999999996696), relu;
                depthwise_conv(kernel, stride = stride, padding = half, bias = false),
                    batch_norm(momentum = 0.00029999999999996696), relu;
                conv(out, 1x1, bias = false), batch_norm(momentum = 0.00029999999999996696);
            }
        }
    }

    /// torchvision's `mnasnet0_5`: 2,218,512 parameters, 104,455,968 MACs on 224x224x3.
    pub struct MnasNet05<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        #[name = "layers"] {
            conv(16, 3x3, stride = 2, padding = half, bias = false),
                batch_norm(momentum = 0.00029999999999996696), relu;
            depthwise_conv(3x3, padding = half, bias = false),
                batch_norm(momentum = 0.00029999999999996696), relu;
            conv(8, 1x1, bias = false), batch_norm(momentum = 0.00029999999999996696);
            { InvertedResidual(24, 16, 3x3, stride = 2); repeat 2 { InvertedResidual(48, 16, 3x3); } }
            { InvertedResidual(48, 24, stride = 2); repeat 2 { InvertedResidual(72, 24); } }
            { InvertedResidual(144, 40, stride = 2); repeat 2 { InvertedResidual(240, 40); } }
            { InvertedResidual(240, 48, 3x3); InvertedResidual(288, 48, 3x3); }
            { InvertedResidual(288, 96, stride = 2); repeat 3 { InvertedResidual(576, 96); } }
            { InvertedResidual(576, 160, 3x3); }
            conv(1280, 1x1, bias = false), batch_norm(momentum = 0.00029999999999996696), relu;
        }
        global_avg_pool;
        classifier: { dropout(0.2); linear(CLASSES); }
    }

    /// torchvision's `mnasnet1_0`: 4,383,312 parameters, 314,415,872 MACs on 224x224x3.
    pub struct MnasNet10<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        #[name = "layers"] {
            conv(32, 3x3, stride = 2, padding = half, bias = false),
                batch_norm(momentum = 0.00029999999999996696), relu;
            depthwise_conv(3x3, padding = half, bias = false),
                batch_norm(momentum = 0.00029999999999996696), relu;
            conv(16, 1x1, bias = false), batch_norm(momentum = 0.00029999999999996696);
            { InvertedResidual(48, 24, 3x3, stride = 2); repeat 2 { InvertedResidual(72, 24, 3x3); } }
            { InvertedResidual(72, 40, stride = 2); repeat 2 { InvertedResidual(120, 40); } }
            { InvertedResidual(240, 80, stride = 2); repeat 2 { InvertedResidual(480, 80); } }
            { InvertedResidual(480, 96, 3x3); InvertedResidual(576, 96, 3x3); }
            { InvertedResidual(576, 192, stride = 2); repeat 3 { InvertedResidual(1152, 192); } }
            { InvertedResidual(1152, 320, 3x3); }
            conv(1280, 1x1, bias = false), batch_norm(momentum = 0.00029999999999996696), relu;
        }
        global_avg_pool;
        classifier: { dropout(0.2); linear(CLASSES); }
    }
}
