//! Random sequence networks: what each position sees, found a second time by
//! following it to the input.

use std::collections::BTreeSet;

use proptest::prelude::*;
use shapewise::analysis::{Field, fields};
use shapewise::{Extents, Shape, Value, layers};

use super::random::{Net, int};

/// How a layer of a random sequence network was made.
#[derive(Clone, Debug)]
enum Made {
    Input,
    /// Kernel, stride, padding, dilation.
    Window([usize; 4], usize),
    /// Kernel, stride, padding.
    Spread([usize; 3], usize),
    Nearest(usize, usize),
    Same(usize),
    /// Each position is one that stood so far before it.
    Later(i64, usize),
    Joined(usize, usize),
}

#[derive(Clone, Debug)]
struct Sequence {
    net: Net,
    made: Vec<Made>,
}

impl Sequence {
    /// The positions of the input that position `at` of a value sees, as if
    /// neither had an end.
    fn seen(&self, value: usize, at: i64) -> BTreeSet<i64> {
        let from = |input: usize, positions: &mut dyn Iterator<Item = i64>| {
            positions
                .flat_map(|position| self.seen(input, position))
                .collect()
        };
        match self.made[value] {
            Made::Input => BTreeSet::from([at]),
            Made::Window([kernel, stride, padding, dilation], input) => {
                let start = at * stride as i64 - padding as i64;
                from(
                    input,
                    &mut (0..kernel).map(|tap| start + (tap * dilation) as i64),
                )
            }
            Made::Spread([kernel, stride, padding], input) => {
                // Each position of the input spreads its kernel from there on.
                let reaches = |position: &i64| {
                    let tap = at - (position * stride as i64 - padding as i64);
                    (0..kernel as i64).contains(&tap)
                };
                from(
                    input,
                    &mut (at / stride as i64 - 20..at / stride as i64 + 20).filter(reaches),
                )
            }
            Made::Nearest(scale, input) => self.seen(input, at.div_euclid(scale as i64)),
            Made::Same(input) => self.seen(input, at),
            Made::Later(by, input) => self.seen(input, at - by),
            Made::Joined(a, b) => &self.seen(a, at) | &self.seen(b, at),
        }
    }

    /// How many positions one of the input becomes.
    fn scale(&self, value: usize) -> usize {
        match self.made[value] {
            Made::Input => 1,
            Made::Window(_, input) | Made::Same(input) | Made::Later(_, input) => self.scale(input),
            Made::Spread([_, scale, _], input) | Made::Nearest(scale, input) => {
                scale * self.scale(input)
            }
            Made::Joined(a, b) => self.scale(a).max(self.scale(b)),
        }
    }

    /// How many layers made the value finer.
    fn finer(&self, value: usize) -> usize {
        match self.made[value] {
            Made::Input => 0,
            Made::Window(_, input) | Made::Same(input) | Made::Later(_, input) => self.finer(input),
            Made::Spread(_, input) | Made::Nearest(_, input) => 1 + self.finer(input),
            Made::Joined(a, b) => self.finer(a).max(self.finer(b)),
        }
    }

    /// Whether branches met on the way to a value that look at other places: around
    /// another centre from the first position on, or from the second.
    fn misaligned(&self, value: usize) -> bool {
        let centre = |value, at| {
            let seen = self.seen(value, at);
            seen.first().unwrap() + seen.last().unwrap()
        };
        match self.made[value] {
            Made::Input => false,
            Made::Window(_, input)
            | Made::Spread(_, input)
            | Made::Nearest(_, input)
            | Made::Same(input)
            | Made::Later(_, input) => self.misaligned(input),
            Made::Joined(a, b) => {
                let apart = |at| centre(a, at) != centre(b, at);
                self.misaligned(a) || self.misaligned(b) || apart(0) || apart(1)
            }
        }
    }
}

fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap()
}

fn sequence() -> impl Strategy<Value = Sequence> {
    let step = (
        0..12_usize,
        any::<prop::sample::Index>(),
        [1..4_usize, 1..3, 0..2, 1..3],
    );
    prop::collection::vec(step, 1..6).prop_map(|steps| {
        let mut net = Net::new(&[Shape::new(&[40, 2])]);
        let mut made = vec![Made::Input];
        for (kind, first, [kernel, stride, padding, dilation]) in steps {
            let last = net.shapes.len() - 1;
            let first = first.index(net.shapes.len());
            let extent = |size: usize| Value::Extents(Extents::new(&[size]));
            let window = [
                ("kernel", extent(kernel)),
                ("stride", int(stride)),
                ("padding", int(padding)),
                ("dilation", int(dilation)),
            ];
            let spread = stride + kernel - 1;
            let (pushed, how) = match kind {
                0 | 1 => {
                    let mut arguments = vec![("channels", int(2))];
                    arguments.extend(window);
                    let how = Made::Window([kernel, stride, padding, dilation], last);
                    (net.push(layers::conv, &arguments, &[last]), how)
                }
                2 => {
                    let how = Made::Window([kernel, stride, padding, dilation], last);
                    (net.push(layers::max_pool, &window, &[last]), how)
                }
                3 => {
                    let arguments = [
                        ("channels", int(2)),
                        ("kernel", extent(spread)),
                        ("stride", int(stride)),
                        ("padding", int(padding)),
                    ];
                    let how = Made::Spread([spread, stride, padding], last);
                    (net.push(layers::conv_transpose, &arguments, &[last]), how)
                }
                4 => {
                    let arguments = [("scale", int(stride + 1))];
                    let how = Made::Nearest(stride + 1, last);
                    (net.push(layers::upsample, &arguments, &[last]), how)
                }
                5 => (net.push(layers::relu, &[], &[last]), Made::Same(last)),
                6 => {
                    // So that the length stays: what is longer than others never meets them.
                    let crop = [("sides", int(kernel))];
                    let padded = net.push(layers::pad, &[("padding", int(kernel))], &[last]);
                    made.extend(padded.map(|_| Made::Later(signed(kernel), last)));
                    let last = net.shapes.len() - 1;
                    let how = Made::Later(-signed(kernel), last);
                    (net.push(layers::crop, &crop, &[last]), how)
                }
                7 | 8 => {
                    let arguments = [
                        ("shift", extent(kernel)),
                        ("reverse", Value::Bool(stride == 1)),
                    ];
                    let by = if stride == 1 { -1 } else { 1 } * signed(kernel);
                    let how = Made::Later(by, last);
                    (net.push(layers::roll, &arguments, &[last]), how)
                }
                _ => {
                    let how = Made::Joined(last, first);
                    (net.push(layers::add, &[], &[last, first]), how)
                }
            };
            if pushed.is_some() {
                made.push(how);
            }
        }
        net.outputs = vec![net.shapes.len() - 1];
        Sequence { net, made }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn receptive_fields_are_what_positions_see(sequence in sequence()) {
        let count = sequence.made.len();
        let mut places = vec![Field::NOTHING; count];
        sequence.net.analyse(|flow| fields(flow, 0, &mut places));
        for (value, field) in places.iter().enumerate() {
            let found = field.axis(0);
            let seen: Vec<BTreeSet<i64>> = (0..24).map(|at| sequence.seen(value, at)).collect();
            let span = |seen: &BTreeSet<i64>| match (seen.first(), seen.last()) {
                (Some(first), Some(last)) => usize::try_from(last - first + 1).unwrap(),
                _ => 0,
            };
            let most = seen.iter().map(span).max().unwrap();
            if sequence.finer(value) == 0 {
                prop_assert_eq!(field.misaligned, sequence.misaligned(value), "at {}", value);
            }
            if field.misaligned {
                // The largest branch, not all of them together.
                prop_assert!(most >= found.size || sequence.finer(value) > 1);
            } else if sequence.finer(value) > 1 {
                prop_assert!(found.size >= most, "{} >= {} at {}", found.size, most, value);
            } else {
                prop_assert_eq!(found.size, most, "at {}", value);
                prop_assert_eq!(-found.padding, *seen[0].first().unwrap(), "at {}", value);
                // All positions that a position of the input became are passed.
                let (stride, per) = found.stride;
                let steps = sequence.scale(value);
                let far = seen[steps].first().unwrap() - seen[0].first().unwrap();
                prop_assert_eq!(far * per as i64, (stride * steps) as i64, "at {}", value);
            }
        }
    }
}
