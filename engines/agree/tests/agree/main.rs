//! The same network, weights and inputs give the same numbers in every engine: the example
//! networks, and thirty random ones.
//!
//! A network prints a line: how far the engines are from each other at most, of the largest
//! value. `SEED` draws other networks.

#![allow(
    clippy::duplicate_mod,
    reason = "two of the examples have a module in common"
)]

use shapewise::Network as _;
use shapewise_core::layer::Role;
use shapewise_core::{Graph, Shape};
use shapewise_lower::{Init, Initial};
use shapewise_numerics::{Array, Numbers};

mod draw;
mod engines;
#[allow(dead_code, reason = "what other tests ask for")]
#[path = "../../../lower/tests/plain/mod.rs"]
mod plain;

use draw::Random;
use engines::{Case, Outcome};

/// How far two engines may be from each other, of the largest value.
const TOLERANCE: f64 = 1e-4;
/// How many random networks there are.
const NETWORKS: u64 = 30;
/// Networks with more multiply-accumulates are left out in the plain engine, which takes
/// long for each billion.
const MOST_PLAIN: u64 = 400_000_000;
/// The same in all engines, where they are not optimised.
const MOST: u64 = if cfg!(debug_assertions) {
    50_000_000
} else {
    u64::MAX
};
const NAMES: [&str; 4] = ["plain", "onnxruntime", "burn", "candle"];

#[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
fn single(value: f64) -> f32 {
    value as f32
}

/// The tensors as PyTorch would make them, but nothing that a mistake could hide behind: no
/// zeros and ones.
fn weights(graph: &'static Graph, random: &mut Random) -> Vec<(shapewise_lower::Weight, Array)> {
    let weights = shapewise_lower::weights(graph).into_iter();
    let arrays = weights.map(|weight| {
        let numbers = match weight.initial(7) {
            Initial::Ints(values) => Numbers::Int(values),
            Initial::Floats(mut values) => {
                if let Init::Constant(value) = weight.init {
                    let spread = if weight.role == Role::Buffer {
                        0.5
                    } else {
                        0.2
                    };
                    values.fill_with(|| single(value + spread * (random.share() - 0.5)));
                }
                Numbers::Float(values)
            }
        };
        let dims = weight.extents.as_slice().to_vec();
        (weight, Array { dims, numbers })
    });
    arrays.collect()
}

fn case(name: &str, graph: &'static Graph, entries: &[usize], batch: usize, seed: u64) -> Case {
    let mut random = Random::new(seed);
    let input = |(place, entries): (usize, &usize)| {
        let shape: Shape = graph.input(place);
        let extents = match shape.rank() > 2 {
            true => shape.channels_first(),
            false => shape.extents(),
        };
        let dims = [&[batch], extents.as_slice()].concat();
        let count: usize = dims.iter().product();
        let numbers = match entries {
            0 => {
                let values = (0..count).map(|_| single(2.0 * random.share() - 1.0));
                Numbers::Float(values.collect())
            }
            &entries => {
                let places = (0..count).map(|_| random.below(entries));
                Numbers::Int(
                    places
                        .map(|place| i64::try_from(place).expect("small"))
                        .collect(),
                )
            }
        };
        Array { dims, numbers }
    };
    let inputs = entries.iter().enumerate().map(input).collect();
    Case {
        name: name.to_owned(),
        graph,
        weights: weights(graph, &mut Random::new(seed + 1)),
        inputs,
    }
}

/// How far two engines may be from each other. ONNX defines the variance of its
/// `GroupNormalization` as a difference of squares, which keeps half of the digits where
/// the elements of a group are alike.
fn tolerance(case: &Case, engines: [usize; 2]) -> f64 {
    let by_difference = |node: &shapewise_core::graph::Node| node.step.entry().name == "group_norm";
    let onnx = engines.iter().any(|engine| NAMES[*engine] == "onnxruntime");
    match onnx && case.graph.nodes().iter().any(by_difference) {
        true => 10.0 * TOLERANCE,
        false => TOLERANCE,
    }
}

/// Runs all cases in all engines, prints a line for each, and returns what is wrong.
fn compared(cases: &[Case], name: &str) -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut onnx = engines::onnx(cases, &folder);
    if onnx.is_none() {
        println!("no Python: onnxruntime is left out");
    }
    let mut wrong = Vec::new();
    for (place, case) in cases.iter().enumerate() {
        let small = case.graph.counts().macs <= MOST_PLAIN;
        let of_onnx = onnx
            .as_mut()
            .map(|all| std::mem::replace(&mut all[place], Ok(vec![])));
        let outcomes: [Option<Outcome>; 4] = [
            small.then(|| engines::plain(case)),
            of_onnx,
            Some(engines::burn(case)),
            Some(engines::candle(case)),
        ];
        let (mut worst, mut pairs) = (0f64, 0);
        let (mut left_out, before) = (String::new(), wrong.len());
        for (a, name) in NAMES.iter().enumerate() {
            match &outcomes[a] {
                // What ONNX has no way to say is told when a model is exported.
                Some(Err(why)) if why.starts_with("ONNX cannot say") => {
                    left_out = format!(", {name} left out: {why}");
                }
                Some(Err(why)) => wrong.push(format!("{} in {name}: {why}", case.name)),
                _ => {}
            }
            for b in 0..a {
                let (Some(Ok(first)), Some(Ok(second))) = (&outcomes[a], &outcomes[b]) else {
                    continue;
                };
                pairs += 1;
                match gap(first, second) {
                    Ok(gap) if gap <= tolerance(case, [a, b]) => worst = worst.max(gap),
                    Ok(gap) => wrong.push(format!(
                        "{}: {name} is {gap:.1e} from {}",
                        case.name, NAMES[b]
                    )),
                    Err(why) => {
                        wrong.push(format!("{}: {name} and {}: {why}", case.name, NAMES[b]));
                    }
                }
            }
        }
        println!("{}: {pairs} pairs within {worst:.1e}{left_out}", case.name);
        if wrong.len() > before {
            wrong.extend(case.graph.nodes().iter().map(written));
        }
    }
    // It has the weights of all networks.
    let _ = std::fs::remove_dir_all(folder);
    wrong
}

/// A layer with its arguments and inputs.
fn written(node: &shapewise_core::graph::Node) -> String {
    let arguments = node.step.arguments.iter();
    let arguments: Vec<String> = arguments
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    format!(
        "    {} of {:?}: {}",
        node.path,
        node.inputs,
        arguments.join(", ")
    )
}

/// The largest gap of all outputs.
fn gap(first: &[Array], second: &[Array]) -> Result<f64, String> {
    if first.len() != second.len() {
        return Err(format!("{} and {} outputs", first.len(), second.len()));
    }
    let gaps = first.iter().zip(second).map(|(a, b)| a.gap(b));
    gaps.into_iter()
        .try_fold(0.0, |worst: f64, gap| Ok(worst.max(gap?)))
}

/// Whether all numbers are finite, and none is what rounding leaves of a difference: a
/// change in the last place of the inputs changes the outputs as little, whichever of them
/// are changed.
fn is_stable(case: &Case) -> bool {
    let Ok(outputs) = engines::plain(case) else {
        return true;
    };
    let finite = outputs.iter().all(|output| {
        let mut numbers = output.doubles().into_iter();
        numbers.all(|x| x.is_finite() && x.abs() < 1e6)
    });
    finite
        && (0..3).all(|first| match engines::plain(&moved(case, first)) {
            Ok(others) => gap(&outputs, &others).is_ok_and(|gap| gap < TOLERANCE / 20.0),
            Err(_) => true,
        })
}

/// The case with inputs that are one place larger, smaller and equal in turn, from the
/// first of these on.
fn moved(case: &Case, first: usize) -> Case {
    let inputs = case.inputs.iter().map(|input| Array {
        dims: input.dims.clone(),
        numbers: match &input.numbers {
            Numbers::Float(values) => {
                let places = values.iter().enumerate();
                let moved = places.map(|(place, x)| match (place + first) % 3 {
                    0 => x.next_up(),
                    1 => x.next_down(),
                    _ => *x,
                });
                Numbers::Float(moved.collect())
            }
            indices => indices.clone(),
        },
    });
    Case {
        name: case.name.clone(),
        graph: case.graph,
        weights: case.weights.clone(),
        inputs: inputs.collect(),
    }
}

#[test]
fn random_networks_agree_in_all_engines() {
    let first = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let first: u64 = first.unwrap_or(1);
    let mut cases = Vec::new();
    let mut seed = first;
    while cases.len() < usize::try_from(NETWORKS).expect("a small number") {
        let network = draw::network(seed);
        let name = format!("random {seed}");
        let case = case(&name, network.graph, &network.entries, 2, seed);
        match is_stable(&case) {
            true => cases.push(case),
            false => println!("{name}: not finite, or a matter of rounding"),
        }
        seed += 1;
    }
    let wrong = compared(&cases, "random");
    for line in &wrong {
        println!("{line}");
    }
    assert!(wrong.is_empty(), "{} gaps", wrong.len());
}

/// The files of the repository's `examples` as modules; their `main` is theirs.
macro_rules! examples {
    ($($name:ident = $path:literal: $network:ident, $entries:literal;)+) => {
        $(
            #[expect(dead_code, reason = "what only `main` uses")]
            #[path = $path]
            mod $name;
        )+

        #[test]
        fn example_networks_agree_in_all_engines() {
            let mut wrong = Vec::new();
            // One at a time: their weights are large.
            $(
                let (name, graph) = (stringify!($network), $name::$network::GRAPH);
                match graph.counts().macs <= MOST {
                    true => wrong.extend(compared(&[case(name, graph, &[$entries], 1, 3)], name)),
                    false => println!("{name}: left out, it is for `--release`"),
                }
            )+
            for line in &wrong {
                println!("{line}");
            }
            assert!(wrong.is_empty(), "{} gaps", wrong.len());
        }
    };
}

examples! {
    alexnet = "../../../../examples/alexnet.rs": AlexNet, 0;
    bilstm = "../../../../examples/bilstm.rs": BiLstm, 20_000;
    densenet121 = "../../../../examples/densenet121.rs": DenseNet121, 0;
    googlenet = "../../../../examples/googlenet.rs": GoogLeNet, 0;
    gpt2 = "../../../../examples/gpt2.rs": Gpt2, 50_257;
    lenet5 = "../../../../examples/lenet5.rs": LeNet5, 0;
    mobilenet_v2 = "../../../../examples/mobilenet_v2.rs": MobileNetV2, 0;
    reports = "../../../../examples/reports.rs": TinyResNet, 0;
    resnet50 = "../../../../examples/resnet50.rs": ResNet50, 0;
    unet = "../../../../examples/unet.rs": UNet, 0;
    vit_b_16 = "../../../../examples/vit_b_16.rs": VitB16, 0;
}

#[test]
fn what_is_compared_is_of_every_kind() {
    let drawn: Vec<_> = (1..=NETWORKS).map(draw::network).collect();
    let mut layers: Vec<&str> = drawn
        .iter()
        .flat_map(|network| network.graph.nodes().iter().map(|node| node.entry().name))
        .collect();
    layers.sort_unstable();
    layers.dedup();
    println!("{} kinds of layers: {}", layers.len(), layers.join(", "));
    assert!(layers.len() > 60, "{layers:?}");
    assert!(
        drawn
            .iter()
            .any(|network| network.graph.inputs().len() == 3)
    );
    assert!(
        drawn
            .iter()
            .any(|network| network.graph.outputs().len() > 2)
    );
}
