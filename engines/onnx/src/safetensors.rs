//! Where the tensors of a `.safetensors` file are.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Error;

/// The largest header that is read. Source: the reference implementation.
const MAX_HEADER: u64 = 100_000_000;

/// A `.safetensors` file of which the header is read.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    path: PathBuf,
    file: File,
    entries: BTreeMap<String, Entry>,
}

/// A tensor of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) dtype: String,
    pub(crate) shape: Vec<u64>,
    /// Where its bytes begin, from the start of the file.
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

impl Checkpoint {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let io = |error| Error::Io {
            path: path.to_owned(),
            error,
        };
        let malformed = |reason: String| Error::Malformed {
            path: path.to_owned(),
            reason,
        };
        let mut file = File::open(path).map_err(io)?;
        let size = file.metadata().map_err(io)?.len();
        let mut length = [0; 8];
        if size < 8 {
            return Err(malformed(format!("{size} bytes hold no header")));
        }
        file.read_exact(&mut length).map_err(io)?;
        let length = u64::from_le_bytes(length);
        if length > MAX_HEADER || length > size - 8 {
            return Err(malformed(format!("a header of {length} bytes")));
        }
        let mut header = Vec::new();
        Read::by_ref(&mut file)
            .take(length)
            .read_to_end(&mut header)
            .map_err(io)?;
        let entries = entries(&header, 8 + length, size).map_err(malformed)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            entries,
        })
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    pub(crate) fn read(&mut self, entry: &Entry) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.file
            .seek(SeekFrom::Start(entry.offset))
            .and_then(|_| {
                Read::by_ref(&mut self.file)
                    .take(entry.length)
                    .read_to_end(&mut bytes)
            })
            .map_err(|error| Error::Io {
                path: self.path.clone(),
                error,
            })?;
        if bytes.len() as u64 == entry.length {
            Ok(bytes)
        } else {
            Err(Error::Malformed {
                path: self.path.clone(),
                reason: "it became shorter while it was read".to_owned(),
            })
        }
    }
}

fn entries(header: &[u8], data: u64, size: u64) -> Result<BTreeMap<String, Entry>, String> {
    let header: Value = serde_json::from_slice(header).map_err(|error| error.to_string())?;
    let Value::Object(header) = header else {
        return Err("the header is no object".to_owned());
    };
    let mut entries = BTreeMap::new();
    for (name, value) in header {
        if name == "__metadata__" {
            continue;
        }
        match entry(&value, data, size) {
            Some(entry) => entries.insert(name, entry),
            None => return Err(format!("what the header says of `{name}`")),
        };
    }
    Ok(entries)
}

/// A tensor of the header, if its bytes are in the file and as many as its shape
/// needs.
fn entry(value: &Value, data: u64, size: u64) -> Option<Entry> {
    let numbers = |name: &str| -> Option<Vec<u64>> {
        let list = value.get(name)?.as_array()?;
        list.iter().map(Value::as_u64).collect()
    };
    let dtype = value.get("dtype")?.as_str()?.to_owned();
    let shape = numbers("shape")?;
    let [start, end] = numbers("data_offsets")?.try_into().ok()?;
    let length = end.checked_sub(start)?;
    let elements = shape
        .iter()
        .try_fold(1u64, |product, &extent| product.checked_mul(extent))?;
    // Types that the export knows nothing of are refused when they are used.
    if let Some(bytes) = bytes_of(&dtype)
        && elements.checked_mul(bytes)? != length
    {
        return None;
    }
    let offset = data.checked_add(start)?;
    (data.checked_add(end)? <= size).then_some(Entry {
        dtype,
        shape,
        offset,
        length,
    })
}

fn bytes_of(dtype: &str) -> Option<u64> {
    match dtype {
        "F16" | "BF16" => Some(2),
        "F32" => Some(4),
        _ => None,
    }
}
