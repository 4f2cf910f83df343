//! The columns of a report and what stands in their cells.

use core::fmt::{self, Write};

use crate::number::{Bytes, Grouped, Percent, Si};
use crate::report::row::{Row, RowKind};
use crate::report::{Summary, row::Rows};
use crate::shape::Shape;

/// A column of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Column {
    /// What the row is called: the label of a statement.
    Layer,
    /// What it is made of, as it was written.
    Units,
    /// The shape that enters.
    Input,
    /// The shape that leaves.
    Output,
    /// Elements of weights.
    Weights,
    /// Elements of biases.
    Biases,
    /// Trainable parameters: weights and biases.
    Params,
    /// The share of the network's parameters.
    Share,
    /// Elements of buffers.
    Buffers,
    /// Bytes of the parameters.
    Bytes,
    /// Multiply-accumulates.
    Macs,
    /// Floating-point operations, two per multiply-accumulate.
    Flops,
    /// Elements of all layers' results.
    Activations,
    /// The names of the values that go in.
    Connected,
    /// How many times the row is repeated.
    Copies,
    /// How many rows contain this one.
    Depth,
    /// What the row stands for: `input`, `statement`, `layer`, `output`, `total`.
    Kind,
    /// Whether all costs are known: a custom layer may leave some out, and the
    /// numbers of the row are lower bounds then.
    Exact,
}

impl Column {
    /// Every column.
    pub const ALL: &'static [Self] = &[
        Self::Kind,
        Self::Depth,
        Self::Layer,
        Self::Units,
        Self::Copies,
        Self::Input,
        Self::Output,
        Self::Weights,
        Self::Biases,
        Self::Params,
        Self::Share,
        Self::Buffers,
        Self::Bytes,
        Self::Macs,
        Self::Flops,
        Self::Activations,
        Self::Connected,
        Self::Exact,
    ];

    /// The columns of a network in which every row goes on from the one above.
    pub const CHAIN: &'static [Self] = &[
        Self::Layer,
        Self::Units,
        Self::Output,
        Self::Weights,
        Self::Biases,
        Self::Params,
        Self::Share,
        Self::Macs,
    ];

    /// The columns of a network with branches.
    pub const BRANCHED: &'static [Self] = &[
        Self::Layer,
        Self::Units,
        Self::Output,
        Self::Weights,
        Self::Biases,
        Self::Params,
        Self::Share,
        Self::Macs,
        Self::Connected,
    ];

    /// The title of the column.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Layer => "Layer",
            Self::Units => "Units",
            Self::Input => "Input",
            Self::Output => "Output",
            Self::Weights => "Weights",
            Self::Biases => "Biases",
            Self::Params => "Params",
            Self::Share => "Share",
            Self::Buffers => "Buffers",
            Self::Bytes => "Size",
            Self::Macs => "MACs",
            Self::Flops => "FLOPs",
            Self::Activations => "Activations",
            Self::Connected => "Connected to",
            Self::Copies => "Copies",
            Self::Depth => "Depth",
            Self::Kind => "Kind",
            Self::Exact => "Exact",
        }
    }

    /// The name of the column in machine-readable reports.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Layer => "layer",
            Self::Units => "units",
            Self::Input => "input",
            Self::Output => "output",
            Self::Weights => "weights",
            Self::Biases => "biases",
            Self::Params => "params",
            Self::Share => "share",
            Self::Buffers => "buffers",
            Self::Bytes => "bytes",
            Self::Macs => "macs",
            Self::Flops => "flops",
            Self::Activations => "activations",
            Self::Connected => "connected",
            Self::Copies => "copies",
            Self::Depth => "depth",
            Self::Kind => "kind",
            Self::Exact => "exact",
        }
    }

    /// Whether it holds numbers: these stand at the right of their column.
    #[must_use]
    pub const fn is_number(self) -> bool {
        !matches!(
            self,
            Self::Layer
                | Self::Units
                | Self::Input
                | Self::Output
                | Self::Connected
                | Self::Kind
                | Self::Exact
        )
    }
}

/// What stands before a number that is a lower bound.
pub(super) const LOWER_BOUND: &str = ">= ";

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// For people: grouped digits, SI prefixes, percent.
    Human,
    /// For programs: plain digits.
    Exact,
}

impl Summary {
    /// The columns of a report for people: those that were chosen; without a
    /// choice, the connections only where some row does not just go on from the
    /// one above.
    pub(super) fn table_columns(&self) -> &'static [Column] {
        match self.columns {
            [] if self.is_chain() => Column::CHAIN,
            [] => Column::BRANCHED,
            columns => columns,
        }
    }

    fn is_chain(&self) -> bool {
        let mut before = Some(0);
        for row in Rows::new(*self) {
            // What a group reads, its own first row reads.
            if row.opened || matches!(row.kind, RowKind::Input | RowKind::Total) {
                continue;
            }
            if row.sources().any(|source| Some(source) != before) {
                return false;
            }
            before = row.leaves;
        }
        self.graph.inputs().len() == 1
    }

    /// The title of the column at `index`.
    pub(super) fn title_of(&self, index: usize, column: Column, style: Style) -> &'static str {
        match (self.titles.get(index), style) {
            (Some(title), _) => title,
            (None, Style::Human) => column.title(),
            (None, Style::Exact) => column.key(),
        }
    }

    /// Writes a cell.
    pub(super) fn write_cell(
        &self,
        row: &Row,
        column: Column,
        style: Style,
        out: &mut dyn Write,
    ) -> fmt::Result {
        let total = row.kind == RowKind::Total;
        if total && column.is_number() && style == Style::Human && !self.totals.contains(&column) {
            return Ok(());
        }
        match column {
            Column::Layer => self.write_name(row, out),
            Column::Units => write!(out, "{}", row.units()),
            Column::Input => self.write_shape(row.input, out),
            Column::Output => self.write_shape(row.output, out),
            Column::Connected => write!(out, "{}", row.connected()),
            Column::Kind => out.write_str(row.kind.name()),
            Column::Exact => out.write_str(match (style, row.exact()) {
                (Style::Human, _) if row.nodes.is_empty() && !total => "",
                (Style::Human, true) => "yes",
                (Style::Human, false) => "no",
                (Style::Exact, true) => "true",
                (Style::Exact, false) => "false",
            }),
            _ => self.write_number(row, column, style, out),
        }
    }

    fn write_name(&self, row: &Row, out: &mut dyn Write) -> fmt::Result {
        match self.names {
            Some(names) => names(row, out),
            None => write!(out, "{}", row.path),
        }
    }

    pub(super) fn write_shape(&self, shape: Option<Shape>, out: &mut dyn Write) -> fmt::Result {
        match (shape, self.shapes) {
            (None, _) => Ok(()),
            (Some(shape), Some(shapes)) => shapes(&shape, out),
            (Some(shape), None) => write!(out, "{shape}"),
        }
    }

    fn write_number(
        &self,
        row: &Row,
        column: Column,
        style: Style,
        out: &mut dyn Write,
    ) -> fmt::Result {
        let of_layers = matches!(row.kind, RowKind::Statement | RowKind::Layer);
        let total = row.kind == RowKind::Total;
        let place = matches!(column, Column::Copies | Column::Depth);
        let nothing = (place || column == Column::Share && !total) && !of_layers;
        if style == Style::Human && nothing {
            return Ok(());
        }
        let Some(number) = self.number(row, column) else {
            return out.write_str("overflow");
        };
        let bounded = matches!(
            column,
            Column::Weights
                | Column::Biases
                | Column::Params
                | Column::Buffers
                | Column::Bytes
                | Column::Macs
                | Column::Flops
        );
        // A custom layer may not say what it costs.
        let bound = bounded && style == Style::Human && !row.exact();
        if bound {
            out.write_str(LOWER_BOUND)?;
        }
        let share = Percent {
            part: number,
            whole: row.whole,
        };
        match (style, column) {
            (Style::Exact, Column::Share) => {
                let millionths = share.millionths();
                let (whole, part) = (millionths / 1_000_000, millionths % 1_000_000);
                write!(out, "{whole}.{part:06}")
            }
            (Style::Exact, _) => write!(out, "{number}"),
            (Style::Human, Column::Copies | Column::Depth) => write!(out, "{number}"),
            (Style::Human, _) if number == 0 && !bound => {
                let zero = if of_layers || total { "-" } else { "" };
                out.write_str(self.zero.unwrap_or(zero))
            }
            (Style::Human, Column::Share) => write!(out, "{share}"),
            (Style::Human, Column::Macs | Column::Flops) => write!(out, "{}", Si(number)),
            (Style::Human, Column::Bytes) => write!(out, "{}", Bytes(number)),
            (Style::Human, _) => write!(out, "{}", Grouped(number)),
        }
    }

    /// The number in a cell; `None` when it does not fit 64 bits. That of a share
    /// is the part.
    pub(super) fn number(&self, row: &Row, column: Column) -> Option<u64> {
        let counts = &row.counts;
        match column {
            Column::Weights => Some(counts.weights),
            Column::Biases => Some(counts.biases),
            Column::Params | Column::Share => Some(counts.params()),
            Column::Buffers => Some(counts.buffers),
            Column::Bytes => counts.params().checked_mul(self.size_type().bytes()),
            Column::Macs => counts.macs.checked_mul(self.batch),
            Column::Flops => counts.macs.checked_mul(self.batch)?.checked_mul(2),
            Column::Activations => row.activations()?.checked_mul(self.batch),
            Column::Copies => Some(row.copies as u64),
            Column::Depth => Some(row.depth as u64),
            Column::Layer
            | Column::Units
            | Column::Input
            | Column::Output
            | Column::Connected
            | Column::Kind
            | Column::Exact => Some(0),
        }
    }
}
