//! Mixtures of experts: what their tensors are called, and that this changes no count.

use shapewise::{Layer, Shape, Value, layers};

use super::layer::{counts, error, shape};
use shapewise::Error;

const ACTIVE: (&str, Value) = ("active", Value::Int(1));
const FEATURES: (&str, Value) = ("features", Value::Int(5));

fn names(inputs: &[Shape], more: &[(&'static str, Value)]) -> Vec<String> {
    let given = [&[("experts", Value::Int(2)), ACTIVE, FEATURES], more].concat();
    let layer = Layer::build(layers::mixture_of_experts, &given, inputs).expect("a layer");
    (0..)
        .map_while(|index| layer.tensor(index))
        .map(|tensor| format!("{} {:?}", tensor.name, tensor.extents.as_slice()))
        .collect()
}

const fn projections(word: &'static str) -> (&'static str, Value) {
    ("projections", Value::Keyword(word))
}

/// As `nn.ModuleList` names them: `transformers` 4's `MixtralSparseMoeBlock` and `Qwen2MoeSparseMoeBlock`,
/// and the checkpoints that are published.
#[test]
fn experts_with_tensors_of_their_own_are_numbered() {
    let input = [shape(&[7, 3])];
    assert_eq!(
        names(&input, &[projections("numbered")]),
        [
            "gate.weight [2, 3]",
            "experts.0.w1.weight [5, 3]",
            "experts.0.w2.weight [3, 5]",
            "experts.0.w3.weight [5, 3]",
            "experts.1.w1.weight [5, 3]",
            "experts.1.w2.weight [3, 5]",
            "experts.1.w3.weight [5, 3]",
        ]
    );
    let flag = |name: &'static str| (name, Value::Bool(true));
    let more = [
        projections("separate"),
        ("gated", Value::Bool(false)),
        flag("bias"),
        flag("router_bias"),
        flag("correction_bias"),
        ("shared_features", Value::Int(4)),
    ];
    assert_eq!(
        names(&input, &more),
        [
            "gate.weight [2, 3]",
            "gate.bias [2]",
            "experts.0.up_proj.weight [5, 3]",
            "experts.0.up_proj.bias [5]",
            "experts.0.down_proj.weight [3, 5]",
            "experts.0.down_proj.bias [3]",
            "experts.1.up_proj.weight [5, 3]",
            "experts.1.up_proj.bias [5]",
            "experts.1.down_proj.weight [3, 5]",
            "experts.1.down_proj.bias [3]",
            "shared_experts.gate_proj.weight [4, 3]",
            "shared_experts.up_proj.weight [4, 3]",
            "shared_experts.down_proj.weight [3, 4]",
            "gate.e_score_correction_bias [2]",
        ]
    );
}

#[test]
fn names_change_no_count() {
    let input = [shape(&[7, 6])];
    for gated in [false, true] {
        for bias in [false, true] {
            let of = |word| {
                let given = [
                    ("experts", Value::Int(8)),
                    ("active", Value::Int(3)),
                    FEATURES,
                    projections(word),
                    ("gated", Value::Bool(gated)),
                    ("bias", Value::Bool(bias)),
                    ("shared_features", Value::Int(2)),
                ];
                let layer = Layer::build(layers::mixture_of_experts, &given, &input);
                let layer = layer.expect("a layer");
                let counts = counts("mixture_of_experts", &given, &input);
                (counts, layer.inactive_params())
            };
            assert_eq!(of("separate"), of("joined"));
            assert_eq!(of("numbered"), of("joined"));
        }
    }
}

#[test]
fn what_is_about_joined_weights_stands_with_no_others() {
    for argument in ["interleaved", "transposed"] {
        let given = [
            ("experts", Value::Int(2)),
            ACTIVE,
            FEATURES,
            projections("separate"),
            (argument, Value::Bool(true)),
        ];
        assert!(matches!(
            error("mixture_of_experts", &given, &[shape(&[7, 3])]),
            Error::Excludes { argument: found, other: "projections" } if found == argument
        ));
    }
}
