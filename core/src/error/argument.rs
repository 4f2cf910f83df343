//! At which argument an error is shown.

use super::{Error, fixes};

impl Error {
    /// The argument at which the error should be shown, where it is one
    /// argument's fault.
    #[must_use]
    pub const fn argument(&self) -> Option<&'static str> {
        match self {
            Self::WindowTooLarge {
                input,
                window,
                padding,
                dilation,
                ..
            } if fixes::most_dilation(input, window, padding, dilation).is_some() => {
                Some("dilation")
            }
            Self::WindowTooLarge { argument, .. }
            | Self::AxisCount { argument, .. }
            | Self::KeywordNeeds { argument, .. }
            | Self::NotDivisible { argument, .. }
            | Self::Missing { argument }
            | Self::TooSmall { argument, .. }
            | Self::TooLarge { argument, .. }
            | Self::Requires { argument, .. }
            | Self::Excludes { argument, .. } => Some(argument),
            Self::WrongType { argument } | Self::OutOfRange { argument } => Some(argument.name),
            Self::InexactStride { .. } => Some("stride"),
            Self::PaddingOverHalf { .. }
            | Self::EvenWindow { .. }
            | Self::PaddingOverInput { .. }
            | Self::NothingLeft { .. } => Some("padding"),
            Self::WindowOverInput { .. } => Some("kernel"),
            Self::OutOfBounds { argument, .. }
            | Self::CountDiffers { argument, .. }
            | Self::NotPermutation { argument, .. }
            | Self::EmptyAxis { argument, .. } => Some(argument),
            Self::NotMultiple { .. } => None,
            Self::OutputPadding { .. } => Some("output_padding"),
            Self::InputRank { .. }
            | Self::LinearOnImage { .. }
            | Self::DeclaredInput { .. }
            | Self::Operands { .. }
            | Self::HeadFeatures { .. }
            | Self::OperandCount { .. }
            | Self::NetworkInput { .. }
            | Self::NetworkInputs { .. }
            | Self::NetworkOutputs { .. }
            | Self::Overflow { .. }
            | Self::TooManyValues { .. } => None,
        }
    }
}
