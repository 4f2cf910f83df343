//! Neural networks as a declarative layer list, checked and counted at compile time.

#![no_std]
#![forbid(unsafe_code)]

pub use shapewise_core::{
    Axis, Counts, Error, Extents, Graph, Layer, MAX_RANK, Network, Shape, Sides, Stage, Text,
    Value, catalogue, error, formula, graph, layer, layers, report,
};
