//! What was compared, and what came of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

/// Counts cases by their kinds.
#[derive(Debug, Default)]
pub struct Report {
    kinds: BTreeMap<String, Kind>,
}

#[derive(Debug, Default)]
struct Kind {
    equal: usize,
    worst: f64,
    differ: Vec<String>,
    left_out: Vec<String>,
}

impl Report {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A case whose numbers are as far as this from what they should be; it is equal
    /// within `tolerance`.
    pub fn compared(&mut self, kind: &str, id: &str, gap: Result<f64, String>, tolerance: f64) {
        let kind = self.kinds.entry(kind.to_owned()).or_default();
        match gap {
            Ok(gap) if gap <= tolerance => {
                kind.equal += 1;
                kind.worst = kind.worst.max(gap);
            }
            Ok(gap) => kind.differ.push(format!("{id} is {gap:.1e} away")),
            Err(why) => kind.differ.push(format!("{id}: {why}")),
        }
    }

    /// A case that is not compared, and why.
    pub fn left_out(&mut self, kind: &str, id: &str, why: &str) {
        let kind = self.kinds.entry(kind.to_owned()).or_default();
        kind.left_out.push(format!("{id}: {why}"));
    }

    /// A line for each kind, and how many cases are equal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let (mut equal, mut all) = (0, 0);
        for (name, kind) in &self.kinds {
            let compared = kind.equal + kind.differ.len();
            equal += kind.equal;
            all += compared + kind.left_out.len();
            // Writing to a text cannot fail.
            let _ = write!(text, "{name}: {compared} compared, {} equal", kind.equal);
            if kind.equal > 0 {
                let _ = write!(text, " (within {:.1e})", kind.worst);
            }
            let _ = writeln!(text, ", {} left out", kind.left_out.len());
            for line in &kind.differ {
                let _ = writeln!(text, "    differs: {line}");
            }
            for line in &kind.left_out {
                let _ = writeln!(text, "    left out: {line}");
            }
        }
        let _ = writeln!(text, "{equal} of {all} equal");
        text
    }

    /// Prints the lines, also where what tests print is kept back.
    ///
    /// # Panics
    ///
    /// When a case differs, when more than 2% are left out, or when there is none.
    pub fn finish(&self) {
        // Only the macros that print are captured.
        let _ = std::io::stdout().lock().write_all(self.text().as_bytes());
        let count = |of: fn(&Kind) -> usize| self.kinds.values().map(of).sum::<usize>();
        let differ = count(|kind| kind.differ.len());
        let left_out = count(|kind| kind.left_out.len());
        let equal = count(|kind| kind.equal);
        assert!(equal > 0, "nothing was compared");
        assert_eq!(differ, 0, "cases differ");
        assert!(left_out * 50 <= equal + left_out, "too many are left out");
    }
}
