//! Mixtral 8x7B (Jiang et al., 2024): of eight experts a token uses two, so that of 46.7 billion
//! parameters it uses 12.9, and the multiply-accumulates are those of these.

use shapewise::network;

network! {
    block Layer {
        residual {
            input_layernorm: rms_norm(eps = 1e-5);
            self_attn: attention(32, kv_heads = 8, projections = separate, bias = false, causal = true,
                rotary = true, rotary_base = 1000000);
        }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-5);
            mlp: mixture_of_experts(8, active = 2, features = 14336);
        }
    }

    /// Mixtral 8x7B on 128 tokens.
    pub struct Mixtral(tokens: 128) -> (logits: 128x32000) {
        model: {
            embed_tokens: embedding(32000, 4096);
            layers:       repeat 32 { Layer; }
            norm:         rms_norm(eps = 1e-5);
        }
        lm_head: linear(32000, bias = false);

        assert params == 46_702_792_704;
        assert active_params == 12_879_925_248;
    }
}

fn main() {
    println!("{}", Mixtral::summary().for_terminal());
    let (all, used) = (Mixtral::PARAMS, Mixtral::ACTIVE_PARAMS);
    println!("{used} of {all} parameters are used by a token");
}
