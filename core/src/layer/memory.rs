//! Where the result of a layer lies.

/// Where the result of a layer lies at inference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Where the input lies: the same elements with other extents.
    Alias,
    /// Where the input lies, since the layer does nothing at inference. In
    /// training its result has a place of its own.
    Absent,
    /// Over one of the inputs, when the layer is the only reader of that input:
    /// each element of the result needs only the element in its own place.
    InPlace,
    /// In a place of its own.
    Fresh,
}
