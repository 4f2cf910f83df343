//! DeepSeek-V2 and V3: latent attention and many experts.

use shapewise::plan::{ServeNeed, Serving, TrainNeed, Training, Weights};
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

    /// Four layers of DeepSeek-V3: what each of 16 stages has, but the first and the last.
    #[dtype(bf16)]
    struct Stage(x: 4096x7168) -> (y: 4096x7168) {
        layers: repeat 4 {
            Attention;
            residual {
                post_attention_layernorm: rms_norm;
                mlp: mixture_of_experts(256, active = 8, features = 2048, scores = sigmoid, correction_bias = true,
                    groups = 8, active_groups = 4, group_score = top2, shared_features = 2048);
            }
        }
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

    /// Keys are made of all positions at once: the attention caches both.
    struct Mixed(x: 64x32) -> (y: 64x32) {
        c: kv_cache;
        scores: einsum("ld,md->lm", c, c);
        k: einsum("lm,md->ld", scores, c);
        v: from c, linear(32);
        scaled_dot_product_attention(x, k, v, heads = 4, causal = true);
    }

    /// Each value is weighed against all positions: the attention caches both.
    struct Weighed(x: 64x32) -> (y: 64x32) {
        c: kv_cache;
        v: from c, softmax(axis = length);
        scaled_dot_product_attention(x, c, v, heads = 4, causal = true);
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
    assert_eq!(elements(Mixed::GRAPH), 32 + 2 * 32);
    assert_eq!(elements(Weighed::GRAPH), 32 + 2 * 32);
}

/// The parameters of an expert of DeepSeek-V3.
const EXPERT: u64 = 3 * 7168 * 2048;

/// 2^30 bytes, to a hundredth.
fn hundredths_of_gib(bytes: u64) -> u64 {
    (bytes * 100 + (1 << 29)) >> 30
}

/// Zhang and Su 2025, "Memory Analysis on the Training Course of DeepSeek Models" (arXiv
/// 2502.07846): in bf16 the four layers of a stage of 16 are 86 GB (of 2^30 bytes); divided by 2
/// devices that share layers and 8 that share experts, 11.64 GB on each of 64.
#[test]
fn a_stage_of_deepseek_on_64_devices() {
    const WHOLE: TrainNeed = Training::adamw().of(Stage::GRAPH);
    assert_eq!((WHOLE.parameters + (1 << 29)) >> 30, 86);
    const PLAN: Training = Training::adamw().batch(64).devices(64).tensor(2).expert(8);
    const NEED: TrainNeed = PLAN.of(Stage::GRAPH);
    // They leave what makes latent vectors, and the part of the queries that is turned, whole on both.
    let kept = 7168 * (1536 + 512 + 64) + 1536 * 128 * 64;
    assert_eq!(hundredths_of_gib(NEED.parameters + 2 * 4 * kept / 2), 1164);
    assert_eq!(PLAN.train(Stage::GRAPH), Ok(NEED));
}

/// Experts are divided among others than all else is: what `ZeRO` divides of them, too.
#[test]
fn zero_divides_experts_among_those_that_have_them() {
    let experts = 4 * 256 * EXPERT;
    let dense = Stage::PARAMS - experts;
    let plan = Training::adamw().batch(64).devices(64);
    for expert in [1, 8, 64] {
        for zero in 0..4 {
            let need = plan.expert(expert).zero(zero).train(Stage::GRAPH).unwrap();
            let divided = |from: u64, bytes: u64| match zero >= from {
                // All that each of 64 devices has of both: experts once per group.
                true => bytes * dense / 64 + bytes * experts / 64,
                false => bytes * dense + bytes * experts / expert,
            };
            assert_eq!(need.parameters, divided(3, 2));
            assert_eq!(need.gradients, divided(2, 2));
            assert_eq!(need.master, divided(1, 4));
            assert_eq!(need.optimizer, divided(1, 8));
            // Experts of which there is one copy are where they are needed.
            let mixture = 256 * EXPERT / expert * u64::from(expert < 64) + 7168 * 256 + EXPERT;
            let attention = 16_384 * 7168;
            let gathered = if zero == 3 {
                4 * mixture.max(attention)
            } else {
                0
            };
            assert_eq!(need.gathered, gathered);
        }
    }
}

/// DeepSeek-AI 2024, "DeepSeek-V3", section 3.4.2: while decoding, each of 256 devices hosts one
/// expert, beside all else (64 more host copies and the shared expert, which is whole on each here).
#[test]
fn a_device_serves_an_expert() {
    const NEED: ServeNeed = Serving::new().expert(256).of(DeepseekV3::GRAPH);
    let dense = DeepseekV3::PARAMS - 58 * 256 * EXPERT;
    let buffers = 58 * 256 * 4;
    assert_eq!(NEED.weights, 2 * (dense + 58 * EXPERT) + buffers);
    assert_eq!(NEED.cache_per_token, 70_272);
    // Experts are matrices, a scale for each row: the router is none of them.
    let fp8 = Serving::new()
        .weights(Weights::Fp8)
        .serve(DeepseekV3::GRAPH)
        .unwrap();
    let routers = 58 * 256 * 7168;
    let norms = 61 * (2 * 7168 + 1536 + 512) + 7168;
    let plain = routers + norms + 129_280 * 7168;
    let rows = 61 * (1536 + 128 * 192 + 576 + 128 * 256 + 7168)
        + 129_280
        + 3 * (2 * 18_432 + 7168)
        + 58 * 257 * (2 * 2048 + 7168);
    assert_eq!(fp8.weights, DeepseekV3::PARAMS + plain + 2 * rows + buffers);
}

#[test]
fn devices_that_cannot_share_experts_are_errors() {
    let told = |error: shapewise::plan::PlanError| error.to_string();
    let uneven = "3 devices cannot share 256 experts evenly: `expert` has to divide 256";
    let plan = Training::adamw().devices(6).expert(3);
    assert_eq!(
        plan.train(Stage::GRAPH).map_err(told),
        Err(uneven.to_owned())
    );
    let plan = Serving::new().expert(3);
    assert_eq!(
        plan.serve(Stage::GRAPH).map_err(told),
        Err(uneven.to_owned())
    );
    let none = "`expert` has to be at least 1".to_owned();
    assert_eq!(
        Serving::new().expert(0).serve(Stage::GRAPH).map_err(told),
        Err(none)
    );
}
