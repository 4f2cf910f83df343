//! Which tensor of the checkpoint belongs to which of the definition.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::compare::leftover::is_leftover;
use crate::compare::names::path_and_last;
use crate::compare::wanted::Wanted;
use crate::header::{Header, TensorInfo};
use crate::report::Rename;

/// The longest name, in bytes, for which another is looked for. Names of real tensors
/// are far shorter; comparing long ones with each other would take its time.
const LONGEST: usize = 256;

/// The most bytes of names that are looked at while names are guessed, those that are
/// looked at again counted again.
const MOST_LOOKS: usize = 1 << 26;

/// The tensors of both sides, and the pairs found so far.
pub(super) struct Pairs<'a> {
    pub(super) wanted: &'a [Wanted],
    pub(super) tensors: &'a [TensorInfo<'a>],
    header: &'a Header<'a>,
    wanted_names: HashMap<&'a str, usize>,
    /// The tensors of each layer of the definition.
    layers: HashMap<&'a str, Vec<usize>>,
    /// The copies of each tensor that has some.
    copies: HashMap<usize, Vec<usize>>,
    found: Vec<Option<(usize, Option<Rename>)>>,
    taken: Vec<Option<usize>>,
    /// What each tensor of the checkpoint is called after the changes so far.
    called: Vec<Cow<'a, str>>,
}

impl<'a> Pairs<'a> {
    /// Pairs what has the same name.
    pub(super) fn by_name(wanted: &'a [Wanted], header: &'a Header<'a>) -> Self {
        let tensors = header.tensors();
        let mut pairs = Self {
            wanted,
            tensors,
            header,
            wanted_names: HashMap::with_capacity(wanted.len()),
            layers: HashMap::new(),
            copies: HashMap::new(),
            found: vec![None; wanted.len()],
            taken: vec![None; tensors.len()],
            called: tensors.iter().map(|tensor| tensor.name().into()).collect(),
        };
        for (index, wanted) in wanted.iter().enumerate() {
            pairs.wanted_names.insert(&wanted.name, index);
            let (layer, _) = path_and_last(&wanted.name);
            pairs.layers.entry(layer).or_default().push(index);
            if let Some(owner) = wanted.owner {
                pairs.copies.entry(owner).or_default().push(index);
            }
        }
        // Of a name that the definition has twice, the last one is found.
        for (index, wanted) in wanted.iter().enumerate() {
            if pairs.wanted_names[wanted.name.as_str()] == index
                && let Some(tensor) = header.place(&wanted.name)
            {
                pairs.pair(index, tensor, None);
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

    /// Those of them that belong to a layer, by its path.
    pub(super) fn missing_of(&self, layer: &str) -> impl Iterator<Item = usize> + '_ {
        let all = self.layers.get(layer).map_or(&[][..], Vec::as_slice);
        let missing =
            |index: &usize| self.found[*index].is_none() && self.wanted[*index].owner.is_none();
        all.iter().copied().filter(missing)
    }

    /// The tensors of the checkpoint that belong to nothing so far and may be others
    /// under another name.
    pub(super) fn spare(&self) -> impl Iterator<Item = usize> + '_ {
        self.nameable().filter(|index| self.taken[*index].is_none())
    }

    /// The tensors of the checkpoint that may have another name.
    pub(super) fn nameable(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.tensors.len()).filter(|index| {
            let tensor = &self.tensors[*index];
            tensor.name().len() <= LONGEST && !is_leftover(tensor)
        })
    }

    /// How often all names may be looked at: `most` times, and less often where there
    /// are so many that it would take its time.
    pub(super) fn rounds(&self, most: usize) -> usize {
        let bytes: usize = self
            .nameable()
            .map(|index| self.tensors[index].name().len())
            .sum();
        most.min(MOST_LOOKS / bytes.max(1))
    }

    /// A tensor of the definition that has not been found, by its name.
    pub(super) fn missing_named(&self, name: &str) -> Option<usize> {
        let index = *self.wanted_names.get(name)?;
        self.found[index].is_none().then_some(index)
    }

    /// A tensor of the checkpoint that belongs to nothing so far, by its name.
    pub(super) fn spare_named(&self, name: &str) -> Option<usize> {
        let index = self.header.place(name)?;
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

    /// A copy of a tied tensor that the checkpoint has, and whether that is transposed.
    pub(super) fn copy_of(&self, owner: usize) -> Option<(&TensorInfo<'a>, bool)> {
        let copies = self.copies.get(&owner)?;
        copies
            .iter()
            .find_map(|copy| Some((self.found_for(*copy)?.0, self.wanted[*copy].transposed)))
    }

    /// The tensors of the checkpoint that belong to nothing.
    pub(super) fn left(&self) -> impl Iterator<Item = &TensorInfo<'a>> {
        let all = self.tensors.iter().zip(&self.taken);
        all.filter_map(|(tensor, taken)| taken.is_none().then_some(tensor))
    }
}
