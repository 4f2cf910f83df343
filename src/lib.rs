//! Neural networks as a declarative layer list, checked and counted at compile time.

#![no_std]
#![forbid(unsafe_code)]

pub use shapewise_core::{
    Axis, Counts, Error, Extents, Graph, Layer, MAX_RANK, Network, Shape, Sides, Stage, Text,
    Value, catalogue, error, formula, graph, layer, layers, report,
};

/// Declares neural networks as layer lists, checked and counted at compile time.
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => {
        $crate::__private::network! { ($crate) $($tokens)* }
    };
}

/// What generated code speaks to; not for anybody else.
#[doc(hidden)]
pub mod __private {
    pub use shapewise_core::graph::{
        DType, Program, Statement, Step, Trace, graph_of, stage_of, summary_of, trace,
    };
    pub use shapewise_core::report::Summary;
    pub use shapewise_core::{Counts, Extents, Graph, Network, Shape, Sides, Stage, Value, layers};
    pub use shapewise_macros::network;
}
