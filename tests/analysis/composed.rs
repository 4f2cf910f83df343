//! A network with another one as a layer has the figures of the same network with
//! the other's layers in its place: those that the macro computes, and those of
//! const evaluation.

use shapewise::analysis::{Arena, Flow, Life};
use shapewise::graph::Leaf;
use shapewise::report::{Column, Summary};
use shapewise::{Graph, Network, network};

network! {
    /// Its largest values are inside.
    struct Wide(image: 16x16x4) -> (features: 8x8x6) {
        conv(32, 3x3, padding = half), relu;
        conv(6, 3x3, stride = 2, padding = half);
    }

    /// Works over its input when it may.
    struct Starts(image: 8x8x6) -> (features: 8x8x6) {
        relu;
        conv(6, 3x3, padding = half);
    }

    /// Its result is another view of its input.
    struct View(image: 8x8x6) -> (vector: 384) {
        flatten;
    }

    /// One of its results is read inside, too.
    struct Both(image: 8x8x6) -> (early: 8x8x12, late: 4x4x5) {
        early: conv(12, 1x1);
        late: conv(5, 3x3, stride = 2, padding = half);
    }

    /// A network inside of a network.
    struct Nested(image: 16x16x4) -> (vector: 384) {
        wide: Wide;
        starts: Starts;
        view: View;
    }
}

network! {
    struct WideInline(image: 16x16x4) -> (vector: 10) {
        conv(4, 5x5, padding = half);
        conv(32, 3x3, padding = half), relu;
        conv(6, 3x3, stride = 2, padding = half);
        relu, flatten, linear(10);
    }

    struct SkipInline(image: 8x8x6) -> (sum: 8x8x6) {
        before: conv(6, 3x3, padding = half);
        relu;
        conv(6, 3x3, padding = half);
        add(before, _);
    }

    struct ChainInline(image: 8x8x6) -> (sum: 8x8x6) {
        conv(6, 3x3, padding = half);
        relu;
        conv(6, 3x3, padding = half);
        relu;
        conv(6, 3x3, padding = half);
    }

    struct ViewInline(image: 8x8x6) -> (vector: 384) {
        conv(6, 3x3, padding = half);
        flatten;
        relu;
    }

    struct BothInline(image: 8x8x6) -> (sum: 8x8x17) {
        conv(6, 1x1);
        early: conv(12, 1x1);
        late: conv(5, 3x3, stride = 2, padding = half), upsample(2);
        from early, relu, concat(_, late);
    }

    struct NestedInline(image: 16x16x4) -> (vector: 3) {
        conv(32, 3x3, padding = half), relu;
        conv(6, 3x3, stride = 2, padding = half);
        relu;
        conv(6, 3x3, padding = half);
        flatten;
        relu, linear(3);
    }
}

/// The networks that have others as layers.
macro_rules! layered {
    ($module:ident, $($with:tt)*) => {
        mod $module {
            use super::*;

            network! {
                pub(crate) struct WideLayer(image: 16x16x4) -> (vector: 10) {
                    conv(4, 5x5, padding = half);
                    inner: Wide;
                    relu, flatten, linear(10);
                }

                pub(crate) struct SkipLayer(image: 8x8x6) -> (sum: 8x8x6) {
                    before: conv(6, 3x3, padding = half);
                    inner: Starts;
                    add(before, _);
                }

                pub(crate) struct ChainLayer(image: 8x8x6) -> (sum: 8x8x6) {
                    conv(6, 3x3, padding = half);
                    first: Starts;
                    second: Starts;
                }

                pub(crate) struct ViewLayer(image: 8x8x6) -> (vector: 384) {
                    conv(6, 3x3, padding = half);
                    inner: View;
                    relu;
                }

                pub(crate) struct BothLayer(image: 8x8x6) -> (sum: 8x8x17) {
                    conv(6, 1x1);
                    (early, late): Both;
                    up: from late, upsample(2) => 8x8x5;
                    from early, relu => 8x8x12;
                    concat(_, up);
                }

                pub(crate) struct NestedLayer(image: 16x16x4) -> (vector: 3) {
                    inner: Nested;
                    relu, linear(3);
                }

                $($with)*
            }
        }
    };
}

layered!(elsewhere,);
layered! { here,
    struct Wide(image: 16x16x4) -> (features: 8x8x6) {
        conv(32, 3x3, padding = half), relu;
        conv(6, 3x3, stride = 2, padding = half);
    }
    struct Starts(image: 8x8x6) -> (features: 8x8x6) {
        relu;
        conv(6, 3x3, padding = half);
    }
    struct View(image: 8x8x6) -> (vector: 384) {
        flatten;
    }
    struct Both(image: 8x8x6) -> (early: 8x8x12, late: 4x4x5) {
        early: conv(12, 1x1);
        late: conv(5, 3x3, stride = 2, padding = half);
    }
    struct Nested(image: 16x16x4) -> (vector: 384) {
        wide: Wide;
        starts: Starts;
        view: View;
    }
}

/// Compares the macro's own constants, and those of the trait.
macro_rules! same {
    ($inline:ident, $layer:ident) => {
        for (name, inline, here, elsewhere) in [
            same!(@ $inline $layer PARAMS),
            same!(@ $inline $layer MACS),
            same!(@ $inline $layer ACTIVATIONS),
            same!(@ $inline $layer DEPTH),
            same!(@ $inline $layer PEAK_ACTIVATIONS),
            same!(@ $inline $layer TRAIN_ACTIVATIONS),
        ] {
            assert_eq!([here.0, here.1, elsewhere], [inline; 3], "{name}");
        }
        let field = $inline::GRAPH.output_field().unwrap();
        assert_eq!(here::$layer::RECEPTIVE_FIELD, $inline::RECEPTIVE_FIELD);
        assert_eq!(here::$layer::GRAPH.output_field().unwrap(), field);
        assert_eq!(elsewhere::$layer::GRAPH.output_field().unwrap(), field);
    };
    (@ $inline:ident $layer:ident $name:ident) => {
        (
            concat!(stringify!($layer), "::", stringify!($name)),
            $inline::$name,
            (here::$layer::$name, <here::$layer as Network>::$name),
            elsewhere::$layer::$name,
        )
    };
}

#[test]
fn figures_are_those_of_the_layers_inside() {
    same!(WideInline, WideLayer);
    same!(SkipInline, SkipLayer);
    same!(ChainInline, ChainLayer);
    same!(ViewInline, ViewLayer);
    same!(BothInline, BothLayer);
    same!(NestedInline, NestedLayer);
}

/// Compares each layer of the inlined network with the one that is walked through.
pub(crate) fn same_layers(inline: &'static Graph, layered: &'static Graph) {
    let leaves: Vec<Leaf> = layered.walk().collect();
    assert_eq!(leaves.len(), inline.nodes().len());
    for (leaf, node) in leaves.iter().zip(inline.nodes()) {
        let at = leaf.path();
        assert_eq!(leaf.node.layer, node.layer, "{at}");
        assert_eq!(leaf.counts(), node.counts, "{at}");
        assert!(leaf.inputs().eq(node.inputs.iter().copied()), "{at}");
        assert_eq!(leaf.output(), node.output, "{at}");
    }
    assert_eq!(layered.values_inside(), inline.values().len());
    for ((_, value), (_, inside)) in inline.outputs().iter().zip(layered.outputs()) {
        assert_eq!(layered.value_inside(*inside), *value);
    }
    let numbers = |graph| {
        let columns = &[
            Column::Input,
            Column::Output,
            Column::Params,
            Column::Activations,
        ];
        let rows = Summary::new(graph).layers().output_row(true);
        rows.columns(columns).csv().to_string()
    };
    assert_eq!(numbers(layered), numbers(inline));
    // In a chain there is nothing to say about connections.
    let chain = |graph| {
        let markdown = Summary::new(graph).layers().markdown().to_string();
        !markdown.contains("Connected to")
    };
    assert_eq!(chain(layered), chain(inline));
    let from = |graph: &'static Graph| -> Vec<String> {
        let json = Summary::new(graph).layers().json().to_string();
        let rows = json
            .lines()
            .filter_map(|line| line.split("\"from\": ").nth(1));
        rows.map(str::to_owned).collect()
    };
    assert_eq!(from(layered), from(inline));
    assert_eq!(from(layered).len(), inline.nodes().len());
}

#[test]
fn layers_inside_are_numbered_as_in_their_place() {
    for (inline, here, elsewhere) in [
        (
            WideInline::GRAPH,
            here::WideLayer::GRAPH,
            elsewhere::WideLayer::GRAPH,
        ),
        (
            SkipInline::GRAPH,
            here::SkipLayer::GRAPH,
            elsewhere::SkipLayer::GRAPH,
        ),
        (
            ChainInline::GRAPH,
            here::ChainLayer::GRAPH,
            elsewhere::ChainLayer::GRAPH,
        ),
        (
            ViewInline::GRAPH,
            here::ViewLayer::GRAPH,
            elsewhere::ViewLayer::GRAPH,
        ),
        (
            BothInline::GRAPH,
            here::BothLayer::GRAPH,
            elsewhere::BothLayer::GRAPH,
        ),
        (
            NestedInline::GRAPH,
            here::NestedLayer::GRAPH,
            elsewhere::NestedLayer::GRAPH,
        ),
    ] {
        same_layers(inline, here);
        same_layers(inline, elsewhere);
    }
}

/// Where and when each value of a plan lies, its size and its bound.
pub(crate) fn figures<const N: usize>(plan: &Arena<N>) -> (Vec<(usize, Life)>, usize, usize) {
    let lives = plan.liveness.lives.iter().enumerate();
    let places = lives.map(|(value, life)| (plan.offset(value), *life));
    (places.collect(), plan.size, plan.lower_bound)
}

/// Compares the plan of the inlined network with those of the others.
macro_rules! same_plans {
    ($($inline:ident $layer:ident),+ $(,)?) => {$({
        const INLINE: &Graph = $inline::GRAPH;
        const HERE: &Graph = here::$layer::GRAPH;
        const ELSEWHERE: &Graph = elsewhere::$layer::GRAPH;
        const PLAN: Arena<{ HERE.values_inside() }> = Arena::of(HERE);
        let plan = Arena::<{ INLINE.values().len() }>::of(INLINE);
        assert_eq!(figures(&PLAN), figures(&plan), stringify!($layer));
        let plan = Arena::<{ ELSEWHERE.values_inside() }>::of(ELSEWHERE);
        assert_eq!(figures(&PLAN), figures(&plan), stringify!($layer));
        assert_eq!(PLAN.liveness.peak, plan.liveness.peak);
        assert_eq!(PLAN.lower_bound as u64, HERE.peak().unwrap().elements);
        assert!(PLAN.size >= PLAN.lower_bound);
        let inline = Arena::<{ INLINE.values().len() }>::aligned(INLINE, 16);
        let here = Arena::<{ HERE.values_inside() }>::aligned(HERE, 16);
        assert_eq!(figures(&here), figures(&inline), stringify!($layer));
    })+};
}

#[test]
fn plans_have_places_for_the_values_inside() {
    same_plans!(
        WideInline WideLayer,
        SkipInline SkipLayer,
        ChainInline ChainLayer,
        ViewInline ViewLayer,
        BothInline BothLayer,
        NestedInline NestedLayer,
    );
}

#[test]
#[should_panic(expected = "a place for each value, those inside of networks too")]
fn a_plan_needs_a_place_for_the_values_inside() {
    let graph = here::WideLayer::GRAPH;
    let _ = Arena::<{ here::WideLayer::GRAPH.values().len() }>::of(graph);
}

#[test]
fn the_peak_inside_is_counted_by_hand() {
    // While the first convolution inside makes 32 channels of the 4 around it.
    assert_eq!(here::WideLayer::PEAK_ACTIVATIONS, 16 * 16 * (4 + 32));
    let field = Wide::GRAPH.output_field().unwrap().axis(0);
    assert_eq!((field.size, field.stride, field.padding), (5, (2, 1), 2));
}

network! {
    /// A layer with several results.
    struct Reader(words: 6x4) -> (sequence: 6x5, hidden: 1x5) {
        linear(3);
        (states, last, _cells): lstm(5);
        hidden: from last, relu;
        sequence: from states, relu;
    }

    struct Readers(words: 6x4) -> (both: 1x10) {
        linear(4);
        (_first, one): Reader;
        (_second, two): from words, Reader;
        both: concat(one, two);
    }
}

#[test]
fn the_results_of_layers_inside_have_their_shapes() {
    let flow = Flow::of(Readers::GRAPH);
    let shapes: Vec<String> = (0..flow.values())
        .map(|value| flow.shape(value).to_string())
        .collect();
    let inside = ["6x3", "6x5", "1x5", "1x5", "1x5", "6x5"];
    let expected = ["6x4", "6x4"].into_iter().chain(inside).chain(inside);
    assert_eq!(shapes, expected.chain(["1x10"]).collect::<Vec<_>>());
}
