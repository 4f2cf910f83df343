//! A tensor of a header: its name, its type, its shape, and where its bytes are.

use std::borrow::Cow;

use crate::dtype::ElementType;
use crate::error::ErrorKind;
use crate::header::json::Reader;
use crate::header::{MAX_AXES, duplicate};

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

    /// How many bytes it has.
    #[must_use]
    pub fn byte_len(&self) -> u64 {
        self.end - self.begin
    }

    pub(super) fn into_owned(self) -> TensorInfo<'static> {
        TensorInfo {
            name: Cow::Owned(self.name.into_owned()),
            ..self
        }
    }
}

/// Reads what stands under the name of a tensor.
pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    name: Cow<'a, str>,
) -> Result<TensorInfo<'a>, ErrorKind> {
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
    let missing = |field| ErrorKind::MissingField {
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

fn read_type(reader: &mut Reader<'_>, tensor: &str) -> Result<ElementType, ErrorKind> {
    let name = reader.string("the name of a type")?;
    ElementType::from_name(&name).ok_or_else(|| ErrorKind::UnknownType {
        tensor: tensor.to_owned(),
        name: name.into_owned(),
    })
}

fn read_shape(reader: &mut Reader<'_>, tensor: &str) -> Result<Vec<u64>, ErrorKind> {
    let mut shape = Vec::new();
    reader.array("an array of extents", |reader| {
        if shape.len() == MAX_AXES {
            return Err(ErrorKind::TooManyAxes {
                tensor: tensor.to_owned(),
            });
        }
        shape.push(reader.natural("an extent")?);
        Ok(())
    })?;
    shape.shrink_to_fit();
    Ok(shape)
}

fn read_offsets(reader: &mut Reader<'_>) -> Result<(u64, u64), ErrorKind> {
    const TWO: &str = "an array of two offsets";
    let at = reader.place();
    let (mut offsets, mut count) = ([0; 2], 0);
    reader.array(TWO, |reader| {
        let at = reader.place();
        let offset = reader.natural("an offset")?;
        let place = offsets.get_mut(count);
        *place.ok_or(ErrorKind::Syntax {
            at,
            expected: "`]`",
        })? = offset;
        count += 1;
        Ok(())
    })?;
    if count < offsets.len() {
        return Err(ErrorKind::Syntax { at, expected: TWO });
    }
    Ok((offsets[0], offsets[1]))
}

/// Whether the bytes between the offsets are those that shape and type need.
fn check_size(tensor: &TensorInfo<'_>) -> Result<(), ErrorKind> {
    let name = || tensor.name().to_owned();
    let (begin, end) = tensor.offsets();
    let Some(given) = end.checked_sub(begin) else {
        let tensor = name();
        return Err(ErrorKind::Reversed { tensor, begin, end });
    };
    let bits = tensor
        .shape
        .iter()
        .try_fold(1_u64, |product, extent| product.checked_mul(*extent))
        .and_then(|elements| elements.checked_mul(tensor.element_type.bits()));
    let Some(bits) = bits else {
        return Err(ErrorKind::Overflow { tensor: name() });
    };
    if bits % 8 != 0 {
        return Err(ErrorKind::PartOfAByte { tensor: name() });
    }
    let needed = bits / 8;
    if needed != given {
        let tensor = name();
        return Err(ErrorKind::WrongSize {
            tensor,
            needed,
            given,
        });
    }
    Ok(())
}
