//! The formulas of convolution and pooling against counting: every window is
//! laid position by position, every tap of a transposed convolution is taken,
//! every product is counted.

mod brute_force {
    pub(crate) mod axes;
    mod huge;
    mod macs;
    mod paddings;
    mod transposed;
    mod windows;
}
