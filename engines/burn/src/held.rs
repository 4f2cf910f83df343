//! The tensors that a model holds, as burn's parameters and running states.

use burn::module::{Devices, Module, ModuleMapper, ModuleVisitor, Param, ParamId, RunningState};
use burn::tensor::{Device, FloatDType, Int, Tensor};
use shapewise_lower::{Initial, Weight};

use crate::Failure;
use crate::value::{Ranked, Value};

/// A tensor of a model.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    /// One axis, learned.
    P1(Param<Tensor<1>>),
    /// Two axes, learned.
    P2(Param<Tensor<2>>),
    /// Three axes, learned.
    P3(Param<Tensor<3>>),
    /// Four axes, learned.
    P4(Param<Tensor<4>>),
    /// Five axes, learned.
    P5(Param<Tensor<5>>),
    /// Statistics that training keeps.
    Running(RunningState<Tensor<1>>),
    /// A count of batches: of floats, which are what burn's running states are of.
    Count(RunningState<Tensor<1>>),
    /// Integers of one axis: indices.
    I1(Param<Tensor<1, Int>>),
    /// Integers of two axes: indices.
    I2(Param<Tensor<2, Int>>),
}

/// The same expression for a tensor of each type, which gives one of the same type.
macro_rules! mapped {
    ($held:expr, $tensor:ident => $body:expr) => {
        match $held {
            Held::P1($tensor) => Held::P1($body),
            Held::P2($tensor) => Held::P2($body),
            Held::P3($tensor) => Held::P3($body),
            Held::P4($tensor) => Held::P4($body),
            Held::P5($tensor) => Held::P5($body),
            Held::Running($tensor) => Held::Running($body),
            Held::Count($tensor) => Held::Count($body),
            Held::I1($tensor) => Held::I1($body),
            Held::I2($tensor) => Held::I2($body),
        }
    };
}

/// The same expression for a tensor of each type, whatever it gives.
macro_rules! asked {
    ($held:expr, $tensor:ident => $body:expr) => {
        match $held {
            Held::P1($tensor) => $body,
            Held::P2($tensor) => $body,
            Held::P3($tensor) => $body,
            Held::P4($tensor) => $body,
            Held::P5($tensor) => $body,
            Held::Running($tensor) => $body,
            Held::Count($tensor) => $body,
            Held::I1($tensor) => $body,
            Held::I2($tensor) => $body,
        }
    };
}

impl Held {
    /// A tensor of a network before training.
    pub(crate) fn new(weight: &Weight, seed: u64, device: &Device) -> Result<Self, Failure> {
        Self::of(weight, weight.initial(seed), device)
    }

    /// A tensor of a network with these elements.
    pub(crate) fn of(weight: &Weight, values: Initial, device: &Device) -> Result<Self, Failure> {
        // A single number has no axes in PyTorch, and one in burn.
        let extents = match weight.extents.as_slice() {
            [] => &[1],
            extents => extents,
        };
        let values = match values {
            Initial::Floats(values) => Value::Float(Ranked::floats(values, extents, device)?),
            Initial::Ints(values) => Value::Int(Ranked::ints(values, extents, device)?),
        };
        match (weight.is_parameter(), values) {
            (true, Value::Float(Ranked::D1(tensor))) => Ok(Self::P1(Param::from_tensor(tensor))),
            (true, Value::Float(Ranked::D2(tensor))) => Ok(Self::P2(Param::from_tensor(tensor))),
            (true, Value::Float(Ranked::D3(tensor))) => Ok(Self::P3(Param::from_tensor(tensor))),
            (true, Value::Float(Ranked::D4(tensor))) => Ok(Self::P4(Param::from_tensor(tensor))),
            (true, Value::Float(Ranked::D5(tensor))) => Ok(Self::P5(Param::from_tensor(tensor))),
            (false, Value::Float(Ranked::D1(tensor))) => {
                Ok(Self::Running(RunningState::new(tensor)))
            }
            // Tables that follow from a window: nothing learns them.
            (false, Value::Float(Ranked::D3(tensor))) => {
                Ok(Self::P3(Param::initialized(ParamId::new(), tensor)))
            }
            (false, Value::Float(Ranked::D4(tensor))) => {
                Ok(Self::P4(Param::initialized(ParamId::new(), tensor)))
            }
            (false, Value::Float(Ranked::D5(tensor))) => {
                Ok(Self::P5(Param::initialized(ParamId::new(), tensor)))
            }
            // Of 32 bits, whatever the device's own are: floats of 16 count to 2,048.
            (false, Value::Int(Ranked::D1(tensor))) if weight.extents.as_slice().is_empty() => {
                let count = tensor.float().cast(FloatDType::F32);
                Ok(Self::Count(RunningState::new(count)))
            }
            (false, Value::Int(Ranked::D1(tensor))) => {
                Ok(Self::I1(Param::initialized(ParamId::new(), tensor)))
            }
            (false, Value::Int(Ranked::D2(tensor))) => {
                Ok(Self::I2(Param::initialized(ParamId::new(), tensor)))
            }
            (_, value) => Err(Failure::Rank(value.extents().len())),
        }
    }

    /// The tensor, as the walk over a network reads it.
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::P1(param) => param.val().into(),
            Self::P2(param) => param.val().into(),
            Self::P3(param) => param.val().into(),
            Self::P4(param) => param.val().into(),
            Self::P5(param) => param.val().into(),
            // With the last update, which a state holds back for those of other threads.
            Self::Running(state) => state.value_sync().into(),
            Self::Count(state) => state.value_sync().int().into(),
            Self::I1(param) => param.val().into(),
            Self::I2(param) => param.val().into(),
        }
    }

    /// What identifies it to optimisers, where it is learned.
    pub(crate) fn id(&self) -> Option<ParamId> {
        match self {
            Self::P1(param) => Some(param.id),
            Self::P2(param) => Some(param.id),
            Self::P3(param) => Some(param.id),
            Self::P4(param) => Some(param.id),
            Self::P5(param) => Some(param.id),
            _ => None,
        }
    }

    /// The parameter with gradients or without; nothing else has any.
    pub(crate) fn learned(self, learned: bool) -> Self {
        match self {
            Self::P1(param) => Self::P1(param.set_require_grad(learned)),
            Self::P2(param) => Self::P2(param.set_require_grad(learned)),
            Self::P3(param) => Self::P3(param.set_require_grad(learned)),
            Self::P4(param) => Self::P4(param.set_require_grad(learned)),
            Self::P5(param) => Self::P5(param.set_require_grad(learned)),
            other => other,
        }
    }

    fn is_learned(&self) -> bool {
        match self {
            Self::P1(param) => param.is_require_grad(),
            Self::P2(param) => param.is_require_grad(),
            Self::P3(param) => param.is_require_grad(),
            Self::P4(param) => param.is_require_grad(),
            Self::P5(param) => param.is_require_grad(),
            _ => true,
        }
    }

    /// Another tensor in its place, frozen where it is.
    pub(crate) fn like(&self, other: Self) -> Self {
        match self.is_learned() {
            true => other,
            false => other.learned(false),
        }
    }

    /// Statistics as a run in training mode left them.
    pub(crate) fn update(&self, value: Value) {
        if let (Self::Running(state), Value::Float(Ranked::D1(tensor))) = (self, value) {
            state.update(tensor.detach());
        }
    }

    /// A batch more.
    pub(crate) fn count(&self) {
        if let Self::Count(state) = self {
            state.update(state.value_sync().detach().add_scalar(1.0));
        }
    }

    pub(crate) fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        asked!(self, tensor => Module::visit(tensor, visitor));
    }

    pub(crate) fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        mapped!(self, tensor => Module::map(tensor, mapper))
    }

    pub(crate) fn moved(self, device: &Device) -> Self {
        mapped!(self, tensor => tensor.to_device(device))
    }

    pub(crate) fn fork(self, device: &Device) -> Self {
        mapped!(self, tensor => tensor.fork(device))
    }

    pub(crate) fn collect_devices(&self, devices: Devices) -> Devices {
        asked!(self, tensor => tensor.collect_devices(devices))
    }

    pub(crate) fn train(self) -> Self {
        mapped!(self, tensor => tensor.train())
    }

    pub(crate) fn valid(&self) -> Self {
        mapped!(self, tensor => tensor.valid())
    }

    pub(crate) fn materialize(self) -> Self {
        mapped!(self, tensor => tensor.materialize())
    }
}
