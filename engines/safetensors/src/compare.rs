//! The comparison: names first, then what explains the names that are left.

use std::collections::{HashMap, HashSet};

use shapewise_core::Graph;

use crate::checker::Checker;
use crate::dtype::ElementType;
use crate::header::{Header, TensorInfo};
use crate::report::{Expected, Finding, Found, Kind, Rename, Report};
use pairs::Pairs;
use wanted::Wanted;

mod leftover;
mod names;
mod number;
mod pairs;
mod prefix;
mod resemblance;
mod wanted;

/// The most tensors unknown to the definition that are listed one by one.
const MOST_LEFT: usize = 10_000;

/// Compares a header with the network of a checker.
pub(crate) fn compare(checker: &Checker, header: &Header<'_>) -> Report {
    let graph: &Graph = checker.graph;
    let wanted = wanted::of_graph(graph);
    let mut pairs = Pairs::by_name(&wanted, header);
    if !pairs.is_complete() {
        prefix::resolve(&mut pairs);
        number::resolve(&mut pairs);
        resemblance::resolve(&mut pairs);
    }
    let mut judge = Judge {
        checker,
        kept: kept(&pairs, header),
        pairs: &pairs,
        fitting: 0,
        unlisted: 0,
        findings: Vec::new(),
    };
    judge.wanted();
    judge.left();
    let Judge {
        fitting,
        unlisted,
        mut findings,
        ..
    } = judge;
    findings.sort_by_key(|finding| finding.kind as u8);
    Report {
        network: graph.name(),
        expected: wanted.len(),
        fitting,
        unlisted,
        findings,
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
    pairs: &'a Pairs<'a>,
    fitting: usize,
    unlisted: usize,
    findings: Vec<Finding>,
}

impl Judge<'_> {
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
                Some((tensor, rename)) => self.verdict(wanted, tensor, rename),
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
        let converts = self.checker.any_float
            && expected.element_type.is_plain_float()
            && tensor.element_type().is_plain_float();
        let kind = match (same_shape, same_type || converts, rename) {
            (false, ..) => Kind::Shape,
            (true, false, _) => Kind::ElementType,
            (true, true, Some(_)) => Kind::Name,
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
            hint: if same_shape {
                None
            } else {
                wanted.hint(tensor.shape())
            },
        })
    }

    /// What is to say about a tensor that the checkpoint has not; nothing, when it
    /// has another copy of it.
    fn absent(&self, index: usize, wanted: &Wanted) -> Option<Finding> {
        if wanted.owner.is_some() {
            // Where no copy is there, the owner is the one that is missing.
            return None;
        }
        let copy = self.pairs.copy_of(index).or_else(|| {
            let tensor = *self.kept.get(wanted.name.as_str())?;
            wanted.has_shape(tensor.shape()).then_some(tensor)
        });
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
