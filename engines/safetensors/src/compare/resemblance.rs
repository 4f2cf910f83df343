//! Tensors of the right shape under another name, the most similar first.

use std::collections::HashMap;

use crate::compare::names::path_and_last;
use crate::compare::pairs::Pairs;
use crate::report::{Rename, Rule};

/// The most tensors of one shape that are compared with each other: beyond, a guess
/// would be worth little, and cost much.
const MOST: usize = 256;
/// How often what is left is looked at again.
const ROUNDS: usize = 8;

/// How similar two names are; what comes first decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Resemblance {
    same_last: bool,
    same_numbers: bool,
    /// Parts that are equal at the end.
    trailing: usize,
    /// Parts that are equal at the beginning.
    leading: usize,
}

/// Tensors of one shape, of the definition and of the checkpoint.
type Bucket = (Vec<usize>, Vec<usize>);

/// Pairs tensors of one shape that resemble each other more than any other.
pub(super) fn resolve(pairs: &mut Pairs<'_>) {
    for _ in 0..pairs.rounds(ROUNDS) {
        // The larger ones first: they are rarer, and their layers' others follow.
        let mut buckets: Vec<_> = buckets(pairs).into_iter().collect();
        buckets.sort_by_key(|(shape, _)| std::cmp::Reverse((shape.len(), shape.clone())));
        let mut changed = false;
        for (shape, (wanted, tensors)) in buckets {
            for (wanted, tensor) in best(pairs, &wanted, &tensors, shape.len() > 1) {
                changed |= take_layer(pairs, wanted, tensor);
            }
        }
        if !changed {
            return;
        }
    }
}

fn buckets(pairs: &Pairs<'_>) -> HashMap<Vec<u64>, Bucket> {
    let mut buckets: HashMap<Vec<u64>, Bucket> = HashMap::new();
    for wanted in pairs.missing() {
        let extents = pairs.wanted[wanted].shape;
        let shape = extents.as_slice().iter().map(|extent| *extent as u64);
        buckets.entry(shape.collect()).or_default().0.push(wanted);
    }
    for tensor in pairs.spare() {
        if let Some((_, tensors)) = buckets.get_mut(pairs.tensors[tensor].shape()) {
            tensors.push(tensor);
        }
    }
    buckets
}

/// The pairs of which each is the best for both sides, with no other as good.
fn best(
    pairs: &Pairs<'_>,
    wanted: &[usize],
    tensors: &[usize],
    matrices: bool,
) -> Vec<(usize, usize)> {
    if wanted.len() > MOST || tensors.len() > MOST {
        return Vec::new();
    }
    let alone = matrices && wanted.len() == 1 && tensors.len() == 1;
    let score = |wanted: usize, tensor: usize| {
        let name = &pairs.wanted[wanted].name;
        let resemblance = resemblance(name, pairs.tensors[tensor].name());
        // Vectors of one length are everywhere, and tell nothing.
        (resemblance.same_last || alone).then_some(resemblance)
    };
    let for_wanted = |wanted: usize| only_best(tensors, |tensor| score(wanted, tensor));
    let for_tensor = |tensor: usize| only_best(wanted, |wanted| score(wanted, tensor));
    wanted
        .iter()
        .filter_map(|wanted| Some((*wanted, for_wanted(*wanted)?)))
        .filter(|(wanted, tensor)| for_tensor(*tensor) == Some(*wanted))
        .collect()
}

/// The one with the highest score, when there is only one such.
fn only_best(of: &[usize], score: impl Fn(usize) -> Option<Resemblance>) -> Option<usize> {
    let mut best: Option<(Resemblance, usize)> = None;
    let mut alone = true;
    for index in of {
        let Some(score) = score(*index) else { continue };
        match best {
            Some((highest, _)) if score < highest => {}
            Some((highest, _)) if score == highest => alone = false,
            _ => (best, alone) = (Some((score, *index)), true),
        }
    }
    best.filter(|_| alone).map(|(_, index)| index)
}

fn resemblance(wanted: &str, found: &str) -> Resemblance {
    let ((path, last), (found_path, found_last)) = (path_and_last(wanted), path_and_last(found));
    let equal = |pair: &(&str, &str)| pair.0 == pair.1;
    Resemblance {
        same_last: own_name(last) == own_name(found_last),
        same_numbers: numbers_of(path).eq(numbers_of(found_path)),
        trailing: path
            .rsplit('.')
            .zip(found_path.rsplit('.'))
            .take_while(equal)
            .count(),
        leading: path
            .split('.')
            .zip(found_path.split('.'))
            .take_while(equal)
            .count(),
    }
}

fn numbers_of(path: &str) -> impl Iterator<Item = &str> {
    path.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
}

/// PyTorch's names of tensors, and what they are called elsewhere.
const ELSEWHERE: [(&str, &[&str]); 4] = [
    ("weight", &["gamma", "scale", "kernel", "embedding"]),
    ("bias", &["beta"]),
    ("running_mean", &["moving_mean", "mean"]),
    ("running_var", &["moving_variance", "moving_var", "var"]),
];

/// What PyTorch calls a tensor.
fn own_name(last: &str) -> &str {
    let own = ELSEWHERE.iter().find(|(_, others)| others.contains(&last));
    own.map_or(last, |(own, _)| own)
}

/// What a tensor of PyTorch's may be called, its own name first.
fn other_names(last: &str) -> impl Iterator<Item = &str> {
    let others = ELSEWHERE.iter().find(|(own, _)| *own == last);
    let others = others.map_or(&[][..], |(_, others)| others);
    std::iter::once(last).chain(others.iter().copied())
}

/// Pairs two tensors, and with them the others of their layers. Whether they were
/// still free.
fn take_layer(pairs: &mut Pairs<'_>, wanted: usize, tensor: usize) -> bool {
    let (path, last) = path_and_last(&pairs.wanted[wanted].name);
    let (found_path, found_last) = path_and_last(pairs.tensors[tensor].name());
    let free = pairs.missing_named(&pairs.wanted[wanted].name).is_some()
        && pairs.spare_named(pairs.tensors[tensor].name()).is_some();
    if !free {
        return false;
    }
    let mut taken = vec![(wanted, tensor)];
    if own_name(last) == own_name(found_last) {
        let others = pairs.missing_of(path).filter(|other| *other != wanted);
        taken.extend(others.filter_map(|other| {
            let (_, last) = path_and_last(&pairs.wanted[other].name);
            let mut free =
                other_names(last).filter_map(|last| pairs.spare_named(&join(found_path, last)));
            let tensor = free.next()?;
            // The same numbers in another order are the same tensor.
            let hint = pairs.wanted[other].hint(pairs.tensors[tensor].shape());
            (pairs.agree(other, tensor) || hint.is_some()).then_some((other, tensor))
        }));
    }
    for (wanted, tensor) in taken {
        take(pairs, wanted, tensor);
    }
    true
}

fn join(path: &str, last: &str) -> String {
    match path {
        "" => last.to_owned(),
        _ => format!("{path}.{last}"),
    }
}

fn take(pairs: &mut Pairs<'_>, wanted: usize, tensor: usize) {
    let (to, from) = (&pairs.wanted[wanted].name, pairs.tensors[tensor].name());
    let ((to_path, to_last), (from_path, from_last)) = (path_and_last(to), path_and_last(from));
    let of_layer = to_last == from_last && !to_path.is_empty() && !from_path.is_empty();
    let rename = if of_layer {
        Rename {
            from: format!("{from_path}."),
            to: format!("{to_path}."),
            rule: Rule::Layer,
        }
    } else {
        Rename {
            from: from.to_owned(),
            to: to.clone(),
            rule: Rule::Tensor,
        }
    };
    pairs.pair(wanted, tensor, Some(rename));
}
