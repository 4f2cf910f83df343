//! ViT-B/16 (Dosovitskiy et al., 2021), as torchvision has it: an image as a sequence.

use shapewise::network;

network! {
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

    /// ViT-B/16: an image of 224x224 as 14x14 patches of 16x16 pixels.
    pub struct VitB16(image: 224x224x3) -> (logits: 1000) {
        conv_proj: conv(768, 16x16, stride = 16), to_sequence       => 196x768;
        class_token: class_token                                    => 197x768;
        encoder: {
            pos_embedding: positional_embedding, dropout(0.0);
            layers: repeat i in 0..12 {
                #[name = "encoder_layer_{i}"]
                EncoderLayer(heads = 12, mlp = 3072);
            }
            ln: layer_norm(eps = 1e-6);
        }                                                           => 197x768;
        first                                                       => 768;
        heads: { head: linear(1000); }

        assert params == 86_567_656;
        assert macs == 17_563_828_224;
    }
}

fn main() {
    println!("{}", VitB16::summary().for_terminal());
}
