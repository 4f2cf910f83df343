//! The device that computes, by its name, so that the same program runs on each.

use burn::tensor::Device;

/// The device that `SHAPEWISE_DEVICE` names, the CPU where it names none.
#[allow(dead_code, reason = "the example names its devices otherwise")]
pub(crate) fn device() -> Device {
    let name = std::env::var("SHAPEWISE_DEVICE").unwrap_or_else(|_| "flex".to_owned());
    named(&name, 0).unwrap_or_else(|why| panic!("{why}"))
}

/// What a tolerance of single precision is on that device. burn multiplies matrices by CUDA
/// in TF32, floats that keep 11 bits of 24: one rounding of theirs is 5e-4 of a number, and
/// ten are let pass.
#[allow(dead_code, reason = "the example compares nothing")]
pub(crate) fn within(tolerance: f64) -> f64 {
    match std::env::var("SHAPEWISE_DEVICE").as_deref() {
        Ok("cuda") => tolerance * 500.0,
        _ => tolerance,
    }
}

/// The device of a number: `flex`, burn's CPU, which is one device by any number, or a GPU by
/// `wgpu`, `vulkan`, or `cuda`.
///
/// # Errors
///
/// Where no device has that name, and where this program was built without its feature: the
/// CPU in its place would pass for the GPU.
pub(crate) fn named(name: &str, number: usize) -> Result<Device, String> {
    #[cfg(any(feature = "wgpu", feature = "vulkan"))]
    let kind = match number {
        0 => burn::tensor::DeviceKind::DefaultDevice,
        number => burn::tensor::DeviceKind::DiscreteGpu(number),
    };
    match name {
        "flex" => Ok(Device::flex()),
        #[cfg(feature = "wgpu")]
        "wgpu" => Ok(Device::wgpu(kind)),
        #[cfg(feature = "vulkan")]
        "vulkan" => Ok(Device::vulkan(kind)),
        #[cfg(feature = "cuda")]
        "cuda" => Ok(Device::cuda(number)),
        _ if ["wgpu", "vulkan", "cuda"].contains(&name) => Err(format!(
            "device {number} of `{name}` takes the feature `{name}` of shapewise-burn"
        )),
        _ => Err(format!("no `{name}`: flex, wgpu, vulkan, cuda")),
    }
}
