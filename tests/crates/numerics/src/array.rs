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
    /// largest number, and by no less than 1/1000.
    ///
    /// # Errors
    ///
    /// What cannot be compared, in words.
    pub fn gap(&self, expected: &Self) -> Result<f64, String> {
        self.gap_of(expected, 1e-3)
    }

    /// [`Array::gap`] of numbers that are part of something larger: divided by no less
    /// than `least`.
    ///
    /// # Errors
    ///
    /// As [`Array::gap`].
    pub fn gap_of(&self, expected: &Self, least: f64) -> Result<f64, String> {
        if self.dims != expected.dims {
            return Err(format!("{:?} and not {:?}", self.dims, expected.dims));
        }
        let (own, others) = (self.doubles(), expected.doubles());
        let mut pairs = own.iter().zip(&others);
        if own.len() != others.len() || pairs.any(|(a, b)| a.is_nan() != b.is_nan()) {
            return Err("something is no number".to_owned());
        }
        // What is no number in both has been compared.
        let numbers = || own.iter().zip(&others).filter(|(a, _)| !a.is_nan());
        let largest = numbers().fold(least, |most: f64, (_, b)| most.max(b.abs()));
        Ok(numbers().fold(0.0, |most: f64, (a, b)| most.max((a - b).abs())) / largest)
    }

    /// The axes in another order: axis `i` of the result is axis `order[i]` of this.
    ///
    /// # Panics
    ///
    /// When the order is not one of its axes.
    #[must_use]
    pub fn permuted(&self, order: &[usize]) -> Self {
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
        let (_, rows, targets) = self.classified(target);
        let losses = rows.iter().zip(&targets).map(|(row, &target)| {
            let (most, sum) = exponentials(row);
            most + sum.ln() - row[target]
        });
        losses.sum::<f64>() / mean_of(targets.len())
    }

    /// The gradient of [`Array::cross_entropy`].
    ///
    /// # Panics
    ///
    /// As [`Array::cross_entropy`].
    #[must_use]
    pub fn cross_entropy_gradient(&self, target: &Self) -> Self {
        let (order, rows, targets) = self.classified(target);
        let count = mean_of(targets.len());
        let mut values = Vec::new();
        for (row, &target) in rows.iter().zip(&targets) {
            let (most, sum) = exponentials(row);
            for (class, value) in row.iter().enumerate() {
                let share = (value - most).exp() / sum;
                let wanted = f64::from(u8::from(class == target));
                #[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
                values.push(((share - wanted) / count) as f32);
            }
        }
        let dims: Vec<_> = order.iter().map(|&axis| self.dims[axis]).collect();
        let mut back = vec![0; order.len()];
        for (place, &axis) in order.iter().enumerate() {
            back[axis] = place;
        }
        Self::floats(&dims, values).permuted(&back)
    }

    /// The axes in the order in which the classes are last, the classes of each
    /// position, and its target.
    fn classified(&self, target: &Self) -> (Vec<usize>, Vec<Vec<f64>>, Vec<usize>) {
        let rank = self.dims.len();
        let axis = if rank > 3 { 1 } else { rank - 1 };
        let mut order: Vec<_> = (0..rank).filter(|place| *place != axis).collect();
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
        let targets = target
            .iter()
            .map(|&target| usize::try_from(target).unwrap_or(usize::MAX));
        let rows = rows.chunks(classes).map(<[f64]>::to_vec);
        (order, rows.collect(), targets.collect())
    }
}

/// The largest of a row, and the sum of the exponentials of what is less than it.
fn exponentials(row: &[f64]) -> (f64, f64) {
    let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (most, row.iter().map(|value| (value - most).exp()).sum())
}

#[expect(clippy::cast_precision_loss, reason = "a mean")]
fn mean_of(count: usize) -> f64 {
    count as f64
}
