//! What a run holds at once is what the constants say: values, the places of those that are
//! given up taken again by the same rule.

#![allow(
    clippy::duplicate_mod,
    reason = "two of the examples have a module in common"
)]

use shapewise::{Network, network};
use shapewise_lower::{Customs, Mode, Plan};

#[allow(dead_code, reason = "what other tests ask for")]
mod recorder;

use recorder::Recorder;

/// The most elements that were alive at once while a network ran.
fn held<N: Network>() -> u64 {
    let engine = Recorder::default();
    let plan = Plan::new::<N>(&engine, Customs::new()).expect("it can be done");
    let run = engine.run(&plan, plan.route(), Mode::Inference);
    let (recorded, _outputs) = run.expect("it is recorded");
    recorded.memory.peak as u64
}

/// The files of the repository's `examples` as modules; their `main` is theirs.
macro_rules! examples {
    ($($name:ident = $path:literal: $network:ident;)+) => {
        $(
            #[expect(dead_code, reason = "what only `main` uses")]
            #[path = $path]
            mod $name;
        )+

        #[test]
        fn the_examples_hold_what_their_constants_say() {
            $(
                let name = stringify!($network);
                assert_eq!(held::<$name::$network>(), $name::$network::PEAK_ACTIVATIONS, "{name}");
            )+
        }
    };
}

examples! {
    alexnet = "../../../examples/alexnet.rs": AlexNet;
    bilstm = "../../../examples/bilstm.rs": BiLstm;
    densenet121 = "../../../examples/densenet121.rs": DenseNet121;
    googlenet = "../../../examples/googlenet.rs": GoogLeNet;
    gpt2 = "../../../examples/gpt2.rs": Gpt2;
    lenet5 = "../../../examples/lenet5.rs": LeNet5;
    mobilenet_v2 = "../../../examples/mobilenet_v2.rs": MobileNetV2;
    reports = "../../../examples/reports.rs": TinyResNet;
    resnet50 = "../../../examples/resnet50.rs": ResNet50;
    unet = "../../../examples/unet.rs": UNet;
    vit_b_16 = "../../../examples/vit_b_16.rs": VitB16;
}

network! {
    /// A network in a network, several inputs and outputs, results that nobody reads.
    struct Part(x: 6x8) -> (sequence: 6x8) {
        #[allow(unused_value)]
        (steps, hidden): gru(8);
        from steps, identity;
    }

    struct Whole(left: 6x8, right: 6x8) -> (sum: 6x8, last: 6x4) {
        first: Part;
        second: from right, Part;
        sum: add(first, second);
        wide: linear(64), relu, linear(8);
        last: linear(4);
    }
}

#[test]
fn results_that_nobody_reads_are_given_up() {
    assert_eq!(held::<Whole>(), Whole::PEAK_ACTIVATIONS);
}
