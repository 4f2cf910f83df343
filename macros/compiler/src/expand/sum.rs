//! Sums of expressions, as documentation shows them: `18*N^2 + 2*N + 448`.

use super::docs::grouped;

/// The most terms of a sum that is shown.
const MOST: usize = 5;

/// A sum of products: each with how often it is there.
#[derive(Debug, Default)]
pub(super) struct Sum {
    terms: Vec<(i128, String)>,
}

impl Sum {
    /// Adds an expression; `None` where it does not fit.
    pub(super) fn add(&mut self, expression: &str) -> Option<()> {
        let parts = split(expression, ' ');
        for (i, part) in parts.iter().copied().enumerate() {
            // `a + b - c`: a sign stands between two terms.
            if i % 2 == 1 {
                continue;
            }
            let minus = i > 0 && parts[i - 1] == "-";
            let (negative, part) = match part.strip_prefix('-') {
                Some(part) => (!minus, part),
                None => (minus, part),
            };
            let (factor, rest) = match part.split_once('*') {
                Some((factor, rest)) if number(factor).is_some() => (number(factor)?, rest),
                _ => match number(part) {
                    Some(number) => (number, ""),
                    None => (1, part),
                },
            };
            let factor = if negative { -factor } else { factor };
            match self.terms.iter_mut().find(|(_, term)| term == rest) {
                Some((known, _)) => *known = known.checked_add(factor)?,
                None => self.terms.push((factor, rest.to_owned())),
            }
        }
        Some(())
    }

    /// The sum as text, the highest powers first; `None` when it is long.
    pub(super) fn text(mut self) -> Option<String> {
        self.terms.retain(|(factor, _)| *factor != 0);
        if self.terms.len() > MOST {
            return None;
        }
        // What has the same degree stays in order.
        self.terms
            .sort_by_key(|(_, term)| std::cmp::Reverse(degree(term)));
        let mut text = String::new();
        for (factor, term) in &self.terms {
            text.push_str(match (text.is_empty(), *factor < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            });
            let size = u64::try_from(factor.unsigned_abs()).ok()?;
            match (size, term.as_str()) {
                (size, "") => text.push_str(&grouped(size)),
                (1, term) => text.push_str(term),
                (size, term) => text.push_str(&format!("{}*{term}", grouped(size))),
            }
        }
        if text.is_empty() {
            text.push('0');
        }
        Some(text)
    }
}

/// A number with separators.
fn number(text: &str) -> Option<i128> {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    digits.then(|| text.replace(',', "").parse().ok())?
}

/// How many factors a term has, each as often as its power says.
fn degree(term: &str) -> usize {
    let power = |factor: &str| match factor.split_once('^') {
        Some((_, power)) => power.parse().unwrap_or(1),
        None => usize::from(!factor.is_empty()),
    };
    split(term, '*').into_iter().map(power).sum()
}

/// The parts of a text, where parentheses are not taken apart.
fn split(text: &str, at: char) -> Vec<&str> {
    let mut depth = 0_usize;
    let parts = text.split(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && c == at
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(parts: &[&str]) -> Option<String> {
        let mut sum = Sum::default();
        for part in parts {
            sum.add(part)?;
        }
        sum.text()
    }

    #[test]
    fn terms_are_added_and_stand_in_the_order_of_their_powers() {
        assert_eq!(
            sum(&["448", "144*N", "N", "18*N^2 + 2*N", "N*M", "M"]).as_deref(),
            Some("18*N^2 + N*M + 147*N + M + 448")
        );
        assert_eq!(
            sum(&["1,000*N - 5", "2*N + 6"]).as_deref(),
            Some("1,002*N + 1")
        );
        assert_eq!(sum(&["-N^2 + 3", "-3"]).as_deref(), Some("-N^2"));
        assert_eq!(sum(&["N", "-N"]).as_deref(), Some("0"));
        assert_eq!(
            sum(&["3*min(2 * N, 10) - 1", "min(2 * N, 10)", "N^2"]).as_deref(),
            Some("N^2 + 4*min(2 * N, 10) - 1")
        );
        assert_eq!(sum(&["A", "B", "C", "D", "E", "F"]), None);
    }
}
