//! Receptive fields: published figures, and small networks counted by hand.

use shapewise::analysis::Fields;
use shapewise::{Extents, Network, network};

use super::published::*;

fn square(side: usize) -> Extents {
    Extents::new(&[side, side])
}

/// Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional
/// Neural Networks".
#[test]
fn vgg16_sees_212() {
    let stage = vgg16::Vgg16::FEATURES;
    assert_eq!(stage.receptive_field, square(212));
    assert_eq!(stage.effective_stride, square(32));
    let pool5 = vgg16::Vgg16::GRAPH
        .statements()
        .iter()
        .find(|row| row.label == "features")
        .unwrap();
    let axis = vgg16::Vgg16::GRAPH.field(pool5.output, 0).unwrap().axis(0);
    assert_eq!(
        (axis.size, axis.stride, axis.padding, axis.whole),
        (212, (32, 1), 90, false)
    );
    // Linear layers see all of it.
    assert_eq!(vgg16::Vgg16::RECEPTIVE_FIELD, square(224));
}

/// torchvision strides in the 3x3 convolution: 427, where the paper's network
/// has 483.
#[test]
fn resnet50_sees_427() {
    let stage = resnet50::ResNet50::LAYER4;
    assert_eq!(stage.receptive_field, square(427));
    assert_eq!(stage.effective_stride, square(32));
    assert_eq!(resnet50::ResNet50::AVGPOOL.receptive_field, square(224));
    let graph = resnet50::ResNet50::GRAPH;
    const FIELDS: Fields<{ resnet50::ResNet50::GRAPH.values().len() }> =
        Fields::of(resnet50::ResNet50::GRAPH, 0);
    assert_eq!(FIELDS.misaligned(graph).count(), 0);
}

#[test]
fn alexnet_sees_195() {
    assert_eq!(learnopencv::AlexNet::POOL3.receptive_field, square(195));
    assert_eq!(learnopencv::AlexNet::POOL3.effective_stride, square(32));
}

#[test]
fn sequences_are_seen_as_a_whole() {
    assert_eq!(
        bilstm::BiLstm::EMBEDDING.receptive_field,
        Extents::new(&[1])
    );
    assert_eq!(bilstm::BiLstm::LSTM.receptive_field, Extents::new(&[100]));
    assert_eq!(vit_b_16::VitB16::CONV_PROJ.receptive_field, square(16));
    assert_eq!(vit_b_16::VitB16::CLASS_TOKEN.receptive_field, square(16));
    assert_eq!(vit_b_16::VitB16::RECEPTIVE_FIELD, square(224));
    assert_eq!(gpt2::Gpt2::RECEPTIVE_FIELD, Extents::new(&[128]));
}

network! {
    /// Axes of their own, a dilation, a padding at one end.
    struct Axes(image: 32x64x3) -> (out: 16x15x4) {
        a: conv(4, 3x5, padding = [(2, 0), (0, 0)], stride = 1x2);  // 3x5 by 1x2
        b: conv(4, 3x1, dilation = 2x1, padding = [2, 0]);          // 7x5 by 1x2
        c: max_pool(2x2)                                            // 8x7 by 2x4
            => 16x15x4;
    }

    /// A branch of 5x5 beside one of 3x3, and one that begins elsewhere.
    struct Branches(image: 16x16x3) -> (out: 16x16x12) {
        even: concat {
            branch { conv(4, 3x3, padding = half); }
            branch { conv(4, 5x5, padding = half); }
        }
        odd: concat(even, _);
        shifted: conv(4, 2x2, padding = [(0, 1), (0, 1)]);
        mixed: concat(even, shifted);
    }

    /// Finer than what enters, and back.
    struct Fine(image: 16x16x3) -> (out: 32x32x1) {
        up: conv_transpose(8, 4x4, stride = 2, padding = 1);        // 2 of 16, by 1/2
        conv: conv(8, 3x3, padding = half);                         // floor((3 + 2)/2) + 1 = 3
        down: max_pool(2x2);                                        // q - 1 to q + 1, always
        twice: upsample(2);
        conv(1, 1x1);
    }

    /// An hourglass: its way back meets the way there.
    struct Hourglass(image: 16x16x3) -> (out: 16x16x8) {
        skip: conv(4, 3x3, padding = half);
        max_pool(2x2), conv(4, 3x3, padding = half), conv_transpose(4, 2x2, stride = 2);
        joined: concat(skip, _);
    }

    /// A gate that sees everything, and a second input.
    struct Gate(image: 16x16x4, prior: 8x8x4) -> (out: 16x16x4) {
        conv: conv(4, 3x3, padding = half);
        squeeze: adaptive_avg_pool(1x1), conv(4, 1x1), sigmoid;
        gated: mul(conv, squeeze, broadcast = true);
        up: from prior, upsample(2);
        add(gated, up);
    }
}

#[test]
fn every_axis_has_its_own() {
    assert_eq!(Axes::A.receptive_field, Extents::new(&[3, 5]));
    assert_eq!(Axes::B.receptive_field, Extents::new(&[7, 5]));
    assert_eq!(Axes::C.receptive_field, Extents::new(&[8, 7]));
    assert_eq!(Axes::C.effective_stride, Extents::new(&[2, 4]));
    let field = Axes::GRAPH.field(3, 0).unwrap();
    assert_eq!((field.axis(0).padding, field.axis(1).padding), (4, 0));
}

#[test]
fn the_largest_branch_counts() {
    const FIELDS: Fields<{ Branches::GRAPH.values().len() }> = Fields::of(Branches::GRAPH, 0);
    assert_eq!(Branches::EVEN.receptive_field, square(5));
    assert_eq!(Branches::MIXED.receptive_field, square(6));
    let misaligned: Vec<&str> = FIELDS
        .misaligned(Branches::GRAPH)
        .map(|node| Branches::GRAPH.nodes()[node].path)
        .collect();
    assert_eq!(misaligned, ["mixed"]);
}

#[test]
fn finer_than_the_input() {
    assert_eq!(Fine::UP.receptive_field, square(2));
    assert_eq!(Fine::CONV.receptive_field, square(3));
    assert_eq!(Fine::DOWN.receptive_field, square(3));
    assert_eq!(Fine::GRAPH.field(1, 0).unwrap().axis(0).stride, (1, 2));
    assert_eq!(Fine::UP.effective_stride, square(0));
    assert_eq!(Fine::DOWN.effective_stride, square(1));
    assert_eq!(Fine::TWICE.receptive_field, square(3));
}

#[test]
fn an_hourglass_is_aligned() {
    let field = Hourglass::GRAPH.output_field().unwrap();
    assert!(!field.misaligned);
    // Three blocks of 2x2, seen through 3x3.
    assert_eq!(field.size(), square(8));
}

#[test]
fn whole_inputs_and_second_ones() {
    assert_eq!(Gate::CONV.receptive_field, square(3));
    assert_eq!(Gate::GATED.receptive_field, square(16));
    let graph = Gate::GRAPH;
    let output = graph.outputs()[0].1;
    assert_eq!(graph.field(output, 1).unwrap().size(), square(1));
    assert_eq!(graph.field(output, 1).unwrap().axis(0).stride, (1, 2));
    assert_eq!(graph.field(2, 1).unwrap().size(), square(0));
}
