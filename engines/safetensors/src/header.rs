//! The header of a file: which tensors there are, and where.

use std::borrow::Cow;

use shapewise_files::Format;

use crate::error::{Error, ErrorKind};
use json::Reader;
use names::Names;

pub use tensor::TensorInfo;

mod json;
mod names;
mod tensor;

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
    names: Names,
    metadata: Metadata<'a>,
    data: u64,
}

/// Free text: keys and values.
type Metadata<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

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
        Ok(Self::parse(split(bytes)?.0)?)
    }

    /// The tensors, in the order of the header.
    #[must_use]
    pub fn tensors(&self) -> &[TensorInfo<'a>] {
        &self.tensors
    }

    /// The tensor of that name.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&TensorInfo<'a>> {
        Some(&self.tensors[self.place(name)?])
    }

    /// The place of the tensor of that name.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.names.find(name, |place| self.tensors[place].name())
    }

    /// The header with a copy of all text.
    #[must_use]
    pub fn into_owned(self) -> Header<'static> {
        let owned = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        Header {
            tensors: self
                .tensors
                .into_iter()
                .map(TensorInfo::into_owned)
                .collect(),
            names: self.names,
            metadata: self
                .metadata
                .into_iter()
                .map(|(key, value)| (owned(key), owned(value)))
                .collect(),
            data: self.data,
        }
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
    pub(crate) fn check_data(&self, bytes: u64) -> Result<(), ErrorKind> {
        let needed = self.data;
        if bytes < needed {
            return Err(ErrorKind::DataTruncated { needed, bytes });
        }
        if bytes > needed {
            return Err(ErrorKind::DataLeft { needed, bytes });
        }
        Ok(())
    }

    /// Reads the text of a header.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, ErrorKind> {
        let text = std::str::from_utf8(bytes).map_err(|error| ErrorKind::NotUtf8 {
            at: error.valid_up_to(),
        })?;
        if !text.starts_with('{') {
            return Err(ErrorKind::Syntax {
                at: 0,
                expected: "`{`",
            });
        }
        let mut tensors = Vec::new();
        let mut places = Vec::new();
        let mut metadata: Option<Metadata<'_>> = None;
        let mut reader = Reader::new(text);
        reader.object("`{`", |reader, name, at| {
            if name != "__metadata__" {
                places.push(at);
                tensors.push(tensor::read(reader, name)?);
                return Ok(());
            }
            if metadata.is_some() {
                return Err(duplicate(at, &name));
            }
            metadata = Some(read_metadata(reader)?);
            Ok(())
        })?;
        reader.end()?;
        Ok(Self {
            names: tensor_names(&tensors, &places)?,
            data: check_offsets(&tensors)?,
            metadata: metadata.unwrap_or_default(),
            tensors,
        })
    }
}

/// The names of the tensors, of which none is there twice.
fn tensor_names(tensors: &[TensorInfo<'_>], places: &[usize]) -> Result<Names, ErrorKind> {
    let names = Names::of(tensors.iter().map(TensorInfo::name));
    match names.repeated(|place| tensors[place].name()) {
        Some(place) => Err(duplicate(places[place], tensors[place].name())),
        None => Ok(names),
    }
}

/// The tensors stand one after the other, without gaps; returns where the last one
/// ends.
fn check_offsets(tensors: &[TensorInfo<'_>]) -> Result<u64, ErrorKind> {
    let mut order: Vec<&TensorInfo<'_>> = tensors.iter().collect();
    order.sort_by_key(|tensor| tensor.offsets());
    let mut after = 0;
    for tensor in order {
        let (begin, end) = tensor.offsets();
        let name = || tensor.name().to_owned();
        if begin < after {
            return Err(ErrorKind::Overlap {
                tensor: name(),
                begin,
                after,
            });
        }
        if begin > after {
            return Err(ErrorKind::Gap {
                tensor: name(),
                begin,
                after,
            });
        }
        after = end;
    }
    Ok(after)
}

/// The text of the header, and what follows it.
fn split(bytes: &[u8]) -> Result<(&[u8], &[u8]), ErrorKind> {
    let length = header_length(bytes, bytes.len() as u64)?;
    let Some((_, rest)) = bytes.split_at_checked(LENGTH_BYTES) else {
        return Err(ErrorKind::NoLength { bytes: 0 });
    };
    Ok(rest.split_at(length))
}

/// The length of the header of a file that begins so and has so many bytes in all,
/// which it fits.
pub(crate) fn header_length(beginning: &[u8], total: u64) -> Result<usize, ErrorKind> {
    let other = || Format::of(beginning).map(ErrorKind::OtherFormat);
    let Some((length, text)) = beginning.split_first_chunk::<LENGTH_BYTES>() else {
        return Err(other().unwrap_or(ErrorKind::NoLength { bytes: total }));
    };
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER {
        return Err(other().unwrap_or(ErrorKind::HeaderTooLarge { length }));
    }
    // Some other formats begin with what may be a length.
    if text.first().is_some_and(|byte| *byte != b'{')
        && let Some(other) = other()
    {
        return Err(other);
    }
    let bytes = total.saturating_sub(LENGTH_BYTES as u64);
    match usize::try_from(length) {
        Ok(fits) if length <= bytes => Ok(fits),
        _ => Err(ErrorKind::HeaderTruncated { length, bytes }),
    }
}

fn duplicate(at: usize, name: &str) -> ErrorKind {
    let name = name.to_owned();
    ErrorKind::Duplicate { at, name }
}

/// Reads what stands under `__metadata__`.
fn read_metadata<'a>(reader: &mut Reader<'a>) -> Result<Metadata<'a>, ErrorKind> {
    let mut metadata = Metadata::new();
    let mut places = Vec::new();
    reader.object("an object of texts", |reader, key, at| {
        places.push(at);
        metadata.push((key, reader.string("text")?));
        Ok(())
    })?;
    let names = Names::of(metadata.iter().map(|(key, _)| key.as_ref()));
    match names.repeated(|place| &metadata[place].0) {
        Some(place) => Err(duplicate(places[place], &metadata[place].0)),
        None => Ok(metadata),
    }
}
