//! Merges: several values become one.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Args, Entry, Inputs, family};
use crate::error::{Agreement, Error, Needs, attempt, per_channel};
use crate::formula;
use crate::layer::explain::{Figured, Lines, product};
use crate::layer::kept::{Backward, Kept, View};
use crate::layer::{Convention, MAX_INPUTS};
use crate::layer::{Memory, Receptive, Tensor};
use crate::number::Grouped;
use crate::shape::Shape;
use crate::value::{Equation, Value};

mod einsum;

mod joined;

const AXIS: Argument = Argument::keyword(
    "axis",
    "the axis along which they are put one behind the other",
    &["channels", "features", "depth", "height", "width", "length"],
)
.default(Value::Keyword("channels"))
.aliases(&["dim"]);

const BROADCAST: Argument = Argument::bool(
    "broadcast",
    "whether operands of one number per channel (`1x1xC` or `C`) are repeated over all positions",
)
.default(Value::Bool(false));

family! {
    /// A merge.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Merge, const fn unchecked(args, inputs);

    /// Sum of values, element by element.
    ///
    /// - Output: the operands' shape, which is the same for all; with `broadcast = true` some of
    ///   them may be `1x1xC` or `C`, on either side.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `add`, Keras's `Add`.
    add = Add {
        /// Whether operands of one number per channel are repeated.
        broadcast: bool = args.bool(name!("broadcast")),
    }, |entry| entry
        .arguments(&[BROADCAST])
        .inputs(Inputs::Merge)
        .aliases(&["Add"]);

    /// Difference of two values, element by element: the first minus the second.
    ///
    /// - Output: the operands' shape, which is the same for both.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `sub`, Keras's `Subtract`.
    sub = Sub, |entry| entry
        .inputs(Inputs::Merge)
        .aliases(&["Subtract", "subtract"]);

    /// Product of values, element by element.
    ///
    /// - Output: the operands' shape, which is the same for all; with `broadcast = true` some of
    ///   them may be `1x1xC` or `C`, on either side, as in squeeze and excitation.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `mul`, Keras's `Multiply`.
    mul = Mul {
        /// Whether operands of one number per channel are repeated.
        broadcast: bool = args.bool(name!("broadcast")),
    }, |entry| entry
        .arguments(&[BROADCAST])
        .inputs(Inputs::Merge)
        .aliases(&["Multiply", "multiply"]);

    /// Quotient of two values, element by element: the first divided by the second.
    ///
    /// - Output: the operands' shape, which is the same for both; with `broadcast = true` one of them may
    ///   be `1x1xC` or `C`.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `div`.
    div = Div {
        /// Whether operands of one number per channel are repeated.
        broadcast: bool = args.bool(name!("broadcast")),
    }, |entry| entry
        .arguments(&[BROADCAST])
        .inputs(Inputs::Merge)
        .aliases(&["Divide", "divide", "true_divide"]);

    /// The larger of values, element by element; NaN where one of them is NaN.
    ///
    /// - Output: the operands' shape, which is the same for all.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `maximum`, Keras's `Maximum`.
    maximum = Maximum, |entry| entry
        .inputs(Inputs::Merge)
        .aliases(&["Maximum"]);

    /// The lesser of values, element by element; NaN where one of them is NaN.
    ///
    /// - Output: the operands' shape, which is the same for all.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `minimum`, Keras's `Minimum`.
    minimum = Minimum, |entry| entry
        .inputs(Inputs::Merge)
        .aliases(&["Minimum"]);

    /// Elements of one value where a condition is not 0, of the other elsewhere: `where_cond(c, a, b)`.
    ///
    /// - Output: the operands' shape, which is the same for all three.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `where`.
    where_cond = WhereCond, |entry| entry
        .inputs(Inputs::Merge)
        .aliases(&["Where", "select_where"]);

    /// How alike the vectors of two values are: the cosine of their angle.
    ///
    /// - Output: the operands' positions without the channels; of two vectors one number.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `CosineSimilarity` along the channels.
    cosine_similarity = CosineSimilarity {
        /// The least that a length is taken for.
        eps: f64 = args.float(name!("eps")),
    }, |entry| entry
        .arguments(&[
            Argument::float("eps", "the least that a length is taken for", 0.0, f64::INFINITY)
                .default(Value::Float(1e-8)),
        ])
        .inputs(Inputs::Merge)
        .aliases(&["CosineSimilarity"]);

    /// Concatenation along the channels (the features of vectors and sequences), or another `axis`.
    ///
    /// - Output: the sum of the operands' extents along the axis; their other extents, which are the
    ///   same for all.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `cat`, along dimension 1 where no `axis` is written; Keras's `Concatenate`.
    concat = Concat {
        /// The place of the axis among those of the notation.
        axis: usize = attempt!(joined::axis(args, &inputs[0])),
    }, |entry| entry
        .arguments(&[AXIS])
        .inputs(Inputs::Merge)
        .aliases(&["Concatenate", "concatenate", "cat"]);

    /// Stack along a new first axis: n vectors of C become the sequence `nxC`, n images a volume of
    /// depth n.
    ///
    /// - Output: n, then the operands' shape, which is the same for all.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `stack` along the first dimension of a sample.
    stack = Stack, |entry| entry
        .inputs(Inputs::Merge)
        .aliases(&["Stack"]);

    /// Product of two sequences as matrices: `LxK` times `KxM` is `LxM`.
    ///
    /// With more axes in front, which are the same for both, as many products: `hxLxK` times `hxKxM`.
    ///
    /// - Output: the positions of the first, the features of the second.
    /// - No parameters.
    /// - MACs: `L*K*M` each, as attention's products are counted.
    ///
    /// Source: PyTorch's `matmul`.
    matmul = Matmul, |entry| entry
        .inputs(Inputs::Merge)
        .aliases(&["Matmul", "MatMul", "bmm", "mm", "Dot"]);

    /// Product over named axes: `einsum("lk,km->lm", a, b)`.
    ///
    /// The equation has a letter for each axis of each value, as shapes are written here: channels last,
    /// without the batch. Axes that the result does not name are summed over. Values are multiplied
    /// from left to right; each letter stands once for a value, and a value has a letter for each axis (no `...`).
    ///
    /// - Output: the extents of the letters behind `->`.
    /// - No parameters.
    /// - MACs: for each product that sums over an axis of both values, the extents of all letters of both, as
    ///   matrix products are counted; what only one value has and nothing needs is summed before. None for
    ///   products without such a sum.
    ///
    /// Source: PyTorch's `einsum`.
    einsum = Einsum {
        /// What is multiplied and summed.
        equation: Equation = attempt!(args.equation(name!("equation"))),
    }, |entry| entry
        .arguments(&[Argument::equation(
            "equation",
            "a letter for each axis of each value, and behind `->` those of the result",
        )
        .positional()])
        .inputs(Inputs::Merge)
        .aliases(&["Einsum", "contract", "tensordot"]);
}

pub(super) const fn build(place: u8, args: &Args, inputs: &[Shape]) -> Result<Merge, Error> {
    let merge = attempt!(unchecked(place, args, inputs));
    if let Merge::Einsum { equation } = &merge {
        attempt!(einsum::check(equation, inputs));
        return Ok(merge);
    }
    let most = match merge {
        Merge::Sub | Merge::Div { .. } | Merge::CosineSimilarity { .. } | Merge::Matmul => 2,
        _ => MAX_INPUTS,
    };
    let (least, most) = match merge {
        Merge::WhereCond => (3, 3),
        _ => (2, most),
    };
    if inputs.len() < least || inputs.len() > most {
        return Err(Error::OperandCount {
            given: inputs.len(),
            least,
            most,
        });
    }
    attempt!(merge.output(inputs, 0));
    Ok(merge)
}

impl Merge {
    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        match self {
            Self::Add { broadcast } | Self::Mul { broadcast } | Self::Div { broadcast } => {
                elementwise(inputs, Agreement::Broadcast, *broadcast)
            }
            Self::Sub | Self::Maximum | Self::Minimum | Self::WhereCond => {
                elementwise(inputs, Agreement::Shapes, false)
            }
            Self::CosineSimilarity { .. } => similarity(inputs),
            Self::Concat { axis } => joined::concat(inputs, *axis),
            Self::Stack => joined::stack(inputs),
            Self::Matmul => matmul(inputs),
            Self::Einsum { equation } => einsum::output(equation, inputs),
        }
    }

    pub(super) const fn tensor(&self, _index: usize) -> Option<Tensor> {
        None
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        match self {
            Self::Matmul => {
                let what = "the number of multiply-accumulates";
                match inputs[0].checked_elements() {
                    Some(first) => formula::product_of(&[first, inputs[1].features() as u64], what),
                    None => Err(formula::overflow(what)),
                }
            }
            Self::Einsum { equation } => einsum::macs(equation, inputs),
            _ => Ok(0),
        }
    }

    pub(super) const fn macs_by(
        &self,
        _convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        // All tools count matrix products alike, and nothing else here.
        self.macs(inputs)
    }

    pub(super) const fn memory(&self) -> Memory {
        match self {
            Self::Add { .. }
            | Self::Sub
            | Self::Mul { .. }
            | Self::Div { .. }
            | Self::Maximum
            | Self::Minimum
            | Self::WhereCond => Memory::InPlace,
            Self::CosineSimilarity { .. }
            | Self::Concat { .. }
            | Self::Stack
            | Self::Matmul
            | Self::Einsum { .. } => Memory::Fresh,
        }
    }

    /// The factors of a product, each for the gradient of the others; of more than two, the
    /// products in between, too.
    ///
    /// Source: PyTorch's `add`, `sub`, `mul`, `cat`, `stack`, `bmm`, `einsum`.
    pub(super) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        match self {
            Self::Add { .. } | Self::Sub => Kept::NOTHING.lying(View::Alike),
            // Where the condition is not 0, a byte each.
            Self::WhereCond => {
                let mut kept = Kept::NOTHING;
                kept.own.workspace = pass.elements(&inputs[0]);
                kept
            }
            Self::Concat { .. } | Self::Stack => Kept::NOTHING,
            Self::Einsum { equation } => einsum::keeps(equation, inputs, pass),
            // The lengths of both, too, bounded and not, and both divided by them.
            Self::CosineSimilarity { .. } => {
                let elements = pass.elements(&inputs[0]);
                let vectors = elements / inputs[0].channels() as u64;
                let lengths = vectors.saturating_mul(4);
                Kept::INPUT
                    .input(1)
                    .values(elements.saturating_mul(2).saturating_add(lengths))
            }
            Self::Mul { .. } | Self::Div { .. } | Self::Maximum | Self::Minimum | Self::Matmul => {
                let mut kept = Kept::NOTHING.lying(View::Alike);
                let mut place = 0;
                while place < inputs.len() {
                    kept = kept.input(place);
                    place += 1;
                }
                kept.crossed = true;
                let between = inputs.len().saturating_sub(2) as u64;
                if !matches!(self, Self::Mul { .. }) {
                    kept = kept.lying(View::Own);
                }
                match self.output(inputs, 0) {
                    Ok(output) => kept.values(pass.elements(&output).saturating_mul(between)),
                    Err(_) => kept,
                }
            }
        }
    }

    pub(super) const fn receptive(&self, inputs: &[Shape], place: usize) -> Receptive {
        let input = &inputs[place];
        match self {
            Self::Add { .. }
            | Self::Sub
            | Self::Mul { .. }
            | Self::Div { .. }
            | Self::Maximum
            | Self::Minimum
            | Self::WhereCond => match self.output(inputs, 0) {
                Ok(output) if output.equals(input) => Receptive::SAME,
                // One number per channel, which every position reads.
                _ => Receptive::Whole,
            },
            Self::CosineSimilarity { .. } => Receptive::Whole,
            Self::Concat { axis } if *axis + 1 == input.rank() => Receptive::per_position(input),
            Self::Concat { axis } => joined::receptive(inputs, *axis, place),
            Self::Stack => Receptive::behind_new_axis(),
            // A row of the result needs a row of the first, all of the second.
            Self::Matmul if place == 0 => Receptive::SAME,
            Self::Matmul => Receptive::Whole,
            Self::Einsum { equation } => einsum::receptive(equation, place),
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        match (self, self.output(inputs, 0), self.macs(inputs)) {
            (Self::Einsum { equation }, ..) => einsum::explain(equation, inputs, lines),
            (Self::Concat { axis }, Ok(output), _) => {
                let sum = fmt::from_fn(|f| {
                    for (i, input) in inputs.iter().enumerate() {
                        let plus = if i == 0 { "" } else { " + " };
                        write!(f, "{plus}{}", input.extents().at(*axis))?;
                    }
                    Ok(())
                });
                lines.output(output.axis_name(*axis), sum, output.extents().at(*axis))
            }
            (Self::Matmul, Ok(_), Ok(macs)) => {
                let (first, second) = (inputs[0].extents(), inputs[1].features());
                let formula = format_args!("{}*{second}", product(first));
                lines.tell(Figured::Macs, "MACs", formula, Grouped(macs))
            }
            _ => Ok(()),
        }
    }
}

/// The shape that all operands have; with `broadcast`, those that have one
/// number per channel may stay behind.
const fn elementwise(inputs: &[Shape], agree: Agreement, broadcast: bool) -> Result<Shape, Error> {
    let mut full = 0;
    let mut i = 1;
    while i < inputs.len() {
        // The first one that others can be repeated to.
        if broadcast && !inputs[i].equals(&inputs[full]) && per_channel(&inputs[full], &inputs[i]) {
            full = i;
        }
        i += 1;
    }
    let mut i = 0;
    while i < inputs.len() {
        let fits = inputs[i].equals(&inputs[full])
            || (broadcast && per_channel(&inputs[i], &inputs[full]));
        if !fits {
            return Err(differ(inputs, full, i, agree));
        }
        i += 1;
    }
    Ok(inputs[full])
}

/// The shape without its channels; of vectors one number.
const fn similarity(inputs: &[Shape]) -> Result<Shape, Error> {
    let shape = attempt!(elementwise(inputs, Agreement::Shapes, false));
    if shape.rank() == 1 {
        return Ok(Shape::new(&[1]));
    }
    match Shape::from_extents(shape.spatial()) {
        Some(shape) => Ok(shape),
        None => Err(formula::overflow("the output shape")),
    }
}

const fn matmul(inputs: &[Shape]) -> Result<Shape, Error> {
    let (first, second) = (inputs[0].extents(), inputs[1].extents());
    let rank = first.len();
    let mut i = 0;
    while i < 2 {
        if inputs[i].rank() < 2 {
            return Err(Error::InputRank {
                needs: Needs::Words("sequences"),
                input: inputs[i],
            });
        }
        i += 1;
    }
    if second.len() != rank {
        return Err(Error::InputRank {
            needs: Needs::Words("values with as many axes as each other"),
            input: inputs[1],
        });
    }
    let mut axis = 0;
    while axis + 2 < rank {
        if first.at(axis) != second.at(axis) {
            return Err(differ(inputs, 0, 1, Agreement::Product));
        }
        axis += 1;
    }
    if first.at(rank - 1) != second.at(rank - 2) {
        return Err(differ(inputs, 0, 1, Agreement::Product));
    }
    match Shape::from_extents(first.with(rank - 1, second.at(rank - 1))) {
        Some(shape) => Ok(shape),
        None => Err(formula::overflow("the output shape")),
    }
}

/// The error of two operands, the earlier one first.
const fn differ(inputs: &[Shape], a: usize, b: usize, agree: Agreement) -> Error {
    let places = if a < b { [a, b] } else { [b, a] };
    Error::Operands {
        places,
        shapes: [inputs[places[0]], inputs[places[1]]],
        agree,
    }
}
