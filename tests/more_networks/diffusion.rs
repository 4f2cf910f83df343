//! A diffusion transformer, against the parameters of the paper's code (`DiT_XL_2`).

use shapewise::network;

network! {
    /// A factor and an offset for each channel.
    block Modulate(shift, scale) {
        entered: identity;
        from scale, rescale(1, offset = 1);
        mul(entered, _, broadcast = true);
        add(_, shift, broadcast = true);
    }

    block Block(heads, condition) {
        let width = input.features;
        entry: identity;
        adaLN_modulation: from condition, { silu; linear(6 * width); }
        (shift_msa, scale_msa, gate_msa, shift_mlp, scale_mlp, gate_mlp): channel_split(6);
        from entry, residual {
            layer_norm(eps = 1e-6, elementwise_affine = false), Modulate(shift_msa, scale_msa);
            attn: attention(heads);
            mul(_, gate_msa, broadcast = true);
        }
        residual {
            layer_norm(eps = 1e-6, elementwise_affine = false), Modulate(shift_mlp, scale_mlp);
            mlp: { fc1: linear(4 * width), gelu(approximate = tanh); fc2: linear(width); }
            mul(_, gate_mlp, broadcast = true);
        }
    }

    /// DiT-XL/2 (Peebles and Xie, 2023), at 256x256: 675M parameters and 118.64 G multiply-accumulates.
    pub struct DitXl(latent: 32x32x4, step: 1, class: 1) -> (noise: 32x32x8) {
        t_embedder: from step, {
            sinusoidal_embedding(features = 256, interleaved = false, cosine_first = true), flatten;
            mlp: { linear(1152), silu; linear(1152); }
        }
        y_embedder: from class, { embedding_table: embedding(1001, 1152), flatten; }
        condition: add(t_embedder, y_embedder);
        x_embedder: from latent, { proj: conv(1152, 2x2, stride = 2), to_sequence; }
        // Sines and cosines of the positions, which do not learn, but are counted.
        pos_embed: positional_embedding;
        blocks: repeat 28 { Block(16, condition); }
        final_layer: {
            entry: identity;
            adaLN_modulation: from condition, { silu; linear(2 * 1152); }
            (shift, scale): channel_split(2);
            from entry, layer_norm(eps = 1e-6, elementwise_affine = false), Modulate(shift, scale);
            linear: linear(2 * 2 * 8);
        }
        reshape([16, 16, 32], order = channels_last), pixel_shuffle(2);

        assert params == 675_129_632;
    }
}
