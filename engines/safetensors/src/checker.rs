//! A comparison with its options.

use std::path::Path;

use shapewise_core::{Graph, Network};

use crate::checkpoint::Checkpoint;
use crate::compare::compare;
use crate::error::Error;
use crate::header::Header;
use crate::reading::Reading;
use crate::report::Report;

/// A network that checkpoints are compared with, and how.
///
/// ```no_run
/// # use shapewise::network;
/// # network! { pub struct Head(features: 512) -> 10 { fc: linear(10); } }
/// use shapewise_safetensors::Checker;
///
/// let report = Checker::of::<Head>().any_float(true).file("head.safetensors")?;
/// # Ok::<(), shapewise_safetensors::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Checker {
    pub(crate) graph: &'static Graph,
    pub(crate) reading: Reading,
}

impl Checker {
    /// Compares with the network `N`.
    #[must_use]
    pub const fn of<N: Network>() -> Self {
        Self::new(N::GRAPH)
    }

    /// Compares with the network of a graph.
    #[must_use]
    pub const fn new(graph: &'static Graph) -> Self {
        Self {
            graph,
            reading: Reading::new(),
        }
    }

    /// Compares with what is read in this way.
    ///
    /// ```
    /// # use shapewise::network;
    /// # network! { pub struct Head(features: 512) -> 10 { fc: linear(10); } }
    /// use shapewise_safetensors::{Checker, Reading, Rule};
    ///
    /// # let text = br#"{"module.fc.bias":{"dtype":"F16","shape":[10],"data_offsets":[0,20]},
    /// #     "module.fc.weight":{"dtype":"F16","shape":[512,10],"data_offsets":[20,10260]}}"#;
    /// # let mut checkpoint = (text.len() as u64).to_le_bytes().to_vec();
    /// # checkpoint.extend(text);
    /// let reading = Reading::new().renames(Rule::Prefix).transposed(["fc"]).any_float(true);
    /// let report = Checker::of::<Head>().reading(reading).header(&checkpoint)?;
    /// assert!(report.is_ok());
    /// let stored = report.stored("fc.weight");
    /// assert_eq!((&*stored.name, stored.transposed), ("module.fc.weight", true));
    /// # Ok::<(), shapewise_safetensors::Error>(())
    /// ```
    #[must_use]
    pub fn reading(mut self, reading: Reading) -> Self {
        self.reading = reading;
        self
    }

    /// Whether a float of another width is harmless where the network has floats:
    /// `F64`, `F32`, `F16` and `BF16`, which convert into each other. The 8-bit and
    /// smaller ones need scales and stay mismatches.
    #[must_use]
    pub const fn any_float(mut self, allowed: bool) -> Self {
        self.reading.any_float = allowed;
        self
    }

    /// Compares a whole checkpoint in memory.
    ///
    /// # Errors
    ///
    /// An [`Error`] when the bytes are not a valid safetensors file.
    pub fn bytes(&self, bytes: &[u8]) -> Result<Report, Error> {
        Ok(self.compare(&Header::of_file(bytes)?))
    }

    /// Compares the beginning of a checkpoint: the length of the header and the
    /// header.
    ///
    /// # Errors
    ///
    /// An [`Error`] when the bytes do not begin with a whole, valid header.
    pub fn header(&self, bytes: &[u8]) -> Result<Report, Error> {
        Ok(self.compare(&Header::of_beginning(bytes)?))
    }

    /// Compares a checkpoint on disk, of which only the header is read.
    ///
    /// # Errors
    ///
    /// An [`Error`] with the path when the file cannot be read or is not a valid
    /// safetensors file.
    pub fn file(&self, path: impl AsRef<Path>) -> Result<Report, Error> {
        Ok(self.compare(Checkpoint::open(path)?.header()))
    }

    /// Compares a header that has been read.
    #[must_use]
    pub fn compare(&self, header: &Header<'_>) -> Report {
        compare(self, header)
    }
}
