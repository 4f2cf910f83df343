//! What `core`'s analyses say of the graph as the macro knows it.

use shapewise_core::analysis::{self, Field, Flow, Life, Link, Peak, Span, Stored};
use shapewise_core::graph::Form;
use shapewise_core::layer::Backward;
use shapewise_core::layer::custom::CustomLayer;
use shapewise_core::layer::kept::Amounts;
use shapewise_core::plan::{self, Model, Outline};
use shapewise_core::{Counts, Custom, Extents, Layer, Shape};

use super::metric::called;
use crate::graph::Resolved;

/// Memory, depth and receptive fields of a network.
#[derive(Debug)]
pub(crate) struct Analysis {
    /// The most that is alive at once; nothing when it does not fit 64 bits.
    pub peak: Option<Peak>,
    /// The elements that are alive while each layer runs, with that layer: of a
    /// network several times, once for each layer inside of it.
    pub alive: Vec<(usize, u64)>,
    /// What training keeps of one sample.
    pub kept: Amounts,
    /// The elements that each layer makes training keep, as the first that needs them.
    pub keepers: Vec<u64>,
    /// The most weighted layers on any path.
    pub depth: u64,
    /// What each of the network's values sees of the first input.
    pub fields: Vec<Field>,
    /// What the outputs see of the first input, the largest along each axis.
    pub receptive_field: Extents,
    /// The largest values that are alive at the peak, with their elements.
    largest: Vec<(Origin, u64)>,
    /// The layer at which most is alive.
    peak_layer: Option<usize>,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
enum Origin {
    /// One of the network's own values.
    Own(usize),
    /// One that is made inside of a layer that is a network.
    Inside(usize),
}

impl Analysis {
    /// Analyses a graph.
    pub(crate) fn of(graph: &Resolved) -> Self {
        let mut inline = Inline::default();
        let inputs = graph.inputs.len();
        let shapes = graph.values.iter().map(|value| value.shape);
        inline.shapes.extend(shapes.take(inputs));
        let numbers = inline.add(graph, (0..inputs).collect(), None);
        let outputs: Vec<usize> = graph
            .outputs
            .iter()
            .map(|(_, value)| numbers[*value])
            .collect();
        let links: Vec<Link<'_>> = inline.placed.iter().map(Placed::link).collect();
        let flow = &Flow::new(inputs, &inline.shapes, &links, &outputs);

        let mut lives = vec![Life::NONE; flow.values()];
        analysis::lives(flow, &mut lives);
        let peak = analysis::peak(flow, &lives).ok();
        let layers: Vec<usize> = inline.placed.iter().map(|placed| placed.own).collect();
        let mut alive = Vec::with_capacity(flow.nodes());
        // What does not fit 64 bits has been told of.
        let _ = analysis::each_alive(flow, &lives, &mut |elements| {
            alive.push((layers[alive.len()], elements));
        });
        let pass = Backward::eager(graph.dtype.bytes());
        let mut stored = vec![Stored::NONE; flow.values()];
        let kept = analysis::store(flow, &pass, false, &mut stored);
        let mut keepers = vec![0; graph.nodes.len()];
        inline.keepers(&stored, &pass, &mut keepers);
        let depth = analysis::depth(flow, &mut vec![0; flow.values()]) as u64;
        let mut fields = vec![Field::NOTHING; flow.values()];
        if inputs > 0 {
            analysis::fields(flow, 0, &mut fields);
        }
        let receptive_field = analysis::largest_output(flow, &fields).size();
        let mut values: Vec<Origin> = (0..inputs).map(Origin::Own).collect();
        for placed in &inline.placed {
            values.resize(placed.output + placed.results, Origin::Inside(placed.own));
        }
        for (own, number) in numbers.iter().enumerate().skip(inputs).rev() {
            if *number >= inputs {
                values[*number] = Origin::Own(own);
            }
        }
        let largest = peak.map_or([None; 3], |peak| peak.largest);
        let largest = largest.iter().flatten().map(|value| {
            let elements = inline.shapes[*value].checked_elements();
            (values[*value], elements.unwrap_or(u64::MAX))
        });
        Self {
            largest: largest.collect(),
            peak_layer: peak.and_then(|peak| layers.get(peak.node).copied()),
            peak,
            alive,
            kept,
            keepers,
            depth,
            fields: numbers.iter().map(|number| fields[*number]).collect(),
            receptive_field,
        }
    }

    /// The bytes of what is alive at once.
    pub(crate) fn peak_bytes(&self, graph: &Resolved) -> Option<u64> {
        self.peak?.elements.checked_mul(graph.dtype.bytes())
    }

    /// The bytes of what training keeps of one sample.
    pub(crate) fn kept_bytes(&self, graph: &Resolved) -> Option<u64> {
        let bytes = self.kept.bytes(&Backward::eager(graph.dtype.bytes()));
        (bytes < u64::MAX).then_some(bytes)
    }

    /// The elements that each layer makes training keep.
    pub(crate) fn kept(&self, graph: &Resolved) -> Vec<(u64, String)> {
        let layers = self.keepers.iter().zip(&graph.nodes);
        layers
            .map(|(elements, node)| (*elements, called(graph, node)))
            .collect()
    }

    /// The largest values that are alive at the peak, with what they are called.
    pub(crate) fn alive(&self, graph: &Resolved) -> Vec<(u64, String)> {
        self.largest
            .iter()
            .filter_map(|(value, elements)| {
                let name = match *value {
                    Origin::Inside(node) => called(graph, graph.nodes.get(node)?),
                    Origin::Own(value) => match graph.values.get(value)?.node {
                        Some(node) => called(graph, graph.nodes.get(node)?),
                        None => format!("`{}`", graph.inputs.get(value)?),
                    },
                };
                Some((*elements, name))
            })
            .collect()
    }

    /// The layer at which most is alive.
    pub(crate) fn peak_layer(&self, graph: &Resolved) -> Option<String> {
        Some(called(graph, graph.nodes.get(self.peak_layer?)?))
    }

    /// By how much each layer makes the receptive field larger, on the axis
    /// where that is most.
    pub(crate) fn growth(&self, graph: &Resolved) -> Vec<(u64, String)> {
        let size = |value: usize, axis: usize| {
            self.fields
                .get(value)
                .map_or(0, |field| field.size().at(axis))
        };
        graph
            .nodes
            .iter()
            .map(|node| {
                let more = (0..self.receptive_field.len()).map(|axis| {
                    let before = node.step.inputs.iter().map(|input| size(*input, axis));
                    size(node.step.output, axis).saturating_sub(before.max().unwrap_or(0))
                });
                (more.max().unwrap_or(0) as u64, called(graph, node))
            })
            .collect()
    }
}

/// Hands a network to a function as plans see it, with the layer of its own that each layer
/// of the model is or is inside of.
pub(crate) fn with_model<T>(graph: &Resolved, then: impl FnOnce(&Model<'_>, &[usize]) -> T) -> T {
    let mut inline = Inline::default();
    let inputs = graph.inputs.len();
    let shapes = graph.values.iter().map(|value| value.shape);
    inline.shapes.extend(shapes.take(inputs));
    let numbers = inline.add(graph, (0..inputs).collect(), None);
    let outputs = graph.outputs.iter().map(|(_, value)| numbers[*value]);
    let outputs: Vec<usize> = outputs.collect();
    let links: Vec<Link<'_>> = inline.placed.iter().map(Placed::link).collect();
    let layers: Vec<usize> = inline.placed.iter().map(|placed| placed.own).collect();
    let before = |node: usize| layers.partition_point(|own| *own < node);
    let outlines = graph.statements.iter().map(|statement| Outline {
        text: &statement.text,
        group: matches!(statement.form, Form::Group),
        depth: statement.depth,
        copies: statement.copies,
        layers: (before(statement.nodes.0), before(statement.nodes.1)),
    });
    let outlines: Vec<Outline<'_>> = outlines.collect();
    let mut pieces = vec![Span::NOTHING; layers.len()];
    let count = plan::spans(&outlines, layers.len(), &mut pieces);
    let model = Model {
        flow: Flow::new(inputs, &inline.shapes, &links, &outputs),
        spans: &pieces[..count],
    };
    then(&model, &layers)
}

/// A layer of elsewhere, of which only rustc knows more: it makes a new value, and may
/// see all of what it stands on.
static ELSEWHERE: Layer = {
    static ANY: Custom = Custom::new(Shape::new(&[1]));
    Layer::CustomLayer(CustomLayer::new(&ANY))
};

/// A network with the layers of those inside in their place.
#[derive(Default)]
struct Inline<'g> {
    shapes: Vec<Shape>,
    placed: Vec<Placed<'g>>,
}

struct Placed<'g> {
    layer: &'g Layer,
    inputs: Vec<usize>,
    output: usize,
    results: usize,
    counts: Counts,
    /// The layer of the outermost network that it is or is inside of.
    own: usize,
}

impl Placed<'_> {
    fn link(&self) -> Link<'_> {
        Link {
            layer: self.layer,
            inputs: &self.inputs,
            output: self.output,
            results: self.results,
            counts: self.counts,
        }
    }
}

impl<'g> Inline<'g> {
    /// Adds to each layer of the outermost network what is kept because of it, in elements.
    fn keepers(&self, stored: &[Stored], pass: &Backward, keepers: &mut [u64]) {
        let mut add = |layer: usize, elements: u64| {
            let own = self.placed.get(layer).map_or(0, |placed| placed.own);
            if let Some(sum) = keepers.get_mut(own) {
                *sum = sum.saturating_add(elements);
            }
        };
        for (value, place) in stored.iter().enumerate().filter(|(_, place)| place.is_kept) {
            add(place.keeper, pass.elements(&self.shapes[value]));
        }
        for (layer, placed) in self.placed.iter().enumerate() {
            if let Some(place) = stored.get(placed.output) {
                add(layer, (place.own + place.split) / pass.width.max(1));
            }
        }
    }

    /// Adds the layers of a network, whose inputs have these numbers, and which is
    /// inside of that layer; gives the numbers of all its values.
    fn add(
        &mut self,
        graph: &'g Resolved,
        mut numbers: Vec<usize>,
        inside: Option<usize>,
    ) -> Vec<usize> {
        for (index, node) in graph.nodes.iter().enumerate() {
            let inputs = node
                .step
                .inputs
                .iter()
                .map(|input| numbers[*input])
                .collect();
            let own = inside.unwrap_or(index);
            if let Some(inner) = &node.inside {
                let within = self.add(inner, inputs, Some(own));
                let results = inner.outputs.iter().take(node.results);
                numbers.extend(results.map(|(_, value)| within[*value]));
                continue;
            }
            let output = self.shapes.len();
            self.placed.push(Placed {
                layer: match node.step.ready {
                    Some(_) => &ELSEWHERE,
                    None => &node.layer,
                },
                inputs,
                output,
                results: node.results,
                counts: node.counts,
                own,
            });
            let results = node.outputs();
            for value in results {
                numbers.push(self.shapes.len());
                self.shapes.push(graph.values[value].shape);
            }
        }
        numbers
    }
}
