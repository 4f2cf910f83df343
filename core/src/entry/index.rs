//! The arguments of a layer, found by their names.

use crate::argument::{Argument, name};

/// How many places an [`Index`] has: more than twice as many as a layer has
/// arguments, so that a search soon ends.
const SLOTS: usize = 128;
const LAST: u64 = SLOTS as u64 - 1;

/// The arguments of a layer by the keys of their names: a hash table. After its
/// own arguments each layer has `in`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Index {
    /// The key at each slot, 0 where there is none. Where two have the same
    /// slot, one stands in the next that is free.
    keys: [u64; SLOTS],
    /// The place of that argument among all.
    places: [u8; SLOTS],
    /// How many arguments there are, `in` aside.
    pub(super) arguments: usize,
    /// How many of them must be written.
    pub(super) required: usize,
}

impl Index {
    /// The index of no arguments.
    pub(super) const NONE: Self = Self::new(&[]);

    /// The index of these arguments.
    ///
    /// # Panics
    ///
    /// With more than half as many as there are slots.
    pub(super) const fn new(arguments: &[Argument]) -> Self {
        assert!(arguments.len() < SLOTS / 2, "a layer has few arguments");
        let mut index = Self {
            keys: [0; SLOTS],
            places: [0; SLOTS],
            arguments: 0,
            required: 0,
        };
        let mut rest = arguments;
        while let [argument, after @ ..] = rest {
            index.add(argument.key);
            index.arguments += 1;
            index.required += argument.required as usize;
            rest = after;
        }
        index.add(name!("in").key);
        index
    }

    const fn add(&mut self, key: u64) {
        let mut slot = (key & LAST) as usize;
        while self.keys[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        self.keys[slot] = key;
        #[expect(clippy::cast_possible_truncation, reason = "fewer than slots")]
        {
            self.places[slot] = self.arguments as u8;
        }
    }

    /// The place of the argument with this key.
    pub(super) const fn find(&self, key: u64) -> Option<usize> {
        let mut slot = (key & LAST) as usize;
        while self.keys[slot] != key {
            if self.keys[slot] == 0 {
                return None;
            }
            slot = (slot + 1) % SLOTS;
        }
        Some(self.places[slot] as usize)
    }
}
