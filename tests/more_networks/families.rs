//! Other families of `transformers` 5.24.0 (torch 2.15.0), against the parameters of their classes on the meta
//! device, which are those that are published: `Gemma2ForCausalLM`, `Phi3ForCausalLM`, `Qwen2MoeForCausalLM`,
//! `GptOssForCausalLM`, `Mamba2ForCausalLM`, `RobertaModel`, `DebertaV2Model`, `BartModel`, `Dinov2Model`,
//! `HubertModel`. Small ones, which compute, are in `tests/crates/transformers`.

use shapewise::network;

network! {
    block Gated(hidden, act = silu) {
        gate_proj: linear(hidden, bias = false), act;
        up_proj:   from input, linear(hidden, bias = false);
        mul(gate_proj, up_proj);
        down_proj: linear(input.features, bias = false);
    }

    block Attention(heads, kv_heads, dim, bias = false) {
        q_proj: linear(heads * dim, bias = bias);
        k_proj: from input, linear(kv_heads * dim, bias = bias);
        v_proj: from input, linear(kv_heads * dim, bias = bias);
        q: from q_proj, rotary_embedding(heads);
        k: from k_proj, rotary_embedding(kv_heads);
        scaled_dot_product_attention(q, k, v_proj, heads = heads, kv_heads = kv_heads, causal = true);
        o_proj: linear(input.features, bias = false);
    }

    block Gemma2Layer {
        residual {
            input_layernorm: rms_norm(unit_offset = true);
            self_attn: Attention(heads = 8, kv_heads = 4, dim = 256);
            post_attention_layernorm: rms_norm(unit_offset = true);
        }
        residual {
            pre_feedforward_layernorm: rms_norm(unit_offset = true);
            mlp: Gated(9216, gelu(approximate = tanh));
            post_feedforward_layernorm: rms_norm(unit_offset = true);
        }
    }

    /// Gemma 2 2B (Google, 2024).
    pub struct Gemma2(tokens: 128) -> (logits: 128x256000) {
        embed_tokens: embedding(256000, 2304), rescale(48.0);
        layers: repeat 26 { Gemma2Layer; }
        norm: rms_norm(unit_offset = true);
        lm_head: linear(256000, bias = false, shared = embed_tokens), softcap(30.0);

        assert params == 2_614_341_888;
    }

    block Phi3Layer {
        residual {
            input_layernorm: rms_norm(eps = 1e-5);
            qkv_proj: linear(3 * input.features, bias = false);
            (query, key, v): channel_split(3);
            q: from query, rotary_embedding(32);
            k: from key, rotary_embedding(32);
            scaled_dot_product_attention(q, k, v, heads = 32, causal = true, sliding_window = 2047);
            o_proj: linear(input.features, bias = false);
        }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-5);
            gate_up_proj: linear(2 * 8192, bias = false);
            (gate, up): channel_split(2);
            gated: from gate, silu;
            mul(gated, up);
            down_proj: linear(3072, bias = false);
        }
    }

    /// Phi-3 mini (Microsoft, 2024).
    pub struct Phi3(tokens: 128) -> (logits: 128x32064) {
        embed_tokens: embedding(32064, 3072);
        layers: repeat 32 { Phi3Layer; }
        norm: rms_norm(eps = 1e-5);
        lm_head: linear(32064, bias = false);

        assert params == 3_821_079_552;
    }

    block Qwen2MoeLayer {
        residual { input_layernorm: rms_norm(eps = 1e-6); self_attn: Attention(16, 16, 128, bias = true); }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-6);
            #[tensor(shared_experts = "shared_expert")]
            mlp: mixture_of_experts(60, active = 4, features = 1408, normalize = false, shared_features = 5632, shared_gate = true);
        }
    }

    /// Qwen1.5-MoE-A2.7B (Alibaba, 2024), of whose 14 billion parameters a token uses 2.7.
    pub struct Qwen2Moe(tokens: 128) -> (logits: 128x151936) {
        embed_tokens: embedding(151936, 2048);
        layers: repeat 24 { Qwen2MoeLayer; }
        norm: rms_norm(eps = 1e-6);
        lm_head: linear(151936, bias = false);

        assert params == 14_315_784_192;
        // Without 56 of the 60 experts of 3 * 2048 * 1408 in each of 24 layers.
        assert active_params == 2_689_173_504;
    }

    block GptOssLayer(window) {
        residual {
            input_layernorm: rms_norm(eps = 1e-5);
            self_attn: attention(64, kv_heads = 8, head_dim = 64, projections = separate, causal = true, rotary = true,
                rotary_base = 150000, rotary_scaling = yarn, rotary_factor = 32, original_positions = 4096, truncate = false,
                sinks = true, sliding_window = window);
        }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-5);
            #[tensor(gate = "router")]
            mlp: mixture_of_experts(32, active = 4, features = 2880, activation = quick_gelu, interleaved = true,
                transposed = true, bias = true, router_bias = true, limit = 7.0, up_offset = 1.0);
        }
    }

    /// GPT-OSS 20B (OpenAI, 2025), "21B parameters with 3.6B active parameters".
    pub struct GptOss(tokens: 4096) -> (logits: 4096x201088) {
        embed_tokens: embedding(201088, 2880);
        // Every other layer sees all positions.
        layers: repeat i in 0..24 { GptOssLayer(window = if i % 2 == 0 { 128 } else { 4096 }); }
        norm: rms_norm(eps = 1e-5);
        lm_head: linear(201088, bias = false);

        assert params == 20_914_757_184;
        // The published 3.6 billion are without the table of words, 201088 * 2880.
        assert active_params == 3_608_307_264 + 579_133_440;
    }

    block Mamba2Mixer(heads, dim, states) {
        let width = heads * dim;
        in_proj: linear(2 * width + 2 * states + heads, bias = false);
        (gate, mixed, step): channel_split([width, width + 2 * states, heads]);
        conv1d: from mixed, depthwise_conv(4, padding = causal), silu;
        (x, b, c): channel_split([width, states, states]);
        dt_bias: from step, parameter(heads);
        delta: add(step, dt_bias, broadcast = true), softplus;
        scan: selective_scan(x, delta, b, c, heads = heads);
        gated: from gate, silu;
        mul(scan, gated);
        norm: rms_norm(eps = 1e-5);
        out_proj: linear(input.features, bias = false);
    }

    /// Mamba-2 130M (Dao and Gu, 2024).
    pub struct Mamba2(tokens: 128) -> (logits: 128x50288) {
        embeddings: embedding(50288, 768);
        layers: repeat 24 { residual { norm: rms_norm(eps = 1e-5); mixer: Mamba2Mixer(heads = 24, dim = 64, states = 128); } }
        norm_f: rms_norm(eps = 1e-5);
        lm_head: linear(50288, bias = false, shared = embeddings);

        assert params == 128_989_632;
    }

    block BertLayer(heads, hidden) {
        residual { attention: attention(heads); }
        layer_norm1: layer_norm;
        residual { intermediate: linear(hidden), gelu; output: linear(input.features); }
        layer_norm2: layer_norm;
    }

    /// RoBERTa base (Liu et al., 2019).
    pub struct Roberta(tokens: 512) -> (pooled: 768) {
        words: embedding(50265, 768);
        positions: from tokens, arange(2), embedding(514, 768);
        types: from tokens, full_like(0), embedding(1, 768);
        add(words, positions, types), layer_norm;
        layer: repeat 12 { BertLayer(heads = 12, hidden = 3072); }
        first, linear(768), tanh;

        assert params == 124_645_632;
    }

    block Disentangled(heads, distances, before, behind) {
        let count = input.length;
        let span = distances.length;
        let features = input.features;
        let dim = features / heads;
        both: concat(input, distances, axis = length);
        query_proj: linear(features);
        key_proj: from both, linear(features);
        value_proj: from input, linear(features);
        q: from query_proj, slice(length = 0..count);
        k: from key_proj, slice(length = 0..count);
        q_heads: from q, reshape([count, heads, dim], order = channels_last);
        k_heads: from k, reshape([count, heads, dim], order = channels_last);
        q_far: from query_proj, slice(length = count..count + span), reshape([span, heads, dim], order = channels_last);
        k_far: from key_proj, slice(length = count..count + span), reshape([span, heads, dim], order = channels_last);
        to_position: einsum("lhd,mhd->hlm", q_heads, k_far), gather(before);
        to_content: einsum("lhd,mhd->hlm", k_heads, q_far), gather(behind), permute([0, 2, 1]);
        bias: add(to_position, to_content), rescale(0.07216878364870322);
        scaled_dot_product_attention(q, k, value_proj, heads = heads, scale = 0.07216878364870322, mask = bias);
        dense: linear(features);
    }

    block DebertaLayer(distances, before, behind) {
        residual { attention: Disentangled(12, distances, before, behind); }
        layer_norm1: layer_norm(eps = 1e-7);
        residual { intermediate: linear(3072), gelu; output: linear(768); }
        layer_norm2: layer_norm(eps = 1e-7);
    }

    /// DeBERTa-v3 base (He et al., 2021).
    pub struct DebertaV3(tokens: 128) -> (out: 128x768) {
        before: relative_positions(512, max_distance = 512), reshape([1, 128, 128], order = channels_last);
        behind: from tokens, relative_positions(512, max_distance = 512, ahead = true),
            reshape([1, 128, 128], order = channels_last);
        words: from tokens, embedding(128100, 768), layer_norm(eps = 1e-7);
        distances: parameter([512, 768]), layer_norm(eps = 1e-7);
        layer: from words, repeat 12 { DebertaLayer(distances, before, behind); }

        assert params == 183_831_552;
    }

    block BartDecoderLayer(memory) {
        residual { self_attn: attention(12, causal = true); }
        self_attn_layer_norm: layer_norm;
        residual { encoder_attn: attention(12, memory = memory); }
        encoder_attn_layer_norm: layer_norm;
        residual { fc1: linear(3072), gelu; fc2: linear(768); }
        final_layer_norm: layer_norm;
    }

    /// BART base (Lewis et al., 2019).
    pub struct Bart(source: 128, target: 64) -> (out: 64x768) {
        words: embedding(50265, 768);
        encoder: {
            positions: from source, arange(2), embedding(1026, 768);
            add(words, positions), layer_norm;
            layers: repeat 6 { BertLayer(heads = 12, hidden = 3072); }
        }
        decoder: from target, {
            tokens: embedding(50265, 768, shared = words);
            positions: from target, arange(2), embedding(1026, 768);
            add(tokens, positions), layer_norm;
            layers: repeat 6 { BartDecoderLayer(encoder); }
        }

        assert params == 139_420_416;
    }

    /// DINOv2 small (Oquab et al., 2023).
    pub struct Dinov2(image: 518x518x3) -> (features: 1370x384) {
        conv(384, 14x14, stride = 14), to_sequence;
        class_token, positional_embedding;
        tokens: identity;
        // What stands for patches that training leaves out.
        #[allow(unused_value)] mask_token: parameter([1, 384]);
        layer: from tokens, repeat 12 {
            residual { norm1: layer_norm(eps = 1e-6); attention: attention(6); layer_scale1: scale; }
            residual {
                norm2: layer_norm(eps = 1e-6);
                mlp: { fc1: linear(1536), gelu; fc2: linear(384); }
                layer_scale2: scale;
            }
        }
        layernorm: layer_norm(eps = 1e-6);

        assert params == 22_056_576;
    }

    /// HuBERT base (Hsu et al., 2021), on a second of sound.
    pub struct Hubert(sound: 16000) -> (out: 49x768) {
        reshape([16000, 1], order = channels_last);
        conv0: conv(512, 10, stride = 5, bias = false), group_norm(512), gelu;
        convs: repeat kernel in [3, 3, 3, 3, 2, 2] { conv(512, kernel, stride = 2, bias = false), gelu; }
        projection: layer_norm, linear(768);
        #[allow(unused_value)] masked_spec_embed: parameter(768);
        encoder: from projection, {
            residual {
                pos_conv_embed: conv(768, 128, padding = 64, groups = 16, weight_norm = true, norm_dim = 2);
                slice(length = 0..49), gelu;
            }
            layer_norm: layer_norm;
            layers: repeat 12 { BertLayer(heads = 12, hidden = 3072); }
        }

        assert params == 94_371_712;
    }
}
