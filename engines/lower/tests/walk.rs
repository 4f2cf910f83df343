//! The walk over a network: which layers run, with which tensors, and what can be
//! read.

use std::collections::HashMap;

use shapewise::network;
use shapewise_core::{Custom, Shape};
use shapewise_lower::{Customs, Error, Mode, Plan, Run, Update};

mod plain;

use plain::{Data, Plain, Tensor, Wrong};

fn tensor(dims: &[usize], values: &[f32]) -> Tensor {
    Tensor::new(dims, Data::Float(values.to_vec())).expect("as many elements as extents say")
}

/// Runs a plan in training mode, with these tensors.
fn train(
    plan: &Plan<Plain>,
    tensors: &HashMap<&str, Tensor>,
    inputs: Vec<Tensor>,
) -> Result<Run<Tensor>, Error<Wrong>> {
    let mut weights = |_: &mut Plain, place: usize| {
        let name = plan.weights()[place].name.as_str();
        let tensor = tensors.get(name).cloned();
        tensor.ok_or_else(|| Wrong(format!("no tensor `{name}`")))
    };
    plan.run(&mut Plain::default(), &mut weights, inputs, Mode::Training)
}

network! {
    #[allow(unused_value)]
    struct Affine(x: 2) -> (y: 2) {
        fc: linear(2);
        gate: sigmoid;
        out: from fc, identity;
    }
    struct Outer(a: 2, b: 2) -> (sum: 2, both = joined: 4) {
        first: Affine;
        second: from b, Affine(shared = first);
        third: from second, Affine;
        sum: add(first, third);
        joined: concat(sum, b);
    }
}

fn outer() -> (Plan<Plain>, HashMap<&'static str, Tensor>) {
    let plan = Plan::new::<Outer>(&Plain::default(), Customs::new()).expect("it can be done");
    let tensors = HashMap::from([
        ("first.fc.weight", tensor(&[2, 2], &[1.0, 2.0, 3.0, 4.0])),
        ("first.fc.bias", tensor(&[2], &[0.5, -0.5])),
        ("third.fc.weight", tensor(&[2, 2], &[0.0, 1.0, 1.0, 0.0])),
        ("third.fc.bias", tensor(&[2], &[0.0, 0.0])),
    ]);
    (plan, tensors)
}

#[test]
fn networks_are_layers_with_inputs_outputs_and_shared_weights() {
    let (plan, tensors) = outer();
    let names: Vec<_> = plan
        .weights()
        .iter()
        .map(|weight| weight.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "first.fc.weight",
            "first.fc.bias",
            "third.fc.weight",
            "third.fc.bias"
        ]
    );
    let inputs = vec![tensor(&[1, 2], &[1.0, 1.0]), tensor(&[1, 2], &[1.0, 0.0])];
    let run = train(&plan, &tensors, inputs).expect("it runs");
    // first: (3.5, 6.5); second: (1.5, 2.5); third: (2.5, 1.5).
    assert_eq!(run.values[0], tensor(&[1, 2], &[6.0, 8.0]));
    assert_eq!(run.values[1], tensor(&[1, 4], &[6.0, 8.0, 1.0, 0.0]));
}

#[test]
fn labelled_values_are_read_and_nothing_runs_that_they_do_not_need() {
    let (plan, mut tensors) = outer();
    let values = ["second", "first.fc", "first.gate"].map(|label| plan.label(label));
    let values = values.map(|value| value.expect("there is such a label"));
    assert_eq!(plan.shape(values[0]), Some(Shape::new(&[2])));
    let route = plan.route_to(values.to_vec());
    // Without these, `third` could not run.
    tensors.retain(|name, _| name.starts_with("first"));
    let mut weights = |_: &mut Plain, place: usize| {
        let tensor = tensors.get(plan.weights()[place].name.as_str());
        Ok(tensor.expect("only these are asked for").clone())
    };
    let inputs = vec![tensor(&[1, 2], &[1.0, 1.0]), tensor(&[1, 2], &[1.0, 0.0])];
    let run = plan
        .run_to(
            &route,
            &mut Plain::default(),
            &mut weights,
            inputs,
            Mode::Inference,
        )
        .expect("it runs");
    assert_eq!(run.values[0], tensor(&[1, 2], &[1.5, 2.5]));
    assert_eq!(run.values[1], tensor(&[1, 2], &[3.5, 6.5]));
    let gate = run.values[2].floats().expect("floats");
    assert!((gate[0] - 0.970_688).abs() < 1e-6, "{gate:?}");
    let error = plan.label("fourth").expect_err("there is no such label");
    assert_eq!(error.to_string(), "the network has no label `fourth`");
}

network! {
    struct Repeated(x: 2) -> (once = y: 2, again = y: 2, x0 = first: 2) {
        first: identity;
        y: tanh;
    }
}

#[test]
fn a_value_may_be_several_outputs_or_an_input() {
    let plan = Plan::new::<Repeated>(&Plain::default(), Customs::new()).expect("it can be done");
    let x = tensor(&[1, 2], &[0.0, 100.0]);
    let run = train(&plan, &HashMap::new(), vec![x.clone()]).expect("it runs");
    let y = tensor(&[1, 2], &[0.0, 1.0]);
    assert_eq!(run.values, [y.clone(), y, x]);
}

network! {
    struct Norm(x: 1) -> (y: 1) { bn: batch_norm; }
    struct Siamese(a: 1, b: 1) -> (y: 2) {
        left: Norm;
        right: from b, Norm(shared = left);
        y: concat(left, right);
    }
}

/// Running statistics that two layers share are updated by both, one after the other.
#[test]
fn shared_statistics_are_updated_in_turn() {
    let plan = Plan::new::<Siamese>(&Plain::default(), Customs::new()).expect("it can be done");
    let one = |value| tensor(&[1], &[value]);
    let tensors = HashMap::from([
        ("left.bn.weight", one(1.0)),
        ("left.bn.bias", one(0.0)),
        ("left.bn.running_mean", one(0.0)),
        ("left.bn.running_var", one(1.0)),
    ]);
    let inputs = vec![tensor(&[2, 1], &[1.0, 3.0]), tensor(&[2, 1], &[10.0, 10.0])];
    let run = train(&plan, &tensors, inputs).expect("it runs");
    let of = |name: &str| {
        let place = plan.weights().iter().position(|weight| weight.name == name);
        let place = place.expect("there is such a tensor");
        let updates = run.updates.iter().filter(|(other, _)| *other == place);
        updates
            .map(|(_, update)| update.clone())
            .collect::<Vec<_>>()
    };
    let mean = of("left.bn.running_mean");
    let last = |updates: &[Update<Tensor>]| match updates {
        [_, Update::Value(value)] => value.floats().expect("floats")[0],
        other => panic!("{other:?}"),
    };
    // 0.9*(0.9*0 + 0.1*2) + 0.1*10, and 0.9*(0.9*1 + 0.1*2) + 0.1*0.
    assert!((last(&mean) - 1.18).abs() < 1e-6);
    assert!((last(&of("left.bn.running_var")) - 0.99).abs() < 1e-6);
    assert_eq!(
        of("left.bn.num_batches_tracked"),
        [Update::Increment, Update::Increment]
    );
}

const fn power(input: Shape) -> Custom {
    Custom::new(input).tensor("exponent", &[1], shapewise_core::layer::Role::Weight)
}

network! {
    struct Own(x: 2x2x1) -> (y: 2x2x1) {
        a: custom power()  => 2x2x1;
        block: { b: custom power()  => 2x2x1; }
    }
}

#[test]
fn layers_of_ones_own_are_functions_by_their_paths() {
    let times = |factor: f64| {
        move |engine: &mut Plain, call: shapewise_lower::CustomCall<'_, Tensor>| {
            use shapewise_lower::Operations;
            assert_eq!(call.tensors.len(), 1);
            assert!(call.tensor("exponent").is_some());
            engine.mul_scalar(call.inputs[0].clone(), factor)
        }
    };
    let customs = Customs::new()
        .layer("a", times(2.0))
        .layer("block.*", times(10.0));
    let plan = Plan::new::<Own>(&Plain::default(), customs).expect("it can be done");
    let one = tensor(&[1], &[1.0]);
    let tensors = HashMap::from([("a.exponent", one.clone()), ("block.b.exponent", one)]);
    let x = tensor(&[1, 1, 2, 2], &[1.0, 2.0, 3.0, 4.0]);
    let run = train(&plan, &tensors, vec![x]).expect("it runs");
    assert_eq!(
        run.values,
        [tensor(&[1, 1, 2, 2], &[20.0, 40.0, 60.0, 80.0])]
    );
}

const fn swapped(left: Shape, right: Shape) -> Custom {
    Custom::new(right).result(left).no_tensors().macs(0)
}

network! {
    struct Swaps(x: 3, y: 2) -> (x2: 2, y2: 3) {
        (x2, y2): custom swapped(x, y;)  => (2, 3);
    }

    struct SwapsOnce(x: 3, y: 2) -> (x2: 2) { x2: custom swapped(x, y;)  => 2; }
}

#[test]
fn a_layer_of_ones_own_takes_and_gives_several_values() {
    let swap = |_: &mut Plain, call: shapewise_lower::CustomCall<'_, Tensor>| {
        Ok(vec![call.inputs[1].clone(), call.inputs[0].clone()])
    };
    let customs = || Customs::new().layer_of_several("x2", swap);
    let (x, y) = (
        tensor(&[1, 3], &[1.0, 2.0, 3.0]),
        tensor(&[1, 2], &[4.0, 5.0]),
    );
    let inputs = || vec![x.clone(), y.clone()];
    let plan = Plan::new::<Swaps>(&Plain::default(), customs()).expect("it can be done");
    let run = train(&plan, &HashMap::new(), inputs()).expect("it runs");
    assert_eq!(run.values, [y.clone(), x.clone()]);
    // What no statement names is given up.
    let plan = Plan::new::<SwapsOnce>(&Plain::default(), customs()).expect("it can be done");
    let run = train(&plan, &HashMap::new(), inputs()).expect("it runs");
    assert_eq!(run.values, std::slice::from_ref(&y));
    // Other shapes, and fewer values, are told.
    let first = |_: &mut Plain, call: shapewise_lower::CustomCall<'_, Tensor>| {
        Ok(vec![call.inputs[0].clone()])
    };
    let second = |_: &mut Plain, call: shapewise_lower::CustomCall<'_, Tensor>| {
        Ok(vec![call.inputs[1].clone()])
    };
    let wrong = [
        Customs::new().layer_of_several("x2", first),
        Customs::new().layer_of_several("x2", second),
    ];
    for customs in wrong {
        let plan = Plan::new::<Swaps>(&Plain::default(), customs).expect("it can be done");
        assert!(train(&plan, &HashMap::new(), inputs()).is_err());
    }
}

network! {
    struct Filled(x: 3) -> (above: 3, same: 3) {
        above: threshold(0, 7);
        same: from x, full_like(5.5);
    }
}

/// PyTorch's `threshold` and `full_like` choose the number, whatever was there.
#[test]
fn what_is_infinite_is_replaced_as_any_other() {
    let plan = Plan::new::<Filled>(&Plain::default(), Customs::new()).expect("it can be done");
    let x = tensor(&[1, 3], &[f32::NEG_INFINITY, f32::INFINITY, 2.0]);
    let run = train(&plan, &HashMap::new(), vec![x]).expect("it runs");
    let above = tensor(&[1, 3], &[7.0, f32::INFINITY, 2.0]);
    assert_eq!(run.values, [above, tensor(&[1, 3], &[5.5; 3])]);
}
