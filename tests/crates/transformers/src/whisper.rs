//! `WhisperModel`.

shapewise::network! {
    block Attention(heads, memory) {
        q_proj: linear(input.features);
        k_proj: from memory, linear(input.features, bias = false);
        v_proj: from memory, linear(input.features);
        scaled_dot_product_attention(q_proj, k_proj, v_proj, heads = heads);
        out_proj: linear(input.features);
    }

    block SelfAttention(heads, causal) {
        q_proj: linear(input.features);
        k_proj: from input, linear(input.features, bias = false);
        v_proj: from input, linear(input.features);
        scaled_dot_product_attention(q_proj, k_proj, v_proj, heads = heads, causal = causal);
        out_proj: linear(input.features);
    }

    block Mlp(hidden) {
        final_layer_norm: layer_norm;
        fc1: linear(hidden), gelu;
        fc2: linear(input.features);
    }

    block EncoderLayer(heads, hidden) {
        residual { self_attn_layer_norm: layer_norm; self_attn: SelfAttention(heads, causal = false); }
        residual { #[flat] Mlp(hidden); }
    }

    block DecoderLayer(heads, hidden, memory) {
        residual { self_attn_layer_norm: layer_norm; self_attn: SelfAttention(heads, causal = true); }
        residual { encoder_attn_layer_norm: layer_norm; encoder_attn: Attention(heads, memory); }
        residual { #[flat] Mlp(hidden); }
    }

    /// Two layers of Whisper's encoder, and two of its decoder.
    pub struct Whisper(input_features: 40x8, decoder_input_ids: 7)
        -> (encoder_last_hidden_state = encoder: 20x32, last_hidden_state = decoder: 7x32) {
        encoder: {
            conv1: conv(32, 3, padding = 1), gelu;
            conv2: conv(32, 3, stride = 2, padding = 1), gelu;
            #[name = "embed_positions.weight"] positional_embedding(20, batch_axis = false);
            layers: repeat 2 { EncoderLayer(heads = 4, hidden = 64); }
            layer_norm: layer_norm;
        }
        decoder: from decoder_input_ids, {
            embed_tokens: embedding(96, 32);
            #[name = "embed_positions.weight"] positional_embedding(16, batch_axis = false);
            layers: repeat 2 { DecoderLayer(heads = 4, hidden = 64, memory = encoder); }
            layer_norm: layer_norm;
        }
    }
}
