//! What a network of shapewise costs in burn over the same model written by hand with
//! burn's own modules: time and peak memory of a forward pass and of a training step.
//!
//! ```sh
//! cargo bench -p shapewise-burn --bench hand
//! cargo bench -p shapewise-burn --bench hand -- lenet 1
//! ```
//!
//! Both are run in turn, so that a busy machine slows both alike; figures are medians, and
//! ratios are medians of those of pairs. Memory is the peak of a process that does one
//! thing, on Linux, and on a GPU what the process then holds of it. A name and a batch
//! choose some of the rows, `SHAPEWISE_DEVICE=cuda` another device than the CPU (with the
//! feature of that name), and `SECONDS` how long each row takes.

use std::error::Error;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Distribution, Int, Tensor, activation};
use shapewise::{Network, network};
use shapewise_burn::Model;

#[path = "../../tests/device/mod.rs"]
mod device;
mod lenet;
mod resnet;
mod vit;

type ResNet18 = shapewise_zoo::resnet::ResNet18;

type Outcome<T> = Result<T, Box<dyn Error>>;

network! {
    /// So little in each layer that what remains is the walk.
    struct Chain(x: 8) -> 8 {
        repeat 100 { relu; }
    }
}

/// Images to logits.
trait Classify: Module {
    fn logits(&self, images: Tensor<4>) -> Tensor<2>;
}

impl<N: Network> Classify for Model<N> {
    fn logits(&self, images: Tensor<4>) -> Tensor<2> {
        self.forward(images)
            .expect("images as the network takes them")
    }
}

macro_rules! by_hand {
    ($($model:ty),+) => {$(
        impl Classify for $model {
            fn logits(&self, images: Tensor<4>) -> Tensor<2> {
                self.forward(images)
            }
        }
    )+};
}

by_hand!(
    lenet::LeNet5ByHand,
    resnet::ResNet18ByHand,
    vit::VitTinyByHand
);

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    network: &'static str,
    batch: usize,
    trains: bool,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for network in ["lenet", "resnet18", "vit_tiny"] {
        for batch in [1, 32] {
            for trains in [false, true] {
                rows.push(Row {
                    network,
                    batch,
                    trains,
                });
            }
        }
    }
    rows
}

/// What one run of a row does, of the network or of the model by hand.
fn subject(row: Row, by_hand: bool) -> Outcome<Box<dyn FnMut()>> {
    let device = match row.trains {
        true => device::device().autodiff(),
        false => device::device(),
    };
    let small = [row.batch, 1, 28, 28];
    let large = [row.batch, 3, 224, 224];
    Ok(match (row.network, by_hand) {
        ("lenet", true) => run(row, lenet::LeNet5ByHand::new(&device), small, &device),
        ("lenet", false) => run(row, Model::<lenet::LeNet5>::new(&device)?, small, &device),
        ("resnet18", true) => run(row, resnet::ResNet18ByHand::new(&device), large, &device),
        ("resnet18", false) => {
            let model = Model::<ResNet18>::new(&device)?;
            run(row, model, large, &device)
        }
        (_, true) => run(row, vit::VitTinyByHand::new(&device), large, &device),
        (_, false) => run(row, Model::<vit::VitTiny>::new(&device)?, large, &device),
    })
}

fn run<M: Classify + 'static>(
    row: Row,
    model: M,
    extents: [usize; 4],
    device: &Device,
) -> Box<dyn FnMut()> {
    let images = Tensor::<4>::random(extents, Distribution::Normal(0.0, 1.0), device);
    if !row.trains {
        let model = model.valid();
        return Box::new(move || {
            black_box(model.logits(images.clone()).into_data());
        });
    }
    let classes = Tensor::<1, Int>::zeros([row.batch], device);
    let mut optimizer = AdamConfig::new().init();
    let mut model = Some(model);
    let device = device.clone();
    Box::new(move || {
        model = model.take().map(|model| {
            let shares = activation::log_softmax(model.logits(images.clone()), 1);
            let right: Tensor<2> = shares.gather(1, classes.clone().unsqueeze_dim(1));
            let gradients = right.mean().neg().backward();
            let gradients = GradientsParams::from_grads(gradients, &model);
            optimizer.step(1e-3, model, gradients)
        });
        // A GPU is still at work.
        device.sync().expect("the step is done");
    })
}

fn seconds(run: &mut dyn FnMut()) -> f64 {
    let begin = Instant::now();
    run();
    begin.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The medians of both in seconds, the network's first, and of the ratios of pairs.
fn pairs(ours: &mut dyn FnMut(), theirs: &mut dyn FnMut(), budget: f64) -> [f64; 3] {
    let once = seconds(ours) + seconds(theirs);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    let begin = Instant::now();
    while a.len() < 5 || (begin.elapsed().as_secs_f64() + once < budget && a.len() < 401) {
        // Each goes first as often as the other.
        if a.len() % 2 == 0 {
            a.push(seconds(ours));
            b.push(seconds(theirs));
        } else {
            b.push(seconds(theirs));
            a.push(seconds(ours));
        }
    }
    let ratios = a.iter().zip(&b).map(|(a, b)| a / b).collect();
    [median(a), median(b), median(ratios)]
}

/// The peak of a process that does a row, or what it holds of a GPU, in MiB.
fn peak(row: Row, by_hand: bool) -> Outcome<Option<f64>> {
    let output = Command::new(std::env::current_exe()?)
        .args(["--peak", row.network, &row.batch.to_string()])
        .args([row.trains.to_string(), by_hand.to_string()])
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.trim().parse::<f64>().ok().map(|kib| kib / 1024.0))
}

/// Does a row twice, and prints the peak of this process, or what it holds of a GPU, in KiB.
fn print_peak(given: &[String]) -> Outcome<()> {
    let [network, batch, trains, by_hand] = given else {
        return Err("a network, a batch, and two truth values".into());
    };
    let (batch, trains): (usize, bool) = (batch.parse()?, trains.parse()?);
    let mut rows = rows().into_iter();
    let row = rows
        .find(|row| row.network == network.as_str() && row.batch == batch && row.trains == trains);
    let mut run = subject(row.ok_or("no such row")?, by_hand.parse()?)?;
    run();
    run();
    if let Some(usage) = device::device().memory_pool_usage() {
        println!("{}", usage.bytes_reserved / 1024);
        return Ok(());
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!(
        "{}",
        line.unwrap_or_default().trim().trim_end_matches(" kB")
    );
    Ok(())
}

/// What the walk takes for a layer, in microseconds, beside calls of burn's one after
/// the other.
fn walk() -> Outcome<[f64; 2]> {
    let device = device::device();
    let model = Model::<Chain>::new(&device)?;
    let x = Tensor::<2>::ones([1, 8], &device);
    let mut ours = || {
        let y: Tensor<2> = model.forward(x.clone()).expect("a row of eight");
        black_box(y);
        device.sync().expect("all is done");
    };
    let mut theirs = || {
        let y = (0..100).fold(x.clone(), |x, _| activation::relu(x));
        black_box(y);
        device.sync().expect("all is done");
    };
    let [ours, theirs, _] = pairs(&mut ours, &mut theirs, 5.0);
    Ok([ours, theirs].map(|seconds| seconds * 1e6 / 100.0))
}

fn main() -> Outcome<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, rest)) = given.split_first()
        && first == "--peak"
    {
        return print_peak(rest);
    }
    let chosen: Vec<&String> = given.iter().filter(|word| !word.starts_with('-')).collect();
    let is_chosen = |row: &Row| {
        let batch = row.batch.to_string();
        chosen
            .iter()
            .all(|word| **word == row.network || **word == batch)
    };
    let budget = std::env::var("SECONDS").map_or(Ok(20.0), |seconds| seconds.parse())?;
    println!("| Network | Batch | | by hand, ms | shapewise, ms | time | memory, MiB | memory |");
    println!("|:--|--:|:--|--:|--:|--:|--:|--:|");
    for row in rows().into_iter().filter(is_chosen) {
        let (mut ours, mut theirs) = (subject(row, false)?, subject(row, true)?);
        let [time, by_hand, ratio] = pairs(&mut *ours, &mut *theirs, budget);
        drop((ours, theirs));
        let memory = match (peak(row, false)?, peak(row, true)?) {
            (Some(ours), Some(theirs)) => {
                format!("{ours:.0} of {theirs:.0} | {:.2}", ours / theirs)
            }
            _ => "- | -".to_owned(),
        };
        println!(
            "| {} | {} | {} | {:.2} | {:.2} | {ratio:.3} | {memory} |",
            row.network,
            row.batch,
            if row.trains {
                "training step"
            } else {
                "forward"
            },
            by_hand * 1e3,
            time * 1e3,
        );
    }
    let [ours, theirs] = walk()?;
    println!(
        "\na layer of the walk: {:.2} us, of {ours:.2} with burn's own",
        ours - theirs
    );
    Ok(())
}
