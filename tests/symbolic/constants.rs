//! Paths to Rust constants and Rust expressions, wherever a number may stand.

use shapewise::{Network, Shape, network};

mod config {
    pub(super) const HEIGHT: usize = 32;
    pub(super) const CHANNELS: usize = 24;
    pub(super) const RATE: f64 = 0.25;
    pub(super) const BIAS: bool = false;
}

struct Settings;

impl Settings {
    const CLASSES: usize = 10;
}

const WIDTH: usize = 48;

network! {
    pub struct Chain(image: [config::HEIGHT, WIDTH, 3]) -> (logits: [Settings::CLASSES]) {
        conv1: conv(config::CHANNELS, 3x3, padding = half, bias = config::BIAS), relu
            => [config::HEIGHT, WIDTH, config::CHANNELS];
        pool1: max_pool(2x2, stride = 2);
        conv2: conv(2 * pool1.channels, [{ 1 + 2 }, 3], padding = 1), relu;
        fc: flatten, linear({ Settings::CLASSES * 2 }), dropout(config::RATE);
        out: linear(Settings::CLASSES);

        assert params == 24 * 3 * 9 + 48 * 24 * 9 + 48 + (48 * 16 * 24 + 1) * 20 + 210;
    }
}

const PARAMS: u64 = 24 * 3 * 9 + 48 * 24 * 9 + 48 + (48 * 16 * 24 + 1) * 20 + 210;
const _: () = assert!(Chain::PARAMS == PARAMS);

#[test]
fn every_number_is_rustcs() {
    assert_eq!(Chain::INPUT, Shape::new(&[32, 48, 3]));
    assert_eq!(Chain::OUTPUT, Shape::new(&[10]));
    assert_eq!(Chain::CONV1.output, Shape::new(&[32, 48, 24]));
    assert_eq!(Chain::CONV2.output, Shape::new(&[16, 24, 48]));
    assert_eq!(Chain::GRAPH.counts().params(), PARAMS);
    assert_eq!(
        Chain::stage("fc").map(|stage| stage.output),
        Some(Shape::new(&[20]))
    );
}
