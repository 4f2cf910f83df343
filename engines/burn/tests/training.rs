//! Training with burn's `Learner`: on one device and on several, resumed, and stopped early.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::data::dataloader::batcher::Batcher;
use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::optim::{AdamConfig, SgdConfig};
use burn::tensor::distributed::{DistributedConfig, ReduceOperation};
use burn::tensor::{Device, Tensor, TensorData};
use burn::train::metric::LossMetric;
use burn::train::metric::store::{Aggregate, Direction, Split};
use burn::train::renderer::CliMetricsRenderer;
use burn::train::{
    ExecutionStrategy, Learner, MetricEarlyStoppingStrategy, MultiDeviceOptim, StoppingCondition,
    SupervisedTraining,
};
use shapewise::{Network, network};
use shapewise_burn::Model;
use shapewise_burn::train::Labelled;

network! {
    pub struct Small(features: 4) -> (logits: 3) {
        fc1: linear(8), tanh;
        fc2: linear(3);
    }

    /// With statistics that training keeps.
    pub struct Kept(features: 4) -> (logits: 3) {
        fc1: linear(8), batch_norm, relu;
        fc2: linear(3);
    }
}

#[derive(Clone, Debug)]
struct Item {
    features: [f32; 4],
    class: i64,
}

#[derive(Clone)]
struct Batches;

impl Batcher<Item, Labelled> for Batches {
    fn batch(&self, items: Vec<Item>, device: &Device) -> Labelled {
        let count = items.len();
        let classes: Vec<i64> = items.iter().map(|item| item.class).collect();
        let features: Vec<f32> = items.iter().flat_map(|item| item.features).collect();
        let features = Tensor::<2>::from_data(TensorData::new(features, [count, 4]), device);
        Labelled {
            inputs: vec![features.into()],
            classes: Tensor::from_data(TensorData::new(classes, [count]), device),
        }
    }
}

fn loader(batch: usize) -> Arc<dyn DataLoader<Labelled>> {
    let items = (0..64u8).map(|number| {
        let at = |factor: u8| f32::from(number.wrapping_mul(factor)) / 128.0 - 1.0;
        Item {
            features: [at(37), at(91), at(149), at(203)],
            class: i64::from(number % 3),
        }
    });
    let loader = DataLoaderBuilder::new(Batches).batch_size(batch);
    loader.build(InMemDataset::new(items.collect()))
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("shapewise-burn-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The loss of the validation in each epoch, as burn wrote it.
fn losses(folder: &Path, epochs: usize) -> Vec<f64> {
    let loss = |epoch: usize| {
        let file = folder.join(format!("valid/epoch-{epoch}/Loss.log"));
        let text = std::fs::read_to_string(file).unwrap();
        let line = text.lines().next().unwrap();
        line.split(',').next().unwrap().parse().unwrap()
    };
    (1..=epochs).map(loss).collect()
}

fn numbers(tensor: Option<shapewise_burn::Value>) -> Vec<f32> {
    tensor.unwrap().to_data().iter().collect()
}

fn training<N: Network + 'static>(
    folder: &Path,
    batch: usize,
    epochs: usize,
) -> SupervisedTraining<Model<N>> {
    SupervisedTraining::new(folder, loader(batch), loader(64))
        .metrics((LossMetric::new(),))
        .renderer(Box::new(CliMetricsRenderer::new()))
        .with_application_logger(None)
        .num_epochs(epochs)
}

/// The losses of epochs of one step each, whose batch `devices` share.
fn on_devices(devices: usize, optimizer: MultiDeviceOptim) -> Vec<f64> {
    let folder = Folder::new(&format!("devices-{devices}-{optimizer:?}"));
    let device = Device::flex().autodiff();
    let strategy = match devices {
        1 => ExecutionStrategy::single(device.clone()),
        _ => ExecutionStrategy::multi(vec![device.clone(); devices], optimizer),
    };
    // What the devices find is added up: each mean is of a part.
    let rate = 0.5 / f64::from(u8::try_from(devices).unwrap());
    let learner = Learner::new(
        Model::<Small>::seeded(&device, 5).unwrap(),
        SgdConfig::new().init(),
        rate,
    );
    let result = training(&folder.0, 64 / devices, 6)
        .with_training_strategy(strategy.into())
        .launch(learner);
    assert!(result.error.is_none(), "{:?}", result.error);
    losses(&folder.0, 6)
}

#[test]
fn several_devices_learn_the_same() {
    let one = on_devices(1, MultiDeviceOptim::OptimMainDevice);
    assert!(one[5] < one[0] - 0.01, "it learns: {one:?}");
    for optimizer in [
        MultiDeviceOptim::OptimMainDevice,
        MultiDeviceOptim::OptimSharded,
    ] {
        let two = on_devices(2, optimizer);
        for (one, two) in one.iter().zip(&two) {
            assert!((one - two).abs() < 1e-5, "{optimizer:?}: {one} and {two}");
        }
    }
}

#[test]
fn a_checkpoint_goes_on_where_it_was() {
    let device = Device::flex().autodiff();
    let learner = |seed| {
        let model = Model::<Kept>::seeded(&device, seed).unwrap();
        Learner::new(model, AdamConfig::new().init(), 1e-2)
    };
    let strategy = || ExecutionStrategy::single(device.clone()).into();
    let whole = Folder::new("whole");
    let whole = training(&whole.0, 32, 4).with_training_strategy(strategy());
    let whole = whole.launch(learner(5)).model;

    let parts = Folder::new("parts");
    let first = training(&parts.0, 32, 2).with_training_strategy(strategy());
    let first = first.with_default_checkpointers().launch(learner(5));
    assert!(first.error.is_none());
    let second = training(&parts.0, 32, 4).with_training_strategy(strategy());
    let second = second.with_default_checkpointers().checkpoint(2);
    // Other numbers to begin with: all of them come from the checkpoint.
    let second = second.launch(learner(6));
    assert!(second.error.is_none(), "{:?}", second.error);

    let names = whole.weights().iter().map(|weight| weight.name.clone());
    for name in names {
        let (a, b) = (
            numbers(whole.tensor(&name)),
            numbers(second.model.tensor(&name)),
        );
        let apart = a.iter().zip(&b).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f32::max) < 1e-6, "{name}: {a:?} and {b:?}");
        let before = numbers(first.model.tensor(&name));
        assert!(before != b, "{name} goes on");
    }
}

#[test]
fn it_stops_when_nothing_gets_better() {
    let folder = Folder::new("stops");
    let device = Device::flex().autodiff();
    let stop = MetricEarlyStoppingStrategy::new(
        &LossMetric::new(),
        Aggregate::Mean,
        Direction::Lowest,
        Split::Valid,
        StoppingCondition::NoImprovementSince { n_epochs: 2 },
    );
    // Nothing is learned.
    let learner = Learner::new(
        Model::<Small>::seeded(&device, 5).unwrap(),
        SgdConfig::new().init(),
        0.0,
    );
    let result = training(&folder.0, 64, 20)
        .with_training_strategy(ExecutionStrategy::single(device).into())
        .early_stopping(stop)
        .launch(learner);
    assert!(result.error.is_none());
    let epochs = std::fs::read_dir(folder.0.join("valid")).unwrap().count();
    assert!((2..6).contains(&epochs), "{epochs} epochs");
}

/// burn's CPU is one device without collective operations. Should it get them, the losses
/// are to be compared as those of several devices are.
#[test]
#[should_panic(expected = "not supported for device")]
fn distributed_data_parallel_needs_other_devices() {
    let devices = vec![Device::flex().autodiff(); 2];
    let config = DistributedConfig {
        all_reduce_op: ReduceOperation::Mean,
    };
    let _ = ExecutionStrategy::ddp(devices, config);
}
