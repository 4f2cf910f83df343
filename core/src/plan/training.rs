//! What training takes.

use super::sum::Sum;
use super::{Optimizer, PlanError, TrainNeed};
use crate::analysis::Span;
use crate::graph::DType;
use crate::layer::kept::Autograd;

/// What of the way forth is computed again on the way back instead of kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checkpoint {
    /// Nothing.
    #[default]
    None,
    /// The score matrices of attention.
    Attention,
    /// Each copy of a repeat, from what enters it.
    Copies,
    /// Everything: each copy of a repeat and each other statement, from what enters it.
    Full,
}

impl Checkpoint {
    /// All of them, by their names in the language.
    pub const ALL: [(&'static str, Self); 4] = [
        ("none", Self::None),
        ("attention", Self::Attention),
        ("copies", Self::Copies),
        ("full", Self::Full),
    ];

    /// Its name in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Attention => "attention",
            Self::Copies => "copies",
            Self::Full => "full",
        }
    }
}

/// How a network is trained.
///
/// A step takes a batch of samples, all devices together. A type of 16 bits is mixed
/// precision: a master copy of the parameters and the optimiser's states are `f32`, unless
/// [`Training::master`] says that there is no such copy; the states are of the parameters'
/// type then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Training {
    /// The optimiser.
    pub optimizer: Optimizer,
    /// The samples of a step, of all devices together.
    pub batch: u64,
    /// The type of activations and parameters; the network's own where it is not given.
    pub dtype: Option<DType>,
    /// The type of the gradients; that of the parameters where it is not given.
    pub gradients: Option<DType>,
    /// Whether there is a copy of the parameters in `f32`; with a type of 16 bits, if it is
    /// not given.
    pub master: Option<bool>,
    /// In how many parts a device takes its samples, one after the other, for one step.
    pub accumulate: u64,
    /// What is recomputed.
    pub checkpoint: Checkpoint,
    /// By which rules activations are kept.
    pub autograd: Autograd,
    /// What `ZeRO` divides between devices that have other samples: nothing (0), the optimiser
    /// (1), gradients too (2), parameters too (3).
    pub zero: u64,
    /// All devices.
    pub devices: u64,
    /// How many devices share a layer.
    pub tensor: u64,
    /// Whether devices that share a layer also share, position by position, what lies between
    /// such layers.
    pub sequence: bool,
    /// How many stages the layers are cut into, on devices of their own.
    pub pipeline: u64,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $value:expr;)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub const fn $name(mut self, $name: $type) -> Self {
            self.$name = $value;
            self
        }
    )+};
}

impl Training {
    /// One sample on one device, in the network's type.
    #[must_use]
    pub const fn with(optimizer: Optimizer) -> Self {
        Self {
            optimizer,
            batch: 1,
            dtype: None,
            gradients: None,
            master: None,
            accumulate: 1,
            checkpoint: Checkpoint::None,
            autograd: Autograd::Eager,
            zero: 0,
            devices: 1,
            tensor: 1,
            sequence: false,
            pipeline: 1,
        }
    }

    /// With gradient descent.
    #[must_use]
    pub const fn sgd() -> Self {
        Self::with(Optimizer::Sgd)
    }

    /// With Adam.
    #[must_use]
    pub const fn adam() -> Self {
        Self::with(Optimizer::Adam)
    }

    /// With `AdamW`.
    #[must_use]
    pub const fn adamw() -> Self {
        Self::with(Optimizer::AdamW)
    }

    setters! {
        /// With an optimiser.
        optimizer: Optimizer = optimizer;
        /// With so many samples a step, of all devices together.
        batch: u64 = batch;
        /// In a type.
        dtype: DType = Some(dtype);
        /// With gradients of a type.
        gradients: DType = Some(gradients);
        /// With a copy of the parameters in `f32`, or without.
        master: bool = Some(master);
        /// In so many parts.
        accumulate: u64 = accumulate;
        /// Recomputing something.
        checkpoint: Checkpoint = checkpoint;
        /// With activations kept by these rules.
        autograd: Autograd = autograd;
        /// With a stage of `ZeRO`.
        zero: u64 = zero;
        /// On so many devices.
        devices: u64 = devices;
        /// With so many devices that share a layer.
        tensor: u64 = tensor;
        /// With sharing, position by position, what lies between such layers.
        sequence: bool = sequence;
        /// In so many stages.
        pipeline: u64 = pipeline;
    }

    /// Whether a piece of the network is recomputed.
    pub(super) const fn recomputes(&self, span: &Span) -> bool {
        match self.checkpoint {
            Checkpoint::None | Checkpoint::Attention => false,
            Checkpoint::Copies => span.copy,
            Checkpoint::Full => true,
        }
    }

    /// How many devices have other samples.
    #[must_use]
    pub const fn replicas(&self) -> u64 {
        let shared = self.tensor.saturating_mul(self.pipeline);
        match self.devices.checked_div(shared) {
            Some(replicas) => replicas,
            None => 0,
        }
    }

    /// The samples that pass a device at once.
    #[must_use]
    pub const fn micro_batch(&self) -> u64 {
        let parts = self.replicas().saturating_mul(self.accumulate);
        if parts == 0 {
            return 0;
        }
        self.batch.div_ceil(parts)
    }

    pub(super) const fn check(&self) -> Result<(), PlanError> {
        let least = [
            ("batch", self.batch),
            ("accumulate", self.accumulate),
            ("devices", self.devices),
            ("tensor", self.tensor),
            ("pipeline", self.pipeline),
        ];
        let mut i = 0;
        while i < least.len() {
            if least[i].1 == 0 {
                return Err(PlanError::Nothing { what: least[i].0 });
            }
            i += 1;
        }
        if self.zero > 3 {
            return Err(PlanError::Zero { stage: self.zero });
        }
        let shared = self.tensor.saturating_mul(self.pipeline);
        if !self.devices.is_multiple_of(shared) {
            return Err(PlanError::Devices {
                devices: self.devices,
                tensor: self.tensor,
                pipeline: self.pipeline,
            });
        }
        Ok(())
    }

    /// What it takes of the parameters alone, of so many: all but activations, and what
    /// follows from the layers.
    ///
    /// ```
    /// use shapewise_core::graph::DType;
    /// use shapewise_core::plan::Training;
    ///
    /// // 16 bytes a parameter: two each of parameters and gradients, twelve of Adam's.
    /// let plan = Training::adam().dtype(DType::F16).zero(1).devices(64);
    /// let need = plan.states(7_500_000_000, DType::F32);
    /// assert_eq!((need.parameters, need.gradients), (15_000_000_000, 15_000_000_000));
    /// assert_eq!(need.master + need.optimizer, 12 * 7_500_000_000 / 64);
    /// ```
    #[must_use]
    pub const fn states(&self, parameters: u64, own: DType) -> TrainNeed {
        let mut sum = Sum::NOTHING;
        sum.parameters = parameters;
        sum.factored = parameters;
        self.needed(&sum, own)
    }

    /// What the layers of a device need.
    pub(super) const fn needed(&self, sum: &Sum, own: DType) -> TrainNeed {
        let dtype = match self.dtype {
            Some(dtype) => dtype,
            None => own,
        };
        let width = dtype.bytes();
        let gradient = match self.gradients {
            Some(dtype) => dtype.bytes(),
            None => width,
        };
        let master = match self.master {
            Some(master) => master,
            None => width == 2,
        };
        let state = if master { 4 } else { width };
        let replicas = match self.replicas() {
            0 => 1,
            replicas => replicas,
        };
        let parameters = sum.parameters;
        TrainNeed {
            parameters: share(parameters.saturating_mul(width), self.divisor(3, replicas)),
            buffers: sum.buffers.saturating_mul(4),
            gradients: share(
                parameters.saturating_mul(gradient),
                self.divisor(2, replicas),
            ),
            master: if master {
                share(parameters.saturating_mul(4), self.divisor(1, replicas))
            } else {
                0
            },
            optimizer: share(
                self.optimizer.bytes(parameters, state, sum.factored),
                self.divisor(1, replicas),
            ),
            gathered: if self.zero >= 3 && replicas > 1 {
                sum.largest.saturating_mul(2 * width)
            } else {
                0
            },
            activations: sum.kept,
            recomputed: sum.again,
            macs: sum.macs,
            stage: 0,
        }
    }

    /// Between how many devices something is divided from a stage of `ZeRO` on.
    const fn divisor(&self, stage: u64, replicas: u64) -> u64 {
        if self.zero >= stage { replicas } else { 1 }
    }
}

/// A part of something that is divided.
const fn share(bytes: u64, devices: u64) -> u64 {
    bytes.div_ceil(devices)
}
