//! Names that have a prefix on one side: wrappers such as PyTorch's
//! `DataParallel` (`module.`) and `compile` (`_orig_mod.`) add one to all.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::compare::names::splits;
use crate::compare::pairs::Pairs;
use crate::report::{Rename, Rule};

/// How many tensors of the same shape a prefix must explain.
const LEAST: usize = 2;
/// The most prefixes that are looked for.
const MOST: usize = 16;

/// Pairs tensors by the prefixes that explain most of them.
pub(super) fn resolve(pairs: &mut Pairs<'_>) {
    for _ in 0..pairs.rounds(MOST) {
        let Some((from, to)) = best(pairs) else {
            return;
        };
        apply(pairs, &from, &to);
    }
}

/// The prefix that explains most tensors: how names begin in the checkpoint, and in
/// the definition. One of both is empty.
fn best(pairs: &Pairs<'_>) -> Option<(String, String)> {
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    for tensor in pairs.spare() {
        for (prefix, rest) in splits(pairs.tensors[tensor].name()) {
            let wanted = pairs.missing_named(rest);
            if wanted.is_some_and(|wanted| pairs.agree(wanted, tensor)) {
                *counts.entry((prefix, "")).or_default() += 1;
            }
        }
    }
    for wanted in pairs.missing() {
        for (prefix, rest) in splits(&pairs.wanted[wanted].name) {
            let tensor = pairs.spare_named(rest);
            if tensor.is_some_and(|tensor| pairs.agree(wanted, tensor)) {
                *counts.entry(("", prefix)).or_default() += 1;
            }
        }
    }
    let enough = counts.into_iter().filter(|(_, count)| *count >= LEAST);
    let ((from, to), _) = enough
        .max_by_key(|((from, to), count)| (*count, Reverse((from.len() + to.len(), *from, *to))))?;
    Some((from.to_owned(), to.to_owned()))
}

fn apply(pairs: &mut Pairs<'_>, from: &str, to: &str) {
    let spare: Vec<usize> = pairs.spare().collect();
    for tensor in spare {
        let Some(rest) = pairs.tensors[tensor].name().strip_prefix(from) else {
            continue;
        };
        let name = format!("{to}{rest}");
        match pairs.missing_named(&name) {
            Some(wanted) => {
                let rename = Rename {
                    from: from.to_owned(),
                    to: to.to_owned(),
                    rule: Rule::Prefix,
                };
                pairs.pair(wanted, tensor, Some(rename));
            }
            None if to.is_empty() => pairs.call(tensor, name),
            None => {}
        }
    }
}
