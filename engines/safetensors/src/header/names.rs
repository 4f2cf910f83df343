//! Names, found by their hashes: sorted, these take less memory and time than a table
//! of millions of texts, and no file can choose them, since they are keyed at random.

use std::hash::{BuildHasher as _, RandomState};

/// Where each of a list of names is.
#[derive(Clone, Debug)]
pub(super) struct Names {
    keys: RandomState,
    /// Hashes and places, in order.
    order: Vec<(u64, usize)>,
}

impl Names {
    /// The places of these names.
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let keys = RandomState::new();
        let hashes = names.enumerate();
        let mut order: Vec<_> = hashes
            .map(|(place, name)| (keys.hash_one(name), place))
            .collect();
        order.sort_unstable();
        Self { keys, order }
    }

    /// The place of a name; `name_of` is the list.
    pub(super) fn find<'a>(&self, name: &str, name_of: impl Fn(usize) -> &'a str) -> Option<usize> {
        let hash = self.keys.hash_one(name);
        let first = self.order.partition_point(|(other, _)| *other < hash);
        let mut same = self.order[first..]
            .iter()
            .take_while(|(other, _)| *other == hash);
        let found = same.find(|(_, place)| name_of(*place) == name);
        found.map(|(_, place)| *place)
    }

    /// The first place at which a name stands that stood before.
    pub(super) fn repeated<'a>(&self, name_of: impl Fn(usize) -> &'a str) -> Option<usize> {
        let of_one_hash = self.order.chunk_by(|(one, _), (other, _)| one == other);
        let repeated = of_one_hash.filter_map(|places| {
            let mut later = places.iter().enumerate().skip(1);
            later.find_map(|(count, (_, place))| {
                let mut before = places[..count].iter();
                let name = name_of(*place);
                let is_repeated = before.any(|(_, before)| name_of(*before) == name);
                is_repeated.then_some(*place)
            })
        });
        repeated.min()
    }
}
