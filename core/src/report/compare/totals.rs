//! What both networks cost as a whole.

use core::fmt::{self, Write};

use super::Comparison;
use crate::error::Error;
use crate::graph::Graph;
use crate::layer::Backward;
use crate::number::{Bytes, Grouped, Percent, Si};
use crate::report::column::LOWER_BOUND;

/// A figure of a whole network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    Inputs,
    Outputs,
    Layers,
    Params,
    Buffers,
    ParamBytes,
    Macs,
    Peak,
    Training,
}

impl Figure {
    pub(super) const ALL: [Self; 9] = [
        Self::Inputs,
        Self::Outputs,
        Self::Layers,
        Self::Params,
        Self::Buffers,
        Self::ParamBytes,
        Self::Macs,
        Self::Peak,
        Self::Training,
    ];

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Inputs => "Input",
            Self::Outputs => "Output",
            Self::Layers => "Layers",
            Self::Params => "Parameters",
            Self::Buffers => "Buffers",
            Self::ParamBytes => "Parameter size",
            Self::Macs => "MACs",
            Self::Peak => "Peak memory",
            Self::Training => "Kept in training",
        }
    }

    /// The figure as a number; `None` for shapes and for what does not fit 64 bits.
    fn number(self, graph: &'static Graph) -> Option<u64> {
        let bytes = graph.dtype().bytes();
        match self {
            Self::Inputs | Self::Outputs => None,
            Self::Layers => Some(graph.nodes().len() as u64),
            Self::Params => Some(graph.counts().params()),
            Self::Buffers => Some(graph.counts().buffers),
            Self::ParamBytes => graph.counts().params().checked_mul(bytes),
            Self::Macs => Some(graph.counts().macs),
            Self::Peak => graph.peak_bytes().ok(),
            Self::Training => {
                let pass = Backward::eager(bytes);
                graph.kept(&pass).ok().map(|kept| kept.bytes(&pass))
            }
        }
    }

    /// Whether it is a sum of what layers cost, which a custom layer may not say.
    const fn is_cost(self) -> bool {
        matches!(
            self,
            Self::Params | Self::Buffers | Self::ParamBytes | Self::Macs
        )
    }

    /// Writes the figure of a network.
    pub(super) fn write(self, graph: &'static Graph, out: &mut dyn Write) -> fmt::Result {
        match self {
            Self::Inputs => write_shapes(graph, 0..graph.inputs().len(), out),
            Self::Outputs => {
                write_shapes(graph, graph.outputs().iter().map(|output| output.1), out)
            }
            _ => match self.number(graph) {
                None if matches!(graph.peak(), Err(Error::TooManyValues { .. })) => {
                    out.write_str("too many values")
                }
                None => out.write_str("overflow"),
                Some(number) => {
                    if self.is_cost() && !graph.exact() {
                        out.write_str(LOWER_BOUND)?;
                    }
                    self.write_number(number, out)
                }
            },
        }
    }

    /// Writes how the figure of `after` differs from that of `before`.
    pub(super) fn write_difference(
        self,
        before: &'static Graph,
        after: &'static Graph,
        out: &mut dyn Write,
    ) -> fmt::Result {
        let (Some(old), Some(new)) = (self.number(before), self.number(after)) else {
            return Ok(());
        };
        // Lower bounds have no difference.
        if self.is_cost() && !(before.exact() && after.exact()) {
            return out.write_str("unknown");
        }
        if old == new {
            return out.write_str("same");
        }
        let sign = if new > old { '+' } else { '-' };
        out.write_char(sign)?;
        self.write_number(old.abs_diff(new), out)?;
        if old == 0 {
            return Ok(());
        }
        let part = old.abs_diff(new);
        // Beyond a doubling, a factor says more than percent.
        if part > old {
            let tenths = (u128::from(new) * 10 + u128::from(old) / 2) / u128::from(old);
            return match tenths {
                1000.. => write!(out, " (x{})", Grouped(new / old)),
                _ => write!(out, " (x{}.{})", tenths / 10, tenths % 10),
            };
        }
        let percent = Percent { part, whole: old };
        write!(out, " ({percent})")
    }

    fn write_number(self, number: u64, out: &mut dyn Write) -> fmt::Result {
        match self {
            Self::ParamBytes | Self::Peak | Self::Training => write!(out, "{}", Bytes(number)),
            Self::Macs => write!(out, "{}", Si(number)),
            _ => write!(out, "{}", Grouped(number)),
        }
    }
}

impl Comparison {
    /// The figures that say something about one of the networks.
    pub(super) fn figures(&self) -> impl Iterator<Item = Figure> {
        let graphs = [self.before.graph(), self.after.graph()];
        let buffers = graphs.iter().any(|graph| graph.counts().buffers > 0);
        let all = Figure::ALL.into_iter();
        all.filter(move |figure| *figure != Figure::Buffers || buffers)
    }

    /// Writes how many statements are the same.
    pub(super) fn write_unchanged(&self, out: &mut dyn Write) -> fmt::Result {
        match self.unchanged() {
            0 => out.write_str("no statement is the same"),
            1 => out.write_str("1 statement is the same"),
            count => write!(out, "{} statements are the same", Grouped(count as u64)),
        }
    }
}

fn write_shapes(
    graph: &'static Graph,
    values: impl IntoIterator<Item = usize>,
    out: &mut dyn Write,
) -> fmt::Result {
    for (i, value) in values.into_iter().enumerate() {
        let separator = if i > 0 { ", " } else { "" };
        write!(out, "{separator}{}", graph.values()[value])?;
    }
    Ok(())
}
