//! What mixtures of experts are called and take.

use super::Mixture;
use crate::argument::Argument;
use crate::entry::{Entry, family};
use crate::error::attempt;
use crate::value::Value;

const fn flag(name: &'static str, doc: &'static str, default: bool) -> Argument {
    Argument::bool(name, doc).default(Value::Bool(default))
}

family! {
    const fn unchecked(args, inputs) -> Mixture;

    /// Mixture of experts: a router gives each position a few of many feed-forward parts, and adds what
    /// they make of it by their scores.
    ///
    /// With H features, E experts of which k are `active`, and I `features` between the two linear layers
    /// of each:
    ///
    /// - Output: the input's shape, a vector or a sequence.
    /// - Parameters: `gate.weight` of `E x H`; `experts.gate_up_proj` of `E x 2I x H` (not `gated`:
    ///   `experts.up_proj` of `E x I x H`), `experts.down_proj` of `E x H x I`. With `router_bias` also
    ///   `gate.bias`, with `correction_bias` the buffer `gate.e_score_correction_bias`, with `bias`
    ///   `experts.gate_up_proj_bias` and `experts.down_proj_bias`. With `shared_features` an expert that all
    ///   positions use, of as many: `shared_experts.gate_proj.weight`, `shared_experts.up_proj.weight`,
    ///   `shared_experts.down_proj.weight`; with `shared_gate` also `shared_expert_gate.weight`.
    ///   `PARAMS` are all of them, `ACTIVE_PARAMS` those that a position uses.
    /// - With `projections = separate` the experts have tensors of their own, as checkpoints are published:
    ///   `experts.0.gate_proj.weight`, `experts.0.up_proj.weight`, `experts.0.down_proj.weight`; with `projections =
    ///   numbered` these are `experts.0.w1.weight`, `experts.0.w3.weight`, `experts.0.w2.weight`, as of Mixtral.
    /// - MACs: those that a position uses: `H*E + k*3*H*I`, and the shared expert's.
    ///
    /// Engines calculate all experts and leave out by a factor of 0 what is not used. Source: Jiang et al.
    /// 2024, Mixtral; Dai et al. 2024, DeepSeekMoE; `transformers`' `MixtralSparseMoeBlock`,
    /// `DeepseekV2Moe`, `DeepseekV3MoE`, `GptOssMLP`; `weigh_inputs` is `Llama4TextMoe`. Other names of the
    /// parts are given at once: `#[tensor(gate = "router")]`.
    mixture_of_experts: |entry| entry
        .arguments(&[
            Argument::int("experts", "number of experts", 1)
                .positional()
                .aliases(&["num_experts", "num_local_experts", "n_routed_experts"]),
            Argument::int("active", "how many of them a position uses", 1)
                .aliases(&["num_experts_per_tok", "top_k", "topk"]),
            Argument::int("features", "features between both linear layers of an expert", 1)
                .aliases(&["intermediate_size", "moe_intermediate_size", "hidden"]),
            Argument::keyword(
                "activation",
                "what stands between both linear layers",
                &["silu", "gelu", "gelu_tanh", "quick_gelu", "relu", "squared_relu"],
            )
            .default(Value::Keyword("silu"))
            .aliases(&["hidden_act"]),
            flag("gated", "whether a second linear layer is multiplied in", true),
            flag("interleaved", "whether gates and what they are multiplied with alternate", false),
            flag("transposed", "whether the experts' weights have what comes in first", false),
            Argument::keyword(
                "projections",
                "whether the weights of all experts are joined, or each has its own, by names or numbers",
                &["joined", "separate", "numbered"],
            )
            .default(Value::Keyword("joined")),
            flag("bias", "whether the experts' linear layers add biases", false),
            flag("router_bias", "whether the router adds a bias", false),
            Argument::keyword("scores", "what the router makes of its logits", &["softmax", "sigmoid"])
                .default(Value::Keyword("softmax"))
                .aliases(&["scoring_func"]),
            flag("normalize", "whether the scores of the experts that are used add up to 1", true)
                .aliases(&["norm_topk_prob"]),
            Argument::float("scale", "what the scores are multiplied by", f64::NEG_INFINITY, f64::INFINITY)
                .default(Value::Float(1.0))
                .aliases(&["routed_scaling_factor"]),
            flag("weigh_inputs", "whether the scores weigh what goes into the experts, not what comes out", false),
            flag("correction_bias", "whether a bias is added where experts are chosen, not where they are added", false),
            Argument::int("groups", "groups of experts of which a few are used", 1)
                .default(Value::Int(1))
                .aliases(&["n_group"]),
            Argument::int("active_groups", "how many groups a position uses", 1)
                .default_is("all")
                .aliases(&["topk_group"]),
            Argument::keyword("group_score", "what a group is chosen by: its best expert, or its best two", &["max", "top2"])
                .default(Value::Keyword("max")),
            Argument::float("limit", "what gates stay below, and what they are multiplied with in size", f64::MIN_POSITIVE, f64::INFINITY)
                .default_is("no limit")
                .aliases(&["swiglu_limit"]),
            Argument::float("up_offset", "what is added to what gates are multiplied with", f64::NEG_INFINITY, f64::INFINITY)
                .default(Value::Float(0.0)),
            Argument::int("shared_features", "features of an expert that all positions use", 1)
                .default_is("no such expert")
                .aliases(&["n_shared_experts", "shared_expert_intermediate_size"]),
            flag("shared_gate", "whether what the shared expert makes is multiplied by a gate", false),
        ])
        .weighted()
        .aliases(&["MoE", "moe", "SparseMoeBlock", "MixtralSparseMoeBlock", "MixtureOfExperts"]),
        attempt!(Mixture::build(args, &inputs[0]));
}
