//! A U-Net: blocks in blocks, groups, what the decoder reads of the encoder.

use shapewise::network;

network! {
    /// Two convolutions.
    block Double(channels, act = relu) {
        //       ^ hover channels
        repeat 2 { conv(channels, 3x3, padding = half, bias = false), batch_norm, act; }
        //         ^! hover Convolution: | in `UNet.
        //              ^ goes channels, act
        //                                                                        ^ goes act = relu
        //  ^ hover so many times
    }

    /// A step down, and what the way up reads.
    block Down(channels) {
        skip: Double(channels);
        //    ^ goes Double(channels, act
        //           ^ goes channels) {
        max_pool(2x2);
        // ^ hover pooling
    }

    block Up(channels, skip) {
        conv_transpose(channels, 2x2, stride = 2);
        //                            ^ hover moves | Default
        concat(skip, _);
        //     ^ hover parameter
        //           ^ hover flow at this point
        Double(channels, act = gelu);
        //                     ^ hover Gaussian error linear unit
        //               ^ goes act = relu
    }

    /// A mask for an image.
    pub struct UNet(image: 64x64x3) -> (mask: 64x64x1) {
        down: Down(16);
        //^ hover 32x32x16 | DOWN
        encoder: {
            //^! hover 16x16x64 | ENCODER
            low: Down(32);
            //^ references 2
            //^ renames 2
            deep: Double(64) => 16x16x64;
            //    ^ goes Double(channels, act
        }
        middle: Up(32, encoder.low.skip);
        //      ^ goes Up(channels
        up: Up(16, down.skip);
        //         ^ goes down: Down
        //              ^ goes skip: Double
        //              ^ hover 64x64x16
        mask: conv(1, 1x1);
        //^ hover 64x64x1 | 17 parameters
        //    ^ hover 16*1 + 1 = 17 | 64x64x16 -> 64x64x1

        assert params <= 1M;
        //     ^ hover parameters
    }
}

const PARAMS: u64 = UNet::MASK.params;
//                        ^ goes mask: conv
//                        ^ hover 64x64x1
//~ Up(16, down.skip) => Up(16, down.$) completes skip | height | -relu
//~ Up(16, down.skip) => Up(16, $) completes down | skip | encoder
//~ Down(16) => Do$ completes Down | Double
//~ mask: conv => co\n        mask: conv
//~ encoder: { => encoder: { x: 
//~ conv(1, 1x1) => conv(1, , 1x1)
//~ assert params => assert $ completes params | macs | -relu
