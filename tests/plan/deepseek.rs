//! DeepSeek-V2 and V3: latent attention and many experts.

use shapewise::plan::{ServeNeed, Serving};
use shapewise::{Network, network};

network! {
    /// Keys and values are made from a latent vector, which is cached, with the part of the keys that is
    /// turned, the same for all heads.
    pub block LatentAttention(heads, queries, latent, plain, rotary, value) {
        let dim = plain + rotary;
        let length = input.length;
        q_a_proj: linear(queries, bias = false);
        q_a_layernorm: rms_norm;
        q_b_proj: linear(heads * dim, bias = false), rotary_embedding(heads, start = plain, interleaved = true);
        kv_a_proj_with_mqa: from input, linear(latent + rotary, bias = false);
        (compressed, k_turned): channel_split([latent, rotary]);
        kv_a_layernorm: from compressed, rms_norm, kv_cache;
        kv_b_proj: linear(heads * (plain + value), bias = false),
            reshape([length, heads, plain + value], order = channels_last);
        (k_plain, v): channel_split([plain, value]);
        k_rotary: from k_turned, rotary_embedding(interleaved = true), kv_cache,
            reshape([length, 1, rotary], order = channels_last), expand([length, heads, rotary]);
        keys: concat(k_plain, k_rotary), reshape([length, heads * dim], order = channels_last);
        values: from v, reshape([length, heads * value], order = channels_last);
        scaled_dot_product_attention(q_b_proj, keys, values, heads = heads, causal = true);
        o_proj: linear(input.features, bias = false);
    }

    block Gated(features) {
        mul {
            branch { gate_proj: linear(features, bias = false), silu; }
            branch { up_proj: linear(features, bias = false); }
        }
        down_proj: linear(input.features, bias = false);
    }

    block Attention() {
        residual {
            input_layernorm: rms_norm;
            self_attn: LatentAttention(heads = 128, queries = 1536, latent = 512, plain = 128, rotary = 64, value = 128);
        }
    }

    /// DeepSeek-V2 (DeepSeek-AI 2024): "236B total parameters, of which 21B are activated".
    #[dtype(bf16)]
    pub struct DeepseekV2(tokens: 4096) -> (logits: 4096x102400) {
        embed_tokens: embedding(102400, 5120);
        layers: repeat i in 0..60 {
            Attention;
            residual {
                post_attention_layernorm: rms_norm;
                if i < 1 {
                    mlp: Gated(12288);
                } else {
                    mlp: mixture_of_experts(160, active = 6, features = 1536, normalize = false, scale = 16.0,
                        groups = 8, active_groups = 3, shared_features = 3072);
                }
            }
        }
        norm: rms_norm;
        lm_head: linear(102400, bias = false);
    }

    /// DeepSeek-V3 (DeepSeek-AI 2024): "671B total parameters with 37B activated".
    #[dtype(bf16)]
    pub struct DeepseekV3(tokens: 4096) -> (logits: 4096x129280) {
        embed_tokens: embedding(129280, 7168);
        layers: repeat i in 0..61 {
            Attention;
            residual {
                post_attention_layernorm: rms_norm;
                if i < 3 {
                    mlp: Gated(18432);
                } else {
                    mlp: mixture_of_experts(256, active = 8, features = 2048, scores = sigmoid, scale = 2.5,
                        correction_bias = true, groups = 8, active_groups = 4, group_score = top2,
                        shared_features = 2048);
                }
            }
        }
        norm: rms_norm;
        lm_head: linear(129280, bias = false);
    }
}

/// 10^9, rounded.
const fn billions(count: u64) -> u64 {
    (count + 500_000_000) / 1_000_000_000
}

#[test]
fn the_papers_count_as_many_parameters() {
    assert_eq!(billions(DeepseekV2::PARAMS), 236);
    assert_eq!(billions(DeepseekV2::ACTIVE_PARAMS), 21);
    assert_eq!(billions(DeepseekV3::PARAMS), 671);
    // Without the table of which a token reads a row.
    let table = 129_280 * 7168;
    assert_eq!(billions(DeepseekV3::ACTIVE_PARAMS - table), 37);
}

/// DeepSeek-AI 2024, "DeepSeek-V2", table 1: a token of latent attention caches `(d_c + d_h^R) l`
/// numbers. Zhao et al. 2025, "Insights into DeepSeek-V3", table 1: 70.272 KB a token in bf16.
#[test]
fn latent_attention_caches_what_is_compressed() {
    const TWO: ServeNeed = Serving::new().of(DeepseekV2::GRAPH);
    assert_eq!(TWO.cache_per_token, (512 + 64) * 60 * 2);
    const THREE: ServeNeed = Serving::new()
        .batch(8)
        .positions(4096)
        .of(DeepseekV3::GRAPH);
    assert_eq!(THREE.cache_per_token, 70_272);
    assert_eq!(THREE.cache, 70_272 * 8 * 4096);
    assert_eq!(Serving::new().batch(8).serve(DeepseekV3::GRAPH), Ok(THREE));
}

/// The same table's others: Qwen-2.5 72B and LLaMA-3.1 405B, of grouped queries.
#[test]
fn grouped_queries_cache_keys_and_values() {
    network! {
        #[dtype(bf16)]
        struct Qwen(x: 128x8192) -> (y: 128x8192) {
            h: repeat 80 { attention(heads = 64, kv_heads = 8, causal = true, bias = false); }
        }
    }
    assert_eq!(Serving::new().of(Qwen::GRAPH).cache_per_token, 327_680);
    let llama = super::serving::Llama405::GRAPH;
    assert_eq!(Serving::new().of(llama).cache_per_token, 516_096);
}

network! {
    /// Two layers that attend to the same keys and values, the second within a window.
    struct Shared(x: 64x32) -> (y: 64x32) {
        k: linear(16), rotary_embedding(2), kv_cache;
        v: from x, linear(16), kv_cache;
        q1: from x, linear(32);
        a1: scaled_dot_product_attention(q1, k, v, heads = 4, kv_heads = 2, causal = true);
        q2: linear(32);
        scaled_dot_product_attention(q2, k, v, heads = 4, kv_heads = 2, causal = true);
    }

    /// What attention gives is not made of what is cached position by position.
    struct Stacked(x: 64x32) -> (y: 64x32) {
        kv_cache(sliding_window = 16);
        attention(heads = 4, causal = true);
        attention(heads = 4, causal = true);
    }

    /// Keys are made of what is cached, values are not: the attention caches both.
    struct Half(x: 64x32) -> (y: 64x32) {
        c: linear(8), kv_cache;
        k: linear(32);
        v: from x, linear(32);
        scaled_dot_product_attention(x, k, v, heads = 4, causal = true);
    }
}

#[test]
fn what_is_marked_is_cached_once() {
    let elements = |graph| Serving::new().of(graph).cache_per_token / 4;
    assert_eq!(elements(Shared::GRAPH), 2 * 16);
    assert_eq!(elements(Stacked::GRAPH), 32 + 2 * 32);
    let stacked = Serving::new().of(Stacked::GRAPH);
    assert_eq!(stacked.cache, 4 * (16 * 32 + 64 * 2 * 32));
    assert_eq!(elements(Half::GRAPH), 8 + 2 * 32);
}
