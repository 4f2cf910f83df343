//! What is done to a checkpoint's tensors before they are those of a network.

use crate::report::Rule;

/// How a checkpoint is read where it is not as the definition has it: what may be changed
/// on the way. By default nothing.
///
/// A [`Checker`](crate::Checker) with a reading says whether the checkpoint fits *then*, and
/// every engine loads with one.
///
/// ```
/// use shapewise_safetensors::{Reading, Rule};
///
/// // GPT-2 as `transformers` publishes it, saved out of a wrapper.
/// let reading = Reading::new()
///     .renames(Rule::Prefix)                 // `module.h.0...` is `h.0...`
///     .transposed(["*.attn.c_*", "*.mlp.c_*"]); // `Conv1D`
/// # let _ = reading;
/// ```
///
/// # Patterns
///
/// They are compared with the paths of layers and with the names of tensors in the
/// definition. A `*` stands for any text, dots too. A pattern that no weight matrix of the
/// definition matches is a finding of its own ([`Kind::Pattern`](crate::Kind::Pattern)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub(crate) any_float: bool,
    pub(crate) renames: Option<Rule>,
    pub(crate) transposed: Vec<String>,
    pub(crate) upright: Vec<String>,
}

impl Reading {
    /// Nothing is changed.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            any_float: false,
            renames: None,
            transposed: Vec::new(),
            upright: Vec::new(),
        }
    }

    /// Whether a float of another width is converted where the network has floats:
    /// `F64`, `F32`, `F16` and `BF16`. The 8-bit and smaller ones need scales and stay
    /// mismatches.
    #[must_use]
    pub const fn any_float(mut self, allowed: bool) -> Self {
        self.any_float = allowed;
        self
    }

    /// Follows the renames that a report suggests, by this rule and by those that are surer
    /// than it: [`Rule::Prefix`] takes off a wrapper's `module.`, `_orig_mod.` or `model.`,
    /// or adds it; [`Rule::Tensor`] follows all.
    #[must_use]
    pub const fn renames(mut self, rule: Rule) -> Self {
        self.renames = Some(rule);
        self
    }

    /// Matrices that the checkpoint stores with the features that come in first, as
    /// `transformers`' `Conv1D` and Keras' `Dense` do.
    ///
    /// Weights with more axes are not changed: under PyTorch's names none is published otherwise. The convolutions of
    /// Keras and Flax, height x width x in x out, have names of their own, too, and are for a program that converts them.
    #[must_use]
    pub fn transposed<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.transposed.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Square matrices that are stored as PyTorch stores them, although those near them are
    /// transposed, which would be a finding ([`Kind::Square`](crate::Kind::Square)).
    #[must_use]
    pub fn upright<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.upright.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Whether floats of another width are converted.
    #[must_use]
    pub const fn converts(&self) -> bool {
        self.any_float
    }

    /// Whether a rename by this rule is followed.
    pub(crate) fn follows(&self, rule: Rule) -> bool {
        self.renames.is_some_and(|most| rule <= most)
    }
}

/// Whether one of the patterns matches one of the texts.
pub(crate) fn any_matches(patterns: &[String], texts: [&str; 2]) -> bool {
    let mut patterns = patterns.iter();
    patterns.any(|pattern| texts.iter().any(|text| matches(pattern, text)))
}

/// Whether the whole text is the pattern, each `*` of which stands for any text: how names of
/// tensors are chosen.
///
/// ```
/// use shapewise_safetensors::matches;
///
/// assert!(matches("layer4.*.bias", "layer4.0.conv1.bias"));
/// assert!(!matches("layer4.*", "layer40"));
/// ```
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    is(pattern.as_bytes(), text.as_bytes())
}

/// Where what follows a `*` does not fit, the `*` takes one byte more; what an earlier one
/// takes need not be tried again, so that the time is at most the product of both lengths.
fn is(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    // The last star, and where the text after it began.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(byte) if *byte == text[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((place, begin)) = star else {
                    return false;
                };
                star = Some((place, begin + 1));
                at = place + 1;
                read = begin + 1;
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text) in [
            ("a.b", "a.b"),
            ("*", ""),
            ("*", "a.b"),
            ("h.*.c", "h.0.attn.c"),
            ("*.c_*", "h.0.attn.c_proj"),
            ("a*b*c", "axbxbxc"),
            ("a**", "a"),
            ("*ab", "aab"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("a.b", "a.bc"),
            ("a.b", "a."),
            ("a.b", "a_b"),
            ("h.*.c", "h.c"),
            ("*.c", "h.cd"),
            ("a*b*c", "axcxb"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
