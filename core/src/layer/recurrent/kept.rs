//! What recurrent layers keep for the backward pass.

use super::{Cell, MergeMode, Recurrent};
use crate::layer::kept::{Backward, Cache, Kept, View};
use crate::shape::Shape;

/// oneDNN lays each part of its workspace at the start of a page.
const PAGE: u64 = 4096;

impl Recurrent {
    /// The states of all layers; nothing where the sequence is read from its end, too, which must be
    /// there whole.
    pub(in crate::layer) const fn cache(&self) -> Cache {
        if self.bidirectional {
            return Cache::NOTHING;
        }
        let cell = match self.cell {
            Cell::Lstm => self.features as u64,
            Cell::Rnn { .. } | Cell::Gru { .. } => 0,
        };
        let each = (self.state() as u64).saturating_add(cell);
        Cache::state(each.saturating_mul(self.layers as u64))
    }

    /// The input as steps of all samples, and what every step of every layer leaves.
    ///
    /// Source: PyTorch's `RNN.cpp`; its LSTM on a CPU is oneDNN's, whose workspace is kept as a
    /// whole (`mkldnn_rnn_layer`, oneDNN's `rnn_utils`). What joins directions in other ways
    /// than PyTorch is counted as its concatenation.
    pub(in crate::layer) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let steps = inputs[0].extents().at(0) as u64;
        let mut kept = Kept::NOTHING.lying(View::Steps);
        let mut layer = 0;
        while layer < self.layers {
            let entering = pass.count(&[steps, self.entering(layer) as u64]);
            // What one direction of a layer above reads is what the layer below keeps, or the
            // directions of that side by side.
            let read_again = layer > 0 && self.reads_what_is_kept();
            // Steps come before samples in the sequences of the layers; of the first one's, each
            // direction makes a copy in which they do.
            let copies = if layer == 0 && !self.is_one_kernel() {
                self.directions() as u64
            } else {
                1
            };
            if !read_again {
                kept = kept.values(entering.saturating_mul(copies));
            }
            if layer > 0 && self.dropout > 0.0 {
                kept = kept.mask(entering);
            }
            kept = kept.values(self.kept_of_steps(steps, pass));
            if self.is_one_kernel() {
                let workspace = self.workspace(steps, layer, pass);
                kept.own.workspace = kept.own.workspace.saturating_add(workspace);
            }
            layer += 1;
        }
        // The last layer of one direction gives what it keeps: nobody keeps that again.
        if self.gives_what_it_keeps() {
            kept.own.values = kept
                .own
                .values
                .saturating_sub(pass.count(&[steps, self.state() as u64]));
            kept.results = 1;
        }
        kept
    }

    /// Whether PyTorch hands it to oneDNN.
    const fn is_one_kernel(&self) -> bool {
        matches!(self.cell, Cell::Lstm) && self.projection.is_none()
    }

    /// Whether the sequence that a layer gives is one that it keeps.
    const fn reads_what_is_kept(&self) -> bool {
        self.is_one_kernel()
            && !self.bidirectional
            && matches!(self.merge_mode, MergeMode::Concat)
            && self.dropout == 0.0
    }

    /// Whether the first result is what the last layer keeps.
    const fn gives_what_it_keeps(&self) -> bool {
        self.is_one_kernel() && !self.bidirectional && self.return_sequence
    }

    /// The elements that the steps of a layer leave, of all its directions.
    const fn kept_of_steps(&self, steps: u64, pass: &Backward) -> u64 {
        let hidden = self.features as u64;
        let state = self.state() as u64;
        let each = match self.cell {
            // Every state, the first too.
            Cell::Rnn { .. } => steps.saturating_add(1).saturating_mul(hidden),
            // The state, the gates in one piece, and what two products in place write over.
            Cell::Gru { .. } => steps.saturating_mul(hidden.saturating_mul(7)),
            // The sequence, and the first and the last of both states.
            Cell::Lstm if self.projection.is_none() => {
                steps.saturating_add(4).saturating_mul(hidden)
            }
            // The state, the gates in one piece, the cell, its tangent, what is projected.
            Cell::Lstm => steps.saturating_mul(hidden.saturating_mul(7).saturating_add(state)),
        };
        pass.count(&[self.directions() as u64, each])
    }

    /// The bytes of oneDNN's workspaces for a layer, one for each direction: gates, hidden and
    /// cell states with one step more, and the differences of these on the way back.
    const fn workspace(&self, steps: u64, layer: usize, pass: &Backward) -> u64 {
        let hidden = self.features as u64;
        let widest = if self.entering(layer) > self.features {
            self.entering(layer) as u64
        } else {
            hidden
        };
        let rows = pass.count(&[steps]);
        // A step more, of the states of the layer and of what enters it.
        let states = pass.count(&[2, steps.saturating_add(1)]);
        let parts = [
            rows.saturating_mul(stride(hidden.saturating_mul(4))),
            rows.saturating_mul(stride(hidden)),
            states.saturating_mul(stride(widest)),
            states.saturating_mul(hidden),
            states.saturating_mul(stride(widest)),
            states.saturating_mul(stride(widest)),
            states.saturating_mul(hidden),
        ];
        let mut bytes: u64 = 0;
        let mut part = 0;
        while part < parts.len() {
            let pages = parts[part].saturating_mul(4).div_ceil(PAGE);
            bytes = bytes.saturating_add(pages.saturating_mul(PAGE));
            part += 1;
        }
        bytes.saturating_mul(self.directions() as u64)
    }
}

/// How far one row of a matrix of oneDNN's is from the next: whole lines of a cache, but not
/// a multiple of 256 elements.
const fn stride(elements: u64) -> u64 {
    let lines = elements.div_ceil(16).saturating_mul(16);
    if lines.is_multiple_of(256) {
        lines.saturating_add(16)
    } else {
        lines
    }
}
