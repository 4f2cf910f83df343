//! Networks whose drawings and tables have much to tell: several inputs and outputs, many
//! skips, long names, labels that are missing.

use shapewise::layer::Role;
use shapewise::{Custom, Shape, network};

network! {
    /// Inputs of different kinds, each read by a layer of its own.
    pub struct Inputs(image: 32x32x3, text: 20, meta: 7) -> (score: 1) {
        image_side: from image, conv(8, 3x3, padding = 1), relu, global_avg_pool;
        text_side: from text, linear(16), relu;
        meta_side: from meta, linear(4);
        joined: concat(image_side, text_side, meta_side);
        score: linear(1);
    }

    /// Two towers that never meet.
    pub struct Towers(query: 64, document: 64) -> (query_embedding: 32, document_embedding: 32) {
        query_embedding: from query, linear(32);
        document_embedding: from document, linear(32), relu;
    }

    /// A sum of all inputs at the top, and two of them again.
    pub struct Sums(a: 8, b: 8, c: 8) -> (x: 8, y: 8) {
        x: add(a, b, c);
        y: add(a, x), add(_, b);
    }

    /// Several values enter one card from the side.
    pub struct Pyramid(image: 80x80x3) -> (out: 20x20x64) {
        p1: conv(32, 3x3, stride = 2, padding = 1), relu;
        p2: conv(64, 3x3, stride = 2, padding = 1), relu;
        p3: conv(128, 3x3, stride = 2, padding = 1), relu;
        p4: conv(256, 3x3, stride = 2, padding = 1), relu;
        up3: upsample(2);
        side: from p2, max_pool(2x2);
        a_label_that_is_long_for_a_picture: from p3, conv(128, 1x1);
        up4: from p4, upsample(2), conv(128, 1x1);
        mix: concat(up4, side, a_label_that_is_long_for_a_picture, up3);
        back: upsample(2), conv(64, 1x1);
        out: add(p2, back);
    }

    /// Four skips between two repeats.
    pub struct Skips(image: 64x64x3) -> (mask: 64x64x1) {
        down: repeat i in 0..4 {
            skip: conv(16 << i, 3x3, padding = 1), relu;
            pool: max_pool(2x2);
        }
        middle: conv(256, 3x3, padding = 2, dilation = 2), relu;
        up: repeat i in 0..4 {
            conv_transpose(128 >> i, 2x2, stride = 2);
            concat(down.{3 - i}.skip, _);
            conv(128 >> i, 3x3, padding = 1), relu;
        }
        mask: conv(1, 1x1);
    }

    /// Dilated branches, and outputs from all over.
    pub struct Dilated(image: 32x32x64, depth: 32x32x1) -> (
        map: 32x32x64, early: 32x32x64, shallow: 32x32x1, stem: 32x32x64
    ) {
        stem: from image, conv(64, 3x3, padding = 1), relu;
        early: conv(64, 3x3, padding = 1), relu;
        branches: concat {
            branch { conv(64, 1x1), batch_norm, relu; }
            branch { conv(64, 3x3, padding = half, dilation = 6), batch_norm, relu; }
            branch { conv(64, 3x3, padding = half, dilation = 12), batch_norm, relu; }
            branch { conv(64, 3x3, padding = half, dilation = 18), batch_norm, relu; }
        }
        both: concat(branches, depth), conv(64, 3x3, padding = half, dilation = 2);
        shallow: from depth, relu;
        add(both, early), relu;
        map: relu;
    }

    /// Statements without a label.
    pub struct Unlabelled(image: 16x16x8) -> (mask: 16x16x8) {
        residual { inner: conv(8, 3x3, padding = 1), relu; second: conv(8, 3x3, padding = 1); }
        relu;
        last: identity;
        { grouped: conv(32, 3x3, padding = 1); conv(8, 1x1); }
        residual { conv(8, 3x3, padding = 1); }
        conv(8, 3x3, padding = half, dilation = 2), relu;
        mask: lp_pool(1x1, norm_type = 2);
    }
}

/// The width of what only rustc knows.
pub const WIDTH: usize = 24;

/// A layer of its own, which keeps the shape.
#[must_use]
pub const fn squeeze(input: Shape) -> Custom {
    let channels = input.channels();
    Custom::new(input)
        .tensor("weight", &[channels, 4], Role::Weight)
        .macs(channels as u64 * 4)
}

network! {
    /// A layer that only rustc knows.
    pub struct Squeezed(image: 32x32x3) -> (classes: 10) {
        c1: conv(16, 3x3, padding = 1), relu;
        se: custom squeeze();
        c2: conv(32, 3x3, padding = 1, stride = 2), relu;
        global_avg_pool;
        fc: linear(10);
    }

    /// The same, its shape written down.
    pub struct Declared(image: 32x32x3) -> (classes: 10) {
        c1: conv(16, 3x3, padding = 1), relu;
        se: custom squeeze() => 32x32x16;
        c2: conv(32, 3x3, padding = 1, stride = 2), relu;
        global_avg_pool;
        fc: linear(10);
    }

    /// Numbers that only rustc knows.
    pub struct Open<const N: usize, const CLASSES: usize>(image: [N, N, 3]) -> (classes: CLASSES) {
        c1: conv(16, 3x3, padding = 1), relu;
        body: repeat 3 {
            residual { conv(16, 3x3, padding = 1), relu; conv(16, 3x3, padding = half, dilation = 2); }
        }
        c2: conv(WIDTH, 3x3, padding = 1, stride = 2), relu;
        residual { conv(WIDTH, 3x3, padding = 1), relu; conv(WIDTH, 3x3, padding = 1); }
        global_avg_pool;
        fc: linear(CLASSES);
    }
}
