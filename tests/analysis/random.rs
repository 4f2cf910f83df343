//! Random networks, analysed a second time by brute force.

use std::collections::BTreeSet;

use proptest::prelude::*;
use shapewise::analysis::{Field, Flow, Life, Link, depth, fields, lives, peak, place};
use shapewise::{Extents, Layer, Shape, Value, layers};

/// A network that is built while the test runs.
#[derive(Clone, Debug)]
struct Net {
    inputs: usize,
    shapes: Vec<Shape>,
    layers: Vec<(Layer, Vec<usize>)>,
    outputs: Vec<usize>,
}

impl Net {
    fn new(inputs: &[Shape]) -> Self {
        Self {
            inputs: inputs.len(),
            shapes: inputs.to_vec(),
            layers: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// Adds a layer with one result; `None` when it does not fit.
    fn push(
        &mut self,
        entry: &'static shapewise::catalogue::Entry,
        arguments: &[(&'static str, Value)],
        inputs: &[usize],
    ) -> Option<usize> {
        let shapes: Vec<Shape> = inputs.iter().map(|value| self.shapes[*value]).collect();
        let layer = Layer::build(entry, arguments, &shapes).ok()?;
        self.shapes.push(layer.output(&shapes, 0).ok()?);
        self.layers.push((layer, inputs.to_vec()));
        Some(self.shapes.len() - 1)
    }

    fn analyse<T>(&self, analysis: impl FnOnce(&Flow<'_>) -> T) -> T {
        let links: Vec<Link<'_>> = self
            .layers
            .iter()
            .enumerate()
            .map(|(index, (layer, inputs))| Link {
                layer,
                inputs,
                output: self.inputs + index,
                results: 1,
                macs: 1,
            })
            .collect();
        analysis(&Flow::new(self.inputs, &self.shapes, &links, &self.outputs))
    }

    fn readers(&self, value: usize) -> BTreeSet<usize> {
        let all = self.layers.iter().enumerate();
        all.filter(|(_, (_, inputs))| inputs.contains(&value))
            .map(|(node, _)| node)
            .collect()
    }

    /// The value that a value lies in the place of, told by the layer's name.
    fn parent(&self, value: usize) -> Option<usize> {
        let (layer, inputs) = self.layers.get(value.checked_sub(self.inputs)?)?;
        let name = format!("{layer:?}");
        if ["Flatten", "Dropout", "Identity"]
            .iter()
            .any(|alias| name.contains(alias))
        {
            return Some(inputs[0]);
        }
        if !(name.contains("Relu") || name.contains("Add")) {
            return None;
        }
        inputs
            .iter()
            .copied()
            .find(|input| self.only_reader(*input))
    }

    /// Whether nobody but one layer reads the value and what it is a view of.
    fn only_reader(&self, value: usize) -> bool {
        self.readers(value).len() == 1
            && !self.outputs.contains(&value)
            && self
                .parent(value)
                .is_none_or(|parent| self.only_reader(parent))
    }

    fn buffer(&self, value: usize) -> usize {
        self.parent(value)
            .map_or(value, |parent| self.buffer(parent))
    }

    /// The buffers that are needed while a layer runs.
    fn alive(&self, node: usize) -> BTreeSet<usize> {
        (0..self.shapes.len())
            .filter(|value| {
                let made = value.checked_sub(self.inputs);
                let there = made.is_none_or(|made| made <= node);
                let read = self.readers(*value).iter().any(|reader| *reader >= node);
                let new = made.unwrap_or(0) == node;
                there && (read || new || self.outputs.contains(value))
            })
            .map(|value| self.buffer(value))
            .collect()
    }

    fn elements(&self, buffers: &BTreeSet<usize>) -> u64 {
        buffers
            .iter()
            .map(|value| self.shapes[*value].elements() as u64)
            .sum()
    }
}

fn int(value: usize) -> Value {
    Value::Int(value as u64)
}

/// Vectors of few sizes, so that many fit each other.
fn memory_net() -> impl Strategy<Value = Net> {
    let step = (
        0..8_usize,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        1..4_usize,
    );
    let outputs = prop::collection::vec(any::<prop::sample::Index>(), 1..3);
    (1..3_usize, prop::collection::vec(step, 1..16), outputs).prop_map(
        |(inputs, steps, outputs)| {
            let mut net = Net::new(&vec![Shape::new(&[2]); inputs]);
            for (kind, first, second, size) in steps {
                let recent = net.shapes.len().saturating_sub(4);
                let first = recent + first.index(net.shapes.len() - recent);
                let second = second.index(net.shapes.len());
                let pushed = match kind {
                    0 | 1 => net.push(layers::linear, &[("features", int(size))], &[first]),
                    2 | 3 => net.push(layers::relu, &[], &[first]),
                    4 => net.push(layers::flatten, &[], &[first]),
                    5 => net.push(layers::dropout, &[], &[first]),
                    6 => net.push(layers::concat, &[], &[first, second]),
                    _ => net.push(layers::add, &[], &[first, second]),
                };
                // Values that do not fit each other are not added.
                let _ = pushed;
            }
            net.outputs = outputs
                .iter()
                .map(|output| output.index(net.shapes.len()))
                .collect();
            net
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn memory_is_what_a_simulation_needs(net in memory_net()) {
        let mut places = vec![Life::NONE; net.shapes.len()];
        let found = net.analyse(|flow| {
            lives(flow, &mut places);
            peak(flow, &places).unwrap()
        });
        for (value, life) in places.iter().enumerate() {
            prop_assert_eq!(life.buffer, net.buffer(value), "value {}", value);
        }
        let mut most = net.elements(&(0..net.inputs).collect());
        for node in 0..net.layers.len() {
            let expected = net.alive(node);
            let alive: BTreeSet<usize> = (0..places.len())
                .filter(|value| places[*value].buffer == *value && places[*value].covers(node))
                .collect();
            prop_assert_eq!(&alive, &expected, "at layer {}", node);
            most = most.max(net.elements(&expected));
        }
        prop_assert_eq!(found.elements, most);
    }

    #[test]
    fn what_is_alive_together_does_not_overlap(net in memory_net(), align in 1..5_usize) {
        let count = net.shapes.len();
        let mut places = vec![Life::NONE; count];
        let [mut offsets, mut order, mut next] = [vec![0; count], vec![0; count], vec![0; count]];
        let (size, bound) = net.analyse(|flow| {
            lives(flow, &mut places);
            let size = place(flow, &places, align, &mut offsets, &mut order, &mut next).unwrap();
            (size, peak(flow, &places).unwrap().elements)
        });
        prop_assert!(size as u64 >= bound);
        let mut end = 0;
        for node in 0..net.layers.len() {
            let alive: Vec<usize> = net.alive(node).into_iter().collect();
            for (i, a) in alive.iter().enumerate() {
                let a_end = offsets[*a] + net.shapes[*a].elements();
                prop_assert_eq!(offsets[*a] % align, 0);
                prop_assert!(a_end <= size);
                end = end.max(a_end.next_multiple_of(align));
                for b in &alive[i + 1..] {
                    let b_end = offsets[*b] + net.shapes[*b].elements();
                    prop_assert!(a_end <= offsets[*b] || b_end <= offsets[*a]);
                }
            }
        }
        if !net.layers.is_empty() {
            prop_assert_eq!(end, size);
        }
    }

    #[test]
    fn depth_is_the_longest_path(net in memory_net()) {
        fn longest(net: &Net, value: usize) -> usize {
            let Some(node) = value.checked_sub(net.inputs) else { return 0 };
            let (layer, inputs) = &net.layers[node];
            let before = inputs.iter().map(|input| longest(net, *input)).max().unwrap();
            before + usize::from(format!("{layer:?}").contains("Linear"))
        }
        let expected = (0..net.shapes.len()).map(|value| longest(&net, value)).max().unwrap();
        let found = net.analyse(|flow| depth(flow, &mut vec![0; net.shapes.len()]));
        prop_assert_eq!(found, expected);
    }
}

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
