//! What stands above and below a table: the network's signature, its totals, the
//! conventions of counting.

use core::fmt::{self, Write};

use crate::layer::Backward;
use crate::number::{Bytes, Grouped, Si};
use crate::report::Summary;
use crate::report::column::LOWER_BOUND;

/// How is counted, in one line.
pub const CONVENTIONS: &str =
    "MACs of weight and attention products only; FLOPs = 2 x MACs; buffers are no parameters";

/// A line of the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Total {
    Params,
    Buffers,
    Macs,
    Activations,
    Peak,
    Training,
    Conventions,
}

impl Total {
    pub(super) const ALL: [Self; 7] = [
        Self::Params,
        Self::Buffers,
        Self::Macs,
        Self::Activations,
        Self::Peak,
        Self::Training,
        Self::Conventions,
    ];

    /// What the line is about.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Params => "Parameters",
            Self::Buffers => "Buffers",
            Self::Macs => "MACs",
            Self::Activations => "Activations",
            Self::Peak => "Peak memory",
            Self::Training => "Training",
            Self::Conventions => "Counted",
        }
    }
}

impl Summary {
    /// Whether there is anything to say.
    pub(super) fn has(&self, total: Total) -> bool {
        match total {
            Total::Buffers => self.graph.counts().buffers > 0,
            // Of more values than there is room for on a stack, it is not found out.
            Total::Peak => self.graph.peak().is_ok(),
            Total::Training => self.graph.kept(&self.pass()).is_ok(),
            _ => true,
        }
    }

    /// Writes `AlexNet: image 227x227x3 -> logits 1000`.
    pub(super) fn write_heading(&self, out: &mut dyn Write) -> fmt::Result {
        let graph = self.graph;
        write!(out, "{}: ", graph.name())?;
        for (i, name) in graph.inputs().iter().enumerate() {
            let separator = if i > 0 { ", " } else { "" };
            write!(out, "{separator}{name} ")?;
            self.write_shape(Some(graph.values()[i]), out)?;
        }
        for (i, (name, value)) in graph.outputs().iter().enumerate() {
            let separator = if i > 0 { ", " } else { " -> " };
            write!(out, "{separator}{name} ")?;
            self.write_shape(Some(graph.values()[*value]), out)?;
        }
        Ok(())
    }

    /// Writes a line of the totals without its title.
    pub(super) fn write_total(&self, total: Total, out: &mut dyn Write) -> fmt::Result {
        let counts = self.graph.counts();
        let counted = matches!(total, Total::Params | Total::Buffers | Total::Macs);
        if counted && !self.graph.exact() {
            out.write_str(LOWER_BOUND)?;
        }
        match total {
            Total::Params => {
                let (params, weights) = (Grouped(counts.params()), Grouped(counts.weights));
                let biases = Grouped(counts.biases);
                write!(out, "{params} = {weights} weights + {biases} biases, ")?;
                self.write_bytes(Some(counts.params()), out)
            }
            Total::Buffers => {
                write!(out, "{}, ", Grouped(counts.buffers))?;
                self.write_bytes(Some(counts.buffers), out)
            }
            Total::Macs => {
                let macs = counts.macs.checked_mul(self.batch);
                write_si(macs, out)?;
                out.write_str(", ")?;
                write_si(macs.and_then(|macs| macs.checked_mul(2)), out)?;
                out.write_str(" FLOPs ")?;
                self.write_samples(out)
            }
            Total::Activations => {
                let elements = self.activations();
                write_si(elements, out)?;
                out.write_str(" elements, ")?;
                self.write_bytes(elements, out)?;
                out.write_str(", all results together ")?;
                self.write_samples(out)
            }
            Total::Peak => self.write_peak(out),
            Total::Training => {
                let pass = self.pass();
                let kept = self.graph.kept(&pass).map_err(|_| fmt::Error)?;
                let (elements, bytes) = (Si(kept.elements()), Bytes(kept.bytes(&pass)));
                write!(out, "{elements} elements, {bytes}, kept for the way back ")?;
                self.write_samples(out)
            }
            Total::Conventions => out.write_str(CONVENTIONS),
        }
    }

    /// The batch as it passes in training.
    fn pass(&self) -> Backward {
        Backward {
            samples: self.batch,
            ..Backward::eager(self.size_type().bytes())
        }
    }

    /// Writes the most that is alive at once, and while which layer.
    fn write_peak(&self, out: &mut dyn Write) -> fmt::Result {
        let peak = self.graph.peak().map_err(|_| fmt::Error)?;
        let elements = peak.elements.checked_mul(self.batch);
        write_si(elements, out)?;
        out.write_str(" elements, ")?;
        self.write_bytes(elements, out)?;
        out.write_str(", at inference")?;
        if let Some(leaf) = self.graph.walk().nth(peak.node) {
            write!(out, " during {}", leaf.path())?;
        }
        out.write_char(' ')?;
        self.write_samples(out)
    }

    /// Elements of all layers' results in the batch.
    pub(super) fn activations(&self) -> Option<u64> {
        let sum = self.graph.activations_of(0, self.graph.nodes().len())?;
        sum.checked_mul(self.batch)
    }

    fn write_bytes(&self, elements: Option<u64>, out: &mut dyn Write) -> fmt::Result {
        let dtype = self.size_type();
        match elements.and_then(|elements| elements.checked_mul(dtype.bytes())) {
            Some(bytes) => write!(out, "{} as {}", Bytes(bytes), dtype.name()),
            None => out.write_str("overflow"),
        }
    }

    fn write_samples(&self, out: &mut dyn Write) -> fmt::Result {
        match self.batch {
            1 => out.write_str("(one sample)"),
            samples => write!(out, "({} samples)", Grouped(samples)),
        }
    }
}

fn write_si(number: Option<u64>, out: &mut dyn Write) -> fmt::Result {
    match number {
        Some(number) => write!(out, "{}", Si(number)),
        None => out.write_str("overflow"),
    }
}
