//! Random networks, whose memory and depth are found a second time by brute force.

use std::collections::BTreeSet;

use proptest::prelude::*;
use shapewise::analysis::{Flow, Life, Link, depth, lives, peak, place};
use shapewise::{Counts, Layer, Shape, Value, layers};

/// A network that is built while the test runs.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    inputs: usize,
    pub(crate) shapes: Vec<Shape>,
    layers: Vec<(Layer, Vec<usize>)>,
    pub(crate) outputs: Vec<usize>,
}

impl Net {
    pub(crate) fn new(inputs: &[Shape]) -> Self {
        Self {
            inputs: inputs.len(),
            shapes: inputs.to_vec(),
            layers: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// Adds a layer with one result; `None` when it does not fit.
    pub(crate) fn push(
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

    pub(crate) fn analyse<T>(&self, analysis: impl FnOnce(&Flow<'_>) -> T) -> T {
        let links: Vec<Link<'_>> = self
            .layers
            .iter()
            .enumerate()
            .map(|(index, (layer, inputs))| Link {
                layer,
                inputs,
                output: self.inputs + index,
                results: 1,
                counts: Counts {
                    macs: 1,
                    ..Counts::ZERO
                },
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

pub(crate) fn int(value: usize) -> Value {
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
