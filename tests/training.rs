//! What training keeps for the backward pass, against PyTorch's autograd: layer by layer
//! and in whole networks, to the byte.
//!
//! `tests/data/training` holds what PyTorch 2.15 saved on a CPU in eager mode (the script
//! beside it says how it was measured). `SHAPEWISE_TRAINING` names another folder of the same
//! form: rows of layers in `*.jsonl`, networks in `training_NAME.json`. Those of the zoo are compared in its own test of this
//! name, too.
//!
//! `cargo test --test training agree -- --nocapture` shows what was compared.

#[path = "networks/files.rs"]
#[allow(dead_code, reason = "nothing prints the examples' summaries here")]
mod files;
#[path = "training/kept.rs"]
mod kept;
#[path = "training/layers.rs"]
mod layers;
#[path = "training/networks.rs"]
mod networks;
#[allow(dead_code, reason = "the rows say less here")]
#[path = "torch_layers"]
mod torch_layers {
    pub(crate) mod activation;
    pub(crate) mod attention;
    pub(crate) mod compare;
    pub(crate) mod convolution;
    pub(crate) mod dense;
    pub(crate) mod explain;
    pub(crate) mod merge;
    pub(crate) mod normalisation;
    pub(crate) mod pooling;
    pub(crate) mod recurrent;
    pub(crate) mod row;
    pub(crate) mod shape_ops;
}

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was compared: how many, and what differs.
#[derive(Debug, Default)]
struct Tally {
    equal: usize,
    all: usize,
    differences: Vec<String>,
}

impl Tally {
    fn add(&mut self, name: &str, found: Result<u64, String>, measured: u64) {
        self.all += 1;
        match found {
            Ok(found) if found == measured => self.equal += 1,
            Ok(found) => self
                .differences
                .push(format!("{name}: {found} bytes, PyTorch keeps {measured}")),
            Err(error) => self.differences.push(format!("{name}: {error}")),
        }
    }
}

/// The folder with what was measured, and whether it is the repository's own.
fn folder() -> (PathBuf, bool) {
    match std::env::var_os("SHAPEWISE_TRAINING") {
        Some(other) => (PathBuf::from(other), false),
        None => {
            let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/training");
            (own, true)
        }
    }
}

/// The text of every file of a folder whose name ends so, by name.
fn texts(folder: &Path, end: &str) -> BTreeMap<String, String> {
    let files = std::fs::read_dir(folder).expect("the folder with what was measured");
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    names
        .filter(|name| name.ends_with(end))
        .map(|name| {
            let text = std::fs::read_to_string(folder.join(&name)).expect("a readable file");
            (name, text)
        })
        .collect()
}

#[test]
fn layers_and_networks_agree() {
    let (folder, own) = folder();
    let mut kinds: BTreeMap<String, Tally> = BTreeMap::new();
    for text in texts(&folder, ".jsonl").values() {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            layers::compare(line, &mut kinds);
        }
    }
    for text in texts(&folder, ".json").values() {
        networks::compare(text, kinds.entry("networks".to_owned()).or_default());
    }
    let (mut equal, mut all) = (0, 0);
    for (kind, tally) in &kinds {
        println!("{kind}: {} of {} equal", tally.equal, tally.all);
        for difference in &tally.differences {
            println!("    {difference}");
        }
        equal += tally.equal;
        all += tally.all;
    }
    println!("{equal} of {all} equal");
    assert!(all > 0, "nothing was measured in {}", folder.display());
    if own {
        assert_eq!(
            (equal, all),
            (163, 163),
            "every layer and every network is equal"
        );
    }
}

/// The comparison can fail.
#[test]
fn a_difference_is_told() {
    let line = r#"{"id":0,"layer":"ReLU","args":{},"input":[2,8],"saved_bytes":65,"out":[2,8]}"#;
    let mut kinds = BTreeMap::new();
    layers::compare(line, &mut kinds);
    let tally = &kinds["ReLU"];
    assert_eq!((tally.equal, tally.differences.len()), (0, 1));
}

/// What a graph says at run time is what its constants are, networks in networks included.
#[test]
fn constants_agree_with_the_graph() {
    fn check<N: shapewise::Network>(elements: u64, bytes: u64) {
        let pass = shapewise::layer::Backward::eager(N::GRAPH.dtype().bytes());
        let kept = N::GRAPH
            .kept(&pass)
            .expect("there are places for all values");
        assert_eq!((kept.elements(), kept.bytes(&pass)), (elements, bytes));
        assert_eq!(
            (N::TRAIN_ACTIVATIONS, N::TRAIN_ACTIVATION_BYTES),
            (elements, bytes)
        );
    }
    use files::{densenet121::DenseNet121, gpt2::Gpt2, vit_b_16::VitB16};
    check::<DenseNet121>(
        DenseNet121::TRAIN_ACTIVATIONS,
        DenseNet121::TRAIN_ACTIVATION_BYTES,
    );
    check::<VitB16>(VitB16::TRAIN_ACTIVATIONS, VitB16::TRAIN_ACTIVATION_BYTES);
    check::<Gpt2>(Gpt2::TRAIN_ACTIVATIONS, Gpt2::TRAIN_ACTIVATION_BYTES);
}
