//! What an engine knows: operations on tensors, and no layer.

use shapewise_core::Shape;
use shapewise_core::layer::Layer;
use shapewise_core::layer::attention::LocalWindow;
use shapewise_core::layer::recurrent::Cell;
use shapewise_core::layer::shape_ops::Fill;

use crate::compose::{
    activation, attention, deform, movement, normalisation, recurrent, resize, window,
};

mod operations;
mod options;

pub use operations::{MAX_AXES, Made, Operations};

pub use options::{
    Along, AvgPool, Conv, ConvTranspose, DeformConv, Direction, Evenly, Fold, MaxPool, Norm,
    Resize, Site, Steps,
};

/// More operations on tensors, each with a body in [`Operations`].
///
/// An engine writes its own for those that it has a kernel for; all conventions are
/// those of [`Operations`].
///
/// # Errors
///
/// Every operation may fail with the engine's own error.
pub trait Engine: Operations {
    // What the engine can do.

    /// Whether the engine can do this layer on inputs of these shapes of the
    /// notation. It is asked when a model is built.
    ///
    /// # Errors
    ///
    /// The reason, where it can't: `"no padding that differs between sides"`.
    fn supports(&self, layer: &Layer, inputs: &[Shape]) -> Result<(), String> {
        let _ = (layer, inputs);
        Ok(())
    }

    /// A layer begins: what is done until it ends is done for it.
    fn begins(&mut self, site: &Site<'_>) {
        let _ = site;
    }

    /// A layer ends with these results; what they are afterwards goes on.
    ///
    /// # Errors
    ///
    /// The engine's own.
    fn ends(&mut self, site: &Site<'_>, results: &mut Vec<Self::Value>) -> Result<(), Self::Error> {
        let _ = (site, results);
        Ok(())
    }

    /// The distance between 1 and the next larger float: what `rms_norm` adds where
    /// nothing is written.
    fn epsilon(&self) -> f64 {
        f64::from(f32::EPSILON)
    }

    /// Whether gradients are computed of what is done.
    fn tracks_gradients(&self) -> bool {
        false
    }

    /// The same numbers, through which no gradient flows.
    fn detach(&mut self, x: Self::Value) -> Made<Self> {
        Ok(x)
    }

    /// `x`, padded so that what is left of the padding is alike on both sides of
    /// each axis, and that.
    ///
    /// # Errors
    ///
    /// The engine's own.
    fn evenly(
        &mut self,
        x: Self::Value,
        padding: &[(usize, usize)],
        value: f64,
    ) -> Result<(Self::Value, Vec<usize>), Self::Error> {
        window::evenly(self, x, padding, value)
    }

    /// An average pooling whose padding does not count, by one of which it does.
    fn avg_pool_counted(&mut self, x: Self::Value, options: &AvgPool<'_>) -> Made<Self> {
        window::avg_pool_counted(self, x, options)
    }

    /// A convolution of images whose taps are offset: by `2 * taps` channels for each group, the rows before the
    /// columns, and multiplied by `taps` channels where they are given. What is read between elements is
    /// linear, what is outside 0.
    fn deform_conv(
        &mut self,
        x: Self::Value,
        offset: Self::Value,
        mask: Option<Self::Value>,
        weight: Self::Value,
        bias: Option<Self::Value>,
        options: &DeformConv<'_>,
    ) -> Made<Self> {
        deform::deform_conv(self, x, (offset, mask), (weight, bias), options)
    }

    /// The mean of what each of so many windows covers, which may overlap.
    fn adaptive_avg_pool(&mut self, x: Self::Value, size: &[usize]) -> Made<Self> {
        window::adaptive_avg_pool(self, x, size)
    }

    /// The largest of what each of so many windows covers, which may overlap.
    fn adaptive_max_pool(&mut self, x: Self::Value, size: &[usize]) -> Made<Self> {
        window::adaptive_max_pool(self, x, size)
    }

    /// Patches of so many elements, `dilation` apart, that begin every `stride` elements
    /// of an axis: the axis becomes two, patches and their elements.
    fn unfold(&mut self, x: Self::Value, axis: usize, patches: Along) -> Made<Self> {
        window::unfold(self, x, axis, patches)
    }

    /// The whole that patches, `N x (C*kernel) x positions`, add up to.
    fn fold(&mut self, x: Self::Value, options: &Fold<'_>) -> Made<Self> {
        window::fold(self, x, options)
    }

    /// Another size of the axes behind the channels.
    fn resize(&mut self, x: Self::Value, options: &Resize<'_>) -> Made<Self> {
        resize::resize(self, x, options)
    }

    /// The integers from 0 on, so many: a list.
    fn arange(&mut self, count: usize) -> Made<Self> {
        movement::arange(self, count)
    }

    /// The elements from a start up to an end along each of some axes:
    /// `(axis, start, end)`.
    fn slices(&mut self, x: Self::Value, parts: &[(usize, usize, usize)]) -> Made<Self> {
        movement::slices(self, x, parts)
    }

    /// The slice at one place of an axis, without this axis.
    fn at(&mut self, x: Self::Value, axis: usize, place: usize) -> Made<Self> {
        movement::at(self, x, axis, place)
    }

    /// Parts of these extents along an axis, which they add up to.
    ///
    /// # Errors
    ///
    /// The engine's own.
    fn split(
        &mut self,
        x: Self::Value,
        axis: usize,
        sizes: &[usize],
    ) -> Result<Vec<Self::Value>, Self::Error> {
        movement::split(self, x, axis, sizes)
    }

    /// More elements before and after those along each axis.
    fn pad(&mut self, x: Self::Value, padding: &[(usize, usize)], fill: Fill) -> Made<Self> {
        movement::pad(self, x, padding, fill)
    }

    /// The elements moved along axes, each by so much: those that leave at the end
    /// come back at the start.
    fn roll(&mut self, x: Self::Value, shifts: &[(usize, usize)]) -> Made<Self> {
        movement::roll(self, x, shifts)
    }

    /// Channels as pixels: `N x C*r*r x H x W` to `N x C x H*r x W*r`. With
    /// `channels_last`, the places in a block are the slower part of a channel.
    fn pixel_shuffle(&mut self, x: Self::Value, factor: usize, channels_last: bool) -> Made<Self> {
        movement::pixel_shuffle(self, x, factor, channels_last)
    }

    /// The opposite of [`Engine::pixel_shuffle`].
    fn pixel_unshuffle(
        &mut self,
        x: Self::Value,
        factor: usize,
        channels_last: bool,
    ) -> Made<Self> {
        movement::pixel_unshuffle(self, x, factor, channels_last)
    }

    /// The rows of a table that integers name, the columns as a last axis. The row
    /// `padding` has no gradient.
    fn embedding(
        &mut self,
        table: Self::Value,
        indices: Self::Value,
        padding: Option<usize>,
    ) -> Made<Self> {
        movement::embedding(self, table, indices, padding)
    }

    /// Each element 0 with the probability `p`, the others divided by `1 - p`.
    fn dropout(&mut self, x: Self::Value, p: f64) -> Made<Self> {
        let like = x.clone();
        activation::dropped(self, x, &like, p)
    }

    /// `x * weight' + bias` on the last axis; the weight has the features that come
    /// out first.
    fn linear(
        &mut self,
        x: Self::Value,
        weight: Self::Value,
        bias: Option<Self::Value>,
    ) -> Made<Self> {
        attention::linear(self, x, weight, bias)
    }

    /// The larger of two floats, of the same extents; no number where one of them is none.
    fn maximum(&mut self, a: Self::Value, b: Self::Value) -> Made<Self> {
        activation::maximum(self, a, b)
    }

    /// The lesser of two floats, of the same extents; no number where one of them is none.
    fn minimum(&mut self, a: Self::Value, b: Self::Value) -> Made<Self> {
        activation::minimum(self, a, b)
    }

    /// The matrices that the last two axes are, with 0 left of a diagonal (`upper`) or
    /// right of it; a positive one is above the main diagonal.
    fn triangle(&mut self, x: Self::Value, diagonal: i64, upper: bool) -> Made<Self> {
        attention::triangle(self, x, diagonal, upper)
    }

    /// `max(x, 0)`.
    fn relu(&mut self, x: Self::Value) -> Made<Self> {
        self.clamp(x, 0.0, f64::INFINITY)
    }

    /// `x`, below 0 times `slope`.
    fn leaky_relu(&mut self, x: Self::Value, slope: f64) -> Made<Self> {
        activation::leaky_relu(self, x, slope)
    }

    /// `x`, below 0 times `weight`, which has as many axes as `x`.
    fn prelu(&mut self, x: Self::Value, weight: Self::Value) -> Made<Self> {
        activation::prelu(self, x, weight)
    }

    /// `x`, below 0 `alpha * (e^x - 1)`.
    fn elu(&mut self, x: Self::Value, alpha: f64) -> Made<Self> {
        activation::elu(self, x, [1.0, alpha, 1.0])
    }

    /// `elu` with the constants of self-normalising networks.
    fn selu(&mut self, x: Self::Value) -> Made<Self> {
        activation::elu(self, x, activation::SELU)
    }

    /// `x`, below 0 `alpha * (e^(x/alpha) - 1)`.
    fn celu(&mut self, x: Self::Value, alpha: f64) -> Made<Self> {
        activation::elu(self, x, [1.0, alpha, alpha])
    }

    /// `x` times the share of the normal distribution below it, which `tanh`
    /// approximates.
    fn gelu(&mut self, x: Self::Value, tanh: bool) -> Made<Self> {
        activation::gelu(self, x, tanh)
    }

    /// `1 / (1 + e^-x)`.
    fn sigmoid(&mut self, x: Self::Value) -> Made<Self> {
        activation::sigmoid(self, x)
    }

    /// `x * sigmoid(x)`.
    fn silu(&mut self, x: Self::Value) -> Made<Self> {
        let gate = self.sigmoid(x.clone())?;
        self.mul(x, gate)
    }

    /// `x * tanh(softplus(x))`.
    fn mish(&mut self, x: Self::Value) -> Made<Self> {
        let soft = self.softplus(x.clone(), 1.0, 20.0)?;
        let gate = self.tanh(soft)?;
        self.mul(x, gate)
    }

    /// `x/6 + 1/2`, between 0 and 1.
    fn hard_sigmoid(&mut self, x: Self::Value) -> Made<Self> {
        activation::hard_sigmoid(self, x)
    }

    /// `x * hard_sigmoid(x)`.
    fn hard_swish(&mut self, x: Self::Value) -> Made<Self> {
        let gate = self.hard_sigmoid(x.clone())?;
        self.mul(x, gate)
    }

    /// `log(1 + e^(beta*x)) / beta`, and `x` where `beta*x` is above `threshold`.
    fn softplus(&mut self, x: Self::Value, beta: f64, threshold: f64) -> Made<Self> {
        activation::softplus(self, x, beta, threshold)
    }

    /// `x / (1 + |x|)`.
    fn softsign(&mut self, x: Self::Value) -> Made<Self> {
        activation::softsign(self, x)
    }

    /// `e^x` divided by its sum along an axis.
    fn softmax(&mut self, x: Self::Value, axis: usize) -> Made<Self> {
        activation::softmax(self, x, axis)
    }

    /// The logarithm of [`Engine::softmax`].
    fn log_softmax(&mut self, x: Self::Value, axis: usize) -> Made<Self> {
        activation::log_softmax(self, x, axis)
    }

    /// The first half along an axis, times the sigmoid of the second.
    fn glu(&mut self, x: Self::Value, axis: usize) -> Made<Self> {
        activation::glu(self, x, axis)
    }

    /// Each channel (axis 1) by a mean and a variance that are known, both of `C`.
    fn batch_norm(
        &mut self,
        x: Self::Value,
        mean: Self::Value,
        variance: Self::Value,
        norm: Norm<Self::Value>,
    ) -> Made<Self> {
        normalisation::by_statistics(self, x, mean, variance, norm)
    }

    /// Each channel (axis 1) by its own mean and variance, which come out, too: both of
    /// `C`, the variance of all values and not of all but one.
    fn batch_norm_train(
        &mut self,
        x: Self::Value,
        norm: Norm<Self::Value>,
    ) -> Result<[Self::Value; 3], Self::Error> {
        normalisation::batch_norm_train(self, x, norm)
    }

    /// Each channel (axis 1) of each sample by its own mean and variance.
    fn instance_norm(&mut self, x: Self::Value, norm: Norm<Self::Value>) -> Made<Self> {
        normalisation::instance_norm(self, x, norm)
    }

    /// Each group of channels (axis 1) of each sample by its mean and variance.
    fn group_norm(&mut self, x: Self::Value, groups: usize, norm: Norm<Self::Value>) -> Made<Self> {
        normalisation::group_norm(self, x, groups, norm)
    }

    /// The last axes, so many together, by their mean and variance; what is learned
    /// has these axes.
    fn layer_norm(&mut self, x: Self::Value, axes: usize, norm: Norm<Self::Value>) -> Made<Self> {
        normalisation::layer_norm(self, x, axes, norm)
    }

    /// The last axes, so many together, by the root of their mean square; the weight
    /// has these axes.
    fn rms_norm(&mut self, x: Self::Value, axes: usize, norm: Norm<Self::Value>) -> Made<Self> {
        normalisation::rms_norm(self, x, axes, norm)
    }

    /// Each element by the squares of so many neighbours along the channels (axis
    /// 1): `x / (k + alpha*mean)^beta`.
    fn local_response_norm(
        &mut self,
        x: Self::Value,
        size: usize,
        [alpha, beta, k]: [f64; 3],
    ) -> Made<Self> {
        normalisation::local_response_norm(self, x, size, [alpha, beta, k])
    }

    /// Of a table of learned biases, a column for each head, those of each pair of
    /// positions in a window: `positions x positions x heads`.
    fn relative_position_bias(&mut self, table: Self::Value, local: &LocalWindow) -> Made<Self> {
        attention::relative_position_bias(self, table, local)
    }

    /// What keeps positions that only a shift brought together from seeing each other,
    /// `windows x 1 x positions x positions`: -100 for such pairs, else 0.
    fn shifted_window_mask(&mut self, local: &LocalWindow) -> Made<Self> {
        attention::shifted_window_mask(self, local)
    }

    /// What keeps queries from seeing later keys, `queries x keys+seen`: minus infinity
    /// where a key is later than the query, else 0. All queries see the last `seen` keys.
    fn causal_mask(&mut self, queries: usize, keys: usize, seen: usize) -> Made<Self> {
        attention::causal_mask(self, queries, keys, seen)
    }

    /// `softmax(q*k'/sqrt(d) + mask) * v`; positions and features are the last axes.
    /// `dropout` is the probability with which a share is left out, 0 for inference.
    fn scaled_dot_product_attention(
        &mut self,
        [q, k, v]: [Self::Value; 3],
        mask: Option<Self::Value>,
        dropout: f64,
    ) -> Made<Self> {
        attention::scaled_dot_product_attention(self, [q, k, v], mask, dropout)
    }

    /// One recurrent layer over `N x L x F`, in one direction or both.
    ///
    /// # Errors
    ///
    /// The engine's own.
    fn recurrent(
        &mut self,
        x: Self::Value,
        cell: Cell,
        directions: Vec<Direction<Self::Value>>,
    ) -> Result<Steps<Self::Value>, Self::Error> {
        recurrent::recurrent(self, x, cell, directions)
    }
}

/// The extents of a value that are known when the network is; the batch's as 1,
/// where it is not.
pub(crate) fn known<E: Engine>(engine: &E, x: &E::Value) -> Vec<usize> {
    let dims = engine.dims(x);
    dims.iter().map(|dim| dim.size().unwrap_or(1)).collect()
}
