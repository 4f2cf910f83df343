//! Random networks, drawn from the catalogue: what a layer's rules accept on the values that
//! there are is taken, so that every network is valid.

use shapewise_core::catalogue::{Argument, Entry, FAMILIES, Family, Inputs};
use shapewise_core::graph::{DType, Graph, Step, trace};
use shapewise_core::{Extents, Layer, Shape, Sides, Value};

/// How many layers a network has.
const LAYERS: usize = 12;
/// How many values.
const MOST: usize = 24;
/// The most elements of a value.
const LARGEST: u64 = 4096;

/// Numbers that a seed decides. Source: Vigna's `splitmix64`.
pub(crate) struct Random(u64);

/// Layers that make numbers of some numbers only, or indices.
const OF_SOME: [&str; 17] = [
    "exp",
    "log",
    "sqrt",
    "reciprocal",
    "pow",
    "normalize",
    "cosine_similarity",
    "div",
    "argmax",
    "gather",
    "index_select",
    "arange",
    "full_like",
    "relative_positions",
    "floor",
    "ceil",
    "sign",
];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).expect("a small number");
        usize::try_from(self.next() % bound).expect("a small number")
    }

    /// From 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn chance(&mut self, p: f64) -> bool {
        self.share() < p
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

fn kept<T>(values: Vec<T>) -> &'static [T] {
    Vec::leak(values)
}

fn kept_text(text: String) -> &'static str {
    String::leak(text)
}

/// A value of the network.
struct Made {
    shape: Shape,
    /// How many layers read it.
    readers: usize,
    /// Whether it is an input that holds indices up to a number of entries, and nothing else
    /// may read it.
    indices: bool,
}

/// What is drawn of a network.
struct Drawn {
    random: Random,
    values: Vec<Made>,
    steps: Vec<&'static Step>,
}

/// A network, and up to which number its inputs are indices.
pub(crate) struct Network {
    pub(crate) graph: &'static Graph,
    /// The number of entries of each input's table, 0 where it is of floats.
    pub(crate) entries: Vec<usize>,
}

/// The network of a seed.
pub(crate) fn network(seed: u64) -> Network {
    let mut drawn = Drawn {
        random: Random::new(seed),
        values: vec![],
        steps: vec![],
    };
    let inputs = 1 + drawn.random.below(3);
    let first = drawn.input(None);
    for _ in 1..inputs {
        // Half of the others can meet the first.
        let alike = drawn.random.chance(0.5).then_some(first);
        drawn.input(alike);
    }
    let mut entries = vec![0; inputs];
    if drawn.random.chance(0.2) {
        entries[0] = drawn.embedded();
    }
    while drawn.steps.len() < LAYERS {
        drawn.layer();
    }
    Network {
        graph: drawn.graph(seed, inputs),
        entries,
    }
}

impl Drawn {
    fn input(&mut self, alike: Option<Shape>) -> Shape {
        let random = &mut self.random;
        let mut extent = |least: usize, span: usize| least + random.below(span);
        let shape = alike.unwrap_or_else(|| match extent(0, 8) {
            0 => Shape::new(&[extent(4, 13)]),
            1 | 2 => Shape::new(&[extent(4, 9), extent(2, 5) * 2]),
            3 => Shape::new(&[extent(3, 4), extent(3, 4), extent(3, 4), extent(1, 4)]),
            _ => Shape::new(&[extent(5, 8), extent(5, 8), extent(1, 4) * 2]),
        });
        self.values.push(Made {
            shape,
            readers: 0,
            indices: false,
        });
        shape
    }

    /// The first input as indices of a table, which is the first layer.
    fn embedded(&mut self) -> usize {
        let length = 3 + self.random.below(6);
        self.values[0].shape = Shape::new(&[length]);
        self.values[0].indices = true;
        let entries = 5 + self.random.below(20);
        let features = 2 * (1 + self.random.below(5));
        let entry = shapewise_core::catalogue::find("embedding").expect("it is there");
        let count = |number: usize| Value::Int(u64::try_from(number).expect("small"));
        let arguments = vec![("entries", count(entries)), ("features", count(features))];
        let added = self.add(entry, arguments, vec![0]);
        assert!(added, "an embedding of indices");
        entries
    }

    /// A value that layers may read: the newest more often than others, those that nobody
    /// reads more often than others.
    fn source(&mut self) -> usize {
        loop {
            let place = match self.random.chance(0.6) {
                true => self.values.len() - 1,
                false => self.random.below(self.values.len()),
            };
            let value = &self.values[place];
            if !value.indices && (value.readers == 0 || self.random.chance(0.4)) {
                return place;
            }
        }
    }

    /// One more layer, if what is drawn is one.
    fn layer(&mut self) {
        // Residuals and branches end in merges, which would be rare otherwise.
        let merges = self.random.chance(0.25);
        let of = |family: &&Family| family.entries.iter().any(|l| l.inputs == Inputs::Merge);
        let families: Vec<&Family> = FAMILIES.iter().filter(|f| !merges || of(f)).collect();
        let family = *self.random.one(&families);
        let entry = *self.random.one(family.entries);
        if entry.takes_indices || OF_SOME.contains(&entry.name) {
            return;
        }
        let mut inputs = match entry.inputs {
            Inputs::Flow => vec![self.source()],
            Inputs::Arguments => vec![],
            Inputs::Merge => {
                let first = self.source();
                let shape = self.values[first].shape;
                let others = (0..self.values.len()).filter(|&other| {
                    let value = &self.values[other];
                    other != first && !value.indices && value.shape.rank() == shape.rank()
                });
                let others: Vec<usize> = others.collect();
                if others.is_empty() {
                    return;
                }
                let second = *self.random.one(&others);
                vec![first, second]
            }
        };
        let mut arguments = Vec::new();
        let axes = inputs
            .first()
            .map_or(2, |first| self.values[*first].shape.rank().max(2) - 1);
        for argument in entry.arguments {
            if !argument.required && !self.random.chance(0.3) {
                continue;
            }
            if argument.accepts.value {
                arguments.push((argument.name, Value::Input(inputs.len())));
                inputs.push(self.source());
            } else if let Some(value) = self.argument(argument, axes) {
                arguments.push((argument.name, value));
            }
        }
        self.add(entry, arguments, inputs);
    }

    fn argument(&mut self, argument: &Argument, axes: usize) -> Option<Value> {
        let accepts = &argument.accepts;
        let random = &mut self.random;
        let least = usize::try_from(argument.least).expect("a small number");
        let mut choices: Vec<usize> = Vec::new();
        let kinds = [
            accepts.int,
            accepts.float,
            accepts.bool,
            accepts.extents,
            accepts.sides,
            accepts.range,
            !accepts.keywords.is_empty(),
        ];
        choices.extend((0..kinds.len()).filter(|&kind| kinds[kind]));
        if choices.is_empty() {
            return None;
        }
        let number = |random: &mut Random| least + random.below(4);
        Some(match *random.one(&choices) {
            0 => {
                // Often even, so that heads and groups divide.
                let number = number(random) * (1 + random.below(2));
                Value::Int(u64::try_from(number).expect("a small number"))
            }
            1 => {
                let (low, high) = argument.range;
                let (low, high) = (low.max(-1.5), high.min(1.5));
                Value::Float(low + (0.1 + 0.8 * random.share()) * (high - low))
            }
            2 => Value::Bool(random.chance(0.5)),
            3 => {
                let extents: Vec<usize> = (0..axes).map(|_| number(random)).collect();
                Value::Extents(Extents::try_new(&extents)?)
            }
            4 => {
                let mut side = || {
                    let side: Vec<usize> = (0..axes).map(|_| random.below(3)).collect();
                    Extents::try_new(&side)
                };
                Value::Sides(Sides::new(side()?, side()?))
            }
            5 => {
                let start = random.below(3);
                Value::Range(start, start + 1 + random.below(3))
            }
            _ => {
                let place = random.below(accepts.keywords.len());
                Value::Keyword(accepts.keywords[place])
            }
        })
    }

    /// Adds a layer, where its rules accept it and what it gives is small.
    fn add(
        &mut self,
        entry: &'static Entry,
        arguments: Vec<(&'static str, Value)>,
        inputs: Vec<usize>,
    ) -> bool {
        let shapes: Vec<Shape> = inputs.iter().map(|&i| self.values[i].shape).collect();
        let Ok(layer) = Layer::build(entry, &arguments, &shapes) else {
            return false;
        };
        let results: Result<Vec<Shape>, _> = (0..layer.results())
            .map(|result| layer.output(&shapes, result))
            .collect();
        let Ok(results) = results else {
            return false;
        };
        let small = |shape: &Shape| {
            shape
                .checked_elements()
                .is_some_and(|count| count <= LARGEST)
        };
        // Every later layer gives a value at least.
        let later = LAYERS - self.steps.len() - 1;
        if !results.iter().all(small) || self.values.len() + results.len() + later > MOST {
            return false;
        }
        for &input in &inputs {
            self.values[input].readers += 1;
        }
        let path = kept_text(format!("{}_{}", entry.name, self.steps.len()));
        let step = Step::new(entry, kept(arguments), kept(inputs), results.len(), path);
        self.steps.push(&kept(vec![step])[0]);
        self.values.extend(results.into_iter().map(|shape| Made {
            shape,
            readers: 0,
            indices: false,
        }));
        true
    }

    /// The graph, whose outputs are what nobody reads.
    fn graph(self, seed: u64, inputs: usize) -> &'static Graph {
        let shapes: Vec<Shape> = self.values[..inputs].iter().map(|v| v.shape).collect();
        let names = (0..inputs).map(|input| kept_text(format!("x{input}")));
        let names = kept(names.collect());
        let unread = self.values.iter().enumerate().skip(inputs);
        let unread = unread.filter(|(_, value)| value.readers == 0);
        let outputs = unread.map(|(place, _)| (kept_text(format!("y{place}")), place));
        let outputs = kept(outputs.collect());
        let steps: [&Step; LAYERS] = self.steps.try_into().expect("as many layers");
        let name = kept_text(format!("Random{seed}"));
        // How many values there are is a part of a trace's type.
        macro_rules! any {
            ($($values:literal)*) => {
                match self.values.len() {
                    $($values => {
                        let trace = trace::<LAYERS, $values>(&shapes, &steps);
                        let trace = &kept(vec![trace])[0];
                        Graph::new(name, DType::F32, names, trace, outputs)
                    })*
                    values => panic!("{values} values"),
                }
            };
        }
        let graph = any!(13 14 15 16 17 18 19 20 21 22 23 24);
        &kept(vec![graph])[0]
    }
}
