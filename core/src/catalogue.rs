//! What each layer is called, what it takes, and what its arguments are.
//!
//! The catalogue teaches the `network!` macro the layers: parsing, "did you
//! mean", documentation and editor support read it, and nothing else in the
//! macro knows a layer by name. The entries stand in their family's file,
//! beside the rules.
//!
//! ```
//! use shapewise_core::catalogue;
//!
//! let conv = catalogue::find("conv").unwrap();
//! assert_eq!(conv.arguments[1].name, "kernel");
//! assert!(conv.weighted);
//! ```

pub use crate::argument::{Accepts, Argument, Name};
pub use crate::entry::{Args, Entry, Inputs, Kind, Rules};
pub use crate::layer::{FAMILIES, Family};

/// The layer that ends a residual: its body and its shortcut are added.
pub const ADDITION: &Entry = crate::layers::add;

/// Every layer of the language.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    FAMILIES
        .iter()
        .flat_map(|family| family.entries.iter().copied())
}

/// The layer of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    entries().find(|entry| entry.name == name)
}
