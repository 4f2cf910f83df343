//! Networks as they were and as they are.

use shapewise_compiler::Row;
use shapewise_core::Graph;
use shapewise_core::report::{Change, Comparison};

use crate::network::Network;

/// A network as it was and as it is; one of them where it was added or removed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'n> {
    pub(super) before: Option<&'n Network>,
    pub(super) after: Option<&'n Network>,
}

/// What became of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Became {
    Same,
    Changed,
    Added,
    Removed,
    /// It has errors now.
    Wrong,
    /// It had errors.
    Mended,
}

impl Became {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Wrong => "has errors",
            Self::Mended => "had errors",
        }
    }
}

/// How networks of two times are taken for the same.
type Way = dyn Fn(&Network, &Network) -> bool;

/// The networks of two times, matched by package, target and path, then by name.
pub(super) fn of<'n>(before: &'n [Network], after: &'n [Network]) -> Vec<Pair<'n>> {
    let mut left: Vec<&Network> = before.iter().collect();
    let mut matched: Vec<Pair<'n>> = after
        .iter()
        .map(|network| Pair {
            before: None,
            after: Some(network),
        })
        .collect();
    // By all that is known of them, then a network that moved.
    let same_place = |a: &Network, b: &Network| key(a) == key(b);
    let same_name = |a: &Network, b: &Network| package(a) == package(b) && a.name == b.name;
    let ways: [&Way; 2] = [&same_place, &same_name];
    for is_same in ways {
        for pair in matched.iter_mut().filter(|pair| pair.before.is_none()) {
            let Some(after) = pair.after else { continue };
            if let Some(place) = left.iter().position(|before| is_same(before, after)) {
                pair.before = Some(left.remove(place));
            }
        }
    }
    matched.extend(left.into_iter().map(|network| Pair {
        before: Some(network),
        after: None,
    }));
    matched
}

fn package(network: &Network) -> Option<&str> {
    let (package, _) = network.target.as_ref()?;
    Some(&package.name)
}

fn key(network: &Network) -> (Option<&str>, Option<&str>, String) {
    let target = network.target.as_ref().map(|(_, target)| &*target.name);
    (package(network), target, network.path())
}

impl<'n> Pair<'n> {
    /// The network as it is, or as it was last.
    pub(super) fn network(&self) -> Option<&'n Network> {
        self.after.or(self.before)
    }

    pub(super) fn is_named(&self, name: &str) -> bool {
        self.network().is_some_and(|network| network.is_named(name))
    }

    /// What it is called.
    pub(super) fn path(&self) -> String {
        self.network().map_or_else(String::new, Network::path)
    }

    /// Both graphs, where rustc is not needed for them.
    pub(super) fn graphs(&self) -> Option<(&'static Graph, &'static Graph)> {
        Some((self.before?.graph?, self.after?.graph?))
    }

    /// What became of it.
    pub(super) fn became(&self) -> Became {
        let (before, after) = match (self.before, self.after) {
            (Some(before), Some(after)) => (before, after),
            (None, _) => return Became::Added,
            (_, None) => return Became::Removed,
        };
        if before.elsewhere || after.elsewhere {
            let tokens = |network: &Network| network.invocation.tokens.to_string();
            return match tokens(before) == tokens(after) {
                true => Became::Same,
                false => Became::Changed,
            };
        }
        match (&before.resolved, &after.resolved) {
            (_, None) => return Became::Wrong,
            (None, _) => return Became::Mended,
            _ => {}
        }
        let same = match self.graphs() {
            Some((before, after)) => {
                let comparison = Comparison::new(before, after).depth(usize::MAX);
                let mut differences = comparison.differences();
                differences.all(|difference| difference.change == Change::Same)
                    && shapes(before) == shapes(after)
                    && before.counts().params() == after.counts().params()
                    && before.counts().macs == after.counts().macs
                    && before.dtype() == after.dtype()
            }
            None => rows(before) == rows(after),
        };
        if same && before.budgets == after.budgets {
            Became::Same
        } else {
            Became::Changed
        }
    }

    /// The budgets that are gone, and those that are new.
    pub(super) fn budgets(&self) -> (Vec<&'n str>, Vec<&'n str>) {
        let of = |network: Option<&'n Network>| -> &'n [String] {
            network.map_or(&[], |network| &network.budgets)
        };
        let (before, after) = (of(self.before), of(self.after));
        let only = |these: &'n [String], others: &[String]| -> Vec<&'n str> {
            let own = these.iter().filter(|budget| !others.contains(budget));
            own.map(String::as_str).collect()
        };
        (only(before, after), only(after, before))
    }
}

/// The shapes of inputs and outputs, with their names.
fn shapes(graph: &Graph) -> Vec<String> {
    let inputs = graph.inputs().iter().enumerate();
    let inputs = inputs.map(|(i, name)| format!("{name} {}", graph.input(i)));
    let outputs = graph.outputs().iter().enumerate();
    let outputs = outputs.map(|(i, (name, _))| format!("{name} {}", graph.output(i)));
    inputs.chain(outputs).collect()
}

/// The rows of a network with numbers that only rustc knows.
pub(super) fn rows(network: &Network) -> Vec<Row> {
    let resolved = network.resolved.as_ref();
    resolved.map_or_else(Vec::new, |resolved| shapewise_compiler::table(resolved))
}
