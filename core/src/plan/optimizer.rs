//! What optimisers hold of each parameter.

use crate::layer::Layer;

/// An optimiser, by what it holds for each parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Optimizer {
    /// Gradient descent: nothing.
    Sgd,
    /// Gradient descent with momentum: one number.
    Momentum,
    /// Lion: one number.
    Lion,
    /// Adam: two numbers.
    Adam,
    /// Adam with decoupled weight decay: two numbers.
    #[default]
    AdamW,
    /// Adafactor without momentum: a number per row and per column of a matrix, one per
    /// element of a vector.
    Adafactor,
    /// Adam with states of 8 bits: two bytes, and two scales for each block of 256.
    Adam8bit,
}

impl Optimizer {
    /// All of them, by their names in the language.
    pub const ALL: [(&'static str, Self); 7] = [
        ("sgd", Self::Sgd),
        ("momentum", Self::Momentum),
        ("lion", Self::Lion),
        ("adam", Self::Adam),
        ("adamw", Self::AdamW),
        ("adafactor", Self::Adafactor),
        ("adam8bit", Self::Adam8bit),
    ];

    /// Its name in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sgd => "sgd",
            Self::Momentum => "momentum",
            Self::Lion => "lion",
            Self::Adam => "adam",
            Self::AdamW => "adamw",
            Self::Adafactor => "adafactor",
            Self::Adam8bit => "adam8bit",
        }
    }

    /// The bytes that it holds for so many parameters, numbers of `width` bytes. Those of
    /// `adafactor` follow from the shapes of tensors: `factored` is how many numbers it has.
    #[must_use]
    pub const fn bytes(self, parameters: u64, width: u64, factored: u64) -> u64 {
        match self {
            Self::Sgd => 0,
            Self::Momentum | Self::Lion => parameters.saturating_mul(width),
            Self::Adam | Self::AdamW => parameters.saturating_mul(2 * width),
            Self::Adafactor => factored.saturating_mul(width),
            Self::Adam8bit => {
                let scales = parameters.div_ceil(256).saturating_mul(8);
                parameters.saturating_mul(2).saturating_add(scales)
            }
        }
    }

    /// How many numbers `adafactor` has for the tensors of a layer, and for those of experts.
    pub(super) const fn factored(layer: &Layer) -> (u64, u64) {
        let mut sums: (u64, u64) = (0, 0);
        let mut index = 0;
        while let Some(tensor) = layer.tensor(index) {
            let of_experts =
                matches!(layer, Layer::Mixture(mixture) if mixture.is_of_experts(index));
            index += 1;
            if matches!(tensor.role, crate::layer::Role::Buffer) {
                continue;
            }
            let elements = match tensor.elements() {
                Some(elements) => elements,
                None => return (u64::MAX, u64::MAX),
            };
            let extents = tensor.extents;
            let numbers = if extents.len() < 2 {
                elements
            } else {
                let columns = extents.last() as u64;
                let rows = extents.at(extents.len() - 2) as u64;
                (elements / columns).saturating_add(elements / rows)
            };
            if of_experts {
                sums.1 = sums.1.saturating_add(numbers);
            } else {
                sums.0 = sums.0.saturating_add(numbers);
            }
        }
        sums
    }
}
