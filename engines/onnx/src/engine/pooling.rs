//! Pooling by windows.

use shapewise_lower::{AvgPool, Made, MaxPool};

use super::convolution::Windows;
use super::{Onnx, Operand};
use crate::Error;
use crate::builder::Attribute;
use crate::value::{Value, ints};

/// Whether the operators take padding as an attribute: they want less than the kernel
/// on each side.
fn fits(padding: &[(usize, usize)], kernel: &[usize]) -> bool {
    let mut sides = padding.iter().zip(kernel);
    sides.all(|((before, after), kernel)| before < kernel && after < kernel)
}

impl Onnx {
    fn padded(
        &mut self,
        x: &Value,
        padding: &[(usize, usize)],
        value: f64,
    ) -> Result<Value, Error> {
        let all = [&[(0, 0); 2], padding].concat();
        self.builder.pad(x, &all, "constant", value)
    }

    pub(super) fn maxima(&mut self, x: Operand, options: &MaxPool<'_>) -> Made<Self> {
        let mut x = self.solid(x)?;
        let none = vec![(0, 0); options.kernel.len()];
        let mut padding = options.padding;
        if !fits(padding, options.kernel) {
            x = self.padded(&x, padding, f64::NEG_INFINITY)?;
            padding = &none;
        }
        let windows = Windows {
            kernel: options.kernel,
            stride: options.stride,
            padding,
            dilation: options.dilation,
        };
        let dims = windows.out(&x, x.dims[1])?;
        let mut attributes = windows.attributes()?;
        attributes.push(("dilations", Attribute::Ints(ints(options.dilation)?)));
        Ok(self.builder.node("MaxPool", &[&x], attributes, dims).into())
    }

    pub(super) fn means(&mut self, x: Operand, options: &AvgPool<'_>) -> Made<Self> {
        let mut x = self.solid(x)?;
        let none = vec![(0, 0); options.kernel.len()];
        let mut padding = options.padding;
        if !fits(padding, options.kernel) {
            if !options.count_include_pad {
                let reason = "padding as large as the window that does not count";
                return Err(self.unsupported(reason));
            }
            x = self.padded(&x, padding, 0.0)?;
            padding = &none;
        }
        let windows = Windows {
            kernel: options.kernel,
            stride: options.stride,
            padding,
            dilation: &vec![1; options.kernel.len()],
        };
        let dims = windows.out(&x, x.dims[1])?;
        let mut attributes = windows.attributes()?;
        let counts = options.count_include_pad.into();
        attributes.push(("count_include_pad", Attribute::Int(counts)));
        Ok(self
            .builder
            .node("AveragePool", &[&x], attributes, dims)
            .into())
    }
}
