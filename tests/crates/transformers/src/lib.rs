//! Small models of `transformers` with random weights, written in the language, and what
//! they compute there.
//!
//! The numbers stand in `data`, whose README says how they were made. A model is right where
//! it has as many parameters, the tensors of the checkpoint by their names and shapes, and the
//! same outputs.

#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "the names are those of the models")]

use std::collections::HashMap;
use std::path::PathBuf;

use shapewise::Network;
use shapewise_core::Graph;
use shapewise_numerics::{Array, arrays};

pub mod bert;
pub mod clip_text;
pub mod deepseek_v2;
pub mod gpt2;
pub mod llama;
pub mod mamba;
pub mod mistral;
pub mod mixtral;
pub mod qwen3;
pub mod t5;
pub mod vit;
pub mod whisper;

/// A model and what it should compute.
#[derive(Debug)]
pub struct Model {
    /// Its name: that of its folder.
    pub name: &'static str,
    /// Its definition.
    pub graph: &'static Graph,
}

/// Every model.
pub const MODELS: &[Model] = &[
    model("llama", llama::Llama::GRAPH),
    model("gpt2", gpt2::Gpt2::GRAPH),
    model("bert", bert::Bert::GRAPH),
    model("vit", vit::Vit::GRAPH),
    model("clip_text", clip_text::ClipText::GRAPH),
    model("mistral", mistral::Mistral::GRAPH),
    model("qwen3", qwen3::Qwen3::GRAPH),
    model("whisper", whisper::Whisper::GRAPH),
    model("t5", t5::T5::GRAPH),
    model("mixtral", mixtral::Mixtral::GRAPH),
    model("deepseek_v2", deepseek_v2::DeepseekV2::GRAPH),
    model("mamba", mamba::Mamba::GRAPH),
];

const fn model(name: &'static str, graph: &'static Graph) -> Model {
    Model { name, graph }
}

/// What a model was given and gave, as engines lay it out.
#[derive(Debug)]
pub struct Case {
    /// How many parameters it has.
    pub params: u64,
    /// Its tensors by their published names.
    pub tensors: HashMap<String, Array>,
    /// Its inputs, in the order of the definition.
    pub inputs: Vec<Array>,
    /// Its outputs, in the order of the definition.
    pub outputs: Vec<Array>,
}

impl Model {
    /// What it was given and gave.
    ///
    /// # Errors
    ///
    /// What cannot be read, in words.
    pub fn case(&self) -> Result<Case, String> {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).join(self.name);
        let config = std::fs::read_to_string(folder.join("config.json"));
        let config = config.map_err(|error| error.to_string())?;
        let config: serde_json::Value =
            serde_json::from_str(&config).map_err(|error| error.to_string())?;
        let io = arrays(&folder.join("io.safetensors"))?;
        let array = |kind: &str, name: &str| {
            let array = io.get(&format!("{kind}.{name}"));
            array.cloned().ok_or_else(|| format!("no {kind} `{name}`"))
        };
        let inputs = self.graph.inputs().iter().map(|name| {
            let input = array("input", name)?;
            // Spectra have their channels first.
            Ok(match *name == "input_features" {
                true => input.permuted(&[0, 2, 1]),
                false => input,
            })
        });
        let outputs = self.graph.outputs().iter();
        let outputs = outputs.map(|(name, _)| array("output", name));
        Ok(Case {
            params: config["params"].as_u64().ok_or("no `params`")?,
            tensors: arrays(&folder.join("model.safetensors"))?,
            inputs: inputs.collect::<Result<_, String>>()?,
            outputs: outputs.collect::<Result<_, String>>()?,
        })
    }
}
