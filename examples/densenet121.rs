//! DenseNet-121 (Huang et al., 2017), as torchvision has it: every layer reads all before it.

use shapewise::network;

network! {
    /// `growth` channels more, after all that came in.
    block DenseLayer(growth) {
        norm1: batch_norm, relu;
        conv1: conv(4 * growth, 1x1, bias = false);
        norm2: batch_norm, relu;
        conv2: conv(growth, 3x3, padding = half, bias = false);
        concat(input, _);
    }

    block DenseBlock(layers, growth = 32) {
        repeat i in 1..layers + 1 {
            #[name = "denselayer{i}"]
            DenseLayer(growth);
        }
    }

    /// Half the channels, half the resolution.
    block Transition() {
        norm: batch_norm, relu;
        conv: conv(input.channels / 2, 1x1, bias = false);
        pool: avg_pool(2x2);
    }

    /// DenseNet-121, with a growth rate of 32.
    pub struct DenseNet121(image: 224x224x3) -> (logits: 1000) {
        features: {
            conv0: conv(64, 7x7, stride = 2, padding = half, bias = false)  => 112x112x64;
            norm0: batch_norm, relu;
            pool0: max_pool(3x3, stride = 2, padding = 1)                   => 56x56x64;
            denseblock1: DenseBlock(6)                                      => 56x56x256;
            transition1: Transition()                                       => 28x28x128;
            denseblock2: DenseBlock(12)                                     => 28x28x512;
            transition2: Transition()                                       => 14x14x256;
            denseblock3: DenseBlock(24)                                     => 14x14x1024;
            transition3: Transition()                                       => 7x7x512;
            denseblock4: DenseBlock(16)                                     => 7x7x1024;
            norm5: batch_norm;
        }
        relu, global_avg_pool                                               => 1024;
        classifier: linear(1000);

        assert params == 7_978_856;
        assert macs == 2_834_161_664;
    }
}

fn main() {
    println!("{}", DenseNet121::summary().for_terminal());
}
