//! A network that learns digits with burn's `Learner`.

use std::error::Error;
use std::io::IsTerminal as _;
use std::path::Path;

use burn::data::dataloader::DataLoaderBuilder;
use burn::data::dataset::InMemDataset;
use burn::optim::AdamConfig;
use burn::tensor::Device;
use burn::train::metric::store::{Aggregate, Direction, Split};
use burn::train::metric::{AccuracyMetric, LossMetric};
use burn::train::{
    ExecutionStrategy, Learner, MetricEarlyStoppingStrategy, MultiDeviceOptim, StoppingCondition,
    SupervisedTraining,
};
use shapewise_burn::Model;

use crate::LeNet5;
use crate::data::{Batches, Digit, Digits};
use crate::lines::Lines;

/// How long and on what is trained.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) epochs: usize,
    /// How many images a step sees, on all devices together.
    pub(crate) batch: usize,
    /// What trains, each with its part of the images.
    pub(crate) devices: Vec<Device>,
}

/// Trains until the loss of `digits.valid` has not fallen for some epochs. Checkpoints and
/// the course of loss and accuracy go to a folder.
pub(crate) fn train(
    digits: &Digits,
    options: &Options,
    folder: &Path,
) -> Result<Model<LeNet5>, Box<dyn Error>> {
    let devices = options.devices.iter().cloned().map(Device::autodiff);
    let devices: Vec<Device> = devices.collect();
    let device = devices.first().cloned().ok_or("no device to train on")?;
    device.seed(7);
    let model = Model::seeded(&device, 7)?;
    let count = devices.len();
    let strategy = match count {
        1 => ExecutionStrategy::single(device),
        _ => ExecutionStrategy::multi(devices, MultiDeviceOptim::OptimMainDevice),
    };
    let loader = |digits: &[Digit], seed: Option<u64>| {
        let loader = DataLoaderBuilder::new(Batches).batch_size(options.batch / count);
        let loader = match seed {
            Some(seed) => loader.shuffle(seed),
            None => loader,
        };
        loader.build(InMemDataset::new(digits.to_vec()))
    };
    let stop = MetricEarlyStoppingStrategy::new(
        &LossMetric::new(),
        Aggregate::Mean,
        Direction::Lowest,
        Split::Valid,
        StoppingCondition::NoImprovementSince { n_epochs: 8 },
    );
    let training = SupervisedTraining::new(
        folder,
        loader(&digits.train, Some(7)),
        loader(&digits.valid, None),
    )
    .metrics((LossMetric::new(), AccuracyMetric::new()))
    .with_default_checkpointers()
    .early_stopping(stop)
    .with_training_strategy(strategy.into())
    .num_epochs(options.epochs);
    // burn's display in a terminal, a line for each epoch where there is none.
    let training = match std::io::stdout().is_terminal() {
        true => training,
        false => training.renderer(Box::new(Lines::default())),
    };
    let learner = Learner::new(model, AdamConfig::new().init(), 1e-3);
    let result = training.launch(learner);
    match result.error {
        Some(error) => Err(error.to_string().into()),
        None => Ok(result.model),
    }
}
