//! `Mamba2ForCausalLM`.

shapewise::network! {
    block Mixer(heads, dim, states, groups) {
        let width = heads * dim;
        in_proj: linear(2 * width + 2 * groups * states + heads, bias = false);
        (gate, mixed, step): channel_split([width, width + 2 * groups * states, heads]);
        conv1d: from mixed, depthwise_conv(4, padding = causal), silu;
        (x, b, c): channel_split([width, groups * states, groups * states]);
        dt_bias: from step, parameter(heads);
        delta: add(step, dt_bias, broadcast = true), softplus;
        #[flat] scan: selective_scan(x, delta, b, c, heads = heads, groups = groups);
        gated: from gate, silu;
        mul(scan, gated);
        norm: rms_norm(eps = 1e-5, heads = groups, head_weights = joined);
        out_proj: linear(input.features, bias = false);
    }

    block Layer { residual { norm: rms_norm(eps = 1e-5); mixer: Mixer(heads = 8, dim = 8, states = 8, groups = 2); } }
    /// Two layers of Mamba-2.
    pub struct Mamba2(input_ids: 12) -> (logits: 12x64) {
        backbone: {
            embeddings: embedding(64, 32);
            layers: repeat 2 { Layer; }
            norm_f: rms_norm(eps = 1e-5);
        }
        lm_head: linear(64, bias = false);
    }
}
