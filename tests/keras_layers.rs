//! The rules against layers that were built and run with Keras.
//!
//! `data/keras_layers.jsonl` holds a row per layer: class, constructor
//! arguments, input shape, and what came out. A mapping (a file per family)
//! says the layer in the language's words, or why it has none; then shape,
//! parameters and biases must agree, and what Keras rejects must be rejected
//! for the same reason.

#![expect(unreachable_pub, reason = "modules of one test, not of a library")]

mod frameworks;

mod keras_layers {
    pub mod activation;
    pub mod attention;
    pub mod convolution;
    pub mod dense;
    pub mod merge;
    pub mod normalisation;
    pub mod pooling;
    pub mod recurrent;
    pub mod shape_ops;
}

use frameworks::{Arguments, Mapped, Measured, Tally};
use serde_json::Value as Json;
use shapewise::Shape;

/// Keras answers differently on its own backends: see `compact_keras_layers.py`.
const BACKENDS_DIFFER: &str = "Keras's backends disagree";

/// Keras refuses what its backend cannot compute, not what has no meaning.
const NOT_IMPLEMENTED: &str = "Keras does not implement a dilated stride";

/// Of these families at least 95% of the rows must be compared.
const MOST: &[&str] = &[
    "convolution",
    "pooling",
    "dense",
    "normalisation",
    "recurrent",
    "attention",
];

/// Single numbers, and Keras's layers on nothing but a batch.
const NO_SHAPE: &str = "a value without axes, or with none of something, is no shape";

/// No file of `keras_layers` knows the class.
const UNKNOWN: &str = "no mapping";

/// The families: the classes that belong to it, and the mapping of a row.
const FAMILIES: &[Family] = &[
    Family("convolution", keras_layers::convolution::map),
    Family("pooling", keras_layers::pooling::map),
    Family("dense", keras_layers::dense::map),
    Family("normalisation", keras_layers::normalisation::map),
    Family("activation", keras_layers::activation::map),
    Family("shape", keras_layers::shape_ops::map),
    Family("recurrent", keras_layers::recurrent::map),
    Family("attention", keras_layers::attention::map),
    Family("merge", keras_layers::merge::map),
];

/// A family's name, and its mapping: nothing for a class of another family.
struct Family(&'static str, fn(&Row) -> Option<Mapped>);

/// A measured row.
struct Row<'a> {
    /// Keras's class.
    class: &'a str,
    /// The constructor's arguments.
    args: Arguments<'a>,
    /// The input without the batch, channels last as the language has them.
    input: Shape,
}

impl Row<'_> {
    /// The number of spatial axes of the input.
    fn axes(&self) -> usize {
        self.input.spatial_rank()
    }
}

/// What a fragment of Keras's message stands for: the variants that say the
/// same here.
const REJECTIONS: &[(&str, &[&str])] = &[
    (
        "Computed output size would be zero or negative",
        &["WindowTooLarge"],
    ),
    (
        "must be evenly divisible by the number of groups",
        &["NotDivisible"],
    ),
    (
        "must be a multiple of the number of channels",
        &["NotDivisible"],
    ),
    (
        "`output_padding` must be strictly less than",
        &["OutputPadding"],
    ),
    ("`cropping` argument should be smaller", &["EmptyAxis"]),
    (
        "The total size of the tensor must be unchanged",
        &["CountDiffers"],
    ),
    ("expected ndim=3, found ndim=2", &["InputRank", "AxisCount"]),
];

#[test]
fn agrees_with_keras() {
    let mut tally = Tally::default();
    for line in include_str!("data/keras_layers.jsonl").lines() {
        let row: Json = serde_json::from_str(line).expect("a row is JSON");
        check(&row, line, &mut tally);
    }
    tally.print();
    tally.assert_agreement();
    // Rows on nothing but a batch say nothing about a sample.
    let excused = [BACKENDS_DIFFER, NO_SHAPE];
    for family in MOST {
        tally.assert_share(Some(family), &excused, 95);
    }
    tally.assert_share(None, &excused, 90);
}

fn check(json: &Json, line: &str, tally: &mut Tally) {
    let class = json[0].as_str().expect("a class");
    if json[3].is_null() {
        return tally.left_out("", class, BACKENDS_DIFFER);
    }
    let Some(input) = sample(&json[2]) else {
        return tally.left_out("", class, NO_SHAPE);
    };
    let row = Row {
        class,
        args: Arguments(&json[1]),
        input,
    };
    let Some((family, mapped)) = FAMILIES
        .iter()
        .find_map(|Family(name, map)| Some((*name, map(&row)?)))
    else {
        return tally.left_out("unknown", class, UNKNOWN);
    };
    let case = match mapped {
        Ok(case) => case,
        Err(reason) => return tally.left_out(family, class, reason),
    };
    let difference = match json[3].as_str() {
        Some(message) if message.starts_with("`strides > 1` not supported") => {
            return tally.left_out(family, class, NOT_IMPLEMENTED);
        }
        Some(message) => rejected(&case, message),
        None => frameworks::compare(&case, &measured(&json[3])),
    };
    tally.compared(family, class);
    if let Err(difference) = difference {
        tally
            .differences
            .push(format!("{difference}\n    {line}\n    {case:?}"));
    }
}

/// A shape without the batch.
fn sample(json: &Json) -> Option<Shape> {
    let extents = frameworks::list(json.as_array()?)?;
    Shape::try_new(extents.get(1..)?)
}

/// The results that the language has as well: Keras returns the states too with
/// `return_state`, after the sequence or the last output.
fn measured(json: &Json) -> Measured {
    let figure = |name: &str| json[name].as_u64().expect("a count");
    let out = &json["out"];
    let outputs = if out[0].is_array() {
        let mut shapes = out.as_array().expect("shapes").iter();
        let first = shapes.next().map(|shape| sample(shape).expect("a shape"));
        // The states have an axis for layers and directions here.
        let states = shapes.map(|shape| {
            let state = sample(shape).expect("a shape");
            Shape::new(&[1, state.features()])
        });
        first.into_iter().chain(states).collect()
    } else {
        vec![sample(out).expect("a shape")]
    };
    Measured {
        outputs,
        parameters: figure("trainable"),
        biases: figure("biases"),
        buffers: Some(figure("params") - figure("trainable")),
    }
}

/// That the rules reject what Keras rejects with `message`, for the same reason.
fn rejected(case: &frameworks::Case, message: &str) -> Result<(), String> {
    let Some((_, variants)) = REJECTIONS.iter().find(|(part, _)| message.contains(part)) else {
        return Err(format!("a message that no rejection stands for: {message}"));
    };
    match frameworks::build(case) {
        Ok(_) => Err(format!("accepted, but Keras says: {message}")),
        Err(error) if variants.contains(&frameworks::variant(&error).as_str()) => Ok(()),
        Err(error) => Err(format!(
            "rejected otherwise ({error:?}), but Keras says: {message}"
        )),
    }
}
