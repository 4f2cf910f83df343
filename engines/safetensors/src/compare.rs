//! The comparison: names first, then what explains the names that are left.

use std::collections::{HashMap, HashSet};

use shapewise_core::Graph;

use crate::checker::Checker;
use crate::dtype::ElementType;
use crate::header::{Header, TensorInfo};
use crate::reading::Reading;
use crate::report::{Expected, Finding, Found, Hint, Kind, Rename, Report, Stored};
use orientation::Orientation;
use pairs::Pairs;
use wanted::Wanted;

mod leftover;
mod names;
mod number;
mod orientation;
mod pairs;
mod prefix;
mod resemblance;
mod wanted;

/// The most tensors unknown to the definition that are listed one by one.
const MOST_LEFT: usize = 10_000;
/// The tensor of a normalisation beside which a checkpoint may have a count of batches,
/// which no definition has, and what that is called.
const COUNTED: &str = "running_mean";
const COUNT: &str = "num_batches_tracked";

/// Compares a header with the network of a checker.
pub(crate) fn compare(checker: &Checker, header: &Header<'_>) -> Report {
    let graph: &Graph = checker.graph;
    let wanted = wanted::of_graph(graph, &checker.reading);
    let mut pairs = Pairs::by_name(&wanted, header);
    if !pairs.is_complete() {
        prefix::resolve(&mut pairs);
        number::resolve(&mut pairs);
        resemblance::resolve(&mut pairs);
    }
    let mut judge = Judge {
        checker,
        kept: kept(&pairs, header),
        orientation: Orientation::of(&pairs),
        pairs: &pairs,
        fitting: 0,
        unlisted: 0,
        findings: Vec::new(),
        stored: HashMap::new(),
    };
    judge.wanted();
    judge.left();
    judge.patterns();
    let Judge {
        fitting,
        unlisted,
        mut findings,
        stored,
        ..
    } = judge;
    findings.sort_by_key(|finding| finding.kind as u8);
    Report {
        network: graph.name(),
        expected: wanted.len(),
        fitting,
        unlisted,
        findings,
        stored,
    }
}

/// What the free text says of tensors that are missing: writers leave out a copy of a
/// tensor, and name there the one that they keep.
fn kept<'a>(pairs: &Pairs<'a>, header: &'a Header<'a>) -> HashMap<&'a str, &'a TensorInfo<'a>> {
    let missing: HashSet<&str> = pairs
        .missing()
        .map(|index| pairs.wanted[index].name.as_str())
        .collect();
    if missing.is_empty() {
        return HashMap::new();
    }
    let texts = header.metadata();
    texts
        .filter(|(removed, _)| missing.contains(removed))
        .filter_map(|(removed, kept)| Some((removed, header.tensor(kept)?)))
        .collect()
}

/// Looks at every tensor once it is known which belong together.
struct Judge<'a> {
    checker: &'a Checker,
    /// The tensors that were kept instead of missing ones, by the names of these.
    kept: HashMap<&'a str, &'a TensorInfo<'a>>,
    orientation: Orientation<'a>,
    pairs: &'a Pairs<'a>,
    fitting: usize,
    unlisted: usize,
    findings: Vec<Finding>,
    /// Where tensors are that the checkpoint has otherwise.
    stored: HashMap<String, Stored>,
}

impl Judge<'_> {
    fn reading(&self) -> &Reading {
        &self.checker.reading
    }

    fn expected(&self, wanted: &Wanted) -> Expected {
        Expected {
            shape: wanted.shape,
            element_type: if wanted.index {
                ElementType::I64
            } else {
                self.checker.graph.dtype().into()
            },
        }
    }

    /// Judges the tensors of the definition.
    fn wanted(&mut self) {
        for (index, wanted) in self.pairs.wanted.iter().enumerate() {
            let verdict = match self.pairs.found_for(index) {
                Some((tensor, rename)) => {
                    if rename.is_none_or(|rename| self.reading().follows(rename.rule)) {
                        self.keep(wanted, tensor.name(), wanted.transposed);
                    }
                    self.verdict(wanted, tensor, rename)
                }
                None => self.absent(index, wanted),
            };
            match verdict {
                None => self.fitting += 1,
                Some(finding) => self.findings.push(finding),
            }
        }
    }

    /// What is to say about a tensor that the checkpoint has.
    fn verdict(
        &self,
        wanted: &Wanted,
        tensor: &TensorInfo<'_>,
        rename: Option<&Rename>,
    ) -> Option<Finding> {
        let expected = self.expected(wanted);
        let same_shape = wanted.has_shape(tensor.shape());
        let same_type = expected.element_type == tensor.element_type();
        let renamed = rename.is_some_and(|rename| self.reading().follows(rename.rule));
        let converts = self.reading().any_float
            && expected.element_type.is_plain_float()
            && tensor.element_type().is_plain_float();
        let kind = match (same_shape, same_type || converts, rename) {
            (false, ..) => Kind::Shape,
            (true, false, _) => Kind::ElementType,
            (true, true, Some(_)) if !renamed => Kind::Name,
            (true, true, _) if self.orientation.doubts(wanted, self.reading()) => Kind::Square,
            (true, true, Some(_)) => Kind::Renamed,
            (true, true, None) if !same_type => Kind::Converted,
            (true, true, None) => return None,
        };
        Some(Finding {
            kind,
            name: wanted.name.clone(),
            layer: Some(wanted.layer.clone()),
            expected: Some(expected),
            found: Some(found(tensor)),
            rename: rename.cloned(),
            hint: if kind == Kind::Square {
                Some(Hint::Transposed)
            } else if same_shape {
                None
            } else {
                wanted.hint(tensor.shape())
            },
        })
    }

    /// What is to say about a tensor that the checkpoint has not; nothing, when it
    /// has another copy of it.
    fn absent(&mut self, index: usize, wanted: &Wanted) -> Option<Finding> {
        if wanted.owner.is_some() {
            // Where no copy is there, the owner is the one that is missing.
            return None;
        }
        let copy = self.pairs.copy_of(index).or_else(|| {
            let tensor = *self.kept.get(wanted.name.as_str())?;
            let fits = wanted.has_shape(tensor.shape());
            fits.then_some((tensor, wanted.transposed))
        });
        if let Some((tensor, transposed)) = copy {
            self.keep(wanted, tensor.name(), transposed);
        }
        let copy = copy.map(|(tensor, _)| tensor);
        Some(Finding {
            kind: if copy.is_some() {
                Kind::Tied
            } else {
                Kind::Missing
            },
            name: wanted.name.clone(),
            layer: Some(wanted.layer.clone()),
            expected: Some(self.expected(wanted)),
            found: copy.map(found),
            rename: None,
            hint: None,
        })
    }

    /// Remembers where a tensor is, unless it is where anybody would look.
    fn keep(&mut self, wanted: &Wanted, name: &str, transposed: bool) {
        let name = name.to_owned();
        if name == wanted.name && !transposed {
            return;
        }
        // The count of batches goes with its normalisation.
        if let (Some(own), Some(other)) = (
            wanted.name.strip_suffix(COUNTED),
            name.strip_suffix(COUNTED),
        ) {
            let count = Stored {
                name: format!("{other}{COUNT}"),
                transposed: false,
            };
            self.stored.insert(format!("{own}{COUNT}"), count);
        }
        let stored = Stored { name, transposed };
        self.stored.insert(wanted.name.clone(), stored);
    }

    /// Tells of patterns that mean nothing.
    fn patterns(&mut self) {
        let idle = orientation::idle(self.pairs.wanted, &self.checker.reading);
        self.findings.extend(idle.map(|pattern| Finding {
            kind: Kind::Pattern,
            name: pattern.clone(),
            layer: None,
            expected: None,
            found: None,
            rename: None,
            hint: None,
        }));
    }

    /// Judges the tensors of the checkpoint that the definition has not.
    fn left(&mut self) {
        for (index, tensor) in self.pairs.left().enumerate() {
            if index >= MOST_LEFT {
                self.unlisted += usize::from(!leftover::is_leftover(tensor));
                continue;
            }
            self.findings.push(Finding {
                kind: if leftover::is_leftover(tensor) {
                    Kind::Leftover
                } else {
                    Kind::Unexpected
                },
                name: tensor.name().to_owned(),
                layer: None,
                expected: None,
                found: Some(found(tensor)),
                rename: None,
                hint: None,
            });
        }
    }
}

fn found(tensor: &TensorInfo<'_>) -> Found {
    let element_type: ElementType = tensor.element_type();
    Found {
        name: tensor.name().to_owned(),
        shape: tensor.shape().to_vec(),
        element_type,
    }
}
