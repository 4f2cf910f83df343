//! Worlds: what the macro takes values for that only rustc knows.
//!
//! The walk over a network needs a number for every extent, since rules of
//! layers compute with numbers. So a network with symbols is walked several
//! times, in each *world* with other numbers in their place. What is the same in
//! every world can be told now; everything else rustc computes.

use std::cell::{Cell, RefCell};

use super::Outcome;
use super::call::network::Known;
use crate::graph::{Atom, Choice, Resolved, Symbols};
use crate::report::Error;
use crate::syntax::tree::{File, Network};

/// The most worlds that are tried.
const MOST_WORLDS: usize = 64;

/// The most worlds that are tried where shapes are guessed, too.
const MOST_WORLDS_WITH_GUESSES: usize = 192;

/// How many worlds in which all layers fit are enough.
const ENOUGH_WORLDS: usize = 8;

/// One of the worlds.
#[derive(Clone, Copy, Debug)]
pub(super) struct World<'a> {
    /// Which.
    pub(super) choice: &'a Choice,
    /// The atoms of the network, in the order in which they were met.
    pub(super) atoms: &'a RefCell<Vec<Atom>>,
    /// Whether a shape was guessed: that of a network or layer of elsewhere.
    pub(super) guessed: &'a Cell<bool>,
    /// The other networks of the invocation.
    pub(super) known: &'a Known,
}

/// How few fitting worlds are too few to compare.
const FEWEST_WORLDS: usize = 4;

/// The most worlds that documentation compares.
const MOST_COMPARED: usize = 12;

/// A network as it was walked over in a world.
struct Walked {
    choice: Choice,
    outcome: Outcome,
}

impl Walked {
    /// How far the shapes could be followed.
    fn progress(&self) -> usize {
        self.outcome.graph.nodes.len() + self.outcome.graph.checks.len()
    }

    fn decides(&self) -> bool {
        let mut checks = self.outcome.graph.checks.iter();
        checks.any(|check| check.decision().is_some())
    }
}

/// All the walks over one network.
struct Walks<'a> {
    file: &'a File,
    network: &'a Network,
    known: &'a Known,
    atoms: RefCell<Vec<Atom>>,
    guessed: Cell<bool>,
    /// Those in which everything fits.
    fitting: Vec<Walked>,
    /// The one of the others that came furthest.
    furthest: Option<Walked>,
}

impl Walks<'_> {
    fn walk(&self, choice: Choice) -> Walked {
        let world = World {
            choice: &choice,
            atoms: &self.atoms,
            guessed: &self.guessed,
            known: self.known,
        };
        let outcome = super::readings(self.file, self.network, world);
        Walked { choice, outcome }
    }

    /// Keeps a walk that fits, or came as far as any before.
    fn keep(&mut self, walked: Walked) {
        let before = self.furthest.as_ref().map_or(0, Walked::progress);
        if !walked.outcome.lost {
            self.fitting.push(walked);
        } else if walked.progress() >= before {
            self.furthest = Some(walked);
        }
    }

    fn try_worlds(&mut self) {
        let most = if self.guessed.get() {
            MOST_WORLDS_WITH_GUESSES
        } else {
            MOST_WORLDS
        };
        for number in 1..=most {
            // Where layers depend on a condition, a rare world may decide it
            // otherwise.
            let decides = self.fitting.first().is_some_and(Walked::decides);
            if self.fitting.len() >= ENOUGH_WORLDS && !decides {
                break;
            }
            let walked = self.walk(Choice::numbered(number));
            self.keep(walked);
        }
    }

    /// Looks for worlds in which everything fits from the one that came furthest:
    /// with other numbers for some of the atoms, as long as no less fits.
    fn search(&mut self) {
        // Small ones more often: those of windows, strides and paddings.
        const NUMBERS: [i128; 24] = [
            1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64, 96, 128, 224, 256, 512,
            1024,
        ];
        const MOST_WALKS: usize = 800;
        // Numbers without an order, the same in each build.
        let mut state: u64 = 0x2545_F491_4F6C_DD1D;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap_or(0) % below.max(1)
        };
        for _ in 0..MOST_WALKS {
            if self.fitting.len() >= ENOUGH_WORLDS {
                return;
            }
            let Some(start) = self.fitting.first().or(self.furthest.as_ref()) else {
                return;
            };
            let mut choice = start.choice.clone();
            let atoms = self.atoms.borrow();
            choice.chosen = atoms
                .iter()
                .enumerate()
                .map(|(index, atom)| start.choice.value(index, atom))
                .collect();
            let count = atoms.len();
            drop(atoms);
            for _ in 0..=random(3) {
                let (index, number) = (random(count), NUMBERS[random(NUMBERS.len())]);
                // Atoms differ, so that conditions see them differ.
                if let Some(old) = choice.chosen.iter().position(|value| *value == number) {
                    choice.chosen.swap(old, index);
                } else if let Some(value) = choice.chosen.get_mut(index) {
                    *value = number;
                }
            }
            if count == 0 {
                // Only shapes are guessed: by the world's number.
                choice.number += 1;
            }
            let walked = self.walk(choice);
            self.keep(walked);
        }
    }
}

/// Resolves a network, in as many worlds as it takes.
pub(super) fn resolve(file: &File, network: &Network, known: &Known) -> Outcome {
    let mut walks = Walks {
        file,
        network,
        known,
        atoms: RefCell::new(Vec::new()),
        guessed: Cell::new(false),
        fitting: Vec::new(),
        furthest: None,
    };
    let first = walks.walk(Choice::numbered(0));
    let symbolic = !walks.atoms.borrow().is_empty() || walks.guessed.get();
    // What is told depends on no symbol: another world would tell it too.
    if !symbolic || (!first.outcome.lost && !first.outcome.errors.is_empty()) {
        return first.outcome;
    }
    walks.keep(first);
    walks.try_worlds();
    if walks.fitting.len() < FEWEST_WORLDS {
        walks.search();
    }
    let guessed = walks.guessed.get();
    let atoms = walks.atoms.into_inner();
    let mut fitting = walks.fitting.into_iter();
    let Some(best) = fitting.next() else {
        let furthest = walks.furthest.map(|walked| walked.outcome);
        let mut best = furthest.unwrap_or_else(|| Outcome::nothing(network));
        best.graph.symbols = Some(Symbols {
            atoms,
            worlds: Vec::new(),
            choices: Vec::new(),
            known: false,
        });
        return best;
    };
    let Walked {
        choice,
        outcome: mut best,
    } = best;
    if !best.errors.is_empty() {
        return best;
    }
    let known = !guessed
        && choice == Choice::numbered(0)
        && atoms.iter().all(|atom| atom.default.is_some());
    let mut choices = vec![choice];
    let mut worlds = Vec::new();
    for Walked { choice, outcome } in fitting {
        if let Some(error) = undecided(&best.graph, &outcome.graph) {
            best.errors.push(error);
            break;
        }
        if worlds.len() < MOST_COMPARED {
            choices.push(choice);
            worlds.push(outcome.graph);
        }
    }
    best.graph.symbols = Some(Symbols {
        atoms,
        worlds,
        choices,
        known,
    });
    super::display::describe(&mut best.graph);
    super::display::holes(&mut best);
    best
}

/// The error for the first condition that is decided otherwise in another world.
fn undecided(one: &Resolved, other: &Resolved) -> Option<Error> {
    let pairs = one.checks.iter().zip(&other.checks);
    let (decision, _) = pairs
        .filter_map(|(one, other)| Some((one.decision()?, other.decision()?)))
        .find(|(one, other)| one.taken != other.taken)?;
    Some(
        Error::new(
            decision.place,
            format!(
                "which layers there are depends on `{}`, but only rustc knows its value, after the layers are chosen",
                decision.text
            ),
        )
        .help("write the number, or pass it to the block as a parameter"),
    )
}
