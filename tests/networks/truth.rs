//! What PyTorch measured of a network.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::settings::Settings;

/// A network in PyTorch.
#[derive(Debug)]
pub(crate) struct Truth {
    pub(crate) params: u64,
    pub(crate) buffers: u64,
    pub(crate) macs: u64,
    /// The leaf modules in the order of their calls.
    pub(crate) leaves: Vec<Leaf>,
    /// Parameters that belong to no leaf, with their extents.
    pub(crate) direct: BTreeMap<String, Vec<usize>>,
    /// The calls of functions, with the extents that leave; `None` where the
    /// network could not be traced.
    pub(crate) functions: Option<Vec<(String, Vec<usize>)>>,
}

/// A call of a leaf module.
#[derive(Debug)]
pub(crate) struct Leaf {
    pub(crate) name: String,
    /// The module's class.
    pub(crate) class: String,
    /// The extents that leave, with the batch.
    pub(crate) out: Vec<usize>,
    pub(crate) weights: u64,
    pub(crate) biases: u64,
    pub(crate) macs: u64,
    /// The hyperparameters that shapes and counts do not show.
    pub(crate) settings: Settings,
    /// Parameters and buffers with their extents, in PyTorch's order.
    pub(crate) tensors: Vec<(String, Vec<usize>)>,
    /// Elements of weights that are another module's.
    pub(crate) tied: u64,
    /// The leaves that it reads; `None` where the network could not be traced.
    pub(crate) reads: Option<Vec<i64>>,
}

impl Truth {
    pub(crate) fn parse(text: &str) -> Self {
        let json: Json = serde_json::from_str(text).expect("JSON");
        let functions = json["functions"].as_array().map(|calls| {
            let call = |call: &Json| (word(&call[0]), extents(&call[1]));
            calls.iter().map(call).collect()
        });
        Self {
            params: number(&json["params"]),
            buffers: number(&json["buffers"]),
            macs: number(&json["macs"]),
            leaves: list(&json["layers"]).iter().map(Leaf::parse).collect(),
            direct: named(&json["direct"]).into_iter().collect(),
            functions,
        }
    }
}

impl Leaf {
    fn parse(json: &Json) -> Self {
        let again = json["again"].as_bool().unwrap_or(false);
        let tensors = named(&json["tensors"]);
        let shared: Vec<String> = match json["tied"].as_array() {
            Some(names) => names.iter().map(word).collect(),
            None => Vec::new(),
        };
        let tied = tensors
            .iter()
            .filter(|(name, _)| shared.contains(name))
            .map(|(_, extents)| extents.iter().map(|extent| *extent as u64).product::<u64>())
            .sum();
        let tensors = if again { Vec::new() } else { tensors };
        Self {
            name: word(&json["name"]),
            class: word(&json["type"]),
            out: extents(&json["out"]),
            weights: number(&json["weights"]),
            biases: number(&json["biases"]),
            macs: number(&json["macs"]),
            settings: settings(&json["settings"]),
            tied,
            tensors: tensors.into_iter().chain(named(&json["buffers"])).collect(),
            reads: json["reads"].as_array().map(|reads| {
                let place = |read: &Json| read.as_i64().expect("the place of a leaf");
                reads.iter().map(place).collect()
            }),
        }
    }
}

fn number(json: &Json) -> u64 {
    json.as_u64().expect("a number")
}

fn word(json: &Json) -> String {
    json.as_str().expect("a text").to_owned()
}

fn list(json: &Json) -> &[Json] {
    json.as_array().expect("a list")
}

fn extents(json: &Json) -> Vec<usize> {
    let extent = |extent: &Json| usize::try_from(number(extent)).expect("an extent");
    list(json).iter().map(extent).collect()
}

/// Tensors by name; none where there is nothing.
fn named(json: &Json) -> Vec<(String, Vec<usize>)> {
    let tensors = json.as_array().into_iter().flatten();
    tensors
        .map(|tensor| (word(&tensor[0]), extents(&tensor[1])))
        .collect()
}

fn settings(json: &Json) -> Settings {
    let numbers = |json: &Json| {
        let number = |number: &Json| number.as_f64().expect("a number");
        list(json).iter().map(number).collect()
    };
    let settings = json.as_object().expect("hyperparameters");
    settings
        .iter()
        .map(|(name, values)| (name.clone(), numbers(values)))
        .collect()
}
