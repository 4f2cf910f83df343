//! Indices and numbers: two kinds of value. An embedding takes indices, all that calculates
//! takes numbers; what only moves elements passes either on.

use super::findings::Findings;
use crate::graph::{Node, Resolved};
use crate::report::{Error, Place};
use crate::syntax::tree::{Kind, Network};

/// What a value is made of.
#[derive(Clone, Debug)]
enum Origin {
    /// The elements of these inputs.
    Inputs(Vec<usize>),
    /// Numbers that this layer made.
    Made(usize),
    /// It is not known: a layer of elsewhere.
    Open,
}

/// Who says what an input is.
#[derive(Clone, Debug)]
struct Said {
    kind: Kind,
    by: String,
}

/// Tells of layers that take the other kind of value than comes in.
pub(super) fn check(network: &Network, graph: &Resolved, findings: &mut Findings) {
    // Without any that takes indices, all are numbers.
    let mut nodes = graph.nodes.iter();
    if network.inputs.iter().all(|port| port.kind.is_none())
        && !nodes.any(|node| node.layer.indices().is_some() || node.inside.is_some())
    {
        return;
    }
    let declared = network.inputs.iter();
    let mut said: Vec<Option<Said>> = declared
        .map(|port| {
            port.kind.map(|kind| Said {
                kind,
                by: "so it is declared".to_owned(),
            })
        })
        .collect();
    for error in wrong(graph, &mut said) {
        findings.tell(error);
    }
}

/// The kind of an input of a network inside, where it takes a kind.
fn of_input(graph: &Resolved, position: usize) -> Option<Kind> {
    let mut said = vec![None; graph.inputs.len()];
    let _ = wrong(graph, &mut said);
    said.get(position)?.as_ref().map(|said| said.kind)
}

/// What is wrong, and what the inputs are by the layers that take them.
fn wrong(graph: &Resolved, said: &mut [Option<Said>]) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut origins: Vec<Origin> = (0..graph.values.len())
        .map(|value| match value < graph.inputs.len() {
            true => Origin::Inputs(vec![value]),
            false => Origin::Open,
        })
        .collect();
    for (place, node) in graph.nodes.iter().enumerate() {
        let inputs = node.step.inputs.iter().map(|input| origins[*input].clone());
        let inputs: Vec<Origin> = inputs.collect();
        let moves = node.step.ready.is_none() && node.layer.moves();
        let gives = gives(node, place, &inputs);
        for (position, origin) in inputs.iter().enumerate() {
            let wanted = match &gives {
                Origin::Made(_) if moves => Some(Kind::Numbers),
                _ if moves => None,
                _ => takes(node, position),
            };
            let Some(wanted) = wanted else { continue };
            errors.extend(taken(graph, node, origin, wanted, said));
        }
        for value in node.outputs() {
            if let Some(origin) = origins.get_mut(value) {
                *origin = gives.clone();
            }
        }
    }
    errors
}

/// What a layer gives.
fn gives(node: &Node, place: usize, inputs: &[Origin]) -> Origin {
    if node.step.ready.is_some() {
        return Origin::Open;
    }
    if node.layer.gives_indices() {
        return Origin::Open;
    }
    if !node.layer.moves() {
        return Origin::Made(place);
    }
    let mut roots = Vec::new();
    for input in inputs {
        match input {
            Origin::Inputs(of) => roots.extend(of),
            other => return other.clone(),
        }
    }
    Origin::Inputs(roots)
}

/// The kind that a layer takes at a position, where it says one.
fn takes(node: &Node, position: usize) -> Option<Kind> {
    if let Some(inside) = &node.inside {
        return of_input(inside, position);
    }
    if node.step.ready.is_some() {
        return None;
    }
    if node.layer.takes_either(position) {
        return None;
    }
    Some(match node.layer.indices() == Some(position) {
        true => Kind::Indices,
        false => Kind::Numbers,
    })
}

/// Notes that a layer takes a value as one of the kinds; the error where it is the other.
fn taken(
    graph: &Resolved,
    node: &Node,
    origin: &Origin,
    wanted: Kind,
    said: &mut [Option<Said>],
) -> Option<Error> {
    let called = &node.step.called;
    let place: Place = node.step.place;
    match origin {
        Origin::Open => None,
        Origin::Made(_) if wanted == Kind::Numbers => None,
        Origin::Made(maker) => {
            let maker = &graph.nodes[*maker].step.called;
            let headline =
                format!("{called} takes indices, but numbers come in: {maker} made them");
            Some(Error::new(place, headline).help(
                "what is looked up enters the network: give it an input of its own, and begin with `from`",
            ))
        }
        Origin::Inputs(inputs) => inputs.iter().find_map(|input| {
            let entry = said.get_mut(*input)?;
            let Some(other) = entry else {
                *entry = Some(Said {
                    kind: wanted,
                    by: format!("{called} takes them"),
                });
                return None;
            };
            if other.kind == wanted {
                return None;
            }
            let (name, by) = (&graph.inputs[*input], &other.by);
            let headline = format!(
                "{called} takes {wanted}, but the input `{name}` holds {}: {by}",
                other.kind
            );
            Some(Error::new(place, headline).help("give the network an input for each kind"))
        }),
    }
}
