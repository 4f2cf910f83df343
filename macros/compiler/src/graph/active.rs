//! What a position uses of the parameters.

use super::{Node, Resolved};

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
