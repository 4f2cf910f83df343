//! What PyTorch said about one layer, and what a family makes of it.

use serde_json::{Map, Value as Json};
use shapewise::{Error, Extents, Shape, Value};

/// One row of the data: a layer as PyTorch builds it, and what came of it.
#[derive(Debug)]
pub(crate) struct Row {
    /// The number of the row.
    pub(crate) id: u64,
    /// PyTorch's class: `Conv2d`.
    pub(crate) layer: String,
    /// The constructor's arguments.
    pub(crate) args: Map<String, Json>,
    /// The shape of each input: batch, then channels, as PyTorch has it.
    pub(crate) inputs: Vec<Vec<usize>>,
    /// Whether PyTorch's own backends disagree about it.
    pub(crate) disputed: bool,
    /// What PyTorch said.
    pub(crate) truth: Truth,
}

/// What PyTorch said.
#[derive(Debug)]
pub(crate) enum Truth {
    /// It built and ran the layer.
    Valid {
        /// The shape of each result.
        outputs: Vec<Vec<usize>>,
        /// Elements of its tensors by role.
        counts: Counts,
        /// Multiply-accumulates of all samples together, where they were counted.
        macs: Option<u64>,
    },
    /// It rejected the layer with this text.
    Rejected(String),
}

/// The elements of a layer's tensors by role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) weights: u64,
    pub(crate) biases: u64,
    pub(crate) params: u64,
    pub(crate) buffers: u64,
}

/// What a family makes of a row: the layer in the language, or why there is
/// none (a short text, the same for all rows of that reason).
pub(crate) type Mapped = Result<Case, &'static str>;

/// The results of a layer as PyTorch's shapes.
pub(crate) type Outputs = Box<dyn Fn(&[Shape]) -> Vec<Vec<usize>>>;

/// A row as a layer of the language.
pub(crate) struct Case {
    /// The layer's name in the catalogue.
    pub(crate) entry: &'static str,
    /// Its arguments.
    pub(crate) arguments: Vec<(&'static str, Value)>,
    /// Its inputs: no batch, channels last.
    pub(crate) inputs: Vec<Shape>,
    /// The layer's results as PyTorch's shapes, in the order of the row's
    /// outputs; outputs that the language does not have may be left off the end.
    pub(crate) outputs: Outputs,
    /// Elements of PyTorch's buffers that the language does not have
    /// (`num_batches_tracked`).
    pub(crate) other_buffers: u64,
}

impl Case {
    /// A layer with one input and one result, both with the batch in front and
    /// channels second.
    pub(crate) fn new(entry: &'static str, batched: Batched) -> Self {
        let batch = batched.batch;
        Self {
            entry,
            arguments: Vec::new(),
            inputs: vec![batched.shape],
            outputs: Box::new(move |results| vec![channels_first(&batch, &results[0])]),
            other_buffers: 0,
        }
    }

    /// The case with one more argument.
    pub(crate) fn with(mut self, name: &'static str, value: Value) -> Self {
        self.arguments.push((name, value));
        self
    }

    /// The case with one more argument where there is one.
    pub(crate) fn with_some(self, name: &'static str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

/// A shape without its batch.
pub(crate) struct Batched {
    /// The leading extents that the language does not write.
    pub(crate) batch: Vec<usize>,
    /// The rest, channels last.
    pub(crate) shape: Shape,
}

/// `batch`, then the shape with its channels in front.
pub(crate) fn channels_first(batch: &[usize], shape: &Shape) -> Vec<usize> {
    [batch, shape.channels_first().as_slice()].concat()
}

/// `batch`, then the shape as it is: what acts on the last axis.
pub(crate) fn channels_last(batch: &[usize], shape: &Shape) -> Vec<usize> {
    [batch, shape.as_slice()].concat()
}

pub(crate) const ZERO_EXTENT: &str = "an extent of 0 cannot be written in a shape";
pub(crate) const TOO_MANY_AXES: &str = "more axes than a shape of the language has";
pub(crate) const NEGATIVE: &str = "a negative number cannot be written";

/// Extents as a shape.
pub(crate) fn shape(extents: &[usize]) -> Result<Shape, &'static str> {
    if extents.contains(&0) {
        return Err(ZERO_EXTENT);
    }
    Shape::try_new(extents).ok_or(TOO_MANY_AXES)
}

impl Row {
    pub(crate) fn parse(line: &str) -> Self {
        let row: Json = serde_json::from_str(line).expect("the data is one JSON object a line");
        let number = |field: &str| row[field].as_u64().unwrap_or(0);
        let truth = match row["error"].as_str() {
            Some(text) => Truth::Rejected(text.to_owned()),
            None => Truth::Valid {
                outputs: [vec![extents(&row["out"])], shapes(&row["extra_out"])].concat(),
                counts: Counts {
                    weights: number("weights"),
                    biases: number("biases"),
                    params: number("params"),
                    buffers: number("buffers"),
                },
                macs: row["macs"].as_u64(),
            },
        };
        let several = row["input"][0].is_array();
        Self {
            id: row["id"].as_u64().expect("every row has a number"),
            layer: row["layer"].as_str().unwrap_or_default().to_owned(),
            args: row["args"].as_object().cloned().unwrap_or_default(),
            inputs: if several {
                shapes(&row["input"])
            } else {
                vec![extents(&row["input"])]
            },
            disputed: row["disputed"] == true,
            truth,
        }
    }

    /// The number of spatial axes in the class's name: 2 for `Conv2d`.
    pub(crate) fn axes(&self) -> usize {
        let digit = self.layer.bytes().rev().nth(1).unwrap_or(b'0');
        usize::from(digit.saturating_sub(b'0'))
    }

    /// The first input where channels are second and `axes` spatial axes follow,
    /// with or without a batch. An input that has another number of axes keeps
    /// them, so that the layer can complain.
    pub(crate) fn channels_second(&self, axes: usize) -> Result<Batched, &'static str> {
        let input = &self.inputs[0];
        let batched = usize::from(input.len() > axes + 1);
        let (batch, rest) = input.split_at(batched);
        let mut last = rest.to_vec();
        if !last.is_empty() {
            last.rotate_left(1);
        }
        Ok(Batched {
            batch: batch.to_vec(),
            shape: shape(&last)?,
        })
    }

    /// A whole number.
    pub(crate) fn int(&self, name: &str) -> Result<Option<Value>, &'static str> {
        match self.args.get(name).and_then(Json::as_i64) {
            Some(value) => Ok(Some(Value::Int(
                u64::try_from(value).map_err(|_| NEGATIVE)?,
            ))),
            None => Ok(None),
        }
    }

    /// `true` or `false`.
    pub(crate) fn bool(&self, name: &str) -> Option<Value> {
        Some(Value::Bool(self.args.get(name)?.as_bool()?))
    }

    /// Whether a truth value is given and true.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.bool(name) == Some(Value::Bool(true))
    }

    /// A number with a point.
    pub(crate) fn float(&self, name: &str) -> Option<Value> {
        Some(Value::Float(self.args.get(name)?.as_f64()?))
    }

    /// A word.
    pub(crate) fn word(&self, name: &str) -> Option<&str> {
        self.args.get(name)?.as_str()
    }

    /// A list of numbers.
    pub(crate) fn list(&self, name: &str) -> Result<Option<Vec<usize>>, &'static str> {
        let Some(list) = self.args.get(name).and_then(Json::as_array) else {
            return Ok(None);
        };
        list.iter()
            .map(|value| match value.as_i64() {
                Some(value) => usize::try_from(value).map_err(|_| NEGATIVE),
                None => Err("a list that holds something else than numbers"),
            })
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// A number or a list, as the language has it for strides and the like.
    pub(crate) fn per_axis(&self, name: &str) -> Result<Option<Value>, &'static str> {
        match self.list(name)? {
            Some(list) => match Extents::try_new(&list) {
                Some(extents) => Ok(Some(Value::Extents(extents))),
                None => Err(TOO_MANY_AXES),
            },
            None => self.int(name),
        }
    }

    /// A kernel: a number stands for all `axes` of the class.
    pub(crate) fn kernel(&self, name: &str, axes: usize) -> Result<Option<Value>, &'static str> {
        Ok(match self.per_axis(name)? {
            Some(Value::Int(size)) => {
                let size = usize::try_from(size).map_err(|_| "a kernel beyond this machine")?;
                Some(Value::Extents(Extents::splat(size, axes)))
            }
            value => value,
        })
    }
}

/// How an error of PyTorch's is met: one line of a family's table.
pub(crate) struct Rejection {
    /// What PyTorch's text contains.
    pub(crate) text: &'static str,
    /// What is asked of the language.
    pub(crate) verdict: Verdict,
}

/// What is asked of the language where PyTorch rejects a layer.
pub(crate) enum Verdict {
    /// It rejects the layer too, with an error for which this holds.
    Rejected(fn(&Error) -> bool),
    /// The layer has no argument of this name, so that a network that writes it
    /// is rejected before its shapes are looked at.
    NoArgument(&'static str),
    /// A network cannot say what PyTorch rejects, for the reason that the mapping
    /// gives too.
    Unwritable(&'static str),
    /// Nothing, for this reason.
    LeftOut(&'static str),
}

/// A line of a table: the text's fragment and the errors that agree with it.
macro_rules! rejected {
    ($text:literal, $allowed:pat) => {
        Rejection {
            text: $text,
            verdict: Verdict::Rejected(|error| matches!(error, $allowed)),
        }
    };
}
pub(crate) use rejected;

/// A line of a table: the text's fragment and why what it is about cannot even
/// be written, as the mapping says too.
pub(crate) const fn unwritable(text: &'static str, reason: &'static str) -> Rejection {
    Rejection {
        text,
        verdict: Verdict::Unwritable(reason),
    }
}

/// A line of a table: the text's fragment and why the row says nothing about
/// the language.
pub(crate) const fn left_out(text: &'static str, reason: &'static str) -> Rejection {
    Rejection {
        text,
        verdict: Verdict::LeftOut(reason),
    }
}

fn extents(json: &Json) -> Vec<usize> {
    let extents = json.as_array().into_iter().flatten();
    extents
        .map(|extent| {
            let extent = extent.as_u64().and_then(|extent| extent.try_into().ok());
            extent.expect("shapes hold sizes")
        })
        .collect()
}

/// The shapes in a list, in which an LSTM has a list of its own for its states.
fn shapes(json: &Json) -> Vec<Vec<usize>> {
    let parts = json.as_array().into_iter().flatten();
    parts
        .flat_map(|part| match part[0].is_array() {
            true => shapes(part),
            false => vec![extents(part)],
        })
        .collect()
}
