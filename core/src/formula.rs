//! The formulas by which sizes and parameters of a network come about, as plain
//! functions on integers.
//!
//! They are the ones that the article ["Number of Parameters and Tensor Sizes in
//! a Convolutional Neural Network (CNN)"](https://learnopencv.com/number-of-parameters-and-tensor-sizes-in-convolutional-neural-network/)
//! derives for AlexNet, with its letters, and written for rectangular kernels,
//! padding per side, dilation and groups. All of them are `const` and checked:
//! what does not fit, or does not fit 64 bits, is an [`Error`].
//!
//! | Function | The layers' rules |
//! |:--|:--|
//! | [`conv_output_size`], [`max_pool_output_size`] | [`Window::output_size`], with padding per side, dilation and `ceil_mode`, of which these are the article's case |
//! | [`conv_transpose_output_size`] | [`Window::transposed_size`], likewise |
//! | [`conv_weights`], [`linear_weights`] | these, for each kind of convolution and of linear layer |
//! | [`conv_biases`], [`conv_params`], [`linear_biases`], [`linear_params`] | the sums of the layer's tensors, which come to the same |
//! | [`linear_after_conv_weights`], [`linear_after_conv_params`] | `flatten` and `linear`, which the article counts as one |
//!
//! ```
//! use shapewise_core::formula;
//!
//! // AlexNet's first convolution: 96 kernels of 11x11 on a 227x227x3 image.
//! const SIZE: usize = match formula::conv_output_size(227, 11, 4, 0, 1) {
//!     Ok(size) => size,
//!     Err(_) => panic!("the kernel does not fit"),
//! };
//! assert_eq!(SIZE, 55);
//! assert_eq!(formula::conv_params(&[11, 11], 3, 96, 1), Ok(34_944));
//! ```

use crate::error::Error;

mod transposed;
mod window;

pub use transposed::conv_transpose_output_size;
pub use window::Window;

/// Output size of a convolution along one axis, in elements:
/// `O = floor((I - K + 2P) / S) + 1`, with `dilation*(K - 1) + 1` in the place
/// of `K` where the kernel is dilated.
///
/// `input` is I, `kernel` K, `stride` S, `padding` P on either side.
///
/// Source: the article's "Size of the Output Tensor of a Conv Layer";
/// PyTorch's `Conv2d` for the dilation.
///
/// # Errors
///
/// [`Error::WindowTooLarge`] when the kernel is larger than the padded input,
/// [`Error::TooSmall`] for a kernel, stride or dilation of 0,
/// [`Error::Overflow`] when a number does not fit.
///
/// ```
/// use shapewise_core::formula::conv_output_size;
///
/// assert_eq!(conv_output_size(227, 11, 4, 0, 1), Ok(55)); // AlexNet, conv1
/// assert_eq!(conv_output_size(27, 5, 1, 2, 1), Ok(27)); // AlexNet, conv2
/// assert!(conv_output_size(3, 5, 1, 0, 1).is_err());
/// ```
pub const fn conv_output_size(
    input: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    dilation: usize,
) -> Result<usize, Error> {
    let window = Window {
        name: "kernel",
        size: kernel,
        stride,
        padding: (padding, padding),
        dilation,
    };
    window.output_size(input, false)
}

/// Output size of max pooling along one axis, in elements:
/// `O = floor((I - P_s) / S) + 1`.
///
/// `input` is I, `pool` the pooling size P_s, `stride` S.
///
/// Source: the article's "Size of Output Tensor (Image) of a MaxPool Layer".
///
/// # Errors
///
/// [`Error::WindowTooLarge`] when the window is larger than the input,
/// [`Error::TooSmall`] for a window or stride of 0.
///
/// ```
/// use shapewise_core::formula::max_pool_output_size;
///
/// assert_eq!(max_pool_output_size(55, 3, 2), Ok(27)); // AlexNet, pool1
/// ```
pub const fn max_pool_output_size(
    input: usize,
    pool: usize,
    stride: usize,
) -> Result<usize, Error> {
    let window = Window {
        name: "kernel",
        size: pool,
        stride,
        padding: (0, 0),
        dilation: 1,
    };
    window.output_size(input, false)
}

/// Weights of a convolution: `W = K*K*C*N`, with one K per axis, C the input
/// channels of a group and N the number of kernels.
///
/// Source: the article's "Number of Parameters of a Conv Layer"; PyTorch's
/// `groups`.
///
/// # Errors
///
/// [`Error::TooSmall`] for 0 groups, [`Error::NotDivisible`] when the groups do
/// not divide both channels, [`Error::Overflow`].
///
/// ```
/// use shapewise_core::formula::conv_weights;
///
/// assert_eq!(conv_weights(&[5, 5], 96, 256, 1), Ok(614_400)); // AlexNet, conv2
/// assert_eq!(conv_weights(&[3, 3], 32, 32, 32), Ok(288)); // depthwise
/// ```
pub const fn conv_weights(
    kernel: &[usize],
    in_channels: usize,
    out_channels: usize,
    groups: usize,
) -> Result<u64, Error> {
    if groups == 0 {
        return Err(too_small("groups"));
    }
    if !in_channels.is_multiple_of(groups) {
        return Err(indivisible(
            groups,
            "input channels",
            in_channels,
            out_channels,
        ));
    }
    if !out_channels.is_multiple_of(groups) {
        return Err(indivisible(
            groups,
            "output channels",
            out_channels,
            in_channels,
        ));
    }
    let mut weights = product(
        (in_channels / groups) as u64,
        out_channels as u64,
        "the number of weights",
    );
    let mut rest = kernel;
    while let [extent, after @ ..] = rest {
        weights = match weights {
            Ok(weights) => product(weights, *extent as u64, "the number of weights"),
            Err(error) => return Err(error),
        };
        rest = after;
    }
    weights
}

/// Biases of a convolution: `B = N`, one per kernel.
///
/// Source: the article's "Number of Parameters of a Conv Layer".
///
/// ```
/// assert_eq!(shapewise_core::formula::conv_biases(96), 96);
/// ```
#[must_use]
pub const fn conv_biases(out_channels: usize) -> u64 {
    out_channels as u64
}

/// Parameters of a convolution: [`conv_weights`] plus [`conv_biases`].
///
/// # Errors
///
/// As [`conv_weights`].
///
/// ```
/// use shapewise_core::formula::conv_params;
///
/// assert_eq!(conv_params(&[3, 3], 384, 256, 1), Ok(884_992)); // AlexNet, conv5
/// ```
pub const fn conv_params(
    kernel: &[usize],
    in_channels: usize,
    out_channels: usize,
    groups: usize,
) -> Result<u64, Error> {
    let weights = conv_weights(kernel, in_channels, out_channels, groups);
    plus(weights, conv_biases(out_channels))
}

/// Weights of a fully connected layer that follows a convolution:
/// `W = O*O*N*F`, with one O per spatial axis of the convolution's output, N its
/// kernels and F the layer's neurons.
///
/// Source: the article's "Case 1: Number of Parameters of a Fully Connected (FC)
/// Layer connected to a Conv Layer".
///
/// # Errors
///
/// [`Error::Overflow`].
///
/// ```
/// use shapewise_core::formula::linear_after_conv_weights;
///
/// assert_eq!(linear_after_conv_weights(&[6, 6], 256, 4096), Ok(37_748_736)); // AlexNet, fc1
/// ```
pub const fn linear_after_conv_weights(
    output: &[usize],
    channels: usize,
    features: usize,
) -> Result<u64, Error> {
    conv_weights(output, channels, features, 1)
}

/// Parameters of a fully connected layer that follows a convolution:
/// [`linear_after_conv_weights`] plus [`linear_biases`].
///
/// # Errors
///
/// [`Error::Overflow`].
///
/// ```
/// use shapewise_core::formula::linear_after_conv_params;
///
/// assert_eq!(linear_after_conv_params(&[6, 6], 256, 4096), Ok(37_752_832));
/// ```
pub const fn linear_after_conv_params(
    output: &[usize],
    channels: usize,
    features: usize,
) -> Result<u64, Error> {
    let weights = linear_after_conv_weights(output, channels, features);
    plus(weights, linear_biases(features))
}

/// Weights of a fully connected layer that follows another: `W = F_prev*F`.
///
/// Source: the article's "Case 2: Number of Parameters of a Fully Connected (FC)
/// Layer connected to a FC Layer".
///
/// # Errors
///
/// [`Error::Overflow`].
///
/// ```
/// use shapewise_core::formula::linear_weights;
///
/// assert_eq!(linear_weights(4096, 1000), Ok(4_096_000)); // AlexNet, fc3
/// ```
pub const fn linear_weights(in_features: usize, out_features: usize) -> Result<u64, Error> {
    product(
        in_features as u64,
        out_features as u64,
        "the number of weights",
    )
}

/// Biases of a fully connected layer: `B = F`, one per neuron.
///
/// Source: the article, both cases of fully connected layers.
///
/// ```
/// assert_eq!(shapewise_core::formula::linear_biases(1000), 1000);
/// ```
#[must_use]
pub const fn linear_biases(out_features: usize) -> u64 {
    out_features as u64
}

/// Parameters of a fully connected layer that follows another:
/// [`linear_weights`] plus [`linear_biases`].
///
/// # Errors
///
/// [`Error::Overflow`].
///
/// ```
/// use shapewise_core::formula::linear_params;
///
/// assert_eq!(linear_params(4096, 4096), Ok(16_781_312)); // AlexNet, fc2
/// ```
pub const fn linear_params(in_features: usize, out_features: usize) -> Result<u64, Error> {
    plus(
        linear_weights(in_features, out_features),
        linear_biases(out_features),
    )
}

const fn plus(weights: Result<u64, Error>, biases: u64) -> Result<u64, Error> {
    match weights {
        Ok(weights) => sum(weights, biases, "the number of parameters"),
        Err(error) => Err(error),
    }
}

// Comparisons, not `checked_mul` and the like: to const evaluation, which runs these
// for every layer, each of those is three calls.

/// A checked product; `what` says in the error what overflowed.
pub(crate) const fn product(a: u64, b: u64, what: &'static str) -> Result<u64, Error> {
    if b == 0 || a <= u64::MAX / b {
        Ok(a * b)
    } else {
        Err(overflow(what))
    }
}

/// A checked product of several factors.
pub(crate) const fn product_of(factors: &[u64], what: &'static str) -> Result<u64, Error> {
    let mut result: u64 = 1;
    let mut i = 0;
    while i < factors.len() {
        result = match product(result, factors[i], what) {
            Ok(result) => result,
            Err(error) => return Err(error),
        };
        i += 1;
    }
    Ok(result)
}

/// A checked product of two sizes.
pub(crate) const fn size_product(a: usize, b: usize, what: &'static str) -> Result<usize, Error> {
    if b == 0 || a <= usize::MAX / b {
        Ok(a * b)
    } else {
        Err(overflow(what))
    }
}

/// A checked sum of two sizes.
pub(crate) const fn size_sum(a: usize, b: usize, what: &'static str) -> Result<usize, Error> {
    if a <= usize::MAX - b {
        Ok(a + b)
    } else {
        Err(overflow(what))
    }
}

/// A checked sum; `what` says in the error what overflowed.
pub(crate) const fn sum(a: u64, b: u64, what: &'static str) -> Result<u64, Error> {
    if a <= u64::MAX - b {
        Ok(a + b)
    } else {
        Err(overflow(what))
    }
}

pub(crate) const fn overflow(what: &'static str) -> Error {
    Error::Overflow { what }
}

const fn too_small(argument: &'static str) -> Error {
    Error::TooSmall { argument, least: 1 }
}

const fn indivisible(groups: usize, what: &'static str, value: usize, also: usize) -> Error {
    Error::NotDivisible {
        argument: "groups",
        divisor: groups,
        what,
        value,
        also,
    }
}
