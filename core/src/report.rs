//! Reports: what a network looks like as a table, and as data for other tools.
//!
//! A [`Summary`] is made by `Network::summary()`; its `Display` is a table for
//! the terminal. The same rows come out as Markdown, CSV, JSON, LaTeX and DOT.
//! Nothing is allocated on the way.

use core::fmt;

use crate::graph::{DType, Graph, Statement, Walk};
use crate::shape::Shape;

mod column;
mod columns;
mod compare;
mod csv;
mod dot;
mod footer;
mod groups;
mod json;
mod latex;
mod markdown;
mod row;
pub mod svg;
mod table;
#[cfg(feature = "std")]
mod terminal;
mod units;
mod writers;

pub use crate::number::{Bytes, Grouped, Si};
pub use column::Column;
pub use compare::{Change, Comparison, ComparisonMarkdown, Difference, Differences};
pub use csv::Csv;
pub use dot::Dot;
pub use footer::CONVENTIONS;
pub use json::Json;
pub use latex::Latex;
pub use markdown::Markdown;
pub use row::{Row, RowKind, Rows};
pub use svg::{MemorySvg, Svg};

/// Writes what a row is called.
pub type NameFormat = fn(&Row, &mut dyn fmt::Write) -> fmt::Result;

/// Writes a shape.
pub type ShapeFormat = fn(&Shape, &mut dyn fmt::Write) -> fmt::Result;

/// The report of a network.
///
/// `Display` writes a table for the terminal; [`markdown`](Self::markdown),
/// [`csv`](Self::csv), [`json`](Self::json), [`latex`](Self::latex),
/// [`dot`](Self::dot) and [`svg`](Self::svg) write the same rows in other forms. The options are a
/// builder's, and `const`:
///
/// ```
/// use shapewise_core::report::{Column, Summary};
/// use shapewise_core::{Graph, Shape, graph};
///
/// # static TRACE: graph::Trace<0, 1> = graph::trace(&[Shape::new(&[10])], &[]);
/// # static IDENTITY: Graph =
/// #     Graph::new("Identity", graph::DType::F32, &["x"], &TRACE, &[("y", 0)]);
/// # const GRAPH: &Graph = &IDENTITY;
/// const SUMMARY: Summary = Summary::new(GRAPH)
///     .columns(&[Column::Layer, Column::Output, Column::Params])
///     .titles(&["Layer", "Tensor size"])
///     .width(60);
/// assert!(SUMMARY.to_string().contains("Tensor size"));
/// assert_eq!(SUMMARY.rows().count(), 2); // the input and the total
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    graph: &'static Graph,
    /// The columns; where there are none, each form has its own.
    columns: &'static [Column],
    titles: &'static [&'static str],
    totals: &'static [Column],
    /// The columns of the terminal, where they were said.
    width: Option<usize>,
    colours: bool,
    depth: usize,
    layers: bool,
    /// Whether the layers of networks stand in their place.
    inside: bool,
    batch: u64,
    dtype: Option<DType>,
    input_row: bool,
    output_row: bool,
    total_row: bool,
    heading: bool,
    footer: bool,
    zero: Option<&'static str>,
    names: Option<NameFormat>,
    shapes: Option<ShapeFormat>,
}

impl Summary {
    /// The least width of a table.
    const LEAST_WIDTH: usize = 20;
    /// That of a table whose width nobody said.
    const WIDTH: usize = 100;

    /// The report of `graph`: a row per statement of the network's own body, at
    /// most 100 columns wide, for one sample.
    #[must_use]
    pub const fn new(graph: &'static Graph) -> Self {
        Self {
            graph,
            columns: &[],
            titles: &[],
            totals: Column::ALL,
            width: None,
            colours: false,
            depth: 1,
            layers: false,
            inside: false,
            batch: 1,
            dtype: None,
            input_row: true,
            output_row: false,
            total_row: true,
            heading: true,
            footer: true,
            zero: None,
            names: None,
            shapes: None,
        }
    }

    /// The network.
    #[must_use]
    pub const fn graph(&self) -> &'static Graph {
        self.graph
    }

    /// The report with these columns. A table shows the first 32 at most, and
    /// leaves out the less telling ones where the width is too small for all.
    /// [`Summary::json`] has everything always.
    #[must_use]
    pub const fn columns(mut self, columns: &'static [Column]) -> Self {
        self.columns = columns;
        self
    }

    /// The report with these titles above its columns, in their order; columns
    /// beyond the last keep theirs.
    #[must_use]
    pub const fn titles(mut self, titles: &'static [&'static str]) -> Self {
        self.titles = titles;
        self
    }

    /// The report with sums of these columns only in its last row.
    #[must_use]
    pub const fn totals(mut self, totals: &'static [Column]) -> Self {
        self.totals = totals;
        self
    }

    /// The table in a terminal of this many columns (no less than 20; 100 where
    /// nothing is said): long units are cut, names broken over several lines, then
    /// columns are left out.
    #[must_use]
    pub const fn width(mut self, width: usize) -> Self {
        self.width = Some(if width < Self::LEAST_WIDTH {
            Self::LEAST_WIDTH
        } else {
            width
        });
        self
    }

    /// The table with or without the colours of a terminal, as ANSI's escape sequences;
    /// without them when nothing is said.
    #[must_use]
    pub const fn colours(mut self, on: bool) -> Self {
        self.colours = on;
        self
    }

    /// How wide the table may be.
    const fn most(&self) -> usize {
        match self.width {
            Some(width) => width,
            None => Self::WIDTH,
        }
    }

    /// The report with groups opened to this depth; 1 is a row per statement of
    /// the network's own body. A group that is opened keeps its row, which has
    /// the figures of all that it contains.
    #[must_use]
    pub const fn depth(mut self, depth: usize) -> Self {
        self.depth = if depth == 0 { 1 } else { depth };
        self
    }

    /// The report with a row per layer instead of one per statement. The layers of
    /// a network that is a layer stand in its place, with their full paths.
    #[must_use]
    pub const fn layers(mut self) -> Self {
        self.layers = true;
        self.inside = self.graph.has_networks();
        self
    }

    /// The report with MACs, FLOPs and activations of so many samples at once.
    /// Shapes are written without the batch still.
    #[must_use]
    pub const fn batch(mut self, samples: u64) -> Self {
        self.batch = samples;
        self
    }

    /// The report with sizes in bytes of this type instead of the network's own.
    #[must_use]
    pub const fn dtype(mut self, dtype: DType) -> Self {
        self.dtype = Some(dtype);
        self
    }

    /// The report with or without a row per input, above the others; with it when
    /// nothing is said.
    #[must_use]
    pub const fn input_row(mut self, on: bool) -> Self {
        self.input_row = on;
        self
    }

    /// The report with or without a row per output, below the others; without it
    /// when nothing is said.
    #[must_use]
    pub const fn output_row(mut self, on: bool) -> Self {
        self.output_row = on;
        self
    }

    /// The report with or without the row of sums at its end; with it when
    /// nothing is said.
    #[must_use]
    pub const fn total_row(mut self, on: bool) -> Self {
        self.total_row = on;
        self
    }

    /// The report with or without the line above the table: name, inputs, outputs.
    #[must_use]
    pub const fn heading(mut self, on: bool) -> Self {
        self.heading = on;
        self
    }

    /// The report with or without the totals and conventions below the table.
    #[must_use]
    pub const fn footer(mut self, on: bool) -> Self {
        self.footer = on;
        self
    }

    /// What tables for people write instead of the number 0. When nothing is said,
    /// that is `-`, and nothing in the rows of inputs and outputs.
    #[must_use]
    pub const fn zero(mut self, text: &'static str) -> Self {
        self.zero = Some(text);
        self
    }

    /// The report with the names of its rows written by `format`, which sees the
    /// whole row: what it stands for, its label, its layers.
    #[must_use]
    pub const fn names(mut self, format: NameFormat) -> Self {
        self.names = Some(format);
        self
    }

    /// The report with the shapes of its rows written by `format`.
    #[must_use]
    pub const fn shapes(mut self, format: ShapeFormat) -> Self {
        self.shapes = Some(format);
        self
    }

    /// The rows from top to bottom, for a report of one's own.
    ///
    /// # Panics
    ///
    /// As [`Graph::counts`], when a sum does not fit 64 bits; that of no network
    /// made by the macro does.
    #[must_use]
    pub fn rows(&self) -> Rows {
        Rows::new(*self)
    }

    /// The report as a Markdown table.
    #[must_use]
    pub const fn markdown(&self) -> Markdown {
        Markdown(*self)
    }

    /// The report as comma-separated values.
    #[must_use]
    pub const fn csv(&self) -> Csv {
        Csv(*self)
    }

    /// The report, and every layer with its tensors, as JSON.
    #[must_use]
    pub const fn json(&self) -> Json {
        Json(*self)
    }

    /// The report as a LaTeX table.
    #[must_use]
    pub const fn latex(&self) -> Latex {
        Latex(*self)
    }

    /// The rows as a graph in the language of Graphviz.
    #[must_use]
    pub const fn dot(&self) -> Dot {
        Dot(*self)
    }

    /// The architecture as a drawing: a card per statement, whatever the options.
    #[must_use]
    pub const fn svg(&self) -> Svg {
        Svg(*self)
    }

    /// How much memory is alive over the layers, as a drawing.
    #[must_use]
    pub const fn memory_svg(&self) -> MemorySvg {
        MemorySvg(*self)
    }

    /// The type in which sizes are given.
    const fn size_type(&self) -> DType {
        match self.dtype {
            Some(dtype) => dtype,
            None => self.graph.dtype(),
        }
    }

    /// The layers, those of networks in their place where there is a row per layer.
    const fn leaves(&self) -> Walk {
        if self.inside {
            self.graph.walk()
        } else {
            self.graph.walk_over()
        }
    }

    /// The number of one of the graph's values among those of [`Self::leaves`].
    const fn number_of(&self, value: usize) -> usize {
        if self.inside {
            self.graph.value_inside(value)
        } else {
            value
        }
    }

    /// Whether the statement has a row of its own.
    const fn shows(&self, statement: &Statement) -> bool {
        !self.layers && statement.depth < self.depth
    }
}
