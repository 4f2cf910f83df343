//! `MambaForCausalLM`.

shapewise::network! {
    block Mixer(width, rank, states) {
        in_proj: linear(2 * width, bias = false);
        (hidden, gate): channel_split(2);
        conv1d: from hidden, depthwise_conv(4, padding = causal), silu;
        x_proj: linear(rank + 2 * states, bias = false);
        (step, b, c): channel_split([rank, states, states]);
        dt_proj: from step, linear(width), softplus;
        #[flat] scan: selective_scan(conv1d, dt_proj, b, c);
        gated: from gate, silu;
        mul(scan, gated);
        out_proj: linear(input.features, bias = false);
    }

    block Layer {
        residual {
            norm:  rms_norm(eps = 1e-5);
            mixer: Mixer(width = 64, rank = 2, states = 4);
        }
    }

    /// Two layers of Mamba.
    pub struct Mamba(input_ids: 12) -> (logits: 12x96) {
        backbone: {
            embeddings: embedding(96, 32);
            layers:     repeat 2 { Layer; }
            norm_f:     rms_norm(eps = 1e-5);
        }
        lm_head: linear(96, bias = false, shared = backbone.embeddings);
    }
}
