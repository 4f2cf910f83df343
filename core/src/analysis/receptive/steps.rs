//! A part of the input that moves with the position.
//!
//! A position q of a value sees, along an axis of an input, from
//! `first + jump*ceil((times*q + lead) / per)` up to
//! `first + jump*floor((times*q + lead + span) / per) + size - 1`. Every layer
//! keeps that form: windows change `times`, `lead` and `span`, layers with a
//! finer result also `per`; what divides is moved into `first`, `size` and
//! `jump`. Numbers that do not fit 64 bits stay at the largest that does.

use crate::layer::receptive::{Along, MAX_AXES, Moved, Reach, signed};

/// What a value sees along one axis, if it is not all or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Steps {
    first: i64,
    size: i64,
    jump: i64,
    times: i64,
    per: i64,
    lead: i64,
    span: i64,
    /// Which axis of the value moves it.
    moved: Moved,
}

impl Steps {
    /// What an input sees of itself.
    pub(super) const fn itself(axis: usize) -> Self {
        Self {
            first: 0,
            size: 1,
            jump: 1,
            times: 1,
            per: 1,
            lead: 0,
            span: 0,
            moved: Moved::By(axis),
        }
    }

    /// How far apart neighbours look, as a fraction.
    pub(super) const fn stride(&self) -> (i64, i64) {
        reduced(self.jump.saturating_mul(self.times), self.per)
    }

    /// How many positions are seen at most.
    pub(super) const fn extent(&self) -> i64 {
        self.jump
            .saturating_mul(self.span.div_euclid(self.per))
            .saturating_add(self.size)
    }

    /// The first position that position 0 sees.
    pub(super) const fn begin(&self) -> i64 {
        self.jump
            .saturating_mul(ceil(self.lead, self.per))
            .saturating_add(self.first)
    }

    /// What a layer that reads this at such places sees; nothing where that is
    /// all of the input.
    pub(super) const fn through(&self, along: &[Along; MAX_AXES]) -> Option<Self> {
        match self.moved {
            Moved::Fixed => Some(*self),
            Moved::By(axis) => match along[axis].reach {
                Reach::Whole => None,
                Reach::Steps {
                    stride,
                    per,
                    span,
                    lead,
                } => {
                    let [stride, per, span] = [signed(stride), signed(per), signed(span)];
                    let seen = self.then(stride, per, span, lead);
                    Some(seen.moved(along[axis].moved))
                }
            },
            // Where in the input the neighbours on that axis look is not known.
            Moved::Within(axis) => match along[axis].reach {
                Reach::Steps { span: 0, .. } => Some(self.moved(match along[axis].moved {
                    Moved::By(axis) => Moved::Within(axis),
                    other => other,
                })),
                _ => None,
            },
        }
    }

    const fn moved(mut self, moved: Moved) -> Self {
        self.moved = moved;
        self
    }

    /// What is seen from positions that see this from
    /// `ceil((stride*q - before) / per)` to `floor((stride*q - before + span) / per)`.
    ///
    /// Rounding down twice is rounding down once, by the product, unless `times`
    /// stands in between: then this is an upper bound.
    const fn then(&self, stride: i64, per: i64, span: i64, before: i64) -> Self {
        let mut steps = *self;
        steps.times = self.times.saturating_mul(stride);
        steps.per = self.per.saturating_mul(per);
        steps.lead = per
            .saturating_mul(self.lead)
            .saturating_sub(self.times.saturating_mul(before));
        steps.span = per
            .saturating_mul(self.span)
            .saturating_add(self.times.saturating_mul(span));
        steps.normal()
    }

    /// The same with what divides taken out of the fraction.
    const fn normal(mut self) -> Self {
        let (times, per) = reduced(self.times, self.per);
        let common = self.per / per;
        let lead = ceil(self.lead, common);
        let end = self.lead.saturating_add(self.span).div_euclid(common);
        self.times = times;
        self.per = per;
        self.lead = lead;
        self.span = at_least_zero(end.saturating_sub(lead));
        if per == 1 {
            self.first = self.begin();
            self.size = self.extent();
            self.jump = self.jump.saturating_mul(times);
            self.times = 1;
            self.lead = 0;
            self.span = 0;
        }
        self
    }

    /// Whether neighbours look equally far apart in both, around one centre.
    pub(super) const fn is_aligned(&self, other: &Self) -> bool {
        let (a, b) = (self.stride(), other.stride());
        let same_axis = match (self.moved, other.moved) {
            (Moved::By(a), Moved::By(b)) | (Moved::Within(a), Moved::Within(b)) => a == b,
            (Moved::Fixed, Moved::Fixed) => true,
            _ => false,
        };
        same_axis
            && a.0 == b.0
            && a.1 == b.1
            && self.centre().saturating_mul(other.per as i128)
                == other.centre().saturating_mul(self.per as i128)
    }

    /// Twice the centre of what position 0 sees, times `per`.
    const fn centre(&self) -> i128 {
        let steps = (self.lead as i128 * 2 + self.span as i128).saturating_mul(self.jump as i128);
        let whole = (self.first as i128 * 2 + self.size as i128 - 1) * self.per as i128;
        whole.saturating_add(steps)
    }
}

const fn ceil(number: i64, by: i64) -> i64 {
    number.saturating_neg().div_euclid(by).saturating_neg()
}

/// A fraction without common divisors.
const fn reduced(times: i64, per: i64) -> (i64, i64) {
    let (mut a, mut b) = (times, per);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (times / a, per / a)
}

const fn at_least_zero(number: i64) -> i64 {
    if number < 0 { 0 } else { number }
}
