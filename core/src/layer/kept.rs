//! What a layer keeps for the backward pass.

use crate::layer::{Layer, MAX_INPUTS};
use crate::shape::Shape;

/// By which rules the backward pass is prepared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Autograd {
    /// PyTorch's eager mode on a CPU, as it was measured: attention without dropout is one
    /// kernel, with dropout it keeps its score matrix; a dropout keeps its noise as numbers.
    #[default]
    Eager,
    /// Every function for itself, as Korthikanti et al. 2022 count: attention keeps its score
    /// matrix; a mask takes a byte.
    Unfused,
    /// Kernels of a GPU: attention keeps no score matrix; a mask takes a byte.
    Fused,
}

impl Autograd {
    /// All of them, by their names in the language.
    pub const ALL: [(&'static str, Self); 3] = [
        ("eager", Self::Eager),
        ("unfused", Self::Unfused),
        ("fused", Self::Fused),
    ];

    /// Its name in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eager => "eager",
            Self::Unfused => "unfused",
            Self::Fused => "fused",
        }
    }
}

/// What a layer is asked for: the rules, and how many samples pass at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backward {
    /// The rules.
    pub autograd: Autograd,
    /// The samples of a batch.
    pub samples: u64,
    /// The bytes of an element of the network's type.
    pub width: u64,
    /// Whether the score matrices of attention are computed again instead of kept.
    pub again: bool,
}

impl Backward {
    /// PyTorch's eager mode, of one sample in a type of so many bytes.
    #[must_use]
    pub const fn eager(width: u64) -> Self {
        Self {
            autograd: Autograd::Eager,
            samples: 1,
            width,
            again: false,
        }
    }

    /// So many for each sample; the largest number where the product does not fit 64 bits.
    #[must_use]
    pub const fn count(&self, factors: &[u64]) -> u64 {
        let mut count = self.samples;
        let mut i = 0;
        while i < factors.len() {
            count = count.saturating_mul(factors[i]);
            i += 1;
        }
        count
    }

    /// The elements of a value of all samples.
    #[must_use]
    pub const fn elements(&self, shape: &Shape) -> u64 {
        match shape.checked_elements() {
            Some(elements) => self.samples.saturating_mul(elements),
            None => u64::MAX,
        }
    }

    /// The positions of a value of all samples.
    #[must_use]
    pub const fn positions(&self, shape: &Shape) -> u64 {
        match shape.positions() {
            Some(positions) => self.samples.saturating_mul(positions),
            None => u64::MAX,
        }
    }
}

/// What is kept, by the size of its elements. A sum that does not fit stays at the largest
/// number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Elements of the network's type.
    pub values: u64,
    /// Means, deviations, sums of exponentials: 4 bytes each.
    pub statistics: u64,
    /// Where maxima were found, what is looked up: 8 bytes each.
    pub indices: u64,
    /// What dropouts let through: an element of the network's type each where
    /// [`Autograd::Eager`] is followed, else a byte.
    pub masks: u64,
    /// Bytes that a kernel keeps for itself.
    pub workspace: u64,
}

impl Amounts {
    /// Nothing.
    pub const NOTHING: Self = Self {
        values: 0,
        statistics: 0,
        indices: 0,
        masks: 0,
        workspace: 0,
    };

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            values: self.values.saturating_add(other.values),
            statistics: self.statistics.saturating_add(other.statistics),
            indices: self.indices.saturating_add(other.indices),
            masks: self.masks.saturating_add(other.masks),
            workspace: self.workspace.saturating_add(other.workspace),
        }
    }

    /// All so many times.
    #[must_use]
    pub const fn times(self, factor: u64) -> Self {
        Self {
            values: self.values.saturating_mul(factor),
            statistics: self.statistics.saturating_mul(factor),
            indices: self.indices.saturating_mul(factor),
            masks: self.masks.saturating_mul(factor),
            workspace: self.workspace.saturating_mul(factor),
        }
    }

    /// All elements, whatever their size, without workspaces.
    #[must_use]
    pub const fn elements(&self) -> u64 {
        self.values
            .saturating_add(self.statistics)
            .saturating_add(self.indices)
            .saturating_add(self.masks)
    }

    /// The bytes of all.
    #[must_use]
    pub const fn bytes(&self, pass: &Backward) -> u64 {
        let mask = match pass.autograd {
            Autograd::Eager => pass.width,
            Autograd::Unfused | Autograd::Fused => 1,
        };
        self.values
            .saturating_mul(pass.width)
            .saturating_add(self.statistics.saturating_mul(4))
            .saturating_add(self.indices.saturating_mul(8))
            .saturating_add(self.masks.saturating_mul(mask))
            .saturating_add(self.workspace)
    }
}

/// Whether the results of a layer are the elements of its first input, and how they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// They are elements of their own, one after the other.
    Own,
    /// They are elements of their own, in the order in which those of the input lie.
    Alike,
    /// They are elements of their own, the steps of all samples side by side.
    Steps,
    /// They are the input's.
    Same,
    /// They are the input's where these lie one after the other, else copies.
    Flat,
    /// They are the input's, with its axes in another order.
    Permuted,
    /// They are some of the input's.
    Part,
}

/// What a layer keeps for the backward pass: of what goes in and comes out, which is kept
/// once however many layers need it, and what nobody else has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The inputs that are kept, a bit each.
    pub inputs: u64,
    /// Those of them that are kept with their positions in a row: as copies where they do not
    /// lie so.
    pub rows: u64,
    /// The results that are kept, a bit each.
    pub results: u64,
    /// Whether an input is kept for the gradient of the others only.
    pub crossed: bool,
    /// Whether the kept inputs are indices.
    pub indices: bool,
    /// What is kept besides.
    pub own: Amounts,
    /// What is kept besides and is divided between devices that share the layer.
    pub split: Amounts,
    /// How the results lie.
    pub view: View,
}

impl Kept {
    /// Nothing, with a result of its own.
    pub const NOTHING: Self = Self {
        inputs: 0,
        rows: 0,
        results: 0,
        crossed: false,
        indices: false,
        own: Amounts::NOTHING,
        split: Amounts::NOTHING,
        view: View::Own,
    };

    /// The first input.
    pub const INPUT: Self = Self::NOTHING.input(0);

    /// The first result.
    pub const RESULT: Self = Self {
        results: 1,
        ..Self::NOTHING
    };

    /// With the input at a place.
    #[must_use]
    pub const fn input(mut self, place: usize) -> Self {
        if place < MAX_INPUTS {
            self.inputs |= 1 << place;
        }
        self
    }

    /// With the input at a place, its positions in a row.
    #[must_use]
    pub const fn row(mut self, place: usize) -> Self {
        self = self.input(place);
        self.rows |= self.inputs & (1 << (place % MAX_INPUTS));
        self
    }

    /// With so many elements of the network's type.
    #[must_use]
    pub const fn values(mut self, elements: u64) -> Self {
        self.own.values = self.own.values.saturating_add(elements);
        self
    }

    /// With so many statistics.
    #[must_use]
    pub const fn statistics(mut self, elements: u64) -> Self {
        self.own.statistics = self.own.statistics.saturating_add(elements);
        self
    }

    /// With so many indices.
    #[must_use]
    pub const fn indices(mut self, elements: u64) -> Self {
        self.own.indices = self.own.indices.saturating_add(elements);
        self
    }

    /// With a mask of so many elements.
    #[must_use]
    pub const fn mask(mut self, elements: u64) -> Self {
        self.own.masks = self.own.masks.saturating_add(elements);
        self
    }

    /// With results that lie so.
    #[must_use]
    pub const fn lying(mut self, view: View) -> Self {
        self.view = view;
        self
    }
}

/// What a layer holds while a sequence is continued: of each position, or whatever its length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cache {
    /// Elements of a position.
    pub elements: u64,
    /// How many of the last positions it holds, where it is not all.
    pub window: Option<u64>,
    /// Elements of a sequence, however long it is: states, and what a kernel reads again.
    pub state: u64,
}

impl Cache {
    /// Nothing.
    pub const NOTHING: Self = Self {
        elements: 0,
        window: None,
        state: 0,
    };

    /// So many elements of every position.
    #[must_use]
    pub const fn of(elements: u64) -> Self {
        Self {
            elements,
            ..Self::NOTHING
        }
    }

    /// So many elements of a sequence, however long it is.
    #[must_use]
    pub const fn state(elements: u64) -> Self {
        Self {
            state: elements,
            ..Self::NOTHING
        }
    }

    /// Of so many of the last positions, where it is not all.
    #[must_use]
    pub const fn within(mut self, window: Option<u64>) -> Self {
        self.window = window;
        self
    }
}

impl Layer {
    /// What the layer holds while a sequence is continued, position by position.
    ///
    /// ```
    /// use shapewise_core::{Layer, Shape, Value, layers};
    ///
    /// let words = [Shape::new(&[128, 1536])];
    /// let causal = [("kernel", Value::Int(4)), ("padding", Value::Keyword("causal"))];
    /// let conv1d = Layer::build(layers::depthwise_conv, &causal, &words)?;
    /// assert_eq!(conv1d.cache().state, 4 * 1536);
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    #[must_use]
    pub const fn cache(&self) -> Cache {
        match self {
            Self::Attention(attention) => attention.cache(),
            Self::Other(other) => other.cache(),
            Self::Convolution(convolution) => convolution.cache(),
            Self::Recurrent(recurrent) => recurrent.cache(),
            Self::ConvRecurrent(recurrent) => recurrent.cache(),
            Self::StateSpace(scan) => scan.cache(),
            _ => Cache::NOTHING,
        }
    }
}
