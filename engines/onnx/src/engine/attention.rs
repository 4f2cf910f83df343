//! What attention adds to its scores, calculated in the model.

use shapewise_core::layer::attention::LocalWindow;
use shapewise_lower::{Elements, Made};

use super::{Onnx, Operand};
use crate::Error;
use crate::builder::Attribute;
use crate::value::{Value, int, sizes};

fn windows(local: &LocalWindow, axis: usize) -> usize {
    local.padded.at(axis) / local.used.at(axis)
}

fn product(extents: impl Iterator<Item = usize>) -> Result<usize, Error> {
    let mut extents = extents;
    extents
        .try_fold(1usize, |product, extent| product.checked_mul(extent))
        .ok_or(Error::Overflow)
}

impl Onnx {
    /// Minus infinity above the diagonal, and 0 for the last `seen` keys.
    pub(super) fn later(&mut self, queries: usize, keys: usize, seen: usize) -> Made<Self> {
        let dims = sizes(&[queries, keys]);
        let extents = self.builder.list(&[int(queries)?, int(keys)?]);
        // Made in the model: as a constant it would take queries*keys numbers.
        let fill = vec![("value", Attribute::Number(f64::NEG_INFINITY))];
        let result = [(Elements::Float, dims.clone())];
        let all = self
            .builder
            .node_with("ConstantOfShape", &[Some(&extents)], fill, &result)
            .remove(0);
        let diagonal = self.builder.indices(&[1], &[]);
        let upper = vec![("upper", Attribute::Int(1))];
        let mask = self.builder.node("Trilu", &[&all, &diagonal], upper, dims);
        let padding = [(0, 0), (0, seen)];
        Ok(self.builder.pad(&mask, &padding, "constant", 0.0)?.into())
    }

    /// The learned bias of every head for each pair of positions. The index, a buffer
    /// in PyTorch, has a number for each pair.
    pub(super) fn position_bias(&mut self, table: Operand, local: &LocalWindow) -> Made<Self> {
        let table = self.solid(table)?;
        let size = local.size.as_slice();
        // A volume's window that shrank takes the first positions of the whole one.
        let positions = product(local.used.as_slice().iter().copied())?;
        let builder = &mut self.builder;
        let all = builder.range(positions, 1)?;
        // The entry of a query and a key is the sum over the axes of their distance,
        // made positive, times the rows that each step takes in the table: the
        // difference of what each contributes.
        let (mut parts, mut most) = (Vec::new(), 0usize);
        for axis in 0..size.len() {
            let inner = builder.integer(product(size[axis + 1..].iter().copied())?)?;
            let extent = builder.integer(size[axis])?;
            let rows = product(size[axis + 1..].iter().map(|extent| 2 * extent - 1))?;
            most = (size[axis] - 1)
                .checked_mul(rows)
                .and_then(|more| most.checked_add(more))
                .ok_or(Error::Overflow)?;
            let rows = builder.integer(rows)?;
            let place = builder.binary("Div", &all, &inner);
            let place = builder.binary("Mod", &place, &extent);
            parts.push(builder.binary("Mul", &place, &rows));
        }
        let keys = builder.sum(&parts);
        let most = builder.integer(most)?;
        let queries = builder.binary("Add", &keys, &most);
        let queries = builder.reshape(&queries, sizes(&[positions, 1]))?;
        let index = builder.binary("Sub", &queries, &keys);
        Ok(builder.gather(&table, &index, 0)?.into())
    }

    /// -100 for pairs of positions that only the shift brought together.
    pub(super) fn window_mask(&mut self, local: &LocalWindow) -> Made<Self> {
        let count = product((0..local.used.len()).map(|axis| windows(local, axis)))?;
        let positions = product(local.used.as_slice().iter().copied())?;
        let regions = self.regions(local)?;
        let builder = &mut self.builder;
        let rows = builder.reshape(&regions, sizes(&[count, 1, positions, 1]))?;
        let columns = builder.reshape(&regions, sizes(&[count, 1, 1, positions]))?;
        let same = builder.compare("Equal", &rows, &columns);
        let (together, apart) = (builder.number(0.0), builder.number(-100.0));
        Ok(builder.choose(&same, &together, &apart).into())
    }

    /// The region of every position of every window. Along an axis, what the shift
    /// moved to the end is another region than the rest.
    fn regions(&mut self, local: &LocalWindow) -> Result<Value, Error> {
        let axes = local.used.len();
        let builder = &mut self.builder;
        let mut parts = Vec::new();
        for axis in (0..axes).filter(|&axis| local.shift.at(axis) > 0) {
            let all = builder.range(local.padded.at(axis), 1)?;
            let end = local.padded.at(axis).saturating_sub(local.shift.at(axis));
            let end = builder.integer(end)?;
            let moved = builder.compare("GreaterOrEqual", &all, &end);
            let moved = builder.cast(&moved, Elements::Int);
            let weight = builder.integer(1 << axis)?;
            let region = builder.binary("Mul", &moved, &weight);
            // Windows along every axis, then the positions in them.
            let mut extents = vec![1; 2 * axes];
            extents[axis] = windows(local, axis);
            extents[axes + axis] = local.used.at(axis);
            parts.push(builder.reshape(&region, sizes(&extents))?);
        }
        let regions = builder.sum(&parts);
        let whole: Vec<_> = (0..axes)
            .map(|axis| windows(local, axis))
            .chain(local.used.as_slice().iter().copied())
            .collect();
        builder.expand(&regions, &whole)
    }
}
