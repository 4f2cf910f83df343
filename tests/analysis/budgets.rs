//! Budgets of figures that are no sum.

use shapewise::network;

network! {
    #[dtype(f16)]
    struct Small(signal: 64x2) -> (logits: 4) {
        conv1: conv(8, 5, stride = 2), relu;
        conv2: conv(8, 3), relu                         => 28x8;
        global_avg_pool, linear(4);

        assert peak_activations <= 480;
        assert peak_activation_bytes <= 1KiB;
        assert depth == 3;
        assert receptive_field >= 64;
    }

    struct Image(image: 64x48x3) -> (map: 30x22x8) {
        conv(8, 5x5, stride = 2);
        assert receptive_field == 5x5;
        assert receptive_field < 6x6;
        assert receptive_field <= [5, 5];
    }
}

#[test]
fn budgets_hold() {
    assert_eq!(Small::PEAK_ACTIVATION_BYTES, 2 * (30 * 8 + 28 * 8));
    assert_eq!(Image::RECEPTIVE_FIELD.to_string(), "5x5");
}
