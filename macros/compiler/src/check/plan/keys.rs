//! What is written in the parentheses of a plan.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use shapewise_core::graph::DType;
use shapewise_core::layer::Autograd;
use shapewise_core::plan::{Asked, Checkpoint, Optimizer, Weights};

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    /// A whole number.
    Count,
    /// `true` or `false`.
    Truth,
    /// A word of a list.
    Word(fn() -> Vec<&'static str>),
}

/// Something that can be written of a plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) wanted: Wanted,
    /// What it is called elsewhere.
    aliases: &'static [&'static str],
}

/// What is given for a key.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    Count(u64),
    Truth(bool),
    Word(String),
}

fn names<T>(all: &[(&'static str, T)]) -> Vec<&'static str> {
    all.iter().map(|(name, _)| *name).collect()
}

const DTYPES: Wanted = Wanted::Word(|| names(&DType::ALL));

const fn entry(name: &'static str, wanted: Wanted, aliases: &'static [&'static str]) -> Key {
    Key {
        name,
        wanted,
        aliases,
    }
}

const EXPERT: Key = entry(
    "expert",
    Wanted::Count,
    &[
        "ep",
        "experts",
        "expert_parallel",
        "expert_parallel_size",
        "expert_model_parallel_size",
    ],
);

const TRAIN: [Key; 14] = [
    entry(
        "batch",
        Wanted::Count,
        &["batch_size", "bs", "global_batch_size"],
    ),
    entry(
        "optimizer",
        Wanted::Word(|| names(&Optimizer::ALL)),
        &["optim", "optimiser"],
    ),
    entry("dtype", DTYPES, &["precision", "type"]),
    entry("gradients", DTYPES, &["grads", "gradient_dtype"]),
    entry("master", Wanted::Truth, &["master_weights", "mixed"]),
    entry(
        "accumulate",
        Wanted::Count,
        &[
            "gradient_accumulation_steps",
            "accumulation",
            "micro_batches",
        ],
    ),
    entry(
        "checkpoint",
        Wanted::Word(|| names(&Checkpoint::ALL)),
        &["checkpointing", "recompute", "remat"],
    ),
    entry(
        "autograd",
        Wanted::Word(|| names(&Autograd::ALL)),
        &["kernels"],
    ),
    entry("zero", Wanted::Count, &["stage", "zero_stage", "fsdp"]),
    entry(
        "devices",
        Wanted::Count,
        &["gpus", "world_size", "num_gpus"],
    ),
    entry(
        "tensor",
        Wanted::Count,
        &["tp", "tensor_parallel", "tensor_parallel_size"],
    ),
    entry("sequence", Wanted::Truth, &["sequence_parallel", "sp"]),
    entry(
        "pipeline",
        Wanted::Count,
        &[
            "pp",
            "pipeline_parallel",
            "stages",
            "pipeline_parallel_size",
        ],
    ),
    EXPERT,
];

const SERVE: [Key; 8] = [
    entry(
        "batch",
        Wanted::Count,
        &["batch_size", "bs", "max_num_seqs"],
    ),
    entry(
        "positions",
        Wanted::Count,
        &[
            "length",
            "seq_len",
            "context",
            "max_model_len",
            "max_length",
        ],
    ),
    entry("tokens", Wanted::Count, &["chunk", "prefill"]),
    entry("dtype", DTYPES, &["precision", "type"]),
    entry(
        "weights",
        Wanted::Word(|| names(&Weights::ALL)),
        &["quantization", "quantize", "bits"],
    ),
    entry("group", Wanted::Count, &["group_size"]),
    entry("cache", DTYPES, &["kv_cache_dtype", "cache_dtype"]),
    EXPERT,
];

/// What can be written of a plan.
pub(crate) fn all(asked: &Asked) -> &'static [Key] {
    match asked {
        Asked::Train(_) => &TRAIN,
        Asked::Serve(_) | Asked::Cache(_) => &SERVE,
    }
}

/// The key of a name, or else the one that is meant by it.
pub(crate) fn key(asked: &Asked, name: &str) -> Result<&'static Key, Option<&'static str>> {
    let keys = all(asked);
    if let Some(key) = keys.iter().find(|key| key.name == name) {
        return Ok(key);
    }
    let meant = keys.iter().find(|key| key.aliases.contains(&name));
    let near = || crate::suggest::nearest(name, keys.iter().map(|key| key.name));
    Err(meant.map(|key| key.name).or_else(near))
}

fn named<T: Copy>(all: &[(&'static str, T)], word: &str) -> Option<T> {
    let found = all.iter().find(|(name, _)| *name == word);
    found.map(|(_, value)| *value)
}

/// The plan with what is given for a key. What does not fit has been told of, and leaves it.
pub(super) fn set(asked: Asked, key: &str, given: &Given) -> Asked {
    let changed = match asked {
        Asked::Train(plan) => match (key, given) {
            ("batch", Given::Count(count)) => Some(plan.batch(*count)),
            ("accumulate", Given::Count(count)) => Some(plan.accumulate(*count)),
            ("zero", Given::Count(count)) => Some(plan.zero(*count)),
            ("devices", Given::Count(count)) => Some(plan.devices(*count)),
            ("tensor", Given::Count(count)) => Some(plan.tensor(*count)),
            ("pipeline", Given::Count(count)) => Some(plan.pipeline(*count)),
            ("expert", Given::Count(count)) => Some(plan.expert(*count)),
            ("master", Given::Truth(truth)) => Some(plan.master(*truth)),
            ("sequence", Given::Truth(truth)) => Some(plan.sequence(*truth)),
            ("optimizer", Given::Word(word)) => {
                named(&Optimizer::ALL, word).map(|value| plan.optimizer(value))
            }
            ("dtype", Given::Word(word)) => named(&DType::ALL, word).map(|value| plan.dtype(value)),
            ("gradients", Given::Word(word)) => {
                named(&DType::ALL, word).map(|value| plan.gradients(value))
            }
            ("checkpoint", Given::Word(word)) => {
                named(&Checkpoint::ALL, word).map(|value| plan.checkpoint(value))
            }
            ("autograd", Given::Word(word)) => {
                named(&Autograd::ALL, word).map(|value| plan.autograd(value))
            }
            _ => None,
        }
        .map(Asked::Train),
        Asked::Serve(plan) | Asked::Cache(plan) => match (key, given) {
            ("batch", Given::Count(count)) => Some(plan.batch(*count)),
            ("positions", Given::Count(count)) => Some(plan.positions(*count)),
            ("tokens", Given::Count(count)) => Some(plan.tokens(*count)),
            ("group", Given::Count(count)) => Some(plan.group(*count)),
            ("expert", Given::Count(count)) => Some(plan.expert(*count)),
            ("dtype", Given::Word(word)) => named(&DType::ALL, word).map(|value| plan.dtype(value)),
            ("cache", Given::Word(word)) => named(&DType::ALL, word).map(|value| plan.cache(value)),
            ("weights", Given::Word(word)) => {
                named(&Weights::ALL, word).map(|value| plan.weights(value))
            }
            _ => None,
        }
        .map(|plan| match asked {
            Asked::Cache(_) => Asked::Cache(plan),
            _ => Asked::Serve(plan),
        }),
    };
    changed.unwrap_or(asked)
}

/// The call by which rustc sets it.
pub(super) fn code(key: &str, given: &Given) -> TokenStream {
    let name = Ident::new(key, Span::call_site());
    let value = match given {
        Given::Count(count) => {
            let count = Literal::u64_suffixed(*count);
            quote!(#count)
        }
        Given::Truth(truth) => quote!(#truth),
        Given::Word(word) => {
            let (path, variant) = match key {
                "optimizer" => (quote!(plan::Optimizer), variant(&Optimizer::ALL, word)),
                "checkpoint" => (quote!(plan::Checkpoint), variant(&Checkpoint::ALL, word)),
                "autograd" => (quote!(Autograd), variant(&Autograd::ALL, word)),
                "weights" => (quote!(plan::Weights), variant(&Weights::ALL, word)),
                _ => (quote!(DType), variant(&DType::ALL, word)),
            };
            quote!(__shapewise::#path::#variant)
        }
    };
    quote!(.#name(#value))
}

fn variant<T: Copy + std::fmt::Debug>(all: &[(&'static str, T)], word: &str) -> Option<Ident> {
    let value = named(all, word)?;
    Some(Ident::new(&format!("{value:?}"), Span::call_site()))
}
