//! The arithmetic of a layer as it is told: a line for each figure, in parts.

use core::fmt::{self, Display};

use super::{Layer, Role, Tensor};
use crate::extents::Extents;
use crate::number::Grouped;
use crate::shape::{Shape, axis_name};

/// Of what a line of arithmetic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figured {
    /// An extent of the output, or what leads to it.
    Output,
    /// Parameters.
    Params,
    /// Buffers.
    Buffers,
    /// Multiply-accumulates.
    Macs,
}

/// A line of a layer's arithmetic: `height: floor((227 - 11 + 2*0) / 4) + 1 = 55`.
///
/// `Display` writes it so.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Of what it is.
    pub of: Figured,
    /// What is calculated: `height`.
    pub name: &'a dyn Display,
    /// How it comes about, where there is something to calculate.
    pub formula: Option<&'a dyn Display>,
    /// What it is, where that is one number.
    pub result: Option<&'a dyn Display>,
}

impl Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.calculation())
    }
}

impl fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {self}", self.of)
    }
}

impl Line<'_> {
    /// The line without its name: `floor((227 - 11 + 2*0) / 4) + 1 = 55`.
    pub fn calculation(&self) -> impl Display + '_ {
        fmt::from_fn(|f| {
            if let Some(formula) = self.formula {
                write!(f, "{formula}")?;
                f.write_str(if self.result.is_some() { " = " } else { "" })?;
            }
            match self.result {
                Some(result) => write!(f, "{result}"),
                None => Ok(()),
            }
        })
    }
}

impl Layer {
    /// Calls `each` with how the output and the counts come about, a line per figure.
    ///
    /// # Errors
    ///
    /// Only those of `each`.
    ///
    /// ```
    /// use shapewise_core::layer::Figured;
    /// use shapewise_core::{Layer, Shape, Value, layers};
    ///
    /// let input = [Shape::new(&[9216])];
    /// let linear = Layer::build(layers::linear, &[("features", Value::Int(4096))], &input)?;
    /// let mut params = String::new();
    /// let told = linear.explain_each(&input, &mut |line| {
    ///     if line.of == Figured::Params {
    ///         params += &line.calculation().to_string();
    ///     }
    ///     Ok(())
    /// });
    /// assert!(told.is_ok());
    /// assert_eq!(params, "9216*4096 + 4096 = 37,752,832");
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    pub fn explain_each(
        &self,
        inputs: &[Shape],
        each: &mut dyn FnMut(&Line<'_>) -> fmt::Result,
    ) -> fmt::Result {
        self.lines(inputs, &mut Lines(each))
    }

    /// Writes how the output and the counts come about, a line per figure, with the
    /// numbers in it: `height: floor((227 - 11 + 2*0) / 4) + 1 = 55`.
    ///
    /// # Errors
    ///
    /// Only those of `f`.
    pub fn explain(&self, inputs: &[Shape], f: &mut dyn fmt::Write) -> fmt::Result {
        self.explain_each(inputs, &mut |line| writeln!(f, "{line}"))
    }
}

/// Where a layer's arithmetic goes.
pub(crate) struct Lines<'a>(&'a mut dyn FnMut(&Line<'_>) -> fmt::Result);

impl Lines<'_> {
    /// A figure that is calculated.
    pub(super) fn tell(
        &mut self,
        of: Figured,
        name: impl Display,
        formula: impl Display,
        result: impl Display,
    ) -> fmt::Result {
        (self.0)(&Line {
            of,
            name: &name,
            formula: Some(&formula),
            result: Some(&result),
        })
    }

    /// A figure that is there.
    pub(super) fn result(
        &mut self,
        of: Figured,
        name: impl Display,
        result: impl Display,
    ) -> fmt::Result {
        (self.0)(&Line {
            of,
            name: &name,
            formula: None,
            result: Some(&result),
        })
    }

    /// An extent of the output: `height: 14 * 2 = 28`.
    pub(super) fn output(
        &mut self,
        name: impl Display,
        formula: impl Display,
        result: impl Display,
    ) -> fmt::Result {
        self.tell(Figured::Output, name, formula, result)
    }

    /// How an extent comes about that is not one number.
    pub(super) fn formula(&mut self, name: impl Display, formula: impl Display) -> fmt::Result {
        (self.0)(&Line {
            of: Figured::Output,
            name: &name,
            formula: Some(&formula),
            result: None,
        })
    }

    /// The parameters: the weights as a product, and the bias:
    /// `parameters: 11*11*3*96 + 96 = 34,944`.
    pub(super) fn params(
        &mut self,
        product: impl Display,
        weights: u64,
        bias: Option<usize>,
    ) -> fmt::Result {
        let params = weights.saturating_add(bias.unwrap_or(0) as u64);
        let formula = fmt::from_fn(|f| match bias {
            Some(bias) => write!(f, "{product} + {bias}"),
            None => write!(f, "{product}"),
        });
        self.tell(Figured::Params, "parameters", formula, Grouped(params))
    }

    /// The parameters from the layer's own tensors:
    /// `parameters: 3072*768 + 3072 = 2,362,368`.
    pub(super) fn tensors(
        &mut self,
        name: &str,
        tensors: impl Iterator<Item = Tensor> + Clone,
    ) -> fmt::Result {
        let params = tensors.filter(|tensor| !matches!(tensor.role, Role::Buffer));
        if params.clone().next().is_none() {
            return Ok(());
        }
        let all = params.clone().fold(0, |sum: u64, tensor| {
            sum.saturating_add(tensor.elements().unwrap_or(u64::MAX))
        });
        let formula = fmt::from_fn(|f| {
            for (place, tensor) in params.clone().enumerate() {
                f.write_str(if place == 0 { "" } else { " + " })?;
                write!(f, "{}", product(tensor.extents))?;
            }
            Ok(())
        });
        self.tell(Figured::Params, name, formula, Grouped(all))
    }

    /// MACs: `MACs: 55*55*34,848 = 105,415,200`; on a vector, which has one position,
    /// `MACs: 4,096,000`.
    pub(super) fn macs(&mut self, positions: Extents, weights: u64, macs: u64) -> fmt::Result {
        if positions.is_empty() {
            return self.result(Figured::Macs, "MACs", Grouped(macs));
        }
        let formula = fmt::from_fn(|f| write!(f, "{}*{}", product(positions), Grouped(weights)));
        self.tell(Figured::Macs, "MACs", formula, Grouped(macs))
    }

    /// The extents of the output along its axes; axes that `formula` says the same of
    /// share a line: `height, width: floor((227 - 11 + 2*0) / 4) + 1 = 55`.
    pub(super) fn axes<N: PartialEq>(
        &mut self,
        output: Extents,
        numbers: impl Fn(usize) -> N,
        formula: impl Fn(&N, &mut fmt::Formatter<'_>) -> fmt::Result,
    ) -> fmt::Result {
        let axes = output.len();
        for axis in 0..axes {
            let own = numbers(axis);
            if (0..axis).any(|earlier| numbers(earlier) == own) {
                continue;
            }
            let name = fmt::from_fn(|f| {
                f.write_str(axis_name(axis, axes))?;
                for later in axis + 1..axes {
                    if numbers(later) == own {
                        write!(f, ", {}", axis_name(later, axes))?;
                    }
                }
                Ok(())
            });
            self.output(name, fmt::from_fn(|f| formula(&own, f)), output.at(axis))?;
        }
        Ok(())
    }
}

/// Extents as a product: `96*3*11*11`.
pub(super) fn product(extents: Extents) -> impl Display {
    fmt::from_fn(move |f| {
        for (i, extent) in extents.as_slice().iter().enumerate() {
            write!(f, "{}{extent}", if i == 0 { "" } else { "*" })?;
        }
        Ok(())
    })
}
