//! The same numbers on a GPU as on the CPU. By WebGPU it needs an adapter; without a GPU,
//! Mesa's software Vulkan is one (Debian's `mesa-vulkan-drivers`):
//!
//! ```sh
//! SHAPEWISE_DEVICE=wgpu cargo test -p shapewise-burn --features wgpu --test gpu -- --ignored
//! ```

#![cfg(any(feature = "wgpu", feature = "vulkan", feature = "cuda"))]

use burn::tensor::{Device, Distribution, Tensor};
use shapewise::network;
use shapewise_burn::{Model, Value};

mod device;

network! {
    /// A layer of most families.
    struct Net(image: 16x16x3) -> (logits: 10) {
        conv1: conv(8, 3x3, padding = 1, bias = false), batch_norm, relu;
        pool1: max_pool(2x2);
        residual { conv2: depthwise_conv(3x3, padding = 1), group_norm(2), gelu; }
        pool2: avg_pool(2x2);
        to_sequence;
        residual { norm: layer_norm; attention: attention(heads = 2); }
        lstm: lstm(6);
        last;
        fc: linear(10), softmax;
    }
}

/// The largest difference of two values, by the largest of the first.
fn apart(expected: &Value, found: &Value) -> f32 {
    let (expected, found) = (expected.to_data(), found.to_data());
    let pairs = expected.iter::<f32>().zip(found.iter::<f32>());
    let differences = pairs.map(|(a, b)| (a - b).abs());
    let largest = expected.iter::<f32>().map(f32::abs).fold(0.0, f32::max);
    differences.fold(0.0, f32::max) / largest
}

/// The outputs, and the gradients of some tensors.
fn values(device: &Device, images: &Tensor<4>) -> Vec<(String, Value)> {
    let model = Model::<Net>::seeded(device, 7).expect("burn has every layer");
    let images = Tensor::<4>::from_data(images.to_data(), device);
    let inference = model.run_to(&["fc"], vec![images.clone().into()]);
    let outputs = inference.expect("images as the network takes them");
    let mut values: Vec<_> = outputs
        .into_iter()
        .map(|value| ("fc".to_owned(), value))
        .collect();
    let logits: Tensor<2> = model.forward(images).expect("as before");
    let gradients = logits.powi_scalar(2).sum().backward();
    for weight in model.weights() {
        let tensor = model.tensor(&weight.name).expect("it has all its tensors");
        if let Some(gradient) = tensor.grad(&gradients) {
            values.push((weight.name.clone(), gradient));
        }
    }
    values
}

#[test]
#[ignore = "needs a GPU, or what stands for one"]
fn it_is_as_on_the_cpu() {
    let images = Tensor::<4>::random(
        [4, 3, 16, 16],
        Distribution::Normal(0.0, 1.0),
        &Device::flex(),
    );
    let expected = values(&Device::flex().autodiff(), &images);
    let found = values(&device::device().autodiff(), &images);
    assert_eq!(expected.len(), found.len());
    assert!(expected.len() > 10);
    for ((name, expected), (_, found)) in expected.iter().zip(&found) {
        let apart = apart(expected, found);
        println!("{name}: within {apart:.1e}");
        assert!(
            f64::from(apart) < device::within(1e-5),
            "{name} differs by {apart}"
        );
    }
}
