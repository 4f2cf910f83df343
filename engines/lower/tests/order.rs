//! Sequences whose elements are taken one after another, against what PyTorch computes:
//! `order/pytorch.py` has the same networks and prints `order/expected.txt`.

use shapewise::network;
use shapewise_core::Network;
use shapewise_lower::{Customs, Mode, Plan};

#[allow(dead_code)]
mod plain;

use plain::{Data, Plain, Tensor};

include!("order/networks.txt");

/// Numbers that differ, around 0, by the formula of `order/pytorch.py`.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "small numbers"
)]
fn numbers(dims: &[usize], seed: usize) -> Tensor {
    let count: usize = dims.iter().product();
    let values = (0..count).map(|place| ((place + 7 * seed) as f64 * 0.731).sin() as f32);
    Tensor::new(dims, Data::Float(values.collect())).expect("as many elements")
}

/// What a network gives.
fn run<N: Network>(words: bool) -> Vec<f32> {
    let mut engine = Plain::default();
    let plan = Plan::new::<N>(&engine, Customs::new()).expect("it can be done");
    let mut weights = |_: &mut Plain, place: usize| {
        let weight = &plan.weights()[place];
        let seed = weight.name.bytes().map(usize::from).sum();
        Ok(numbers(weight.extents.as_slice(), seed))
    };
    let shape = N::GRAPH.input(0);
    let extents = match shape.rank() {
        3 => shape.channels_first(),
        _ => shape.extents(),
    };
    let dims: Vec<usize> = [2].iter().chain(extents.as_slice()).copied().collect();
    let input = match words {
        true => {
            let count: usize = dims.iter().product();
            let words = (0..count).map(|place| (place * 3 % 10) as i64);
            Tensor::new(&dims, Data::Int(words.collect())).expect("as many elements")
        }
        false => numbers(&dims, 0),
    };
    let run = plan.run(&mut engine, &mut weights, vec![input], Mode::Inference);
    let values = run.expect("it runs").values;
    values[0].floats().expect("numbers").to_vec()
}

/// Compares a network with the line of its name.
fn compare<N: Network>(words: bool) {
    compare_with::<N>(N::GRAPH.name(), words);
}

/// Compares a network with the line of another name.
fn compare_with<N: Network>(name: &str, words: bool) {
    let lines = include_str!("order/expected.txt").lines();
    let mut lines = lines.map(|line| line.split(' '));
    let expected = lines.find(|line| line.clone().next() == Some(name));
    let expected = expected.expect("a line").skip(1);
    let expected: Vec<f32> = expected
        .map(|value| value.parse().expect("a number"))
        .collect();
    let found = run::<N>(words);
    assert_eq!(found.len(), expected.len());
    let largest = expected
        .iter()
        .fold(0_f32, |most, value| most.max(value.abs()));
    for (found, expected) in found.iter().zip(&expected) {
        assert!(
            (found - expected).abs() <= 1e-5 * largest.max(0.1),
            "{}: {found} instead of {expected}",
            N::GRAPH.name()
        );
    }
}

#[test]
fn what_no_convolution_made_is_taken_position_by_position() {
    compare::<Embedded>(true);
    compare::<Recurrent>(false);
    compare::<Tokens>(false);
    compare::<Transposed>(true);
    compare::<Paired>(false);
    compare::<Merged>(false);
}

#[test]
fn what_a_convolution_made_is_taken_channel_by_channel() {
    compare::<Convolved>(false);
    compare::<Text>(true);
}

#[test]
fn a_vector_becomes_what_reads_it() {
    compare::<Unfolded>(false);
    compare::<Generated>(false);
}

#[test]
fn what_a_network_gives_is_known() {
    compare::<Outer>(true);
}

#[test]
fn numbers_that_only_rustc_knows_change_nothing() {
    compare_with::<Generic<5, 3>>("Embedded", true);
}
