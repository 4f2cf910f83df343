//! Worlds: what the macro takes values for that only rustc knows.
//!
//! The walk over a network needs a number for every extent, since rules of
//! layers compute with numbers. So a network with symbols is walked over in a *world*
//! with numbers in their place, and what depends on them is [calculated
//! again](super::replay) in others. What is the same in every world can be told now;
//! everything else rustc computes.
//!
//! The numbers of a world are found by trying: those that most networks fit with first,
//! then such as the layer at which the walk came to an end suggests.

use std::cell::{Cell, RefCell};

use super::Outcome;
use super::call::network::Known;
use super::replay::{State, Stop, replay};
use super::search::{Search, sides, suggested};
use crate::graph::{Atom, Choice, Formula, Recipe, Resolved, Symbols};
use crate::report::Error;
use crate::syntax::tree::{File, Network};

/// The most worlds that are tried in their order.
const MOST_WORLDS: usize = 64;

/// The most worlds that are tried where shapes are guessed, too.
const MOST_WORLDS_WITH_GUESSES: usize = 192;

/// How many worlds in which all layers fit are enough.
const ENOUGH_WORLDS: usize = 8;

/// How few fitting worlds are too few to compare.
const FEWEST_WORLDS: usize = 4;

/// The most worlds that documentation compares.
const MOST_COMPARED: usize = 12;

/// The most walks over the source: each comes further than the one before.
const MOST_WALKS: usize = 12;

/// The most walks that look at what a condition would change.
const MOST_WALKS_FOR_CONDITIONS: usize = 4;

/// How many layers are calculated again for each layer of the network, and how many
/// however small it is.
const REPLAYED: (usize, usize) = (24, 4_000);

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

    /// The numbers that conditions are made of.
    fn conditions(&self) -> impl Iterator<Item = &Formula> {
        let checks = self.outcome.graph.checks.iter();
        let conditions = checks.filter(|check| check.decision().is_some());
        let recipes = conditions.filter_map(|check| check.recipe.as_ref());
        recipes.flat_map(Recipe::formulas)
    }
}

/// All the worlds of one network.
struct Worlds<'a> {
    file: &'a File,
    network: &'a Network,
    known: &'a Known,
    atoms: RefCell<Vec<Atom>>,
    guessed: Cell<bool>,
    /// How many layers were calculated again.
    replayed: usize,
}

impl Worlds<'_> {
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

    fn symbolic(&self) -> bool {
        !self.atoms.borrow().is_empty() || self.guessed.get()
    }

    /// What the atoms are in a world.
    fn values(&self, choice: &Choice) -> Vec<i128> {
        let atoms = self.atoms.borrow();
        let atoms = atoms.iter().enumerate();
        atoms
            .map(|(index, atom)| choice.value(index, atom))
            .collect()
    }

    fn replay(&mut self, graph: &Resolved, choice: &Choice) -> (State, Option<Stop>) {
        let (state, stop) = replay(graph, choice, self.values(choice));
        let layers = stop
            .as_ref()
            .map_or(graph.nodes.len(), |stop| stop.after(graph));
        self.replayed += layers + 1;
        (state, stop)
    }

    /// Whether enough was calculated: what a network costs is known beforehand.
    fn exhausted(&self, walked: &Walked) -> bool {
        let (each, least) = REPLAYED;
        self.replayed > least + each * walked.outcome.graph.nodes.len()
    }

    fn most(&self) -> usize {
        if self.guessed.get() {
            MOST_WORLDS_WITH_GUESSES
        } else {
            MOST_WORLDS
        }
    }

    /// The worlds to try, in their order: by their number, then such as the layer
    /// suggests at which the walk came to an end, then others near it.
    fn candidates(&self, walked: &Walked) -> impl Iterator<Item = Choice> + use<> {
        let values = self.values(&walked.choice);
        let suggested = suggested(&walked.outcome.graph, &walked.choice, &values);
        let search = Search::from(&walked.choice, values);
        let numbered = (1..=self.most()).map(Choice::numbered);
        numbered.chain(suggested).chain(search)
    }

    /// A world in which the walk comes further: where what it ended at fits, or a
    /// condition leads elsewhere.
    fn beyond(&mut self, walked: &Walked) -> Option<Choice> {
        let graph = &walked.outcome.graph;
        let mut elsewhere = None;
        for choice in self.candidates(walked) {
            if self.exhausted(walked) {
                break;
            }
            let (state, stop) = self.replay(graph, &choice);
            match stop {
                None if state.has_room(graph) => return Some(choice),
                Some(Stop::Decision(_)) => {
                    elsewhere.get_or_insert(choice);
                }
                _ => {}
            }
        }
        elsewhere
    }

    /// Walks on in other worlds until one is found in which all layers fit.
    fn fitting(&mut self, mut best: Walked) -> Walked {
        for _ in 1..MOST_WALKS {
            if !best.outcome.lost {
                break;
            }
            let Some(choice) = self.beyond(&best) else {
                break;
            };
            let walked = self.walk(choice);
            if walked.outcome.lost && walked.progress() < best.progress() {
                break;
            }
            best = walked;
        }
        best
    }

    /// Other worlds in which all layers fit, or up to the dead end where the walk has one;
    /// and the error for a condition that is decided otherwise in one.
    fn others(&mut self, best: &Walked) -> (Vec<Other>, Option<Error>) {
        let mut others = Others {
            worlds: Vec::new(),
            most: MOST_COMPARED,
            fitting: 0,
            undecided: None,
            walks: 0,
        };
        for number in 1..=self.most() {
            let enough = others.fitting + 1 >= ENOUGH_WORLDS && !others.may_decide(best);
            if enough || others.undecided.is_some() {
                break;
            }
            self.other(best, Choice::numbered(number), &mut others);
        }
        if others.worlds.len() + 1 < FEWEST_WORLDS {
            for choice in Search::from(&best.choice, self.values(&best.choice)) {
                if others.worlds.len() + 1 >= ENOUGH_WORLDS || self.exhausted(best) {
                    break;
                }
                self.other(best, choice, &mut others);
            }
        }
        others.most = usize::MAX;
        for choice in sides(
            &best.outcome.graph,
            &best.choice,
            &self.values(&best.choice),
        ) {
            self.other(best, choice, &mut others);
        }
        (others.worlds, others.undecided)
    }

    /// Looks at another world.
    fn other(&mut self, best: &Walked, choice: Choice, others: &mut Others) {
        if choice == best.choice {
            return;
        }
        let graph = &best.outcome.graph;
        let (state, stop) = self.replay(graph, &choice);
        let reached = match stop {
            None => !best.outcome.lost,
            Some(Stop::Layer(node)) => best.outcome.lost && node == graph.nodes.len(),
            Some(Stop::Value(_)) => false,
            Some(Stop::Decision(_)) => {
                if others.walks < MOST_WALKS_FOR_CONDITIONS && !best.outcome.lost {
                    others.walks += 1;
                    let other = self.walk(choice.clone()).outcome;
                    if !other.lost {
                        others.undecided = undecided(graph, &other.graph);
                    }
                }
                false
            }
        };
        if !reached {
            return;
        }
        others.fitting += 1;
        if others.worlds.len() < others.most
            && let Some(graph) = state.resolved(graph)
        {
            others.worlds.push(Other {
                choice,
                state,
                graph,
            });
        }
    }
}

/// Another world as it was found.
struct Other {
    choice: Choice,
    state: State,
    graph: Resolved,
}

/// What was found in other worlds.
struct Others {
    worlds: Vec<Other>,
    /// How many of them are kept.
    most: usize,
    /// How many there were.
    fitting: usize,
    /// The error for a condition that is decided otherwise in one.
    undecided: Option<Error>,
    /// How many walks looked at what a condition would change.
    walks: usize,
}

impl Others {
    /// Whether a rare world may decide a condition otherwise: whether it is made of
    /// numbers that are not the same in all worlds so far.
    fn may_decide(&self, best: &Walked) -> bool {
        if best.outcome.lost {
            return false;
        }
        best.conditions().any(|condition| {
            let mut varies = false;
            condition.visit(&mut |part| {
                let mut values = self.worlds.iter().map(|world| world.state.value(part));
                let first = values.next();
                let atom = matches!(part, Formula::Atom(_));
                let extent = matches!(part, Formula::Extent(..));
                varies |= atom || extent && values.any(|value| Some(value) != first);
            });
            varies
        })
    }
}

/// Resolves a network, in as many worlds as it takes.
pub(super) fn resolve(file: &File, network: &Network, known: &Known) -> Outcome {
    let mut worlds = Worlds {
        file,
        network,
        known,
        atoms: RefCell::new(Vec::new()),
        guessed: Cell::new(false),
        replayed: 0,
    };
    let first = worlds.walk(Choice::numbered(0));
    // What is told depends on no symbol: another world would tell it too.
    if !worlds.symbolic() || (!first.outcome.lost && !first.outcome.errors.is_empty()) {
        return first.outcome;
    }
    let best = worlds.fitting(first);
    if !best.outcome.lost && !best.outcome.errors.is_empty() {
        return best.outcome;
    }
    let (others, undecided) = worlds.others(&best);
    let guessed = worlds.guessed.get();
    let (own, stop) = worlds.replay(&best.outcome.graph, &best.choice);
    let atoms = worlds.atoms.into_inner();
    let Walked {
        choice,
        mut outcome,
    } = best;
    let known = !guessed
        && choice == Choice::numbered(0)
        && atoms.iter().all(|atom| atom.default.is_some());
    let settled = known && stop.is_none() && own.leaves_nothing(&outcome.graph);
    let mut symbols = Symbols {
        atoms,
        worlds: Vec::new(),
        choices: vec![choice],
        terms: Vec::new(),
        known,
        settled,
    };
    let bends = outcome.graph.bends().into_iter();
    let named = bends.filter_map(|bend| Some((bend.text(&symbols.atoms)?, bend)));
    symbols.terms = named.collect();
    let mut states = vec![own];
    for Other {
        choice,
        state,
        graph,
    } in others
    {
        symbols.choices.push(choice);
        symbols.worlds.push(graph);
        states.push(state);
    }
    outcome.graph.symbols = Some(symbols);
    let wrong = undecided.or_else(|| super::verdict::of(&outcome.graph, &states));
    if let Some(error) = wrong {
        outcome.errors.push(error);
    }
    if outcome.lost {
        // Not all of the network is in them.
        let symbols = outcome.graph.symbols.as_mut();
        symbols.into_iter().for_each(Symbols::forget);
        return outcome;
    }
    super::display::describe(&mut outcome.graph);
    super::display::holes(&mut outcome);
    outcome
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
