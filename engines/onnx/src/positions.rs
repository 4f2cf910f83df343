//! Operators on positions: integers that follow from extents are calculated in the
//! model. As constants they would take memory in proportion to the extents.

use shapewise_lower::Elements;

use crate::Error;
use crate::builder::{Attribute, Builder};
use crate::element::Element;
use crate::value::{Value, broadcast, int, ints, sizes};

impl Builder {
    /// One integer.
    pub(crate) fn integer(&mut self, value: usize) -> Result<Value, Error> {
        Ok(self.indices(&[int(value)?], &[]))
    }

    /// The first `count` multiples of `step`, from 0 on.
    pub(crate) fn range(&mut self, count: usize, step: usize) -> Result<Value, Error> {
        let end = count.checked_mul(step).ok_or(Error::Overflow)?;
        let [start, end, step] = [self.integer(0)?, self.integer(end)?, self.integer(step)?];
        let dims = sizes(&[count]);
        Ok(self.node("Range", &[&start, &end, &step], vec![], dims))
    }

    /// A value with elements of another kind.
    pub(crate) fn cast(&mut self, x: &Value, elements: Elements) -> Value {
        let code = Element::of(self.dtype, elements).code();
        let to = vec![("to", Attribute::Int(code.into()))];
        self.node_with("Cast", &[Some(x)], to, &[(elements, x.dims.clone())])
            .remove(0)
    }

    /// Whether an operator holds for two values, element by element.
    pub(crate) fn compare(&mut self, operator: &str, a: &Value, b: &Value) -> Value {
        let result = [(Elements::Bool, broadcast(&a.dims, &b.dims))];
        self.node_with(operator, &[Some(a), Some(b)], vec![], &result)
            .remove(0)
    }

    /// The elements of one value where a condition holds, of the other elsewhere.
    pub(crate) fn choose(&mut self, condition: &Value, one: &Value, other: &Value) -> Value {
        let dims = broadcast(&broadcast(&condition.dims, &one.dims), &other.dims);
        let inputs = [Some(condition), Some(one), Some(other)];
        self.node_with("Where", &inputs, vec![], &[(one.elements, dims)])
            .remove(0)
    }

    /// The sum of values, element by element; there is at least one.
    pub(crate) fn sum(&mut self, values: &[Value]) -> Value {
        let mut sum = values[0].clone();
        for value in &values[1..] {
            sum = self.binary("Add", &sum, value);
        }
        sum
    }

    /// A value repeated along axes of extent 1. Where the extent is 1, the value's own stays.
    pub(crate) fn expand(&mut self, x: &Value, extents: &[usize]) -> Result<Value, Error> {
        let dims = broadcast(&x.dims, &sizes(extents));
        if x.dims == dims {
            return Ok(x.clone());
        }
        let target = ints(extents)?;
        let target = self.list(&target);
        Ok(self.node("Expand", &[x, &target], vec![], dims))
    }
}
