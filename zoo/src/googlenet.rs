//! GoogLeNet.
//!
//! Szegedy et al. 2014, [*Going deeper with convolutions*](https://arxiv.org/abs/1409.4842). As in torchvision
//! convolutions have batch normalisation, and the kernels that were 5x5 are 3x3. The two auxiliary heads, which only
//! training has, are left out.

shapewise::network! {
    /// A convolution with batch normalisation.
    pub block BasicConv2d(channels, kernel = 1x1, stride = 1) {
        conv: conv(channels, kernel, stride = stride, padding = half, bias = false);
        bn: batch_norm(eps = 0.001), relu;
    }

    /// Four branches side by side: 1x1, two of 3x3 behind a reduction each, and a pool.
    pub block Inception(ch1x1, ch3x3red, ch3x3, ch5x5red, ch5x5, pool_proj) {
        concat {
            branch { branch1: BasicConv2d(ch1x1); }
            branch { branch2: { BasicConv2d(ch3x3red); BasicConv2d(ch3x3, 3x3); } }
            branch { branch3: { BasicConv2d(ch5x5red); BasicConv2d(ch5x5, 3x3); } }
            branch { branch4: { max_pool(3x3, stride = 1, padding = 1, ceil_mode = true); BasicConv2d(pool_proj); } }
        }
    }

    /// torchvision's `googlenet`.
    pub struct GoogLeNet<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: BasicConv2d(64, 7x7, stride = 2);
        maxpool1: max_pool(3x3, stride = 2, ceil_mode = true);
        conv2: BasicConv2d(64);
        conv3: BasicConv2d(192, 3x3);
        maxpool2: max_pool(3x3, stride = 2, ceil_mode = true);
        inception3a: Inception(64, 96, 128, 16, 32, 32);
        inception3b: Inception(128, 128, 192, 32, 96, 64);
        maxpool3: max_pool(3x3, stride = 2, ceil_mode = true);
        inception4a: Inception(192, 96, 208, 16, 48, 64);
        inception4b: Inception(160, 112, 224, 24, 64, 64);
        inception4c: Inception(128, 128, 256, 24, 64, 64);
        inception4d: Inception(112, 144, 288, 32, 64, 64);
        inception4e: Inception(256, 160, 320, 32, 128, 128);
        maxpool4: max_pool(2x2, ceil_mode = true);
        inception5a: Inception(256, 160, 320, 32, 128, 128);
        inception5b: Inception(384, 192, 384, 48, 128, 128);
        avgpool: adaptive_avg_pool(1x1), flatten, dropout(0.2);
        fc: linear(CLASSES);
    }
}
