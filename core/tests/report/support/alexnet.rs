//! The founding article's network.

use shapewise_core::graph::{DType, Step, Trace, trace};
use shapewise_core::{Graph, Shape, Value, layers};

use super::{arguments, int, line, square, step};

static ALEXNET_STEPS: [&Step; 20] = [
    &step(
        layers::conv,
        arguments!(channels = int(96), kernel = square(11), stride = int(4)),
        &[0],
        "conv1",
    ),
    &step(layers::relu, &[], &[1], "conv1.relu"),
    &step(
        layers::max_pool,
        arguments!(kernel = square(3), stride = int(2)),
        &[2],
        "pool1",
    ),
    &step(
        layers::conv,
        arguments!(channels = int(256), kernel = square(5), padding = int(2)),
        &[3],
        "conv2",
    ),
    &step(layers::relu, &[], &[4], "conv2.relu"),
    &step(
        layers::max_pool,
        arguments!(kernel = square(3), stride = int(2)),
        &[5],
        "pool2",
    ),
    &step(
        layers::conv,
        arguments!(channels = int(384), kernel = square(3), padding = int(1)),
        &[6],
        "conv3",
    ),
    &step(layers::relu, &[], &[7], "conv3.relu"),
    &step(
        layers::conv,
        arguments!(channels = int(384), kernel = square(3), padding = int(1)),
        &[8],
        "conv4",
    ),
    &step(layers::relu, &[], &[9], "conv4.relu"),
    &step(
        layers::conv,
        arguments!(channels = int(256), kernel = square(3), padding = int(1)),
        &[10],
        "conv5",
    ),
    &step(layers::relu, &[], &[11], "conv5.relu"),
    &step(
        layers::max_pool,
        arguments!(kernel = square(3), stride = int(2)),
        &[12],
        "pool3",
    ),
    &step(layers::flatten, &[], &[13], "fc1.flatten"),
    &step(
        layers::linear,
        arguments!(in = int(9216), features = int(4096)),
        &[14],
        "fc1",
    ),
    &step(layers::relu, &[], &[15], "fc1.relu"),
    &step(
        layers::dropout,
        arguments!(p = Value::Float(0.5)),
        &[16],
        "fc1.dropout",
    ),
    &step(
        layers::linear,
        arguments!(features = int(4096)),
        &[17],
        "fc2",
    ),
    &step(layers::relu, &[], &[18], "fc2.relu"),
    &step(
        layers::linear,
        arguments!(features = int(1000)),
        &[19],
        "fc3",
    ),
];
static ALEXNET_TRACE: Trace<20, 21> = trace(&[Shape::new(&[227, 227, 3])], &ALEXNET_STEPS);

/// AlexNet as one tower, on a 227x227 image.
pub(crate) static ALEXNET: Graph = Graph::new(
    "AlexNet",
    DType::F32,
    &["image"],
    &ALEXNET_TRACE,
    &[("logits", 20)],
)
.with_statements(&[
    line("conv1", "conv(96, 11x11, stride = 4), relu", (0, 2), 0, 2),
    line("pool1", "max_pool(3x3, stride = 2)", (2, 3), 2, 3),
    line("conv2", "conv(256, 5x5, padding = 2), relu", (3, 5), 3, 5),
    line("pool2", "max_pool(3x3, stride = 2)", (5, 6), 5, 6),
    line("conv3", "conv(384, 3x3, padding = 1), relu", (6, 8), 6, 8),
    line("conv4", "conv(384, 3x3, padding = 1), relu", (8, 10), 8, 10),
    line(
        "conv5",
        "conv(256, 3x3, padding = 1), relu",
        (10, 12),
        10,
        12,
    ),
    line("pool3", "max_pool(3x3, stride = 2)", (12, 13), 12, 13),
    line(
        "fc1",
        "flatten, linear(9216 -> 4096), relu, dropout(0.5)",
        (13, 17),
        13,
        17,
    ),
    line("fc2", "linear(4096), relu", (17, 19), 17, 19),
    line("fc3", "linear(1000)", (19, 20), 19, 20),
]);
