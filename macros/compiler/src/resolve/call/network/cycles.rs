//! Networks that are layers of each other in a circle.

use crate::resolve::MAX_DEPTH;
use crate::syntax::tree::{Body, File, Home, Item, Network, Unit, UnitKind};

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
    in_body(file, (Home::OWN, &from.body), &mut names, 0);
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
fn in_body(file: &File, (home, body): (Home, &Body), names: &mut Vec<String>, depth: usize) {
    for item in &body.items {
        if let Item::Statement(statement) = item {
            for unit in &statement.units {
                in_unit(file, (home, unit), names, depth);
            }
        }
    }
}

fn in_unit(file: &File, (home, unit): (Home, &Unit), names: &mut Vec<String>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    if let UnitKind::Call(call) = &unit.kind {
        let name = call.name.to_string();
        let block = file.block(home, &name);
        // What a `use` brought along calls no network of the invocation by its name.
        let seen = match block {
            Some(block) if !block.home.is_own() => return,
            _ => names.contains(&name),
        };
        if seen {
            return;
        }
        names.push(name);
        if let Some(block) = block {
            in_body(file, (block.home, &block.body), names, depth + 1);
        }
    }
    for body in unit.bodies() {
        in_body(file, (home, body), names, depth + 1);
    }
}
