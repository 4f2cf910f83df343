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

pub mod albert;
pub mod bart;
pub mod beit;
pub mod bert;
pub mod bloom;
pub mod clip_text;
pub mod cohere;
pub mod deberta_v2;
pub mod deepseek_v2;
pub mod deepseek_v3;
pub mod falcon;
pub mod gemma2;
pub mod gpt2;
pub mod gpt_oss;
pub mod llama;
pub mod llama4;
pub mod mamba;
pub mod mamba2;
pub mod mistral;
pub mod mixtral;
pub mod phi3;
pub mod qwen3;
pub mod recurrent_gemma;
pub mod roberta;
pub mod rwkv;
pub mod segformer;
pub mod t5;
pub mod vit;
pub mod wav2vec2;
pub mod wavlm;
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
    model("gemma2", gemma2::Gemma2::GRAPH),
    model("phi3", phi3::Phi3::GRAPH),
    model("falcon", falcon::Falcon::GRAPH),
    model("bloom", bloom::Bloom::GRAPH),
    model("gpt_oss", gpt_oss::GptOss::GRAPH),
    model("cohere", cohere::Cohere::GRAPH),
    model("deepseek_v3", deepseek_v3::DeepseekV3::GRAPH),
    model("llama4", llama4::Llama4::GRAPH),
    model("mamba2", mamba2::Mamba2::GRAPH),
    model("recurrent_gemma", recurrent_gemma::RecurrentGemma::GRAPH),
    model("roberta", roberta::Roberta::GRAPH),
    model("albert", albert::Albert::GRAPH),
    model("deberta_v2", deberta_v2::DebertaV2::GRAPH),
    model("bart", bart::Bart::GRAPH),
    model("segformer", segformer::Segformer::GRAPH),
    model("wav2vec2", wav2vec2::Wav2Vec2::GRAPH),
    model("wavlm", wavlm::WavLm::GRAPH),
    model("rwkv", rwkv::Rwkv::GRAPH),
    model("beit", beit::Beit::GRAPH),
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
            Ok(match *name {
                // Spectra have their channels first.
                "input_features" => input.permuted(&[0, 2, 1]),
                // Numbers, which are stored as integers.
                "attention_mask" => floats(&input),
                _ => input,
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

#[expect(clippy::cast_possible_truncation, reason = "ones and zeros")]
fn floats(array: &Array) -> Array {
    let numbers = array.doubles().into_iter().map(|number| number as f32);
    Array::floats(&array.dims, numbers.collect())
}
