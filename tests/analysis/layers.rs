//! Single layers, by the figures of tools and by counting.

use shapewise::graph::Convention;
use shapewise::{Extents, Layer, Network, Shape, Value, layers, network};

/// What fvcore 0.1.5 and ptflops 0.7.5 count for PyTorch's modules.
#[test]
fn tools_count_upsampling_by_its_result() {
    let macs = |mode: &'static str, input: &[usize], convention| {
        let input = [Shape::new(input)];
        let arguments = [("scale", Value::Int(2)), ("mode", Value::Keyword(mode))];
        let layer = Layer::build(layers::upsample, &arguments, &input).unwrap();
        layer.macs_by(convention, &input).unwrap()
    };
    for (mode, input, fvcore, ptflops) in [
        ("nearest", &[8, 6, 3][..], 576, 1152),
        ("bilinear", &[8, 6, 3], 2304, 1152),
        ("bicubic", &[8, 6, 3], 0, 1152),
        ("nearest", &[8, 3], 0, 96),
        ("linear", &[8, 3], 0, 96),
        ("nearest", &[4, 4, 4, 3], 0, 3072),
        ("trilinear", &[4, 4, 4, 3], 0, 3072),
    ] {
        assert_eq!(
            macs(mode, input, Convention::Fvcore),
            fvcore,
            "{mode} {input:?}"
        );
        assert_eq!(
            macs(mode, input, Convention::Ptflops),
            ptflops,
            "{mode} {input:?}"
        );
        assert_eq!(macs(mode, input, Convention::Torchvision), 0);
    }
}

/// Of 10 positions with 32 features, the decoder's memory of 7, run part by part (in
/// training mode, without dropout), by fvcore 0.1.5.
#[test]
fn fvcore_counts_transformer_layers_by_their_parts() {
    let arguments = [("heads", Value::Int(4)), ("feedforward", Value::Int(64))];
    let x = Shape::new(&[10, 32]);
    let encoder = Layer::build(layers::transformer_encoder, &arguments, &[x]).unwrap();
    assert_eq!(encoder.macs_by(Convention::Fvcore, &[x]), Ok(85_120));
    let memory = Shape::new(&[7, 32]);
    let arguments = [
        ("heads", Value::Int(4)),
        ("feedforward", Value::Int(64)),
        ("memory", Value::Input(1)),
    ];
    let decoder = Layer::build(layers::transformer_decoder, &arguments, &[x, memory]).unwrap();
    assert_eq!(
        decoder.macs_by(Convention::Fvcore, &[x, memory]),
        Ok(121_536)
    );
}

network! {
    /// Three axes, each with a kernel and a stride of its own.
    struct Volume(scan: 12x10x9x2) -> (out: 6x4x3x4) {
        first: conv(4, 3x2x1, padding = [(1, 1), (0, 1), (0, 0)]);  // 3x2x1 by 1x1x1
        second: max_pool(2x3x3, stride = 2x2x3)                     // 4x4x3 by 2x2x3
            => 6x4x3x4;
    }

    /// What merges see of what goes in.
    struct Merges(x: 6x4, y: 4x6) -> (added: 6x8, rows: 6x6, columns: 6x6) {
        near: conv(4, 3, padding = 1);
        added: concat(near, x);
        rows: matmul(near, y);
        far: from y, permute(axes = [1, 0]), conv(4, 5, padding = 2), permute(axes = [1, 0]);
        columns: matmul(x, far);
    }

    /// One number per channel is read by every position.
    struct Scaled(x: 6x4) -> (y: 6x4) {
        near: conv(4, 3, padding = 1);
        all: from x, linear(4), global_avg_pool;
        both: mul(near, all, broadcast = true);
    }
}

#[test]
fn inputs_see_themselves_along_every_axis() {
    let ones = Extents::new(&[1, 1, 1]);
    let itself = Volume::GRAPH.field(0, 0).unwrap();
    assert_eq!((itself.size(), itself.stride()), (ones, ones));
    assert_eq!(Volume::FIRST.receptive_field, Extents::new(&[3, 2, 1]));
    assert_eq!(Volume::SECOND.receptive_field, Extents::new(&[4, 4, 3]));
    assert_eq!(Volume::SECOND.effective_stride, Extents::new(&[2, 2, 3]));
    let sequence = Merges::GRAPH.field(0, 0).unwrap();
    assert_eq!(
        (sequence.size(), sequence.stride()),
        (Extents::new(&[1]), Extents::new(&[1]))
    );
    assert_eq!(sequence.axis(0).padding, 0);
}

#[test]
fn merges_see_what_their_operands_do() {
    let graph = Merges::GRAPH;
    let of = |output: usize, input| {
        let field = graph.field(graph.outputs()[output].1, input).unwrap();
        field.axis(0)
    };
    // The wider of both counts.
    assert_eq!((of(0, 0).size, of(0, 1).size), (3, 0));
    // A row of the product needs a row of the first, and all of the second.
    assert_eq!((of(1, 0).size, of(1, 0).whole), (3, false));
    assert_eq!((of(1, 1).size, of(1, 1).whole), (4, true));
    assert_eq!((of(2, 0).size, of(2, 0).whole), (1, false));
    assert!(of(2, 1).whole);
    let scaled = Scaled::GRAPH;
    assert_eq!(Scaled::NEAR.receptive_field, Extents::new(&[3]));
    assert!(scaled.output_field().unwrap().axis(0).whole);
    assert_eq!(Scaled::RECEPTIVE_FIELD, Extents::new(&[6]));
}

network! {
    /// Windows whose starts are a fraction apart.
    struct Fractions(x: 6x4, y: 10x4, z: 9x4) -> (a: 4x4, b: 4x4, c: 4x4) {
        a: adaptive_avg_pool(4);
        b: from y, adaptive_avg_pool(4);
        c: from z, adaptive_avg_pool(4);
    }

    /// Between two positions of what enters, or among four.
    struct Smooth(image: 16x16x2) -> (linear: 32x32x2, cubic: 32x32x2, corners: 31x31x2) {
        linear: upsample(2, mode = bilinear);
        cubic: from image, upsample(2, mode = bicubic);
        corners: from image, upsample(size = 31x31, mode = bilinear, align_corners = true);
    }
}

/// PyTorch's windows from `floor(i*from/to)` up to `ceil((i + 1)*from/to)`, one by one.
fn largest_window(from: usize, to: usize) -> usize {
    let window = |i: usize| ((i + 1) * from).div_ceil(to) - i * from / to;
    (0..to).map(window).max().unwrap()
}

#[test]
fn adaptive_windows_are_a_fraction_apart() {
    let graph = Fractions::GRAPH;
    for (output, from, stride) in [(0, 6, (3, 2)), (1, 10, (5, 2)), (2, 9, (9, 4))] {
        let field = graph.field(graph.outputs()[output].1, output).unwrap();
        assert_eq!(field.axis(0).size, largest_window(from, 4), "of {from}");
        assert_eq!(field.axis(0).stride, stride, "of {from}");
    }
}

#[test]
fn interpolation_sees_its_neighbours() {
    // A centre of a position never falls on one of what enters: two are seen, and one
    // more on each side by cubics.
    assert_eq!(Smooth::LINEAR.receptive_field, Extents::new(&[2, 2]));
    assert_eq!(Smooth::CUBIC.receptive_field, Extents::new(&[4, 4]));
    let graph = Smooth::GRAPH;
    for (output, stride) in [(0, (1, 2)), (1, (1, 2)), (2, (1, 2))] {
        let field = graph.field(graph.outputs()[output].1, 0).unwrap();
        assert_eq!(field.axis(0).stride, stride);
    }
    // The first centre lies a quarter of a position before that of what enters.
    for (output, before) in [(0, 1), (1, 2), (2, 0)] {
        let field = graph.field(graph.outputs()[output].1, 0).unwrap();
        assert_eq!(field.axis(0).padding, before);
    }
    // Every second position of 31 is one of the 16.
    assert_eq!(Smooth::CORNERS.receptive_field, Extents::new(&[2, 2]));
}

network! {
    /// A softmax along an axis reads all of it.
    struct Softmaxes(x: 6x4) -> (features: 6x4, positions: 6x4, halves: 3x4) {
        near: conv(4, 3, padding = 1);
        features: softmax;
        positions: from near, softmax(axis = length);
        halves: from near, glu(axis = length);
    }

    /// The patches of an image are a sequence: which of them are neighbours in the
    /// image is not known. Those of a sequence keep their order.
    struct Patches(image: 8x6x2, words: 8x2) -> (patches: 12x4, sequence: 4x4, line: 48x4) {
        cut: unfold(2x2, stride = 2);
        patches: conv(4, 3, padding = 1);
        windows: from words, unfold(2, stride = 2);
        sequence: conv(4, 3, padding = 1);
        line: from image, to_sequence, conv(4, 3, padding = 1);
    }

    /// Axes that change their places take what is seen along them with them; where
    /// positions become channels, each element sees all of them.
    struct Turned(image: 8x6x2) -> (turned: 6x8x4, mixed: 2x6x3) {
        permute(axes = [1, 0, 2]);
        turned: conv(4, 3x5, padding = [1, 2]);
        mixed: from image, permute(axes = [2, 1, 0]), conv(3, 1x1);
    }

    /// The nearest of what enters, by the centres.
    struct Nearest(image: 16x16x2) -> (finer: 32x32x2, coarser: 8x8x2) {
        finer: upsample(2, mode = nearest_exact);
        coarser: from image, upsample(size = 8x8, mode = nearest_exact);
    }

    /// An image and itself with its sides exchanged.
    struct Mirrored(image: 8x8x2) -> (sum: 8x8x2) {
        permute(axes = [1, 0, 2]);
        add(image, _);
    }

    /// Positions stand behind the new axis of a stack.
    struct Stacked(x: 6x4) -> (along: 2x6x4, across: 1x6x4) {
        near: conv(4, 3, padding = 1);
        both: stack(near, x);
        along: conv(4, 1x3, padding = [0, 1]);
        across: from both, conv(4, 2x1);
    }

    /// One position of many, and its corner.
    struct Corner(image: 8x6x2) -> (corner: 1x1x2) {
        upsample(size = 1x1, mode = bilinear, align_corners = true);
    }

    /// A position by its number, from wherever it is read.
    struct Ends(words: 6x4) -> (first: 4, apart: 4, same: 6x4) {
        near: conv(4, 3, padding = 1);
        wide: from words, conv(4, 5, padding = 2);
        a: from near, first;
        b: from wide, first;
        first: add(a, b);
        astray: from words, conv(4, 2, padding = [(0, 1)]), first;
        apart: add(a, astray);
        same: from near, to_sequence, conv(4, 3, padding = 1);
    }

    /// Outputs of which one is of branches that are not over each other.
    struct Outputs(x: 9x4) -> (near: 9x4, shifted: 9x4) {
        near: conv(4, 3, padding = 1);
        astray: conv(4, 2, padding = [(0, 1)]);
        shifted: add(near, astray);
    }

    /// Outputs that are around other centres each, but never meet.
    struct Apart(x: 9x4) -> (near: 9x4, astray: 9x4) {
        near: conv(4, 3, padding = 1);
        astray: conv(4, 2, padding = [(0, 1)]);
    }
}

#[test]
fn a_softmax_sees_all_of_its_axis() {
    let graph = Softmaxes::GRAPH;
    let along = |output: usize| {
        let field = graph.field(graph.outputs()[output].1, 0).unwrap().axis(0);
        (field.size, field.whole)
    };
    assert_eq!(along(0), (3, false));
    assert_eq!(along(1), (6, true));
    assert_eq!(along(2), (6, true));
}

#[test]
fn patches_of_an_image_have_no_neighbours() {
    let graph = Patches::GRAPH;
    let cut = Patches::CUT.receptive_field;
    assert_eq!(cut, Extents::new(&[2, 2]));
    for output in [0, 2] {
        let patches = graph.field(graph.outputs()[output].1, 0).unwrap();
        assert_eq!(patches.size(), Extents::new(&[8, 6]));
        assert!(patches.axis(0).whole && patches.axis(1).whole);
    }
    let sequence = graph.field(graph.outputs()[1].1, 1).unwrap();
    assert_eq!(sequence.size(), Extents::new(&[6]));
    assert_eq!(sequence.stride(), Extents::new(&[2]));
    assert!(!sequence.axis(0).whole);
}

#[test]
fn a_single_position_with_aligned_corners_is_the_first() {
    let field = Corner::GRAPH.output_field().unwrap();
    assert_eq!(field.size(), Extents::new(&[1, 1]));
    assert_eq!((field.axis(0).padding, field.axis(1).padding), (0, 0));
}

#[test]
fn outputs_are_astray_as_soon_as_one_of_them_is() {
    assert!(Outputs::GRAPH.output_field().unwrap().misaligned);
    assert!(!Apart::GRAPH.output_field().unwrap().misaligned);
}

#[test]
fn positions_by_their_number_are_over_each_other() {
    let graph = Ends::GRAPH;
    let field = |output: usize| graph.field(graph.outputs()[output].1, 0).unwrap();
    assert!(!field(0).misaligned);
    assert_eq!(field(0).size(), Extents::new(&[5]));
    assert!(field(1).misaligned, "the first of another centre");
    // A sequence is one already.
    assert_eq!(field(2).size(), Extents::new(&[5]));
    assert_eq!(
        (field(2).axis(0).padding, field(2).axis(0).whole),
        (2, false)
    );
}

#[test]
fn permuted_axes_are_seen_where_they_went() {
    let graph = Turned::GRAPH;
    let field = |output: usize| graph.field(graph.outputs()[output].1, 0).unwrap();
    assert_eq!(field(0).size(), Extents::new(&[5, 3]));
    assert!(!field(0).axis(0).whole && !field(0).axis(1).whole);
    assert!(field(1).axis(0).whole);
}

#[test]
fn a_stack_is_seen_along_the_axis_behind_the_new_one() {
    let graph = Stacked::GRAPH;
    let axis = |output: usize| graph.field(graph.outputs()[output].1, 0).unwrap().axis(0);
    assert_eq!((axis(0).size, axis(0).padding), (5, 2));
    assert_eq!((axis(1).size, axis(1).padding), (3, 1));
}

#[test]
fn the_nearest_by_its_centre_is_one() {
    let graph = Nearest::GRAPH;
    let axis = |output: usize| graph.field(graph.outputs()[output].1, 0).unwrap().axis(0);
    assert_eq!(
        (axis(0).size, axis(0).padding, axis(0).stride),
        (1, 0, (1, 2))
    );
    // PyTorch's `floor((0 + 0.5) * 16 / 8)` is the second.
    assert_eq!(
        (axis(1).size, axis(1).padding, axis(1).stride),
        (1, -1, (2, 1))
    );
}

#[test]
fn exchanged_axes_are_not_over_each_other() {
    assert!(Mirrored::GRAPH.output_field().unwrap().misaligned);
}

/// fvcore counts a scale and a shift with kept statistics, and the statistics, too,
/// without.
#[test]
fn fvcore_counts_statistics_that_are_not_kept() {
    let input = [Shape::new(&[4, 4, 8])];
    let macs = |entry, kept| {
        let arguments = [("track_running_stats", Value::Bool(kept))];
        let layer = Layer::build(entry, &arguments, &input).unwrap();
        layer.macs_by(Convention::Fvcore, &input).unwrap()
    };
    assert_eq!(macs(layers::batch_norm, true), 2 * 128);
    assert_eq!(macs(layers::batch_norm, false), 5 * 128);
}
