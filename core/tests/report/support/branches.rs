//! Networks that only test reports: with branches, and with text that no network has.

use shapewise_core::graph::{DType, Statement, Step, Trace, trace};
use shapewise_core::{Graph, Shape, Value, layers};

use super::{arguments, inside, int, line, square, step};

static BRANCHES_STEPS: [&Step; 12] = [
    &step(
        layers::conv,
        arguments!(
            channels = int(8),
            kernel = square(3),
            padding = Value::Keyword("same"),
            bias = Value::Bool(false)
        ),
        &[0],
        "stem.0",
    ),
    &step(layers::batch_norm, &[], &[2], "stem.1"),
    &step(layers::relu, &[], &[3], "stem.2"),
    // stack: repeat 2 { residual { conv, batch_norm } }
    &step(
        layers::conv,
        arguments!(channels = int(8), kernel = square(3), padding = int(1)),
        &[4],
        "stack.0.conv",
    ),
    &step(layers::add, &[], &[5, 4], "stack.0.add"),
    &step(
        layers::conv,
        arguments!(channels = int(8), kernel = square(3), padding = int(1)),
        &[6],
        "stack.1.conv",
    ),
    &step(layers::add, &[], &[7, 6], "stack.1.add"),
    // An unlabelled group, and what follows it in its statement.
    &step(
        layers::conv,
        arguments!(channels = int(8), kernel = square(1)),
        &[8],
        "0.side",
    ),
    &step(layers::relu, &[], &[9], "0.relu"),
    &step(layers::add, &[], &[10, 4, 1], "joined"),
    &step(
        layers::conv,
        arguments!(channels = int(4), kernel = square(1)),
        &[11],
        "boxes",
    ),
    &step(
        layers::conv,
        arguments!(
            bias = Value::Bool(true),
            kernel = square(1),
            channels = int(2)
        ),
        &[11],
        "classes",
    ),
];
static BRANCHES_TRACE: Trace<12, 14> = trace(
    &[Shape::new(&[32, 32, 3]), Shape::new(&[32, 32, 8])],
    &BRANCHES_STEPS,
);

/// A network with two inputs, groups, a repeat and two outputs.
pub(crate) static BRANCHES: Graph = Graph::new(
    "Branches",
    DType::F16,
    &["image", "prior"],
    &BRANCHES_TRACE,
    &[("boxes", 12), ("classes", 13)],
)
.with_statements(&[
    line(
        "stem",
        "{ conv(8, 3x3, padding = same, bias = false); batch_norm, relu; }",
        (0, 3),
        0,
        4,
    ),
    inside(
        1,
        line(
            "",
            "conv(8, 3x3, padding = same, bias = false)",
            (0, 1),
            0,
            2,
        ),
    ),
    inside(1, line("", "batch_norm, relu", (1, 3), 2, 4)),
    Statement {
        copies: 2,
        ..line(
            "stack",
            "repeat 2 { residual { conv: conv(8, 3x3, padding = 1); } }",
            (3, 7),
            4,
            8,
        )
    },
    inside(
        1,
        line("stack.0.conv", "conv(8, 3x3, padding = 1)", (3, 4), 4, 5),
    ),
    line("", "{ side: conv(8, 1x1); }, relu", (7, 9), 8, 10),
    inside(1, line("0.side", "conv(8, 1x1)", (7, 8), 8, 9)),
    line("joined", "add(_, stem, prior)", (9, 10), 10, 11),
    line("boxes", "conv(4, 1x1)", (10, 11), 11, 12),
    line("classes", "from joined, conv(2, 1x1)", (11, 12), 11, 13),
]);

static HOSTILE_STEPS: [&Step; 1] = [&step(
    layers::linear,
    arguments!(features = int(2)),
    &[0],
    "a|b",
)];
static HOSTILE_TRACE: Trace<1, 2> = trace(&[Shape::new(&[3])], &HOSTILE_STEPS);

/// Names and units with every character that means something to some format.
pub(crate) static HOSTILE: Graph = Graph::new(
    "<Net>\"|*&",
    DType::I8,
    &["x,\"y\""],
    &HOSTILE_TRACE,
    &[("out|\"put\"", 1)],
)
.with_statements(&[line(
    "a|b",
    "linear(2), \"|\" `_`\n\t \\ {#%&$~^<>} // \u{1}",
    (0, 1),
    0,
    1,
)]);

/// Names of characters that take two columns of a terminal.
pub(crate) static WIDE: Graph = HOSTILE.with_name("網路").with_statements(&[line(
    "層層層層層層層層層層層層層層層",
    "線形線形線形線形線形",
    (0, 1),
    0,
    1,
)]);

static SKIP_STEPS: [&Step; 3] = [
    &step(layers::batch_norm, &[], &[0], "norm"),
    &step(layers::relu, &[], &[1], "act"),
    &step(layers::add, &[], &[2, 1], "sum"),
];
static SKIP_TRACE: Trace<3, 4> = trace(&[Shape::new(&[8, 8, 4])], &SKIP_STEPS);

/// One input, and a row that reads more than the one above.
pub(crate) static SKIP: Graph = Graph::new("Skip", DType::F32, &["x"], &SKIP_TRACE, &[("y", 3)])
    .with_statements(&[
        line("norm", "batch_norm", (0, 1), 0, 1),
        line("act", "relu", (1, 2), 1, 2),
        line("sum", "add(_, norm)", (2, 3), 2, 3),
    ]);

static RESULTS_STEPS: [&Step; 3] = [
    &step(layers::class_token, &[], &[0], "class_token"),
    &Step {
        results: 3,
        ..step(layers::lstm, arguments!(features = int(3)), &[1], "memory")
    },
    &step(layers::linear, arguments!(features = int(2)), &[3], "head"),
];
static RESULTS_TRACE: Trace<3, 6> = trace(&[Shape::new(&[4, 8])], &RESULTS_STEPS);

/// A layer with several results, of which the second is read, and one with a bare
/// parameter.
pub(crate) static RESULTS: Graph =
    Graph::new("Results", DType::Bf16, &["x"], &RESULTS_TRACE, &[("y", 5)]).with_statements(&[
        line("memory", "class_token, lstm(3)", (0, 2), 0, 2),
        line("head", "from hidden, linear(2)", (2, 3), 3, 5),
    ]);
