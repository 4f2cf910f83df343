//! The operations that an engine must have.

use crate::dims::{Dim, Elements};
use crate::engine::{AvgPool, Conv, ConvTranspose, MaxPool};

/// The most axes that a value has: patches of volumes, and volumes in windows.
pub const MAX_AXES: usize = 8;

/// What an operation of the engine `E` gives.
pub type Made<E> = Result<<E as Operations>::Value, <E as Operations>::Error>;

/// Operations on tensors, from which this crate makes every layer. An engine has all
/// of them; [`Engine`](crate::Engine) has those that are made of these.
///
/// # Conventions
///
/// - Axes are PyTorch's: the batch first, channels before the spatial axes of
///   images and volumes, features last in sequences.
/// - An operation takes its values for itself: one that is wanted afterwards is
///   cloned before, so that an engine may work in place.
/// - Operands of two have as many axes as each other, and along each axis the same
///   extent, or one of them 1, which is repeated.
/// - Axes are counted from 0, and exist. No value has more than [`MAX_AXES`].
/// - What is a constant of a layer is given as plain numbers. No operation asks
///   for the elements of a value, so that an engine may only record what is done.
///
/// # Errors
///
/// Every operation may fail with the engine's own error.
pub trait Operations: Sized {
    /// A tensor. Cloning it should be cheap, as it is where the elements are shared.
    type Value: Clone;
    /// What can go wrong in an operation.
    type Error: std::error::Error + 'static;

    // What is known of a value.

    /// The extents of a value.
    fn dims(&self, x: &Self::Value) -> Vec<Dim>;

    /// What its elements are.
    fn elements(&self, x: &Self::Value) -> Elements;

    // Values that a layer makes.

    /// Floats in the order of memory, the last axis fastest.
    fn floats(&mut self, values: &[f64], extents: &[usize]) -> Made<Self>;

    /// Integers in the order of memory, the last axis fastest.
    fn ints(&mut self, values: &[i64], extents: &[usize]) -> Made<Self>;

    /// Floats that are all the same.
    fn full(&mut self, extents: &[usize], value: f64) -> Made<Self>;

    /// Floats whose first axis of 1 is repeated for every sample of `like`, whose
    /// first axis is the batch.
    fn per_sample(&mut self, x: Self::Value, like: &Self::Value) -> Made<Self>;

    /// Floats of the extents of `like`, each 1 with the probability `p` and else 0.
    fn bernoulli(&mut self, like: &Self::Value, p: f64) -> Made<Self>;

    // Moves of elements of any kind.

    /// The same elements with other extents. [`Dim::Batch`] is among them only if it
    /// is among those of `x`.
    fn reshape(&mut self, x: Self::Value, dims: &[Dim]) -> Made<Self>;

    /// The axes in another order: axis `i` of the result is axis `order[i]` of `x`.
    fn permute(&mut self, x: Self::Value, order: &[usize]) -> Made<Self>;

    /// The elements from `start` up to `end` along an axis.
    fn slice(&mut self, x: Self::Value, axis: usize, start: usize, end: usize) -> Made<Self>;

    /// Values one behind the other along an axis.
    fn concat(&mut self, values: Vec<Self::Value>, axis: usize) -> Made<Self>;

    /// The slices of `x` along an axis that the elements of `indices`, a list of
    /// integers, name.
    fn select(&mut self, x: Self::Value, axis: usize, indices: Self::Value) -> Made<Self>;

    /// So many elements of one value before and after those along each axis.
    fn pad_constant(
        &mut self,
        x: Self::Value,
        padding: &[(usize, usize)],
        value: f64,
    ) -> Made<Self>;

    // Elements of other kinds.

    /// Integers or truth values as floats, true as 1.
    fn to_float(&mut self, x: Self::Value) -> Made<Self>;

    /// Floats as integers, rounded towards 0.
    fn to_int(&mut self, x: Self::Value) -> Made<Self>;

    // Floats, element by element.

    /// `e^x`.
    fn exp(&mut self, x: Self::Value) -> Made<Self>;

    /// The natural logarithm.
    fn log(&mut self, x: Self::Value) -> Made<Self>;

    /// The square root.
    fn sqrt(&mut self, x: Self::Value) -> Made<Self>;

    /// The absolute value.
    fn abs(&mut self, x: Self::Value) -> Made<Self>;

    /// The sine.
    fn sin(&mut self, x: Self::Value) -> Made<Self>;

    /// The cosine.
    fn cos(&mut self, x: Self::Value) -> Made<Self>;

    /// The hyperbolic tangent.
    fn tanh(&mut self, x: Self::Value) -> Made<Self>;

    /// The error function.
    fn erf(&mut self, x: Self::Value) -> Made<Self>;

    /// `a + b`; of two integers an integer.
    fn add(&mut self, a: Self::Value, b: Self::Value) -> Made<Self>;

    /// `a - b`.
    fn sub(&mut self, a: Self::Value, b: Self::Value) -> Made<Self>;

    /// `a * b`; of two integers an integer.
    fn mul(&mut self, a: Self::Value, b: Self::Value) -> Made<Self>;

    /// `a / b`.
    fn div(&mut self, a: Self::Value, b: Self::Value) -> Made<Self>;

    /// `x + value`.
    fn add_scalar(&mut self, x: Self::Value, value: f64) -> Made<Self>;

    /// `x * value`.
    fn mul_scalar(&mut self, x: Self::Value, value: f64) -> Made<Self>;

    /// `x` to the power of `exponent`; no number where PyTorch has none.
    fn pow_scalar(&mut self, x: Self::Value, exponent: f64) -> Made<Self>;

    /// No less than `least` and no more than `most`, either of which may be
    /// infinite.
    fn clamp(&mut self, x: Self::Value, least: f64, most: f64) -> Made<Self>;

    // Comparisons.

    /// Where floats are above a number.
    fn greater_scalar(&mut self, x: Self::Value, value: f64) -> Made<Self>;

    /// Where integers are above others.
    fn greater(&mut self, a: Self::Value, b: Self::Value) -> Made<Self>;

    /// Where integers are equal to others.
    fn equal(&mut self, a: Self::Value, b: Self::Value) -> Made<Self>;

    /// Floats: those of `a` where it is true, else those of `b`. All three have the
    /// same extents.
    fn where_cond(&mut self, truths: Self::Value, a: Self::Value, b: Self::Value) -> Made<Self>;

    // Floats along axes. With `keep`, the axes stay with an extent of 1.

    /// The sum along these axes.
    fn sum(&mut self, x: Self::Value, axes: &[usize], keep: bool) -> Made<Self>;

    /// The mean along these axes.
    fn mean(&mut self, x: Self::Value, axes: &[usize], keep: bool) -> Made<Self>;

    /// The largest along these axes. Where several are, one has the gradient, or all
    /// share it.
    fn max(&mut self, x: Self::Value, axes: &[usize], keep: bool) -> Made<Self>;

    /// The products of the matrices that the last two axes are.
    fn matmul(&mut self, a: Self::Value, b: Self::Value) -> Made<Self>;

    // Windows. Values are `N x C x L`, `N x C x H x W` or `N x C x D x H x W`.

    /// A convolution; the weight has the channels that come out first. The padding
    /// is of zeros. [`Engine::evenly`](crate::Engine::evenly) is for engines that only pad both sides alike.
    fn conv(
        &mut self,
        x: Self::Value,
        weight: Self::Value,
        bias: Option<Self::Value>,
        options: &Conv<'_>,
    ) -> Made<Self>;

    /// A transposed convolution; the weight has the channels that come in first.
    /// [`ConvTranspose::evenly`] is for engines that only take the same off both sides.
    fn conv_transpose(
        &mut self,
        x: Self::Value,
        weight: Self::Value,
        bias: Option<Self::Value>,
        options: &ConvTranspose<'_>,
    ) -> Made<Self>;

    /// The largest element of each window; padding is never it.
    fn max_pool(&mut self, x: Self::Value, options: &MaxPool<'_>) -> Made<Self>;

    /// The mean of each window, whose padding is of zeros.
    /// [`Engine::avg_pool_counted`](crate::Engine::avg_pool_counted) is for engines that always count it.
    fn avg_pool(&mut self, x: Self::Value, options: &AvgPool<'_>) -> Made<Self>;
}
