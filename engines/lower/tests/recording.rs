//! What engines that only record need: no layer asks for elements or for the batch,
//! and constants stay small.

use shapewise::network;
use shapewise_core::{Graph, Network, Shape};
use shapewise_lower::{Customs, Dim, Mode, Plan};
use shapewise_numerics::Numerics;

mod recorder;

use recorder::{Known, Recorder, sizes};

/// The extents of a value of this shape.
fn dims_of(shape: Shape) -> Vec<Dim> {
    let extents = match shape.rank() > 2 {
        true => shape.channels_first(),
        false => shape.extents(),
    };
    [vec![Dim::Batch], sizes(extents.as_slice())].concat()
}

/// Records a network, and compares the extents of its outputs.
fn record(graph: &'static Graph) -> Result<Recorder, String> {
    let mut engine = Recorder::default();
    let plan = Plan::of(graph, &engine, Customs::new()).map_err(|e| e.to_string())?;
    let inputs = plan.takes().iter().enumerate();
    let inputs = inputs.map(|(place, elements)| Known {
        dims: dims_of(graph.input(place)),
        elements: *elements,
    });
    let mut weights = |_: &mut Recorder, place: usize| {
        let weight = &plan.weights()[place];
        Ok(Known {
            dims: sizes(weight.extents.as_slice()),
            elements: weight.elements,
        })
    };
    let run = plan
        .run(&mut engine, &mut weights, inputs.collect(), Mode::Inference)
        .map_err(|error| error.to_string())?;
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
