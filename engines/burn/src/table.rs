//! Indices into tables, which burn's CPU backend panics on where they are outside.

use burn::tensor::Device;

use crate::{Failure, Value};

/// Whether the device is the CPU, whose tensors are in memory: to read those of a GPU
/// waits for all that it still has to do.
pub(crate) fn at_hand(device: &Device) -> bool {
    #[cfg(feature = "flex")]
    let at_hand = *device == Device::flex();
    #[cfg(not(feature = "flex"))]
    let at_hand = {
        let _ = device;
        false
    };
    at_hand
}

/// Whether all indices are rows of a table.
pub(crate) fn among(indices: &Value, rows: usize) -> Result<(), Failure> {
    let data = indices.to_data();
    let outside = data
        .iter::<i64>()
        .find(|&index| usize::try_from(index).map_or(true, |index| index >= rows));
    match outside {
        Some(index) => Err(Failure::Index { index, rows }),
        None => Ok(()),
    }
}
