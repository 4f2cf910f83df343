//! Tensors that frameworks leave in checkpoints and that no computation reads.

use crate::header::TensorInfo;

/// The last parts of the names of such tensors.
const LAST: [&str; 8] = [
    // How often PyTorch's normalisations were trained.
    "num_batches_tracked",
    // Tables of numbers 0, 1, 2, ... and what follows from them.
    "position_ids",
    "relative_position_index",
    "attn_mask",
    "inv_freq",
    // The value that hides later positions.
    "masked_bias",
    // What profilers count.
    "total_ops",
    "total_params",
];

/// Whether a tensor that the definition does not have may stay where it is.
pub(super) fn is_leftover(tensor: &TensorInfo<'_>) -> bool {
    let name = tensor.name();
    let last = name.rsplit('.').next().unwrap_or(name);
    LAST.contains(&last) || is_causal_mask(name, tensor.shape())
}

/// GPT-2's table of which positions see which: called a bias, and square.
fn is_causal_mask(name: &str, shape: &[u64]) -> bool {
    matches!(shape, [1, 1, rows, columns] if rows == columns)
        && (name == "attn.bias" || name.ends_with(".attn.bias"))
}
