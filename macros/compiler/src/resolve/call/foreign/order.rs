//! What stands where in a call of another framework.

use crate::resolve::value::Given;

/// The arguments of layers that may stand without their names, where their order is
/// not the catalogue's.
const ORDERS: [(&[&str], &[&str]); 19] = [
    (
        &["Conv1d", "Conv2d", "Conv3d"],
        &[
            "in_channels",
            "out_channels",
            "kernel_size",
            "stride",
            "padding",
            "dilation",
            "groups",
            "bias",
            "padding_mode",
        ],
    ),
    (
        &["ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"],
        &[
            "in_channels",
            "out_channels",
            "kernel_size",
            "stride",
            "padding",
            "output_padding",
            "groups",
            "bias",
            "dilation",
        ],
    ),
    (
        &["Conv1D", "Conv2D", "Conv3D"],
        &[
            "filters",
            "kernel_size",
            "strides",
            "padding",
            "data_format",
            "dilation_rate",
            "groups",
            "activation",
            "use_bias",
        ],
    ),
    (
        &["MaxPool1d", "MaxPool2d", "MaxPool3d"],
        &[
            "kernel_size",
            "stride",
            "padding",
            "dilation",
            "return_indices",
            "ceil_mode",
        ],
    ),
    (&["Linear"], &["in_features", "out_features", "bias"]),
    (&["Dense"], &["units", "activation", "use_bias"]),
    (
        &[
            "BatchNorm1d",
            "BatchNorm2d",
            "BatchNorm3d",
            "InstanceNorm1d",
            "InstanceNorm2d",
            "InstanceNorm3d",
        ],
        &["num_features", "eps", "momentum", "affine"],
    ),
    (
        &["GroupNorm"],
        &["num_groups", "num_channels", "eps", "affine"],
    ),
    (
        &["LayerNorm", "RMSNorm"],
        &["normalized_shape", "eps", "elementwise_affine"],
    ),
    (&["ReLU", "ReLU6", "SiLU", "SELU", "Mish"], &["inplace"]),
    (&["LeakyReLU"], &["negative_slope", "inplace"]),
    (&["ELU", "CELU"], &["alpha", "inplace"]),
    (
        &["Dropout", "Dropout1d", "Dropout2d", "Dropout3d"],
        &["p", "inplace"],
    ),
    (
        &["Upsample"],
        &["size", "scale_factor", "mode", "align_corners"],
    ),
    (&["Flatten", "flatten"], &["start_dim", "end_dim"]),
    (&["relu", "relu6", "silu", "selu"], &["inplace"]),
    (&["softmax", "log_softmax"], &["dim"]),
    (
        &["MultiheadAttention"],
        &["embed_dim", "num_heads", "dropout", "bias"],
    ),
    (
        &["TransformerEncoderLayer"],
        &["d_model", "nhead", "dim_feedforward", "dropout"],
    ),
];

/// Keras calls layers of its own as PyTorch calls its: the recurrent ones have their
/// units first, and PyTorch's what comes in.
const RECURRENT: [&str; 5] = [
    "input_size",
    "hidden_size",
    "num_layers",
    "bias",
    "batch_first",
];

/// The order of the arguments, where it is known.
pub(super) fn order(name: &str, given: &[Given]) -> Option<&'static [&'static str]> {
    if matches!(name, "LSTM" | "GRU" | "RNN") {
        let places = given.iter().filter(|given| given.name.is_none()).count();
        let named = |wanted: &str| {
            given
                .iter()
                .any(|given| given.name.as_ref().is_some_and(|name| name == wanted))
        };
        let torch = places > 1 || named("hidden_size");
        return torch.then_some(&RECURRENT);
    }
    let (_, order) = ORDERS.iter().find(|(names, _)| names.contains(&name))?;
    Some(order)
}
