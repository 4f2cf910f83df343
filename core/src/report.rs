//! Reports: what a network looks like as a table.

use core::fmt;

use crate::graph::Graph;

/// A number with a comma between groups of three digits: `62,378,344`.
///
/// ```
/// assert_eq!(shapewise_core::report::Grouped(62_378_344).to_string(), "62,378,344");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grouped(pub u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // At most 20 digits and 6 commas.
        let mut text = [b','; 26];
        let mut first = text.len();
        let mut rest = self.0;
        let mut digits = 0;
        loop {
            if digits > 0 && digits % 3 == 0 {
                first -= 1;
            }
            first -= 1;
            text[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            digits += 1;
            if rest == 0 {
                break;
            }
        }
        f.pad_integral(
            true,
            "",
            core::str::from_utf8(&text[first..]).unwrap_or_default(),
        )
    }
}

/// The table of a network.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    graph: &'static Graph,
}

impl Summary {
    /// The table of `graph`.
    #[must_use]
    pub const fn new(graph: &'static Graph) -> Self {
        Self { graph }
    }
}
