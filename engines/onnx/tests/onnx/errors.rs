//! What ONNX cannot say, and what names cannot be.

use shapewise::graph::DType;
use shapewise::network;
use shapewise_onnx::{Batch, Error, Options, Weights, export};

use crate::networks::LeNet;

network! {
    struct Projected(words: 5x8) -> (steps: 5x3) {
        encoder: lstm(6, proj_size = 3);
    }

    struct Still(image: 4x4x1) -> (same: 4x4x1) {
        up: upsample(1.0001, mode = bicubic);
    }

    struct Twice(x: 8) -> (x: 4) {
        fc: linear(4);
    }

    struct Huge(x: 100000) -> (y: 50000) {
        fc: linear(50_000);
    }
}

#[test]
fn an_unsupported_layer_is_named() {
    let error = export::<Projected>(&Options::default()).unwrap_err();
    assert!(matches!(
        &error,
        Error::Unsupported { path, layer: "lstm", .. } if path == "encoder"
    ));
    assert_eq!(
        error.to_string(),
        "ONNX cannot say the layer `lstm` at `encoder`: its `LSTM` has no projection of the hidden state"
    );
}

#[test]
fn a_scale_that_engines_pass_over_is_refused() {
    let error = export::<Still>(&Options::default()).unwrap_err();
    assert!(matches!(error, Error::Unsupported { path, layer: "upsample", .. } if path == "up"));
}

#[test]
fn names_are_names_of_one_thing() {
    let error = export::<Twice>(&Options::default()).unwrap_err();
    assert!(matches!(error, Error::Name(name) if name == "x"));
}

#[test]
fn a_model_of_more_than_two_gibibytes_is_refused() {
    let options = Options::default().weights(Weights::Zeros);
    let error = export::<Huge>(&options).unwrap_err();
    assert!(
        matches!(
            error,
            Error::TooLarge {
                bytes: 20_000_200_000
            }
        ),
        "{error}"
    );
    assert!(export::<Huge>(&Options::default()).is_ok());
}

#[test]
fn types_and_batches_are_checked() {
    let quantised = Options::default().dtype(DType::I8);
    assert!(matches!(
        export::<LeNet>(&quantised),
        Err(Error::DType("i8"))
    ));
    let none = Options::default().batch(Batch::Fixed(0));
    assert!(matches!(export::<LeNet>(&none), Err(Error::Batch)));
}
