//! The header of a file: which tensors there are, and where.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::dtype::ElementType;
use crate::error::Error;
use json::Reader;

mod json;

/// The most bytes that a header may have; the limit of the format's own reader.
pub const MAX_HEADER: u64 = 100_000_000;

/// The most axes that a tensor may have: what NumPy allows. The format has no limit.
pub const MAX_AXES: usize = 64;

/// The bytes that hold the length of the header.
pub(crate) const LENGTH_BYTES: usize = 8;

/// The tensors that a file says it has, in the order of the header.
///
/// ```
/// use shapewise_safetensors::{ElementType, Header};
///
/// let text = br#"{"fc.bias":{"dtype":"F32","shape":[10],"data_offsets":[0,40]}}"#;
/// let mut file = (text.len() as u64).to_le_bytes().to_vec();
/// file.extend(text);
/// file.extend([0; 40]);
///
/// let header = Header::of_file(&file)?;
/// let bias = &header.tensors()[0];
/// assert_eq!((bias.name(), bias.shape(), bias.element_type()), ("fc.bias", &[10][..], ElementType::F32));
/// # Ok::<(), shapewise_safetensors::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Header<'a> {
    tensors: Vec<TensorInfo<'a>>,
    metadata: Metadata<'a>,
    data: u64,
}

/// Free text: keys and values.
type Metadata<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// A tensor of a file.
#[derive(Clone, Debug)]
pub struct TensorInfo<'a> {
    name: Cow<'a, str>,
    element_type: ElementType,
    shape: Vec<u64>,
    begin: u64,
    end: u64,
}

impl TensorInfo<'_> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type of its elements.
    #[must_use]
    pub fn element_type(&self) -> ElementType {
        self.element_type
    }

    /// Its extents.
    #[must_use]
    pub fn shape(&self) -> &[u64] {
        &self.shape
    }

    /// Where its bytes are, counted from the end of the header.
    #[must_use]
    pub fn offsets(&self) -> (u64, u64) {
        (self.begin, self.end)
    }
}

impl<'a> Header<'a> {
    /// The header of a whole file.
    ///
    /// # Errors
    ///
    /// An [`Error`] when the bytes are not a safetensors file; one that is cut off
    /// or goes on after its last tensor is none.
    pub fn of_file(bytes: &'a [u8]) -> Result<Self, Error> {
        let (text, data) = split(bytes)?;
        let header = Self::parse(text)?;
        header.check_data(data.len() as u64)?;
        Ok(header)
    }

    /// The header at the beginning of a file: the eight bytes of its length, then
    /// the text; what comes after it is not looked at.
    ///
    /// # Errors
    ///
    /// An [`Error`] when the bytes do not begin with a whole, valid header.
    pub fn of_beginning(bytes: &'a [u8]) -> Result<Self, Error> {
        Self::parse(split(bytes)?.0)
    }

    /// The tensors, in the order of the header.
    #[must_use]
    pub fn tensors(&self) -> &[TensorInfo<'a>] {
        &self.tensors
    }

    /// The free text under `__metadata__`.
    pub fn metadata(&self) -> impl Iterator<Item = (&str, &str)> {
        self.metadata
            .iter()
            .map(|(key, value)| (key.as_ref(), value.as_ref()))
    }

    /// How many bytes the tensors have together.
    #[must_use]
    pub fn data_bytes(&self) -> u64 {
        self.data
    }

    /// Compares the bytes after the header with those that the tensors need.
    pub(crate) fn check_data(&self, bytes: u64) -> Result<(), Error> {
        let needed = self.data;
        if bytes < needed {
            return Err(Error::DataTruncated { needed, bytes });
        }
        if bytes > needed {
            return Err(Error::DataLeft { needed, bytes });
        }
        Ok(())
    }

    /// Reads the text of a header.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(bytes).map_err(|error| Error::NotUtf8 {
            at: error.valid_up_to(),
        })?;
        if !text.starts_with('{') {
            return Err(Error::Syntax {
                at: 0,
                expected: "`{`",
            });
        }
        let mut header = Self {
            tensors: Vec::new(),
            metadata: Vec::new(),
            data: 0,
        };
        let mut places = Vec::new();
        let mut with_metadata = false;
        let mut reader = Reader::new(text);
        reader.object("`{`", |reader, name, at| {
            if name != "__metadata__" {
                places.push(at);
                header.tensors.push(read_tensor(reader, name)?);
                return Ok(());
            }
            if with_metadata {
                return Err(duplicate(at, &name));
            }
            with_metadata = true;
            header.metadata = read_metadata(reader)?;
            Ok(())
        })?;
        reader.end()?;
        header.check_names(&places)?;
        header.data = header.check_offsets()?;
        Ok(header)
    }

    fn check_names(&self, places: &[usize]) -> Result<(), Error> {
        let mut names = HashSet::with_capacity(self.tensors.len());
        for (tensor, at) in self.tensors.iter().zip(places) {
            if !names.insert(tensor.name()) {
                return Err(duplicate(*at, &tensor.name));
            }
        }
        Ok(())
    }

    /// The tensors stand one after the other, without gaps; returns where the last
    /// one ends.
    fn check_offsets(&self) -> Result<u64, Error> {
        let mut order: Vec<&TensorInfo<'_>> = self.tensors.iter().collect();
        order.sort_by_key(|tensor| tensor.offsets());
        let mut after = 0;
        for TensorInfo {
            name, begin, end, ..
        } in order
        {
            let (tensor, begin) = (|| name.to_string(), *begin);
            if begin < after {
                let tensor = tensor();
                return Err(Error::Overlap {
                    tensor,
                    begin,
                    after,
                });
            }
            if begin > after {
                let tensor = tensor();
                return Err(Error::Gap {
                    tensor,
                    begin,
                    after,
                });
            }
            after = *end;
        }
        Ok(after)
    }
}

/// The text of the header, and what follows it.
fn split(bytes: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let total = bytes.len() as u64;
    let Some((length, rest)) = bytes.split_first_chunk() else {
        return Err(Error::NoLength { bytes: total });
    };
    let length = header_length(*length, total)?;
    Ok(rest.split_at(length))
}

/// The length of the header, which fits a file of so many bytes.
pub(crate) fn header_length(length: [u8; LENGTH_BYTES], total: u64) -> Result<usize, Error> {
    let length = u64::from_le_bytes(length);
    if length > MAX_HEADER {
        return Err(Error::HeaderTooLarge { length });
    }
    let bytes = total.saturating_sub(LENGTH_BYTES as u64);
    match usize::try_from(length) {
        Ok(fits) if length <= bytes => Ok(fits),
        _ => Err(Error::HeaderTruncated { length, bytes }),
    }
}

fn duplicate(at: usize, name: &str) -> Error {
    let name = name.to_owned();
    Error::Duplicate { at, name }
}

/// Reads what stands under `__metadata__`.
fn read_metadata<'a>(reader: &mut Reader<'a>) -> Result<Metadata<'a>, Error> {
    let mut metadata = Vec::new();
    let mut keys = HashSet::new();
    reader.object("an object of texts", |reader, key, at| {
        let value = reader.string("text")?;
        if !keys.insert(key.clone()) {
            return Err(duplicate(at, &key));
        }
        metadata.push((key, value));
        Ok(())
    })?;
    Ok(metadata)
}

/// Reads what stands under the name of a tensor.
fn read_tensor<'a>(reader: &mut Reader<'a>, name: Cow<'a, str>) -> Result<TensorInfo<'a>, Error> {
    let (mut element_type, mut shape, mut offsets) = (None, None, None);
    reader.object(
        "an object with dtype, shape and data_offsets",
        |reader, field, at| {
            let twice = match field.as_ref() {
                "dtype" => element_type.replace(read_type(reader, &name)?).is_some(),
                "shape" => shape.replace(read_shape(reader, &name)?).is_some(),
                "data_offsets" => offsets.replace(read_offsets(reader)?).is_some(),
                _ => return reader.skip(),
            };
            if twice {
                return Err(duplicate(at, &field));
            }
            Ok(())
        },
    )?;
    let missing = |field| Error::MissingField {
        tensor: name.to_string(),
        field,
    };
    let element_type = element_type.ok_or_else(|| missing("dtype"))?;
    let shape = shape.ok_or_else(|| missing("shape"))?;
    let (begin, end) = offsets.ok_or_else(|| missing("data_offsets"))?;
    let tensor = TensorInfo {
        name,
        element_type,
        shape,
        begin,
        end,
    };
    check_size(&tensor)?;
    Ok(tensor)
}

fn read_type(reader: &mut Reader<'_>, tensor: &str) -> Result<ElementType, Error> {
    let name = reader.string("the name of a type")?;
    ElementType::from_name(&name).ok_or_else(|| Error::UnknownType {
        tensor: tensor.to_owned(),
        name: name.into_owned(),
    })
}

fn read_shape(reader: &mut Reader<'_>, tensor: &str) -> Result<Vec<u64>, Error> {
    let mut shape = Vec::new();
    reader.array("an array of extents", |reader| {
        if shape.len() == MAX_AXES {
            return Err(Error::TooManyAxes {
                tensor: tensor.to_owned(),
            });
        }
        shape.push(reader.natural("an extent")?);
        Ok(())
    })?;
    shape.shrink_to_fit();
    Ok(shape)
}

fn read_offsets(reader: &mut Reader<'_>) -> Result<(u64, u64), Error> {
    const TWO: &str = "an array of two offsets";
    let at = reader.place();
    let (mut offsets, mut count) = ([0; 2], 0);
    reader.array(TWO, |reader| {
        let at = reader.place();
        let offset = reader.natural("an offset")?;
        let place = offsets.get_mut(count);
        *place.ok_or(Error::Syntax {
            at,
            expected: "`]`",
        })? = offset;
        count += 1;
        Ok(())
    })?;
    if count < offsets.len() {
        return Err(Error::Syntax { at, expected: TWO });
    }
    Ok((offsets[0], offsets[1]))
}

/// Whether the bytes between the offsets are those that shape and type need.
fn check_size(tensor: &TensorInfo<'_>) -> Result<(), Error> {
    let name = || tensor.name().to_owned();
    let (begin, end) = tensor.offsets();
    let Some(given) = end.checked_sub(begin) else {
        let tensor = name();
        return Err(Error::Reversed { tensor, begin, end });
    };
    let bits = tensor
        .shape
        .iter()
        .try_fold(1_u64, |product, extent| product.checked_mul(*extent))
        .and_then(|elements| elements.checked_mul(tensor.element_type.bits()));
    let Some(bits) = bits else {
        return Err(Error::Overflow { tensor: name() });
    };
    if bits % 8 != 0 {
        return Err(Error::PartOfAByte { tensor: name() });
    }
    let needed = bits / 8;
    if needed != given {
        let tensor = name();
        return Err(Error::WrongSize {
            tensor,
            needed,
            given,
        });
    }
    Ok(())
}
