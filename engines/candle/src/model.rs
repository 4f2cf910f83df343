//! A network with its tensors, as a module of candle's.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use candle_core::{DType, Device, Module, ModuleT, Tensor, Var};
use candle_nn::VarBuilder;
use shapewise_core::{Graph, Network, Text};
use shapewise_lower::{Customs, Elements, Initial, Mode, Plan, Route, Update, Weight};

use crate::{Candle, Error};

/// The network `N` with its tensors, which have PyTorch's names and layout.
///
/// It is made from a [`VarBuilder`], as candle's own modules are, and is a [`ModuleT`]: in
/// training dropout is active, and batch normalisation takes the statistics of the batch and
/// keeps the running ones. [`Model::eval`] is the [`Module`] that never trains. Cloning it
/// copies no tensor.
pub struct Model<N: Network> {
    held: Arc<Held>,
    network: PhantomData<fn() -> N>,
}

/// What a model has, whatever its network.
struct Held {
    plan: Plan<Candle>,
    /// In the order of [`Plan::weights`].
    tensors: Vec<Tensor>,
    device: Device,
    dtype: DType,
}

impl<N: Network> Model<N> {
    /// The network with the tensors that a `VarBuilder` has: of a checkpoint, zeros, or the
    /// variables of a `VarMap`, which get PyTorch's initialisation of the seed 0 where they
    /// are new.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] when a layer cannot be done: its path, and why. [`Error::Tensors`]
    /// with all tensors that are not there, or of another shape.
    pub fn new(vb: VarBuilder<'_>) -> Result<Self, Error> {
        Self::build(vb, 0, Customs::new())
    }

    /// The network with PyTorch's initialisation of another seed, for the variables of a
    /// `VarMap` that are new.
    ///
    /// # Errors
    ///
    /// As [`Model::new`].
    pub fn seeded(vb: VarBuilder<'_>, seed: u64) -> Result<Self, Error> {
        Self::build(vb, seed, Customs::new())
    }

    /// The network with what computes the layers of the user's own, too.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use candle_nn::VarBuilder;
    /// use shapewise::{Custom, Shape, network};
    /// use shapewise_candle::{Candle, CustomCall, Customs, Model};
    ///
    /// const fn square(input: Shape) -> Custom {
    ///     Custom::new(input)
    /// }
    ///
    /// network! {
    ///     pub struct Net(x: 8) -> 3 {
    ///         body: linear(16);
    ///         bend: custom square()  => 16;
    ///         head: linear(3);
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let square = |_: &mut Candle, call: CustomCall<'_, Tensor>| call.inputs[0].sqr();
    /// let customs = Customs::new().layer("bend", square);
    /// let vb = VarBuilder::zeros(DType::F32, &Device::Cpu);
    /// let model = Model::<Net>::build(vb, 0, customs)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Model::new`].
    pub fn build(vb: VarBuilder<'_>, seed: u64, customs: Customs<Candle>) -> Result<Self, Error> {
        let (device, dtype) = (vb.device().clone(), vb.dtype());
        let plan = Plan::new::<N>(&Candle::new(&device, dtype), customs)?;
        let mut tensors = Vec::with_capacity(plan.weights().len());
        let mut unfit = Vec::new();
        for weight in plan.weights() {
            match held(&vb, weight, seed) {
                Ok(tensor) => tensors.push(tensor),
                Err(_) if !vb.contains_tensor(&weight.name) => {
                    unfit.push((weight.name.clone(), "there is none".to_owned()));
                }
                Err(error) => unfit.push((weight.name.clone(), error.to_string())),
            }
        }
        if !unfit.is_empty() {
            return Err(Error::Tensors {
                network: N::GRAPH.name(),
                all: plan.weights().len(),
                unfit,
            });
        }
        Ok(Self::of(Held {
            plan,
            tensors,
            device,
            dtype,
        }))
    }

    fn of(held: Held) -> Self {
        Self {
            held: Arc::new(held),
            network: PhantomData,
        }
    }

    /// Runs a network with one input and one output, for inference. The batch comes first,
    /// channels before the spatial axes.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] when the input is of another shape than the network takes, or of
    /// other elements, as an error of candle's.
    ///
    /// A network with several inputs or outputs is an error of rustc's: [`Model::run`] has
    /// all of them.
    ///
    /// ```compile_fail,E0080
    /// # use candle_core::{DType, Device, Tensor};
    /// # use candle_nn::VarBuilder;
    /// # use shapewise::network;
    /// # use shapewise_candle::Model;
    /// network! {
    ///     pub struct Pair(a: 8, b: 8) -> 8 { sum: add(a, b); }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let model = Model::<Pair>::new(VarBuilder::zeros(DType::F32, &Device::Cpu))?;
    /// model.forward(&Tensor::zeros((1, 8), DType::F32, &Device::Cpu)?)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn forward(&self, input: &Tensor) -> candle_core::Result<Tensor> {
        self.forward_t(input, false)
    }

    /// As [`Model::forward`], in training where `train` says so.
    ///
    /// # Errors
    ///
    /// As [`Model::forward`].
    pub fn forward_t(&self, input: &Tensor, train: bool) -> candle_core::Result<Tensor> {
        const { assert_one_to_one(N::GRAPH) };
        let mut outputs = self.run_t(std::slice::from_ref(input), train)?;
        outputs
            .pop()
            .ok_or_else(|| candle_core::Error::Msg("no output".to_owned()))
    }

    /// Runs a network for inference: all its outputs, of all its inputs.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] and [`Error::DType`] when the inputs do not fit.
    pub fn run(&self, inputs: &[Tensor]) -> Result<Vec<Tensor>, Error> {
        self.run_t(inputs, false)
    }

    /// As [`Model::run`], in training where `train` says so.
    ///
    /// # Errors
    ///
    /// As [`Model::run`].
    pub fn run_t(&self, inputs: &[Tensor], train: bool) -> Result<Vec<Tensor>, Error> {
        self.held.run(self.held.plan.route(), inputs, train)
    }

    /// Runs a network for inference up to some of its labels: the values that leave these
    /// statements. Layers that none of them needs do not run.
    ///
    /// # Errors
    ///
    /// As [`Model::run`], and [`Error::Network`] when there is no such label.
    pub fn run_to(&self, labels: &[&str], inputs: &[Tensor]) -> Result<Vec<Tensor>, Error> {
        self.run_to_t(labels, inputs, false)
    }

    /// As [`Model::run_to`], in training where `train` says so.
    ///
    /// # Errors
    ///
    /// As [`Model::run_to`].
    pub fn run_to_t(
        &self,
        labels: &[&str],
        inputs: &[Tensor],
        train: bool,
    ) -> Result<Vec<Tensor>, Error> {
        let plan = &self.held.plan;
        let values = labels.iter().map(|label| plan.label(label));
        let route = plan.route_to(values.collect::<Result<_, _>>()?);
        self.held.run(&route, inputs, train)
    }

    /// The model as a [`Module`] for serving: it runs for inference, and no gradients are
    /// kept of its tensors, which it shares with this one.
    #[must_use]
    pub fn eval(&self) -> Inference<N> {
        let held = &self.held;
        Inference(Self::of(Held {
            plan: held.plan.clone(),
            tensors: held.tensors.iter().map(Tensor::detach).collect(),
            device: held.device.clone(),
            dtype: held.dtype,
        }))
    }

    /// The tensors' names, shapes and roles, in the order of the layers.
    #[must_use]
    pub fn weights(&self) -> &[Weight] {
        self.held.plan.weights()
    }

    /// A tensor by PyTorch's name, without the prefix of the `VarBuilder`.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&Tensor> {
        let mut weights = self.weights().iter();
        let place = weights.position(|weight| weight.name == name)?;
        self.held.tensors.get(place)
    }

    /// Where the tensors are.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.held.device
    }

    /// Of which type its floats are.
    #[must_use]
    pub fn dtype(&self) -> DType {
        self.held.dtype
    }
}

/// A tensor of the network: of the builder, or, for a count of batches that the checkpoint
/// lacks, 0.
fn held(vb: &VarBuilder<'_>, weight: &Weight, seed: u64) -> candle_core::Result<Tensor> {
    let extents = weight.extents.as_slice().to_vec();
    let counts = extents.is_empty() && weight.elements == Elements::Int;
    let dtype = match weight.elements {
        Elements::Float => vb.dtype(),
        _ => DType::I64,
    };
    let new = !vb.contains_tensor(&weight.name);
    let hint = candle_nn::Init::Const(0.0);
    let found = vb.get_with_hints_dtype(extents.clone(), &weight.name, hint, dtype);
    let tensor = match found {
        Err(_) if counts && new => Tensor::zeros(extents.clone(), dtype, vb.device())?,
        found => found?,
    };
    // A new variable of a `VarMap`.
    if new && tensor.is_variable() {
        let values = match weight.initial(seed) {
            Initial::Floats(values) => Tensor::from_vec(values, extents, vb.device())?,
            Initial::Ints(values) => Tensor::from_vec(values, extents, vb.device())?,
        };
        Var::from_tensor(&tensor)?.set(&values.to_dtype(dtype)?)?;
    }
    match weight.is_parameter() {
        true => Ok(tensor),
        // What training sets: shared with the `VarMap`, where it is of one.
        false => Ok(Var::from_tensor(&tensor)?.into_inner()),
    }
}

impl Held {
    fn run(&self, route: &Route, inputs: &[Tensor], train: bool) -> Result<Vec<Tensor>, Error> {
        let plan = &self.plan;
        let mut values = Vec::with_capacity(inputs.len());
        for (place, input) in inputs.iter().enumerate() {
            let dtype = input.dtype();
            if dtype.is_float() && dtype != self.dtype {
                return Err(Error::DType {
                    input: plan.graph().inputs().get(place).copied().unwrap_or(""),
                    expected: self.dtype,
                    given: dtype,
                });
            }
            let indices = plan.takes().get(place) == Some(&Elements::Int);
            values.push(match indices && dtype.is_int() {
                true => input.to_dtype(DType::I64)?,
                false => input.clone(),
            });
        }
        let weights = plan.weights().iter().zip(&self.tensors);
        let mut learned = weights.filter(|(weight, _)| weight.is_parameter());
        let gradients =
            learned.any(|(_, tensor)| tensor.track_op()) || inputs.iter().any(Tensor::track_op);
        let mode = match train {
            true => Mode::Training,
            false => Mode::Inference,
        };
        let mut engine = Candle::new(&self.device, self.dtype).with_gradients(gradients);
        let mut weights = |_: &mut Candle, place: usize| {
            let tensor = &self.tensors[place];
            Ok(match plan.weights()[place].is_parameter() {
                true => tensor.clone(),
                false => tensor.detach(),
            })
        };
        let run = plan.run_to(route, &mut engine, &mut weights, values, mode)?;
        for (place, update) in run.updates {
            let own = &self.tensors[place];
            let new = match update {
                Update::Value(value) => value.detach(),
                Update::Increment => (own + own.ones_like()?)?.detach(),
            };
            // Buffers are variables.
            Var::from_tensor(own)?.set(&new.reshape(own.shape())?)?;
        }
        Ok(run.values)
    }
}

/// Stops a build in which [`Model::forward`] is asked for what the network does not give.
const fn assert_one_to_one(graph: &Graph) {
    let mut text = Text::new();
    text.str("the network `").str(graph.name());
    if graph.inputs().len() != 1 {
        text.str("` has ").size(graph.inputs().len());
        text.str(" inputs: `run` takes them");
    } else if graph.outputs().len() != 1 {
        text.str("` has ").size(graph.outputs().len());
        text.str(" outputs: `run` gives them");
    } else {
        return;
    }
    panic!("{}", text.as_str())
}

impl<N: Network> Clone for Model<N> {
    fn clone(&self) -> Self {
        Self {
            held: Arc::clone(&self.held),
            network: PhantomData,
        }
    }
}

impl<N: Network> fmt::Debug for Model<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("network", &N::GRAPH.name())
            .field("tensors", &self.held.tensors.len())
            .field("dtype", &self.held.dtype)
            .field("device", &self.held.device)
            .finish_non_exhaustive()
    }
}

impl<N: Network> ModuleT for Model<N> {
    fn forward_t(&self, xs: &Tensor, train: bool) -> candle_core::Result<Tensor> {
        Model::forward_t(self, xs, train)
    }
}

/// A [`Model`] that only serves: candle's [`Module`].
///
/// candle makes a [`ModuleT`] of every [`Module`], which then ignores whether it is trained;
/// so that a [`Model`] is trained where it is told to be, it is not both.
pub struct Inference<N: Network>(Model<N>);

impl<N: Network> Inference<N> {
    /// The model, whose tensors have no gradients.
    #[must_use]
    pub fn model(&self) -> &Model<N> {
        &self.0
    }
}

impl<N: Network> Clone for Inference<N> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<N: Network> fmt::Debug for Inference<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Inference").field(&self.0).finish()
    }
}

impl<N: Network> Module for Inference<N> {
    fn forward(&self, xs: &Tensor) -> candle_core::Result<Tensor> {
        self.0.forward(xs)
    }
}
