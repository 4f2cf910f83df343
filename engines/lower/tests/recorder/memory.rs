//! How many elements of a network's values are alive at once, counted as they are made and
//! dropped.

use std::collections::HashMap;
use std::rc::{Rc, Weak};

use shapewise_core::layer;
use shapewise_lower::{Dim, Site};

use super::known::{Known, count};

/// The values that are alive, and where they lie. What a layer needs within itself is not
/// counted.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    buffers: Vec<Buffer>,
    /// In which buffer each value lies.
    places: HashMap<usize, (usize, Vec<Dim>)>,
    /// The elements that were alive as the layer began.
    before: usize,
    /// The most that were alive at once.
    pub(crate) peak: usize,
}

/// Memory that values lie in.
#[derive(Debug)]
struct Buffer {
    elements: usize,
    values: Vec<Weak<()>>,
}

impl Buffer {
    fn is_alive(&self) -> bool {
        self.values.iter().any(|value| value.strong_count() > 0)
    }
}

impl Memory {
    /// An input of the network.
    pub(super) fn input(&mut self, number: usize, value: &Known) {
        self.put(number, value, None);
    }

    pub(super) fn begins(&mut self) {
        let alive = self.buffers.iter().filter(|buffer| buffer.is_alive());
        self.before = alive.map(|buffer| buffer.elements).sum();
        self.peak = self.peak.max(self.before);
    }

    /// The results, each a value of its own.
    pub(super) fn ends(&mut self, site: &Site<'_>, results: Vec<Known>) -> Vec<Known> {
        let results: Vec<Known> = results
            .into_iter()
            .map(|result| Known::new(result.dims, result.elements))
            .collect();
        let taken = self.taken(site, &results);
        let mut made = 0;
        for (number, result) in site.results.clone().zip(&results) {
            made += self.put(number, result, taken);
        }
        self.peak = self.peak.max(self.before + made);
        results
    }

    /// The buffer of an input that the results lie in.
    fn taken(&self, site: &Site<'_>, results: &[Known]) -> Option<usize> {
        let buffer = |input: &usize| &self.places[input];
        match site.node.layer.memory() {
            layer::Memory::Fresh => None,
            layer::Memory::Alias | layer::Memory::Absent => Some(buffer(&site.inputs[0]).0),
            layer::Memory::InPlace => {
                let inputs = site.inputs.iter().map(buffer);
                let mut given_up = inputs.filter(|(place, dims)| {
                    !self.buffers[*place].is_alive() && *dims == results[0].dims
                });
                given_up.next().map(|(place, _)| *place)
            }
        }
    }

    /// Notes where a value lies; returns how many elements that took.
    fn put(&mut self, number: usize, value: &Known, taken: Option<usize>) -> usize {
        let elements = count(&value.dims).0;
        let place = taken.unwrap_or(self.buffers.len());
        if taken.is_none() {
            let values = vec![];
            self.buffers.push(Buffer { elements, values });
        }
        self.buffers[place].values.push(Rc::downgrade(&value.token));
        self.places.insert(number, (place, value.dims.clone()));
        match taken {
            Some(_) => 0,
            None => elements,
        }
    }
}
