//! Which tensor of the checkpoint belongs to which of the definition.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::compare::leftover::is_leftover;
use crate::compare::wanted::Wanted;
use crate::header::TensorInfo;
use crate::report::Rename;

/// The longest name, in bytes, for which another is looked for. Names of real tensors
/// are far shorter; comparing long ones with each other would take its time.
const LONGEST: usize = 256;

/// The tensors of both sides, and the pairs found so far.
pub(super) struct Pairs<'a> {
    pub(super) wanted: &'a [Wanted],
    pub(super) tensors: &'a [TensorInfo<'a>],
    wanted_names: HashMap<&'a str, usize>,
    tensor_names: HashMap<&'a str, usize>,
    found: Vec<Option<(usize, Option<Rename>)>>,
    taken: Vec<Option<usize>>,
    /// What each tensor of the checkpoint is called after the changes so far.
    called: Vec<Cow<'a, str>>,
}

impl<'a> Pairs<'a> {
    /// Pairs what has the same name.
    pub(super) fn by_name(wanted: &'a [Wanted], tensors: &'a [TensorInfo<'a>]) -> Self {
        let by_name = |(index, name): (usize, &'a str)| (name, index);
        let names = wanted.iter().map(|wanted| wanted.name.as_str());
        let mut pairs = Self {
            wanted,
            tensors,
            wanted_names: names.enumerate().map(by_name).collect(),
            tensor_names: tensors
                .iter()
                .map(TensorInfo::name)
                .enumerate()
                .map(by_name)
                .collect(),
            found: vec![None; wanted.len()],
            taken: vec![None; tensors.len()],
            called: tensors.iter().map(|tensor| tensor.name().into()).collect(),
        };
        for (tensor, info) in tensors.iter().enumerate() {
            if let Some(wanted) = pairs.wanted_names.get(info.name()) {
                pairs.pair(*wanted, tensor, None);
            }
        }
        pairs
    }

    /// Puts two together; neither has been in a pair.
    pub(super) fn pair(&mut self, wanted: usize, tensor: usize, rename: Option<Rename>) {
        self.found[wanted] = Some((tensor, rename));
        self.taken[tensor] = Some(wanted);
        self.called[tensor] = Cow::Borrowed(&self.wanted[wanted].name);
    }

    /// Takes a pair apart.
    pub(super) fn separate(&mut self, wanted: usize) {
        if let Some((tensor, _)) = self.found[wanted].take() {
            self.taken[tensor] = None;
        }
    }

    /// Whether the checkpoint lacks nothing.
    pub(super) fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }

    /// The tensors of the definition that have not been found, copies left out.
    pub(super) fn missing(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.wanted.len())
            .filter(|index| self.found[*index].is_none() && self.wanted[*index].owner.is_none())
    }

    /// The tensors of the checkpoint that belong to nothing so far and may be others
    /// under another name.
    pub(super) fn spare(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.tensors.len()).filter(|index| {
            let tensor = &self.tensors[*index];
            self.taken[*index].is_none() && tensor.name().len() <= LONGEST && !is_leftover(tensor)
        })
    }

    /// A tensor of the definition that has not been found, by its name.
    pub(super) fn missing_named(&self, name: &str) -> Option<usize> {
        let index = *self.wanted_names.get(name)?;
        self.found[index].is_none().then_some(index)
    }

    /// A tensor of the checkpoint that belongs to nothing so far, by its name.
    pub(super) fn spare_named(&self, name: &str) -> Option<usize> {
        let index = *self.tensor_names.get(name)?;
        self.taken[index].is_none().then_some(index)
    }

    /// Whether both have the same shape.
    pub(super) fn agree(&self, wanted: usize, tensor: usize) -> bool {
        self.wanted[wanted].has_shape(self.tensors[tensor].shape())
    }

    /// What a tensor of the checkpoint is called after the changes so far.
    pub(super) fn called(&self, tensor: usize) -> &str {
        &self.called[tensor]
    }

    /// Calls a tensor of the checkpoint something else.
    pub(super) fn call(&mut self, tensor: usize, name: String) {
        self.called[tensor] = name.into();
    }

    /// What a tensor of the checkpoint belongs to.
    pub(super) fn taken_by(&self, tensor: usize) -> Option<usize> {
        self.taken[tensor]
    }

    /// The tensor of the checkpoint that belongs to one of the definition.
    pub(super) fn found_for(&self, wanted: usize) -> Option<(&TensorInfo<'a>, Option<&Rename>)> {
        let (tensor, rename) = self.found[wanted].as_ref()?;
        Some((&self.tensors[*tensor], rename.as_ref()))
    }

    /// A copy of a tied tensor that the checkpoint has.
    pub(super) fn copy_of(&self, owner: usize) -> Option<&TensorInfo<'a>> {
        let copies = self.wanted.iter().enumerate();
        copies
            .filter(|(_, wanted)| wanted.owner == Some(owner))
            .find_map(|(copy, _)| Some(self.found_for(copy)?.0))
    }

    /// A tensor of the checkpoint by its name there.
    pub(super) fn named(&self, name: &str) -> Option<&TensorInfo<'a>> {
        Some(&self.tensors[*self.tensor_names.get(name)?])
    }

    /// The tensors of the checkpoint that belong to nothing.
    pub(super) fn left(&self) -> impl Iterator<Item = &TensorInfo<'a>> {
        let all = self.tensors.iter().zip(&self.taken);
        all.filter_map(|(tensor, taken)| taken.is_none().then_some(tensor))
    }
}
