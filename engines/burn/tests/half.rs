//! Half precision, which is a setting of the device: in a process of its own for each type.

use std::process::Command;

use burn::tensor::{DType, Device, FloatDType, Tensor, TensorData};
use shapewise::network;
use shapewise_burn::{Model, Value};

network! {
    pub struct Net(image: 8x8x3) -> (logits: 5) {
        conv1: conv(4, 3x3, padding = 1, bias = false), batch_norm, relu;
        pool1: max_pool(3x3, stride = 2, padding = 1);
        fc1: flatten, linear(16), layer_norm, gelu;
        fc2: linear(5);
    }
}

const TYPE: &str = "SHAPEWISE_TEST_TYPE";

/// The logits in a type, and a loss that falls in it.
fn run(dtype: Option<FloatDType>) -> Vec<f32> {
    let mut device = Device::flex();
    if let Some(dtype) = dtype {
        assert!(device.supports_dtype(dtype));
        device.configure(dtype).unwrap();
    }
    let device = device.autodiff();
    let pixels: Vec<f32> = (0..2 * 3 * 64u16)
        .map(|n| f32::from(n % 17) / 8.0 - 1.0)
        .collect();
    let images = || {
        let pixels = TensorData::new(pixels.clone(), [2, 3, 8, 8]);
        Tensor::<4>::from_data(pixels, &device)
    };
    let model = Model::<Net>::seeded(&device, 3).unwrap();
    let logits: Tensor<2> = model.forward(images()).unwrap();
    let expected = dtype.map_or(DType::F32, DType::from);
    assert_eq!(logits.dtype(), expected);
    let gradients = logits.clone().sum().backward();
    let weight = model
        .tensor("conv1.weight")
        .and_then(|weight| weight.grad(&gradients));
    let Some(Value::Float(weight)) = weight else {
        panic!("no gradient");
    };
    let finite = Value::Float(weight)
        .to_data()
        .iter::<f32>()
        .all(f32::is_finite);
    assert!(finite, "a gradient that is no number");
    logits.to_data().iter().collect()
}

#[test]
fn half_precision_gives_nearly_the_same() {
    match std::env::var(TYPE).as_deref() {
        Ok("f16") => return println!("logits {:?}", run(Some(FloatDType::F16))),
        Ok("bf16") => return println!("logits {:?}", run(Some(FloatDType::BF16))),
        _ => {}
    }
    let whole = run(None);
    for (dtype, within) in [("f16", 0.01), ("bf16", 0.08)] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--nocapture", "half_precision_gives_nearly_the_same"])
            .env(TYPE, dtype)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{dtype}: {text}{errors}");
        let (_, list) = text.split_once("logits [").unwrap();
        let (list, _) = list.split_once(']').unwrap();
        let half: Vec<f32> = list
            .split(", ")
            .map(|number| number.parse().unwrap())
            .collect();
        assert_eq!(half.len(), whole.len());
        assert_ne!(half, whole, "{dtype} is another type");
        for (half, whole) in half.iter().zip(&whole) {
            assert!(
                (half - whole).abs() < within,
                "{dtype}: {half}, not {whole}"
            );
        }
    }
}
