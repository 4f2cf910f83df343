//! Vision transformers.
//!
//! Dosovitskiy et al. 2020, [*An image is worth 16x16 words: Transformers for image recognition at
//! scale*](https://arxiv.org/abs/2010.11929). `SIZE` is a multiple of the patches; the positional embedding, and so the
//! checkpoint, is of that size.

shapewise::network! {
    /// Two linear layers, on each position.
    pub block MLPBlock(hidden, out) {
        linear(hidden), gelu, dropout(0.0);
        linear(out), dropout(0.0);
    }

    /// Attention and a feed-forward part, each normalised first and added to what came in.
    pub block EncoderBlock(heads, mlp = 4 * input.features) {
        residual {
            ln_1: layer_norm(eps = 1e-6);
            self_attention: attention(heads);
            dropout: dropout(0.0);
        }
        residual {
            ln_2: layer_norm(eps = 1e-6);
            mlp: MLPBlock(mlp, input.features);
        }
    }

    /// A learned vector for each position, and the blocks.
    pub block Encoder(layers, heads) {
        pos_embedding: positional_embedding;
        dropout: dropout(0.0);
        #[name = "layers"] {
            repeat i in 0..layers { #[name = "encoder_layer_{i}"] EncoderBlock(heads); }
        }
        ln: layer_norm(eps = 1e-6);
    }

    /// torchvision's `vit_b_16`, patches of 16x16.
    pub struct VitB16<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv_proj: conv(768, 16x16, stride = 16), to_sequence;
        class_token: class_token;
        encoder: Encoder(layers = 12, heads = 12);
        heads: { first; head: linear(CLASSES); }
    }

    /// torchvision's `vit_b_32`, patches of 32x32.
    pub struct VitB32<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv_proj: conv(768, 32x32, stride = 32), to_sequence;
        class_token: class_token;
        encoder: Encoder(layers = 12, heads = 12);
        heads: { first; head: linear(CLASSES); }
    }

    /// torchvision's `vit_l_16`, patches of 16x16.
    pub struct VitL16<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv_proj: conv(1024, 16x16, stride = 16), to_sequence;
        class_token: class_token;
        encoder: Encoder(layers = 24, heads = 16);
        heads: { first; head: linear(CLASSES); }
    }

    /// torchvision's `vit_l_32`, patches of 32x32.
    pub struct VitL32<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv_proj: conv(1024, 32x32, stride = 32), to_sequence;
        class_token: class_token;
        encoder: Encoder(layers = 24, heads = 16);
        heads: { first; head: linear(CLASSES); }
    }

    /// torchvision's `vit_h_14`, patches of 14x14.
    pub struct VitH14<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv_proj: conv(1280, 14x14, stride = 14), to_sequence;
        class_token: class_token;
        encoder: Encoder(layers = 32, heads = 16);
        heads: { first; head: linear(CLASSES); }
    }
}
