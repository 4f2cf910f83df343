//! The parts of a name.

/// The most places in a name where it is taken apart.
const DEEPEST: usize = 16;

/// Where the parts of a name after the first begin: each a prefix that ends in a dot,
/// and the rest.
pub(super) fn splits(name: &str) -> impl Iterator<Item = (&str, &str)> {
    name.match_indices('.')
        .take(DEEPEST)
        .map(|(dot, _)| name.split_at(dot + 1))
}

/// The numbers in a name: what stands before each, the number, and what follows it.
pub(super) fn numbers(name: &str) -> impl Iterator<Item = (&str, u64, &str)> {
    let whole = std::iter::once(("", name));
    whole.chain(splits(name)).filter_map(|(before, rest)| {
        let (number, after) = rest.split_once('.').unwrap_or((rest, ""));
        Some((before, number.parse().ok()?, after))
    })
}

/// The path of a tensor's layer, and its own name.
pub(super) fn path_and_last(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or(("", name))
}
