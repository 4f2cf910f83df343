//! The example networks of the repository at their real size.

use serde_json::json;
use shapewise::Network;
use shapewise_onnx::{Options, Weights, export};

use crate::python::Jobs;

/// The files of the repository's `examples` as modules; their `main` is theirs.
macro_rules! examples {
    ($($name:ident = $path:literal: $network:ident, $nodes:literal;)+) => {
        $(
            #[expect(dead_code, reason = "what only `main` uses")]
            #[path = $path]
            mod $name;
        )+

        /// onnxruntime gives the declared outputs of all of them. The weights are
        /// zeros, since only shapes are asked for.
        #[test]
        fn examples_run() {
            let mut jobs = Jobs::new("examples");
            $(
                let (name, graph) = (stringify!($name), $name::$network::GRAPH);
                let more = json!({ "zeros": true });
                jobs.ask("run", name, graph, &Options::default(), more);
            )+
            jobs.pass();
        }

        /// Kilobytes, not megabytes: only with the weights inside is a model large. The
        /// nodes are counted: layers take as many as they need.
        #[test]
        fn examples_are_small() {
            $(
                let model = export::<$name::$network>(&Options::default()).unwrap();
                assert!(model.len() < 256 * 1024, "{}: {}", stringify!($name), model.len());
                let nodes = crate::bounds::graph(&model).nodes.len();
                assert_eq!(nodes, $nodes, "{}", stringify!($name));
            )+
        }
    };
}

examples! {
    alexnet = "../../../../examples/alexnet.rs": AlexNet, 21;
    bilstm = "../../../../examples/bilstm.rs": BiLstm, 69;
    densenet121 = "../../../../examples/densenet121.rs": DenseNet121, 426;
    googlenet = "../../../../examples/googlenet.rs": GoogLeNet, 197;
    gpt2 = "../../../../examples/gpt2.rs": Gpt2, 428;
    lenet5 = "../../../../examples/lenet5.rs": LeNet5, 12;
    mobilenet_v2 = "../../../../examples/mobilenet_v2.rs": MobileNetV2, 152;
    reports = "../../../../examples/reports.rs": TinyResNet, 30;
    resnet50 = "../../../../examples/resnet50.rs": ResNet50, 175;
    unet = "../../../../examples/unet.rs": UNet, 67;
    vit_b_16 = "../../../../examples/vit_b_16.rs": VitB16, 408;
    yolov8n = "../../../../examples/yolov8n.rs": YoloV8n, 286;
}

#[expect(dead_code, reason = "what only `main` uses")]
#[path = "../../../../examples/llama.rs"]
mod llama;
#[expect(dead_code, reason = "what only `main` uses")]
#[path = "../../../../examples/mixtral.rs"]
mod mixtral;
#[expect(dead_code, reason = "what only `main` uses")]
#[path = "../../../../examples/stable_diffusion.rs"]
mod stable_diffusion;

/// What has billions of parameters is exported without them, and not run.
#[test]
fn large_examples_are_small_without_their_weights() {
    let options = Options::default();
    let models = [
        (export::<llama::Llama>(&options), 1257),
        (export::<mixtral::Mixtral>(&options), 3753),
        (export::<stable_diffusion::StableDiffusion>(&options), 1446),
    ];
    let counts = models.map(|(model, nodes)| {
        let model = model.unwrap();
        assert!(model.len() < 1024 * 1024, "{}", model.len());
        (crate::bounds::graph(&model).nodes.len(), nodes)
    });
    assert!(
        counts.iter().all(|(found, nodes)| found == nodes),
        "{counts:?}"
    );
}

/// Examples of something else, whose networks are variants of the others.
const WITHOUT: [&str; 2] = ["compare.rs", "fits.rs"];

#[test]
fn no_example_is_left_out() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let own = include_str!("examples.rs");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = !name.ends_with(".rs")
            || WITHOUT.contains(&name.as_str())
            || own.contains(&format!("/{name}\""));
        assert!(known, "examples/{name} is not exported");
    }
}

#[test]
fn a_model_with_its_weights_has_their_size() {
    let zeros = Options::default().weights(Weights::Zeros);
    let model = export::<mobilenet_v2::MobileNetV2>(&zeros).unwrap();
    let network = mobilenet_v2::MobileNetV2::GRAPH.counts();
    let bytes = 4 * (network.params() + network.buffers);
    let more = model.len() as u64 - bytes;
    assert!(more < 150_000, "{more} bytes besides the weights");
}
