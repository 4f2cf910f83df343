//! A model as it is written: its messages, and between them the weights, which pass
//! through from where they are and are never in memory as a whole.

use std::io::{self, Read as _, Write};

use prost::Message;
use shapewise_safetensors::{Checkpoint, ElementType, TensorInfo, convert, transpose};

use crate::proto::{GraphProto, ModelProto, OperatorSetIdProto, TensorProto, field};
use crate::{Error, IR_VERSION, OPSET};

/// How many bytes of a tensor are in memory.
const PIECE: usize = 1 << 18;

/// A model whose weights are still where they come from.
#[derive(Debug)]
pub(crate) struct Model {
    /// The fields of the graph that stand before the weights.
    pub(crate) before: GraphProto,
    pub(crate) weights: Vec<Initializer>,
    /// Those that stand after them.
    pub(crate) after: GraphProto,
    /// Where stored weights are read.
    pub(crate) checkpoint: Option<Checkpoint>,
}

/// A tensor of the model.
#[derive(Debug)]
pub(crate) struct Initializer {
    /// All but the content.
    pub(crate) proto: TensorProto,
    /// None where the model points to it.
    pub(crate) content: Option<Content>,
}

/// The bytes of a tensor.
#[derive(Debug)]
pub(crate) enum Content {
    /// So many zeros.
    Zeros(u64),
    /// A tensor of the checkpoint.
    Stored(TensorInfo<'static>),
    /// A tensor of the checkpoint that is changed on the way.
    Changed(Change),
}

/// A tensor of the checkpoint, and what becomes of it.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) tensor: TensorInfo<'static>,
    /// Its rows and columns there, where it is transposed.
    pub(crate) transposed: Option<[usize; 2]>,
    /// The floats that the model has.
    pub(crate) elements: ElementType,
    /// Its bytes in the model.
    pub(crate) bytes: u64,
}

impl Change {
    fn read(&self, checkpoint: &Checkpoint) -> Result<Vec<u8>, Error> {
        let mut bytes = checkpoint.read(&self.tensor)?;
        if let Some([rows, columns]) = self.transposed {
            bytes = transpose(&bytes, rows, columns);
        }
        let from = self.tensor.element_type();
        convert(&bytes, from, self.elements).ok_or_else(|| Error::Type {
            name: self.tensor.name().to_owned(),
            expected: self.elements,
            found: from,
        })
    }
}

impl Model {
    /// How many bytes it has as a file.
    pub(crate) fn len(&self) -> u64 {
        let graph = self.graph_len();
        let fields = around().map(|part| part.encoded_len() as u64);
        let [first, last] = fields;
        first + length_of(graph) + graph + last
    }

    fn graph_len(&self) -> u64 {
        let around = self.before.encoded_len() as u64 + self.after.encoded_len() as u64;
        let weights = self.weights.iter().map(|weights| {
            let length = weights.len();
            length_of(length) + length
        });
        around + weights.sum::<u64>()
    }

    /// The bytes of the file.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Error> {
        let length = usize::try_from(self.len()).map_err(|_| Error::Overflow)?;
        let mut bytes = Vec::with_capacity(length);
        // Nothing fails that is written to memory.
        self.write(&mut bytes, |_| Error::Overflow)?;
        Ok(bytes)
    }

    /// Writes the file; an error of `out` is told by `failed`.
    ///
    /// Source: protobuf's encoding. A message in another is the number of its field,
    /// its length, and its fields; lengths are known before anything is written. The
    /// fields stand in the order of their numbers, so that the file is the one that
    /// protobuf's own writers make.
    pub(crate) fn write(
        &self,
        out: &mut impl Write,
        failed: impl Fn(io::Error) -> Error,
    ) -> Result<(), Error> {
        let [first, last] = around();
        let mut begin = first.encode_to_vec();
        begin_field(field::GRAPH, self.graph_len(), &mut begin);
        begin.extend(self.before.encode_to_vec());
        out.write_all(&begin).map_err(&failed)?;
        for weights in &self.weights {
            let mut begin = Vec::new();
            begin_field(field::INITIALIZER, weights.len(), &mut begin);
            begin.extend(weights.proto.encode_to_vec());
            if let Some(content) = &weights.content {
                begin_field(field::RAW_DATA, content.len(), &mut begin);
            }
            out.write_all(&begin).map_err(&failed)?;
            if let Some(content) = &weights.content {
                self.write_content(content, out, &failed)?;
            }
        }
        let mut end = self.after.encode_to_vec();
        end.extend(last.encode_to_vec());
        out.write_all(&end).map_err(&failed)
    }

    /// The file that has a tensor of that name.
    fn checkpoint(&self, name: &str) -> Result<&Checkpoint, Error> {
        let missing = || Error::Missing {
            name: name.to_owned(),
        };
        self.checkpoint.as_ref().ok_or_else(missing)
    }

    fn write_content(
        &self,
        content: &Content,
        out: &mut impl Write,
        failed: impl Fn(io::Error) -> Error,
    ) -> Result<(), Error> {
        match content {
            Content::Zeros(bytes) => {
                let mut zeros = io::repeat(0).take(*bytes);
                io::copy(&mut zeros, out).map_err(failed)?;
            }
            Content::Changed(change) => {
                let bytes = change.read(self.checkpoint(change.tensor.name())?)?;
                out.write_all(&bytes).map_err(failed)?;
            }
            Content::Stored(tensor) => {
                let checkpoint = self.checkpoint(tensor.name())?;
                let mut left = checkpoint.bytes(tensor);
                let mut piece = vec![0; PIECE];
                loop {
                    let read = left.fill(&mut piece)?;
                    if read == 0 {
                        break;
                    }
                    out.write_all(&piece[..read]).map_err(&failed)?;
                }
            }
        }
        Ok(())
    }
}

impl Initializer {
    fn len(&self) -> u64 {
        let content = self.content.as_ref().map_or(0, |content| {
            let length = content.len();
            length_of(length) + length
        });
        self.proto.encoded_len() as u64 + content
    }
}

impl Content {
    fn len(&self) -> u64 {
        match self {
            Self::Zeros(bytes) => *bytes,
            Self::Stored(tensor) => tensor.byte_len(),
            Self::Changed(change) => change.bytes,
        }
    }
}

/// The fields of the model that stand before its graph, and those after it.
fn around() -> [ModelProto; 2] {
    [
        ModelProto {
            ir_version: Some(IR_VERSION),
            producer_name: "shapewise".to_owned(),
            producer_version: env!("CARGO_PKG_VERSION").to_owned(),
            ..ModelProto::default()
        },
        ModelProto {
            opset_import: vec![OperatorSetIdProto {
                domain: String::new(),
                version: Some(OPSET),
            }],
            ..ModelProto::default()
        },
    ]
}

/// Writes how a field of so many bytes begins.
fn begin_field(field: u8, mut length: u64, to: &mut Vec<u8>) {
    /// The kind of a field that has a length.
    const WITH_LENGTH: u8 = 2;
    to.push(field << 3 | WITH_LENGTH);
    loop {
        let [low, ..] = length.to_le_bytes();
        length >>= 7;
        if length == 0 {
            to.push(low & 0x7f);
            return;
        }
        to.push(low | 0x80);
    }
}

/// How many bytes the beginning of a field takes.
fn length_of(length: u64) -> u64 {
    let mut begin = Vec::new();
    begin_field(field::GRAPH, length, &mut begin);
    begin.len() as u64
}
