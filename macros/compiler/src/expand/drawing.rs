//! A network as `core`'s drawings see it.

use shapewise_core::graph::Arguments;
use shapewise_core::graph::DType;
use shapewise_core::report::svg::{Architecture, Card, Item, Timeline, View};
use shapewise_core::{Error, Extents, Shape};

use crate::check::analysis::Analysis;
use crate::graph::Resolved;

/// A network and what was found of it.
struct Network<'g> {
    graph: &'g Resolved,
    analysis: &'g Analysis,
}

/// The architecture, to stand in a page of documentation.
pub(super) fn architecture(graph: &Resolved, analysis: &Analysis) -> String {
    let drawing = Architecture(&Network { graph, analysis }).to_string();
    // rustdoc passes on what stands in a `<div>` without a blank line.
    format!("<div>{drawing}</div>")
}

/// The memory over the layers, to stand in a page of documentation.
pub(super) fn timeline(graph: &Resolved, analysis: &Analysis) -> String {
    let drawing = Timeline {
        view: &Network { graph, analysis },
        // The architecture's style holds for the page.
        styled: false,
    };
    format!("<div>{drawing}</div>")
}

impl View for Network<'_> {
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
        let field = self.analysis.fields.get(value);
        field.map_or(Extents::new(&[]), |field| field.size())
    }

    fn alive(&self, each: &mut dyn FnMut(usize, u64)) -> Result<(), Error> {
        for (layer, elements) in &self.analysis.alive {
            each(*layer, *elements);
        }
        Ok(())
    }
}
