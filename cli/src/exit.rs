//! What the program ends with.

/// All is as it should be.
pub(crate) const FINE: u8 = 0;
/// The work was done, and something is not as it should be: a network has errors,
/// a checkpoint does not fit, a file is not formatted, a rule of `--fail-if` holds.
pub(crate) const FOUND: u8 = 1;
/// The work could not be done: a wrong argument, a file that cannot be read.
pub(crate) const CANNOT: u8 = 2;
