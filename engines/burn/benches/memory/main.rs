//! The peak of real training steps beside what a plan says: what is allocated, counted, on a
//! CPU.
//!
//! ```sh
//! cargo bench -p shapewise-burn --bench memory
//! cargo bench -p shapewise-burn --bench memory -- lenet 32
//! ```
//!
//! Each row is the second of two steps, so that gradients and the optimiser's states are there.
//! The images are allocated before it, and counted. A name and a batch choose some of the rows.

use std::error::Error;

use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Distribution, Int, Tensor, activation};
use peak_alloc::PeakAlloc;
use shapewise::Network;
use shapewise::plan::{TrainNeed, Training};
use shapewise_burn::Model;

#[path = "../hand/lenet.rs"]
#[allow(dead_code, reason = "the model by hand is measured elsewhere")]
mod lenet;

type ResNet18 = shapewise_zoo::resnet::ResNet18;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What a plan says of a batch, and what a step took: at most in the pass forward, what then
/// was kept, at most in the pass back, and at most in the optimiser's step.
struct Row {
    need: TrainNeed,
    forward: usize,
    kept: usize,
    backward: usize,
    optimizer: usize,
}

/// Takes two steps; gives what was allocated in the second, beside what was before the model.
fn measure<N: Network>(batch: usize, extents: [usize; 3]) -> Outcome<Row> {
    let before = ALLOCATED.current_usage();
    let device = Device::flex().autodiff();
    let [channels, height, width] = extents;
    let shape = [batch, channels, height, width];
    let images = Tensor::<4>::random(shape, Distribution::Normal(0.0, 1.0), &device);
    let classes = Tensor::<1, Int>::zeros([batch], &device);
    let mut optimizer = AdamConfig::new().init();
    let mut model = Model::<N>::new(&device)?;
    let since = |bytes: usize| bytes.saturating_sub(before);
    let mut at = [0; 4];
    for _ in 0..2 {
        ALLOCATED.reset_peak_usage();
        let logits: Tensor<2> = model.forward(images.clone())?;
        let shares = activation::log_softmax(logits, 1);
        let right: Tensor<2> = shares.gather(1, classes.clone().unsqueeze_dim(1));
        let loss = right.mean().neg();
        at[0] = since(ALLOCATED.peak_usage());
        at[1] = since(ALLOCATED.current_usage());
        ALLOCATED.reset_peak_usage();
        let gradients = loss.backward();
        at[2] = since(ALLOCATED.peak_usage());
        ALLOCATED.reset_peak_usage();
        let gradients = GradientsParams::from_grads(gradients, &model);
        model = optimizer.step(1e-3, model, gradients);
        at[3] = since(ALLOCATED.peak_usage());
    }
    let [forward, kept, backward, optimizer] = at;
    let need = Training::adam().batch(batch as u64).train(N::GRAPH)?;
    Ok(Row {
        need,
        forward,
        kept,
        backward,
        optimizer,
    })
}

fn main() -> Outcome<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let chosen: Vec<&String> = given.iter().filter(|word| !word.starts_with('-')).collect();
    println!(
        "| Network | Batch | parameters to optimiser, MiB | activations | plan | forward | kept | \
         backward | optimiser | peak, of the plan |"
    );
    println!("|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (network, batches) in [("lenet", [1, 32, 256]), ("resnet18", [1, 4, 16])] {
        for batch in batches {
            let number = batch.to_string();
            let is_chosen = |word: &&String| **word == network || **word == number;
            if !chosen.iter().all(is_chosen) {
                continue;
            }
            let row = match network {
                "lenet" => measure::<lenet::LeNet5>(batch, [1, 28, 28])?,
                _ => measure::<ResNet18>(batch, [3, 224, 224])?,
            };
            let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
            let total = row.need.total();
            let peak = row.forward.max(row.backward).max(row.optimizer);
            println!(
                "| {network} | {batch} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
                mib(total - row.need.activations),
                mib(row.need.activations),
                mib(total),
                mib(row.forward as u64),
                mib(row.kept as u64),
                mib(row.backward as u64),
                mib(row.optimizer as u64),
                peak as f64 / total as f64,
            );
        }
    }
    Ok(())
}
