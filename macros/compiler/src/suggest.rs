//! "Did you mean".

/// The candidate that `word` was most likely meant to be: the nearest by edits,
/// when it is near enough.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let most = match word.chars().count() {
        0..=4 => 1,
        5 => 2,
        _ => 3,
    };
    let mut nearest = None;
    for candidate in candidates {
        let distance = distance(word, candidate);
        if distance <= most
            && distance < candidate.chars().count()
            && nearest.is_none_or(|best| (distance, candidate) < best)
        {
            nearest = Some((distance, candidate));
        }
    }
    nearest.map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours between two
/// words; case does not count.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found() {
        let names = ["conv", "max_pool", "linear", "flatten", "relu"];
        assert_eq!(nearest("covn", names), Some("conv"));
        assert_eq!(nearest("maxpool", names), Some("max_pool"));
        assert_eq!(nearest("lineer", names), Some("linear"));
        assert_eq!(nearest("ReLU", names), Some("relu"));
        assert_eq!(nearest("attention", names), None);
    }
}
