//! Short lists of extents: kernels, strides, paddings, the sizes of a tensor.

use core::fmt;

use crate::text::Text;

/// The most axes that a shape, a kernel or a tensor can have.
pub const MAX_RANK: usize = 5;

/// A list of up to [`MAX_RANK`] integers, one per axis: `3x3`.
///
/// ```
/// use shapewise_core::Extents;
///
/// const KERNEL: Extents = Extents::new(&[11, 11]);
/// assert_eq!(KERNEL.to_string(), "11x11");
/// assert_eq!(KERNEL.product(), Some(121));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extents {
    // Unused places hold 0, so that the derived comparison is the right one.
    pub(crate) values: [usize; MAX_RANK],
    // No smaller type: const evaluation copies values without gaps faster.
    pub(crate) len: usize,
}

impl Extents {
    /// No axes at all.
    pub const EMPTY: Self = Self {
        values: [0; MAX_RANK],
        len: 0,
    };

    /// The extents in the order given.
    ///
    /// # Panics
    ///
    /// With more than [`MAX_RANK`] values.
    #[must_use]
    pub const fn new(values: &[usize]) -> Self {
        match Self::try_new(values) {
            Some(extents) => extents,
            None => panic!("a shape or kernel has at most 5 axes"),
        }
    }

    /// The extents in the order given, or `None` with more than [`MAX_RANK`].
    #[must_use]
    pub const fn try_new(values: &[usize]) -> Option<Self> {
        let len = values.len();
        // Patterns instead of a loop: const evaluation runs this for every layer.
        let values = match *values {
            [] => [0; MAX_RANK],
            [a] => [a, 0, 0, 0, 0],
            [a, b] => [a, b, 0, 0, 0],
            [a, b, c] => [a, b, c, 0, 0],
            [a, b, c, d] => [a, b, c, d, 0],
            [a, b, c, d, e] => [a, b, c, d, e],
            _ => return None,
        };
        Some(Self { values, len })
    }

    /// The same number on each of `axes` axes.
    ///
    /// # Panics
    ///
    /// With more than [`MAX_RANK`] axes.
    #[must_use]
    pub const fn splat(value: usize, axes: usize) -> Self {
        let v = value;
        let values = match axes {
            0 => [0; MAX_RANK],
            1 => [v, 0, 0, 0, 0],
            2 => [v, v, 0, 0, 0],
            3 => [v, v, v, 0, 0],
            4 => [v, v, v, v, 0],
            MAX_RANK => [v; MAX_RANK],
            _ => panic!("a shape or kernel has at most 5 axes"),
        };
        Self { values, len: axes }
    }

    /// How many axes there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no axes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The values as a slice.
    #[must_use]
    pub const fn as_slice(&self) -> &[usize] {
        // Patterns: `split_at` is many calls for const evaluation.
        match (&self.values, self.len) {
            (_, 0) => &[],
            ([values @ .., _, _, _, _], 1) => values,
            ([values @ .., _, _, _], 2) => values,
            ([values @ .., _, _], 3) => values,
            ([values @ .., _], 4) => values,
            (values, _) => values,
        }
    }

    /// The value on `axis`; 0 beyond the last.
    #[must_use]
    pub const fn at(&self, axis: usize) -> usize {
        if axis < MAX_RANK {
            self.values[axis]
        } else {
            0
        }
    }

    /// The last value; 0 for none.
    #[must_use]
    pub const fn last(&self) -> usize {
        match self.len {
            0 => 0,
            len => self.values[len - 1],
        }
    }

    /// The same list with `value` on `axis` (unchanged when there is no such axis).
    #[must_use]
    pub const fn with(mut self, axis: usize, value: usize) -> Self {
        if axis < self.len {
            self.values[axis] = value;
        }
        self
    }

    /// The list with one more value at its end, or `None` when it is full.
    #[must_use]
    pub const fn push(mut self, value: usize) -> Option<Self> {
        if self.len == MAX_RANK {
            return None;
        }
        self.values[self.len] = value;
        self.len += 1;
        Some(self)
    }

    /// The list without its last value; the empty list as it is.
    #[must_use]
    pub const fn without_last(mut self) -> Self {
        if self.len > 0 {
            self.len -= 1;
            self.values[self.len] = 0;
        }
        self
    }

    /// The product of all values, 1 for none; `None` when it overflows.
    #[must_use]
    pub const fn product(&self) -> Option<u64> {
        let mut product: u64 = 1;
        let mut i = 0;
        while i < self.len {
            let value = self.values[i] as u64;
            if value > 1 && product > u64::MAX / value {
                return None;
            }
            product *= value;
            i += 1;
        }
        Some(product)
    }

    /// Whether both lists are the same: `==` for const contexts.
    #[must_use]
    pub const fn equals(&self, other: &Self) -> bool {
        let [a, b, c, d, e] = &self.values;
        let [f, g, h, i, j] = &other.values;
        self.len == other.len && *a == *f && *b == *g && *c == *h && *d == *i && *e == *j
    }

    /// Whether any value is 0.
    #[must_use]
    pub const fn has_zero(&self) -> bool {
        let [a, b, c, d, e] = self.values;
        match self.len {
            0 => false,
            1 => a == 0,
            2 => a == 0 || b == 0,
            3 => a == 0 || b == 0 || c == 0,
            4 => a == 0 || b == 0 || c == 0 || d == 0,
            _ => a == 0 || b == 0 || c == 0 || d == 0 || e == 0,
        }
    }
}

impl fmt::Display for Extents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Text::new();
        text.extents(self);
        f.pad(text.as_str())
    }
}

impl fmt::Debug for Extents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is added to both ends of each axis: padding or cropping per side.
///
/// ```
/// use shapewise_core::{Extents, Sides};
///
/// const BOTH: Sides = Sides::symmetric(Extents::new(&[2, 1]));
/// assert_eq!((BOTH.before().at(0), BOTH.after().at(1)), (2, 1));
/// assert!(BOTH.is_symmetric());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sides {
    before: Extents,
    after: Extents,
}

impl Sides {
    /// `before` at the start and `after` at the end of each axis. With lists of
    /// different lengths, the missing ends count as 0.
    #[must_use]
    pub const fn new(before: Extents, after: Extents) -> Self {
        Self { before, after }
    }

    /// The same at both ends of each axis.
    #[must_use]
    pub const fn symmetric(both: Extents) -> Self {
        Self {
            before: both,
            after: both,
        }
    }

    /// Nothing on any of `axes` axes.
    #[must_use]
    pub const fn none(axes: usize) -> Self {
        Self::symmetric(Extents::splat(0, axes))
    }

    /// What stands at the start of each axis.
    #[must_use]
    pub const fn before(&self) -> Extents {
        self.before
    }

    /// What stands at the end of each axis.
    #[must_use]
    pub const fn after(&self) -> Extents {
        self.after
    }

    /// What stands at the start and at the end of `axis`; 0 beyond the last.
    #[must_use]
    pub const fn at(&self, axis: usize) -> (usize, usize) {
        if axis < MAX_RANK {
            (self.before.values[axis], self.after.values[axis])
        } else {
            (0, 0)
        }
    }

    /// How many axes there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.before.len()
    }

    /// Whether there are no axes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.before.is_empty()
    }

    /// The sum of both ends of `axis`, `None` when it overflows.
    #[must_use]
    pub const fn total(&self, axis: usize) -> Option<usize> {
        self.before.at(axis).checked_add(self.after.at(axis))
    }

    /// Whether every axis has the same at both ends.
    #[must_use]
    pub const fn is_symmetric(&self) -> bool {
        self.before.equals(&self.after)
    }

    /// Whether nothing is added anywhere.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        let mut axis = 0;
        while axis < MAX_RANK {
            if self.before.at(axis) != 0 || self.after.at(axis) != 0 {
                return false;
            }
            axis += 1;
        }
        true
    }
}

impl fmt::Display for Sides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Text::new();
        text.sides(self);
        f.pad(text.as_str())
    }
}

impl fmt::Debug for Sides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Text {
    /// Adds extents: `3x3`. An extent list that begins with 0 is written
    /// `[0, 3]`, since `0x3` is a hexadecimal number.
    pub const fn extents(&mut self, extents: &Extents) -> &mut Self {
        let list = extents.is_empty() || (extents.at(0) == 0 && extents.len() > 1);
        if list {
            self.str("[");
        }
        let mut i = 0;
        while i < extents.len() {
            if i > 0 {
                self.str(if list { ", " } else { "x" });
            }
            self.size(extents.at(i));
            i += 1;
        }
        if list {
            self.str("]");
        }
        self
    }

    /// Adds what is at the sides of each axis: `2` when all are alike, `2x1`
    /// when both ends are, `[(0, 1), (0, 1)]` otherwise.
    pub const fn sides(&mut self, sides: &Sides) -> &mut Self {
        let before = sides.before();
        if sides.is_symmetric() {
            let mut alike = true;
            let mut i = 1;
            while i < before.len() {
                alike = alike && before.at(i) == before.at(0);
                i += 1;
            }
            if alike && !before.is_empty() {
                return self.size(before.at(0));
            }
            return self.extents(&before);
        }
        self.str("[");
        let mut i = 0;
        while i < sides.len() {
            self.str(if i > 0 { ", (" } else { "(" });
            self.size(before.at(i)).str(", ");
            self.size(sides.after().at(i)).str(")");
            i += 1;
        }
        self.str("]")
    }
}
