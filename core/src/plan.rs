//! Whether a network fits: what it takes to train or to serve it, on each device.
//!
//! A plan is a value: how many samples, in which type, with which optimiser, spread over how
//! many devices. What it takes follows from the graph, so that a `const` can hold it and a
//! program that would not fit does not compile:
//!
//! ```
//! use shapewise_core::graph::{DType, Graph, Step, Trace, trace};
//! use shapewise_core::plan::{TrainNeed, Training};
//! use shapewise_core::{Shape, Value, layers};
//!
//! static TRACE: Trace<3, 4> = trace(
//!     &[Shape::new(&[784])],
//!     &[
//!         &Step::new(layers::linear, &[("features", Value::Int(512))], &[0], 1, "fc1"),
//!         &Step::new(layers::relu, &[], &[1], 1, "relu"),
//!         &Step::new(layers::linear, &[("features", Value::Int(10))], &[2], 1, "fc2"),
//!     ],
//! );
//! static MLP: Graph = Graph::new("Mlp", DType::F32, &["image"], &TRACE, &[("digits", 3)]);
//!
//! const NEED: TrainNeed = Training::adam().batch(64).of(&MLP);
//! assert_eq!(NEED.parameters, 407_050 * 4);
//! assert_eq!(NEED.optimizer, 2 * NEED.parameters);
//! assert_eq!(NEED.activations, 64 * (784 + 512) * 4);
//! const _: () = assert!(NEED.total() < 8 << 20);
//! ```
//!
//! What is not counted: what a framework and its libraries hold for themselves, temporary
//! workspaces of kernels, buffers of communication, the loss and the gradients of activations on
//! the way back, and what lies unused between allocations.

mod asked;
mod cache;
mod need;
mod optimizer;
mod serving;

mod spans;
mod sum;
mod training;

pub use asked::{Asked, Need};
pub use need::TrainNeed;
pub use optimizer::Optimizer;
pub use serving::{ServeNeed, Serving, Weights};

pub use spans::{Outline, spans};
pub use sum::Sum;
pub use training::{Checkpoint, Training};

use core::fmt;

use crate::analysis::{Flow, Span};

/// A network as plans see it.
#[derive(Clone, Copy, Debug)]
pub struct Model<'a> {
    /// Its layers and values.
    pub flow: Flow<'a>,
    /// Its layers in pieces that are recomputed together, and between which stages are cut:
    /// copies of repeats and statements, all layers in their order.
    pub spans: &'a [Span],
}

/// Why a plan cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// A number that has to be at least 1 is 0.
    Nothing {
        /// Which one.
        what: &'static str,
    },
    /// A `ZeRO` stage that there is not.
    Zero {
        /// The stage.
        stage: u64,
    },
    /// Devices that tensor parallelism and a pipeline do not divide.
    Devices {
        /// All devices.
        devices: u64,
        /// Those that share a layer.
        tensor: u64,
        /// The stages.
        pipeline: u64,
    },
    /// Devices of a stage that those that share experts do not divide.
    Experts {
        /// Those that share experts.
        expert: u64,
        /// The devices of a stage.
        devices: u64,
    },
    /// A pipeline of more stages than the network has pieces.
    Stages {
        /// The stages.
        pipeline: u64,
        /// The statements and copies of repeats.
        pieces: u64,
    },
    /// Heads of an attention layer, or experts of a mixture, that cannot be divided.
    Share {
        /// What of the plan says so: `tensor` or `expert`.
        key: &'static str,
        /// The devices that share a layer.
        devices: u64,
        /// What is divided.
        what: &'static str,
        /// How many there are.
        count: u64,
    },
    /// More values than there are places for.
    TooManyValues {
        /// How many.
        values: usize,
    },
    /// A number of bytes that does not fit 64 bits.
    Overflow,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing { what } => write!(f, "`{what}` has to be at least 1"),
            Self::Zero { stage } => {
                write!(
                    f,
                    "there is no ZeRO stage {stage}: stages are 0, 1, 2 and 3"
                )
            }
            Self::Devices {
                devices,
                tensor,
                pipeline,
            } => write!(
                f,
                "`devices = {devices}` is no multiple of `tensor * pipeline`, {tensor}*{pipeline}"
            ),
            Self::Stages { pipeline, pieces } => write!(
                f,
                "{pipeline} stages cannot be cut out of {pieces} statements and copies of repeats"
            ),
            Self::Share {
                key,
                devices,
                what,
                count,
            } => write!(
                f,
                "{devices} devices cannot share {count} {what} evenly: `{key}` has to divide {count}"
            ),
            Self::Experts { expert, devices } => write!(
                f,
                "`expert = {expert}` does not divide the {devices} devices of a stage"
            ),
            Self::TooManyValues { values } => {
                write!(f, "{values} values are more than there are places for")
            }
            Self::Overflow => f.write_str("the bytes do not fit 64 bits"),
        }
    }
}

impl core::error::Error for PlanError {}

impl PlanError {
    /// Fails the evaluation of a constant.
    pub(crate) const fn panic(self) -> ! {
        match self {
            Self::Nothing { .. } => panic!("a number of the plan is 0 that has to be at least 1"),
            Self::Zero { .. } => panic!("there is no such ZeRO stage: stages are 0, 1, 2 and 3"),
            Self::Devices { .. } => panic!(
                "the devices of the plan are not divided by those that share a layer times the stages of the pipeline"
            ),
            Self::Stages { .. } => {
                panic!(
                    "the pipeline has more stages than the network has statements and copies of repeats"
                )
            }
            Self::Share { .. } => panic!("the devices of the plan cannot share a layer evenly"),
            Self::Experts { .. } => {
                panic!("those that share experts do not divide the devices of a stage")
            }
            Self::TooManyValues { .. } => {
                panic!("the network has more values than there are places for")
            }
            Self::Overflow => panic!("the bytes of the plan do not fit 64 bits"),
        }
    }
}

/// What a plan takes of a graph, with as many places as it has values: for constants, and at
/// run time for networks of some thousand values.
macro_rules! in_places {
    ($graph:expr, $function:ident, $plan:expr) => {
        match $graph.values_inside() {
            0..=128 => $function::<128>($graph, $plan),
            129..=512 => $function::<512>($graph, $plan),
            513..=2048 => $function::<2048>($graph, $plan),
            2049..=8192 => $function::<8192>($graph, $plan),
            values => Err(PlanError::TooManyValues { values }),
        }
    };
}
pub(crate) use in_places;
