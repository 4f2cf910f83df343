//! What engines that only record need: no layer asks for elements or for the batch,
//! and constants stay small.

use shapewise::network;
use shapewise_core::{Graph, Network};
use shapewise_lower::{Customs, Error, Mode, Plan};
use shapewise_numerics::Numerics;

mod recorder;

use recorder::{Recorder, dims_of};

/// Records a network, and compares the extents of its outputs.
fn record(graph: &'static Graph) -> Result<Recorder, String> {
    let engine = Recorder::default();
    let plan = Plan::of(graph, &engine, Customs::new()).map_err(|e| e.to_string())?;
    let made = engine.run(&plan, plan.route(), Mode::Inference);
    let (engine, run) = made.map_err(|error| error.to_string())?;
    for (place, value) in run.values.iter().enumerate() {
        assert_eq!(value.dims, dims_of(graph.output(place)), "{}", graph.name());
    }
    assert!(run.updates.is_empty(), "nothing changes at inference");
    Ok(engine)
}

#[test]
fn every_layer_is_recorded_for_any_batch() {
    let numerics = Numerics::load().expect("the numbers are there");
    let graphs = numerics.layers.iter().map(|case| (&case.id, &case.graph));
    let networks = numerics.networks.iter().map(|case| (&case.id, &case.graph));
    for (id, graph) in graphs.chain(networks) {
        let graph = graph.as_ref().expect("the definition is right");
        record(graph).unwrap_or_else(|why| panic!("{id}: {why}"));
    }
}

network! {
    struct Causal(x: 2048x8) -> (y: 2048x8) { a: attention(heads = 2, causal = true); }
}

network! {
    struct Larger(x: 300x200x3) -> (y: 600x400x3) { upsample(scale = 2, mode = bicubic); }
}

network! {
    struct Uneven(x: 300x200x3) -> (y: 70x30x3) { adaptive_avg_pool(70x30); }
}

network! {
    struct Patches(x: 300x200x3) -> (y: 300x200x3) {
        unfold(3x3, padding = 1);
        fold([300, 200], [3, 3], padding = 1);
    }
}

network! {
    struct Shifted(x: 56x56x96) -> (y: 56x56x96) {
        a: attention(heads = 3, window = 7, shift = [3, 3], relative_position_bias = true);
    }
}

#[test]
fn constants_grow_with_extents_and_not_with_their_products() {
    // How many numbers all constants of the model have.
    for (graph, most) in [
        (Causal::GRAPH, 2 * 2048),
        (Larger::GRAPH, 4 * 2 * (600 + 400)),
        (Uneven::GRAPH, 2 * 2 * (300 + 70 + 200 + 30)),
        (Patches::GRAPH, 2 * 3 * (300 + 200)),
        // The index of relative positions, and the region of each position twice.
        (Shifted::GRAPH, 2401 + 2 * 56 * 56),
    ] {
        let recorded = record(graph).expect("it is recorded");
        assert!(recorded.constants > 0, "{}", graph.name());
        assert!(
            recorded.constants <= most,
            "{}: {}",
            graph.name(),
            recorded.constants
        );
    }
}

#[test]
fn operations_belong_to_layers() {
    let recorded = record(Patches::GRAPH).expect("it is recorded");
    let mut layers: Vec<_> = recorded
        .operations
        .iter()
        .map(|(layer, _)| layer.clone())
        .collect();
    layers.dedup();
    assert_eq!(layers, ["0", "1"]);
}

network! {
    struct Chain(x: 8x8x4) -> (y: 8x8x4) {
        conv(4, 3x3, padding = 1), relu, conv(4, 3x3, padding = 1), relu, tanh, sigmoid;
    }
}

network! {
    struct Skips(x: 8x8x4) -> (y: 8x8x4) {
        residual { conv(4, 3x3, padding = 1), relu; }
        residual { conv(4, 3x3, padding = 1), relu; }
    }
}

#[test]
fn values_are_dropped_after_their_last_reader() {
    let alive = |graph| record(graph).expect("it is recorded").alive;
    // What enters a layer is the only result that is left.
    assert_eq!(alive(Chain::GRAPH), [0, 1, 1, 1, 1, 1]);
    // The network's input is no result. A residual's input waits for its end.
    assert_eq!(alive(Skips::GRAPH), [0, 1, 1, 1, 2, 2]);
}

network! {
    struct Normalised(x: 8x8x4) -> (y: 8x8x4) { bn: batch_norm; }
}

#[test]
fn statistics_of_a_batch_of_unknown_size_are_refused() {
    let engine = Recorder::default();
    let plan = Plan::new::<Normalised>(&engine, Customs::new()).expect("it can be done");
    let error = engine
        .run(&plan, plan.route(), Mode::Training)
        .expect_err("no size");
    assert!(matches!(error, Error::Unsupported { path, .. } if path == "bn"));
}

#[test]
fn a_layer_that_the_engine_lacks_is_told_when_the_model_is_built() {
    let engine = Recorder::without("Tanh");
    let error = Plan::new::<Chain>(&engine, Customs::new()).expect_err("it is refused");
    assert_eq!(
        error.to_string(),
        "the engine can't do `4: tanh`: not on 8x8x4"
    );
}

network! {
    struct Encoder(x: 5x8) -> (y: 5x8) { transformer_encoder(2, feedforward = 6); }
}

network! {
    struct Decoder(x: 5x8, memory: 4x8) -> (y: 5x8) {
        transformer_decoder(2, memory = memory, feedforward = 6, layers = 3);
    }
}

/// How often an operation was asked for.
fn times(recorded: &Recorder, wanted: &str) -> usize {
    let operations = recorded.operations.iter();
    operations
        .filter(|(_, operation)| *operation == wanted)
        .count()
}

/// PyTorch's `TransformerEncoderLayer` drops out shares, what the attention gives, and
/// behind both linear layers; its decoder the same for one attention more.
#[test]
fn transformers_drop_out_where_pytorch_does() {
    for (graph, expected) in [(Encoder::GRAPH, 4), (Decoder::GRAPH, 3 * 6)] {
        let engine = Recorder::default();
        let plan = Plan::of(graph, &engine, Customs::new()).expect("it can be done");
        let made = engine.run(&plan, plan.route(), Mode::Training);
        let (recorded, _) = made.expect("it is recorded");
        assert_eq!(times(&recorded, "bernoulli"), expected, "{}", graph.name());
    }
}

network! {
    struct Moved(words: 6) -> (y: 4x3) {
        reshape([3, 2]), permute([1, 0]), slice(length = 0..2), roll(1), flatten;
        front: slice(features = 0..2);
        doubled: concat(front, front);
        embedding(9, 3);
    }
}

mod tables {
    shapewise::network! {
        pub struct Table(words: 6) -> (y: 3) {
            embedding(9, 3), mean;
        }
    }
}

// What a network of elsewhere takes, the macro does not know.
network! {
    struct Both(words: 6) -> (y: 3) {
        table: tables::Table;
        numbers: from words, linear(3);
        add(table, numbers);
    }
}

#[test]
fn indices_stay_integers_where_they_only_move() {
    let recorded = record(Moved::GRAPH).expect("it is recorded");
    assert_eq!(
        (times(&recorded, "to_float"), times(&recorded, "to_int")),
        (0, 0)
    );
    // What calculates with them is given floats.
    let recorded = record(Both::GRAPH).expect("it is recorded");
    assert_eq!(
        (times(&recorded, "to_float"), times(&recorded, "to_int")),
        (1, 0)
    );
}
