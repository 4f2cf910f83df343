//! What networks cost, and what a position uses of their parameters.

use shapewise_core::{Counts, Shape};

use super::{Node, Ready, Resolved};

impl Node {
    /// The parameters of it that a position does not use.
    pub(crate) fn inactive_params(&self) -> u64 {
        if self.step.shared.is_some() {
            return 0;
        }
        match &self.inside {
            Some(inside) => inside.inactive_params(),
            None => self.layer.inactive_params(),
        }
    }
}

impl Resolved {
    /// What the nodes of a range cost together. The sum saturates: whether it
    /// fits is checked as the nodes are added.
    pub fn counts(&self, nodes: (usize, usize)) -> Counts {
        let mut sum = Counts::ZERO;
        for node in self.nodes.get(nodes.0..nodes.1).unwrap_or_default() {
            sum = sum.plus(&node.counts).unwrap_or(sum);
        }
        sum
    }

    /// Whether only rustc knows what the nodes of a range cost.
    pub fn symbolic_costs(&self, nodes: (usize, usize)) -> bool {
        let nodes = self.nodes.get(nodes.0..nodes.1).unwrap_or_default();
        nodes.iter().any(|node| node.step.symbolic)
    }

    /// What in a range is of elsewhere: the networks by their paths, and whether
    /// there is a custom layer.
    pub fn elsewhere(&self, nodes: (usize, usize)) -> (Vec<String>, bool) {
        let mut networks = Vec::new();
        let mut custom = false;
        for node in self.nodes.get(nodes.0..nodes.1).unwrap_or_default() {
            match &node.step.ready {
                Some(Ready::Network(path)) if node.step.symbolic && node.counts == Counts::ZERO => {
                    networks.push(path.to_string().replace(' ', ""));
                }
                Some(Ready::Custom { .. }) => custom = true,
                _ => {}
            }
        }
        (networks, custom)
    }

    /// Whether only rustc knows the totals.
    pub fn symbolic_totals(&self) -> bool {
        self.symbolic_costs((0, self.nodes.len()))
    }

    /// What the network costs.
    pub fn totals(&self) -> Counts {
        self.sum
    }

    /// The elements of all activations, `None` when they do not fit 64 bits.
    pub fn activations(&self) -> Option<u64> {
        self.nodes.iter().try_fold(0_u64, |sum, node| {
            if let Some(inner) = &node.inside {
                return sum.checked_add(inner.activations()?);
            }
            let results = self.values.get(node.outputs())?;
            results.iter().try_fold(sum, |sum, value| {
                sum.checked_add(value.shape.checked_elements()?)
            })
        })
    }

    /// Whether the totals still fit 64 bits with one layer more, which has so many
    /// activations inside.
    pub fn totals_fit(&mut self, counts: &Counts, outputs: &[Shape], inside: u64) -> bool {
        let Ok(sum) = self.sum.plus(counts) else {
            return false;
        };
        let Some(elements) = self.elements.checked_add(inside) else {
            return false;
        };
        let activations = outputs.iter().try_fold(elements, |sum, shape| {
            sum.checked_add(shape.checked_elements()?)
        });
        // The most that memory can be asked for: all that there is, at once.
        let inputs = self.values.iter().take(self.inputs.len());
        let memory = inputs
            .map(|value| &value.shape)
            .chain(outputs)
            .try_fold(elements, |sum, shape| {
                sum.checked_add(shape.checked_elements()?)
            })
            .and_then(|elements| elements.checked_mul(8));
        let params = sum.weights.checked_add(sum.biases);
        let bytes = params.and_then(|params| params.checked_mul(8));
        match (activations, memory, bytes, sum.macs.checked_mul(2)) {
            (Some(elements), Some(_), Some(_), Some(_)) => {
                self.sum = sum;
                self.elements = elements;
                true
            }
            _ => false,
        }
    }

    /// The bytes of all parameters, `None` when they do not fit 64 bits.
    pub fn param_bytes(&self) -> Option<u64> {
        self.totals().params().checked_mul(self.dtype.bytes())
    }

    /// The parameters that one position uses.
    pub fn active_params(&self) -> u64 {
        let inactive = self.inactive_params();
        self.totals().params().saturating_sub(inactive)
    }

    fn inactive_params(&self) -> u64 {
        let nodes = self.nodes.iter().map(Node::inactive_params);
        nodes.fold(0, u64::saturating_add)
    }
}
