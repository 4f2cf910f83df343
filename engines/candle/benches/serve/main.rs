//! What a network of shapewise serves in candle, beside the same model written by hand with
//! candle-nn and the exported one in onnxruntime; and the memory that it takes.
//!
//! ```sh
//! PYTHON=$(engines/onnx/tests/setup.sh) cargo bench -p shapewise-candle --bench serve
//! ```
//!
//! All are run in turn, so that a busy machine slows them alike; figures are medians, and
//! ratios are medians of those of pairs. Without a `PYTHON` that has onnxruntime, it is left
//! out. Memory is what the peak of a process that does one thing grows by, on Linux.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use candle_core::{DType, Device, Module, ModuleT, Tensor};
use candle_nn::{VarBuilder, VarMap};
use shapewise::Network;
use shapewise_candle::Model;
use shapewise_onnx::{Options, Weights};

#[allow(dead_code, reason = "the tests have the other network")]
#[path = "../../tests/hand/mod.rs"]
mod hand;
#[expect(dead_code, reason = "what only `main` uses")]
#[path = "../../../../examples/mobilenet_v2.rs"]
mod mobilenet_v2;
#[expect(dead_code, reason = "what only `main` uses")]
#[path = "../../../../examples/unet.rs"]
mod unet;

type ResNet18 = shapewise_zoo::resnet::ResNet18;

type Outcome<T> = Result<T, Box<dyn Error>>;
type Logits = Box<dyn Fn(&Tensor) -> candle_core::Result<Tensor>>;

/// How long a row is measured, in seconds.
const BUDGET: f64 = 25.0;

/// A network, the same by hand, and its exported file with its weights.
struct Subject {
    ours: Logits,
    by_hand: Logits,
    onnx: PathBuf,
}

/// A folder that is removed.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Outcome<Self> {
        let name = format!("shapewise-serve-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left of it does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Both with the same numbers, without gradients.
fn subject<N: Network + 'static, M: ModuleT + 'static>(
    folder: &Path,
    by_hand: fn(VarBuilder<'_>) -> candle_core::Result<M>,
) -> Outcome<Subject> {
    let map = VarMap::new();
    Model::<N>::new(VarBuilder::from_varmap(&map, DType::F32, &Device::Cpu))?;
    let checkpoint = folder.join("weights.safetensors");
    map.save(&checkpoint)?;
    let onnx = folder.join("model.onnx");
    let options = Options::default().weights(Weights::Embedded(checkpoint.clone()));
    shapewise_onnx::write::<N>(&onnx, &options)?;
    let vb = || {
        let bytes = fs::read(&checkpoint)?;
        VarBuilder::from_buffered_safetensors(bytes, DType::F32, &Device::Cpu)
    };
    let (ours, by_hand) = (Model::<N>::new(vb()?)?.eval(), by_hand(vb()?)?);
    Ok(Subject {
        ours: Box::new(move |x| ours.forward(x)),
        by_hand: Box::new(move |x| by_hand.forward_t(x, false)),
        onnx,
    })
}

/// A process of Python's that runs the exported model.
struct Onnx {
    child: Child,
    asks: ChildStdin,
    says: BufReader<ChildStdout>,
    output: PathBuf,
}

impl Onnx {
    fn new(folder: &Path, model: &Path, images: &Tensor) -> Outcome<Option<Self>> {
        let Some(python) = std::env::var_os("PYTHON") else {
            return Ok(None);
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/serve/onnx.py");
        let (input, output) = (folder.join("input"), folder.join("output"));
        let numbers: Vec<f32> = images.flatten_all()?.to_vec1()?;
        let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        fs::write(&input, bytes)?;
        let mut child = Command::new(python)
            .arg(script)
            .args([model, &input, &output])
            .args(images.dims().iter().map(ToString::to_string))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let asks = child.stdin.take().ok_or("no way in")?;
        let says = BufReader::new(child.stdout.take().ok_or("no way out")?);
        let mut onnx = Self {
            child,
            asks,
            says,
            output,
        };
        let mut line = String::new();
        onnx.says.read_line(&mut line)?;
        match line.trim() {
            "ready" => Ok(Some(onnx)),
            _ => Err("onnxruntime did not start".into()),
        }
    }

    /// The seconds of a run.
    fn run(&mut self) -> Outcome<f64> {
        writeln!(self.asks)?;
        let mut line = String::new();
        self.says.read_line(&mut line)?;
        Ok(line.trim().parse()?)
    }

    /// What the last run gave.
    fn finish(self) -> Outcome<Vec<f32>> {
        let Self {
            mut child,
            asks,
            output,
            ..
        } = self;
        drop(asks);
        child.wait()?;
        let bytes = fs::read(output)?;
        let (numbers, _) = bytes.as_chunks();
        Ok(numbers.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }
}

fn seconds(logits: &Logits, images: &Tensor) -> Outcome<f64> {
    let begin = Instant::now();
    black_box(logits(images)?);
    Ok(begin.elapsed().as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn ratio(a: &[f64], b: &[f64]) -> f64 {
    median(a.iter().zip(b).map(|(a, b)| a / b).collect())
}

/// The largest gap between numbers, of the largest of them.
fn gap(a: &[f32], b: &[f32]) -> f32 {
    let most = a
        .iter()
        .fold(f32::MIN_POSITIVE, |most, x| most.max(x.abs()));
    let gaps = a.iter().zip(b).map(|(a, b)| (a - b).abs() / most);
    gaps.fold(0.0, f32::max)
}

fn row(name: &str, subject: &Subject, folder: &Path, batch: usize) -> Outcome<()> {
    let images = Tensor::randn(0f32, 1., (batch, 3, 224, 224), &Device::Cpu)?;
    let mut onnx = Onnx::new(folder, &subject.onnx, &images)?;
    let mut times: [Vec<f64>; 3] = Default::default();
    let begin = Instant::now();
    let mut once = 0.0;
    while times[0].len() < 5 || begin.elapsed().as_secs_f64() + once < BUDGET {
        let started = Instant::now();
        // Each goes first as often as the others.
        let turn = times[0].len();
        for place in 0..3 {
            match (place + turn) % 3 {
                0 => times[0].push(seconds(&subject.ours, &images)?),
                1 => times[1].push(seconds(&subject.by_hand, &images)?),
                _ => {
                    if let Some(onnx) = &mut onnx {
                        times[2].push(onnx.run()?);
                    }
                }
            }
        }
        once = started.elapsed().as_secs_f64();
    }
    let ours: Vec<f32> = (subject.ours)(&images)?.flatten_all()?.to_vec1()?;
    let hand: Vec<f32> = (subject.by_hand)(&images)?.flatten_all()?.to_vec1()?;
    let mut worst = gap(&ours, &hand);
    let beside = match onnx {
        Some(onnx) => {
            worst = worst.max(gap(&ours, &onnx.finish()?));
            let ratio = ratio(&times[0], &times[2]);
            format!("{:.1} | {ratio:.2}", median(times[2].clone()) * 1e3)
        }
        None => "- | -".to_owned(),
    };
    let pairs = ratio(&times[0], &times[1]);
    println!(
        "| {name} | {batch} | {:.1} | {:.1} | {pairs:.3} | {beside} | {worst:.0e} |",
        median(times[0].clone()) * 1e3,
        median(times[1].clone()) * 1e3,
    );
    Ok(())
}

/// A line of this process's status, in bytes.
fn status(of: &str) -> Option<f64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(of))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024.0)
}

/// Runs a network on one image, and prints what the peak of this process grew by.
fn print_peak<N: Network>() -> Outcome<()> {
    let vb = VarBuilder::zeros(DType::F32, &Device::Cpu);
    let model = Model::<N>::new(vb)?;
    let input = N::GRAPH.input(0).channels_first();
    let extents = [&[1], input.as_slice()].concat();
    let images = Tensor::zeros(extents, DType::F32, &Device::Cpu)?;
    let before = status("VmRSS:").ok_or("no /proc")?;
    black_box(model.run(&[images])?);
    println!("{}", status("VmHWM:").ok_or("no /proc")? - before);
    Ok(())
}

fn print_memory(name: &str, values: u64) -> Outcome<()> {
    let mut process = Command::new(std::env::current_exe()?);
    let output = process.args(["--peak", name]).output()?;
    let Ok(grown) = String::from_utf8(output.stdout)?.trim().parse::<f64>() else {
        return Ok(());
    };
    let mib = |bytes: f64| bytes / f64::from(1 << 20);
    let values = mib(f64::from(u32::try_from(values)?));
    let grown = mib(grown);
    println!(
        "| {name} | {values:.1} | {grown:.1} | {:.1} |",
        grown - values
    );
    Ok(())
}

fn main() -> Outcome<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if let [first, name] = given.as_slice()
        && first == "--peak"
    {
        return match name.as_str() {
            "ResNet-18" => print_peak::<ResNet18>(),
            _ => print_peak::<unet::UNet>(),
        };
    }
    println!(
        "| Network | Batch | shapewise, ms | by hand, ms | ratio | onnxruntime, ms | ratio | gap |"
    );
    println!("|:--|--:|--:|--:|--:|--:|--:|--:|");
    let folder = Folder::new()?;
    let folder = &folder.0;
    let resnet = subject::<ResNet18, _>(folder, hand::ByHand::resnet18)?;
    for batch in [1, 16] {
        row("ResNet-18", &resnet, folder, batch)?;
    }
    drop(resnet);
    let by_hand = hand::mobilenet::MobileNetV2ByHand::new;
    let mobilenet = subject::<mobilenet_v2::MobileNetV2, _>(folder, by_hand)?;
    for batch in [1, 16] {
        row("MobileNetV2", &mobilenet, folder, batch)?;
    }
    println!("\n| Network | values, MiB | peak, MiB | besides, MiB |");
    println!("|:--|--:|--:|--:|");
    print_memory("ResNet-18", ResNet18::PEAK_ACTIVATION_BYTES)?;
    print_memory("U-Net", unet::UNet::PEAK_ACTIVATION_BYTES)
}
