//! Where statements stand, as numbers that are compared at once.
//!
//! Two statements stand at the same place when the groups around them do, and they have
//! the same label, or stand equally far after one with the same label. All of it goes
//! into one number of 64 bits, with which a statement is found in a table instead of
//! being compared with every other. Without an allocator the table lies on the stack, and
//! only while it is needed: what it says of some statements at a time is kept.

use crate::analysis::with_places;
use crate::graph::Statement;
use crate::report::Summary;

/// Of how many statements the partners are found at a time.
pub(super) const WINDOW: usize = 256;

/// The partners of some statements of a network, which follow each other.
#[derive(Clone, Debug)]
pub(super) struct Partners {
    /// The first of the statements.
    first: usize,
    /// For how many of them the partners are known.
    count: usize,
    /// One more than the partner; 0 without one.
    partners: [usize; WINDOW],
}

impl Partners {
    pub(super) const NONE: Self = Self {
        first: 0,
        count: 0,
        partners: [0; WINDOW],
    };

    /// The statement of `others` that is the statement `index` of `own`.
    pub(super) fn of(&mut self, index: usize, own: &Summary, others: &Summary) -> Option<usize> {
        let known = self.first..self.first + self.count;
        if !known.contains(&index) {
            self.find(index, own, others);
        }
        self.partners[index - self.first].checked_sub(1)
    }

    /// Finds the partners of the statements from `first` on.
    fn find(&mut self, first: usize, own: &Summary, others: &Summary) {
        self.first = first;
        self.partners = [0; WINDOW];
        let end = own.graph().statements().len();
        self.count = WINDOW.min(end - first);
        let window = first..first + self.count;
        let shown = others.graph().statements().iter();
        let slots = 2 * shown.filter(|statement| others.shows(statement)).count() + 1;
        let filled = with_places(slots, Slot::EMPTY, &mut |slots| {
            each_key(others, &mut |index, key| insert(slots, index, key));
            each_key(own, &mut |index, key| {
                if window.contains(&index) {
                    self.partners[index - first] = get(slots, key);
                }
            });
        });
        if filled.is_err() {
            // More than there are slots for: each is looked for among all others.
            each_key(own, &mut |index, key| {
                if window.contains(&index) {
                    let place = &mut self.partners[index - first];
                    each_key(others, &mut |other, other_key| {
                        if key == other_key && *place == 0 {
                            *place = other + 1;
                        }
                    });
                }
            });
        }
    }
}

/// A place of the table.
#[derive(Clone, Copy)]
struct Slot {
    key: u64,
    /// One more than the statement; 0 where there is none.
    statement: usize,
}

impl Slot {
    const EMPTY: Self = Self {
        key: 0,
        statement: 0,
    };
}

/// The slots to look for a key in, in their order.
fn probe(slots: usize, key: u64) -> impl Iterator<Item = usize> {
    #[expect(clippy::cast_possible_truncation, reason = "less than a usize")]
    let first = (key % slots as u64) as usize;
    (first..slots).chain(0..first)
}

/// Of statements with one key, the first is kept.
fn insert(slots: &mut [Slot], statement: usize, key: u64) {
    for place in probe(slots.len(), key) {
        let slot = &mut slots[place];
        if slot.statement == 0 {
            *slot = Slot {
                key,
                statement: statement + 1,
            };
            return;
        }
        if slot.key == key {
            return;
        }
    }
}

/// One more than the statement with a key, 0 without one.
fn get(slots: &[Slot], key: u64) -> usize {
    let found = probe(slots.len(), key)
        .map(|place| &slots[place])
        .find(|slot| slot.statement == 0 || slot.key == key);
    found.map_or(0, |slot| slot.statement)
}

/// A body that is being gone through.
#[derive(Clone, Copy)]
struct Body {
    /// The key of the group that it is of.
    group: u64,
    /// The last label, and how many statements stand after it.
    label: &'static str,
    after: u64,
}

/// Calls `each` with every statement that is shown and its key.
fn each_key(summary: &Summary, each: &mut dyn FnMut(usize, u64)) {
    let statements = summary.graph().statements();
    let shown = || {
        let all = statements.iter().enumerate();
        all.filter(|(_, statement)| summary.shows(statement))
    };
    let deepest = shown().map(|(_, statement)| statement.depth).max();
    let start = Body {
        group: SEED,
        label: "",
        after: 0,
    };
    // Statements can be deeper than their group by more than one.
    let bodies = deepest.map_or(0, |deepest| deepest + 1);
    let _ = with_places(bodies, start, &mut |bodies| {
        let mut before: Option<(usize, u64)> = None;
        for (index, statement) in shown() {
            let depth = statement.depth;
            // A body begins with the first statement that is deeper than the one before.
            if let Some((above, group)) = before
                && depth > above
            {
                bodies[above + 1..=depth].fill(Body { group, ..start });
            }
            let body = &mut bodies[depth];
            if statement.label.is_empty() {
                body.after += 1;
            } else {
                (body.label, body.after) = (own_label(statement), 0);
            }
            let key = mixed(
                mixed(body.group, body.label.as_bytes()),
                &body.after.to_le_bytes(),
            );
            each(index, key);
            before = Some((depth, key));
        }
    });
}

/// The last segment of the statement's label.
fn own_label(statement: &Statement) -> &'static str {
    let label = statement.label;
    label.rsplit('.').next().unwrap_or(label)
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// A key with more bytes in it: FNV-1a, whose bits are then spread over all of it.
fn mixed(key: u64, bytes: &[u8]) -> u64 {
    let mut key = key;
    for byte in bytes {
        key = (key ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    key ^= key >> 32;
    key = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    key ^ (key >> 29)
}
