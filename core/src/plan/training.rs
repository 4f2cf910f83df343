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
    /// How many devices of a stage share the experts of a mixture: each has some of them whole,
    /// and the positions of all devices come to it that use these.
    pub expert: u64,
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
            expert: 1,
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
        /// With so many devices that share the experts of a mixture.
        expert: u64 = expert;
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

    /// How many devices have the same experts.
    #[must_use]
    pub const fn expert_replicas(&self) -> u64 {
        let stage = self.replicas().saturating_mul(self.tensor);
        match stage.checked_div(self.expert) {
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
            ("expert", self.expert),
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
        let stage = self.devices / self.pipeline;
        if !stage.is_multiple_of(self.expert) {
            return Err(PlanError::Experts {
                expert: self.expert,
                devices: stage,
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
        let dense = self.replicas();
        let experts = self.expert_replicas();
        let share = Share {
            zero: self.zero,
            counts: [(sum.parameters, dense), (sum.experts, experts)],
        };
        let states = [
            (
                self.optimizer.bytes(sum.parameters, state, sum.factored),
                dense,
            ),
            (
                self.optimizer
                    .bytes(sum.experts, state, sum.factored_experts),
                experts,
            ),
        ];
        TrainNeed {
            parameters: share.of(3, width),
            buffers: sum.buffers.saturating_mul(4),
            gradients: share.of(2, gradient),
            master: if master { share.of(1, 4) } else { 0 },
            optimizer: Share {
                zero: self.zero,
                counts: states,
            }
            .of(1, 1),
            gathered: if self.zero >= 3 && dense > 1 {
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
}

/// Numbers that `ZeRO` divides, and how many devices have the same ones: those of experts, and
/// all others.
struct Share {
    zero: u64,
    counts: [(u64, u64); 2],
}

impl Share {
    /// The bytes on a device, where they are divided from a stage of `ZeRO` on.
    const fn of(&self, stage: u64, width: u64) -> u64 {
        let mut sum: u64 = 0;
        let mut i = 0;
        while i < self.counts.len() {
            let (count, devices) = self.counts[i];
            let bytes = count.saturating_mul(width);
            let divided = self.zero >= stage && devices > 1;
            let own = if divided {
                bytes.div_ceil(devices)
            } else {
                bytes
            };
            sum = sum.saturating_add(own);
            i += 1;
        }
        sum
    }
}
