//! The paths of layers: segments joined by dots, as PyTorch names modules.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::findings::Findings;
use crate::graph::Resolved;
use crate::report::Error;

/// A scope that paths are made in: the network, a group, a block call, a
/// labelled structure.
#[derive(Debug)]
struct Scope {
    /// The path of the scope itself, empty for the network.
    prefix: String,
    /// How many units it has had.
    position: usize,
    /// How often each name without a position was made.
    made: HashMap<String, usize>,
}

impl Scope {
    /// A scope at a path.
    fn new(prefix: String) -> Self {
        Self {
            prefix,
            position: 0,
            made: HashMap::new(),
        }
    }

    fn join(&self, segment: &str) -> String {
        let segment = plain(segment);
        if self.prefix.is_empty() {
            segment.to_owned()
        } else {
            format!("{}.{segment}", self.prefix)
        }
    }
}

/// A name as others read it: what Rust writes as `r#fn` is `fn`.
pub(super) fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The scopes that lead to where the walk is, innermost last.
#[derive(Debug)]
pub(super) struct Paths {
    scopes: Vec<Scope>,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            scopes: vec![Scope::new(String::new())],
        }
    }
}

impl Paths {
    /// Goes into a scope at a path.
    pub(super) fn enter(&mut self, prefix: String) {
        self.scopes.push(Scope::new(prefix));
    }

    /// Leaves the innermost scope.
    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    fn scope(&mut self) -> Option<&mut Scope> {
        self.scopes.last_mut()
    }

    /// The path of the next unit of the scope: by `segment`, or its position.
    pub(super) fn next(&mut self, segment: Option<&str>) -> String {
        let Some(scope) = self.scope() else {
            return String::new();
        };
        let position = scope.position;
        scope.position += 1;
        match segment {
            Some(segment) => scope.join(segment),
            None => scope.join(&position.to_string()),
        }
    }

    /// The path of a unit that is named as its scope is, which takes no position.
    pub(super) fn flat(&mut self) -> String {
        self.scope()
            .map_or_else(String::new, |scope| scope.prefix.clone())
    }

    /// The path of what is named within the scope but is no unit: a label.
    pub(super) fn label(&mut self, segment: &str) -> String {
        self.scope()
            .map_or_else(String::new, |scope| scope.join(segment))
    }

    /// A path for a layer that is not written, such as the addition of a
    /// residual: its kind, numbered from the second on.
    pub(super) fn implicit(&mut self, kind: &str) -> String {
        let Some(scope) = self.scope() else {
            return String::new();
        };
        let times = scope.made.entry(kind.to_owned()).or_insert(0);
        *times += 1;
        let segment = if *times == 1 {
            kind.to_owned()
        } else {
            format!("{kind}_{times}")
        };
        scope.join(&segment)
    }
}

/// Gives each layer a path of its own: what is `#[flat]` has that of what is around it, and so may
/// several. Those that others know by their tensors keep theirs.
pub(super) fn distinct(graph: &mut Resolved) {
    let mut paths: HashSet<String> = HashSet::new();
    let (known, others): (Vec<usize>, Vec<usize>) =
        (0..graph.nodes.len()).partition(|index| graph.nodes[*index].layer.tensor(0).is_some());
    paths.extend(
        known
            .iter()
            .map(|index| graph.nodes[*index].step.path.clone()),
    );
    for index in others {
        if paths.insert(graph.nodes[index].step.path.clone()) {
            continue;
        }
        let step = &graph.nodes[index].step;
        let stem = match step.path.as_str() {
            "" => step.entry.name,
            path => path,
        };
        let mut numbered = (2..).map(|times: usize| format!("{stem}_{times}"));
        let Some(path) = numbered.find(|path| !paths.contains(path)) else {
            continue;
        };
        paths.insert(path.clone());
        Rc::make_mut(&mut graph.nodes[index].step).path = path;
    }
}

/// Tells of two layers with tensors of one name.
pub(super) fn names_of_tensors(graph: &Resolved, findings: &mut Findings) {
    let mut names: HashMap<String, usize> = HashMap::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        for tensor in (0..).map_while(|tensor| node.layer.tensor(tensor)) {
            let renamed = node
                .step
                .renamed
                .iter()
                .find(|(own, _)| tensor.name.is(own));
            let path = &node.step.path;
            let point = if path.is_empty() { "" } else { "." };
            let name = match renamed {
                Some((_, other)) => format!("{path}{point}{other}"),
                None if tensor.name.is_bare() => path.clone(),
                None => format!("{path}{point}{}", tensor.name),
            };
            if let Some(other) = names.insert(name.clone(), index) {
                let (first, second) = (graph.nodes[other].step.entry.name, node.step.entry.name);
                let error = Error::new(
                    node.step.span,
                    format!("two layers have a tensor `{name}`: a `{first}` and this `{second}`"),
                );
                findings.tell(error.help("give one of them another label, or `#[name = \"...\"]`"));
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_names_or_positions_in_the_scopes_that_lead_there() {
        let mut paths = Paths::default();
        assert_eq!(paths.next(None), "0");
        let part = paths.next(Some("part"));
        paths.enter(part);
        assert_eq!(paths.next(None), "part.0");
        // A label is no unit: it takes no position.
        assert_eq!(paths.label("fork"), "part.fork");
        assert_eq!(paths.next(None), "part.1");
        assert_eq!(
            [(); 3].map(|()| paths.implicit("add")),
            ["part.add", "part.add_2", "part.add_3"]
        );
        paths.leave();
        assert_eq!((&*paths.next(None), &*paths.implicit("add")), ("2", "add"));
        assert_eq!(paths.next(Some("r#fn")), "fn");
    }
}
