//! What operations of several numbers are told, and what they give.

use std::ops::Range;

use shapewise_core::graph::Node;
use shapewise_core::layer::shape_ops::Interpolation;

/// A layer in its place in a network.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// Its path from the outermost network on: `backbone.layer1.0.conv1`.
    pub path: &'a str,
    /// The layer.
    pub node: &'static Node,
    /// The numbers of its inputs, as [`Plan`](crate::Plan) counts values.
    pub inputs: &'a [usize],
    /// The numbers of its results, as [`Plan`](crate::Plan) counts values.
    pub results: Range<usize>,
}

/// How a kernel moves over its input. A number, or a pair before and after, for
/// each spatial axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv<'a> {
    /// How far it moves.
    pub stride: &'a [usize],
    /// Zeros around the input.
    pub padding: &'a [(usize, usize)],
    /// How far its elements are apart.
    pub dilation: &'a [usize],
    /// So many parts of the channels, which do not mix.
    pub groups: usize,
}

/// How a kernel whose taps move is laid over an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeformConv<'a> {
    /// How it moves where nothing is offset.
    pub conv: Conv<'a>,
    /// So many parts of the channels have offsets and factors of their own.
    pub groups: usize,
}

/// How a kernel moves over its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvTranspose<'a> {
    /// How far it moves.
    pub stride: &'a [usize],
    /// What is taken off the output.
    pub padding: &'a [(usize, usize)],
    /// What is added at the end of the output.
    pub output_padding: &'a [usize],
    /// How far its elements are apart.
    pub dilation: &'a [usize],
    /// So many parts of the channels, which do not mix.
    pub groups: usize,
}

/// The windows of a maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxPool<'a> {
    /// Their extents.
    pub kernel: &'a [usize],
    /// How far they move.
    pub stride: &'a [usize],
    /// What is around the input, that no window takes.
    pub padding: &'a [(usize, usize)],
    /// How far their elements are apart.
    pub dilation: &'a [usize],
}

/// The windows of a mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AvgPool<'a> {
    /// Their extents.
    pub kernel: &'a [usize],
    /// How far they move.
    pub stride: &'a [usize],
    /// Zeros around the input.
    pub padding: &'a [(usize, usize)],
    /// Whether these zeros count.
    pub count_include_pad: bool,
}

/// Patches along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Along {
    /// The elements of a patch.
    pub kernel: usize,
    /// How far patches are apart.
    pub stride: usize,
    /// How far the elements of a patch are apart.
    pub dilation: usize,
}

/// How patches lie in their whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold<'a> {
    /// The spatial extents of the whole.
    pub size: &'a [usize],
    /// The extents of a patch.
    pub kernel: &'a [usize],
    /// How far patches are apart.
    pub stride: &'a [usize],
    /// What patches reach beyond the whole.
    pub padding: &'a [(usize, usize)],
    /// How far the elements of a patch are apart.
    pub dilation: &'a [usize],
}

/// How another size comes about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resize<'a> {
    /// The spatial extents that come out.
    pub size: &'a [usize],
    /// By how much the extents grew, where that and not the sizes says how far the
    /// points are apart.
    pub scale: Option<f64>,
    /// How values in between are found. The mean, `Area`, is
    /// [`Engine::adaptive_avg_pool`](super::Engine::adaptive_avg_pool) and never here.
    pub mode: Interpolation,
    /// Whether the corners of both are the same points.
    pub align_corners: bool,
}

/// What is learned after a normalisation.
#[derive(Clone, Debug)]
pub struct Norm<V> {
    /// What is added to the variance.
    pub eps: f64,
    /// The scale.
    pub weight: Option<V>,
    /// The shift.
    pub bias: Option<V>,
}

/// The tensors of one direction of a recurrent layer, the gates in PyTorch's order.
#[derive(Clone, Debug)]
pub struct Direction<V> {
    /// Whether it goes from the last step to the first.
    pub reverse: bool,
    /// `gates*H x F`.
    pub weight_ih: V,
    /// `gates*H x S`.
    pub weight_hh: V,
    /// `gates*H`.
    pub bias_ih: Option<V>,
    /// `gates*H`.
    pub bias_hh: Option<V>,
    /// `S x H`: the projection of the hidden state, which has S features then and
    /// otherwise H.
    pub weight_hr: Option<V>,
}

/// What a recurrent layer gives for D directions.
#[derive(Clone, Debug)]
pub struct Steps<V> {
    /// The hidden state of every step: `N x L x D x S`.
    pub sequence: V,
    /// The last hidden state: `N x D x S`.
    pub hidden: V,
    /// The last cell state of an LSTM: `N x D x H`.
    pub cell: Option<V>,
}

/// A transposed convolution that takes the same off both sides of each axis, and
/// what is then cut off its output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evenly {
    /// What is taken off both sides.
    pub padding: Vec<usize>,
    /// What is added at the end.
    pub output_padding: Vec<usize>,
    /// What is cut off then, before and after.
    pub crop: Vec<(usize, usize)>,
}

impl Along {
    /// How many whole patches an axis of this extent has; none where it is shorter than
    /// one.
    #[must_use]
    pub fn count(&self, extent: usize) -> usize {
        let reach = self.kernel.saturating_sub(1).checked_mul(self.dilation);
        let rest = reach.and_then(|reach| extent.checked_sub(reach.checked_add(1)?));
        rest.map_or(0, |rest| rest / self.stride.max(1) + 1)
    }
}

impl ConvTranspose<'_> {
    /// The same with as much taken off before as after, for engines that know no
    /// other.
    ///
    /// ```
    /// use shapewise_lower::ConvTranspose;
    ///
    /// let options = ConvTranspose {
    ///     stride: &[2],
    ///     padding: &[(1, 0)],
    ///     output_padding: &[0],
    ///     dilation: &[1],
    ///     groups: 1,
    /// };
    /// let even = options.evenly();
    /// assert_eq!((even.padding, even.crop), (vec![0], vec![(1, 0)]));
    /// ```
    #[must_use]
    pub fn evenly(&self) -> Evenly {
        let mut even = Evenly {
            padding: vec![],
            output_padding: vec![],
            crop: vec![],
        };
        for (&(before, after), &more) in self.padding.iter().zip(self.output_padding) {
            let longer = after.saturating_sub(before);
            even.padding.push(before.min(after));
            even.output_padding.push(more.saturating_sub(longer));
            even.crop
                .push((before.saturating_sub(after), longer.saturating_sub(more)));
        }
        even
    }
}
