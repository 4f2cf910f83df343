//! The example that classifies: its images against Pillow's.

#[path = "../examples/classify/pillow.rs"]
mod pillow;

use pillow::Pixels;

/// As in `data/pillow.py`: an image's width and height, its shorter side then, and what is
/// cut out.
const CASES: [(usize, usize, usize, usize); 5] = [
    (37, 23, 16, 13),
    (20, 31, 48, 41),
    (50, 50, 17, 17),
    (64, 48, 24, 17),
    (9, 40, 12, 9),
];

#[test]
fn images_are_as_torchvisions_transforms_make_them() {
    let mut expected: &[u8] = include_bytes!("data/pillow.bin");
    for (width, height, shorter, size) in CASES {
        let bytes = (0..width * height * 3).map(|n| u8::try_from(n * n * 7 / 13 % 251).unwrap());
        let image = Pixels {
            width,
            height,
            bytes: bytes.collect(),
        };
        let ours = image.shorter(shorter).middle(size);
        let (theirs, rest) = expected.split_at(size * size * 3);
        expected = rest;
        assert_eq!(ours.bytes, theirs, "{width}x{height}");
    }
    assert!(expected.is_empty());
}

#[test]
fn channels_are_normalised_one_behind_the_other() {
    let image = Pixels {
        width: 2,
        height: 1,
        bytes: vec![0, 255, 51, 255, 0, 204],
    };
    let expected = [
        -2.117_904, 2.248_908, 2.428_571, -2.035_714, -0.915_556, 1.751_111,
    ];
    for (ours, theirs) in image.normalised().iter().zip(expected) {
        assert!((ours - theirs).abs() < 1e-5, "{ours} and {theirs}");
    }
}
