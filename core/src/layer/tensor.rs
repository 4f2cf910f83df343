//! The tensors that layers own.

use core::fmt;

use crate::extents::Extents;

/// A tensor that a layer owns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tensor {
    /// Its name within the layer.
    pub name: TensorName,
    /// Its extents as PyTorch stores it.
    pub extents: Extents,
    /// What it is for.
    pub role: Role,
}

/// What a tensor is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Trained: multiplied with the input.
    Weight,
    /// Trained: added.
    Bias,
    /// Not trained: running statistics. Never a parameter.
    Buffer,
}

/// The name of a tensor within its layer, as PyTorch has it: `weight`,
/// `weight_ih_l0_reverse`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TensorName {
    /// The name, or what stands before the index. A *bare* parameter (a class
    /// token, a table of positions, a scale) has the empty name: it is called
    /// by its layer's path alone.
    pub stem: &'static str,
    /// The number of the layer in a stack: `0` in `weight_ih_l0`.
    pub index: Option<usize>,
    /// What stands after the index.
    pub suffix: &'static str,
}

impl TensorName {
    /// The name of a bare parameter: nothing after the layer's path.
    pub const BARE: Self = Self::plain("");

    /// Whether the parameter is called by its layer's path alone.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        self.stem.is_empty() && self.index.is_none() && self.suffix.is_empty()
    }

    /// A name without an index.
    #[must_use]
    pub const fn plain(stem: &'static str) -> Self {
        Self {
            stem,
            index: None,
            suffix: "",
        }
    }
}

impl TensorName {
    /// Whether this is the name as text.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        let rest = text.strip_prefix(self.stem);
        match (rest, self.index) {
            (Some(rest), None) => rest == self.suffix,
            (Some(rest), Some(index)) => rest
                .strip_suffix(self.suffix)
                .is_some_and(|digits| digits.parse() == Ok(index)),
            (None, _) => false,
        }
    }
}

impl fmt::Display for TensorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.stem)?;
        if let Some(index) = self.index {
            write!(f, "{index}")?;
        }
        f.write_str(self.suffix)
    }
}

impl Tensor {
    /// A tensor with a plain name.
    #[must_use]
    pub const fn new(name: &'static str, extents: &[usize], role: Role) -> Self {
        Self {
            name: TensorName::plain(name),
            extents: Extents::new(extents),
            role,
        }
    }

    /// Whether it holds places in a table: whole numbers, which PyTorch stores as `int64` whatever
    /// the network's type is.
    #[must_use]
    pub fn is_index(&self) -> bool {
        self.name.is("relative_position_index")
    }

    /// The number of its elements, `None` when it overflows.
    #[must_use]
    pub const fn elements(&self) -> Option<u64> {
        self.extents.product()
    }
}

/// A weight and, where there is one, a bias: what most layers have.
pub(crate) const fn weight_and_bias(
    index: usize,
    weight: Extents,
    bias: Option<usize>,
) -> Option<Tensor> {
    match (index, bias) {
        (0, _) => Some(Tensor {
            name: TensorName::plain("weight"),
            extents: weight,
            role: Role::Weight,
        }),
        (1, Some(features)) => Some(Tensor::new("bias", &[features], Role::Bias)),
        _ => None,
    }
}
