//! Training by burn's own `Learner`: metrics, progress, checkpoints, early stopping,
//! several devices.
//!
//! A network whose one output is a score for each class is trained by cross-entropy as it
//! is: [`Model`] takes batches of [`Labelled`] inputs. For anything else write a module
//! around it, with burn's [`TrainStep`] and [`InferenceStep`] for it: a `Model` may be the
//! field of a struct with `#[derive(Module)]`, beside burn's own layers.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use burn::data::dataloader::DataLoader;
//! use burn::optim::AdamConfig;
//! use burn::tensor::Device;
//! use burn::train::metric::{AccuracyMetric, LossMetric};
//! use burn::train::{Learner, SupervisedTraining};
//! use shapewise::network;
//! use shapewise_burn::train::Labelled;
//! use shapewise_burn::{Error, Model};
//!
//! network! {
//!     pub struct Digits(image: 8x8x1) -> (logits: 10) {
//!         conv1: conv(6, 3x3, padding = 1), relu, max_pool(2x2);
//!         fc: flatten, linear(10);
//!     }
//! }
//!
//! fn train(
//!     digits: Arc<dyn DataLoader<Labelled>>,
//!     unseen: Arc<dyn DataLoader<Labelled>>,
//! ) -> Result<(), Error> {
//!     let model = Model::<Digits>::new(&Device::flex().autodiff())?;
//!     let training = SupervisedTraining::new("digits", digits, unseen)
//!         .metrics((AccuracyMetric::new(), LossMetric::new()))
//!         .with_default_checkpointers()
//!         .num_epochs(20);
//!     let trained = training.launch(Learner::new(model, AdamConfig::new().init(), 1e-3));
//!     trained.model.save("digits.safetensors")
//! }
//! ```

use burn::tensor::{Int, Tensor, activation};
use burn::train::{ClassificationOutput, InferenceStep, TrainOutput, TrainStep};
use shapewise_core::Network;

use crate::{Error, Model, Value};

/// A batch of inputs with the class of each sample.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// What goes into the network: a tensor for each of its inputs.
    pub inputs: Vec<Value>,
    /// The classes, counted from 0.
    pub classes: Tensor<1, Int>,
}

impl<N: Network> Model<N> {
    /// The scores of a batch, and the mean cross-entropy of their softmax with the classes.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] when the inputs do not fit, [`Error::Operation`] when what comes
    /// out first is no score for each class.
    pub fn classify(&self, batch: Labelled) -> Result<ClassificationOutput, Error> {
        let mut outputs = self.run(batch.inputs)?.into_iter();
        let scores = outputs.next().ok_or(crate::Failure::Rank(0))?;
        let scores = Tensor::<2>::try_from(scores)?;
        let classes = batch.classes;
        let shares = activation::log_softmax(scores.clone(), 1);
        let right: Tensor<2> = shares.gather(1, classes.clone().unsqueeze_dim(1));
        Ok(ClassificationOutput::new(
            right.mean().neg(),
            scores,
            classes,
        ))
    }

    /// What burn's steps, which have no errors, do with one.
    #[expect(clippy::panic, reason = "burn's steps have no errors")]
    fn step_of(&self, batch: Labelled) -> ClassificationOutput {
        match self.classify(batch) {
            Ok(output) => output,
            Err(error) => panic!("{}: {error}", N::GRAPH.name()),
        }
    }
}

/// By cross-entropy. burn's step has no errors: it panics with the message of
/// [`Model::classify`], which burn reports with the device.
impl<N: Network> TrainStep for Model<N> {
    type Input = Labelled;
    type Output = ClassificationOutput;

    fn step(&self, batch: Labelled) -> TrainOutput<ClassificationOutput> {
        let output = self.step_of(batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

/// As in training.
impl<N: Network> InferenceStep for Model<N> {
    type Input = Labelled;
    type Output = ClassificationOutput;

    fn step(&self, batch: Labelled) -> ClassificationOutput {
        self.step_of(batch)
    }
}
