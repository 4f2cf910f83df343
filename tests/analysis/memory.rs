//! Memory, counted by hand.

use shapewise::analysis::{Arena, Flow, Life, Liveness, lives};
use shapewise::{Network, network};

use super::published::*;

network! {
    /// A chain, as an embedded device has it.
    #[dtype(i8)]
    struct Chain(image: 8x8x1) -> (logits: 4) {
        conv1: conv(4, 3x3, padding = half), relu;      // 64 -> 256, in place
        pool: max_pool(2x2);                            // 256 -> 64
        flatten, dropout(0.5), linear(4);               // alias, alias, 64 -> 4
        assert peak_activations == 320;
        assert peak_activation_bytes == 320;
        assert activations == 708;
    }

    /// Skips: what is read again stays.
    struct Skip(image: 8x8x2) -> (out: 8x8x2) {
        residual { conv(2, 3x3, padding = half); relu; }
        assert peak_activations == 256;
    }

    /// The relu reads what the addition reads after it, so that it needs a place
    /// of its own.
    struct Shared(image: 8x8x2) -> (out: 8x8x2) {
        a: conv(2, 1x1);
        b: relu;
        add(a, b);
        assert peak_activations == 256;
    }

    /// Flatten is another view of what a second layer reads: no layer may write
    /// over it.
    struct View(image: 4x4x2) -> (out: 32) {
        a: conv(2, 1x1);
        b: flatten, relu;
        c: from a, flatten;
        add(b, c);
        assert peak_activations == 64;
    }

    /// Outputs stay to the end, an input that is read late from the beginning.
    struct Ports(early: 100, late: 1000) -> (first: 10, last: 10) {
        first: linear(10);
        _second: linear(20);
        third: from late, linear(10);
        fourth: linear(10);
        last: linear(10);
        assert peak_activations == 1110;
    }

    /// A normalisation by what it has before it needs all of it until it is done.
    struct OfInstances(image: 4x4x1) -> (out: 4x4x1) {
        conv(8, 1x1), instance_norm, conv(1, 1x1);
        assert peak_activations == 256;
    }

    /// With kept statistics it is a scale and a shift of each element.
    struct OfKept(image: 4x4x1) -> (out: 4x4x1) {
        conv(8, 1x1), instance_norm(track_running_stats = true), conv(1, 1x1);
        assert peak_activations == 144;
    }
}

/// The same, as a graph is analysed while a program runs.
#[test]
fn normalisations_work_in_place_with_kept_statistics() {
    assert_eq!(OfInstances::GRAPH.peak().unwrap().elements, 256);
    assert_eq!(OfKept::GRAPH.peak().unwrap().elements, 144);
}

const CHAIN: Arena<{ Chain::GRAPH.values().len() }> = Arena::of(Chain::GRAPH);
static BUFFER: [i8; CHAIN.size] = [0; CHAIN.size];

#[test]
fn a_chain_alternates_between_two_buffers() {
    assert_eq!(BUFFER.len(), 320);
    assert_eq!(CHAIN.lower_bound, 320);
    // image, conv1, relu, pool, flatten, dropout, linear
    let offsets: Vec<usize> = (0..7).map(|value| CHAIN.offset(value)).collect();
    assert_eq!(offsets, [256, 0, 0, 256, 256, 256, 0]);
    // What the convolution reads, the relu's result with where its maxima are, the noise of
    // the dropout, what the linear layer reads.
    assert_eq!(Chain::TRAIN_ACTIVATIONS, 64 + 256 + 64 + 64 + 64);
}

#[test]
fn the_trait_agrees_with_the_macro() {
    fn constants<N: Network>() -> (u64, u64, u64, shapewise::Extents) {
        (
            N::PEAK_ACTIVATIONS,
            N::PEAK_ACTIVATION_BYTES,
            N::DEPTH,
            N::RECEPTIVE_FIELD,
        )
    }
    macro_rules! agree {
        ($($network:path),+) => {$({
            type N = $network;
            let own = (N::PEAK_ACTIVATIONS, N::PEAK_ACTIVATION_BYTES, N::DEPTH, N::RECEPTIVE_FIELD);
            assert_eq!(constants::<N>(), own, stringify!($network));
        })+};
    }
    agree!(
        Chain,
        Skip,
        Shared,
        View,
        Ports,
        LeNet5,
        resnet50::ResNet50,
        unet::UNet,
        vit_b_16::VitB16,
        gpt2::Gpt2,
        densenet121::DenseNet121,
        bilstm::BiLstm
    );
    assert_eq!(
        resnet50::ResNet50::stage("layer4"),
        Some(resnet50::ResNet50::LAYER4)
    );
}

#[test]
fn what_was_alive_at_the_peak() {
    const LIVES: Liveness<{ Skip::GRAPH.values().len() }> = Liveness::of(Skip::GRAPH);
    assert_eq!(
        (LIVES.peak.node, LIVES.peak.largest),
        (0, [Some(0), Some(1), None])
    );
    assert_eq!(LIVES.alive(0).collect::<Vec<_>>(), [0, 1]);
    // The relu and the addition write over the convolution's result.
    assert_eq!(LIVES.lives[3].buffer, 1);
    let peak = resnet50::ResNet50::GRAPH.peak().unwrap();
    let at = resnet50::ResNet50::GRAPH.nodes()[peak.node].path;
    // conv3's result beside what entered the block and what entered conv3; the
    // same as the shortcut's convolution needs.
    assert_eq!(peak.elements, 2 * 802_816 + 200_704);
    assert_eq!(at, "layer1.0.downsample.0");
}

#[test]
fn an_arena_can_be_aligned() {
    const PLAN: Arena<{ Ports::GRAPH.values().len() }> = Arena::aligned(Ports::GRAPH, 16);
    for value in 0..Ports::GRAPH.values().len() {
        assert_eq!(PLAN.offset(value) % 16, 0);
    }
    assert_eq!(PLAN.lower_bound, 112 + 1008 + 16);
}

#[test]
fn depth_is_what_the_names_say() {
    assert_eq!(vgg16::Vgg16::DEPTH, 16);
    assert_eq!(resnet18::ResNet18::DEPTH, 18);
    assert_eq!(resnet50::ResNet50::DEPTH, 50);
    assert_eq!(densenet121::DenseNet121::DEPTH, 121);
    assert_eq!(alexnet::AlexNet::DEPTH, 8);
    assert_eq!(LeNet5::DEPTH, 5);
}

/// What places held before does not matter.
#[test]
fn places_may_hold_what_was_found_before() {
    let flow = Flow::of(Skip::GRAPH);
    let mut fresh = vec![Life::NONE; flow.values()];
    lives(&flow, &mut fresh);
    let mut again = fresh.clone();
    lives(&flow, &mut again);
    assert_eq!(again, fresh);
}
