//! Files as the engines of `shapewise` read and write them.
//!
//! ```
//! use shapewise_files::{Format, Plain, open};
//!
//! let error = open("no/such/model.safetensors".as_ref()).unwrap_err();
//! assert!(error.to_string().starts_with("no/such/model.safetensors: "));
//!
//! assert_eq!(Format::of(b"GGUF\x03\0\0\0"), Some(Format::Gguf));
//! assert_eq!(Plain("a\u{1b}[2J").to_string(), r"a\u{1b}[2J");
//! ```

#![forbid(unsafe_code)]

mod error;
mod format;
mod read;
mod text;
#[cfg(feature = "write")]
mod write;

pub use error::{Error, Problem, Special};
pub use format::Format;
pub use read::open;
pub use text::{Plain, PlainPath};
#[cfg(feature = "write")]
pub use write::Target;
