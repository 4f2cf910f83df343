//! Every form of one network's report, and what its analyses say.
//!
//! `cargo run --example reports` prints all of them; with a name (`table`,
//! `layers`, `columns`, `markdown`, `csv`, `json`, `latex`, `dot`,
//! `conventions`, `memory`, `arena`, `field`) that one.

use shapewise::analysis::Arena;
use shapewise::graph::{Convention, DType};
use shapewise::report::{Bytes, Column, Grouped, Si};
use shapewise::{Graph, Network, network};

network! {
    /// A small residual network for images of 32x32.
    #[dtype(f32)]
    pub struct TinyResNet(image: 32x32x3) -> (classes: 10) {
        stem:   conv(16, 3x3, padding = half, bias = false), batch_norm, relu => 32x32x16;
        layer1: { Residual(16, 1); }
        layer2: { Residual(32, 2); }
        layer3: { Residual(64, 2); }                                        => 8x8x64;
        head:   global_avg_pool, linear(10);

        assert params <= 80K;
        assert peak_activation_bytes <= 256KiB;
    }

    block Residual(channels, stride) {
        residual {
            conv1: conv(channels, 3x3, stride = stride, padding = half, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(channels, 3x3, padding = half, bias = false);
            bn2: batch_norm;
        } shortcut if stride != 1 || input.channels != channels {
            downsample: { conv(channels, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }
}

const GRAPH: &Graph = TinyResNet::GRAPH;

/// Where every value lies in one block of memory, offsets in multiples of 16
/// elements.
const PLAN: Arena<{ GRAPH.values().len() }> = Arena::aligned(GRAPH, 16);

/// The block of memory, so large as the plan says.
static ACTIVATIONS: [f32; PLAN.size] = [0.0; PLAN.size];

fn main() {
    let wanted = std::env::args().nth(1);
    let summary = TinyResNet::summary();
    let show = |name: &str, text: &dyn Fn() -> String| {
        if wanted.as_deref().is_none_or(|wanted| wanted == name) {
            println!("# {name}\n\n{}", text());
        }
    };
    show("table", &|| summary.to_string());
    // Groups opened, for a batch of 64 in half precision.
    show("layers", &|| {
        summary.layers().batch(64).dtype(DType::F16).to_string()
    });
    show("columns", &|| {
        const COLUMNS: &[Column] = &[
            Column::Layer,
            Column::Input,
            Column::Output,
            Column::Activations,
            Column::Bytes,
        ];
        let summary = summary.depth(2).columns(COLUMNS).width(80);
        summary.heading(false).footer(false).to_string()
    });
    show("markdown", &|| summary.markdown().to_string());
    show("csv", &|| summary.csv().to_string());
    show("json", &|| summary.json().to_string());
    show("latex", &|| summary.latex().to_string());
    show("dot", &|| summary.dot().to_string());
    show("conventions", &conventions);
    show("memory", &memory);
    show("arena", &arena);
    show("field", &field);
}

/// The MACs as several tools count them.
fn conventions() -> String {
    let lines = Convention::ALL.map(|(tool, convention)| {
        let macs = GRAPH.macs_by(convention);
        let macs = macs.map_or("overflow".to_owned(), |macs| Grouped(macs).to_string());
        format!("{tool:<12} {macs:>12} MACs\n")
    });
    lines.concat()
}

/// Where the most activations are alive.
fn memory() -> String {
    let peak = GRAPH.peak().expect("there are places for all values");
    let largest = peak.largest.into_iter().flatten();
    let largest: Vec<String> = largest
        .map(|value| format!("{}", GRAPH.values()[value]))
        .collect();
    format!(
        "{} elements, {}, while `{}` runs: {}\nTraining keeps {} elements per sample\n",
        Grouped(peak.elements),
        Bytes(TinyResNet::PEAK_ACTIVATION_BYTES),
        GRAPH.nodes()[peak.node].path,
        largest.join(", "),
        Si(TinyResNet::TRAIN_ACTIVATIONS),
    )
}

/// The first values of the plan.
fn arena() -> String {
    let mut text = format!(
        "{} elements, at least {}; a static buffer of {} bytes\n",
        PLAN.size,
        PLAN.lower_bound,
        size_of_val(&ACTIVATIONS),
    );
    for node in &GRAPH.nodes()[..6] {
        let value = node.output;
        let line = format!("{:<12} {:>6}", node.path, PLAN.offset(value));
        text += &format!("{line}  {}\n", GRAPH.values()[value]);
    }
    text
}

/// What a position of each statement sees of the image.
fn field() -> String {
    let stages = [TinyResNet::STEM, TinyResNet::LAYER1, TinyResNet::LAYER2];
    let lines = stages.map(|stage| {
        let (sees, apart) = (stage.receptive_field, stage.effective_stride);
        format!("{:<8} sees {sees}, positions {apart} apart\n", stage.name)
    });
    lines.concat()
}
