//! Small networks of other kinds: sequences, sound, two outputs, upsampling, shared weights.

use shapewise::network;

network! {
    /// Two layers of GRU over embedded tokens, to a class.
    pub struct GruClassifier(tokens: 50) -> (classes: 5) {
        embedding: embedding(10_000, 128);
        gru: gru(256, layers = 2, bidirectional = true, return_sequence = false) => 512;
        fc: linear(5);
        // 1,280,000; 2 * (3 * 256 * (128 + 256 + 2)) and 2 * (3 * 256 * (512 + 256 + 2)); 2,565.
        assert params == 1_280_000 + 592_896 + 1_182_720 + 2_565;
    }

    /// A gated dilated convolution; the skip is read by whoever wants it.
    block Gated(channels, dilation) {
        residual {
            concat {
                branch { conv(channels, 2, dilation = dilation, padding = causal); }
                branch { conv(channels, 2, dilation = dilation, padding = causal); }
            }
            (filter, gate): channel_split(2);
            squashed: from filter, tanh;
            from gate, sigmoid;
            mul(squashed, _);
            skip: conv(channels, 1);
        }
    }

    /// After WaveNet (van den Oord et al., 2016): a receptive field of 1,024 samples.
    pub struct WaveNet(sound: 4096x1) -> (samples: 4096x256) {
        front: conv(32, 1);
        #[allow(unused_value)]
        stack: repeat i in 0..10 { layer: Gated(32, dilation = 1 << i); }
        add(stack.*.layer.skip), relu;
        conv(256, 1), relu;
        conv(256, 1);
        // 64; ten times 2 * 2,080 + 1,056; 32 * 256 + 256; 256 * 256 + 256.
        assert params == 64 + 10 * 5_216 + 8_448 + 65_792;
        assert receptive_field == [1024];
    }

    block Conv(channels, kernel, stride = 1) {
        conv: conv(channels, kernel, stride = stride, padding = half, bias = false);
        bn: batch_norm, leaky_relu(0.1);
    }

    /// A detector with three outputs, at three resolutions, after YOLOv3-tiny.
    pub struct Detector(image: 256x256x3)
        -> (small: 32x32x255, medium: 16x16x255, large: 8x8x255)
    {
        stem: Conv(16, 3x3);
        stages: repeat i in 0..5 { out: Conv(32 << i, 3x3, stride = 2); }  => 8x8x512;
        large: conv(255, 1x1);
        from stages.{4}.out, Conv(128, 1x1), upsample(scale = 2);
        p4: concat(_, stages.{3}.out)                                       => 16x16x384;
        medium: conv(255, 1x1);
        from p4, Conv(64, 1x1), upsample(scale = 2);
        concat(_, stages.{2}.out)                                           => 32x32x192;
        small: conv(255, 1x1);
        // The stem and the stages; the heads; the two convolutions before the upsampling.
        assert params == 464 + 1_573_312 + 130_815 + 98_175 + 49_215 + 65_792 + 24_704;
    }

    block AsppConv(dilation) {
        conv(256, 3x3, padding = dilation, dilation = dilation, bias = false), batch_norm, relu;
    }

    /// DeepLab's head on the features of a ResNet-50 whose stride is 8, as torchvision has it.
    pub struct DeepLabHead(features: 28x28x2048) -> (map: 224x224x21) {
        classifier: {
            {
                convs: concat {
                    branch { { conv(256, 1x1, bias = false), batch_norm, relu; } }
                    branch { AsppConv(12); }
                    branch { AsppConv(24); }
                    branch { AsppConv(36); }
                    branch {
                        {
                            adaptive_avg_pool(1x1);
                            conv(256, 1x1, bias = false), batch_norm, relu;
                            upsample(size = 28x28, mode = bilinear);
                        }
                    }
                }
                project: { conv(256, 1x1, bias = false), batch_norm, relu, dropout(0.5); }
            }
            conv(256, 3x3, padding = half, bias = false), batch_norm, relu;
            conv(21, 1x1);
        }
        upsample(size = 224x224, mode = bilinear);
        // 42,004,074 of `deeplabv3_resnet50`, without the 23,508,032 of its backbone and the
        // 2,365,205 of its auxiliary head.
        assert params == 16_130_837;
    }

    /// What both sides of the Siamese network are.
    pub struct Tower(image: 105x105x1) -> (embedding: 4096) {
        conv(64, 10x10), relu, max_pool(2x2);
        conv(128, 7x7), relu, max_pool(2x2);
        conv(128, 4x4), relu, max_pool(2x2);
        conv(256, 4x4), relu                => 6x6x256;
        flatten, linear(4096), sigmoid;
    }

    /// Koch et al., 2015: two images, the same weights, one answer.
    pub struct Siamese(left: 105x105x1, right: 105x105x1) -> (same: 1) {
        a: from left, Tower;
        b: from right, Tower(shared = a);
        sub(a, b);
        score: linear(1), sigmoid;
        assert params == 38_951_745;
    }

    /// Two convolutions of 3x3x3.
    block VideoBlock(channels, stride = 1) {
        residual {
            conv1: {
                conv(channels, 3x3x3, stride = stride, padding = half, bias = false);
                batch_norm, relu;
            }
            conv2: { conv(channels, 3x3x3, padding = half, bias = false), batch_norm; }
        } shortcut if stride != 1 || input.channels != channels {
            downsample: { conv(channels, 1x1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }

    /// R3D-18 (Tran et al., 2018), as torchvision has it: 16 frames of 112x112.
    pub struct R3d18(video: 16x112x112x3) -> (classes: 400) {
        stem: {
            conv(64, 3x7x7, stride = 1x2x2, padding = half, bias = false), batch_norm, relu;
        }                                                           => 16x56x56x64;
        layer1: { VideoBlock(64); VideoBlock(64); }                 => 16x56x56x64;
        layer2: { VideoBlock(128, 2); VideoBlock(128); }            => 8x28x28x128;
        layer3: { VideoBlock(256, 2); VideoBlock(256); }            => 4x14x14x256;
        layer4: { VideoBlock(512, 2); VideoBlock(512); }            => 2x7x7x512;
        avgpool: adaptive_avg_pool(1x1x1), flatten;
        fc: linear(400);
        assert params == 33_371_472;
    }
}
