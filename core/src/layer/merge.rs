//! Merges: several values become one.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Args, Entry, Inputs, family};
use crate::error::{Agreement, Error, Needs, attempt, per_channel};
use crate::extents::{Extents, MAX_RANK};
use crate::formula::{self, size_sum};
use crate::layer::explain::{Figured, Lines, product};
use crate::layer::kept::{Backward, Kept, View};
use crate::layer::{Convention, MAX_INPUTS};
use crate::layer::{Memory, Receptive, Tensor};
use crate::number::Grouped;
use crate::shape::Shape;
use crate::value::Value;

const BROADCAST: Argument = Argument::bool(
    "broadcast",
    "whether operands of one number per channel (`1x1xC` or `C`) are repeated over all positions",
)
.default(Value::Bool(false));

family! {
    /// A merge.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        .aliases(&["Add", "sum"]);

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

    /// Concatenation along the channels (the features of vectors and sequences).
    ///
    /// - Output: the operands' positions, which are the same for all, and the sum of their
    ///   channels.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `cat` along dimension 1, Keras's `Concatenate`.
    concat = Concat, |entry| entry
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
    /// - Output: the positions of the first, the features of the second.
    /// - No parameters.
    /// - MACs: `L*K*M`, as attention's products are counted.
    ///
    /// Source: PyTorch's `matmul`.
    matmul = Matmul, |entry| entry
        .inputs(Inputs::Merge)
        .aliases(&["Matmul", "MatMul", "bmm", "mm", "Dot"]);
}

pub(super) const fn build(place: u8, args: &Args, inputs: &[Shape]) -> Result<Merge, Error> {
    let merge = attempt!(unchecked(place, args, inputs));
    let most = match merge {
        Merge::Sub | Merge::Matmul => 2,
        _ => MAX_INPUTS,
    };
    if inputs.len() < 2 || inputs.len() > most {
        return Err(Error::OperandCount {
            given: inputs.len(),
            least: 2,
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
            Self::Add { broadcast } | Self::Mul { broadcast } => {
                elementwise(inputs, Agreement::Broadcast, *broadcast)
            }
            Self::Sub => elementwise(inputs, Agreement::Shapes, false),
            Self::Concat => concat(inputs),
            Self::Stack => stack(inputs),
            Self::Matmul => matmul(inputs),
        }
    }

    pub(super) const fn tensor(&self, _index: usize) -> Option<Tensor> {
        None
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        match self {
            Self::Matmul => formula::product_of(
                &[
                    inputs[0].extents().at(0) as u64,
                    inputs[0].features() as u64,
                    inputs[1].features() as u64,
                ],
                "the number of multiply-accumulates",
            ),
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
            Self::Add { .. } | Self::Sub | Self::Mul { .. } => Memory::InPlace,
            Self::Concat | Self::Stack | Self::Matmul => Memory::Fresh,
        }
    }

    /// The factors of a product, each for the gradient of the others; of more than two, the
    /// products in between, too.
    ///
    /// Source: PyTorch's `add`, `sub`, `mul`, `cat`, `stack`, `bmm`.
    pub(super) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        match self {
            Self::Add { .. } | Self::Sub => Kept::NOTHING.lying(View::Alike),
            Self::Concat | Self::Stack => Kept::NOTHING,
            Self::Mul { .. } | Self::Matmul => {
                let mut kept = Kept::NOTHING.lying(View::Alike);
                let mut place = 0;
                while place < inputs.len() {
                    kept = kept.input(place);
                    place += 1;
                }
                kept.crossed = true;
                let between = inputs.len().saturating_sub(2) as u64;
                match (self, self.output(inputs, 0)) {
                    (Self::Mul { .. }, Ok(output)) => {
                        kept.values(pass.elements(&output).saturating_mul(between))
                    }
                    _ => kept.lying(View::Own),
                }
            }
        }
    }

    pub(super) const fn receptive(&self, inputs: &[Shape], place: usize) -> Receptive {
        let input = &inputs[place];
        match self {
            Self::Add { .. } | Self::Sub | Self::Mul { .. } => match self.output(inputs, 0) {
                Ok(output) if output.equals(input) => Receptive::SAME,
                // One number per channel, which every position reads.
                _ => Receptive::Whole,
            },
            Self::Concat => Receptive::per_position(input),
            Self::Stack => Receptive::behind_new_axis(),
            // A row of the result needs a row of the first, all of the second.
            Self::Matmul if place == 0 => Receptive::SAME,
            Self::Matmul => Receptive::Whole,
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        match (self, self.output(inputs, 0), self.macs(inputs)) {
            (Self::Concat, Ok(output), _) => {
                let sum = fmt::from_fn(|f| {
                    for (i, input) in inputs.iter().enumerate() {
                        write!(f, "{}{}", if i == 0 { "" } else { " + " }, input.channels())?;
                    }
                    Ok(())
                });
                lines.output(output.last_axis_name(), sum, output.channels())
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

const fn concat(inputs: &[Shape]) -> Result<Shape, Error> {
    let positions = inputs[0].spatial();
    let mut channels = inputs[0].channels();
    let mut i = 1;
    while i < inputs.len() {
        if !inputs[i].spatial().equals(&positions) {
            return Err(differ(inputs, 0, i, Agreement::Positions));
        }
        channels = attempt!(size_sum(
            channels,
            inputs[i].channels(),
            "the number of channels"
        ));
        i += 1;
    }
    match Shape::from_parts(positions, channels) {
        Some(shape) => Ok(shape),
        None => Err(formula::overflow("the output shape")),
    }
}

const fn stack(inputs: &[Shape]) -> Result<Shape, Error> {
    let shape = attempt!(elementwise(inputs, Agreement::Shapes, false));
    if shape.rank() == MAX_RANK {
        return Err(Error::InputRank {
            needs: Needs::Words("values of at most 4 axes"),
            input: shape,
        });
    }
    let mut extents = Extents::new(&[inputs.len()]);
    let mut axis = 0;
    while axis < shape.rank() {
        extents = match extents.push(shape.extents().at(axis)) {
            Some(extents) => extents,
            None => return Err(formula::overflow("the output shape")),
        };
        axis += 1;
    }
    match Shape::from_extents(extents) {
        Some(shape) => Ok(shape),
        None => Err(formula::overflow("the output shape")),
    }
}

const fn matmul(inputs: &[Shape]) -> Result<Shape, Error> {
    let mut i = 0;
    while i < 2 {
        if inputs[i].rank() != 2 {
            return Err(Error::InputRank {
                needs: Needs::Words("sequences"),
                input: inputs[i],
            });
        }
        i += 1;
    }
    let (first, second) = (inputs[0].extents(), inputs[1].extents());
    if first.at(1) != second.at(0) {
        return Err(differ(inputs, 0, 1, Agreement::Product));
    }
    match Shape::try_new(&[first.at(0), second.at(1)]) {
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
