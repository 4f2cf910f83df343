//! The U-Net of Stable Diffusion 1.5 (Rombach et al., 2022): residuals that know the step, attention to
//! words, skips by lists. Its 859,520,964 parameters are those of `diffusers`' `UNet2DConditionModel`.

use shapewise::network;

network! {
    block Resnet(width, time) {
        residual {
            norm1: group_norm(32), silu;
            conv1: conv(width, 3x3, padding = half);
            time_emb_proj: from time, silu, linear(width);
            add(conv1, _, broadcast = true);
            norm2: group_norm(32), silu;
            conv2: conv(width, 3x3, padding = half);
        } shortcut if input.channels != width {
            conv_shortcut: conv(width, 1x1);
        }
    }

    block Attention(memory) {
        let width = input.features;
        to_q: linear(width, bias = false);
        to_k: from memory, linear(width, bias = false);
        to_v: from memory, linear(width, bias = false);
        scaled_dot_product_attention(to_q, to_k, to_v, heads = 8);
        to_out: { linear(width), dropout(0.0); }
    }

    block GatedGelu(width) {
        proj: linear(2 * width);
        (value, gate): channel_split(2);
        from gate, gelu;
        mul(value, _);
    }

    block TransformerBlock(words) {
        residual { norm1: layer_norm; attn1: Attention(norm1); }
        residual { norm2: layer_norm; attn2: Attention(words); }
        residual {
            let width = input.features;
            norm3: layer_norm;
            ff: { net: { GatedGelu(4 * width); dropout(0.0); linear(width); } }
        }
    }

    block Transformer(words) {
        let width = input.channels;
        residual {
            norm: group_norm(32, eps = 1e-6);
            proj_in: conv(width, 1x1), to_sequence;
            transformer_blocks: { TransformerBlock(words); }
            reshape([input.height, input.width, width], order = channels_last);
            proj_out: conv(width, 1x1);
        }
    }

    block Layer(width, time, words, attends) {
        resnets: Resnet(width, time);
        if attends { attentions: Transformer(words); }
    }

    block Down(width, time, words, attends, last) {
        layers: repeat 2 { Layer(width, time, words, attends); }
        if !last { down: conv(width, 3x3, stride = 2, padding = half); }
    }

    block Up(width, skips, time, words, attends, last) {
        repeat skip in skips {
            concat(_, skip);
            Layer(width, time, words, attends);
        }
        if !last { upsample(2), conv(width, 3x3, padding = half); }
    }

    /// The U-Net of Stable Diffusion 1.5 (Rombach et al., 2022): the noise in a latent image at a step,
    /// given 77 words as vectors.
    pub struct StableDiffusion(latent: 64x64x4, step: 1, words: 77x768) -> (noise: 64x64x4) {
        time: from step, sinusoidal_embedding(features = 320, interleaved = false, cosine_first = true), flatten;
        time_embedding: { linear_1: linear(1280), silu; linear_2: linear(1280); }
        conv_in: from latent, conv(320, 3x3, padding = half);
        down1: Down(320, time_embedding, words, attends = true, last = false)       => 32x32x320;
        down2: Down(640, time_embedding, words, attends = true, last = false)       => 16x16x640;
        down3: Down(1280, time_embedding, words, attends = true, last = false)      => 8x8x1280;
        down4: Down(1280, time_embedding, words, attends = false, last = true)      => 8x8x1280;
        mid_block: {
            resnets: Resnet(1280, time_embedding);
            attentions: Transformer(words);
            Resnet(1280, time_embedding);
        }
        up1: Up(1280, [down4.layers.{1}, down4.layers.{0}, down3], time_embedding, words, attends = false, last = false);
        up2: Up(1280, [down3.layers.{1}, down3.layers.{0}, down2], time_embedding, words, attends = true, last = false);
        up3: Up(640, [down2.layers.{1}, down2.layers.{0}, down1], time_embedding, words, attends = true, last = false);
        up4: Up(320, [down1.layers.{1}, down1.layers.{0}, conv_in], time_embedding, words, attends = true, last = true);
        conv_norm_out: group_norm(32), silu;
        conv_out: conv(4, 3x3, padding = half);

        assert params == 859_520_964;
    }
}

fn main() {
    println!("{}", StableDiffusion::summary().for_terminal());
}
