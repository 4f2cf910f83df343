//! U-Net (Ronneberger et al., 2015) with padding, on 256x256: what the encoder saw is read again
//! by the decoder.

use shapewise::network;

network! {
    /// Two convolutions of 3x3.
    block DoubleConv(channels) {
        repeat 2 { conv(channels, 3x3, padding = half, bias = false), batch_norm, relu; }
    }

    /// U-Net: a mask for an image.
    pub struct UNet(image: 256x256x3) -> (mask: 256x256x1) {
        enc: repeat i in 0..4 {
            skip: #[flat] DoubleConv(64 << i);
            max_pool(2x2);
        }                                                               => 16x16x512;
        bottom: DoubleConv(1024)                                        => 16x16x1024;
        repeat i in 0..4 {
            #[name = "up.{i}"]
            conv_transpose(512 >> i, 2x2, stride = 2);
            concat(enc.{3 - i}.skip, _);
            #[name = "dec.{i}"]
            DoubleConv(512 >> i);
        }                                                               => 256x256x64;
        head: conv(1, 1x1);

        assert params == 31_037_633;
        assert macs == 48_167_387_136;
    }
}

fn main() {
    println!("{}", UNet::summary().for_terminal());
}
