//! The parts of a name.

/// The longest name that is compared with others part by part. Names of real tensors
/// are far shorter; the work on long ones would grow with the square of their length.
const LONGEST: usize = 256;
/// The most places in a name where it is taken apart.
const DEEPEST: usize = 16;

/// Where the parts of a name after the first begin: each a prefix that ends in a dot,
/// and the rest. None for names that are too long.
pub(super) fn splits(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let name = if name.len() > LONGEST { "" } else { name };
    name.match_indices('.')
        .take(DEEPEST)
        .map(|(dot, _)| name.split_at(dot + 1))
}

/// The numbers in a name: what stands before each, the number, and what follows it.
pub(super) fn numbers(name: &str) -> impl Iterator<Item = (&str, u64, &str)> {
    let whole = (name.len() <= LONGEST).then_some(("", name));
    whole
        .into_iter()
        .chain(splits(name))
        .filter_map(|(before, rest)| {
            let (number, after) = rest.split_once('.').unwrap_or((rest, ""));
            // `01` would not come back from a number.
            let plain = number == "0" || !number.starts_with(['0', '+']);
            let number = number.parse().ok().filter(|_| plain)?;
            Some((before, number, after))
        })
}

/// The path of a tensor's layer, and its own name.
pub(super) fn path_and_last(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or(("", name))
}
