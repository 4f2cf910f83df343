//! Analyses and reports on small stacks, in every profile: they take what their own
//! network needs.

use std::fmt::Write as _;
use std::thread;

use shapewise::compare;
use shapewise::{Error, Network, network};

network! {
    struct Small(image: 28x28x1) -> (digits: 10) {
        conv1: conv(6, 5x5, padding = 2), relu, max_pool(2x2);
        tail: concat {
            left: branch { conv(4, 1x1); }
            right: branch { conv(8, 3x3, padding = 1), relu; }
        }
        fc: flatten, linear(10);
    }

    struct Other(image: 28x28x1) -> (digits: 10) {
        conv1: conv(6, 5x5, padding = 2), relu, max_pool(2x2);
        fc: flatten, linear(10);
    }

    struct Around(image: 28x28x1) -> (digits: 10) {
        net: Small;
        again: linear(10);
    }

    /// Ten thousand layers, a label and a skip among them.
    struct Long(x: 64) -> (y: 64) {
        first: linear(64);
        repeat 4999 { linear(64), relu; }
        last: add(_, first);
    }

    struct TooLong(x: 8) -> (y: 8) {
        repeat 20000 { relu; }
    }
}

/// A chain of networks, each the only layer of the next one.
macro_rules! nest {
    ($inner:ident) => {};
    ($inner:ident $outer:ident $($rest:ident)*) => {
        network! {
            struct $outer(x: 8) -> (y: 8) { inner: self::$inner; }
        }
        nest! { $outer $($rest)* }
    };
}

network! { struct N0(x: 8) -> (y: 8) { fc: linear(8), relu; } }
nest! {
    N0 N1 N2 N3 N4 N5 N6 N7 N8 N9 N10 N11 N12 N13 N14 N15 N16 N17 N18 N19 N20 N21 N22 N23 N24
    N25 N26 N27 N28 N29 N30 N31 N32 N33 N34 N35 N36 N37 N38 N39 N40
}

/// Runs on a thread with so many KiB of stack.
fn on<T: Send>(kib: usize, run: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(kib << 10);
        let thread = builder.spawn_scoped(scope, run).unwrap();
        thread.join().unwrap()
    })
}

/// How long the text of every report of a network is.
fn reports<N: Network>() -> [usize; 10] {
    let length = |text: &dyn std::fmt::Display| {
        let mut all = String::new();
        write!(all, "{text}").unwrap();
        all.len()
    };
    let summary = N::summary();
    [
        length(&summary),
        length(&summary.layers()),
        length(&summary.markdown()),
        length(&summary.csv()),
        length(&summary.json()),
        length(&summary.layers().json()),
        length(&summary.latex()),
        length(&summary.dot()),
        length(&summary.svg()),
        length(&summary.memory_svg()),
    ]
}

fn analyses<N: Network>() {
    let graph = N::GRAPH;
    assert_eq!(graph.peak().unwrap().elements, N::PEAK_ACTIVATIONS);
    assert_eq!(graph.peak_bytes().unwrap(), N::PEAK_ACTIVATION_BYTES);
    assert_eq!(graph.depth().unwrap() as u64, N::DEPTH);
    assert_eq!(graph.output_field().unwrap().size(), N::RECEPTIVE_FIELD);
    let mut most = 0;
    graph
        .each_alive(&mut |elements| most = most.max(elements))
        .unwrap();
    assert_eq!(most, N::PEAK_ACTIVATIONS);
    for statement in graph.statements() {
        let stage = graph.stage_of(statement).unwrap();
        assert_eq!(stage.output, graph.values()[statement.output]);
    }
}

#[test]
fn small_networks_run_on_a_small_stack() {
    on(128, || {
        analyses::<Small>();
        analyses::<Around>();
        assert_eq!(Small::stage("fc").unwrap().params, 14 * 14 * 12 * 10 + 10);
        assert!(reports::<Small>().iter().all(|length| *length > 100));
        assert!(reports::<Around>().iter().all(|length| *length > 100));
        assert!(compare::<Small, Other>().to_string().contains("tail"));
        assert!(!compare::<Small, Other>().markdown().to_string().is_empty());
    });
}

#[test]
fn ten_thousand_layers_run_on_the_stack_of_a_thread() {
    on(2 << 10, || {
        assert_eq!(Long::GRAPH.nodes().len(), 10_000);
        let graph = Long::GRAPH;
        // The first value is read again at the end: two of them and the layer's result.
        assert_eq!(graph.peak().unwrap().elements, 3 * 64);
        assert_eq!(graph.depth().unwrap(), 5_000);
        assert_eq!(Long::stage("last").unwrap().receptive_field.at(0), 64);
        assert!(reports::<Long>().iter().all(|length| *length > 100));
        assert!(!compare::<Long, Long>().to_string().is_empty());
    });
}

#[test]
fn more_values_than_there_are_places_for_are_an_error() {
    on(2 << 10, || {
        let graph = TooLong::GRAPH;
        assert_eq!(graph.peak().unwrap().elements, 8);
        let Err(error) = graph.field(20_000, 0) else {
            panic!("there are 20,001 places")
        };
        assert!(matches!(error, Error::TooManyValues { values: 20_001, .. }));
        assert_eq!(
            error.headline("`TooLong`").as_str(),
            "`TooLong` has 20001 values; an analysis at run time can have 16384, a constant \
             (`Liveness`, `Fields`) any number"
        );
    });
}

#[test]
fn depth_is_no_reason_to_pass_over_a_layer() {
    on(128, || {
        let graph = N40::GRAPH;
        let path = "inner.".repeat(40);
        let leaves: Vec<String> = graph.walk().map(|leaf| leaf.path().to_string()).collect();
        assert_eq!(leaves, [format!("{path}fc"), format!("{path}fc.relu")]);
        assert_eq!(N40::PARAMS, 8 * 8 + 8);
        assert_eq!(N40::DEPTH, 1);
        analyses::<N40>();
        let table = N40::summary().layers();
        assert!(table.csv().to_string().contains(&format!("{path}fc")));
        assert!(table.json().to_string().contains(&format!("{path}fc.relu")));
        // The input, both layers and the total.
        assert_eq!(table.rows().count(), 4);
    });
}
