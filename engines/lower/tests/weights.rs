//! The tensors of a network: names, shapes, and what they are before training.

use shapewise::network;
use shapewise_core::layer::Role;
use shapewise_lower::{Customs, Elements, Initial, Plan, Weight};
use shapewise_numerics::Numerics;

mod plain;

use plain::Plain;

network! {
    struct Images(image: 9x9x16) -> (features: 60) {
        conv: conv(64, 3x3);
        bn: batch_norm;
        prelu: prelu(per_channel = true);
        up: conv_transpose(32, 3x3, groups = 2);
        separable: separable_conv(48, 3x3, multiplier = 2, padding = 1);
        swin: attention(3, window = 7, shift = [3, 3], relative_position_bias = true);
        flat: global_avg_pool;
        bilinear: bilinear(100, flat);
        linear: linear(60);
    }
}

network! {
    struct Words(words: 12, memory: 5x20) -> (sequence: 13x30) {
        emb: embedding(500, 40, padding_idx = 3);
        token: class_token;
        position: positional_embedding;
        scale: scale(init = 0.5);
        mha: attention(4, add_bias_kv = true);
        cross: attention(4, memory = memory);
        encoder: transformer_encoder(4, feedforward = 50, layers = 2);
        lstm: lstm(60, proj_size = 30);
    }
}

fn weights<N: shapewise_core::Network>() -> Vec<Weight> {
    let plan = Plan::new::<N>(&Plain::default(), Customs::new());
    plan.expect("it can be done").weights().to_vec()
}

fn floats(weight: &Weight, seed: u64) -> Vec<f64> {
    match weight.initial(seed) {
        Initial::Floats(values) => values.into_iter().map(f64::from).collect(),
        Initial::Ints(values) => panic!("{values:?}"),
    }
}

fn deviation(values: &[f64]) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|value| (value - mean).powi(2));
    (mean, (squares.sum::<f64>() / count).sqrt())
}

/// How PyTorch's own modules are initialised: the bound of an even distribution, the
/// deviation of a normal one, or a constant.
enum Is {
    Even(f64),
    Normal(f64),
    All(f64),
}

use Is::{All, Even, Normal};

#[test]
fn tensors_begin_as_in_pytorch() {
    // The largest of `nn.Conv2d(16, 64, 3).weight` and so on, measured in PyTorch 2.15
    // up to the precision that chance allows: all are roots of numbers of inputs.
    let all = [weights::<Images>(), weights::<Words>()].concat();
    let expected = [
        ("conv.weight", Even(0.083_333)),
        ("conv.bias", Even(0.083_333)),
        ("bn.weight", All(1.0)),
        ("bn.bias", All(0.0)),
        ("bn.running_mean", All(0.0)),
        ("bn.running_var", All(1.0)),
        ("prelu.weight", All(0.25)),
        ("up.weight", Even(0.083_333)),
        ("up.bias", Even(0.083_333)),
        ("separable.depthwise.weight", Even(0.333_333)),
        ("separable.pointwise.weight", Even(0.125)),
        ("separable.pointwise.bias", Even(0.125)),
        ("swin.relative_position_bias_table", Normal(0.02)),
        ("swin.qkv.weight", Even(0.144_338)),
        ("swin.qkv.bias", Even(0.144_338)),
        ("swin.proj.weight", Even(0.144_338)),
        ("swin.proj.bias", Even(0.144_338)),
        ("bilinear.weight", Even(0.144_338)),
        ("bilinear.bias", Even(0.144_338)),
        ("linear.weight", Even(0.1)),
        ("linear.bias", Even(0.1)),
        ("emb.weight", Normal(1.0)),
        ("token", All(0.0)),
        ("position", Normal(0.02)),
        ("scale", All(0.5)),
        ("mha.in_proj_weight", Even(0.193_649)),
        ("mha.in_proj_bias", All(0.0)),
        ("mha.bias_k", Normal(0.158_114)),
        ("mha.bias_v", Normal(0.158_114)),
        ("mha.out_proj.weight", Even(0.158_114)),
        ("mha.out_proj.bias", All(0.0)),
        ("cross.q_proj_weight", Even(0.273_861)),
        ("cross.k_proj_weight", Even(0.316_228)),
        ("cross.v_proj_weight", Even(0.316_228)),
        ("cross.in_proj_bias", All(0.0)),
        ("encoder.layers.1.self_attn.in_proj_weight", Even(0.193_649)),
        ("encoder.layers.1.self_attn.in_proj_bias", All(0.0)),
        (
            "encoder.layers.1.self_attn.out_proj.weight",
            Even(0.158_114),
        ),
        ("encoder.layers.1.self_attn.out_proj.bias", All(0.0)),
        ("encoder.layers.1.linear1.weight", Even(0.158_114)),
        ("encoder.layers.1.linear1.bias", Even(0.158_114)),
        ("encoder.layers.1.linear2.weight", Even(0.141_421)),
        ("encoder.layers.1.linear2.bias", Even(0.141_421)),
        ("encoder.layers.1.norm2.weight", All(1.0)),
        ("encoder.layers.1.norm2.bias", All(0.0)),
        ("lstm.weight_ih_l0", Even(0.129_099)),
        ("lstm.weight_hh_l0", Even(0.129_099)),
        ("lstm.bias_ih_l0", Even(0.129_099)),
        ("lstm.bias_hh_l0", Even(0.129_099)),
        ("lstm.weight_hr_l0", Even(0.129_099)),
    ];
    for (name, is) in &expected {
        let weight = all.iter().find(|weight| weight.name == *name);
        let weight = weight.unwrap_or_else(|| panic!("no `{name}`"));
        let values = floats(weight, 7);
        let (mean, spread) = deviation(&values);
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let chance = 5.0 / (values.len() as f64).sqrt();
        let largest = values
            .iter()
            .fold(0.0, |most: f64, value| most.max(value.abs()));
        let expected = match *is {
            All(value) => {
                assert!(
                    values.iter().all(|other| (value - other).abs() < 1e-7),
                    "{name}"
                );
                continue;
            }
            Even(bound) => {
                assert!(largest <= bound * 1.000_01, "{name}: {largest}");
                assert!(largest > bound * (1.0 - chance), "{name}: {largest}");
                bound / 3f64.sqrt()
            }
            Normal(spread) => spread,
        };
        assert!((spread / expected - 1.0).abs() < chance, "{name}: {spread}");
        assert!(mean.abs() < expected * chance, "{name}: {mean}");
    }
    // No tensor is left out above but the like of those that are there, and buffers.
    let named = |weight: &&Weight| expected.iter().any(|(name, _)| *name == weight.name);
    let others: Vec<_> = all.iter().filter(|weight| !named(weight)).collect();
    let known = [
        "cross.out_proj",
        "encoder.layers",
        "num_batches",
        "relative_position_index",
    ];
    for other in others {
        assert!(
            known.iter().any(|part| other.name.contains(part)),
            "{}",
            other.name
        );
    }
}

#[test]
fn the_row_of_padding_is_zeros() {
    let all = weights::<Words>();
    let table = floats(&all[0], 7);
    assert_eq!(all[0].name, "emb.weight");
    assert!(table[3 * 40..4 * 40].iter().all(|value| *value == 0.0));
    assert!(table[4 * 40..5 * 40].iter().all(|value| *value != 0.0));
}

#[test]
fn a_seed_and_the_name_decide() {
    let all = weights::<Images>();
    let [conv, up] = ["conv.weight", "up.weight"].map(|name| {
        let weight = all.iter().find(|weight| weight.name == name);
        weight.expect("it is there")
    });
    assert_eq!(conv.initial(1), conv.initial(1));
    assert_ne!(conv.initial(1), conv.initial(2));
    // The same bound, and other numbers.
    assert_ne!(floats(conv, 1)[..10], floats(up, 1)[..10]);
    // The same on every machine and in every version.
    let Initial::Floats(values) = conv.initial(0) else {
        panic!("floats");
    };
    assert_eq!(values[..3], [0.047_070_425, -0.040_191_926, 0.018_615_365]);
}

#[test]
fn integers_are_counts_and_indices() {
    let all = weights::<Images>();
    let integers = all.iter().filter(|weight| weight.elements == Elements::Int);
    let integers: Vec<_> = integers
        .map(|weight| (weight.name.as_str(), weight.role))
        .collect();
    let buffers = ["bn.num_batches_tracked", "swin.relative_position_index"];
    assert_eq!(integers, buffers.map(|name| (name, Role::Buffer)));
    let index = all.iter().find(|weight| weight.name == buffers[1]);
    let Initial::Ints(entries) = index.expect("it is there").initial(0) else {
        panic!("integers");
    };
    // torchvision: the first position with itself, and with the last one.
    assert_eq!((entries[0], entries[48], entries.len()), (84, 0, 2401));
    assert!(
        all.iter()
            .all(|weight| weight.is_parameter() == (weight.role != Role::Buffer))
    );
}

/// PyTorch's names, shapes and order; a layer's own parameters come first there,
/// wherever it stands.
#[test]
fn networks_have_pytorchs_tensors() {
    let numerics = Numerics::load().expect("the numbers are there");
    for case in &numerics.networks {
        let graph = case.graph.as_ref().expect("the definition is right");
        let plan = Plan::of(graph, &Plain::default(), Customs::new()).expect("it can be done");
        let own = plan.weights().iter();
        let mut own: Vec<_> = own
            .map(|weight| (weight.name.clone(), weight.extents.as_slice().to_vec()))
            .collect();
        let others = case.tensors.iter();
        let mut others: Vec<_> = others
            .map(|tensor| (tensor.name.clone(), tensor.value.dims.clone()))
            .collect();
        if case.id == "vit" {
            own.sort();
            others.sort();
        }
        assert_eq!(own, others, "{}", case.id);
    }
}
