//! What is wrong is told by name, when the model is built or before anything runs.

use shapewise::network;
use shapewise_core::{Custom, Shape};
use shapewise_lower::{CustomCall, Customs, Error, Made, Mode, Plan};

mod plain;

use plain::{Data, Plain, Tensor, Wrong};

network! {
    struct Digits(image: 4x5x3, words: 6) -> (classes: 7) {
        pool: global_avg_pool;
        table: from words, embedding(11, 3), mean;
        sum: add(pool, table);
        fc: linear(7);
    }
}

fn zeros(dims: &[usize]) -> Tensor {
    let count = dims.iter().product();
    Tensor::new(dims, Data::Float(vec![0.0; count])).expect("as many elements")
}

fn indices(dims: &[usize]) -> Tensor {
    let count = dims.iter().product();
    Tensor::new(dims, Data::Int(vec![3; count])).expect("as many elements")
}

fn plan() -> Plan<Plain> {
    Plan::new::<Digits>(&Plain::default(), Customs::new()).expect("it can be done")
}

fn told(inputs: Vec<Tensor>) -> String {
    let plan = plan();
    let mut weights =
        |_: &mut Plain, place: usize| Ok(zeros(plan.weights()[place].extents.as_slice()));
    let made = plan.run(&mut Plain::default(), &mut weights, inputs, Mode::Inference);
    match made {
        Ok(run) => format!("{:?}", run.values[0].dims),
        Err(error) => error.to_string(),
    }
}

#[test]
fn inputs_that_do_not_fit() {
    let image = zeros(&[2, 3, 4, 5]);
    let words = indices(&[2, 6]);
    assert_eq!(told(vec![image.clone(), words.clone()]), "[2, 7]");
    for (inputs, expected) in [
        (
            vec![image.clone()],
            "the network has 2 inputs (`image`, `words`), and 1 came",
        ),
        (
            vec![zeros(&[2, 4, 5, 3]), words.clone()],
            "the input `image` is 2 x 4 x 5 x 3, and `pool: global_avg_pool` reads N x 3 x 4 x 5: \
             channels come before the positions",
        ),
        (
            vec![zeros(&[3, 4, 5]), words.clone()],
            "the input `image` is 3 x 4 x 5, and `pool: global_avg_pool` reads N x 3 x 4 x 5: the \
             batch is the first axis, of one sample too",
        ),
        (
            vec![image.clone(), indices(&[2, 7])],
            "the input `words` is 2 x 7, and `table: embedding` reads N x 6",
        ),
        (
            vec![image.clone(), indices(&[3, 6])],
            "the input `words` has 3 samples, and the first one has 2",
        ),
        (
            vec![image.clone(), zeros(&[2, 6])],
            "the input `words` has floats, and `table: embedding` reads integers",
        ),
        (
            vec![indices(&[2, 3, 4, 5]), words],
            "the input `image` has integers, and `pool: global_avg_pool` reads floats",
        ),
    ] {
        assert_eq!(told(inputs), expected);
    }
}

#[test]
fn what_an_operation_says_names_the_layer() {
    let image = zeros(&[2, 3, 4, 5]);
    let wrong = Tensor::new(&[2, 6], Data::Int(vec![11; 12])).expect("as many elements");
    let error = told(vec![image, wrong]);
    assert_eq!(error, "`table: embedding`: index 11 of 11 elements");
}

#[test]
fn a_tensor_of_another_shape_or_type() {
    let plan = plan();
    let engine = Plain::default();
    let place = plan
        .weights()
        .iter()
        .position(|weight| weight.name == "fc.weight");
    let place = place.expect("there is such a tensor");
    assert_eq!(plan.check_weight(&engine, place, &zeros(&[7, 3])), Ok(()));
    let error = plan
        .check_weight(&engine, place, &zeros(&[3, 7]))
        .expect_err("it differs");
    assert_eq!(
        error.to_string(),
        "the tensor `fc.weight` is 3 x 7, not 7 x 3"
    );
    let error = plan
        .check_weight(&engine, place, &indices(&[7, 3]))
        .expect_err("it differs");
    assert_eq!(
        error.to_string(),
        "the tensor `fc.weight` has integers, not floats"
    );
}

const fn halved(input: Shape) -> Custom {
    Custom::new(Shape::new(&[input.features() / 2])).no_tensors()
}

network! {
    struct Own(x: 4) -> (y: 2) {
        own: custom halved()  => 2;
    }
}

#[test]
fn a_layer_of_ones_own_needs_a_function_that_keeps_its_word() {
    fn same(_: &mut Plain, call: CustomCall<'_, Tensor>) -> Made<Plain> {
        Ok(call.inputs[0].clone())
    }
    let build = |customs| Plan::new::<Own>(&Plain::default(), customs);
    let error = build(Customs::new()).expect_err("nothing is given");
    assert_eq!(error, Error::NoFunction { path: "own".into() });
    let error = build(Customs::new().layer("own", same).layer("other", same));
    let expected: Error<Wrong> = Error::NoSuchLayer {
        path: "other".into(),
    };
    assert_eq!(error.expect_err("there is no such layer"), expected);
    let plan = build(Customs::new().layer("own", same)).expect("it can be done");
    let mut weights = |_: &mut Plain, _: usize| Err(Wrong("it has none".into()));
    let inputs = vec![zeros(&[3, 4])];
    let made = plan.run(&mut Plain::default(), &mut weights, inputs, Mode::Inference);
    assert_eq!(
        made.expect_err("the shape is another").to_string(),
        "the function of `own` gives 3 x 4, and the layer declares 3 x 2"
    );
}

network! {
    struct Normalised(x: 3) -> (y: 3) { bn: batch_norm(track_running_stats = false); }
}

#[test]
fn one_sample_has_no_statistics() {
    let engine = Plain::default();
    let plan = Plan::new::<Normalised>(&engine, Customs::new()).expect("it can be done");
    let run = |samples| {
        let mut weights = |_: &mut Plain, _: usize| Ok(zeros(&[3]));
        let inputs = vec![zeros(&[samples, 3])];
        plan.run(&mut Plain::default(), &mut weights, inputs, Mode::Training)
    };
    assert!(run(2).is_ok());
    let error = run(1).expect_err("there is one value per channel");
    assert_eq!(
        error.to_string(),
        "`bn` normalises by the statistics of the batch, which has one value per channel: it \
         needs more"
    );
}
