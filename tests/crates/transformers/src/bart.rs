//! `BartForConditionalGeneration`, whose logits have a bias that is not trained.

shapewise::network! {
    block Attention(heads, memory, causal = false) {
        q_proj: linear(input.features);
        k_proj: from memory, linear(input.features);
        v_proj: from memory, linear(input.features);
        scaled_dot_product_attention(q_proj, k_proj, v_proj, heads = heads, causal = causal);
        out_proj: linear(input.features);
    }

    block EncoderLayer(heads, hidden) {
        entry: identity;
        residual { self_attn: Attention(heads, entry); }
        self_attn_layer_norm: layer_norm;
        residual { fc1: linear(hidden), gelu; fc2: linear(input.features); }
        final_layer_norm: layer_norm;
    }

    block DecoderLayer(heads, hidden, memory) {
        entry: identity;
        residual { self_attn: Attention(heads, entry, causal = true); }
        self_attn_layer_norm: layer_norm;
        residual { encoder_attn: Attention(heads, memory); }
        encoder_attn_layer_norm: layer_norm;
        residual { fc1: linear(hidden), gelu; fc2: linear(input.features); }
        final_layer_norm: layer_norm;
    }

    /// A layer of BART's encoder, and one of its decoder.
    pub struct Bart(input_ids: 12, decoder_input_ids: 7) -> (encoder_last_hidden_state: 12x32, logits: 7x64) {
        model: {
            #[name = "shared"] words: embedding(64, 32);
            encoder: {
                embed_positions: from input_ids, arange(2), embedding(34, 32);
                add(words, embed_positions);
                layernorm_embedding: layer_norm;
                layers: repeat 1 { EncoderLayer(heads = 4, hidden = 64); }
            }
            decoder: from decoder_input_ids, {
                #[name = "embed_tokens"] tokens: embedding(64, 32, shared = words);
                embed_positions: from decoder_input_ids, arange(2), embedding(34, 32);
                add(tokens, embed_positions);
                layernorm_embedding: layer_norm;
                layers: repeat 1 { DecoderLayer(heads = 4, hidden = 64, memory = encoder); }
            }
        }
        encoder_last_hidden_state: from model.encoder, identity;
        lm_head: from model.decoder, linear(64, bias = false, shared = model.words);
        #[name = "final_logits_bias"] zero: parameter([64], batch_axis = true, trained = false);
        logits: add(lm_head, zero, broadcast = true);
    }
}
