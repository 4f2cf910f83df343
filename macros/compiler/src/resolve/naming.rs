//! The paths of layers: segments joined by dots, as PyTorch names modules.

use std::collections::HashMap;

use super::Builder;
use crate::report::Error;

/// A scope that paths are made in: the network, a group, a block call, a
/// labelled structure.
#[derive(Debug)]
pub(super) struct Scope {
    /// The path of the scope itself, empty for the network.
    prefix: String,
    /// How many units it has had.
    position: usize,
    /// How often each name without a position was made.
    made: HashMap<String, usize>,
}

impl Scope {
    /// A scope at a path.
    pub(super) fn new(prefix: String) -> Self {
        Self {
            prefix,
            position: 0,
            made: HashMap::new(),
        }
    }

    fn join(&self, segment: &str) -> String {
        if self.prefix.is_empty() {
            segment.to_owned()
        } else {
            format!("{}.{segment}", self.prefix)
        }
    }
}

impl Builder<'_> {
    fn scope(&mut self) -> Option<&mut Scope> {
        self.scopes.last_mut()
    }

    /// The path of the next unit of the scope: by `segment`, or its position.
    pub(super) fn next_path(&mut self, segment: Option<&str>) -> String {
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

    /// The path of what is named within the scope but is no unit: a label.
    pub(super) fn label_path(&mut self, segment: &str) -> String {
        self.scope()
            .map_or_else(String::new, |scope| scope.join(segment))
    }

    /// A path for a layer that is not written, such as the addition of a
    /// residual: its kind, numbered from the second on.
    pub(super) fn implicit_path(&mut self, kind: &str) -> String {
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

    /// Tells of two layers with tensors of one name.
    pub(super) fn names_of_tensors(&mut self) {
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut errors = Vec::new();
        for (index, node) in self.graph.nodes.iter().enumerate() {
            for tensor in (0..).map_while(|tensor| node.layer.tensor(tensor)) {
                let renamed = node.renamed.iter().find(|(own, _)| tensor.name.is(own));
                let name = match renamed {
                    Some((_, other)) => format!("{}.{other}", node.path),
                    None if tensor.name.is_bare() => node.path.clone(),
                    None => format!("{}.{}", node.path, tensor.name),
                };
                if let Some(other) = names.insert(name.clone(), index) {
                    let (first, second) = (self.graph.nodes[other].entry.name, node.entry.name);
                    errors.push(
                        Error::new(
                            node.span,
                            format!(
                                "two layers have a tensor `{name}`: a `{first}` and this `{second}`"
                            ),
                        )
                        .help("give one of them another label, or `#[name = \"...\"]`"),
                    );
                    break;
                }
            }
        }
        for error in errors {
            self.tell(error);
        }
    }

    /// Runs a part of the walk inside of a scope of its own.
    pub(super) fn in_scope<T>(&mut self, prefix: String, walk: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(Scope::new(prefix));
        let result = walk(self);
        self.scopes.pop();
        result
    }
}
