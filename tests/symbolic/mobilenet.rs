//! MobileNetV2, its widths Rust constants.

use shapewise::{Network, network};

/// The widths of the paper's table, times a multiplier.
mod steps {
    const MULTIPLIER: usize = 1;
    pub(super) const STEM: usize = 32 * MULTIPLIER;
    pub(super) const A: usize = 16 * MULTIPLIER;
    pub(super) const B: usize = 24 * MULTIPLIER;
    pub(super) const C: usize = 32 * MULTIPLIER;
    pub(super) const D: usize = 64 * MULTIPLIER;
    pub(super) const E: usize = 96 * MULTIPLIER;
    pub(super) const F: usize = 160 * MULTIPLIER;
    pub(super) const G: usize = 320 * MULTIPLIER;
    pub(super) const LAST: usize = 1280;
}

network! {
    block ConvNorm(channels, kernel, stride = 1, groups = 1) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false);
        batch_norm, relu6;
    }

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

    block Row(expand, channels, copies, stride) {
        InvertedResidual(channels, expand, stride);
        repeat copies - 1 { InvertedResidual(channels, expand, 1); }
    }

    /// MobileNetV2 of other widths.
    pub struct MobileNetV2(image: 224x224x3) -> (logits: 1000) {
        features: {
            ConvNorm(steps::STEM, 3x3, stride = 2);
            #[flat] Row(1, steps::A, 1, 1);
            #[flat] Row(6, steps::B, 2, 2);
            #[flat] Row(6, steps::C, 3, 2);
            #[flat] Row(6, steps::D, 4, 2);
            #[flat] Row(6, steps::E, 3, 1);
            #[flat] Row(6, steps::F, 3, 2);
            #[flat] Row(6, steps::G, 1, 1);
            ConvNorm(steps::LAST, 1x1);
        }
        global_avg_pool;
        classifier: { dropout(0.2), linear(1000); }

        assert params == 3_504_872;
        assert macs == 300_774_272;
    }
}

const _: () = assert!(MobileNetV2::PARAMS == 3_504_872);

#[test]
fn residuals_are_added_where_the_widths_are_the_same_constant() {
    let additions = MobileNetV2::GRAPH.nodes().iter();
    assert_eq!(
        additions.filter(|node| node.entry().name == "add").count(),
        10
    );
    // The hidden channels, six times 24, are computed from a constant.
    let mut layers = MobileNetV2::GRAPH.nodes().iter();
    assert!(
        layers.any(|node| { node.path.ends_with("conv.1.0") && node.counts.weights == 6 * 24 * 9 })
    );
    assert_eq!(MobileNetV2::FEATURES.output.as_slice(), [7, 7, 1280]);
}
