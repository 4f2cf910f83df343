//! Layers that are numbered in another way: from 1 instead of 0, or without those
//! that have no parameters.

use std::collections::{BTreeMap, HashMap};

use crate::compare::names::numbers;
use crate::compare::pairs::Pairs;
use crate::report::{Rename, Rule};

/// The tensors of one number: what follows it in their names, and which they are.
type Layer<'a> = BTreeMap<&'a str, usize>;
/// The layers of a container by their numbers, by what stands before these.
type Containers<'a> = HashMap<&'a str, BTreeMap<u64, Layer<'a>>>;
/// Which tensor belongs to which of the definition.
type Moves = Vec<(usize, usize)>;

/// How often names are changed, one container at a time.
const MOST: usize = 256;

/// Pairs the layers of a container in their order where their numbers differ and
/// their tensors do not.
pub(super) fn resolve(pairs: &mut Pairs<'_>) {
    for _ in 0..pairs.rounds(MOST) {
        let Some(moves) = next(pairs) else {
            return;
        };
        for (wanted, _) in &moves {
            pairs.separate(*wanted);
        }
        for (wanted, tensor) in moves {
            if let Some(other) = pairs.taken_by(tensor) {
                pairs.separate(other);
            }
            let rename = rename(&pairs.wanted[wanted].name, pairs.tensors[tensor].name());
            pairs.pair(wanted, tensor, rename);
        }
    }
}

/// The pairs of the outermost container that is numbered in another way.
fn next(pairs: &Pairs<'_>) -> Option<Moves> {
    let mut wanted = Containers::new();
    for (index, tensor) in pairs.wanted.iter().enumerate() {
        if tensor.owner.is_some() {
            continue;
        }
        for (before, number, after) in numbers(&tensor.name) {
            let layers = wanted.entry(before).or_default();
            layers.entry(number).or_default().insert(after, index);
        }
    }
    let mut found = Containers::new();
    for index in pairs.nameable() {
        let of_copy = pairs
            .taken_by(index)
            .is_some_and(|wanted| pairs.wanted[wanted].owner.is_some());
        if of_copy {
            continue;
        }
        for (before, number, after) in numbers(pairs.called(index)) {
            if wanted.contains_key(before) {
                let layers = found.entry(before).or_default();
                layers.entry(number).or_default().insert(after, index);
            }
        }
    }
    let mut names: Vec<&str> = found.keys().copied().collect();
    names.sort_unstable_by_key(|name| (name.len(), *name));
    names
        .into_iter()
        .find_map(|name| moves(pairs, &wanted[name], &found[name]))
}

/// The layers of both sides in their order, when they are numbered in another way,
/// have tensors of the same names, and most of those the same shapes.
fn moves(
    pairs: &Pairs<'_>,
    wanted: &BTreeMap<u64, Layer<'_>>,
    found: &BTreeMap<u64, Layer<'_>>,
) -> Option<Moves> {
    if wanted.len() != found.len() {
        return None;
    }
    let mut moves = Moves::new();
    for (wanted, found) in wanted.values().zip(found.values()) {
        if !wanted.keys().eq(found.keys()) {
            return None;
        }
        moves.extend(wanted.values().copied().zip(found.values().copied()));
    }
    let mut names = moves.iter();
    if names.all(|(wanted, tensor)| pairs.wanted[*wanted].name == pairs.called(*tensor)) {
        return None;
    }
    let agreeing = moves
        .iter()
        .filter(|(wanted, tensor)| pairs.agree(*wanted, *tensor))
        .count();
    (agreeing * 2 > moves.len()).then_some(moves)
}

/// The change from one name to another that leaves alone what they end with.
fn rename(wanted: &str, found: &str) -> Option<Rename> {
    if wanted == found {
        return None;
    }
    let mut parts = wanted.rsplit('.').zip(found.rsplit('.'));
    let mut common = 0;
    while let Some((one, other)) = parts.next()
        && one == other
    {
        common += one.len() + 1;
    }
    let keep = |name: &str| {
        let end = name.len().saturating_sub(common);
        // The dot after what differs belongs to it.
        let end = if common > 0 && end > 0 { end + 1 } else { end };
        name.get(..end).unwrap_or(name).to_owned()
    };
    Some(Rename {
        from: keep(found),
        to: keep(wanted),
        rule: Rule::Number,
    })
}
