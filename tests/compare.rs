//! What `compare` finds between two networks.

#[path = "compare/networks.rs"]
mod networks;
#[path = "compare/pairs.rs"]
mod pairs;
