//! Layers whose paths are long and differ in their middle only.

use shapewise_core::graph::{DType, Step, Trace, trace};
use shapewise_core::{Graph, Shape, layers};

use super::{arguments, int, step};

static DEEP_STEPS: [&Step; 4] = [
    &step(
        layers::linear,
        arguments!(features = int(64)),
        &[0],
        "encoder.layers.encoder_layer_10.mlp.linear_1",
    ),
    &step(
        layers::linear,
        arguments!(features = int(64)),
        &[1],
        "encoder.layers.encoder_layer_11.mlp.linear_1",
    ),
    &step(
        layers::linear,
        arguments!(features = int(64)),
        &[2],
        "encoder.layers.encoder_layer_11.mlp.linear_2",
    ),
    &step(
        layers::linear,
        arguments!(features = int(64)),
        &[3],
        "a_name_without_any_point_that_is_too_long_for_any_narrow_column_1",
    ),
];
static DEEP_TRACE: Trace<4, 5> = trace(&[Shape::new(&[64])], &DEEP_STEPS);

/// Four layers that cost the same, so that only their paths tell them apart.
pub(crate) static DEEP: Graph = Graph::new("Deep", DType::F32, &["x"], &DEEP_TRACE, &[("y", 4)]);
