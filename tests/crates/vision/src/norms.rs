//! What the blocks are made of.

nets::network! {
    /// A convolution with its normalisation.
    pub block Norm(channels, kernel = 3x3, stride = 1, act = relu) {
        conv(channels, kernel, stride = stride, padding = half, bias = false), batch_norm, act;
    }
}
