//! A network with its tensors, as a module of burn's.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use burn::module::{
    Content, Devices, DisplaySettings, Flag, Module, ModuleDisplay, ModuleDisplayDefault,
    ModuleMapper, ModuleVisitor, Param, ParamGroup,
};
use burn::tensor::{Device, Tensor};
use shapewise_core::{Graph, Network, Text};
use shapewise_lower::{Customs, Initial, Mode, Plan, Update, Weight};
use shapewise_safetensors::matches;

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
    /// Where it runs when it has no tensors, which know that otherwise.
    device: Device,
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
            device: device.clone(),
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
    /// other elements.
    ///
    /// A network with several inputs or outputs, or one whose output is of another rank, is
    /// an error of rustc's: [`Model::run`] has all of them.
    ///
    /// ```compile_fail,E0080
    /// # use burn::tensor::{Device, Tensor};
    /// # use shapewise::network;
    /// # use shapewise_burn::{Error, Model};
    /// network! {
    ///     pub struct Net(x: 8) -> 3 { fc: linear(3); }
    /// }
    ///
    /// # fn main() -> Result<(), Error> {
    /// # let device = Device::flex();
    /// let model = Model::<Net>::new(&device)?;
    /// // With the batch two axes come out, not three.
    /// let logits: Tensor<3> = model.forward(Tensor::<2>::ones([4, 8], &device))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn forward<const OUT: usize>(&self, input: impl Into<Value>) -> Result<Tensor<OUT>, Error>
    where
        Tensor<OUT>: TryFrom<Value, Error = crate::Failure>,
    {
        const { assert_one_to_one(N::GRAPH, OUT) };
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
        self.run_route(inputs, self.plan.route())
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
            match update {
                Update::Value(value) => self.tensors[place].update(value),
                Update::Increment => self.tensors[place].count(),
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
        self,
        mut give: impl FnMut(&Weight) -> Result<Initial, Error>,
    ) -> Result<Self, Error> {
        self.with_some(|weight| give(weight).map(Some))
    }

    /// The model with other elements in those tensors for which `give` has some.
    pub(crate) fn with_some(
        mut self,
        mut give: impl FnMut(&Weight) -> Result<Option<Initial>, Error>,
    ) -> Result<Self, Error> {
        let device = self.device();
        let weights = self.plan.weights().iter().zip(&self.tensors);
        let tensors: Result<Vec<Held>, Error> = weights
            .map(|(weight, held)| match give(weight)? {
                Some(values) => Ok(held.like(Held::of(weight, values, &device)?)),
                None => Ok(held.clone()),
            })
            .collect();
        self.tensors = tensors?;
        Ok(self)
    }

    /// The model with the parameters whose names match `pattern` frozen: they get no
    /// gradients, so that training leaves them as they are. In the pattern `*` stands for
    /// any text: `layer4.*`, `*.bias`.
    ///
    /// ```
    /// # use burn::module::Module;
    /// # use burn::tensor::{Device, Tensor};
    /// # use shapewise::network;
    /// # use shapewise_burn::Model;
    /// network! {
    ///     pub struct Net(x: 8) -> 3 { body: linear(16), relu; head: linear(3); }
    /// }
    ///
    /// # fn main() -> Result<(), shapewise_burn::Error> {
    /// let device = Device::flex().autodiff();
    /// let model = Model::<Net>::new(&device)?.frozen("body.*")?;
    /// let logits: Tensor<2> = model.forward(Tensor::<2>::ones([4, 8], &device))?;
    /// let gradients = logits.sum().backward();
    /// let has = |name| model.tensor(name).is_some_and(|t| t.grad(&gradients).is_some());
    /// assert!(has("head.weight") && !has("body.weight"));
    /// assert!(model.frozen("layer4.*").is_err(), "the network has no such parameter");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoParameter`] when no parameter's name matches.
    pub fn frozen(self, pattern: &str) -> Result<Self, Error> {
        self.learned(pattern, false)
    }

    /// The model with the parameters whose names match `pattern` trained again.
    ///
    /// # Errors
    ///
    /// As [`Model::frozen`].
    pub fn unfrozen(self, pattern: &str) -> Result<Self, Error> {
        self.learned(pattern, true)
    }

    fn learned(mut self, pattern: &str, learned: bool) -> Result<Self, Error> {
        for place in self.matching(pattern)? {
            self.tensors[place] = self.tensors[place].clone().learned(learned);
        }
        Ok(self)
    }

    /// The parameters whose names match `pattern`, for learning rates of their own:
    /// burn's `ModuleLrSchedulerConfig::with_group` takes it, also where the model is a
    /// part of another module.
    ///
    /// # Errors
    ///
    /// As [`Model::frozen`].
    pub fn group(&self, pattern: &str) -> Result<ParamGroup, Error> {
        let places = self.matching(pattern)?.into_iter();
        let ids = places.filter_map(|place| self.tensors[place].id());
        Ok(ParamGroup::from_ids(ids.collect()))
    }

    /// The places of the parameters whose names match.
    fn matching(&self, pattern: &str) -> Result<Vec<usize>, Error> {
        let weights = || self.plan.weights().iter().enumerate();
        let learned = || weights().filter(|(_, weight)| weight.is_parameter());
        let places: Vec<usize> = learned()
            .filter(|(_, weight)| matches(pattern, &weight.name))
            .map(|(place, _)| place)
            .collect();
        if places.is_empty() {
            let names = learned().map(|(_, weight)| weight.name.clone());
            return Err(Error::NoParameter {
                pattern: pattern.to_owned(),
                names: names.take(8).collect(),
            });
        }
        Ok(places)
    }

    fn device(&self) -> Device {
        let first = self.tensors.first();
        let devices = first.map(|tensor| tensor.collect_devices(Devices::default()));
        let device = devices.and_then(|devices| devices.into_iter().next());
        device.unwrap_or_else(|| self.device.clone())
    }

    /// The tensors, of which nothing else holds one then: burn changes such a tensor where
    /// it lies, and copies any other.
    fn taken(&mut self) -> std::vec::IntoIter<Held> {
        std::mem::take(&mut self.tensors).into_iter()
    }

    fn on(mut self, device: Device) -> Self {
        self.device = device;
        self
    }

    fn with(&self, tensors: Vec<Held>, training: Param<Flag>) -> Self {
        Self {
            plan: Arc::clone(&self.plan),
            tensors,
            device: self.device.clone(),
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

/// Stops a build in which [`Model::forward`] is asked for what the network does not give.
const fn assert_one_to_one(graph: &Graph, out: usize) {
    let mut text = Text::new();
    text.str("the network `").str(graph.name());
    if graph.inputs().len() != 1 {
        text.str("` has ").size(graph.inputs().len());
        text.str(" inputs: `run` takes them");
    } else if graph.outputs().len() != 1 {
        text.str("` has ").size(graph.outputs().len());
        text.str(" outputs: `run` gives them");
    } else if graph.output(0).rank() + 1 != out {
        text.str("` gives ").shape(&graph.output(0));
        text.str(" for each sample, a `Tensor<")
            .size(graph.output(0).rank() + 1);
        text.str(">` with the batch, not a `Tensor<")
            .size(out)
            .str(">`");
    } else {
        return;
    }
    panic!("{}", text.as_str())
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

impl<N: Network> fmt::Display for Model<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format(DisplaySettings::default()))
    }
}

impl<N: Network> Module for Model<N> {
    fn collect_devices(&self, devices: Devices) -> Devices {
        let tensors = self.tensors.iter();
        tensors.fold(devices, |devices, tensor| tensor.collect_devices(devices))
    }

    fn fork(mut self, device: &Device) -> Self {
        let tensors = self.taken().map(|tensor| tensor.fork(device)).collect();
        self.with(tensors, self.training.clone()).on(device.clone())
    }

    fn to_device(mut self, device: &Device) -> Self {
        let tensors = self.taken().map(|tensor| tensor.moved(device)).collect();
        self.with(tensors, self.training.clone()).on(device.clone())
    }

    fn train(mut self) -> Self {
        let tensors = self.taken().map(Held::train).collect();
        let model = self.with(tensors, self.training.clone().train());
        match self.device.is_autodiff() {
            true => model,
            false => model.on(self.device.clone().autodiff()),
        }
    }

    fn valid(&self) -> Self {
        let tensors = self.tensors.iter().map(Held::valid).collect();
        let model = self.with(tensors, self.training.valid());
        model.on(self.device.clone().inner())
    }

    fn materialize(mut self) -> Self {
        let tensors = self.taken().map(Held::materialize).collect();
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

    fn map<M: ModuleMapper>(mut self, mapper: &mut M) -> Self {
        let mut tensors: Vec<Option<Held>> = self.taken().map(Some).collect();
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
