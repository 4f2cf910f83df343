//! What plans of training and of serving take, against published figures.

#[path = "plan/deepseek.rs"]
mod deepseek;
#[path = "plan/random.rs"]
mod random;
#[path = "plan/states.rs"]
mod states;

use shapewise::graph::DType;
use shapewise::layer::{Autograd, Backward};
use shapewise::plan::{Checkpoint, TrainNeed, Training};
use shapewise::{Network, network};

/// 10^9 bytes, to a tenth.
fn tenths_of_gb(bytes: u64) -> u64 {
    (bytes + 50_000_000) / 100_000_000
}

/// Rajbhandari et al. 2020, "ZeRO: Memory Optimizations Toward Training Trillion Parameter
/// Models", figure 1: 7.5 B parameters, 64 devices, Adam in mixed precision.
#[test]
fn zero_divides_as_its_paper_says() {
    let figures = [0, 1, 2, 3].map(|stage| {
        let plan = Training::adam().dtype(DType::F16).zero(stage).devices(64);
        tenths_of_gb(plan.states(7_500_000_000, DType::F32).total())
    });
    // 120 GB, 31.4 GB, 16.6 GB, 1.9 GB.
    assert_eq!(figures, [1200, 314, 166, 19]);
}

/// DeepSpeed's documentation of its estimators ("Memory Requirements"), for T5-3B: 2,851 M
/// parameters on 8 devices.
#[test]
fn zero_2_and_3_are_near_deepspeeds_estimates() {
    const PARAMETERS: u64 = 2_851_000_000;
    const LARGEST: u64 = 32_000_000;
    let hundredths_of_gib = |bytes: u64| (bytes * 100 + (1 << 29)) >> 30;
    // It keeps gradients in f32, divided, as the optimiser's states are.
    let plan = Training::adam()
        .dtype(DType::F16)
        .gradients(DType::F32)
        .devices(8);
    // And the 16-bit gradients whole, which the paper has none of.
    let two = plan.zero(2).states(PARAMETERS, DType::F32);
    assert_eq!(hundredths_of_gib(two.total() + 2 * PARAMETERS), 1593);
    // And the largest layer with its gradients, gathered.
    let three = plan.zero(3).states(PARAMETERS, DType::F32);
    assert_eq!(hundredths_of_gib(three.total() + 4 * LARGEST), 609);
}

network! {
    block Layer(heads) {
        residual {
            layer_norm, attention(heads = heads, dropout = 0.1), dropout(0.1);
        }
        residual {
            layer_norm;
            linear(4 * input.features), gelu, linear(input.features), dropout(0.1);
        }
    }

    /// A layer of GPT as Korthikanti et al. 2022 count it.
    #[dtype(f16)]
    struct GptLayer(x: 128x64) -> (y: 128x64) { Layer(heads = 8); }

    /// Eight of them.
    #[dtype(f16)]
    struct GptLayers(x: 128x64) -> (y: 128x64) { h: repeat 8 { Layer(heads = 8); } }
}

/// Korthikanti et al. 2022, "Reducing Activation Recomputation in Large Transformer Models",
/// equations 1 to 6: bytes per layer of s positions, b samples, h features and a heads. They
/// leave the statistics of the normalisations out: two numbers of each position.
mod megatron {
    use super::*;

    const S: u64 = 128;
    const B: u64 = 4;
    const H: u64 = 64;
    const A: u64 = 8;
    const SBH: u64 = S * B * H;
    const STATISTICS: u64 = 2 * 2 * 4 * S * B;
    const PLAN: Training = Training::adam().batch(B).autograd(Autograd::Unfused);

    fn activations(plan: Training, statistics: u64) -> u64 {
        let need = plan.train(GptLayer::GRAPH).expect("a plan");
        assert_eq!(need, plan.of(GptLayer::GRAPH));
        need.activations - statistics
    }

    #[test]
    fn one_device() {
        assert_eq!(activations(PLAN, STATISTICS), SBH * 34 + 5 * A * S * S * B);
    }

    #[test]
    fn tensor_parallel() {
        for t in [2, 4, 8] {
            let plan = PLAN.tensor(t).devices(t);
            let formula = SBH * 10 + SBH * 24 / t + 5 * A * S * S * B / t;
            assert_eq!(activations(plan, STATISTICS), formula);
        }
    }

    #[test]
    fn tensor_and_sequence_parallel() {
        for t in [2, 4, 8] {
            let plan = PLAN.tensor(t).sequence(true).devices(t);
            let formula = (SBH * 34 + 5 * A * S * S * B) / t;
            assert_eq!(activations(plan, STATISTICS / t), formula);
        }
    }

    #[test]
    fn selective_recomputation() {
        let plan = PLAN.checkpoint(Checkpoint::Attention);
        assert_eq!(activations(plan, STATISTICS), SBH * 34);
        // Two products of the heads, once more.
        let forth = GptLayer::MACS;
        assert_eq!(plan.of(GptLayer::GRAPH).macs, 3 * forth + 2 * S * S * H);
        let plan = plan.tensor(4).sequence(true).devices(4);
        assert_eq!(activations(plan, STATISTICS / 4), SBH * 34 / 4);
        // A kernel that keeps no scores keeps the sums of their rows.
        let fused = PLAN.autograd(Autograd::Fused);
        assert_eq!(activations(fused, STATISTICS + 4 * A * S * B), SBH * 34);
    }

    #[test]
    fn full_recomputation() {
        let plan = PLAN.checkpoint(Checkpoint::Copies);
        let need: TrainNeed = plan.of(GptLayers::GRAPH);
        assert_eq!(need.activations, 8 * 2 * SBH);
        let one = SBH * 34 + 5 * A * S * S * B + STATISTICS;
        // What enters the layer that is recomputed is there already.
        assert_eq!(need.recomputed, one - 2 * SBH);
        let forth = GptLayers::MACS;
        assert_eq!(PLAN.of(GptLayers::GRAPH).macs, 3 * forth);
        assert_eq!(need.macs, 4 * forth);
    }

    #[test]
    fn a_pipeline_holds_what_is_in_flight() {
        // The first of p stages holds L/p layers of p parts: as many as without it.
        let plan = PLAN.batch(8 * B).accumulate(8).pipeline(4).devices(4);
        let need = plan.train(GptLayers::GRAPH).expect("a plan");
        let layer = SBH * 34 + 5 * A * S * S * B + STATISTICS;
        assert_eq!((need.stage, need.activations), (0, 4 * 2 * layer));
        assert_eq!(need.parameters * 4, 2 * GptLayers::PARAMS);
    }
}

#[test]
fn what_is_kept_of_a_graph_is_what_a_plan_has() {
    let pass = Backward {
        samples: 3,
        ..Backward::eager(2)
    };
    let kept = GptLayers::GRAPH.kept(&pass).expect("places for all");
    let need = Training::sgd().batch(3).of(GptLayers::GRAPH);
    assert_eq!(need.activations, kept.bytes(&pass));
    assert_eq!(need.parameters, 2 * GptLayers::PARAMS);
}

#[test]
fn plans_that_cannot_be_are_errors() {
    let graph = GptLayers::GRAPH;
    let told = |plan: Training| plan.train(graph).expect_err("no such plan").to_string();
    assert_eq!(
        told(Training::adam().batch(0)),
        "`batch` has to be at least 1"
    );
    assert_eq!(
        told(Training::adam().zero(4)),
        "there is no ZeRO stage 4: stages are 0, 1, 2 and 3"
    );
    assert_eq!(
        told(Training::adam().devices(6).tensor(4)),
        "`devices = 6` is no multiple of `tensor * pipeline`, 4*1"
    );
    assert_eq!(
        told(Training::adam().devices(9).pipeline(9)),
        "9 stages cannot be cut out of 8 statements and copies of repeats"
    );
    assert_eq!(
        told(Training::adam().devices(3).tensor(3)),
        "3 devices cannot share 8 heads evenly: `tensor` has to divide 8"
    );
    assert_eq!(
        told(Training::adam().devices(8).tensor(2).pipeline(2).expert(3)),
        "`expert = 3` does not divide the 4 devices of a stage"
    );
    assert_eq!(
        told(Training::adam().batch(u64::MAX)),
        "the bytes do not fit 64 bits"
    );
}

mod serving {
    use shapewise::graph::DType;
    use shapewise::plan::{ServeNeed, Serving, Weights};
    use shapewise::{Network, network};

    network! {
        block Layer(heads, kv_heads, feedforward) {
            residual {
                input_layernorm: rms_norm;
                self_attn: attention(heads = heads, kv_heads = kv_heads, bias = false, causal = true);
            }
            residual {
                post_attention_layernorm: rms_norm;
                mlp: mul {
                    branch { gate_proj: linear(feedforward, bias = false), silu; }
                    branch { up_proj: linear(feedforward, bias = false); }
                }
                down_proj: linear(input.features, bias = false);
            }
        }

        /// LLaMA 2 of 7 B parameters, without its rotations, which have none.
        #[dtype(f16)]
        pub struct Llama2(tokens: 4096) -> (logits: 4096x32000) {
            embed_tokens: embedding(32000, 4096);
            layers: repeat 32 { Layer(heads = 32, kv_heads = 32, feedforward = 11008); }
            norm: rms_norm;
            lm_head: linear(32000, bias = false);
            assert params == 6_738_415_616;
        }

        /// LLaMA 3 of 8 B.
        #[dtype(bf16)]
        pub struct Llama3(tokens: 8192) -> (logits: 8192x128256) {
            embed_tokens: embedding(128256, 4096);
            layers: repeat 32 { Layer(heads = 32, kv_heads = 8, feedforward = 14336); }
            norm: rms_norm;
            lm_head: linear(128256, bias = false);
            assert params == 8_030_261_248;
        }

        /// LLaMA 3.1 of 405 B.
        #[dtype(bf16)]
        pub struct Llama405(tokens: 8192) -> (logits: 8192x128256) {
            embed_tokens: embedding(128256, 16384);
            layers: repeat 126 { Layer(heads = 128, kv_heads = 8, feedforward = 53248); }
            norm: rms_norm;
            lm_head: linear(128256, bias = false);
            assert params == 405_853_388_800;
        }
    }

    /// Keys and values of 32 layers of 4,096 features in 16 bits: 512 KiB a token; a quarter of
    /// the heads in LLaMA 3 8B: 128 KiB.
    #[test]
    fn a_token_of_llama() {
        const TWO: ServeNeed = Serving::new().batch(8).positions(8192).of(Llama2::GRAPH);
        assert_eq!(TWO.cache_per_token, 512 << 10);
        assert_eq!(TWO.cache, (512 << 10) * 8 * 8192);
        assert_eq!(TWO.weights, 2 * Llama2::PARAMS);
        let three = Serving::new().positions(8192).of(Llama3::GRAPH);
        assert_eq!(three.cache_per_token, 128 << 10);
        assert_eq!(three.cache, 1 << 30);
    }

    /// Hugging Face's page on Llama 3.1 ("Llama 3.1 - 405B, 70B & 8B with multilinguality and
    /// long context"): 810 GB in 16 bits, 405 GB in 8.
    #[test]
    fn the_weights_of_405_b() {
        let near = |bytes: u64, gb: u64| (bytes / 1_000_000_000).abs_diff(gb) * 100 <= gb;
        let graph = Llama405::GRAPH;
        assert!(near(Serving::new().serve(graph).unwrap().weights, 810));
        let fp8 = Serving::new().weights(Weights::Fp8).serve(graph).unwrap();
        assert!(near(fp8.weights, 405), "{}", fp8.weights);
    }

    #[test]
    fn four_bits_have_scales() {
        let graph = Llama2::GRAPH;
        let plan = Serving::new().weights(Weights::Int4).group(128);
        let need = plan.serve(graph).unwrap();
        // The table of 32,000 tokens and 65 normalisations stay as they are; of each 128
        // weights 64 bytes, a scale of 2, and a zero of half a byte.
        let whole = 32_000 * 4096 + 65 * 4096;
        let weights = Llama2::PARAMS - whole;
        assert_eq!(
            need.weights,
            2 * whole + weights / 2 + weights / 128 * 5 / 2
        );
    }

    /// Constants leave out copies of a repeat that are like others; what they find is the same.
    #[test]
    fn constants_agree_with_run_time() {
        use shapewise::layer::Autograd;
        use shapewise::plan::{Checkpoint, TrainNeed, Training};
        const BASE: Training = Training::adamw().batch(512).devices(128);
        const PLANS: [Training; 5] = [
            BASE,
            BASE.tensor(8)
                .checkpoint(Checkpoint::Attention)
                .autograd(Autograd::Unfused),
            BASE.zero(3).checkpoint(Checkpoint::Copies),
            BASE.tensor(8)
                .sequence(true)
                .pipeline(4)
                .accumulate(16)
                .checkpoint(Checkpoint::Full),
            Training::with(shapewise::plan::Optimizer::Adafactor)
                .batch(64)
                .devices(8)
                .pipeline(8),
        ];
        const FOUND: [TrainNeed; 5] = {
            let mut found = [PLANS[0].of(Llama405::GRAPH); 5];
            let mut i = 1;
            while i < 5 {
                found[i] = PLANS[i].of(Llama405::GRAPH);
                i += 1;
            }
            found
        };
        for (plan, found) in PLANS.iter().zip(FOUND) {
            assert_eq!(plan.train(Llama405::GRAPH), Ok(found), "{plan:?}");
        }
        const SERVED: ServeNeed = Serving::new().weights(Weights::Int4).of(Llama405::GRAPH);
        let served = Serving::new().weights(Weights::Int4).serve(Llama405::GRAPH);
        assert_eq!(served, Ok(SERVED));
    }

    network! {
        /// An attention of Mistral 7B.
        #[dtype(bf16)]
        struct Mistral(x: 16384x4096) -> (y: 16384x4096) {
            attention(heads = 32, kv_heads = 8, causal = true, sliding_window = 4096, bias = false);
        }
    }

    /// Jiang et al. 2023, "Mistral 7B", section 2: a window of 4,096 bounds the cache; of
    /// 32,768 tokens it takes an eighth.
    #[test]
    fn a_window_bounds_the_cache() {
        let need = Serving::new()
            .positions(32_768)
            .serve(Mistral::GRAPH)
            .unwrap();
        assert_eq!(need.cache_per_token, 2 * 8 * 128 * 2);
        assert_eq!(need.cache * 8, need.cache_per_token * 32_768);
    }

    /// One token after the other, with a cache in another type.
    #[test]
    fn activations_are_of_what_passes_at_once() {
        let all = Serving::new().serve(Llama3::GRAPH).unwrap();
        assert_eq!(all.activations, Llama3::PEAK_ACTIVATION_BYTES);
        let one = Serving::new().tokens(1).cache(DType::I8).positions(8192);
        let one = one.serve(Llama3::GRAPH).unwrap();
        assert_eq!(one.activations, Llama3::PEAK_ACTIVATION_BYTES / 8192);
        assert_eq!(one.cache, 1 << 29);
        assert_eq!(one.total(), one.weights + one.cache + one.activations);
    }
}

/// Budgets in the language: the same numbers as the plans, and of networks whose numbers only
/// rustc knows.
mod budgets {
    use shapewise::graph::DType;
    use shapewise::network;
    use shapewise::plan::{TrainNeed, Training};

    const WIDTH: usize = 256;

    network! {
        struct Known(x: 64) -> (y: 8) {
            linear(256), relu, dropout(0.5), linear(8);
            assert train_bytes(batch = 32, optimizer = adam, dtype = bf16) == 352_384;
            assert serve_bytes(batch = 32) <= 1MiB;
        }

        struct OfRust<const CLASSES: usize = 8>(x: 64) -> (y: CLASSES) {
            linear(WIDTH), relu, dropout(0.5), linear(CLASSES);
            assert train_bytes(batch = 32, optimizer = adam, dtype = bf16) <= 352_384;
            assert train_bytes(zero = 3, devices = 8, checkpoint = full, autograd = fused) <= 1MiB;
            assert serve_bytes(weights = int4, group = 32, cache = i8) <= 100KiB;
        }
    }

    #[test]
    fn a_budget_is_a_plan() {
        const PLAN: Training = Training::adam().batch(32).dtype(DType::Bf16);
        const NEED: TrainNeed = PLAN.of(<Known as shapewise::Network>::GRAPH);
        // 16 bytes a parameter; the input, the relu's result, the noise, what is left of it.
        let parameters = Known::PARAMS * 16;
        let activations = 32 * (64 + 256 + 256 + 256) * 2;
        assert_eq!(NEED.total(), parameters + activations);
        assert_eq!(NEED.total(), 352_384);
        let of_rust = <OfRust<8> as shapewise::Network>::GRAPH;
        assert_eq!(PLAN.of(of_rust), NEED);
    }
}
