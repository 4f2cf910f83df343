//! Operators that several layers use, with the shapes that come out.

use shapewise_lower::{Dim, Elements};

use crate::Error;
use crate::builder::{Attribute, Builder};
use crate::value::{Value, broadcast, int, ints, sizes};

impl Builder {
    /// An operator on each element.
    pub(crate) fn unary(&mut self, operator: &str, x: &Value) -> Value {
        self.node(operator, &[x], vec![], x.dims.clone())
    }

    /// An operator on two values, element by element.
    pub(crate) fn binary(&mut self, operator: &str, a: &Value, b: &Value) -> Value {
        self.node(operator, &[a, b], vec![], broadcast(&a.dims, &b.dims))
    }

    /// The axes in another order; nothing where it is the same.
    pub(crate) fn transpose(&mut self, x: &Value, order: &[usize]) -> Result<Value, Error> {
        if order.iter().enumerate().all(|(place, &axis)| place == axis) {
            return Ok(x.clone());
        }
        let dims = order.iter().map(|&axis| x.dims[axis]).collect();
        let order = Attribute::Ints(ints(order)?);
        Ok(self.node("Transpose", &[x], vec![("perm", order)], dims))
    }

    /// The same elements with other extents.
    pub(crate) fn reshape(&mut self, x: &Value, dims: Vec<Dim>) -> Result<Value, Error> {
        if x.dims == dims {
            return Ok(x.clone());
        }
        let target = dims
            .iter()
            .enumerate()
            .map(|(axis, dim)| match dim {
                Dim::Size(size) => int(*size),
                // 0 is the extent that the input has there, -1 what is left.
                Dim::Batch if x.dims.get(axis) == Some(&Dim::Batch) => Ok(0),
                Dim::Batch => Ok(-1),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let target = self.list(&target);
        Ok(self.node("Reshape", &[x, &target], vec![], dims))
    }

    /// Parts of several axes; axes that stay whole are left out.
    pub(crate) fn slices(
        &mut self,
        x: &Value,
        parts: &[(usize, usize, usize)],
    ) -> Result<Value, Error> {
        let mut dims = x.dims.clone();
        let (mut starts, mut ends, mut axes) = (vec![], vec![], vec![]);
        for &(axis, start, end) in parts {
            if dims[axis] != Dim::Size(end - start) {
                dims[axis] = Dim::Size(end - start);
                starts.push(int(start)?);
                ends.push(int(end)?);
                axes.push(int(axis)?);
            }
        }
        if axes.is_empty() {
            return Ok(x.clone());
        }
        let (starts, ends, axes) = (self.list(&starts), self.list(&ends), self.list(&axes));
        Ok(self.node("Slice", &[x, &starts, &ends, &axes], vec![], dims))
    }

    /// Values one after the other along an axis.
    pub(crate) fn concat(&mut self, values: &[Value], axis: usize) -> Result<Value, Error> {
        if let [one] = values {
            return Ok(one.clone());
        }
        let mut dims = values[0].dims.clone();
        dims[axis] = Dim::Size(values.iter().map(|value| value.size(axis)).sum());
        let values: Vec<_> = values.iter().collect();
        let axis = vec![("axis", Attribute::Int(int(axis)?))];
        Ok(self.node("Concat", &values, axis, dims))
    }

    /// A value in parts along an axis.
    pub(crate) fn split(
        &mut self,
        x: &Value,
        axis: usize,
        parts: &[usize],
    ) -> Result<Vec<Value>, Error> {
        let results: Vec<_> = parts
            .iter()
            .map(|&part| {
                let mut dims = x.dims.clone();
                dims[axis] = Dim::Size(part);
                (x.elements, dims)
            })
            .collect();
        let parts = ints(parts)?;
        let parts = self.list(&parts);
        let axis = vec![("axis", Attribute::Int(int(axis)?))];
        Ok(self.node_with("Split", &[Some(x), Some(&parts)], axis, &results))
    }

    /// The elements of an axis at these places, which may have extents of their
    /// own.
    pub(crate) fn gather(
        &mut self,
        x: &Value,
        places: &Value,
        axis: usize,
    ) -> Result<Value, Error> {
        let mut dims = x.dims.clone();
        dims.splice(axis..=axis, places.dims.iter().copied());
        let axis = vec![("axis", Attribute::Int(int(axis)?))];
        Ok(self.node("Gather", &[x, places], axis, dims))
    }

    /// A reduction over some axes, which stay as extents of 1 if they are kept.
    pub(crate) fn reduce(
        &mut self,
        operator: &str,
        x: &Value,
        axes: &[usize],
        keep: bool,
    ) -> Result<Value, Error> {
        let dims = (0..x.rank())
            .filter(|axis| keep || !axes.contains(axis))
            .map(|axis| match axes.contains(&axis) {
                true => Dim::Size(1),
                false => x.dims[axis],
            })
            .collect();
        let axes = ints(axes)?;
        let axes = self.list(&axes);
        let keep = vec![("keepdims", Attribute::Int(keep.into()))];
        Ok(self.node(operator, &[x, &axes], keep, dims))
    }

    /// Elements added before and after each axis; nothing where there are none.
    pub(crate) fn pad(
        &mut self,
        x: &Value,
        padding: &[(usize, usize)],
        mode: &'static str,
        fill: f64,
    ) -> Result<Value, Error> {
        let mut dims = x.dims.clone();
        let (mut before, mut after, mut axes) = (vec![], vec![], vec![]);
        // Of all axes, since onnxruntime mistakes some of them where it moves a transposition
        // past the padding; beyond images the list would be long.
        let all = x.rank() <= 4;
        for (axis, &(first, last)) in padding.iter().enumerate() {
            let padded = (first, last) != (0, 0);
            if padded {
                let more = first.checked_add(last).ok_or(Error::Overflow)?;
                let size = x.size(axis).checked_add(more).ok_or(Error::Overflow)?;
                dims[axis] = Dim::Size(size);
            }
            if padded || all {
                before.push(int(first)?);
                after.push(int(last)?);
                axes.push(int(axis)?);
            }
        }
        if dims == x.dims {
            return Ok(x.clone());
        }
        let pads = self.list(&[before, after].concat());
        let axes = (!all).then(|| self.list(&axes));
        let fill = match (mode, x.elements) {
            ("constant", Elements::Float) => Some(self.number(fill)),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "an index is a whole number"
            )]
            ("constant", _) => Some(self.indices(&[fill as i64], &[])),
            _ => None,
        };
        let mode = vec![("mode", Attribute::Text(mode))];
        let inputs = [Some(x), Some(&pads), fill.as_ref(), axes.as_ref()];
        let used = 1 + inputs.iter().rposition(Option::is_some).unwrap_or(0);
        Ok(self
            .node_with("Pad", &inputs[..used], mode, &[(x.elements, dims)])
            .remove(0))
    }

    /// The product of matrices, those of the last two axes.
    pub(crate) fn matmul(&mut self, a: &Value, b: &Value) -> Value {
        let (rows, columns) = (a.dims[a.rank() - 2], b.dims[b.rank() - 1]);
        let mut dims = broadcast(&a.dims[..a.rank() - 2], &b.dims[..b.rank() - 2]);
        dims.extend([rows, columns]);
        self.node("MatMul", &[a, b], vec![], dims)
    }

    /// A value whose first axis of 1 is repeated for each sample of `like`, so that it
    /// has these axes.
    pub(crate) fn per_sample(
        &mut self,
        tensor: &Value,
        like: &Value,
        dims: Vec<Dim>,
    ) -> Result<Value, Error> {
        let known: Option<Vec<_>> = dims.iter().map(|dim| dim.size()).collect();
        if let Some(extents) = known {
            return self.expand(tensor, &extents);
        }
        let (first, end) = (("start", Attribute::Int(0)), ("end", Attribute::Int(1)));
        let batch = self.node_with(
            "Shape",
            &[Some(like)],
            vec![first, end],
            &[(Elements::Int, sizes(&[1]))],
        );
        let rest: Vec<_> = dims[1..].iter().filter_map(|dim| dim.size()).collect();
        let rest = ints(&rest)?;
        let rest = self.list(&rest);
        let target = self.concat(&[batch[0].clone(), rest], 0)?;
        Ok(self.node("Expand", &[tensor, &target], vec![], dims))
    }
}
