//! Networks that the language was not made along: each as a good author would write it,
//! against the counts that its publisher states.
//!
//! Parameters are asserted in the networks, billions of MACs, to the two digits that
//! torchvision's pages give, and the names of some tensors here. torchvision's own are in the zoo.

use shapewise::layer::Tensor;
use shapewise::{Network, Shape};

#[path = "more_networks/bert_base.rs"]
mod bert_base;
#[path = "more_networks/detection.rs"]
mod detection;
#[path = "more_networks/diffusion.rs"]
mod diffusion;
#[path = "more_networks/families.rs"]
mod families;
#[path = "more_networks/inception_v3.rs"]
mod inception_v3;
#[path = "more_networks/language_models.rs"]
mod language_models;
#[path = "more_networks/later_vision.rs"]
mod later_vision;
#[path = "more_networks/others.rs"]
mod others;
#[path = "more_networks/points.rs"]
mod points;
#[path = "more_networks/sound.rs"]
mod sound;
#[expect(dead_code, reason = "what only `main` uses")]
#[path = "../examples/stable_diffusion.rs"]
mod stable_diffusion;
#[path = "more_networks/transformer.rs"]
mod transformer;
#[expect(dead_code, reason = "what only `main` uses")]
#[path = "../examples/yolov8n.rs"]
mod yolov8n;

/// Checks the MACs, in units of ten millions, and that the tensors exist.
fn check<N: Network>(centi_billions: u64, tensors: &[&str]) {
    assert_eq!(
        (N::MACS + 5_000_000) / 10_000_000,
        centi_billions,
        "{}",
        N::MACS
    );
    has_tensors::<N>(tensors);
}

/// Checks that the tensors exist.
fn has_tensors<N: Network>(tensors: &[&str]) {
    let names: Vec<String> = N::GRAPH
        .nodes()
        .iter()
        .flat_map(|node| {
            let name = |tensor: Tensor| node.tensor_name(&tensor).to_string();
            node.tensors().map(name).collect::<Vec<_>>()
        })
        .collect();
    for tensor in tensors {
        assert!(
            names.iter().any(|name| name == tensor),
            "no {tensor} in {names:#?}"
        );
    }
}

#[test]
fn inception_v3() {
    use inception_v3::InceptionV3;
    // The published count is that of inference, without the auxiliary head.
    let macs = InceptionV3::MACS - InceptionV3::AUXLOGITS.macs;
    assert_eq!((macs + 5_000_000) / 10_000_000, 571, "{macs}");
    assert_eq!(
        InceptionV3::PARAMS - InceptionV3::AUXLOGITS.params,
        23_834_568
    );
    has_tensors::<InceptionV3>(&[
        "Conv2d_1a_3x3.conv.weight",
        "Mixed_6b.branch7x7dbl_5.bn.running_var",
        "AuxLogits.conv0.bn.weight",
        "AuxLogits.fc.weight",
        "fc.bias",
    ]);
}

#[test]
fn bert_base() {
    has_tensors::<bert_base::BertBase>(&[
        "embeddings.word_embeddings.weight",
        "embeddings.position_embeddings.weight",
        "embeddings.token_type_embeddings.weight",
        "embeddings.LayerNorm.weight",
        "encoder.layer.11.attention.self.query.bias",
        "encoder.layer.0.attention.output.dense.weight",
        "encoder.layer.0.attention.output.LayerNorm.weight",
        "encoder.layer.0.intermediate.dense.weight",
        "encoder.layer.0.output.dense.weight",
        "encoder.layer.11.output.LayerNorm.bias",
        "pooler.dense.weight",
    ]);
}

#[test]
fn transformer() {
    has_tensors::<transformer::Transformer>(&[
        "encoder.layers.5.self_attn.in_proj_weight",
        "encoder.norm.weight",
        "decoder.layers.0.multihead_attn.out_proj.bias",
        "decoder.norm.bias",
    ]);
}

#[test]
fn others() {
    has_tensors::<others::GruClassifier>(&["gru.weight_hh_l1_reverse"]);
    has_tensors::<others::DeepLabHead>(&[
        "classifier.0.convs.0.0.weight",
        "classifier.0.convs.3.1.running_mean",
        "classifier.0.convs.4.1.weight",
        "classifier.0.project.0.weight",
        "classifier.1.weight",
        "classifier.4.bias",
    ]);
    assert_eq!(others::Detector::OUTPUTS.len(), 3);
    check::<others::R3d18>(
        4070,
        &[
            "stem.0.weight",
            "layer2.0.conv1.0.weight",
            "layer4.1.conv2.1.bias",
        ],
    );
    assert_eq!(others::Siamese::MACS, 2 * others::Tower::MACS + 4096);
}

/// Their parameters are asserted in them; MACs of experts are those that a token uses.
/// Their parameters are asserted where they are written.
#[test]
fn families_of_transformers() {
    use families::{
        Bart, DebertaV3, Dinov2, Gemma2, GptOss, Hubert, Mamba2, Phi3, Qwen2Moe, Roberta,
    };
    // A token multiplies its active parameters but for the table of words, and looks at others.
    const { assert!(GptOss::MACS / 4096 > GptOss::ACTIVE_PARAMS - 579_133_440) };
    const { assert!(Qwen2Moe::MACS / 128 < Qwen2Moe::ACTIVE_PARAMS) };
    assert_eq!(Gemma2::EMBED_TOKENS.params, 256_000 * 2304);
    assert_eq!(Phi3::BIASES + Mamba2::LM_HEAD.params, 0);
    assert_eq!(Roberta::OUTPUT, Shape::new(&[768]));
    assert_eq!(DebertaV3::DISTANCES.output, Shape::new(&[512, 768]));
    assert_eq!(Bart::ENCODER.output, Shape::new(&[128, 768]));
    assert_eq!(Dinov2::TOKENS.output, Shape::new(&[1370, 384]));
    assert_eq!(Hubert::PROJECTION.output, Shape::new(&[49, 768]));
}

#[test]
fn language_models() {
    use language_models::{DeepseekV2Lite, Llama, Mamba, Mistral, Mixtral, T5Small, WhisperTiny};
    assert_eq!(Llama::PARAMS, Llama::ACTIVE_PARAMS);
    const { assert!(Mixtral::MACS < 2 * Mistral::MACS) };
    const { assert!(DeepseekV2Lite::ACTIVE_PARAMS < DeepseekV2Lite::PARAMS / 5) };
    has_tensors::<Mamba>(&["layers.23.mixer.A_log", "layers.0.mixer.conv1d.weight"]);
    has_tensors::<T5Small>(&["encoder.bias.weight"]);
    has_tensors::<WhisperTiny>(&["decoder.embed_tokens.weight"]);
}

#[test]
fn later_vision() {
    use later_vision::{ConvNextV2, EfficientNetV2, MlpMixer, Segformer};
    has_tensors::<MlpMixer>(&["blocks.11.mlp_tokens.fc1.weight"]);
    has_tensors::<ConvNextV2>(&["stage3.8.grn.bias", "down2.weight"]);
    has_tensors::<EfficientNetV2>(&["classifier.weight"]);
    has_tensors::<Segformer>(&["stage1.blocks.0.attention.seen.weight"]);
}

#[test]
fn detectors() {
    use detection::Detr;
    use yolov8n::YoloV8n;
    // 8.7 billion operations, two of each multiply-accumulate.
    check::<YoloV8n>(
        437,
        &[
            "model.0.conv.weight",
            "model.2.m.0.cv1.conv.weight",
            "model.9.cv2.bn.bias",
            "model.18.m.0.cv2.bn.running_var",
            "model.22.cv2.1.0.conv.weight",
            "model.22.cv3.2.2.bias",
            "model.22.dfl.conv.weight",
        ],
    );
    has_tensors::<Detr>(&[
        "backbone.layer3.5.bn3.running_mean",
        "query_position_embeddings",
        "encoder.layers.5.self_attn.v_proj.bias",
        "encoder.layers.0.mlp.fc2.weight",
        "decoder.layers.5.encoder_attn_layer_norm.bias",
        "decoder.layernorm.weight",
        "bbox_predictor.layers.2.weight",
    ]);
}

#[test]
fn diffusion() {
    use diffusion::DitXl;
    use stable_diffusion::StableDiffusion;
    // The paper's 118.64 G with one for each element of the 57 normalisations, which are no products here.
    let normalised = 57 * 256 * 1152;
    assert_eq!((DitXl::MACS + normalised + 5_000_000) / 10_000_000, 11_864);
    has_tensors::<DitXl>(&[
        "t_embedder.mlp.2.weight",
        "y_embedder.embedding_table.weight",
        "blocks.27.adaLN_modulation.1.weight",
        "final_layer.linear.bias",
    ]);
    assert_eq!(StableDiffusion::DOWN4.output.to_string(), "8x8x1280");
}

#[test]
fn points() {
    use points::{Nerf, PointNet};
    // The paper counts the layers that look at each point.
    check::<PointNet>(45, &[]);
    assert_eq!(Nerf::PLACE.output.features(), 63);
}

#[test]
fn sound() {
    has_tensors::<sound::WaveNet>(&[
        "conv_layers.19.conv1x1_out.bias",
        "conv_layers.0.conv.weight_g",
        "last_conv_layers.3.weight_v",
    ]);
    has_tensors::<sound::Encodec>(&[
        "encoder.layers.0.conv.parametrizations.weight.original0",
        "encoder.layers.1.block.3.conv.bias",
        "encoder.layers.12.conv.parametrizations.weight.original1",
        "encoder.layers.13.lstm.weight_hh_l1",
        "encoder.layers.15.conv.bias",
        "decoder.layers.1.lstm.bias_ih_l0",
        "decoder.layers.12.conv.bias",
        "decoder.layers.13.shortcut.conv.parametrizations.weight.original0",
        "decoder.layers.15.conv.bias",
    ]);
    has_tensors::<sound::HifiGan>(&[
        "conv_pre.parametrizations.weight.original0",
        "upsampler.3.parametrizations.weight.original1",
        "resblocks.0.convs1.0.bias",
        "resblocks.11.convs2.2.parametrizations.weight.original1",
        "conv_post.bias",
    ]);
    has_tensors::<sound::Conformer>(&[
        "conformer_layers.15.ffn2.sequential.4.weight",
        "conformer_layers.0.conv_module.sequential.3.running_var",
        "conformer_layers.0.self_attn.in_proj_bias",
    ]);
    has_tensors::<sound::Wav2Vec2>(&[
        "masked_spec_embed",
        "feature_extractor.conv_layers.0.layer_norm.weight",
        "feature_extractor.conv_layers.6.conv.weight",
        "encoder.pos_conv_embed.conv.parametrizations.weight.original0",
        "encoder.layers.11.feed_forward.output_dense.weight",
    ]);
}
