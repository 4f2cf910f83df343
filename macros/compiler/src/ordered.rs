//! Lists in order, for what a network has few of. Trees of the standard library
//! would do as well, but rustc compiles some 30 KB for every type that is in one, in
//! the first build of each user.

/// Values by names, in the order of the names.
#[derive(Clone, Debug)]
pub(crate) struct Names<V>(Vec<(String, V)>);

impl<V> Default for Names<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> Names<V> {
    /// No names.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Where the name is, or would be.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|(other, _)| other.as_str().cmp(name))
    }

    /// The value of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        let place = self.place(name).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Whether there is a value of that name.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Gives the name to a value, and takes it from the one that had it.
    pub(crate) fn insert(&mut self, name: String, value: V) -> Option<V> {
        match self.place(&name) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (name, value));
                None
            }
        }
    }

    /// Adds all of the other names, each in the place of the same one.
    pub(crate) fn extend(&mut self, others: Self) {
        for (name, value) in others.0 {
            self.insert(name, value);
        }
    }

    /// The names and their values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The values, to change them.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// The names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

/// Things in their order, each once.
#[derive(Clone, Debug)]
pub struct Set<T>(Vec<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Set<T> {
    /// Nothing.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// One thing.
    pub fn of(thing: T) -> Self {
        Self(vec![thing])
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<T: Ord> Set<T> {
    /// Adds a thing; whether it was not there.
    pub fn insert(&mut self, thing: T) -> bool {
        let place = self.0.binary_search(&thing);
        if let Err(place) = place {
            self.0.insert(place, thing);
        }
        place.is_err()
    }

    /// Whether it is there.
    pub fn contains(&self, thing: &T) -> bool {
        self.0.binary_search(thing).is_ok()
    }

    /// Those in either.
    pub fn union(mut self, others: Self) -> Self {
        for thing in others.0 {
            self.insert(thing);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_whatever_came_first() {
        let mut names = Names::new();
        assert_eq!(names.insert("b".to_owned(), 1), None);
        assert_eq!(names.insert("a".to_owned(), 2), None);
        assert_eq!(names.insert("b".to_owned(), 3), Some(1));
        assert!(names.iter().eq([("a", &2), ("b", &3)]));
        assert_eq!((names.get("b"), names.get("c")), (Some(&3), None));
        assert!(names.contains("a") && !names.contains("c"));
    }

    #[test]
    fn a_set_has_each_thing_once() {
        let mut set = Set::of(3);
        assert!(set.insert(1) && !set.insert(3));
        assert!(set.contains(&1) && !set.contains(&2));
        let union = set.union(Set::of(2)).union(Set::of(1));
        assert!(union.iter().eq(&[1, 2, 3]));
    }
}
