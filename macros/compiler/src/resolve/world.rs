//! Worlds: what the macro takes values for that only rustc knows.
//!
//! The walk over a network needs a number for every extent, since rules of
//! layers compute with numbers. So a network with symbols is walked several
//! times, in each *world* with other numbers in their place. What is the same in
//! every world can be told now; everything else rustc computes.

use std::cell::{Cell, RefCell};

use proc_macro2::TokenStream;

use super::call::network::Known;
use super::graph::{Resolved, Symbols};
use super::symbol::AtomType;
use super::{Builder, Outcome};
use crate::ordered::Set;
use crate::report::{Error, Place};
use crate::syntax::tree::{File, Network};

/// The most worlds that are tried.
const MOST_WORLDS: usize = 64;

/// The most worlds that are tried where shapes are guessed, too.
const MOST_WORLDS_WITH_GUESSES: usize = 192;

/// How many worlds in which all layers fit are enough.
const ENOUGH_WORLDS: usize = 8;

/// A value that the user wrote and only rustc knows.
#[derive(Clone, Debug)]
pub struct Atom {
    /// Its tokens as text: the same tokens are the same value.
    pub key: String,
    /// As it is shown.
    pub text: String,
    /// What rustc evaluates.
    pub tokens: TokenStream,
    /// Where it is written first.
    pub place: Place,
    /// The types that it is used as.
    pub types: Set<AtomType>,
    /// Whether it is a const generic of the network.
    pub generic: bool,
    /// Whether it is a `bool` generic.
    pub boolean: bool,
    /// The default of the generic, where it is a literal.
    pub default: Option<i128>,
}

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

/// What an atom is in a world. In the first world it is its default; atoms
/// differ from each other, and among the worlds are such with small, large, odd
/// and highly divisible numbers, in ascending and descending order.
pub(super) fn candidate(world: usize, atom: usize, default: Option<i128>) -> i128 {
    const COMMON: [i128; 16] = [
        64, 32, 96, 128, 48, 160, 192, 224, 80, 112, 144, 176, 208, 240, 256, 288,
    ];
    const PRIMES: [i128; 16] = [
        1009, 1013, 1019, 1021, 1031, 1033, 1039, 1049, 1051, 1061, 1063, 1069, 1087, 1091, 1093,
        1097,
    ];
    let place = i128::try_from(atom).unwrap_or(0);
    let power = atom % 12;
    // Beyond the lists, atoms differ still.
    let beyond = i128::try_from(atom / 12).unwrap_or(0) * 5040;
    match (world, default) {
        (0, Some(default)) => default,
        (1, Some(default)) => default * 2,
        (2, Some(default)) => default * 4,
        (3, Some(default)) => default * if atom.is_multiple_of(2) { 3 } else { 1 },
        (4, Some(default)) => default + place + 1,
        (0, None) => COMMON[atom % 16] + place / 16 * 320,
        (1, None) => (4 << power) + beyond,
        (2, None) => (8192 >> power) + beyond,
        (3, None) => PRIMES[atom % 16] + place / 16 * 1024,
        (4, None) => (6 << power) + beyond,
        (5, _) => (12288 >> power) + beyond,
        (6, _) => place * 2 + 3,
        (7, _) => place + 1,
        (8, _) => 24 - place % 24 + beyond,
        (9, _) => PRIMES[atom % 16] * 2 + place / 16 * 1024,
        _ => {
            // Numbers with many divisors, in an order of their own per world.
            const MANY: [i128; 16] = [
                1, 2, 3, 4, 6, 8, 12, 16, 24, 48, 64, 96, 192, 384, 768, 1536,
            ];
            let mixed = (atom * (2 * (world % 8) + 1) + world * 5 + world / 8) % 16;
            MANY[mixed] + place / 16 * 5040
        }
    }
}

/// What the atoms are in a world: by its number, unless they were chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The number of the world.
    pub number: usize,
    /// The first atoms, where they were chosen otherwise.
    pub chosen: Vec<i128>,
}

impl Choice {
    fn numbered(number: usize) -> Self {
        Self {
            number,
            chosen: Vec::new(),
        }
    }

    /// What an atom is.
    pub fn value(&self, index: usize, atom: &Atom) -> i128 {
        if atom.boolean {
            let default = atom.default.unwrap_or(0);
            return (default + i128::from(self.number >> (index % 3) & 1 == 1)) % 2;
        }
        match self.chosen.get(index) {
            Some(value) => *value,
            None => candidate(self.number, index, atom.default),
        }
    }
}

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
        let mut best = furthest.unwrap_or_else(|| Builder::nothing(network));
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
