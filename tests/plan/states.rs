//! What is held of a sequence however long it is.

use shapewise::plan::{ServeNeed, Serving};
use shapewise::{Network, network};

network! {
    block Mixer(width, rank, states) {
        in_proj: linear(2 * width, bias = false);
        (hidden, gate): channel_split(2);
        conv1d: from hidden, depthwise_conv(4, padding = causal), silu;
        x_proj: linear(rank + 2 * states, bias = false);
        (step, b, c): channel_split([rank, states, states]);
        dt_proj: from step, linear(width), softplus;
        scan: selective_scan(conv1d, dt_proj, b, c);
        gated: from gate, silu;
        mul(scan, gated);
        out_proj: linear(input.features, bias = false);
    }

    /// Mamba 130M (Gu and Dao, 2023).
    struct Mamba(tokens: 128) -> (logits: 128x50280) {
        embeddings: embedding(50280, 768);
        layers: repeat 24 {
            residual { norm: rms_norm; mixer: Mixer(width = 1536, rank = 48, states = 16); }
        }
        norm_f: rms_norm;
        lm_head: linear(50280, bias = false, shared = embeddings);

        assert kv_cache_bytes(batch = 2, positions = 100_000) == 24 * 2 * 1536 * (4 + 16) * 4;
    }

    /// The parts of `Mamba2Config(hidden_size=64, num_heads=8, head_dim=16, state_size=8, n_groups=2)` that hold
    /// anything, twice.
    struct Mamba2(hidden: 32x64) -> (y: 32x64) {
        layers: repeat 2 {
            in_proj: linear(128 + 2*2*8 + 8, bias = false);
            (xbc, step): channel_split([160, 8]);
            conv1d: from xbc, depthwise_conv(4, padding = causal), silu;
            (x, b, c): channel_split([128, 16, 16]);
            delta: from step, softplus;
            scan: selective_scan(x, delta, b, c, heads = 8, groups = 2);
            out_proj: linear(64, bias = false);
        }
    }

    struct Recurrent(x: 20x8) -> (y: 20x6) {
        lstm(16, layers = 3, proj_size = 4);
        gru(10);
        rnn(6);
    }

    /// A number for each feature.
    struct Linear(x: 20x8) -> (y: 20x8) {
        decay: sigmoid;
        linear_recurrence(decay, x);
    }

    /// It must have read the end before it begins.
    struct Both(x: 20x8) -> (y: 20x12) {
        lstm(6, bidirectional = true);
    }

    struct Frames(x: 5x8x6x3) -> (y: 5x8x6x4) {
        conv_lstm(4, 3x3);
    }

    /// Of a convolution over a sequence, only a causal one is continued.
    struct Convolutions(x: 40x8) -> (y: 20x8) {
        conv(8, 3, padding = causal, dilation = 4);
        conv(8, 3, padding = half);
        conv(8, 1);
        conv(8, 2, stride = 2);
    }
}

const fn numbers<N: Network>() -> u64 {
    let need: ServeNeed = Serving::new().positions(9_999).of(N::GRAPH);
    assert!(need.cache == 0, "no attention");
    need.states_per_sequence / 4
}

/// Measured with `transformers` 5.24: the elements of `conv_states` and `recurrent_states` in the cache after a
/// forward pass, for `MambaConfig(hidden_size=768, num_hidden_layers=24)` and the `Mamba2Config` above.
#[test]
fn state_spaces_hold_what_transformers_holds() {
    assert_eq!(numbers::<Mamba>(), 737_280);
    assert_eq!(numbers::<Mamba2>(), 3_328);
}

#[test]
fn recurrent_layers_hold_their_states() {
    assert_eq!(numbers::<Recurrent>(), 3 * (4 + 16) + 10 + 6);
    assert_eq!(numbers::<Linear>(), 8);
    assert_eq!(numbers::<Both>(), 0);
    assert_eq!(numbers::<Frames>(), 2 * 8 * 6 * 4);
}

#[test]
fn causal_convolutions_hold_what_they_read_again() {
    assert_eq!(numbers::<Convolutions>(), 8 * (2 * 4 + 1));
}

#[test]
fn every_sequence_has_states_of_its_own() {
    let need = Serving::new().batch(6).serve(Mamba::GRAPH).expect("a plan");
    assert_eq!(need.states, 6 * 737_280 * 4);
    assert_eq!(need.total(), need.weights + need.states + need.activations);
    assert!(need.to_string().contains("states"), "{need}");
}
