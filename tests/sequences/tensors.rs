//! Results and tensors: PyTorch's names, in PyTorch's order.

use shapewise::layer::{Role, Tensor};
use shapewise::{Layer, Shape, Value, layers};

use super::layer::{Arguments, build, counts, explained, extents, int, outputs, shape};

fn tensors(name: &str, arguments: Arguments, inputs: &[Shape]) -> Vec<Tensor> {
    let layer = build(name, arguments, inputs).expect("the layer fits");
    (0..).map_while(|index| layer.tensor(index)).collect()
}

/// `weight_ih_l0 1024x128` and so on.
fn listed(name: &str, arguments: Arguments, inputs: &[Shape]) -> Vec<String> {
    tensors(name, arguments, inputs)
        .iter()
        .map(|tensor| format!("{} {}", tensor.name, tensor.extents))
        .collect()
}

#[test]
fn lstm() {
    let arguments = [
        ("features", int(256)),
        ("layers", int(2)),
        ("bidirectional", Value::Bool(true)),
    ];
    let input = [shape(&[100, 128])];
    assert_eq!(
        listed("lstm", &arguments, &input),
        [
            "weight_ih_l0 1024x128",
            "weight_hh_l0 1024x256",
            "bias_ih_l0 1024",
            "bias_hh_l0 1024",
            "weight_ih_l0_reverse 1024x128",
            "weight_hh_l0_reverse 1024x256",
            "bias_ih_l0_reverse 1024",
            "bias_hh_l0_reverse 1024",
            "weight_ih_l1 1024x512",
            "weight_hh_l1 1024x256",
            "bias_ih_l1 1024",
            "bias_hh_l1 1024",
            "weight_ih_l1_reverse 1024x512",
            "weight_hh_l1_reverse 1024x256",
            "bias_ih_l1_reverse 1024",
            "bias_hh_l1_reverse 1024",
        ]
    );
    assert_eq!(
        outputs("lstm", &arguments, &input),
        ["100x512", "4x256", "4x256"]
    );
    assert_eq!(
        explained("lstm", &arguments, &input),
        "features: 2*256 = 512\n\
         parameters of layer 0: 2*(4*256*(128 + 256) + 2*4*256) = 790,528\n\
         parameters of each later layer: 2*(4*256*(512 + 256) + 2*4*256) = 1,576,960\n\
         MACs: 100*2,359,296 = 235,929,600\n"
    );
}

#[test]
fn projected_lstm() {
    let arguments = [
        ("features", int(5)),
        ("proj_size", int(3)),
        ("return_sequence", Value::Bool(false)),
    ];
    assert_eq!(
        listed("lstm", &arguments, &[shape(&[7, 2])]),
        [
            "weight_ih_l0 20x2",
            "weight_hh_l0 20x3",
            "bias_ih_l0 20",
            "bias_hh_l0 20",
            "weight_hr_l0 3x5",
        ]
    );
    assert_eq!(
        outputs("lstm", &arguments, &[shape(&[7, 2])]),
        ["3", "1x3", "1x5"]
    );
}

#[test]
fn single_bias_and_no_bias() {
    let input = [shape(&[7, 2])];
    let single = [("features", int(5)), ("bias", Value::Keyword("single"))];
    assert_eq!(
        listed("gru", &single, &input),
        ["weight_ih_l0 15x2", "weight_hh_l0 15x5", "bias_ih_l0 15"]
    );
    let none = [("features", int(5)), ("bias", Value::Bool(false))];
    assert_eq!(
        listed("rnn", &none, &input),
        ["weight_ih_l0 5x2", "weight_hh_l0 5x5"]
    );
}

#[test]
fn joined_directions_of_one_width_go_on_so() {
    let arguments = [
        ("features", int(5)),
        ("layers", int(2)),
        ("bidirectional", Value::Bool(true)),
        ("merge_mode", Value::Keyword("sum")),
    ];
    let input = [shape(&[7, 2])];
    assert_eq!(outputs("gru", &arguments, &input), ["7x5", "4x5"]);
    assert!(listed("gru", &arguments, &input).contains(&"weight_ih_l1 15x5".to_owned()));
}

#[test]
fn attention() {
    let input = [shape(&[197, 768])];
    assert_eq!(
        listed("attention", &[("heads", int(12))], &input),
        [
            "in_proj_weight 2304x768",
            "in_proj_bias 2304",
            "out_proj.weight 768x768",
            "out_proj.bias 768",
        ]
    );
    assert_eq!(
        explained("attention", &[("heads", int(12))], &input),
        "head: 768/12 = 64\n\
         parameters: 2304*768 + 2304 + 768*768 + 768 = 2,362,368\n\
         MACs: 464,781,312 + 197*197*12*(64 + 64) = 524,391,936\n"
    );
    // Queries of another width than keys and values, a bias on the output alone.
    let inputs = [shape(&[5, 8]), shape(&[3, 6])];
    let arguments = [
        ("heads", int(4)),
        ("kv_heads", int(2)),
        ("memory", Value::Input(1)),
        ("bias", Value::Bool(false)),
        ("out_bias", Value::Bool(true)),
        ("add_bias_kv", Value::Bool(true)),
    ];
    assert_eq!(
        listed("attention", &arguments, &inputs),
        [
            "q_proj_weight 8x8",
            "k_proj_weight 4x6",
            "v_proj_weight 4x6",
            "bias_k 1x1x4",
            "bias_v 1x1x4",
            "out_proj.weight 8x8",
            "out_proj.bias 8",
        ]
    );
    assert_eq!(outputs("attention", &arguments, &inputs), ["5x8"]);
    // Values of other features than queries and keys.
    let arguments = [("heads", int(2)), ("value_dim", int(3))];
    assert_eq!(
        listed("attention", &arguments, &inputs[..1]),
        [
            "q_proj_weight 8x8",
            "k_proj_weight 8x8",
            "v_proj_weight 6x8",
            "in_proj_bias 22",
            "out_proj.weight 8x6",
            "out_proj.bias 8",
        ]
    );
}

/// The first attention of torchvision's `swin_t`.
#[test]
fn swin() {
    let input = [shape(&[56, 56, 96])];
    let arguments = [
        ("heads", int(3)),
        ("window", int(7)),
        ("shift", extents(&[3, 3])),
        ("relative_position_bias", Value::Bool(true)),
    ];
    let tensors = tensors("attention", &arguments, &input);
    let listed = listed("attention", &arguments, &input);
    assert_eq!(
        listed,
        [
            "relative_position_bias_table 169x3",
            "qkv.weight 288x96",
            "qkv.bias 288",
            "proj.weight 96x96",
            "proj.bias 96",
            "relative_position_index 2401",
        ]
    );
    assert_eq!(tensors[0].role, Role::Weight);
    assert_eq!(tensors[5].role, Role::Buffer);
    assert_eq!(counts("attention", &arguments, &input).params(), 37_755);
    assert_eq!(outputs("attention", &arguments, &input), ["56x56x96"]);
}

/// The first attention of torchvision's `swin3d_t`.
#[test]
fn swin_on_volumes() {
    let input = [shape(&[8, 56, 56, 96])];
    let arguments = [
        ("heads", int(3)),
        ("window", extents(&[8, 7, 7])),
        ("shift", extents(&[0, 3, 3])),
        ("relative_position_bias", Value::Bool(true)),
    ];
    let listed = listed("attention", &arguments, &input);
    assert_eq!(listed[0], "relative_position_bias_table 2535x3");
    assert_eq!(listed[5], "relative_position_index 392x392");
}

#[test]
fn scales_as_both_libraries_store_them() {
    let image = [shape(&[7, 7, 96])];
    assert_eq!(listed("scale", &[], &image), [" 96"]);
    let with_axes = [("spatial_axes", Value::Bool(true))];
    assert_eq!(listed("scale", &with_axes, &image), [" 96x1x1"]);
    assert_eq!(listed("scale", &with_axes, &[shape(&[96])]), [" 96"]);
}

#[test]
fn transformer_layers() {
    let input = [shape(&[10, 8])];
    let sizes = [("heads", int(2)), ("feedforward", int(20))];
    assert_eq!(
        listed("transformer_encoder", &sizes, &input),
        [
            "self_attn.in_proj_weight 24x8",
            "self_attn.in_proj_bias 24",
            "self_attn.out_proj.weight 8x8",
            "self_attn.out_proj.bias 8",
            "linear1.weight 20x8",
            "linear1.bias 20",
            "linear2.weight 8x20",
            "linear2.bias 8",
            "norm1.weight 8",
            "norm1.bias 8",
            "norm2.weight 8",
            "norm2.bias 8",
        ]
    );
    let arguments = [
        sizes[0],
        sizes[1],
        ("memory", Value::Input(1)),
        ("bias", Value::Bool(false)),
        ("layers", int(2)),
    ];
    let listed = listed("transformer_decoder", &arguments, &[input[0], input[0]]);
    assert_eq!(
        listed[..9],
        [
            "layers.0.self_attn.in_proj_weight 24x8",
            "layers.0.self_attn.out_proj.weight 8x8",
            "layers.0.multihead_attn.in_proj_weight 24x8",
            "layers.0.multihead_attn.out_proj.weight 8x8",
            "layers.0.linear1.weight 20x8",
            "layers.0.linear2.weight 8x20",
            "layers.0.norm1.weight 8",
            "layers.0.norm2.weight 8",
            "layers.0.norm3.weight 8",
        ]
    );
    assert_eq!(listed.len(), 18);
    assert_eq!(listed[17], "layers.1.norm3.weight 8");
}

#[test]
fn explained_transformers_add_up() {
    let arguments = [
        ("heads", int(2)),
        ("feedforward", int(20)),
        ("layers", int(3)),
        ("memory", Value::Input(1)),
    ];
    let text = explained(
        "transformer_decoder",
        &arguments,
        &[shape(&[10, 8]), shape(&[4, 8])],
    );
    assert_eq!(
        text,
        "head: 8/2 = 4\n\
         each layer's parameters: 24*8 + 24 + 8*8 + 8 + 24*8 + 24 + 8*8 + 8 + 20*8 + 20 + 8*20 + 8 \
         + 8 + 8 + 8 + 8 + 8 + 8 = 972\n\
         parameters: 3*972 = 2,916\n\
         self-attention MACs: 2*(10 + 10)*8*8 + 2*10*10*8 = 4,160\n\
         attention to memory MACs: 2*(10 + 4)*8*8 + 2*10*4*8 = 2,432\n\
         feed-forward MACs: 2*10*8*20 = 3,200\n\
         MACs: 3*(4,160 + 2,432 + 3,200) = 29,376\n"
    );
}

#[test]
fn tables() {
    let words = [shape(&[128])];
    let entries = [("entries", int(50_257)), ("features", int(768))];
    assert_eq!(listed("embedding", &entries, &words), ["weight 50257x768"]);
    assert_eq!(outputs("embedding", &entries, &words), ["128x768"]);
    assert!(layers::embedding.takes_indices);

    let tokens = [shape(&[196, 768])];
    let token = tensors("class_token", &[], &tokens);
    assert!(token[0].name.is_bare());
    assert_eq!(listed("class_token", &[], &tokens), [" 1x1x768"]);
    assert_eq!(outputs("class_token", &[], &tokens), ["197x768"]);
    let tokens = [shape(&[197, 768])];
    assert_eq!(listed("positional_embedding", &[], &tokens), [" 1x197x768"]);
    let longer = [("positions", int(1024)), ("batch_axis", Value::Bool(false))];
    assert_eq!(
        listed("positional_embedding", &longer, &tokens),
        [" 1024x768"]
    );
    assert_eq!(
        outputs("positional_embedding", &longer, &tokens),
        ["197x768"]
    );

    let image = [shape(&[14, 14, 96])];
    assert_eq!(listed("scale", &[], &image), [" 96"]);
    assert_eq!(outputs("scale", &[], &image), ["14x14x96"]);
    assert_eq!(outputs("identity", &[], &image), ["14x14x96"]);
}

/// rustc evaluates the same rules.
#[test]
fn in_const_evaluation() {
    const INPUT: &[Shape] = &[Shape::new(&[100, 128])];
    const PARAMS: (u64, u64) = {
        let arguments = [("features", Value::Int(256)), ("layers", Value::Int(2))];
        let layer = match Layer::build(layers::lstm, &arguments, INPUT) {
            Ok(layer) => layer,
            Err(error) => error.panic("lstm"),
        };
        match shapewise::Counts::of(&layer, INPUT) {
            Ok(counts) => (counts.params(), counts.macs),
            Err(error) => error.panic("lstm"),
        }
    };
    assert_eq!(PARAMS, (921_600, 100 * 917_504));
}
