//! DS-CNN (small) of "Hello Edge: keyword spotting on microcontrollers" (Zhang et al., 2018),
//! as PyTorch's `nn.Sequential` lists it.

use shapewise::network;

network! {
    /// A depthwise separable convolution: 3x3 per channel, then 1x1 across them.
    block Separable(channels) {
        depthwise_conv(3x3, padding = half), batch_norm, relu;
        conv(channels, 1x1), batch_norm, relu;
    }

    /// DS-CNN: a second of speech, as 49 frames of 10 coefficients, to one of 12 words.
    #[dtype(i8)]
    pub struct DsCnn(speech: 49x10x1) -> (words: 12) {
        pad([(4, 5), (1, 1)])                                       => 58x12x1;
        conv(64, 10x4, stride = 2), batch_norm, relu, dropout(0.2)  => 25x5x64;
        repeat 4 { #[flat] Separable(64); }                         => 25x5x64;
        dropout(0.4), avg_pool(25x5), flatten                       => 64;
        linear(12);

        assert params == 23_756;
        assert macs == 2_656_768;
        assert param_bytes <= 24KiB;
    }
}
