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
    assert_eq!(count(&svg, "class=\"a\""), 4);
    assert!(svg.contains(">+ 32x32x8 from down<"), "{svg}");
    assert!(svg.contains(">+ 8x8x32 from down<"), "{svg}");
    assert!(svg.contains(">+ 4x4x32 from down<"), "{svg}");
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

/// The value of an attribute in a tag.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// A text in a drawing: what it says, and the box that it takes.
#[derive(Clone, Debug, PartialEq)]
struct Text {
    says: String,
    left: f64,
    right: f64,
    baseline: f64,
}

/// All texts, as wide as their letters are on the average.
fn texts(svg: &str) -> Vec<Text> {
    let texts = svg.split("<text").skip(1).filter_map(|rest| {
        let (tag, rest) = rest.split_once('>')?;
        let says = rest.split_once('<')?.0;
        let number = |name| attribute(tag, name)?.parse::<f64>().ok();
        let (x, y) = (number("x")?, number("y")?);
        let class = attribute(tag, "class").unwrap_or("");
        let letter = match class.split(' ').next() {
            Some("l") => 7.2,
            Some("t") => 6.7,
            Some("m") => 5.7,
            Some("n") => 5.6,
            _ => 5.0,
        };
        let width = says.chars().count() as f64 * letter;
        let left = match class.split(' ').next_back() {
            Some("z") => x - width,
            Some("c" | "m" | "u") => x - width / 2.0,
            _ => x,
        };
        Some(Text {
            says: says.to_owned(),
            left,
            right: left + width,
            baseline: y,
        })
    });
    texts.collect()
}

#[test]
fn no_text_lies_over_another() {
    let all = [
        pages::Inputs::summary(),
        pages::Towers::summary(),
        pages::Sums::summary(),
        pages::Pyramid::summary(),
        pages::Skips::summary(),
        pages::Dilated::summary(),
        pages::Unlabelled::summary(),
    ];
    for summary in all {
        let texts = texts(&drawing(&summary.svg()));
        assert!(texts.len() > 5, "{texts:?}");
        for (i, one) in texts.iter().enumerate() {
            assert!(one.left >= 0.0 && one.right <= 400.0, "{one:?}");
            for other in &texts[i + 1..] {
                let beside = one.right <= other.left || other.right <= one.left;
                let apart = (one.baseline - other.baseline).abs() >= 9.0;
                assert!(beside || apart, "{one:?} lies over {other:?}");
            }
        }
    }
}

/// Where the arcs of a drawing begin.
fn starts(svg: &str) -> Vec<(f64, f64)> {
    let arcs = svg.split("<path class=\"a\" d=\"M").skip(1);
    let start = |arc: &str| {
        let (x, rest) = arc.split_once(' ')?;
        let y = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some((x.parse().ok()?, y.parse().ok()?))
    };
    arcs.filter_map(start).collect()
}

#[test]
fn what_is_read_from_an_input_begins_at_that_input() {
    let svg = drawing(&pages::Inputs::summary().svg());
    // The ends of the three inputs' boxes.
    let boxes: Vec<(f64, f64)> = svg
        .split("<rect")
        .skip(1)
        .filter(|tag| attribute(tag, "y") == Some("4"))
        .map(|tag| {
            let number = |name| attribute(tag, name).unwrap().parse::<f64>().unwrap();
            (number("x"), number("x") + number("width"))
        })
        .collect();
    let [image, text, meta] = boxes[..] else {
        panic!("{boxes:?}")
    };
    let inside = |x: f64, (left, right): (f64, f64)| left <= x && x <= right;
    let starts = starts(&svg);
    let [to_text, to_meta] = starts[..2] else {
        panic!("{starts:?}")
    };
    assert!(inside(to_text.0, text) && to_text.1 == 24.0, "{starts:?}");
    assert!(inside(to_meta.0, meta) && to_meta.1 == 14.0, "{starts:?}");
    // The flow into the first card begins below the first input.
    let (_, flow) = svg.split_once("<path class=\"e").unwrap();
    let (_, flow) = flow.split_once(" d=\"M").unwrap();
    let x = flow.split_once(' ').unwrap().0.parse().unwrap();
    assert!(inside(x, image), "{x}");
    // What sees nothing of the first input says nothing of it.
    assert!(!svg.contains("sees 0") && !svg.contains("sees [0"), "{svg}");
    assert!(svg.contains(">sees 32x32 of image<"), "{svg}");
    // Each skip of a card that several values enter is named.
    for name in [
        "+ 20 from text",
        "+ 7 from meta",
        "+ 8 from image_side",
        "+ 16 from text_side",
    ] {
        assert_eq!(count(&svg, &format!(">{name}<")), 1, "{name}");
    }
}

#[test]
fn an_arc_ends_at_the_output_that_it_is() {
    let svg = drawing(&pages::Towers::summary().svg());
    let texts = texts(&svg);
    let query = texts.iter().find(|text| text.says == "query_embedding 32");
    let middle = query
        .map(|text| f64::midpoint(text.left, text.right))
        .unwrap();
    let ends: Vec<&str> = svg.split("<path class=\"h\" d=\"M").skip(1).collect();
    // Into the second card, and into the first output.
    assert_eq!(ends.len(), 2, "{ends:?}");
    let (x, _) = ends[1].split_once(' ').unwrap();
    assert!(
        (x.parse::<f64>().unwrap() - middle).abs() < 2.0,
        "{x} {middle}"
    );
}

#[test]
fn four_skips_are_four_arcs() {
    let svg = drawing(&pages::Skips::summary().svg());
    assert_eq!(count(&svg, "class=\"a\""), 4);
    for shape in ["64x64x16", "32x32x32", "16x16x64", "8x8x128"] {
        assert!(svg.contains(&format!(">+ {shape} from down<")), "{shape}");
    }
    assert!(!svg.contains("+ 4 values"), "{svg}");
}

#[test]
fn dilation_is_drawn() {
    let svg = drawing(&pages::Dilated::summary().svg());
    for dilation in ["dilation 6", "dilation 12", "dilation 18"] {
        assert!(svg.contains(dilation), "{svg}");
    }
}

#[test]
fn a_peak_is_at_a_layer_that_can_be_found() {
    network! {
        pub struct Unnamed(image: 96x96x3) -> 10 {
            conv(64, 3x3, padding = 1), relu;
            body: { max_pool(2x2); conv(64, 3x3, padding = 1), relu; }
            global_avg_pool, linear(10);
        }

        pub struct Behind(image: 96x96x3) -> 10 {
            first: conv(4, 3x3, padding = 1), relu;
            conv(64, 3x3, padding = 1);
            global_avg_pool, linear(10);
        }

        pub struct Within(image: 96x96x3) -> 10 {
            stem: { conv(64, 3x3, padding = 1), relu; max_pool(8x8); }
            global_avg_pool, linear(10);
        }
    }
    let peak = |svg: String| {
        let (_, peak) = svg.split_once(">peak ").unwrap();
        let (peak, _) = peak.split_once('<').unwrap();
        peak.split_once(" at ").unwrap().1.to_owned()
    };
    assert_eq!(
        peak(drawing(&Unnamed::summary().memory_svg())),
        "body.0, max_pool 2x2"
    );
    assert_eq!(
        peak(drawing(&Behind::summary().memory_svg())),
        "conv 64 3x3 after first"
    );
    assert_eq!(
        peak(drawing(&Within::summary().memory_svg())),
        "stem.0, conv 64 3x3"
    );
}

network! {
    block Layer() {
        residual { layer_norm, attention(heads = 4); }
        residual { mixture_of_experts(4, active = 2, features = 32); }
    }

    pub struct Kinds(words: 16) -> (y: 16x16) {
        embedding(50, 16), gru(16);
        repeat 2 { Layer; }
        linear(16);
    }
}

/// A family that the style does not know would be drawn in black.
#[test]
fn every_family_has_a_colour() {
    let svg = drawing(&Kinds::summary().svg());
    assert!(
        svg.contains("[class^=f]{--c:#888;"),
        "grey where there is no other"
    );
    let place = |name: &str| {
        let families = shapewise::catalogue::FAMILIES.iter();
        families
            .map(|family| family.entries)
            .position(|entries| entries.iter().any(|entry| entry.name == name))
            .unwrap()
    };
    for (layer, colour) in [
        ("embedding", "#b8860b"),
        ("layer_norm", "#2a9d8f"),
        ("gru", "#c2549b"),
        ("conv_lstm", "#c2549b"),
        ("selective_scan", "#c2549b"),
        ("attention", "#a3562f"),
        ("mixture_of_experts", "#a3562f"),
        ("add", "#4c9f38"),
    ] {
        let class = format!(".f{}", place(layer));
        let at = svg
            .find(&format!("{class}{{"))
            .or_else(|| svg.find(&format!("{class},")))
            .unwrap_or_else(|| panic!("{layer} has no colour"));
        let rule = &svg[at..at + svg[at..].find('}').unwrap()];
        assert!(rule.ends_with(colour), "{layer}: {rule}");
    }
}
