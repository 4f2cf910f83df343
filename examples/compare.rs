//! What changed from one network to another: VGG-16 against its variant with
//! batch normalisation, and MobileNetV2 at two widths.
//!
//! `cargo run --example compare`; with `--markdown`, as for a pull request.

use shapewise::compare;
use shapewise::report::{Change, Comparison};

mod vgg {
    shapewise::network! {
        block Stage(channels, convolutions) {
            repeat convolutions { conv(channels, 3x3, padding = half), relu; }
            max_pool(2x2);
        }

        /// Normalised, the convolutions keep their biases, as in torchvision.
        block NormStage(channels, convolutions) {
            repeat convolutions { conv(channels, 3x3, padding = half), batch_norm, relu; }
            max_pool(2x2);
        }

        block Classifier() {
            linear(4096), relu, dropout(0.5);
            linear(4096), relu, dropout(0.5);
            linear(1000);
        }

        /// VGG-16 (Simonyan and Zisserman, 2015).
        pub struct Vgg16(image: 224x224x3) -> (logits: 1000) {
            features: {
                stage1: Stage(64, 2);
                stage2: Stage(128, 2);
                stage3: Stage(256, 3);
                stage4: Stage(512, 3);
                stage5: Stage(512, 3)   => 7x7x512;
            }
            flatten;
            classifier: Classifier();

            assert params == 138_357_544;
        }

        /// VGG-16 with batch normalisation.
        pub struct Vgg16Norm(image: 224x224x3) -> (logits: 1000) {
            features: {
                stage1: NormStage(64, 2);
                stage2: NormStage(128, 2);
                stage3: NormStage(256, 3);
                stage4: NormStage(512, 3);
                stage5: NormStage(512, 3)   => 7x7x512;
            }
            flatten;
            classifier: Classifier();

            assert params == 138_365_992;
        }
    }
}

mod mobilenet {
    shapewise::network! {
        block ConvNorm(channels, kernel, stride = 1, groups = 1) {
            conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false);
            batch_norm, relu6;
        }

        block InvertedResidual(out, expand, stride) {
            let hidden = input.channels * expand;
            residual if stride == 1 && input.channels == out {
                if expand != 1 { ConvNorm(hidden, 1x1); }
                ConvNorm(hidden, 3x3, stride = stride, groups = hidden);
                conv(out, 1x1, bias = false), batch_norm;
            }
        }

        block Row(expand, channels, copies, stride) {
            InvertedResidual(channels, expand, stride);
            repeat copies - 1 { InvertedResidual(channels, expand, 1); }
        }

        /// MobileNetV2 (Sandler et al., 2018) of width 1.
        pub struct MobileNetV2(image: 224x224x3) -> (logits: 1000) {
            stem: ConvNorm(32, 3x3, stride = 2);
            row1: Row(1, 16, 1, 1);
            row2: Row(6, 24, 2, 2);
            row3: Row(6, 32, 3, 2);
            row4: Row(6, 64, 4, 2);
            row5: Row(6, 96, 3, 1);
            row6: Row(6, 160, 3, 2);
            row7: Row(6, 320, 1, 1);
            last: ConvNorm(1280, 1x1)       => 7x7x1280;
            head: global_avg_pool, dropout(0.2), linear(1000);

            assert params == 3_504_872;
        }

        /// MobileNetV2 of width 0.5: channels halved, then rounded to multiples of
        /// 8 as its authors round them; the last convolution stays.
        pub struct MobileNetV2Half(image: 224x224x3) -> (logits: 1000) {
            stem: ConvNorm(16, 3x3, stride = 2);
            row1: Row(1, 8, 1, 1);
            row2: Row(6, 16, 2, 2);
            row3: Row(6, 16, 3, 2);
            row4: Row(6, 32, 4, 2);
            row5: Row(6, 48, 3, 1);
            row6: Row(6, 80, 3, 2);
            row7: Row(6, 160, 1, 1);
            last: ConvNorm(1280, 1x1)       => 7x7x1280;
            head: global_avg_pool, dropout(0.2), linear(1000);

            assert params == 1_968_680;
        }
    }
}

fn main() {
    let markdown = std::env::args().any(|argument| argument == "--markdown");
    let comparisons: [Comparison; 2] = [
        compare::<vgg::Vgg16, vgg::Vgg16Norm>(),
        // The statements of the body alone: its blocks differ all through.
        compare::<mobilenet::MobileNetV2, mobilenet::MobileNetV2Half>().depth(1),
    ];
    for comparison in comparisons {
        match markdown {
            true => println!("{}", comparison.markdown()),
            false => println!("{}", comparison.for_terminal()),
        }
    }

    // The same as data.
    let grown = comparisons[0].differences().filter(|difference| {
        difference.change == Change::Changed && difference.before.is_some_and(|row| row.depth == 1)
    });
    assert_eq!(grown.count(), 5);
}
