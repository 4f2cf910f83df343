//! Blocks that other crates use.

/// A number of the library's.
pub const EXPANSION: usize = 4;

nets::network! {
    use crate::norms::Norm as ConvNorm;

    /// The block of ResNet-50.
    pub block Bottleneck(mid, out = 4 * mid, stride = 1) {
        residual {
            ConvNorm(mid, 1x1);
            ConvNorm(mid, stride = stride);
            Last(out);
        } shortcut if stride != 1 || input.channels != out {
            ConvNorm(out, 1x1, stride = stride, act = none);
        }
        relu;
    }

    /// As many channels as the library says, in groups.
    pub block Wide(groups, times = crate::blocks::EXPANSION) {
        conv(8 * times, 1x1), group_norm(groups = groups);
        conv({ crate::blocks::EXPANSION + 1 }, 1x1);
    }

    pub(crate) block Inner(channels) { conv(channels, 3x3, padding = half); }

    block Last(channels) { ConvNorm(channels, 1x1, act = none); }

    /// A network beside them.
    pub struct Tiny(image: 8x8x64) -> (map: 8x8x64) { Bottleneck(16); }
}

/// A block of the same crate.
pub mod inside {
    nets::network! {
        use super::{Inner, Tail};

        /// What is seen in its own crate only.
        pub struct Uses(image: 8x8x64) -> (map: 8x8x10) { Inner(32); Tail(10); }
    }
}

nets::network! {
    /// After the network that uses it.
    pub block Tail(classes) { relu, conv(classes, 1x1); }
}
