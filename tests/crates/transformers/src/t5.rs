//! `T5ForConditionalGeneration`, whose first layers hold the bias of relative positions.

shapewise::network! {
    block Attention(heads, dim, bias, causal = false) {
        q: linear(heads * dim, bias = false);
        k: from input, linear(heads * dim, bias = false);
        v: from input, linear(heads * dim, bias = false);
        scaled_dot_product_attention(q, k, v, heads = heads, scale = 1.0, mask = bias, causal = causal);
        o: linear(input.features, bias = false);
    }

    block CrossAttention(heads, dim, memory) {
        q: linear(heads * dim, bias = false);
        k: from memory, linear(heads * dim, bias = false);
        v: from memory, linear(heads * dim, bias = false);
        scaled_dot_product_attention(q, k, v, heads = heads, scale = 1.0);
        o: linear(input.features, bias = false);
    }

    block FeedForward(hidden) {
        layer_norm: rms_norm(eps = 1e-6);
        #[name = "DenseReluDense.wi"] linear(hidden, bias = false), relu;
        #[name = "DenseReluDense.wo"] linear(input.features, bias = false);
    }

    block EncoderLayer(bias) {
        residual {
            #[name = "layer.0"] first: {
                layer_norm: rms_norm(eps = 1e-6);
                #[name = "SelfAttention"] Attention(heads = 4, dim = 8, bias = bias);
            }
        }
        residual { #[name = "layer.1"] FeedForward(64); }
    }

    block DecoderLayer(bias, memory) {
        residual {
            #[name = "layer.0"] first: {
                layer_norm: rms_norm(eps = 1e-6);
                #[name = "SelfAttention"] Attention(heads = 4, dim = 8, bias = bias, causal = true);
            }
        }
        residual {
            #[name = "layer.1"] second: {
                layer_norm: rms_norm(eps = 1e-6);
                #[name = "EncDecAttention"] CrossAttention(heads = 4, dim = 8, memory = memory);
            }
        }
        residual { #[name = "layer.2"] FeedForward(64); }
    }

    /// Two layers of T5's encoder, and two of its decoder.
    pub struct T5(input_ids: 12, decoder_input_ids: 7)
        -> (encoder_last_hidden_state = encoder: 12x32, logits = lm_head: 7x96) {
        #[name = "shared"] words: embedding(96, 32);
        encoder: {
            #[name = "block.0.layer.0.SelfAttention.relative_attention_bias"]
            bias: relative_position_bias(4);
            block: from words, repeat 2 { EncoderLayer(bias); }
            final_layer_norm: rms_norm(eps = 1e-6);
        }
        decoder: from decoder_input_ids, {
            #[name = "embed_tokens"] embedded: embedding(96, 32, shared = words);
            #[name = "block.0.layer.0.SelfAttention.relative_attention_bias"]
            bias: relative_position_bias(4, bidirectional = false);
            block: from embedded, repeat 2 { DecoderLayer(bias, memory = encoder); }
            final_layer_norm: rms_norm(eps = 1e-6);
        }
        // One over the root of the features, where the embedding is shared.
        rescale(0.17677669529663687);
        lm_head: linear(96, bias = false, shared = words);
    }
}
