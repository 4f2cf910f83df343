//! What layers of the user's own compute.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::engine::{Engine, Operations};
use crate::run::Mode;

/// What a layer of the user's own is given.
#[derive(Clone, Debug)]
pub struct CustomCall<'a, V> {
    /// The path of the layer.
    pub path: &'a str,
    /// Its inputs, laid out as [the crate](crate#layout) says.
    pub inputs: Vec<V>,
    /// Its tensors by their own names, in the order of the definition.
    pub tensors: Vec<(String, V)>,
    /// Whether it is trained.
    pub mode: Mode,
}

impl<V: Clone> CustomCall<'_, V> {
    /// The tensor of this name.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<V> {
        let mut tensors = self.tensors.iter();
        tensors
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.clone())
    }
}

/// What a layer of the user's own computes: its results in turn.
pub type CustomFn<E> = dyn Fn(
        &mut E,
        CustomCall<'_, <E as Operations>::Value>,
    ) -> Result<Vec<<E as Operations>::Value>, <E as Operations>::Error>
    + Send
    + Sync;

/// What the layers of the user's own compute, by their paths.
pub struct Customs<E: Engine> {
    functions: BTreeMap<String, Arc<CustomFn<E>>>,
}

impl<E: Engine> Customs<E> {
    /// Nothing: for networks without layers of one's own.
    #[must_use]
    pub fn new() -> Self {
        Self {
            functions: BTreeMap::new(),
        }
    }

    /// What the layers with this path compute, which may have a `*` for any part of
    /// it: `layer1.*.gate`.
    #[must_use]
    pub fn layer<F>(self, path: &str, function: F) -> Self
    where
        F: Fn(&mut E, CustomCall<'_, E::Value>) -> Result<E::Value, E::Error>
            + Send
            + Sync
            + 'static,
    {
        self.layer_of_several(path, move |engine, call| Ok(vec![function(engine, call)?]))
    }

    /// As [`Customs::layer`], of layers with several results, which are given in their order.
    #[must_use]
    pub fn layer_of_several<F>(mut self, path: &str, function: F) -> Self
    where
        F: Fn(&mut E, CustomCall<'_, E::Value>) -> Result<Vec<E::Value>, E::Error>
            + Send
            + Sync
            + 'static,
    {
        self.functions.insert(path.to_owned(), Arc::new(function));
        self
    }

    /// What the layer at a path computes: what is given for the very path first.
    pub(crate) fn find(&self, path: &str) -> Option<&Arc<CustomFn<E>>> {
        self.functions.get(path).or_else(|| {
            let mut patterns = self.functions.iter();
            patterns
                .find(|(pattern, _)| matches(pattern, path))
                .map(|(_, function)| function)
        })
    }

    /// A path that is none of these.
    pub(crate) fn without_layer<'p>(
        &self,
        paths: impl Iterator<Item = &'p str> + Clone,
    ) -> Option<String> {
        self.functions
            .keys()
            .find(|pattern| !paths.clone().any(|path| matches(pattern, path)))
            .cloned()
    }
}

/// Whether a path is as a pattern says, in which `*` stands for any letters.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == path;
    };
    let Some(path) = path.strip_prefix(start) else {
        return false;
    };
    let mut ends = path.char_indices().map(|(place, _)| place);
    ends.any(|place| matches(rest, &path[place..])) || matches(rest, "")
}

impl<E: Engine> Default for Customs<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Engine> Clone for Customs<E> {
    fn clone(&self) -> Self {
        Self {
            functions: self.functions.clone(),
        }
    }
}

impl<E: Engine> fmt::Debug for Customs<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.functions.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_part() {
        for (pattern, path, expected) in [
            ("a.b", "a.b", true),
            ("a.b", "a.c", false),
            ("a.*", "a.b", true),
            ("*", "a.b", true),
            ("layer1.*.gate", "layer1.0.gate", true),
            ("layer1.*.gate", "layer1.0.gates", false),
            ("layer*.gate*", "layer1.0.gate", true),
            ("*a*b", "aab", true),
            ("*a*b", "ba", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }
}
