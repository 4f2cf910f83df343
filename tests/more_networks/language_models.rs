//! Language and speech models, against the parameters of the classes of `transformers` 5.24.0 (torch
//! 2.15.0, on the meta device): `LlamaForCausalLM`, `MistralForCausalLM`, `MixtralForCausalLM`,
//! `DeepseekV2ForCausalLM`, `MambaForCausalLM`, `T5ForConditionalGeneration`, `WhisperModel`.

use shapewise::network;

network! {
    block Gated(hidden) {
        gate_proj: linear(hidden, bias = false), silu;
        up_proj:   from input, linear(hidden, bias = false);
        mul(gate_proj, up_proj);
        down_proj: linear(input.features, bias = false);
    }

    block LlamaLayer {
        residual {
            input_layernorm: rms_norm(eps = 1e-5);
            self_attn: attention(32, kv_heads = 8, projections = separate, bias = false, causal = true,
                rotary = true, rotary_base = 500000, rotary_scaling = llama3, rotary_factor = 32,
                original_positions = 8192);
        }
        residual { post_attention_layernorm: rms_norm(eps = 1e-5); mlp: Gated(8192); }
    }

    /// LLaMA 3.2 1B (Meta, 2024).
    pub struct Llama(tokens: 128) -> (logits: 128x128256) {
        embed_tokens: embedding(128256, 2048);
        layers: repeat 16 { LlamaLayer; }
        norm: rms_norm(eps = 1e-5);
        lm_head: linear(128256, bias = false, shared = embed_tokens);

        assert params == 1_235_814_400;
        assert active_params == 1_235_814_400;
    }

    block MistralAttention(window = 4096) {
        self_attn: attention(32, kv_heads = 8, projections = separate, bias = false, causal = true,
            rotary = true, sliding_window = window);
    }

    block MistralLayer {
        residual { input_layernorm: rms_norm(eps = 1e-5); #[flat] MistralAttention; }
        residual { post_attention_layernorm: rms_norm(eps = 1e-5); mlp: Gated(14336); }
    }

    /// Mistral 7B (Jiang et al., 2023).
    pub struct Mistral(tokens: 128) -> (logits: 128x32000) {
        embed_tokens: embedding(32000, 4096);
        layers: repeat 32 { MistralLayer; }
        norm: rms_norm(eps = 1e-5);
        lm_head: linear(32000, bias = false);

        assert params == 7_241_732_096;
    }

    block MixtralLayer {
        residual { input_layernorm: rms_norm(eps = 1e-5); #[flat] MistralAttention; }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-5);
            mlp: mixture_of_experts(8, active = 2, features = 14336);
        }
    }

    /// Mixtral 8x7B (Jiang et al., 2024), of whose 47 billion parameters a token uses 13.
    pub struct Mixtral(tokens: 128) -> (logits: 128x32000) {
        embed_tokens: embedding(32000, 4096);
        layers: repeat 32 { MixtralLayer; }
        norm: rms_norm(eps = 1e-5);
        lm_head: linear(32000, bias = false);

        assert params == 46_702_792_704;
        // Without 6 of the 8 experts of 3 * 4096 * 14336 in each of 32 layers.
        assert active_params == 12_879_925_248;
    }

    block LatentAttention(heads, latent, plain, rotary, value) {
        let dim = plain + rotary;
        let length = input.length;
        q_proj: linear(heads * dim, bias = false),
            rotary_embedding(heads, start = plain, interleaved = true);
        kv_a_proj_with_mqa: from input, linear(latent + rotary, bias = false);
        (compressed, k_turned): channel_split([latent, rotary]);
        kv_a_layernorm: from compressed, rms_norm(eps = 1e-6), kv_cache;
        kv_b_proj: linear(heads * (plain + value), bias = false),
            reshape([length, heads, plain + value], order = channels_last);
        (k_plain, v): channel_split([plain, value]);
        k_rotary: from k_turned, rotary_embedding(interleaved = true), kv_cache,
            reshape([length, 1, rotary], order = channels_last), expand([length, heads, rotary]);
        keys: concat(k_plain, k_rotary), reshape([length, heads * dim], order = channels_last);
        values: from v, reshape([length, heads * value], order = channels_last);
        scaled_dot_product_attention(q_proj, keys, values, heads = heads, causal = true);
        o_proj: linear(input.features, bias = false);
    }

    block DeepseekLayer(dense) {
        residual {
            input_layernorm: rms_norm(eps = 1e-6);
            self_attn: LatentAttention(heads = 16, latent = 512, plain = 128, rotary = 64, value = 128);
        }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-6);
            if dense {
                mlp: Gated(10944);
            } else {
                mlp: mixture_of_experts(64, active = 6, features = 1408, normalize = false, shared_features = 2816);
            }
        }
    }

    /// DeepSeek-V2-Lite (DeepSeek-AI, 2024).
    pub struct DeepseekV2Lite(tokens: 128) -> (logits: 128x102400) {
        embed_tokens: embedding(102400, 2048);
        layers: repeat i in 0..27 { DeepseekLayer(dense = i < 1); }
        norm: rms_norm(eps = 1e-6);
        lm_head: linear(102400, bias = false);

        assert params == 15_706_484_224;
    }

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

    block MambaLayer {
        residual { norm: rms_norm(eps = 1e-5); mixer: Mixer(width = 1536, rank = 48, states = 16); }
    }

    /// Mamba 130M (Gu and Dao, 2023).
    pub struct Mamba(tokens: 128) -> (logits: 128x50280) {
        embeddings: embedding(50280, 768);
        layers: repeat 24 { MambaLayer; }
        norm_f: rms_norm(eps = 1e-5);
        lm_head: linear(50280, bias = false, shared = embeddings);

        assert params == 129_135_360;
    }

    block T5Attention(heads, dim, bias, causal = false) {
        q: linear(heads * dim, bias = false);
        k: from input, linear(heads * dim, bias = false);
        v: from input, linear(heads * dim, bias = false);
        scaled_dot_product_attention(q, k, v, heads = heads, scale = 1.0, mask = bias, causal = causal);
        o: linear(input.features, bias = false);
    }

    block T5CrossAttention(heads, dim, memory) {
        q: linear(heads * dim, bias = false);
        k: from memory, linear(heads * dim, bias = false);
        v: from memory, linear(heads * dim, bias = false);
        scaled_dot_product_attention(q, k, v, heads = heads, scale = 1.0);
        o: linear(input.features, bias = false);
    }

    block T5FeedForward(hidden) {
        layer_norm: rms_norm(eps = 1e-6);
        wi: linear(hidden, bias = false), relu;
        wo: linear(input.features, bias = false);
    }

    block T5Encoder(bias) {
        residual { norm1: rms_norm(eps = 1e-6); T5Attention(heads = 8, dim = 64, bias = bias); }
        residual { T5FeedForward(2048); }
    }

    block T5Decoder(bias, memory) {
        residual { norm1: rms_norm(eps = 1e-6); T5Attention(heads = 8, dim = 64, bias = bias, causal = true); }
        residual { norm2: rms_norm(eps = 1e-6); T5CrossAttention(heads = 8, dim = 64, memory = memory); }
        residual { T5FeedForward(2048); }
    }

    /// T5-small (Raffel et al., 2020).
    pub struct T5Small(source: 128, target: 64) -> (logits: 64x32128) {
        words: embedding(32128, 512);
        encoder: {
            bias: relative_position_bias(8);
            block: from words, repeat 6 { T5Encoder(bias); }
            final_layer_norm: rms_norm(eps = 1e-6);
        }
        decoder: from target, {
            embedded: embedding(32128, 512, shared = words);
            bias: relative_position_bias(8, bidirectional = false);
            block: from embedded, repeat 6 { T5Decoder(bias, memory = encoder); }
            final_layer_norm: rms_norm(eps = 1e-6);
        }
        lm_head: linear(32128, bias = false, shared = words);

        assert params == 60_506_624;
    }

    block WhisperAttention(heads, memory, causal = false) {
        q_proj: linear(input.features);
        k_proj: from memory, linear(input.features, bias = false);
        v_proj: from memory, linear(input.features);
        scaled_dot_product_attention(q_proj, k_proj, v_proj, heads = heads, causal = causal);
        out_proj: linear(input.features);
    }

    block WhisperMlp { norm: layer_norm; fc1: linear(4 * input.features), gelu; fc2: linear(input.features); }

    block WhisperEncoder {
        residual { norm: layer_norm; WhisperAttention(6, norm); }
        residual { WhisperMlp; }
    }

    block WhisperDecoder(memory) {
        residual { norm: layer_norm; WhisperAttention(6, norm, causal = true); }
        residual { encoder_norm: layer_norm; WhisperAttention(6, memory); }
        residual { WhisperMlp; }
    }

    /// Whisper tiny (Radford et al., 2022).
    pub struct WhisperTiny(spectrum: 3000x80, tokens: 64) -> (last_hidden: 64x384) {
        encoder: {
            conv1: conv(384, 3, padding = 1), gelu;
            conv2: conv(384, 3, stride = 2, padding = 1), gelu;
            positional_embedding(1500, batch_axis = false);
            layers: repeat 4 { WhisperEncoder; }
            layer_norm: layer_norm;
        }
        decoder: from tokens, {
            embed_tokens: embedding(51865, 384);
            positional_embedding(448, batch_axis = false);
            layers: repeat 4 { WhisperDecoder(memory = encoder); }
            layer_norm: layer_norm;
        }

        assert params == 37_760_640;
    }
}
