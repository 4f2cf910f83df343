//! Draws networks, and writes them: with networks as layers, and flat.

use std::fmt::Write as _;

const CASES: usize = 12;

/// Numbers that are the same in every run (SplitMix64).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("a small number")
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A layer or network on values, which are numbered.
#[derive(Clone)]
enum Step {
    Layer { text: String, merge: bool },
    Network(usize),
}

#[derive(Clone)]
struct Placed {
    step: Step,
    inputs: Vec<usize>,
    results: usize,
}

/// A network: the channels of all values, the inputs first.
#[derive(Clone)]
struct Net {
    inputs: usize,
    channels: Vec<usize>,
    steps: Vec<Placed>,
    outputs: Vec<usize>,
}

fn draw(random: &mut Seeded, inputs: &[usize], steps: usize, inner: &[Net]) -> Net {
    let mut net = Net {
        inputs: inputs.len(),
        channels: inputs.to_vec(),
        steps: Vec::new(),
        outputs: Vec::new(),
    };
    while net.steps.len() < steps {
        net.step(random, inner);
    }
    // Those that are made last, inputs, and the same one twice.
    for _ in 0..=random.below(3) {
        let count = net.channels.len();
        net.outputs.push(match random.below(4) {
            0 => random.below(net.inputs),
            1 => random.below(count),
            _ => count - 1 - random.below(count.min(3)),
        });
    }
    net
}

impl Net {
    fn push(&mut self, step: Step, inputs: Vec<usize>, channels: &[usize]) {
        self.channels.extend(channels);
        self.steps.push(Placed {
            step,
            inputs,
            results: channels.len(),
        });
    }

    fn layer(&mut self, text: &str, merge: bool, inputs: Vec<usize>, channels: &[usize]) {
        let text = text.to_owned();
        self.push(Step::Layer { text, merge }, inputs, channels);
    }

    fn step(&mut self, random: &mut Seeded, inner: &[Net]) {
        let x = random.below(self.channels.len());
        let y = random.below(self.channels.len());
        let (cx, cy) = (self.channels[x], self.channels[y]);
        match random.below(if inner.is_empty() { 10 } else { 15 }) {
            0 | 7 | 8 => {
                let channels = random.pick(&[2, 4, 8]);
                self.layer(
                    &format!("conv({channels}, 3x3, padding = half)"),
                    false,
                    vec![x],
                    &[channels],
                );
            }
            1 | 2 | 9 => self.layer("relu", false, vec![x], &[cx]),
            3 => self.layer("identity", false, vec![x], &[cx]),
            4 if cx == cy && x != y => self.layer("add", true, vec![x, y], &[cx]),
            5 if cx + cy <= 16 && x != y => self.layer("concat", true, vec![x, y], &[cx + cy]),
            6 if cx % 2 == 0 => {
                self.layer("channel_split(2)", false, vec![x], &[cx / 2, cx / 2]);
            }
            10.. => {
                let which = random.below(inner.len());
                let net = &inner[which];
                let mut inputs = Vec::new();
                for channels in &net.channels[..net.inputs] {
                    let all = self.channels.iter().enumerate();
                    let fit: Vec<usize> = all
                        .filter(|(_, c)| *c == channels)
                        .map(|(v, _)| v)
                        .collect();
                    if fit.is_empty() {
                        return;
                    }
                    inputs.push(random.pick(&fit));
                }
                let channels: Vec<usize> = net.outputs.iter().map(|v| net.channels[*v]).collect();
                self.push(Step::Network(which), inputs, &channels);
            }
            _ => {}
        }
    }

    /// The same with the layers of its networks in their place.
    fn flat(&self, inner: &[Net]) -> Net {
        let mut flat = Net {
            inputs: self.inputs,
            channels: self.channels[..self.inputs].to_vec(),
            steps: Vec::new(),
            outputs: Vec::new(),
        };
        let inputs: Vec<usize> = (0..self.inputs).collect();
        let numbers = self.add_to_flat(&mut flat, &inputs, inner);
        flat.outputs = self.outputs.iter().map(|value| numbers[*value]).collect();
        flat
    }

    fn add_to_flat(&self, flat: &mut Net, inputs: &[usize], inner: &[Net]) -> Vec<usize> {
        let mut numbers = inputs.to_vec();
        let mut made = self.inputs;
        for placed in &self.steps {
            let inputs: Vec<usize> = placed.inputs.iter().map(|value| numbers[*value]).collect();
            match &placed.step {
                Step::Layer { .. } => {
                    let first = flat.channels.len();
                    let results = made..made + placed.results;
                    flat.push(placed.step.clone(), inputs, &self.channels[results]);
                    numbers.extend(first..first + placed.results);
                }
                Step::Network(which) => {
                    let net = &inner[*which];
                    let inside = net.add_to_flat(flat, &inputs, inner);
                    numbers.extend(net.outputs.iter().map(|value| inside[*value]));
                }
            }
            made += placed.results;
        }
        numbers
    }

    fn value(&self, value: usize) -> String {
        match value.checked_sub(self.inputs) {
            None => format!("in{value}"),
            Some(value) => format!("v{value}"),
        }
    }

    fn write(&self, name: &str, declared: bool, text: &mut String) {
        let port = |value: usize| format!("{}: 6x6x{}", self.value(value), self.channels[value]);
        let inputs: Vec<String> = (0..self.inputs).map(port).collect();
        let names = ["a", "b", "c"];
        let outputs: Vec<String> = self
            .outputs
            .iter()
            .zip(names)
            .map(|(value, name)| {
                format!(
                    "{name} = {}: 6x6x{}",
                    self.value(*value),
                    self.channels[*value]
                )
            })
            .collect();
        let _ = writeln!(
            text,
            "            #[allow(unused_value)]\n            pub(crate) struct {name}({}) -> ({}) {{",
            inputs.join(", "),
            outputs.join(", ")
        );
        let mut made = self.inputs;
        for placed in &self.steps {
            let results = made..made + placed.results;
            let labels: Vec<String> = results.clone().map(|value| self.value(value)).collect();
            let labels = match labels.as_slice() {
                [label] => label.clone(),
                labels => format!("({})", labels.join(", ")),
            };
            let inputs: Vec<String> = placed
                .inputs
                .iter()
                .map(|value| self.value(*value))
                .collect();
            let written = match &placed.step {
                Step::Layer { text, merge: true } => format!("{text}({})", inputs.join(", ")),
                Step::Layer { text, .. } => format!("from {}, {text}", inputs[0]),
                Step::Network(which) if inputs.len() == 1 => {
                    format!("from {}, Inner{which}", inputs[0])
                }
                Step::Network(which) => {
                    format!(
                        "from {}, Inner{which}({})",
                        inputs[0],
                        inputs[1..].join(", ")
                    )
                }
            };
            let network = matches!(placed.step, Step::Network(_));
            let shapes = results.map(|value| format!("6x6x{}", self.channels[value]));
            let shapes: Vec<String> = shapes.collect();
            let shapes = match shapes.as_slice() {
                [shape] => shape.clone(),
                shapes => format!("({})", shapes.join(", ")),
            };
            let declared = if declared && network {
                format!(" => {shapes}")
            } else {
                String::new()
            };
            let _ = writeln!(text, "                {labels}: {written}{declared};");
            made += placed.results;
        }
        text.push_str("            }\n");
    }
}

/// All of the file.
pub(super) fn file() -> String {
    let mut text =
        String::from("// Networks that `writing.rs` draws: with networks as layers, and flat.\n\n");
    let mut random = Seeded(19);
    for case in 0..CASES {
        let mut inner: Vec<Net> = Vec::new();
        for level in 0..3 {
            let ports: Vec<usize> = (0..=random.below(3))
                .map(|_| random.pick(&[2, 4, 8]))
                .collect();
            let steps = 1 + random.below(4) + level;
            let net = draw(&mut random, &ports, steps, &inner);
            inner.push(net);
        }
        let ports = [2, 4, 8];
        let steps = 8 + random.below(5);
        let net = draw(&mut random, &ports, steps, &inner);
        let _ = writeln!(text, "pub(crate) mod case{case} {{");
        text.push_str("    pub(crate) mod flat {\n        shapewise::network! {\n");
        net.flat(&inner).write("Net", false, &mut text);
        text.push_str(
            "        }\n    }\n    pub(crate) mod here {\n        shapewise::network! {\n",
        );
        for (which, inner) in inner.iter().enumerate() {
            inner.write(&format!("Inner{which}"), false, &mut text);
        }
        net.write("Net", false, &mut text);
        text.push_str("        }\n    }\n    pub(crate) mod elsewhere {\n        #[allow(unused_imports)]\n        use super::here::*;\n        shapewise::network! {\n");
        net.write("Net", true, &mut text);
        text.push_str("        }\n    }\n}\n\n");
    }
    let cases: Vec<String> = (0..CASES).map(|case| format!("case{case}")).collect();
    let _ = writeln!(
        text,
        "macro_rules! cases {{\n    ($with:ident) => {{\n        $with!({});\n    }};\n}}\npub(crate) use cases;",
        cases.join(" ")
    );
    text
}
