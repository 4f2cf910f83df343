//! An array of numbers.

/// Numbers with their extents, in the order of memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The extents of all axes.
    pub dims: Vec<usize>,
    /// The elements, the last axis fastest.
    pub numbers: Numbers,
}

/// The elements of an array.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// Floats.
    Float(Vec<f32>),
    /// Integers.
    Int(Vec<i64>),
}

impl Array {
    /// An array of floats.
    #[must_use]
    pub fn floats(dims: &[usize], values: Vec<f32>) -> Self {
        Self {
            dims: dims.to_vec(),
            numbers: Numbers::Float(values),
        }
    }

    /// The elements as doubles, which have all of them.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "indices are small")]
    pub fn doubles(&self) -> Vec<f64> {
        match &self.numbers {
            Numbers::Float(values) => values.iter().copied().map(f64::from).collect(),
            Numbers::Int(values) => values.iter().map(|&value| value as f64).collect(),
        }
    }

    /// How far it is from what it should be: the largest difference, divided by the
    /// largest number.
    ///
    /// # Errors
    ///
    /// What cannot be compared, in words.
    pub fn gap(&self, expected: &Self) -> Result<f64, String> {
        if self.dims != expected.dims {
            return Err(format!("{:?} and not {:?}", self.dims, expected.dims));
        }
        let (own, others) = (self.doubles(), expected.doubles());
        if own.len() != others.len() || own.iter().any(|value| value.is_nan()) {
            return Err("something is no number".to_owned());
        }
        let largest = others
            .iter()
            .fold(1e-3, |most: f64, value| most.max(value.abs()));
        let pairs = own.iter().zip(&others);
        Ok(pairs.fold(0.0, |most: f64, (a, b)| most.max((a - b).abs())) / largest)
    }

    /// The axes in another order: axis `i` of the result is axis `order[i]` of this.
    pub(crate) fn permuted(&self, order: &[usize]) -> Self {
        let dims: Vec<_> = order.iter().map(|&axis| self.dims[axis]).collect();
        let count: usize = dims.iter().product();
        let from = |mut index: usize| {
            let mut at = vec![0; dims.len()];
            for place in (0..dims.len()).rev() {
                at[order[place]] = index % dims[place];
                index /= dims[place];
            }
            let axes = at.iter().zip(&self.dims);
            axes.fold(0, |offset, (place, extent)| offset * extent + place)
        };
        let numbers = match &self.numbers {
            Numbers::Float(values) => Numbers::Float((0..count).map(|i| values[from(i)]).collect()),
            Numbers::Int(values) => Numbers::Int((0..count).map(|i| values[from(i)]).collect()),
        };
        Self { dims, numbers }
    }

    /// The mean of `-log_softmax(self)[target]`, the classes being the features or
    /// channels: PyTorch's `cross_entropy`.
    ///
    /// # Panics
    ///
    /// When the targets are not one for each of the positions.
    #[must_use]
    pub fn cross_entropy(&self, target: &Self) -> f64 {
        let axis = if self.dims.len() > 3 {
            1
        } else {
            self.dims.len() - 1
        };
        let mut order: Vec<_> = (0..self.dims.len())
            .filter(|place| *place != axis)
            .collect();
        order.push(axis);
        let rows = self.permuted(&order).doubles();
        let Numbers::Int(target) = &target.numbers else {
            panic!("targets are integers");
        };
        let classes = self.dims[axis];
        assert_eq!(
            rows.len(),
            target.len() * classes,
            "a target for each position"
        );
        let losses = rows.chunks(classes).zip(target).map(|(row, &target)| {
            let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = row.iter().map(|value| (value - most).exp()).sum();
            let target = usize::try_from(target).unwrap_or(usize::MAX);
            most + sum.ln() - row[target]
        });
        let count = target.len();
        #[expect(clippy::cast_precision_loss, reason = "a mean")]
        let count = count as f64;
        losses.sum::<f64>() / count
    }
}
