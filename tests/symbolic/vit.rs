//! A vision transformer, generic over image, patch, width and heads.

use shapewise::{Network, Shape, network};

network! {
    block EncoderLayer(heads, mlp) {
        residual {
            ln_1: layer_norm(eps = 1e-6);
            self_attention: attention(heads = heads);
        }
        residual {
            ln_2: layer_norm(eps = 1e-6);
            mlp: {
                linear(mlp), gelu;
                linear(input.features);
            }
        }
    }

    /// A vision transformer with twelve layers.
    pub struct Vit<
        const IMAGE: usize = 224,
        const PATCH: usize = 16,
        const WIDTH: usize = 768,
        const HEADS: usize = 12,
    >(image: [IMAGE, IMAGE, 3]) -> (logits: 1000) {
        conv_proj: conv(WIDTH, [PATCH, PATCH], stride = PATCH), to_sequence
            => [(IMAGE / PATCH) * (IMAGE / PATCH), WIDTH];
        class_token: class_token
            => [(IMAGE / PATCH) * (IMAGE / PATCH) + 1, WIDTH];
        encoder: {
            pos_embedding: positional_embedding;
            layers: repeat i in 0..12 {
                #[name = "encoder_layer_{i}"]
                EncoderLayer(heads = HEADS, mlp = 4 * WIDTH);
            }
            ln: layer_norm(eps = 1e-6);
        }
        first                                                       => [WIDTH];
        heads: { head: linear(1000); }
    }
}

/// The same without defaults: the macro has to find numbers that fit by itself.
mod without_defaults {
    shapewise::network! {
        pub(super) struct Tiny<
            const IMAGE: usize,
            const PATCH: usize,
            const WIDTH: usize,
            const HEADS: usize,
        >(image: [IMAGE, IMAGE, 3]) -> (logits: 10) {
            conv(WIDTH, [PATCH, PATCH], stride = PATCH), to_sequence;
            class_token;
            residual { self_attention: attention(heads = HEADS); }
            first;
            head: linear(10);
        }
    }
}

type Base = Vit;
type Large = Vit<224, 32, 1024, 16>;

const _: () = assert!(Base::PARAMS == 86_567_656);
const _: () = assert!(Base::MACS == 17_563_828_224);

#[test]
fn instances_are_the_published_models() {
    assert_eq!(Base::CONV_PROJ.output, Shape::new(&[196, 768]));
    assert_eq!(Large::CONV_PROJ.output, Shape::new(&[49, 1024]));
    let heads = Large::GRAPH.layer("encoder.layers.encoder_layer_3.self_attention");
    assert!(heads.is_some_and(|node| node.counts.weights == 4 * 1024 * 1024));
}

#[test]
fn numbers_that_fit_are_found_without_defaults() {
    use without_defaults::Tiny;
    assert_eq!(Tiny::<32, 8, 48, 6>::OUTPUT, Shape::new(&[10]));
    let attention = 4 * (48 * 48 + 48);
    let head = 48 * 10 + 10;
    let patches = 8 * 8 * 3 * 48 + 48;
    assert_eq!(
        Tiny::<32, 8, 48, 6>::PARAMS,
        attention + head + patches + 48
    );
}
