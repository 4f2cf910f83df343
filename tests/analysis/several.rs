//! Random networks with networks of several inputs and outputs as layers, compared with the
//! same networks written flat: results that are read twice or never, results that are one
//! buffer, inputs that are passed through, networks in networks.
//!
//! They stand in `several/random.txt`, which `UPDATE=1 cargo test --test analysis` writes anew.

#[path = "several/writing.rs"]
mod writing;
mod random {
    include!("several/random.txt");
}

use shapewise::analysis::Arena;
use shapewise::{Graph, Network};

use super::composed::{figures, same_layers};

#[test]
fn the_networks_are_those_that_are_drawn() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/analysis/several/random.txt"
    );
    let drawn = writing::file();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &drawn).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == drawn,
        "several/random.txt is stale: UPDATE=1 cargo test --test analysis"
    );
}

#[test]
fn what_is_meant_to_be_among_them_is() {
    let drawn = writing::file();
    let count = |part: &str| drawn.matches(part).count();
    assert!(count(": from ") > 100 && count("Inner") > 60);
    for part in [
        "Inner0",
        "Inner1",
        "channel_split",
        "identity",
        "relu",
        "(a = in0",
        "b = in0",
    ] {
        assert!(count(part) > 3, "{part}: {}", count(part));
    }
}

/// The figures of a network by its own constants, and by those of the trait.
fn all<N: Network>() -> ([u64; 7], Option<String>) {
    let field = N::GRAPH.output_field().map(|field| format!("{field:?}"));
    (
        [
            N::PARAMS,
            N::MACS,
            N::ACTIVATIONS,
            N::DEPTH,
            N::PEAK_ACTIVATIONS,
            N::TRAIN_ACTIVATIONS,
            N::GRAPH.peak().map_or(0, |peak| peak.elements),
        ],
        field.ok(),
    )
}

macro_rules! compare {
    ($($case:ident)*) => {$(
        #[test]
        fn $case() {
            use random::$case::{elsewhere, flat, here};
            let expected = all::<flat::Net>();
            assert_eq!(all::<here::Net>(), expected);
            assert_eq!(all::<elsewhere::Net>(), expected);
            let own = [
                here::Net::PARAMS,
                here::Net::MACS,
                here::Net::ACTIVATIONS,
                here::Net::DEPTH,
                here::Net::PEAK_ACTIVATIONS,
                here::Net::TRAIN_ACTIVATIONS,
            ];
            assert_eq!(own, expected.0[..6], "the macro's own");
            assert_eq!(here::Net::RECEPTIVE_FIELD, flat::Net::RECEPTIVE_FIELD);
            same_layers(flat::Net::GRAPH, here::Net::GRAPH);
            same_layers(flat::Net::GRAPH, elsewhere::Net::GRAPH);
            const FLAT: &Graph = <flat::Net as Network>::GRAPH;
            const HERE: &Graph = <here::Net as Network>::GRAPH;
            let plan = Arena::<{ FLAT.values().len() }>::of(FLAT);
            let inside = Arena::<{ HERE.values_inside() }>::of(HERE);
            assert_eq!(figures(&inside), figures(&plan));
        }
    )*};
}

random::cases!(compare);
