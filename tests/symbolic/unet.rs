//! U-Net, generic over its classes.

use shapewise::{Network, Shape, network};

network! {
    block DoubleConv(channels) {
        repeat 2 { conv(channels, 3x3, padding = half, bias = false), batch_norm, relu; }
    }

    /// U-Net: a class for each pixel of an image.
    pub struct UNet<const CLASSES: usize = 1, const BIAS: bool = true>(image: 256x256x3)
        -> (mask: [256, 256, CLASSES])
    {
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
        head: conv(CLASSES, 1x1, bias = BIAS);

        assert params <= 31_037_568 + 65 * CLASSES;
    }
}

type Binary = UNet;

const _: () = assert!(Binary::PARAMS == 31_037_633);
const _: () = assert!(UNet::<21, true>::PARAMS == 31_037_568 + 65 * 21);

#[test]
fn two_instances_have_figures_of_their_own() {
    assert_eq!(<UNet>::MACS, 48_167_387_136);
    assert_eq!(<UNet<21>>::OUTPUT, Shape::new(&[256, 256, 21]));
    assert_eq!(UNet::<2, false>::BIASES, <UNet>::BIASES - 1);
    let head = UNet::<21, true>::GRAPH
        .layer("head")
        .map(|node| node.counts);
    assert_eq!(
        head.map(|counts| (counts.weights, counts.biases)),
        Some((64 * 21, 21))
    );
    // What does not depend on the classes is the same constant everywhere.
    assert_eq!(UNet::<3, true>::BOTTOM, <UNet>::BOTTOM);
    assert_eq!(UNet::<3, true>::HEAD.output.channels(), 3);
}
