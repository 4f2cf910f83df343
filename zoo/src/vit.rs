//! Vision transformers, Dosovitskiy et al. 2020: torchvision's tensor names, whose weights load.

shapewise::network! {
    block MLPBlock() {
        linear(3072), gelu, dropout(0.0);
        linear(768), dropout(0.0);
    }

    /// Attention and a feed-forward part, each normalised first and added to what came in.
    pub block EncoderBlock() {
        residual {
            ln_1: layer_norm(eps = 1e-6);
            self_attention: attention(12);
        }
        residual {
            ln_2: layer_norm(eps = 1e-6);
            mlp: MLPBlock();
        }
    }

    block MLPBlock2() {
        linear(4096), gelu, dropout(0.0);
        linear(1024), dropout(0.0);
    }

    block EncoderBlock2() {
        residual {
            ln_1: layer_norm(eps = 1e-6);
            self_attention: attention(16);
        }
        residual {
            ln_2: layer_norm(eps = 1e-6);
            mlp: MLPBlock2();
        }
    }

    /// torchvision's `vit_b_16`: 86,567,656 parameters, 17,563,828,224 MACs on 224x224x3.
    pub struct VitB16<const CLASSES: usize = 1000>(image: 224x224x3) -> (logits: CLASSES) {
        conv_proj: conv(768, 16x16, stride = 16), to_sequence   => 196x768;
        class_token: class_token                                => 197x768;
        encoder: {
            pos_embedding: positional_embedding;
            #[name = "layers"] { repeat i in 0..12 { #[name = "encoder_layer_{i}"] EncoderBlock(); } }
            ln: layer_norm(eps = 1e-6);
        }
        heads: { first; head: linear(CLASSES); }                   => CLASSES;
    }

    /// torchvision's `vit_b_32`: 88,224,232 parameters, 4,409,186,304 MACs on 224x224x3.
    pub struct VitB32<const CLASSES: usize = 1000>(image: 224x224x3) -> (logits: CLASSES) {
        conv_proj: conv(768, 32x32, stride = 32), to_sequence   => 49x768;
        class_token: class_token                                => 50x768;
        encoder: {
            pos_embedding: positional_embedding;
            #[name = "layers"] { repeat i in 0..12 { #[name = "encoder_layer_{i}"] EncoderBlock(); } }
            ln: layer_norm(eps = 1e-6);
        }
        heads: { first; head: linear(CLASSES); }                   => CLASSES;
    }

    /// torchvision's `vit_l_16`: 304,326,632 parameters, 61,554,712,576 MACs on 224x224x3.
    pub struct VitL16<const CLASSES: usize = 1000>(image: 224x224x3) -> (logits: CLASSES) {
        conv_proj: conv(1024, 16x16, stride = 16), to_sequence   => 196x1024;
        class_token: class_token                                 => 197x1024;
        encoder: {
            pos_embedding: positional_embedding;
            #[name = "layers"] { repeat i in 0..24 { #[name = "encoder_layer_{i}"] EncoderBlock2(); } }
            ln: layer_norm(eps = 1e-6);
        }
        heads: { first; head: linear(CLASSES); }                    => CLASSES;
    }
}
