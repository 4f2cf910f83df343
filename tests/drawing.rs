//! The drawings of a report: whole, and showing how the network is built.

use shapewise::network;

network! {
    block Conv(channels) { conv(channels, 3x3, padding = half, bias = false), batch_norm, relu; }

    block Body(channels) {
        residual { Conv(channels); Conv(channels); }
        relu;
    }

    pub struct Residuals(image: 32x32x8) -> (classes: 10) {
        first: Conv(16);
        body: { stem: Conv(16); stack: repeat 3 { Body(16); } }
        ways: concat { branch { Conv(4); } branch { Conv(8); } };
        global_avg_pool;
        last: linear(10);
    }

    pub struct Skips(image: 32x32x8) -> (mask: 32x32x1) {
        down: repeat i in 0..3 { skip: conv(8 << i, 3x3, padding = half); max_pool(2x2); }
        #[allow(unused_value)]
        up: repeat i in 0..3 {
            conv_transpose(32 >> i, 2x2, stride = 2);
            concat(down.{2 - i}.skip, _);
        }
        from down, upsample(scale = 8);
        head: conv(1, 1x1);
    }

    pub struct TwoEnds(left: 8x8x3, right: 8x8x3) -> (sum = both: 8x8x4, last: 8x8x2) {
        a: conv(4, 1x1);
        b: from right, conv(4, 1x1);
        both: add(a, b);
        last: conv(2, 1x1);
    }

    pub struct Dense(x: 8x8x4) -> 8x8x16 {
        block1: {
            one: conv(4, 1x1);
            two: concat(input, one), conv(4, 1x1);
            concat(input, one, two), conv(16, 1x1);
        }
    }
}

/// The drawing, after a look at whether its tags match.
fn drawing(svg: &impl std::fmt::Display) -> String {
    let svg = svg.to_string();
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1) {
        let tag = &tag[..tag.find('>').expect("a tag ends")];
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{svg}");
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap());
        }
    }
    assert!(open.is_empty(), "{open:?} stay open in {svg}");
    assert!(!svg.contains('\n'), "a line ends in {svg}");
    svg
}

fn count(svg: &str, text: &str) -> usize {
    svg.matches(text).count()
}

#[test]
fn structure_is_drawn() {
    let svg = drawing(&Residuals::summary().svg());
    assert!(svg.contains("<title>Residuals, layer by layer</title><desc>"));
    // A card per statement, with the two inside of the group, and two ends.
    assert_eq!(count(&svg, "<rect class=\"k\""), 6 + 2);
    assert_eq!(count(&svg, "<rect class=\"q\""), 1);
    // The repeat, and within it the two convolutions of its body.
    assert_eq!(count(&svg, ">×3<"), 1);
    assert_eq!(count(&svg, ">×2<"), 1);
    assert_eq!(count(&svg, "class=\"w s\""), 1);
    assert!(svg.contains(">32x32x12<"), "the shape after the branches");
    assert!(svg.contains(">conv 4 3x3<") && svg.contains(">conv 8 3x3<"));
}

#[test]
fn what_passes_by_is_an_arc() {
    let svg = drawing(&Skips::summary().svg());
    // The three that go from one card to the next beside the flow, and the one
    // that goes by.
    assert_eq!(count(&svg, "class=\"a\""), 1);
    assert!(svg.contains("+ 3 values"), "{svg}");
    assert!(svg.contains("+ 4x4x32"), "{svg}");
    let svg = drawing(&TwoEnds::summary().svg());
    // The second input to its layer, the first layer to the sum, and the sum to
    // the outputs.
    assert_eq!(count(&svg, "class=\"a\""), 3);
    assert!(svg.contains(">left 8x8x3<") && svg.contains(">sum 8x8x4<"));
    drawing(&Dense::summary().svg());
}

#[test]
fn memory_has_its_peak_marked() {
    let svg = drawing(&Residuals::summary().memory_svg());
    assert!(svg.contains("peak "), "{svg}");
    assert!(svg.contains("KiB at "), "{svg}");
}
