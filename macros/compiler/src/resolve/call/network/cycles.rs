//! Networks that are layers of each other in a circle.

use crate::resolve::MAX_DEPTH;
use crate::syntax::tree::{Body, File, Item, Network, Unit, UnitKind};

/// The way from `own` through its layer `called` back to `own`, where there is one.
pub(super) fn back(file: &File, called: &Network, own: &Network) -> Option<Vec<String>> {
    let mut path = vec![own.name.to_string()];
    reaches(file, called, own, &mut path).then_some(path)
}

fn reaches(file: &File, from: &Network, target: &Network, path: &mut Vec<String>) -> bool {
    let name = from.name.to_string();
    let arrived = from.name == target.name;
    if !arrived && path.contains(&name) {
        return false;
    }
    path.push(name);
    if arrived {
        return true;
    }
    let mut names = Vec::new();
    in_body(file, &from.body, &mut names, 0);
    let found = file
        .networks
        .iter()
        .filter(|network| names.iter().any(|name| network.name == name))
        .any(|network| reaches(file, network, target, path));
    if !found {
        path.pop();
    }
    found
}

/// The names of all that is called in a body, blocks opened.
fn in_body(file: &File, body: &Body, names: &mut Vec<String>, depth: usize) {
    for item in &body.items {
        if let Item::Statement(statement) = item {
            for unit in &statement.units {
                in_unit(file, unit, names, depth);
            }
        }
    }
}

fn in_unit(file: &File, unit: &Unit, names: &mut Vec<String>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut bodies = unit.bodies();
    if let UnitKind::Call(call) = &unit.kind {
        let name = call.name.to_string();
        if names.contains(&name) {
            return;
        }
        let blocks = file.blocks.iter().filter(|block| block.name == name);
        bodies.extend(blocks.map(|block| &block.body));
        names.push(name);
    }
    for body in bodies {
        in_body(file, body, names, depth + 1);
    }
}
