//! Transpositions and reshapes one after the other, said in as few nodes as they take.

use shapewise_lower::Dim;

use crate::value::Value;

/// Where the elements of a value are in another, of which it has all.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// The value that they are of.
    pub(crate) origin: Value,
    /// What the axes of the origin are split into, in order. None has the extent 1.
    parts: Vec<Dim>,
    /// The parts that each axis is made of.
    axes: Vec<Vec<usize>>,
    /// How many nodes there are between the two.
    pub(crate) nodes: usize,
}

/// A node that moves elements.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// To these extents.
    Reshape(Vec<Dim>),
    /// To this order of the axes.
    Transpose(Vec<usize>),
}

impl View {
    /// A value as it is.
    pub(crate) fn of(origin: &Value) -> Self {
        let mut parts = Vec::new();
        let mut axes = Vec::new();
        for dim in &origin.dims {
            axes.push(match dim {
                Dim::Size(1) => vec![],
                _ => vec![parts.len()],
            });
            parts.extend((*dim != Dim::Size(1)).then_some(*dim));
        }
        Self {
            origin: origin.clone(),
            parts,
            axes,
            nodes: 0,
        }
    }

    /// The axes in another order.
    pub(crate) fn permuted(&self, order: &[usize]) -> Self {
        Self {
            axes: order.iter().map(|&axis| self.axes[axis].clone()).collect(),
            ..self.clone()
        }
    }

    /// Other extents, where each axis is of whole parts: parts are split, and those
    /// that are neighbours make an axis.
    pub(crate) fn reshaped(&self, dims: &[Dim]) -> Option<Self> {
        let mut parts = self.parts.clone();
        // Those that are to come, the next one last.
        let mut left = self.axes.concat();
        left.reverse();
        let mut axes: Vec<Vec<usize>> = Vec::new();
        for dim in dims {
            let mut axis = Vec::new();
            let Dim::Size(size) = dim else {
                let part = left.pop()?;
                if parts[part] != Dim::Batch {
                    return None;
                }
                axes.push(vec![part]);
                continue;
            };
            let mut wanted = *size;
            while wanted > 1 {
                let part = left.pop()?;
                let extent = parts[part].size()?;
                axis.push(part);
                if wanted.is_multiple_of(extent) {
                    wanted /= extent;
                    continue;
                }
                if !extent.is_multiple_of(wanted) {
                    return None;
                }
                parts[part] = Dim::Size(wanted);
                parts.insert(part + 1, Dim::Size(extent / wanted));
                let places = left.iter_mut().chain(axes.iter_mut().flatten());
                for place in places.chain(&mut axis).filter(|place| **place > part) {
                    *place += 1;
                }
                left.push(part + 1);
                wanted = 1;
            }
            axes.push(axis);
        }
        left.is_empty().then(|| Self {
            parts,
            axes,
            ..self.clone()
        })
    }

    /// The fewest nodes that make a value with these extents of the origin.
    pub(crate) fn steps(&self, dims: &[Dim]) -> Vec<Step> {
        let order = self.axes.concat();
        if order.is_sorted() {
            return match self.origin.dims == dims {
                true => vec![],
                false => vec![Step::Reshape(dims.to_vec())],
            };
        }
        let ways = [
            self.by_axes(&order, dims),
            self.by_results(dims),
            Some(self.by_runs(&order, dims)),
        ];
        let ways = ways.into_iter().flatten();
        ways.min_by_key(Vec::len).unwrap_or_default()
    }

    /// The order of the origin's axes in a value with these extents, if they are those of
    /// the value.
    pub(crate) fn order(&self, dims: &[Dim]) -> Option<Vec<usize>> {
        match self.by_axes(&self.axes.concat(), dims)?.pop() {
            Some(Step::Transpose(order)) => Some(order),
            _ => None,
        }
    }

    /// The axes of the origin as they are in another order, then reshaped.
    fn by_axes(&self, order: &[usize], dims: &[Dim]) -> Option<Vec<Step>> {
        // Which axis of the origin begins with a part, and how many it has.
        let mut begins = vec![None; self.parts.len()];
        let mut ones = Vec::new();
        let mut part = 0;
        for (axis, dim) in self.origin.dims.iter().enumerate() {
            let first = part;
            match dim {
                Dim::Size(1) => ones.push(axis),
                Dim::Batch => part += 1,
                Dim::Size(size) => {
                    let mut extent = 1;
                    while extent < *size {
                        extent *= self.parts.get(part)?.size()?;
                        part += 1;
                    }
                }
            }
            if part > first {
                begins[first] = Some((axis, part - first));
            }
        }
        let mut whole = Vec::new();
        let mut place = 0;
        while let Some(&part) = order.get(place) {
            let (axis, count) = begins[part]?;
            if !order
                .get(place..place + count)?
                .iter()
                .copied()
                .eq(part..part + count)
            {
                return None;
            }
            whole.push(axis);
            place += count;
        }
        // Axes of 1 go where some are wanted, or to the front.
        let mut turned = Vec::new();
        if self.origin.dims.len() == dims.len() {
            let (mut ones, mut whole) = (ones.iter(), whole.iter());
            for dim in dims {
                turned.extend(match dim {
                    Dim::Size(1) => ones.next(),
                    _ => whole.next(),
                });
            }
        }
        if turned.len() != self.origin.dims.len() {
            turned = [ones, whole].concat();
        }
        let between: Vec<_> = turned.iter().map(|&axis| self.origin.dims[axis]).collect();
        let mut steps = vec![Step::Transpose(turned)];
        steps.extend((between != dims).then(|| Step::Reshape(dims.to_vec())));
        Some(steps)
    }

    /// Reshaped to the axes that come out, then in their order.
    fn by_results(&self, dims: &[Dim]) -> Option<Vec<Step>> {
        let runs = self.axes.iter();
        if !runs.clone().all(|axis| is_run(axis)) {
            return None;
        }
        let mut places: Vec<usize> = (0..dims.len()).collect();
        // Axes of no part, which have the extent 1, come last.
        places.sort_by_key(|&place| self.axes[place].first().copied().unwrap_or(usize::MAX));
        let between = places.iter().map(|&place| dims[place]).collect();
        let mut turned = vec![0; places.len()];
        for (place, &result) in places.iter().enumerate() {
            turned[result] = place;
        }
        Some(vec![Step::Reshape(between), Step::Transpose(turned)])
    }

    /// Reshaped to as few axes as can be put in order, and reshaped again.
    fn by_runs(&self, order: &[usize], dims: &[Dim]) -> Vec<Step> {
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for &part in order {
            match runs.last_mut() {
                Some(run)
                    if run.last().is_some_and(|last| last + 1 == part)
                        && self.parts[part] != Dim::Batch
                        && self.parts[part - 1] != Dim::Batch =>
                {
                    run.push(part);
                }
                _ => runs.push(vec![part]),
            }
        }
        let mut places: Vec<usize> = (0..runs.len()).collect();
        places.sort_by_key(|&place| runs[place][0]);
        let extents = |run: &Vec<usize>| match run.as_slice() {
            [one] => self.parts[*one],
            _ => {
                let sizes = run.iter().filter_map(|&part| self.parts[part].size());
                Dim::Size(sizes.product())
            }
        };
        let before: Vec<_> = places.iter().map(|&place| extents(&runs[place])).collect();
        let after: Vec<_> = runs.iter().map(extents).collect();
        let mut turned = vec![0; places.len()];
        for (place, &run) in places.iter().enumerate() {
            turned[run] = place;
        }
        let mut steps = Vec::new();
        steps.extend((before != self.origin.dims).then_some(Step::Reshape(before)));
        steps.push(Step::Transpose(turned));
        steps.extend((after != dims).then(|| Step::Reshape(dims.to_vec())));
        steps
    }
}

/// Whether parts are neighbours, in order.
fn is_run(parts: &[usize]) -> bool {
    parts.windows(2).all(|pair| pair[0] + 1 == pair[1])
}

#[cfg(test)]
mod tests {
    use shapewise_lower::{Dim, Elements};

    use super::{Step, View};
    use crate::value::{Value, sizes};

    /// The numbers of an array after some steps.
    fn moved(dims: &[usize], steps: &[Step]) -> Vec<usize> {
        let count = dims.iter().product();
        let (mut dims, mut numbers) = (dims.to_vec(), (0..count).collect::<Vec<usize>>());
        for step in steps {
            match step {
                Step::Reshape(to) => dims = to.iter().map(|dim| dim.size().unwrap()).collect(),
                Step::Transpose(order) => {
                    let to: Vec<usize> = order.iter().map(|&axis| dims[axis]).collect();
                    let place = |mut index: usize| {
                        let mut at = vec![0; dims.len()];
                        for (axis, extent) in order.iter().zip(&to).rev() {
                            at[*axis] = index % extent;
                            index /= extent;
                        }
                        let at = at.iter().zip(&dims);
                        at.fold(0, |place, (at, extent)| place * extent + at)
                    };
                    numbers = (0..count).map(|index| numbers[place(index)]).collect();
                    dims = to;
                }
            }
        }
        numbers
    }

    fn check(from: &[usize], steps: &[Step], most: usize) {
        let origin = Value {
            name: "x".to_owned(),
            elements: Elements::Float,
            dims: sizes(from),
        };
        let mut view = View::of(&origin);
        let mut dims = origin.dims.clone();
        for step in steps {
            (view, dims) = match step {
                Step::Reshape(to) => (view.reshaped(to).expect("whole parts"), to.clone()),
                Step::Transpose(order) => (
                    view.permuted(order),
                    order.iter().map(|&axis| dims[axis]).collect(),
                ),
            };
        }
        let fewer = view.steps(&dims);
        assert!(fewer.len() <= most, "{steps:?}: {fewer:?}");
        assert_eq!(
            moved(from, &fewer),
            moved(from, steps),
            "{steps:?}: {fewer:?}"
        );
    }

    fn r(dims: &[usize]) -> Step {
        Step::Reshape(sizes(dims))
    }

    fn t(order: &[usize]) -> Step {
        Step::Transpose(order.to_vec())
    }

    #[test]
    fn moves_are_as_few_as_they_can_be_and_the_same() {
        check(&[2, 3, 4], &[t(&[1, 0, 2]), t(&[1, 0, 2])], 0);
        check(&[2, 3, 4], &[t(&[1, 0, 2]), t(&[1, 2, 0])], 1);
        check(&[2, 3, 4], &[r(&[6, 4]), r(&[2, 12])], 1);
        // Heads: apart, in front, and turned.
        check(
            &[2, 5, 12],
            &[r(&[2, 5, 3, 4]), t(&[0, 2, 1, 3]), t(&[0, 1, 3, 2])],
            2,
        );
        check(
            &[2, 5, 12],
            &[
                r(&[2, 5, 3, 1, 4]),
                t(&[0, 2, 3, 1, 4]),
                t(&[0, 1, 2, 4, 3]),
            ],
            2,
        );
        // The steps of a recurrent layer into the next, in one direction and in two.
        check(
            &[7, 1, 2, 5],
            &[t(&[2, 0, 1, 3]), r(&[2, 7, 5]), t(&[1, 0, 2])],
            1,
        );
        check(
            &[7, 2, 3, 5],
            &[t(&[2, 0, 1, 3]), r(&[3, 7, 10]), t(&[1, 0, 2])],
            2,
        );
        check(&[1, 2, 5], &[t(&[1, 0, 2])], 1);
        // Windows of an image: parts that are no neighbours make an axis.
        check(
            &[2, 6, 8, 5],
            &[
                r(&[2, 2, 3, 4, 2, 5]),
                t(&[0, 1, 3, 2, 4, 5]),
                r(&[2, 8, 6, 5]),
            ],
            3,
        );
        check(
            &[4, 6],
            &[r(&[2, 2, 6]), t(&[2, 0, 1]), r(&[6, 2, 1, 2])],
            2,
        );
        check(&[2, 3, 4], &[t(&[2, 1, 0]), r(&[12, 2])], 2);
    }

    #[test]
    fn the_batch_is_an_axis_of_its_own() {
        let origin = Value {
            name: "x".to_owned(),
            elements: Elements::Float,
            dims: vec![Dim::Batch, Dim::Size(6), Dim::Size(4)],
        };
        let view = View::of(&origin).permuted(&[2, 0, 1]);
        let dims = [Dim::Size(4), Dim::Batch, Dim::Size(2), Dim::Size(3)];
        let view = view.reshaped(&dims).expect("whole parts");
        assert_eq!(view.steps(&dims).len(), 2);
        assert!(view.reshaped(&[Dim::Size(4), Dim::Batch]).is_none());
        assert!(
            View::of(&origin)
                .reshaped(&[Dim::Batch, Dim::Size(8), Dim::Size(3)])
                .is_none()
        );
    }
}
