//! LeNet-5.

use shapewise_core::graph::{DType, Step, Trace, trace};
use shapewise_core::{Graph, Shape, layers};

use super::{arguments, int, line, square, step};

static LENET_STEPS: [&Step; 12] = [
    &step(
        layers::conv,
        arguments!(channels = int(6), kernel = square(5), padding = int(2)),
        &[0],
        "conv1",
    ),
    &step(layers::relu, &[], &[1], "conv1.relu"),
    &step(
        layers::avg_pool,
        arguments!(kernel = square(2)),
        &[2],
        "pool1",
    ),
    &step(
        layers::conv,
        arguments!(channels = int(16), kernel = square(5)),
        &[3],
        "conv2",
    ),
    &step(layers::relu, &[], &[4], "conv2.relu"),
    &step(
        layers::avg_pool,
        arguments!(kernel = square(2)),
        &[5],
        "pool2",
    ),
    &step(layers::flatten, &[], &[6], "fc1.flatten"),
    &step(layers::linear, arguments!(features = int(120)), &[7], "fc1"),
    &step(layers::relu, &[], &[8], "fc1.relu"),
    &step(layers::linear, arguments!(features = int(84)), &[9], "fc2"),
    &step(layers::relu, &[], &[10], "fc2.relu"),
    &step(layers::linear, arguments!(features = int(10)), &[11], "fc3"),
];
static LENET_TRACE: Trace<12, 13> = trace(&[Shape::new(&[28, 28, 1])], &LENET_STEPS);

/// LeNet-5 on 28x28 images.
pub(crate) static LENET: Graph = Graph::new(
    "LeNet5",
    DType::F32,
    &["digit"],
    &LENET_TRACE,
    &[("classes", 12)],
)
.with_statements(&[
    line("conv1", "conv(6, 5x5, padding = 2), relu", (0, 2), 0, 2),
    line("pool1", "avg_pool(2x2)", (2, 3), 2, 3),
    line("conv2", "conv(16, 5x5), relu", (3, 5), 3, 5),
    line("pool2", "avg_pool(2x2)", (5, 6), 5, 6),
    line("fc1", "flatten, linear(120), relu", (6, 9), 6, 9),
    line("fc2", "linear(84), relu", (9, 11), 9, 11),
    line("fc3", "linear(10)", (11, 12), 11, 12),
]);
