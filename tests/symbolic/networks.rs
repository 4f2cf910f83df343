//! Networks as layers: of the same invocation, of another crate, generic ones.

use shapewise::report::{Row, RowKind, Summary};
use shapewise::{Graph, Network, Shape, network};
use vision::Pair;

network! {
    /// Two towers with the same weights, in an order of their own.
    pub struct Siamese(left: 32x32x3, right: 32x32x3) -> (difference: 128) {
        a: Tower;
        b: from right, Tower(shared = a);
        difference: sub(a, b);
    }

    struct Tower(image: 32x32x3) -> (features: 128) {
        body: Body;
        head: global_avg_pool, linear(128);
    }

    struct Body(image: 32x32x3) -> (features: 16x16x24) {
        conv1: conv(24, 3x3, stride = 2, padding = half), relu;
    }
}

network! {
    /// A detector on the features of another crate.
    pub struct Detector(image: 64x64x3) -> (boxes: 8x8x4, classes: 8x8x10) {
        backbone: vision::Features => 8x8x64;
        neck: conv(64, 3x3, padding = half), relu => 8x8x64;
        (boxes, classes): Pair;
    }

    /// The same, its backbone's shape never written down.
    pub struct Unwritten(image: 64x64x3) -> (logits: 10) {
        backbone: vision::Features;
        conv(32, 1x1), relu;
        head: global_avg_pool, linear(10);
    }

    /// Two instances of one generic network.
    pub struct Ensemble<const WIDTH: usize>(image: 64x64x3) -> (logits: 10) {
        narrow: vision::Backbone::<8>;
        wide: from image, vision::Backbone::<WIDTH>;
        both: concat(narrow, wide), global_avg_pool;
        head: linear(10);
    }
}

const FEATURES: u64 = {
    let conv1 = 9 * 3 * 16;
    let conv2 = 9 * 16 * 32;
    let conv3 = 9 * 32 * 64;
    conv1 + conv2 + conv3 + 2 * (16 + 32 + 64)
};

#[test]
fn a_network_of_the_same_invocation_is_a_layer() {
    const BODY: u64 = 3 * 24 * 9 + 24;
    assert_eq!(Body::PARAMS, BODY);
    assert_eq!(Tower::PARAMS, BODY + 24 * 128 + 128);
    assert_eq!(Tower::BODY.output, Shape::new(&[16, 16, 24]));
    // Shared weights are counted once, the work each time.
    assert_eq!(Siamese::PARAMS, Tower::PARAMS);
    assert_eq!(Siamese::MACS, 2 * Tower::MACS);
    let tower = Siamese::GRAPH.nodes()[0].layer;
    assert_eq!(tower.macs(&[Tower::INPUT]), Ok(Tower::MACS));
    assert_eq!(Siamese::GRAPH.counts().params(), Siamese::PARAMS);
    assert_eq!(Siamese::GRAPH.counts().macs, Siamese::MACS);
    const { assert!(Siamese::EXACT) };
}

#[test]
fn a_network_of_another_crate_is_a_layer() {
    assert_eq!(vision::Features::PARAMS, FEATURES);
    assert_eq!(Detector::BACKBONE.params, FEATURES);
    let neck = 9 * 64 * 64 + 64;
    assert_eq!(Detector::NECK.params, neck);
    assert_eq!(Detector::PARAMS, FEATURES + neck + Pair::PARAMS);
    assert_eq!(Detector::OUTPUTS[1], Shape::new(&[8, 8, 10]));
    assert_eq!(Unwritten::PARAMS, FEATURES + 64 * 32 + 32 + 32 * 10 + 10);
    assert_eq!(Unwritten::BACKBONE.output, Shape::new(&[8, 8, 64]));
}

#[test]
fn two_instances_of_one_generic_network_stand_in_one_program() {
    type Wide = Ensemble<24>;
    let (narrow, wide) = (Wide::NARROW, Wide::WIDE);
    assert_eq!(narrow.output, Shape::new(&[16, 16, 8]));
    assert_eq!(wide.output, Shape::new(&[16, 16, 24]));
    assert_eq!(Wide::BOTH.output, Shape::new(&[32]));
    assert_eq!(Wide::PARAMS, narrow.params + wide.params + 32 * 10 + 10);
    assert_eq!(narrow.params, vision::Backbone::<8, 64>::PARAMS);
    const { assert!(Ensemble::<2>::PARAMS < Ensemble::<24>::PARAMS) };
}

#[test]
fn a_walk_yields_the_layers_inside_with_full_paths() {
    let paths: Vec<String> = Siamese::GRAPH
        .walk()
        .map(|leaf| leaf.path().to_string())
        .collect();
    let tower = [
        "body.conv1",
        "body.conv1.relu",
        "head.global_avg_pool",
        "head",
    ];
    let mut expected: Vec<String> = Vec::new();
    for prefix in ["a", "b"] {
        expected.extend(tower.map(|layer| format!("{prefix}.{layer}")));
    }
    expected.push("difference".to_owned());
    assert_eq!(paths, expected);
    let tensors: Vec<String> = Detector::GRAPH
        .walk()
        .flat_map(|leaf| {
            leaf.node
                .tensors()
                .map(move |tensor| leaf.tensor_name(&tensor).to_string())
        })
        .collect();
    assert_eq!(tensors[0], "backbone.stage1.conv.weight");
    assert!(tensors.contains(&"backbone.stage3.norm.running_mean".to_owned()));
    assert!(tensors.contains(&"neck.bias".to_owned()));
    // Every parameter is a tensor of some leaf.
    let elements: u64 = Detector::GRAPH
        .walk()
        .flat_map(|leaf| leaf.node.tensors())
        .filter(|tensor| !matches!(tensor.role, shapewise::layer::Role::Buffer))
        .filter_map(|tensor| tensor.elements())
        .sum();
    assert_eq!(elements, Detector::PARAMS);
}

/// The rows of the layers, and that of the total.
fn layers(graph: &'static Graph) -> (Vec<Row>, Row) {
    let rows = Summary::new(graph).layers().rows();
    let (total, rows) = rows.partition::<Vec<_>, _>(|row| row.kind == RowKind::Total);
    (rows, total[0])
}

#[test]
fn a_row_per_layer_has_those_inside() {
    for graph in [Siamese::GRAPH, Detector::GRAPH, Unwritten::GRAPH] {
        let (rows, total) = layers(graph);
        let leaves: Vec<String> = graph.walk().map(|leaf| leaf.path().to_string()).collect();
        let paths: Vec<String> = rows.iter().map(|row| row.path.to_string()).collect();
        assert_eq!(paths[graph.inputs().len()..], leaves);
        // Shared weights are counted once, the work each time.
        let sum = |figure: fn(&Row) -> u64| rows.iter().map(figure).sum::<u64>();
        assert_eq!(sum(|row| row.counts.params()), graph.counts().params());
        assert_eq!(sum(|row| row.counts.buffers), graph.counts().buffers);
        assert_eq!(sum(|row| row.counts.macs), graph.counts().macs);
        let activations = sum(|row| row.activations().unwrap_or(0));
        assert_eq!(activations, graph.activations());
        assert_eq!(total.activations(), Some(graph.activations()));
    }
    let (rows, _) = layers(Siamese::GRAPH);
    let (first, second) = (&rows[2], &rows[6]);
    assert_eq!(first.path, "a.body.conv1");
    assert_eq!(second.path, "b.body.conv1");
    assert_eq!((first.label, second.label), ("conv1", "conv1"));
    assert_eq!((first.counts.params(), second.counts.params()), (672, 0));
    assert_eq!(first.counts.macs, second.counts.macs);
}

#[test]
fn rows_inside_are_connected_over_the_borders() {
    let (rows, _) = layers(Siamese::GRAPH);
    let connected: Vec<String> = rows.iter().map(|row| row.connected().to_string()).collect();
    let expected = [
        "",
        "",
        "left",
        "a.body.conv1",
        "a.body.conv1.relu",
        "a.head.global_avg_pool",
        "right",
        "b.body.conv1",
        "b.body.conv1.relu",
        "b.head.global_avg_pool",
        "a.head, b.head",
    ];
    assert_eq!(connected, expected);
    let units = rows.last().map(|row| row.units().to_string());
    assert_eq!(units.as_deref(), Some("sub(a.head, b.head)"));
    let dot = Summary::new(Siamese::GRAPH).layers().dot().to_string();
    for edge in [
        "input1 -> row4 [label=\"32x32x3\"]",
        "row3 -> row8 [label=\"128\"]",
    ] {
        assert!(dot.contains(edge), "{dot}");
    }
    let (rows, _) = layers(Detector::GRAPH);
    let pair = rows
        .iter()
        .filter(|row| row.connected().to_string() == "neck.relu");
    assert_eq!(pair.count(), 2);
}
