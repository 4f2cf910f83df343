//! Whether a GPT-2 fits: what training takes on each of eight devices, by several plans, and
//! what serving takes.

use shapewise::graph::DType;
use shapewise::network;
use shapewise::plan::{Checkpoint, PlanError, Serving, Training, Weights};

network! {
    block Layer(heads) {
        residual { layer_norm, attention(heads = heads, dropout = 0.1, causal = true), dropout(0.1); }
        residual { layer_norm, linear(4 * input.features), gelu, linear(input.features), dropout(0.1); }
    }

    /// GPT-2 with an output layer of its own.
    pub struct Gpt(tokens: 1024) -> (logits: 1024x50257) {
        wte: embedding(50257, 768);
        h: repeat 12 { Layer(heads = 12); }
        ln_f: layer_norm;
        lm_head: linear(50257, bias = false);

        assert train_bytes(batch = 64, dtype = bf16, zero = 1, devices = 8) <= 16GiB;
        assert serve_bytes(batch = 32, tokens = 1, dtype = bf16, weights = int4) <= 2GiB;
    }
}

fn main() -> Result<(), PlanError> {
    let graph = <Gpt as shapewise::Network>::GRAPH;
    let plan = Training::adamw().batch(64).dtype(DType::Bf16).devices(8);
    for (name, plan) in [
        ("each device for itself", plan),
        ("the optimiser divided", plan.zero(1)),
        (
            "all divided, layers recomputed",
            plan.zero(3).checkpoint(Checkpoint::Copies),
        ),
    ] {
        println!("{name}\n{}", plan.train(graph)?);
    }
    let serving = Serving::new().batch(32).tokens(1).dtype(DType::Bf16);
    println!(
        "32 sequences\n{}",
        serving.weights(Weights::Int4).serve(graph)?
    );
    Ok(())
}
