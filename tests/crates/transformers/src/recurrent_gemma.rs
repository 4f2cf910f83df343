//! `RecurrentGemmaForCausalLM`: Griffin, two recurrent layers to one with attention.

shapewise::network! {
    block RgLru(heads) {
        let count = input.length;
        let width = input.features;
        let dim = width / heads;
        parts: reshape([count, heads, dim], order = channels_last);
        input_gate_weight: parameter([heads, dim, dim]);
        input_gate_bias: parameter([heads, dim]), reshape([width], order = channels_last);
        recurrent_gate_weight: parameter([heads, dim, dim]);
        recurrent_gate_bias: parameter([heads, dim]), reshape([width], order = channels_last);
        recurrent_param: parameter(width), softplus, rescale(-8.0);
        input_gate: einsum("lhi,hij->lhj", parts, input_gate_weight), reshape([count, width], order = channels_last);
        input_gated: add(_, input_gate_bias, broadcast = true), sigmoid;
        einsum("lhi,hij->lhj", parts, recurrent_gate_weight), reshape([count, width], order = channels_last);
        add(_, recurrent_gate_bias, broadcast = true), sigmoid;
        log_gate: mul(_, recurrent_param, broadcast = true);
        decay: exp;
        // The first position has nothing before it, and is not made smaller.
        others: from log_gate, rescale(2.0), exp, rescale(-1.0, offset = 1.0), sqrt, slice(length = 1..count);
        ones: from log_gate, slice(length = 0..1), full_like(1.0);
        multiplier: concat(ones, others, axis = length);
        gated: mul(input, input_gated, multiplier);
        linear_recurrence(decay, gated);
    }

    block Recurrent(heads) {
        linear_y: linear(input.features), gelu(approximate = tanh);
        linear_x: from input, linear(input.features);
        conv_1d: depthwise_conv(4, padding = causal);
        rg_lru: RgLru(heads);
        mul(rg_lru, linear_y);
        linear_out: linear(input.features);
    }

    block Attention(heads, dim, window) {
        q_proj: linear(heads * dim, bias = false);
        k_proj: from input, linear(dim, bias = false);
        v_proj: from input, linear(dim, bias = false);
        q: from q_proj, rotary_embedding(heads, features = dim / 2);
        k: from k_proj, rotary_embedding(1, features = dim / 2);
        scaled_dot_product_attention(q, k, v_proj, heads = heads, kv_heads = 1, causal = true, sliding_window = window);
        o_proj: linear(input.features);
    }

    block Mlp(hidden) {
        gate_proj: linear(hidden), gelu(approximate = tanh);
        up_proj:   from input, linear(hidden);
        mul(gate_proj, up_proj);
        down_proj: linear(input.features);
    }

    block Layer(attention) {
        residual {
            temporal_pre_norm: rms_norm(eps = 1e-6, unit_offset = true);
            if attention { temporal_block: Attention(heads = 4, dim = 8,
                window = 5); } else { temporal_block: Recurrent(4); }
        }
        residual { channel_pre_norm: rms_norm(eps = 1e-6, unit_offset = true); mlp_block: Mlp(32); }
    }

    /// Three layers of RecurrentGemma.
    pub struct RecurrentGemma(input_ids: 12) -> (logits: 12x64) {
        model: {
            // The root of the features in half precision.
            embed_tokens: embedding(64, 32), rescale(5.65625);
            layers: repeat i in 0..3 { Layer(attention = i % 3 == 2); }
            final_norm: rms_norm(eps = 1e-6, unit_offset = true);
        }
        lm_head: linear(64, bias = false, shared = model.embed_tokens), softcap(30.0);
    }
}
