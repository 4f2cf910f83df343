//! A network with its tensors, as a module of burn's.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use burn::module::{
    Content, Devices, Flag, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper,
    ModuleVisitor, Param,
};
use burn::tensor::{Device, Tensor};
use shapewise_core::Network;
use shapewise_lower::{Customs, Initial, Mode, Plan, Update, Weight};

use crate::held::Held;
use crate::value::Value;
use crate::{Burn, Error};

/// What one segment of a tensor's path is called as a container.
const CONTAINER: &str = "Model";

/// The network `N` with its tensors: a [`Module`], whose parameters have PyTorch's
/// names and layout.
///
/// It is in training mode where its device tracks gradients and it was not made
/// [`valid`](Module::valid): dropout is active then, and batch normalisation takes the
/// statistics of the batch and keeps the running ones.
pub struct Model<N: Network> {
    plan: Arc<Plan<Burn>>,
    /// In the order of [`Plan::weights`].
    tensors: Vec<Held>,
    training: Param<Flag>,
    network: PhantomData<fn() -> N>,
}

impl<N: Network> Model<N> {
    /// The network with PyTorch's initialisation, of the seed 0.
    ///
    /// # Errors
    ///
    /// As [`Model::build`].
    pub fn new(device: &Device) -> Result<Self, Error> {
        Self::build(device, 0, Customs::new())
    }

    /// The network with PyTorch's initialisation, of another seed.
    ///
    /// # Errors
    ///
    /// As [`Model::build`].
    pub fn seeded(device: &Device, seed: u64) -> Result<Self, Error> {
        Self::build(device, seed, Customs::new())
    }

    /// The network with PyTorch's initialisation, and with what computes the layers of
    /// the user's own.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] when a layer cannot be done: its path, and why.
    pub fn build(device: &Device, seed: u64, customs: Customs<Burn>) -> Result<Self, Error> {
        let engine = Burn::new(device);
        let plan = Plan::new::<N>(&engine, customs)?;
        let tensors = plan.weights().iter();
        let tensors = tensors.map(|weight| Held::new(weight, seed, device));
        Ok(Self {
            tensors: tensors.collect::<Result<_, _>>()?,
            plan: Arc::new(plan),
            training: Param::from_bool(true),
            network: PhantomData,
        })
    }

    /// Runs a network with one input and one output. The batch comes first, channels
    /// before the spatial axes.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] when the input is of another shape than the network takes, or of
    /// other elements, or the output of another rank than is asked for.
    pub fn forward<const OUT: usize>(&self, input: impl Into<Value>) -> Result<Tensor<OUT>, Error>
    where
        Tensor<OUT>: TryFrom<Value, Error = crate::Failure>,
    {
        let mut outputs = self.run(vec![input.into()])?.into_iter();
        let output = outputs.next().ok_or(crate::Failure::Rank(0))?;
        Ok(output.try_into()?)
    }

    /// Runs a network: all its outputs, of all its inputs.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] when the inputs do not fit.
    pub fn run(&self, inputs: Vec<Value>) -> Result<Vec<Value>, Error> {
        let route = self.plan.route().clone();
        self.run_route(inputs, &route)
    }

    /// Runs a network up to some of its labels: the values that leave these
    /// statements.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] when there is no such label, or the inputs do not fit.
    pub fn run_to(&self, labels: &[&str], inputs: Vec<Value>) -> Result<Vec<Value>, Error> {
        let values = labels.iter().map(|label| self.plan.label(label));
        let route = self.plan.route_to(values.collect::<Result<_, _>>()?);
        self.run_route(inputs, &route)
    }

    fn run_route(
        &self,
        inputs: Vec<Value>,
        route: &shapewise_lower::Route,
    ) -> Result<Vec<Value>, Error> {
        let device = self.device();
        let training = self.training.val().is_enabled() && device.is_autodiff();
        let mode = match training {
            true => Mode::Training,
            false => Mode::Inference,
        };
        let mut engine = Burn::new(&device);
        let mut weights = |_: &mut Burn, place: usize| Ok(self.tensors[place].value());
        let run = self
            .plan
            .run_to(route, &mut engine, &mut weights, inputs, mode)?;
        for (place, update) in run.updates {
            // Counts of batches are of no use to burn, whose momentum is a number.
            if let Update::Value(value) = update {
                self.tensors[place].update(value);
            }
        }
        Ok(run.values)
    }

    /// The tensors' names, shapes and roles, in the order of the layers.
    #[must_use]
    pub fn weights(&self) -> &[Weight] {
        self.plan.weights()
    }

    /// A tensor by PyTorch's name.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<Value> {
        let mut weights = self.plan.weights().iter();
        let place = weights.position(|weight| weight.name == name)?;
        Some(self.tensors[place].value())
    }

    /// The model with other elements in all its tensors: `give` is asked for each.
    ///
    /// # Errors
    ///
    /// What `give` says; nothing is changed then.
    pub fn with_tensors(
        mut self,
        mut give: impl FnMut(&Weight) -> Result<Initial, Error>,
    ) -> Result<Self, Error> {
        let device = self.device();
        let weights = self.plan.weights().iter();
        let tensors: Result<Vec<Held>, Error> = weights
            .map(|weight| Ok(Held::of(weight, give(weight)?, &device)?))
            .collect();
        self.tensors = tensors?;
        Ok(self)
    }

    fn device(&self) -> Device {
        self.devices().into_iter().next().unwrap_or_default()
    }

    fn with(&self, tensors: Vec<Held>, training: Param<Flag>) -> Self {
        Self {
            plan: Arc::clone(&self.plan),
            tensors,
            training,
            network: PhantomData,
        }
    }

    /// Goes into and out of the parts of the tensors' paths, and calls `each` at the
    /// tensors.
    fn walk<T>(
        &self,
        visitor: &mut T,
        enter: fn(&mut T, &str),
        exit: fn(&mut T, &str),
        mut each: impl FnMut(&mut T, usize),
    ) {
        let mut open: Vec<&str> = Vec::new();
        for (place, weight) in self.plan.weights().iter().enumerate() {
            let path: Vec<&str> = weight.name.split('.').collect();
            let shared = open.iter().zip(&path).take_while(|(a, b)| a == b).count();
            // The last segment is the tensor itself, which is left again.
            for name in open.drain(shared.min(path.len() - 1)..).rev() {
                exit(visitor, name);
            }
            for name in &path[open.len()..] {
                enter(visitor, name);
                open.push(name);
            }
            each(visitor, place);
        }
        for name in open.drain(..).rev() {
            exit(visitor, name);
        }
    }
}

impl<N: Network> Clone for Model<N> {
    fn clone(&self) -> Self {
        self.with(self.tensors.clone(), self.training.clone())
    }
}

impl<N: Network> fmt::Debug for Model<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("network", &N::GRAPH.name())
            .field("tensors", &self.tensors.len())
            .finish_non_exhaustive()
    }
}

impl<N: Network> Module for Model<N> {
    fn collect_devices(&self, devices: Devices) -> Devices {
        let tensors = self.tensors.iter();
        tensors.fold(devices, |devices, tensor| tensor.collect_devices(devices))
    }

    fn fork(self, device: &Device) -> Self {
        let tensors = self.tensors.iter().cloned();
        let tensors = tensors.map(|tensor| tensor.fork(device)).collect();
        self.with(tensors, self.training.clone())
    }

    fn to_device(self, device: &Device) -> Self {
        let tensors = self.tensors.iter().cloned();
        let tensors = tensors.map(|tensor| tensor.moved(device)).collect();
        self.with(tensors, self.training.clone())
    }

    fn train(self) -> Self {
        let tensors = self.tensors.iter().cloned();
        let tensors = tensors.map(Held::train).collect();
        self.with(tensors, self.training.clone().train())
    }

    fn valid(&self) -> Self {
        let tensors = self.tensors.iter().map(Held::valid).collect();
        self.with(tensors, self.training.valid())
    }

    fn materialize(self) -> Self {
        let tensors = self.tensors.iter().cloned();
        let tensors = tensors.map(Held::materialize).collect();
        self.with(tensors, self.training.clone())
    }

    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        self.walk(
            visitor,
            |visitor, name| visitor.enter_module(name, CONTAINER),
            |visitor, name| visitor.exit_module(name, CONTAINER),
            |visitor, place| self.tensors[place].visit(visitor),
        );
        visitor.visit_flag(&self.training);
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        let mut tensors: Vec<Option<Held>> = self.tensors.iter().cloned().map(Some).collect();
        self.walk(
            mapper,
            |mapper, name| mapper.enter_module(name, CONTAINER),
            |mapper, name| mapper.exit_module(name, CONTAINER),
            |mapper, place| {
                tensors[place] = tensors[place].take().map(|tensor| tensor.map(mapper));
            },
        );
        let training = mapper.map_flag(self.training.clone());
        self.with(tensors.into_iter().flatten().collect(), training)
    }
}

impl<N: Network> ModuleDisplayDefault for Model<N> {
    fn content(&self, content: Content) -> Option<Content> {
        content.add_formatted(&N::summary().to_string()).optional()
    }
}

impl<N: Network> ModuleDisplay for Model<N> {}
