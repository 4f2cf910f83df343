//! What has to hold: one rule, one function. The formulas are `core`'s; here
//! its errors become messages at the user's tokens.

pub(crate) mod analysis;
pub(crate) mod figure;
pub(crate) mod layer;
pub(crate) mod metric;
mod notation;
pub(crate) mod plan;
