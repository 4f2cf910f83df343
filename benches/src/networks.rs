//! The networks that are measured, as their users write them.

/// A network whose last layer has a number that an edit changes.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    /// What it is called, in lower case: the package that it is checked in.
    pub(crate) name: &'static str,
    /// The type.
    pub(crate) type_name: &'static str,
    text: &'static str,
    /// How many blocks its stages have, where that is what differs.
    stages: [usize; 4],
}

impl Source {
    /// The items inside of `network! { ... }`.
    pub(crate) fn items(&self, classes: usize) -> String {
        self.fill(self.text, classes)
    }

    /// The invocation of the macro.
    pub(crate) fn call(&self, classes: usize) -> String {
        format!("shapewise::network! {{ {} }}\n", self.items(classes))
    }

    /// A text with what is different between networks and edits.
    pub(crate) fn fill(&self, text: &str, classes: usize) -> String {
        let [a, b, c, d] = self.stages.map(|blocks| blocks.to_string());
        text.replace("NETWORK", self.type_name)
            .replace("CLASSES", &classes.to_string())
            .replace("BLOCKS1", &a)
            .replace("BLOCKS2", &b)
            .replace("BLOCKS3", &c)
            .replace("BLOCKS4", &d)
    }
}

/// The five, smallest first.
pub(crate) const ALL: [Source; 5] = [
    Source {
        name: "alexnet",
        type_name: "AlexNet",
        text: ALEXNET,
        stages: [0; 4],
    },
    Source {
        name: "vgg16",
        type_name: "Vgg16",
        text: VGG16,
        stages: [0; 4],
    },
    Source {
        name: "vit_b_16",
        type_name: "VitB16",
        text: VIT_B_16,
        stages: [0; 4],
    },
    Source {
        name: "resnet50",
        type_name: "ResNet50",
        text: RESNET,
        stages: [3, 4, 6, 3],
    },
    Source {
        name: "resnet152",
        type_name: "ResNet152",
        text: RESNET,
        stages: [3, 8, 36, 3],
    },
];

const ALEXNET: &str = "
    /// AlexNet as one tower, on a 227x227 image.
    pub struct NETWORK(image: 227x227x3) -> (logits: CLASSES) {
        conv1: conv(96, 11x11, stride = 4), relu        => 55x55x96;
        pool1: max_pool(3x3, stride = 2)                => 27x27x96;
        conv2: conv(256, 5x5, padding = 2), relu        => 27x27x256;
        pool2: max_pool(3x3, stride = 2)                => 13x13x256;
        conv3: conv(384, 3x3, padding = 1), relu        => 13x13x384;
        conv4: conv(384, 3x3, padding = 1), relu        => 13x13x384;
        conv5: conv(256, 3x3, padding = 1), relu        => 13x13x256;
        pool3: max_pool(3x3, stride = 2)                => 6x6x256;
        fc1:   flatten, linear(4096), relu, dropout(0.5) => 4096;
        fc2:   linear(4096), relu, dropout(0.5);
        fc3:   linear(CLASSES);
    }
";

// Written out and labelled as in tables of it: a constant per line.
const VGG16: &str = "
    /// VGG-16, configuration D of the paper.
    pub struct NETWORK(image: 224x224x3) -> (logits: CLASSES) {
        conv1_1: conv(64, 3x3, padding = half), relu;
        conv1_2: conv(64, 3x3, padding = half), relu;
        pool1: max_pool(2x2)                            => 112x112x64;
        conv2_1: conv(128, 3x3, padding = half), relu;
        conv2_2: conv(128, 3x3, padding = half), relu;
        pool2: max_pool(2x2)                            => 56x56x128;
        conv3_1: conv(256, 3x3, padding = half), relu;
        conv3_2: conv(256, 3x3, padding = half), relu;
        conv3_3: conv(256, 3x3, padding = half), relu;
        pool3: max_pool(2x2)                            => 28x28x256;
        conv4_1: conv(512, 3x3, padding = half), relu;
        conv4_2: conv(512, 3x3, padding = half), relu;
        conv4_3: conv(512, 3x3, padding = half), relu;
        pool4: max_pool(2x2)                            => 14x14x512;
        conv5_1: conv(512, 3x3, padding = half), relu;
        conv5_2: conv(512, 3x3, padding = half), relu;
        conv5_3: conv(512, 3x3, padding = half), relu;
        pool5: max_pool(2x2)                            => 7x7x512;
        fc6: flatten, linear(4096), relu, dropout(0.5);
        fc7: linear(4096), relu, dropout(0.5);
        fc8: linear(CLASSES);
    }
";

const RESNET: &str = "
    /// 1x1, 3x3 and 1x1 convolutions, added to what came in.
    block Bottleneck(mid, out = 4 * mid, stride = 1) {
        residual {
            conv1: conv(mid, 1x1, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(mid, 3x3, stride = stride, padding = half, bias = false);
            bn2: batch_norm, relu;
            conv3: conv(out, 1x1, bias = false);
            bn3: batch_norm;
        } shortcut if stride != 1 || input.channels != out {
            downsample: { conv(out, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }
    block Stage(mid, blocks, stride) {
        Bottleneck(mid, stride = stride);
        repeat blocks - 1 { Bottleneck(mid); }
    }
    /// A residual network of bottlenecks.
    pub struct NETWORK(image: 224x224x3) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false)  => 112x112x64;
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1)                 => 56x56x64;
        layer1: Stage(64, BLOCKS1, stride = 1)                          => 56x56x256;
        layer2: Stage(128, BLOCKS2, stride = 2)                         => 28x28x512;
        layer3: Stage(256, BLOCKS3, stride = 2)                         => 14x14x1024;
        layer4: Stage(512, BLOCKS4, stride = 2)                         => 7x7x2048;
        avgpool: adaptive_avg_pool(1x1), flatten                        => 2048;
        fc: linear(CLASSES);
    }
";

const VIT_B_16: &str = "
    block EncoderLayer(heads, mlp) {
        residual {
            ln_1: layer_norm(eps = 1e-6);
            self_attention: attention(heads = heads);
            dropout(0.0);
        }
        residual {
            ln_2: layer_norm(eps = 1e-6);
            mlp: {
                linear(mlp), gelu, dropout(0.0);
                linear(input.features), dropout(0.0);
            }
        }
    }
    /// An image of 224x224 as 14x14 patches of 16x16 pixels.
    pub struct NETWORK(image: 224x224x3) -> (logits: CLASSES) {
        conv_proj: conv(768, 16x16, stride = 16), to_sequence       => 196x768;
        class_token: class_token                                    => 197x768;
        encoder: {
            pos_embedding: positional_embedding, dropout(0.0);
            layers: repeat i in 0..12 {
                #[name = \"encoder_layer_{i}\"]
                EncoderLayer(heads = 12, mlp = 3072);
            }
            ln: layer_norm(eps = 1e-6);
        }                                                           => 197x768;
        first                                                       => 768;
        heads: { head: linear(CLASSES); }
    }
";

/// Layers one after the other, every convolution labelled or none.
pub(crate) fn chain(layers: usize, classes: usize, labelled: bool) -> String {
    let mut body = String::new();
    for i in 0..layers / 2 {
        if labelled {
            body.push_str(&format!("c{i}: "));
        }
        body.push_str("conv(8, 3x3, padding = half), relu;\n");
    }
    format!(
        "pub struct Chain(image: 8x8x8) -> (logits: {classes}) {{ {body} flatten, linear({classes}); }}"
    )
}

/// Residuals one after the other: two convolutions, two activations, an addition.
pub(crate) fn residuals(layers: usize, classes: usize) -> String {
    let body =
        "residual { conv(8, 3x3, padding = half), relu; conv(8, 3x3, padding = half); } relu;\n"
            .repeat(layers / 5);
    format!(
        "pub struct Residuals(image: 8x8x8) -> (logits: {classes}) {{ {body} flatten, linear({classes}); }}"
    )
}

/// Networks of 100 layers each, in one invocation.
pub(crate) fn many(networks: usize, classes: usize) -> String {
    (0..networks)
        .map(|i| chain(100, classes, false).replace("Chain", &format!("Chain{i}")))
        .collect()
}

/// Networks in networks, so many levels, each of which uses the one below twice; and the
/// parameters of the outermost, which rustc finds out.
pub(crate) fn nested(levels: usize, features: usize) -> String {
    let mut text = format!(
        "shapewise::network! {{ pub struct N0(x: {features}) -> (y: {features}) {{ linear({features}); }} }}\n"
    );
    for level in 1..=levels {
        let inner = level - 1;
        text += &format!(
            "shapewise::network! {{ pub struct N{level}(x: {features}) -> (y: {features}) {{ \
             a: crate::N{inner}; b: crate::N{inner}; }} }}\n"
        );
    }
    text + &format!("pub const PARAMS: u64 = N{levels}::PARAMS;\n")
}
