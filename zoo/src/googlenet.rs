//! GoogLeNet, Szegedy et al. 2014, without its auxiliary heads: torchvision's tensor names, whose weights load.

shapewise::network! {
    block BasicConv2d(channels, kernel = 1x1, stride = 1) {
        conv: conv(channels, kernel, stride = stride, padding = half, bias = false);
        bn: batch_norm(eps = 0.001), relu;
    }

    block Inception(channels, channels2, channels3, channels4, channels5, out) {
        concat {
            branch { branch1: BasicConv2d(channels); }
            branch { branch2: { BasicConv2d(channels2); BasicConv2d(channels3, 3x3); } }
            branch { branch3: { BasicConv2d(channels4); BasicConv2d(channels5, 3x3); } }
            branch {
                branch4: { max_pool(3x3, stride = 1, padding = 1, ceil_mode = true); BasicConv2d(out); }
            }
        }
    }

    /// torchvision's `googlenet`: 6,624,904 parameters, 1,498,376,192 MACs on 224x224x3.
    pub struct GoogLeNet<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: BasicConv2d(64, 7x7, stride = 2);
        maxpool1: max_pool(3x3, stride = 2, ceil_mode = true);
        conv2: BasicConv2d(64);
        conv3: BasicConv2d(192, 3x3);
        maxpool2: max_pool(3x3, stride = 2, ceil_mode = true);
        inception3a: Inception(64, 96, 128, channels4 = 16, channels5 = 32, out = 32);
        inception3b: Inception(128, 128, 192, channels4 = 32, channels5 = 96, out = 64);
        maxpool3: max_pool(3x3, stride = 2, ceil_mode = true);
        inception4a: Inception(192, 96, 208, channels4 = 16, channels5 = 48, out = 64);
        inception4b: Inception(160, 112, 224, channels4 = 24, channels5 = 64, out = 64);
        inception4c: Inception(128, 128, 256, channels4 = 24, channels5 = 64, out = 64);
        inception4d: Inception(112, 144, 288, channels4 = 32, channels5 = 64, out = 64);
        inception4e: Inception(256, 160, 320, channels4 = 32, channels5 = 128, out = 128);
        maxpool4: max_pool(2x2, ceil_mode = true);
        inception5a: Inception(256, 160, 320, channels4 = 32, channels5 = 128, out = 128);
        inception5b: Inception(384, 192, 384, channels4 = 48, channels5 = 128, out = 128);
        avgpool: adaptive_avg_pool(1x1), flatten, dropout(0.2);
        fc: linear(CLASSES);
    }
}
