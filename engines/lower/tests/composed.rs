//! Networks of several inputs and outputs as layers give what the same networks give that are
//! written flat: those that `tests/analysis/several` draws, on the plain engine.

use shapewise_core::Network;
use shapewise_lower::{Customs, Init, Initial, Mode, Plan};

mod plain;

use plain::{Data, Plain, Tensor};

mod random {
    include!("../../../tests/analysis/several/random.txt");
}

/// Numbers that differ, around 0.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn numbers(dims: &[usize], seed: usize) -> Tensor {
    let count: usize = dims.iter().product();
    let values = (0..count).map(|place| ((place + 7 * seed) as f32 * 0.731).sin());
    Tensor::new(dims, Data::Float(values.collect())).expect("as many elements")
}

/// What a network gives, with tensors that are filled by their places, which are the same
/// however deep the layers are.
fn run<N: Network>() -> Vec<Tensor> {
    let mut engine = Plain::default();
    let plan = Plan::new::<N>(&engine, Customs::new()).expect("it can be done");
    let mut weights = |_: &mut Plain, place: usize| {
        let mut weight = plan.weights()[place].clone();
        weight.name = place.to_string();
        weight.init = Init::Normal {
            std: 0.4,
            zero_row: None,
        };
        match weight.initial(1) {
            Initial::Floats(values) => Tensor::new(weight.extents.as_slice(), Data::Float(values)),
            Initial::Ints(values) => Tensor::new(weight.extents.as_slice(), Data::Int(values)),
        }
    };
    let inputs = (0..N::GRAPH.inputs().len()).map(|input| {
        let mut dims = vec![2];
        dims.extend(N::GRAPH.input(input).channels_first().as_slice());
        numbers(&dims, input)
    });
    let inputs = inputs.collect();
    let run = plan.run(&mut engine, &mut weights, inputs, Mode::Inference);
    run.expect("it runs").values
}

macro_rules! compare {
    ($($case:ident)*) => {$(
        #[test]
        fn $case() {
            use random::$case::{elsewhere, flat, here};
            let expected = run::<flat::Net>();
            for found in [run::<here::Net>(), run::<elsewhere::Net>()] {
                assert_eq!(found.len(), expected.len());
                for (found, expected) in found.iter().zip(&expected) {
                    assert_eq!(found.dims, expected.dims);
                    assert_eq!(found.floats().ok(), expected.floats().ok());
                }
            }
        }
    )*};
}

random::cases!(compare);
