//! Networks as layers: the model is that of the same network with the layers
//! written in their place.

use serde_json::json;
use shapewise::graph::Graph;
use shapewise::{Custom, Network, Shape, network};
use shapewise_onnx::{Error, Options, Weights, export, export_graph};

use crate::python::Jobs;

const fn opaque(input: Shape) -> Custom {
    Custom::new(input)
}

network! {
    /// Two towers with the same weights.
    struct Siamese(left: 8x8x3, right: 8x8x3) -> (difference: 5) {
        a: Tower;
        b: from right, Tower(shared = a);
        difference: sub(a, b);
    }

    struct Tower(image: 8x8x3) -> (features: 5) {
        body: Body;
        head: global_avg_pool, linear(5, bias = false);
    }

    struct Body(image: 8x8x3) -> (map: 8x8x4) {
        conv1: conv(4, 3x3, padding = half, bias = false), relu;
    }

    struct SiameseInline(left: 8x8x3, right: 8x8x3) -> (difference: 5) {
        a: {
            body: { conv1: conv(4, 3x3, padding = half, bias = false), relu; }
            head: global_avg_pool, linear(5, bias = false);
        }
        from right;
        b: {
            body: { conv1: conv(4, 3x3, padding = half, bias = false, shared = a.body.conv1), relu; }
            head: global_avg_pool, linear(5, bias = false, shared = a.head);
        }
        difference: sub(a, b);
    }

    /// A result of the network inside is an output, and so is its input.
    struct Ends(image: 8x8x3) -> (map: 8x8x4, same = image: 8x8x3) {
        before: relu;
        map: Body;
    }

    struct EndsInline(image: 8x8x3) -> (map: 8x8x4, same = image: 8x8x3) {
        before: relu;
        map: { conv1: conv(4, 3x3, padding = half, bias = false), relu; }
    }

    /// The indices go through a network into another one.
    pub(crate) struct Words(ids: 2x6) -> (score: 3) {
        flat: Flat;
        table: Table;
        score: linear(3);
    }

    struct Flat(ids: 2x6) -> (ids_in_a_row = row: 12) {
        row: flatten(order = channels_first);
    }

    struct Table(ids: 12) -> (mean: 4) {
        embed: embedding(20, 4), batch_norm;
        mean: mean;
    }

    struct WordsInline(ids: 2x6) -> (score: 3) {
        flat: { row: flatten(order = channels_first); }
        table: {
            embed: embedding(20, 4), batch_norm;
            mean: mean;
        }
        score: linear(3);
    }

    /// A network that shares everything, not weights only.
    pub(crate) struct Twins(left: 8, right: 8) -> (sum: 4) {
        a: Norm;
        b: from right, Norm(shared = a);
        c: from right, Norm(shared = b);
        sum: add(a, b, c);
    }

    struct Norm(x: 8) -> (y: 4) {
        fc: linear(4), batch_norm;
    }

    struct Around(x: 8) -> (y: 8) {
        inner: Unknown;
    }

    struct Unknown(x: 8) -> (y: 8) {
        fc: linear(8);
        own: custom opaque();
    }
}

/// The twin under the name of the other.
macro_rules! twins {
    ($($layered:ident $inline:ident),+ $(,)?) => {[$({
        static TWIN: Graph = <$inline as Network>::GRAPH.with_name(<$layered as Network>::GRAPH.name());
        (<$layered as Network>::GRAPH, &TWIN)
    }),+]};
}

fn twins() -> [(&'static Graph, &'static Graph); 3] {
    twins!(Siamese SiameseInline, Ends EndsInline, Words WordsInline)
}

#[test]
fn models_are_those_of_the_layers_in_their_place() {
    for (layered, inline) in twins() {
        for weights in [Weights::Inputs, Weights::Zeros] {
            let options = Options::default().weights(weights);
            let model = export_graph(layered, &options).unwrap();
            let expected = export_graph(inline, &options).unwrap();
            assert!(model == expected, "{}", String::from_utf8_lossy(&model));
        }
    }
}

#[test]
fn models_compute_what_the_layers_inside_do() {
    let mut jobs = Jobs::new("inside");
    let graphs = twins().map(|(layered, _)| layered);
    for graph in graphs.into_iter().chain([Twins::GRAPH]) {
        jobs.ask(
            "values",
            graph.name(),
            graph,
            &Options::default(),
            json!({}),
        );
    }
    jobs.pass();
}

#[test]
fn a_network_that_shares_has_no_tensors_of_its_own() {
    let model = export::<Twins>(&Options::default()).unwrap();
    let model = String::from_utf8_lossy(&model);
    for name in ["fc.weight", "fc.bias", "fc.batch_norm.running_mean"] {
        assert!(model.contains(&format!("a.{name}")), "{name}");
        assert!(!model.contains(&format!("b.{name}")), "{name}");
        assert!(!model.contains(&format!("c.{name}")), "{name}");
    }
    assert!(model.contains("b.fc") && model.contains("c.fc"));
}

#[test]
fn a_layer_of_ones_own_inside_is_named() {
    let error = export::<Around>(&Options::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Unsupported { path, .. } if path == "inner.own"),
        "{error}"
    );
}
