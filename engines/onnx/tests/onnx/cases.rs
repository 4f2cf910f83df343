//! One layer each, with the arguments that change what it does.

use shapewise::catalogue::Entry;
use shapewise::graph::{DType, Graph, Step, Trace, trace};
use shapewise::{Equation, Extents, Layer, Shape, Sides, Value};

mod sequences;
mod shapes;
mod windows;

pub(crate) use sequences::{activation, attention, dense, merge, normalisation, recurrent};
pub(crate) use shapes::{moving, patches};
pub(crate) use windows::{convolution, pooling};

/// A layer with its arguments on inputs of its own.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) entry: &'static Entry,
    pub(crate) inputs: Vec<Shape>,
    pub(crate) arguments: Vec<(&'static str, Value)>,
}

/// Cases as they would be written: `conv([7, 8, 3]; channels = 4, kernel = [3, 2])`.
macro_rules! cases {
    ($($layer:ident($($input:expr),+ $(; $($name:ident = $value:expr),+)?)),+ $(,)?) => {
        vec![$(crate::cases::Case {
            entry: shapewise::layers::$layer,
            inputs: vec![$(shapewise::Shape::new(&$input)),+],
            arguments: vec![$($(
                (stringify!($name), crate::cases::Argument::from($value).0)
            ),+)?],
        }),+]
    };
}
use cases;

/// A value in Rust's own words.
pub(crate) struct Argument(pub(crate) Value);

/// The place of a value among the layer's inputs.
pub(crate) struct At(pub(crate) usize);

impl From<u64> for Argument {
    fn from(value: u64) -> Self {
        Self(Value::Int(value))
    }
}

impl From<f64> for Argument {
    fn from(value: f64) -> Self {
        Self(Value::Float(value))
    }
}

impl From<bool> for Argument {
    fn from(value: bool) -> Self {
        Self(Value::Bool(value))
    }
}

impl From<&'static str> for Argument {
    fn from(word: &'static str) -> Self {
        Self(Value::Keyword(word))
    }
}

impl From<Equation> for Argument {
    fn from(equation: Equation) -> Self {
        Self(Value::Equation(equation))
    }
}

impl From<At> for Argument {
    fn from(At(place): At) -> Self {
        Self(Value::Input(place))
    }
}

impl From<std::ops::Range<usize>> for Argument {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self(Value::Range(range.start, range.end))
    }
}

impl<const N: usize> From<[usize; N]> for Argument {
    fn from(extents: [usize; N]) -> Self {
        Self(Value::Extents(Extents::new(&extents)))
    }
}

impl<const N: usize> From<[(usize, usize); N]> for Argument {
    fn from(pairs: [(usize, usize); N]) -> Self {
        Self(Value::Sides(Sides::new(
            Extents::new(&pairs.map(|(before, _)| before)),
            Extents::new(&pairs.map(|(_, after)| after)),
        )))
    }
}

impl Case {
    /// A network of this layer alone, all its results outputs.
    pub(crate) fn graph(&self) -> &'static Graph {
        let layer = Layer::build(self.entry, &self.arguments, &self.inputs)
            .unwrap_or_else(|error| panic!("{self:?}: {error}"));
        let inputs = self.inputs.len();
        let results = layer.results();
        let step = Step::new(
            self.entry,
            self.arguments.clone().leak(),
            (0..inputs).collect::<Vec<_>>().leak(),
            results,
            "layer",
        );
        let name = |what: &str, place: usize| -> &'static str { format!("{what}{place}").leak() };
        let outputs: Vec<_> = (0..results)
            .map(|result| (name("out", result), inputs + result))
            .collect();
        let names: Vec<_> = (0..inputs).map(|place| name("in", place)).collect();
        let step: &'static Step = Box::leak(Box::new(step));
        let (names, outputs) = (names.leak(), outputs.leak());
        match inputs + results {
            2 => self.traced::<2>(step, names, outputs),
            3 => self.traced::<3>(step, names, outputs),
            4 => self.traced::<4>(step, names, outputs),
            5 => self.traced::<5>(step, names, outputs),
            6 => self.traced::<6>(step, names, outputs),
            values => panic!("{values} values"),
        }
    }

    fn traced<const VALUES: usize>(
        &self,
        step: &'static Step,
        names: &'static [&'static str],
        outputs: &'static [(&'static str, usize)],
    ) -> &'static Graph {
        let trace: &'static Trace<1, VALUES> = Box::leak(Box::new(trace(&self.inputs, &[step])));
        let graph = Graph::new(self.entry.name, DType::F32, names, trace, outputs);
        Box::leak(Box::new(graph))
    }
}

pub(crate) fn all() -> Vec<Case> {
    [
        convolution(),
        pooling(),
        dense(),
        merge(),
        normalisation(),
        activation(),
        moving(),
        patches(),
        recurrent(),
        attention(),
    ]
    .concat()
}
