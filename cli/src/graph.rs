//! A network as the compiler knows it becomes a graph, of which reports and engines are
//! functions.

use std::collections::HashMap;
use std::rc::Rc;

use shapewise_compiler::graph::{Node, Ready, Resolved};
use shapewise_core::graph::{Draft, Statement, Step};
use shapewise_core::layer::custom::MAX_RESULTS;
use shapewise_core::{Custom, Graph};

/// The graph of a network; nothing where only rustc knows what it is.
pub(crate) fn of(resolved: &Resolved) -> Option<&'static Graph> {
    Graphs::default().of(resolved)
}

/// The graphs of networks that are layers, each once.
#[derive(Default)]
struct Graphs {
    known: HashMap<*const Resolved, &'static Graph>,
}

impl Graphs {
    fn of(&mut self, resolved: &Resolved) -> Option<&'static Graph> {
        if !is_known(resolved) {
            return None;
        }
        let mut draft = Draft::new(&resolved.name, resolved.dtype);
        for (name, value) in resolved.inputs.iter().zip(&resolved.values) {
            draft.input(name, value.shape);
        }
        for node in &resolved.nodes {
            let step = self.step(&mut draft, resolved, node)?;
            draft.layer(step).ok()?;
        }
        for (name, value) in &resolved.outputs {
            draft.value(*value)?;
            draft.output(name, *value);
        }
        for row in &resolved.statements {
            draft.statement(Statement {
                label: leaked(&row.path),
                text: leaked(&row.text),
                form: row.form,
                depth: row.depth,
                copies: row.copies,
                nodes: row.nodes,
                input: row.input,
                output: row.output,
            });
        }
        Some(draft.leak())
    }

    fn step(&mut self, draft: &mut Draft, resolved: &Resolved, node: &Node) -> Option<Step> {
        let written = &*node.step;
        let inputs = written.inputs.clone().leak();
        let path = leaked(&written.path);
        let mut step = match (&written.ready, &node.inside) {
            (Some(Ready::Network(_)), Some(inside)) => {
                let graph = self.network(inside)?;
                Step::network(draft.network(graph), inputs, node.results, path)
            }
            (Some(Ready::Network(_)), None) => return None,
            // What it costs, only rustc sees: it counts as a bound.
            (Some(Ready::Custom { .. }), _) => {
                let results = resolved.values.get(node.outputs())?;
                let (first, others) = results.split_first()?;
                let mut custom = Custom::new(first.shape);
                for other in others.iter().take(MAX_RESULTS - 1) {
                    custom = custom.result(other.shape);
                }
                let custom = Box::leak(Box::new(custom));
                Step::custom(custom, inputs, path).giving(node.results)
            }
            (None, _) => {
                let arguments = written.arguments.clone().leak();
                Step::new(written.entry, arguments, inputs, node.results, path)
            }
        };
        if let Some(owner) = written.shared {
            step = step.sharing(owner);
        }
        if !written.renamed.is_empty() {
            let renamed = written.renamed.iter();
            let pairs: Vec<(&'static str, &'static str)> = renamed
                .map(|(own, other)| (leaked(own), leaked(other)))
                .collect();
            step = step.renaming(pairs.leak());
        }
        Some(step)
    }

    fn network(&mut self, inside: &Rc<Resolved>) -> Option<&'static Graph> {
        let key = Rc::as_ptr(inside);
        if let Some(known) = self.known.get(&key) {
            return Some(known);
        }
        let graph = self.of(inside)?;
        self.known.insert(key, graph);
        Some(graph)
    }
}

fn leaked(text: &str) -> &'static str {
    text.to_owned().leak()
}

/// Whether all shapes are those that rustc gives: there are no symbols, all of them have
/// defaults, or none reaches a shape.
pub(crate) fn is_known(resolved: &Resolved) -> bool {
    let Some(symbols) = &resolved.symbols else {
        return true;
    };
    let foreign = resolved
        .nodes
        .iter()
        .any(|node| matches!(node.step.ready, Some(Ready::Network(_))) && node.inside.is_none());
    let shapes = resolved.values.iter().any(|value| value.symbolic);
    !foreign && (symbols.known || symbols.atoms.is_empty() && !shapes)
}
