//! What only training does: dropout, stochastic depth.

use shapewise::network;
use shapewise_core::Network;
use shapewise_lower::{Customs, Initial, Mode, Plan};

mod plain;

use plain::{Data, Plain, Tensor};

/// What a network of one input gives for a batch, with PyTorch's initialisation.
fn run<N: Network>(x: &Tensor, mode: Mode) -> Tensor {
    let mut engine = Plain::default();
    let plan = Plan::new::<N>(&engine, Customs::new()).expect("it can be done");
    let mut weights = |_: &mut Plain, place: usize| {
        let weight = &plan.weights()[place];
        match weight.initial(1) {
            Initial::Floats(values) => Tensor::new(weight.extents.as_slice(), Data::Float(values)),
            Initial::Ints(values) => Tensor::new(weight.extents.as_slice(), Data::Int(values)),
        }
    };
    let run = plan.run(&mut engine, &mut weights, vec![x.clone()], mode);
    run.expect("it runs").values.remove(0)
}

/// So many samples of features that are all 1.
fn ones(samples: usize, features: &[usize]) -> Tensor {
    let dims = [&[samples], features].concat();
    let count = dims.iter().product();
    Tensor::new(&dims, Data::Float(vec![1.0; count])).expect("as many elements")
}

network! { struct Dropped(x: 100) -> (y: 100) { dropout(0.25); } }
network! { struct All(x: 100) -> (y: 100) { dropout(1.0); } }
network! { struct None(x: 100) -> (y: 100) { dropout(0.0); } }
network! { struct Rows(x: 4x5x3) -> (y: 4x5x3) { stochastic_depth(0.5); } }
network! { struct Batch(x: 4x5x3) -> (y: 4x5x3) { stochastic_depth(0.5, mode = batch); } }

#[test]
fn dropout_leaves_out_a_share_and_keeps_the_mean() {
    let x = ones(50, &[100]);
    assert_eq!(run::<Dropped>(&x, Mode::Inference), x);
    let y = run::<Dropped>(&x, Mode::Training);
    let values = y.floats().expect("floats");
    assert!(
        values
            .iter()
            .all(|&y| y == 0.0 || (y - 4.0 / 3.0).abs() < 1e-6)
    );
    let dropped = values.iter().filter(|y| **y == 0.0).count();
    assert!((1200..1300).contains(&dropped), "{dropped} of 5000");
    assert_eq!(run::<None>(&x, Mode::Training), x);
    let all = run::<All>(&x, Mode::Training);
    assert!(all.floats().expect("floats").iter().all(|y| *y == 0.0));
}

#[test]
fn stochastic_depth_drops_samples_or_the_batch() {
    let x = ones(40, &[3, 4, 5]);
    assert_eq!(run::<Rows>(&x, Mode::Inference), x);
    for (y, together) in [
        (run::<Rows>(&x, Mode::Training), 60),
        (run::<Batch>(&x, Mode::Training), 2400),
    ] {
        let values = y.floats().expect("floats");
        assert!(values.iter().all(|y| [0.0, 2.0].contains(y)));
        let parts: Vec<_> = values.chunks(together).collect();
        assert!(parts.iter().all(|part| part.iter().all(|y| *y == part[0])));
        let dropped = parts.iter().filter(|part| part[0] == 0.0).count();
        assert!(
            together == 2400 || (15..25).contains(&dropped),
            "{dropped} of 40"
        );
    }
}

network! { struct Attends(x: 5x8) -> (y: 5x8) { attention(2, dropout = 0.5); } }
network! { struct Encodes(x: 5x8) -> (y: 5x8) { transformer_encoder(2, feedforward = 6, dropout = 0.5); } }
network! { struct Still(x: 5x8) -> (y: 5x8) { transformer_encoder(2, feedforward = 6, dropout = 0.0); } }
network! { struct Stacked(x: 5x8) -> (y: 5x4) { lstm(4, layers = 2, dropout = 0.9); } }
network! { struct Single(x: 5x8) -> (y: 5x4) { lstm(4, dropout = 0.9); } }

#[test]
fn layers_drop_what_is_inside_of_them() {
    let x = ones(2, &[5, 8]);
    let differs = |trained: Tensor, still: Tensor| trained != still;
    let both =
        |run: fn(&Tensor, Mode) -> Tensor| [Mode::Training, Mode::Inference].map(|m| run(&x, m));
    let [trained, still] = both(run::<Attends>);
    assert!(differs(trained, still));
    let [trained, still] = both(run::<Encodes>);
    assert!(differs(trained, still));
    let [trained, still] = both(run::<Still>);
    assert!(!differs(trained, still));
    // Between the layers of a stack, and not behind the last.
    let [trained, still] = both(run::<Stacked>);
    assert!(trained.floats().expect("floats").iter().all(|y| *y != 0.0));
    assert!(differs(trained, still));
    let [trained, still] = both(run::<Single>);
    assert!(!differs(trained, still));
}
