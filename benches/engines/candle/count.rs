//! The parameters of each network, as its weights say.

use candle_core::{DType, Device, Result, Shape, Tensor};
use candle_nn::var_builder::SimpleBackend;
use candle_nn::{Init, VarBuilder, VarMap};

/// Weights of zeros: random ones take minutes where nothing is optimized.
struct Zeros(VarMap);

impl SimpleBackend for Zeros {
    fn get(
        &self,
        shape: Shape,
        name: &str,
        _: Init,
        dtype: DType,
        device: &Device,
    ) -> Result<Tensor> {
        self.0.get(shape, name, Init::Const(0.0), dtype, device)
    }

    fn get_unchecked(&self, name: &str, dtype: DType, device: &Device) -> Result<Tensor> {
        self.0.get_unchecked(name, dtype, device)
    }

    fn contains_tensor(&self, name: &str) -> bool {
        self.0.contains_tensor(name)
    }
}

fn count<N>(name: &str, new: impl FnOnce(VarBuilder) -> Result<N>) -> Result<()> {
    let weights = VarMap::new();
    let zeros = Box::new(Zeros(weights.clone()));
    new(VarBuilder::from_backend(zeros, DType::F32, Device::Cpu))?;
    let weights = weights.data().lock().expect("no other thread");
    // What batch norms remember is no parameter.
    let parameters: usize = (weights.iter())
        .filter(|(name, _)| !name.contains(".running_"))
        .map(|(_, weight)| weight.elem_count())
        .sum();
    println!("{name} {parameters}");
    Ok(())
}

fn main() -> Result<()> {
    count("alexnet", candle_alexnet::AlexNet::new)?;
    count("vgg16", candle_vgg16::Vgg16::new)?;
    count("vit_b_16", candle_vit_b_16::VitB16::new)?;
    count("resnet50", candle_resnet50::ResNet50::new)?;
    count("resnet152", candle_resnet152::ResNet152::new)
}
