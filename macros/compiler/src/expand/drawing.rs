//! A network as `core`'s drawings see it.

use std::fmt;

use shapewise_core::graph::Arguments;
use shapewise_core::graph::DType;
use shapewise_core::report::svg::{Architecture, Card, Cost, Item, Timeline, View};
use shapewise_core::{Counts, Error, Extents, Shape, Value};

use super::amount::{Known, activations_of, amount, with};
use crate::check::analysis::Analysis;
use crate::graph::{Node, Resolved, Symbols};

/// A network and what was found of it.
pub(super) struct Drawn<'g> {
    pub(super) graph: &'g Resolved,
    pub(super) analysis: &'g Analysis,
    /// What was found in the other worlds, where it may be something else.
    others: Vec<Analysis>,
}

impl<'g> Drawn<'g> {
    pub(super) fn of(graph: &'g Resolved, analysis: &'g Analysis) -> Self {
        let open = graph.symbols.iter().filter(|symbols| !symbols.known);
        let worlds = open.flat_map(|symbols| &symbols.worlds);
        Self {
            graph,
            analysis,
            others: worlds.map(Analysis::of).collect(),
        }
    }

    /// The architecture, to stand in a page of documentation.
    pub(super) fn architecture(&self) -> String {
        // rustdoc passes on what stands in a `<div>` without a blank line.
        format!("<div>{}</div>", Architecture(self))
    }

    /// The memory over the layers, to stand in a page of documentation.
    pub(super) fn timeline(&self) -> String {
        let drawing = Timeline {
            view: self,
            // The architecture's style holds for the page.
            styled: false,
        };
        format!("<div>{drawing}</div>")
    }

    /// Whether some shape is not known: what memory is drawn for is an example.
    pub(super) fn guessed(&self) -> bool {
        self.graph.values.iter().any(|value| value.symbolic)
    }

    /// Whether cards have bars.
    pub(super) fn has_bars(&self) -> bool {
        let all = (0, self.graph.nodes.len());
        self.is_known(all, Cost::Params)
    }

    /// What the example of memory takes the unknown for.
    pub(super) fn assumptions(&self, symbols: &Symbols) -> String {
        let values = symbols.values(0);
        let mut parts = vec![with(symbols, &|index, _| values.get(index).copied())];
        let guessed = |node: &&Node| {
            let output = self.graph.values.get(node.step.output);
            node.step.ready.is_some() && output.is_some_and(|value| value.symbolic)
        };
        let guessed: Vec<String> = self
            .graph
            .nodes
            .iter()
            .filter(guessed)
            .map(|node| {
                let shape = self.graph.values[node.step.output].shape;
                format!("`{}` gave {shape}", node.step.path)
            })
            .collect();
        if !guessed.is_empty() {
            parts.push(format!("as if {}", guessed.join(" and ")));
        }
        parts.retain(|part| !part.is_empty());
        parts.join(", and ")
    }

    /// How much of the first input an element of the output sees, where it sees any and
    /// that is known.
    pub(super) fn receptive_field(&self) -> Option<Extents> {
        let field = self.analysis.receptive_field;
        let seen = !field.is_empty() && field.as_slice().iter().all(|extent| *extent > 0);
        let agreed = self
            .others
            .iter()
            .all(|other| other.receptive_field == field);
        (seen && agreed).then_some(field)
    }

    /// A figure of the layers of a card.
    fn cost(&self, layers: (usize, usize), cost: Cost) -> Known {
        match cost {
            Cost::Params => amount(self.graph, layers, &Counts::params),
            Cost::Macs => amount(self.graph, layers, &|counts| counts.macs),
            Cost::Values => activations_of(self.graph, layers, &|graph| {
                let nodes = graph.nodes.get(layers.0..layers.1)?;
                let values = nodes.iter().flat_map(Node::outputs);
                let mut elements = values.map(|value| graph.values[value].shape.checked_elements());
                elements.try_fold(0_u64, |sum, elements| sum.checked_add(elements?))
            }),
        }
    }
}

impl View for Drawn<'_> {
    fn name(&self) -> &str {
        &self.graph.name
    }

    fn dtype(&self) -> DType {
        self.graph.dtype
    }

    fn inputs(&self) -> usize {
        self.graph.inputs.len()
    }

    fn input(&self, index: usize) -> &str {
        &self.graph.inputs[index]
    }

    fn outputs(&self) -> usize {
        self.graph.outputs.len()
    }

    fn output(&self, index: usize) -> (&str, usize) {
        let (name, value) = &self.graph.outputs[index];
        (name, *value)
    }

    fn shape(&self, value: usize) -> Shape {
        self.graph.values[value].shape
    }

    fn write_shape(&self, value: usize, out: &mut dyn fmt::Write) -> fmt::Result {
        /// What is longer has no place in a drawing.
        const MOST: usize = 24;
        let info = &self.graph.values[value];
        match info.node {
            Some(node) if info.display.len() > MOST => {
                write!(out, "{}.output", self.graph.nodes[node].step.path)
            }
            _ => out.write_str(&info.display),
        }
    }

    fn is_known(&self, layers: (usize, usize), cost: Cost) -> bool {
        let known = self
            .graph
            .symbols
            .as_ref()
            .is_none_or(|symbols| symbols.known);
        known || matches!(self.cost(layers, cost), Known::Number(_))
    }

    fn write_cost(
        &self,
        layers: (usize, usize),
        cost: Cost,
        out: &mut dyn fmt::Write,
    ) -> fmt::Result {
        match self.cost(layers, cost) {
            Known::Number(number) => write!(out, "{number}"),
            Known::Text(text) => out.write_str(&text.replace('`', "")),
            Known::DependsOn(_) => Ok(()),
        }
    }

    fn write_argument(
        &self,
        layer: usize,
        argument: &str,
        value: Value,
        out: &mut dyn fmt::Write,
    ) -> fmt::Result {
        let step = &self.graph.nodes[layer].step;
        let place = step
            .arguments
            .iter()
            .position(|(name, _)| *name == argument);
        let code = place.and_then(|place| step.codes.get(place)?.as_ref());
        if code.is_none() {
            return write!(out, "{value}");
        }
        let shown = code.and_then(|known| self.graph.shown(&known.recipe));
        out.write_str(shown.as_deref().unwrap_or("…"))
    }

    fn layers(&self) -> usize {
        self.graph.nodes.len()
    }

    fn layer(&self, index: usize) -> Item<'_> {
        let node = &self.graph.nodes[index];
        Item {
            entry: node.step.entry,
            arguments: Arguments::list(&node.step.arguments),
            inputs: &node.step.inputs,
            output: node.step.output,
            results: node.results,
            counts: node.counts,
            path: &node.step.path,
        }
    }

    fn statements(&self) -> usize {
        self.graph.statements.len()
    }

    fn statement(&self, index: usize) -> Card<'_> {
        let statement = &self.graph.statements[index];
        Card {
            label: &statement.path,
            text: &statement.text,
            link: statement.constant.as_deref(),
            form: statement.form,
            depth: statement.depth,
            copies: statement.copies,
            layers: statement.nodes,
            input: statement.input,
            output: statement.output,
        }
    }

    fn sees(&self, value: usize) -> Extents {
        let of = |analysis: &Analysis| analysis.fields.get(value).map(|field| field.size());
        let field = of(self.analysis);
        let agreed = self.others.iter().all(|other| of(other) == field);
        field.filter(|_| agreed).unwrap_or(Extents::EMPTY)
    }

    fn alive(&self, each: &mut dyn FnMut(usize, u64)) -> Result<(), Error> {
        for (layer, elements) in &self.analysis.alive {
            each(*layer, *elements);
        }
        Ok(())
    }
}
