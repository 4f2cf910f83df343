//! The multiply-accumulates of a network as other tools count them.

use super::Graph;
use crate::error::{Error, attempt};
use crate::formula::sum;
use crate::layer::{Convention, MAX_INPUTS};
use crate::shape::Shape;

impl Graph {
    /// Multiply-accumulates for one sample as another tool counts them.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] when a sum does not fit 64 bits.
    pub const fn macs_by(&self, convention: Convention) -> Result<u64, Error> {
        let mut macs = 0;
        let mut i = 0;
        while i < self.nodes.len() {
            let node = &self.nodes[i];
            let mut gathered = [Shape::new(&[1]); MAX_INPUTS];
            let mut k = 0;
            while k < node.step.inputs.len() {
                gathered[k] = self.values[node.step.inputs[k]];
                k += 1;
            }
            let inputs = gathered.split_at(node.step.inputs.len()).0;
            let one = attempt!(match self.inner(node) {
                Some(inner) => inner.macs_by(convention),
                None => node.layer.macs_by(convention, inputs),
            });
            macs = attempt!(sum(macs, one, "the number of multiply-accumulates"));
            i += 1;
        }
        Ok(macs)
    }
}
