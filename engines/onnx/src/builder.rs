//! The graph of the model while it is built: nodes, constants, names, and the
//! shape of everything.

use std::collections::{HashMap, HashSet};

use shapewise_core::graph::DType;
use shapewise_lower::{Dim, Elements};

use crate::Error;
use crate::element::{Element, bits};
use crate::options::Batch;
use crate::proto::{
    AttributeProto, DimensionProto, DimensionValue, NodeProto, TensorProto, TensorShapeProto,
    TensorTypeProto, TypeProto, ValueInfoProto, attribute_type,
};
use crate::value::Value;

/// The model under construction.
#[derive(Debug)]
pub(crate) struct Builder {
    pub(crate) dtype: DType,
    batch: Batch,
    /// The path of the layer that is being said: the names of its nodes begin
    /// with it.
    layer: String,
    /// Every name that is taken, with the last number that was put behind it.
    names: HashMap<String, usize>,
    /// The names of the nodes that end layers.
    ends: HashSet<String>,
    constants: HashMap<(Vec<i64>, i32, Vec<u8>), Value>,
    pub(crate) nodes: Vec<NodeProto>,
    pub(crate) initializers: Vec<TensorProto>,
    pub(crate) values: Vec<Value>,
}

/// An attribute of a node.
#[derive(Clone, Debug)]
pub(crate) enum Attribute {
    Float(f64),
    Int(i64),
    Text(&'static str),
    Ints(Vec<i64>),
    Texts(Vec<&'static str>),
    /// One number of the model's type, as a tensor.
    Number(f64),
}

pub(crate) type Attributes = Vec<(&'static str, Attribute)>;

impl Builder {
    pub(crate) fn new(dtype: DType, batch: Batch) -> Self {
        Self {
            dtype,
            batch,
            layer: String::new(),
            names: HashMap::new(),
            ends: HashSet::new(),
            constants: HashMap::new(),
            nodes: Vec::new(),
            initializers: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Takes a name that the definition gives.
    pub(crate) fn reserve(&mut self, name: &str) -> Result<(), Error> {
        match self.names.insert(name.to_owned(), 1) {
            None => Ok(()),
            Some(_) => Err(Error::Name(name.to_owned())),
        }
    }

    /// Begins with a layer.
    pub(crate) fn begin(&mut self, layer: &str) {
        layer.clone_into(&mut self.layer);
    }

    /// A name that nothing has: the wanted one, or it with a number.
    pub(crate) fn unique(&mut self, wanted: String) -> String {
        let Some(&last) = self.names.get(&wanted) else {
            self.names.insert(wanted.clone(), 1);
            return wanted;
        };
        let mut number = last + 1;
        let mut name = format!("{wanted}_{number}");
        while self.names.contains_key(&name) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        self.names.insert(wanted, number);
        self.names.insert(name.clone(), 1);
        name
    }

    /// A name for the node that ends a layer: the layer's path, and with a number where several
    /// layers have it.
    pub(crate) fn end(&mut self, path: &str) -> String {
        let numbered = (2..).map(|number: usize| format!("{path}_{number}"));
        let mut names = std::iter::once(path.to_owned()).chain(numbered);
        let name = names.find(|name| !self.ends.contains(name));
        let name = name.unwrap_or_default();
        self.ends.insert(name.clone());
        name
    }

    /// A node with one result.
    pub(crate) fn node(
        &mut self,
        operator: &str,
        inputs: &[&Value],
        attributes: Attributes,
        dims: Vec<Dim>,
    ) -> Value {
        let elements = inputs[0].elements;
        let inputs: Vec<_> = inputs.iter().map(|input| Some(*input)).collect();
        self.node_with(operator, &inputs, attributes, &[(elements, dims)])
            .remove(0)
    }

    /// A node with any number of results, and inputs that may be left out.
    pub(crate) fn node_with(
        &mut self,
        operator: &str,
        inputs: &[Option<&Value>],
        attributes: Attributes,
        results: &[(Elements, Vec<Dim>)],
    ) -> Vec<Value> {
        let name = self.unique(format!("{}/{operator}", self.layer));
        let results: Vec<_> = results
            .iter()
            .enumerate()
            .map(|(place, (elements, dims))| Value {
                name: match place {
                    0 => name.clone(),
                    _ => self.unique(format!("{name}.{place}")),
                },
                elements: *elements,
                dims: dims.clone(),
            })
            .collect();
        self.nodes.push(NodeProto {
            input: inputs
                .iter()
                .map(|input| input.map_or_else(String::new, |input| input.name.clone()))
                .collect(),
            output: results.iter().map(|result| result.name.clone()).collect(),
            name,
            op_type: operator.to_owned(),
            attribute: attributes
                .into_iter()
                .map(|(name, attribute)| self.attribute(name, attribute))
                .collect(),
        });
        self.values.extend(results.iter().cloned());
        results
    }

    fn attribute(&self, name: &str, attribute: Attribute) -> AttributeProto {
        let mut proto = AttributeProto {
            name: name.to_owned(),
            ..AttributeProto::default()
        };
        proto.r#type = Some(match attribute {
            Attribute::Float(value) => {
                proto.f = Some(single(value));
                attribute_type::FLOAT
            }
            Attribute::Int(value) => {
                proto.i = Some(value);
                attribute_type::INT
            }
            Attribute::Text(value) => {
                proto.s = Some(value.as_bytes().to_vec());
                attribute_type::STRING
            }
            Attribute::Ints(values) => {
                proto.ints = values;
                attribute_type::INTS
            }
            Attribute::Texts(values) => {
                proto.strings = values
                    .iter()
                    .map(|value| value.as_bytes().to_vec())
                    .collect();
                attribute_type::STRINGS
            }
            Attribute::Number(value) => {
                proto.t = Some(TensorProto {
                    dims: vec![1],
                    data_type: Some(Element::of(self.dtype, Elements::Float).code()),
                    raw_data: Some(bits(self.dtype, value)),
                    ..TensorProto::default()
                });
                attribute_type::TENSOR
            }
        });
        proto
    }

    /// Integers that the model needs, of these extents.
    pub(crate) fn indices(&mut self, values: &[i64], dims: &[usize]) -> Value {
        let bytes = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.constant(Elements::Int, bytes, dims)
    }

    /// Numbers that the model needs, of these extents.
    pub(crate) fn numbers(&mut self, values: &[f64], dims: &[usize]) -> Value {
        let bytes = values
            .iter()
            .flat_map(|&value| bits(self.dtype, value))
            .collect();
        self.constant(Elements::Float, bytes, dims)
    }

    /// One number that the model needs.
    pub(crate) fn number(&mut self, value: f64) -> Value {
        self.numbers(&[value], &[])
    }

    /// A list of integers.
    pub(crate) fn list(&mut self, values: &[i64]) -> Value {
        self.indices(values, &[values.len()])
    }

    /// Single-precision numbers whatever the model's type is.
    pub(crate) fn singles(&mut self, values: &[f64]) -> Value {
        let bytes = values
            .iter()
            .flat_map(|&value| bits(DType::F32, value))
            .collect();
        self.raw(
            Elements::Float,
            Element::Single.code(),
            bytes,
            &[values.len()],
        )
    }

    fn constant(&mut self, elements: Elements, bytes: Vec<u8>, dims: &[usize]) -> Value {
        let code = Element::of(self.dtype, elements).code();
        self.raw(elements, code, bytes, dims)
    }

    /// A constant; equal ones are one.
    fn raw(&mut self, elements: Elements, code: i32, bytes: Vec<u8>, dims: &[usize]) -> Value {
        let extents: Vec<i64> = dims
            .iter()
            .map(|&extent| i64::try_from(extent).unwrap_or(i64::MAX))
            .collect();
        let key = (extents, code, bytes);
        if let Some(constant) = self.constants.get(&key) {
            return constant.clone();
        }
        let name = self.unique(format!("constant/{}", self.constants.len()));
        let constant = Value {
            name: name.clone(),
            elements,
            dims: crate::value::sizes(dims),
        };
        self.initializers.push(TensorProto {
            dims: key.0.clone(),
            data_type: Some(code),
            name,
            raw_data: Some(key.2.clone()),
            ..TensorProto::default()
        });
        self.constants.insert(key, constant.clone());
        constant
    }

    /// What the model says of a value.
    pub(crate) fn info(&self, value: &Value) -> Result<ValueInfoProto, Error> {
        let dim = value
            .dims
            .iter()
            .map(|dim| {
                let value = match (dim, &self.batch) {
                    (Dim::Size(size), _) => DimensionValue::Size(crate::value::int(*size)?),
                    (Dim::Batch, Batch::Fixed(samples)) => DimensionValue::Size((*samples).into()),
                    (Dim::Batch, Batch::Symbolic(name)) => DimensionValue::Symbol(name.clone()),
                };
                Ok(DimensionProto { value: Some(value) })
            })
            .collect::<Result<_, Error>>()?;
        Ok(ValueInfoProto {
            name: value.name.clone(),
            r#type: Some(TypeProto {
                tensor_type: Some(TensorTypeProto {
                    elem_type: Some(Element::of(self.dtype, value.elements).code()),
                    shape: Some(TensorShapeProto { dim }),
                }),
            }),
        })
    }

    /// Whether one of the nodes from `first` on makes a value.
    pub(crate) fn makes(&self, value: &Value, first: usize) -> bool {
        let mut nodes = self.nodes[first..].iter();
        nodes.any(|node| node.output.contains(&value.name))
    }

    /// Drops those of the nodes from `first` on that none of these values needs, and
    /// gives the others the names that they would have had without.
    pub(crate) fn tidy(&mut self, first: usize, values: &mut [Value]) {
        let mut wanted: HashSet<_> = values.iter().map(|value| value.name.clone()).collect();
        let mut kept = Vec::new();
        let mut known = self.values.len();
        for node in self.nodes.split_off(first).into_iter().rev() {
            known -= node.output.len();
            for name in &node.output {
                self.names.remove(name);
            }
            if node.output.iter().any(|name| wanted.contains(name)) {
                wanted.extend(node.input.iter().cloned());
                kept.push(node);
            }
        }
        let made: HashMap<_, _> = self
            .values
            .split_off(known)
            .into_iter()
            .map(|value| (value.name.clone(), value))
            .collect();
        let mut names: HashMap<String, String> = HashMap::new();
        for mut node in kept.into_iter().rev() {
            for input in &mut node.input {
                if let Some(name) = names.get(input) {
                    name.clone_into(input);
                }
            }
            node.name = self.unique(format!("{}/{}", self.layer, node.op_type));
            for (place, output) in node.output.iter_mut().enumerate() {
                let name = match place {
                    0 => node.name.clone(),
                    _ => self.unique(format!("{}.{place}", node.name)),
                };
                if let Some(value) = made.get(output) {
                    self.values.push(Value {
                        name: name.clone(),
                        ..value.clone()
                    });
                }
                names.insert(std::mem::replace(output, name.clone()), name);
            }
            self.nodes.push(node);
        }
        for value in values {
            if let Some(name) = names.get(&value.name) {
                name.clone_into(&mut value.name);
            }
        }
    }

    /// Gives a value that one of the nodes from `first` on makes another name.
    pub(crate) fn rename(&mut self, value: &mut Value, name: String, first: usize) {
        // The name becomes free, but nothing else of this layer wants it.
        self.names.remove(&value.name);
        for node in &mut self.nodes[first..] {
            let names = node.input.iter_mut().chain(&mut node.output);
            for used in names.filter(|used| **used == value.name) {
                name.clone_into(used);
            }
        }
        // It is one of the last that were made, and no other has its name.
        let mut known = self.values.iter_mut().rev();
        if let Some(known) = known.find(|known| known.name == value.name) {
            name.clone_into(&mut known.name);
        }
        value.name = name;
    }
}

/// A number in the precision of ONNX's attributes.
#[expect(
    clippy::cast_possible_truncation,
    reason = "attributes are of single precision"
)]
pub(crate) fn single(value: f64) -> f32 {
    value as f32
}
