//! What a card reads: what flows into it from above, and what comes from elsewhere.

use super::Layout;

/// The values of which it is known where they come from, at most.
const MOST: usize = 48;
/// The arcs into a card, at most: with more values, those of a card are one.
const MOST_SIDES: usize = 6;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// An input of the network.
    Input(usize),
    /// A card, by its place.
    Card(usize),
}

impl Source {
    pub(super) fn is_input(self) -> bool {
        matches!(self, Self::Input(_))
    }
}

/// A value, or several from one source, on the way to a card.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) source: Source,
    /// The last of them.
    pub(super) value: usize,
    /// How many there are.
    pub(super) values: usize,
}

/// All that a card reads.
pub(super) struct Entering {
    list: [Option<Link>; MOST],
    /// How many of them come from above; the others pass by a card, or enter beside
    /// what flows.
    steps: usize,
}

impl Entering {
    /// What comes from the card before or, of the first card, the inputs.
    pub(super) fn steps(&self) -> impl Iterator<Item = Link> + '_ {
        self.list[..self.steps].iter().flatten().copied()
    }

    /// What is drawn as an arc.
    pub(super) fn sides(&self) -> impl Iterator<Item = Link> + '_ {
        self.list[self.steps..].iter().flatten().copied()
    }

    /// Takes what comes from one source as one, where that is too much to draw.
    fn join(&mut self) {
        let sides = &mut self.list[self.steps..];
        if sides.iter().flatten().count() <= MOST_SIDES {
            return;
        }
        let mut len = 0;
        for i in 0..sides.len() {
            let Some(link) = sides[i].take() else {
                continue;
            };
            let known = sides[..len].iter_mut().flatten();
            match known.into_iter().find(|known| known.source == link.source) {
                Some(known) => known.values += link.values,
                None => {
                    sides[len] = Some(link);
                    len += 1;
                }
            }
        }
    }
}

impl Layout<'_, '_> {
    /// What a card reads from outside.
    pub(super) fn entering(&self, place: usize) -> Entering {
        let card = self.card(place);
        let before = self.places[place].before;
        let mut entering = Entering {
            list: [None; MOST],
            steps: 0,
        };
        let mut len = 0;
        let (first, end) = card.layers;
        if first >= end {
            entering.list[0] = Some(self.link(card.input));
            len = 1;
        }
        for i in first..end {
            let least = self.view.layer(first).output;
            for value in self.view.layer(i).inputs {
                let mut known = entering.list[..len].iter().flatten();
                if *value >= least || known.any(|known| known.value == *value) {
                    continue;
                }
                let link = self.link(*value);
                if let Some(free) = entering.list.get_mut(len) {
                    *free = Some(link);
                    len += 1;
                } else if !(first..i).any(|i| self.view.layer(i).inputs.contains(value)) {
                    // The rest is counted where its source is known.
                    let mut known = entering.list.iter_mut().flatten();
                    if let Some(known) = known.find(|known| known.source == link.source) {
                        known.values += 1;
                    }
                }
            }
        }
        let above = |link: &Link| match before {
            None => link.source.is_input(),
            Some(before) => link.source == Source::Card(before),
        };
        let read = &mut entering.list[..len];
        if before.is_none() {
            read.sort_unstable_by_key(|link| link.map(|link| (!above(&link), link.value)));
            entering.steps = read.iter().flatten().filter(|link| above(link)).count();
        } else {
            // Of several from the card before, one flows: that which enters, or the last.
            let of_input = |link: &&Option<Link>| {
                link.is_some_and(|link| above(&link) && link.value == card.input)
            };
            let flows = read.iter().position(|link| of_input(&link));
            let last = || {
                read.iter()
                    .rposition(|link| link.is_some_and(|link| above(&link)))
            };
            if let Some(flows) = flows.or_else(last) {
                read[..=flows].rotate_right(1);
                entering.steps = 1;
            }
        }
        entering.join();
        entering
    }

    fn link(&self, value: usize) -> Link {
        Link {
            source: self.source(value),
            value,
            values: 1,
        }
    }

    /// Where a value comes from.
    pub(super) fn source(&self, value: usize) -> Source {
        if value < self.view.inputs() || self.shown == 0 {
            return Source::Input(value);
        }
        let makes = |place: &usize| {
            let (first, end) = self.card(*place).layers;
            !self.places[*place].group && first < end && {
                let last = self.view.layer(end - 1);
                (self.view.layer(first).output..last.output + last.results).contains(&value)
            }
        };
        // What has no card stands below the last of them.
        Source::Card((0..self.shown).find(makes).unwrap_or(self.shown - 1))
    }
}
