//! The order in which `flatten` and `reshape` take the elements of a sequence, where it is
//! not written: as PyTorch has them, which depends on what made the sequence and on what
//! reads it.

use std::ops::Range;
use std::rc::Rc;

use shapewise_core::layer::Layout;
use shapewise_core::{Layer, Value};

use crate::graph::{Node, Resolved, Warning};
use crate::syntax::tree::Network;

/// The lint that tells where it is not known.
pub(super) const LINT: &str = "element_order";

/// The argument that says it.
const ORDER: &str = "order";

/// Gives each such layer its order; warns where PyTorch's is not known.
pub(super) fn settle(network: &Network, graph: &mut Resolved) {
    let open: Vec<usize> = (0..graph.nodes.len())
        .filter(|place| asks(graph, &graph.nodes[*place]))
        .collect();
    if open.is_empty() {
        return;
    }
    let wanted = wanted(graph);
    let inputs = vec![Layout::Unknown; graph.inputs.len()];
    let mut layouts = Layouts::new(graph, &inputs);
    let mut told: Vec<String> = Vec::new();
    let mut from = 0;
    for place in open {
        layouts.follow(graph, from..place);
        from = place;
        let node = &graph.nodes[place];
        let (made, taken) = (layouts.of(node.step.inputs[0]), wanted[node.step.output]);
        match made.with(taken) {
            Layout::ChannelsLast => take_last(&mut graph.nodes[place]),
            Layout::Any | Layout::ChannelsFirst => {}
            // A block that is called twice is one mistake.
            Layout::Unknown => {
                let key = format!("{:?}", node.step.span);
                if !network.attributes.allows(LINT) && !told.contains(&key) {
                    told.push(key);
                    let warning = warning(graph, node, made, taken);
                    graph.warnings.push(warning);
                }
            }
        }
    }
}

/// Whether a layer takes all elements one after another, in an order that is not written
/// and makes a difference.
fn asks(graph: &Resolved, node: &Node) -> bool {
    let [input] = node.step.inputs[..] else {
        return false;
    };
    node.layer.in_order(true).is_some()
        && !is_written(node)
        && matters(graph, input, node.step.output)
}

/// Whether the order is written.
fn is_written(node: &Node) -> bool {
    let mut arguments = node.step.arguments.iter();
    arguments.any(|(name, _)| *name == ORDER)
}

/// Whether the order makes a difference: not where each position keeps its channels.
fn matters(graph: &Resolved, input: usize, output: usize) -> bool {
    let (before, after) = (&graph.values[input], &graph.values[output]);
    let sequences = before.shape.rank() == 2 || after.shape.rank() == 2;
    let kept = before.shape.rank() > 1
        && after.shape.rank() > 1
        && before.shape.channels() == after.shape.channels()
        && !before.symbolic
        && !after.symbolic;
    sequences && !kept
}

/// A layer that takes the elements position by position.
fn take_last(node: &mut Node) {
    let Some(layer) = node.layer.in_order(true) else {
        return;
    };
    node.layer = layer;
    let step = Rc::make_mut(&mut node.step);
    step.arguments
        .push((ORDER, Value::Keyword("channels_last")));
    step.codes.push(None);
}

/// How PyTorch has the values of a network.
struct Layouts(Vec<Layout>);

impl Layouts {
    /// Those of the inputs are known, and none else.
    fn new(graph: &Resolved, inputs: &[Layout]) -> Self {
        let mut all = vec![Layout::Unknown; graph.values.len()];
        for (value, layout) in inputs.iter().enumerate() {
            all[value] = shaped(graph, value, *layout);
        }
        Self(all)
    }

    fn of(&self, value: usize) -> Layout {
        self.0[value]
    }

    /// Follows the flow through some of the layers, and the networks that are among them.
    fn follow(&mut self, graph: &Resolved, nodes: Range<usize>) {
        for node in &graph.nodes[nodes] {
            let inputs = node.step.inputs.iter().map(|input| self.of(*input));
            let inputs: Vec<Layout> = inputs.collect();
            let inside = node.inside.as_ref().map(|inside| {
                let mut layouts = Self::new(inside, &inputs);
                layouts.follow(inside, 0..inside.nodes.len());
                (inside, layouts)
            });
            for (result, value) in node.outputs().enumerate() {
                let output = inside.as_ref().and_then(|(inside, layouts)| {
                    let (_, output) = inside.outputs.get(result)?;
                    Some(layouts.of(*output))
                });
                let layout = output.unwrap_or_else(|| match node.step.ready {
                    Some(_) => Layout::Unknown,
                    None => node.layer.layout(&inputs),
                });
                self.0[value] = shaped(graph, value, layout);
            }
        }
    }
}

/// The layout of a value: only that of a sequence can be one or the other.
fn shaped(graph: &Resolved, value: usize, layout: Layout) -> Layout {
    let info = &graph.values[value];
    match info.shape.as_slice() {
        [] | [_] => Layout::Any,
        [length, channels] if !info.symbolic && (*length == 1 || *channels == 1) => Layout::Any,
        // It was made of vectors.
        [_, _] if layout == Layout::Any => Layout::Unknown,
        [_, _] => layout,
        _ => Layout::ChannelsFirst,
    }
}

/// How those who read the values take them: what passes on what it gets, as its own
/// readers do.
fn wanted(graph: &Resolved) -> Vec<Layout> {
    let mut wanted = vec![Layout::Any; graph.values.len()];
    for (_, output) in &graph.outputs {
        wanted[*output] = Layout::Unknown;
    }
    for node in graph.nodes.iter().rev() {
        let results = node.outputs().map(|value| match wanted[value] {
            Layout::Any => Layout::Any,
            layout => shaped(graph, value, layout),
        });
        let taken = match node.step.ready {
            Some(_) => Layout::Unknown,
            None => taken(&node.layer, results.fold(Layout::Any, Layout::with)),
        };
        for input in &node.step.inputs {
            wanted[*input] = wanted[*input].with(taken);
        }
    }
    for (value, layout) in wanted.iter_mut().enumerate() {
        if *layout != Layout::Any {
            *layout = shaped(graph, value, *layout);
        }
    }
    wanted
}

/// How a layer takes a sequence whose results are taken so.
fn taken(layer: &Layer, passed: Layout) -> Layout {
    if layer.in_order(true).is_some() {
        // Its own order is settled by itself.
        return Layout::Any;
    }
    let first = layer.layout(&[Layout::ChannelsFirst]);
    let last = layer.layout(&[Layout::ChannelsLast]);
    match (first, last) {
        // Whatever it gets, it gives what it takes.
        (one, other) if one == other => one,
        (Layout::ChannelsFirst, Layout::Unknown) => Layout::ChannelsFirst,
        (Layout::Unknown, Layout::ChannelsLast) => Layout::ChannelsLast,
        _ => passed,
    }
}

/// What is told where the order is not known: how what comes in was made, how what comes
/// out is taken.
fn warning(graph: &Resolved, node: &Node, made: Layout, taken: Layout) -> Warning {
    let (input, called) = (&graph.values[node.step.inputs[0]], &node.step.called);
    let why = match (made, taken) {
        (Layout::Unknown, _) => {
            "PyTorch may have it so, as behind a convolution (N x C x L), or position by position (N x L x F), and nothing here says which"
        }
        (_, Layout::Unknown) => {
            "what comes out may be meant so, as in front of a convolution (N x C x L), or position by position (N x L x F), and nothing here says which"
        }
        (Layout::ChannelsFirst, _) => {
            "that is how PyTorch has it, but what comes out is read position by position (N x L x F)"
        }
        _ => {
            "PyTorch has it position by position (N x L x F), but what comes out is read channel by channel (N x C x L)"
        }
    };
    Warning {
        lint: LINT,
        span: node.step.span,
        message: format!(
            "{called} takes the elements of the {} from {} channel by channel: {why}. `order = channels_first` says that this is meant, `order = channels_last` takes them position by position",
            input.display, input.origin
        ),
    }
}
