//! "Did you mean".

/// What to say of a name that is not among those known: the nearest, or all.
pub(crate) fn among<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    const MOST: usize = 12;
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    let near = known
        .iter()
        .map(|other| (distance(&name.to_lowercase(), &other.to_lowercase()), other))
        .filter(|(distance, other)| *distance <= (other.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance);
    if let Some((_, near)) = near {
        return format!("did you mean `{near}`?");
    }
    match known.as_slice() {
        [] => String::new(),
        all if all.len() <= MOST => format!("there are `{}`", all.join("`, `")),
        all => format!(
            "there are `{}`, and {} more",
            all[..MOST].join("`, `"),
            all.len() - MOST
        ),
    }
}

/// How many letters are to be changed, swapped, added or left out.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let swapped = i > 1 && j > 1 && a[i - 2] == b[j - 1] && a[i - 1] == b[j - 2];
                let swapped = if swapped {
                    rows[i - 2][j - 2] + 1
                } else {
                    changed
                };
                changed
                    .min(swapped)
                    .min(rows[i - 1][j] + 1)
                    .min(rows[i][j - 1] + 1)
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::among;

    #[test]
    fn the_nearest_is_named() {
        let known = ["AlexNet", "LeNet5"];
        assert_eq!(
            among("Alexnet", known.into_iter()),
            "did you mean `AlexNet`?"
        );
        assert_eq!(
            among("ResNet", known.into_iter()),
            "there are `AlexNet`, `LeNet5`"
        );
    }
}
