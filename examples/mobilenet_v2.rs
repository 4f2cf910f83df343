//! MobileNetV2 (Sandler et al., 2018), as torchvision has it: conditions on what flows.

use shapewise::network;

network! {
    block ConvNorm(channels, kernel, stride = 1, groups = 1) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false);
        batch_norm, relu6;
    }

    /// Many channels inside, few outside; added to what came in where the shapes are the same.
    block InvertedResidual(out, expand, stride) {
        let hidden = input.channels * expand;
        residual if stride == 1 && input.channels == out {
            conv: {
                if expand != 1 { ConvNorm(hidden, 1x1); }
                ConvNorm(hidden, 3x3, stride = stride, groups = hidden);
                conv(out, 1x1, bias = false), batch_norm;
            }
        }
    }

    /// A row of the paper's table: t, c, n and s.
    block Row(expand, channels, copies, stride) {
        InvertedResidual(channels, expand, stride);
        repeat copies - 1 { InvertedResidual(channels, expand, 1); }
    }

    /// MobileNetV2 of width 1.
    pub struct MobileNetV2(image: 224x224x3) -> (logits: 1000) {
        features: {
            ConvNorm(32, 3x3, stride = 2)   => 112x112x32;
            #[flat] Row(1, 16, 1, 1)        => 112x112x16;
            #[flat] Row(6, 24, 2, 2)        => 56x56x24;
            #[flat] Row(6, 32, 3, 2)        => 28x28x32;
            #[flat] Row(6, 64, 4, 2)        => 14x14x64;
            #[flat] Row(6, 96, 3, 1)        => 14x14x96;
            #[flat] Row(6, 160, 3, 2)       => 7x7x160;
            #[flat] Row(6, 320, 1, 1)       => 7x7x320;
            ConvNorm(1280, 1x1)             => 7x7x1280;
        }
        global_avg_pool                     => 1280;
        classifier: { dropout(0.2), linear(1000); }

        assert params == 3_504_872;
        assert macs == 300_774_272;
    }
}

fn main() {
    println!("{}", MobileNetV2::summary().for_terminal());
}
