//! What is asked of an error: each stands in one file, with all its answers.

use super::{
    EquationFault, Error, Fix, arguments, equations, inputs, networks, padding, shapes, windows,
};
use crate::text::Text;

/// The errors that stand in a file of `error`.
macro_rules! of {
    (windows) => {
        Error::WindowTooLarge { .. }
            | Error::InexactStride { .. }
            | Error::EvenWindow { .. }
            | Error::WindowOverInput { .. }
    };
    (padding) => {
        Error::PaddingOverHalf { .. }
            | Error::PaddingOverInput { .. }
            | Error::OutputPadding { .. }
            | Error::NothingLeft { .. }
    };
    (arguments) => {
        Error::KeywordNeeds { .. }
            | Error::AxisCount { .. }
            | Error::NotDivisible { .. }
            | Error::Missing { .. }
            | Error::WrongType { .. }
            | Error::TooSmall { .. }
            | Error::TooLarge { .. }
            | Error::OutOfRange { .. }
            | Error::Requires { .. }
            | Error::Excludes { .. }
    };
    (inputs) => {
        Error::InputRank { .. }
            | Error::LinearOnImage { .. }
            | Error::DeclaredInput { .. }
            | Error::Operands { .. }
            | Error::ValueShape { .. }
            | Error::HeadFeatures { .. }
            | Error::OperandCount { .. }
    };
    (equations) => {
        Error::Equation { .. }
    };
    (shapes) => {
        Error::OutOfBounds { .. }
            | Error::NotMultiple { .. }
            | Error::CountDiffers { .. }
            | Error::NotPermutation { .. }
            | Error::EmptyAxis { .. }
    };
    (networks) => {
        Error::NetworkInput { .. }
            | Error::NetworkInputs { .. }
            | Error::NetworkOutputs { .. }
            | Error::Overflow { .. }
            | Error::TooManyValues { .. }
    };
}

impl Error {
    /// What is wrong with `layer` (its name in the sentence), in one line.
    #[must_use]
    pub const fn headline(&self, layer: &str) -> Text {
        let mut text = Text::new();
        match self {
            of!(windows) => windows::headline(self, layer, &mut text),
            of!(padding) => padding::headline(self, layer, &mut text),
            of!(arguments) => arguments::headline(self, layer, &mut text),
            of!(inputs) => inputs::headline(self, layer, &mut text),
            of!(equations) => equations::headline(self, layer, &mut text),
            of!(shapes) => shapes::headline(self, layer, &mut text),
            of!(networks) => networks::headline(self, layer, &mut text),
        }
        text
    }

    /// The arithmetic that shows it, in one line; empty where the headline says
    /// all.
    #[must_use]
    pub const fn needs(&self) -> Text {
        let mut text = Text::new();
        match self {
            of!(windows) => windows::needs(self, &mut text),
            of!(padding) => padding::needs(self, &mut text),
            of!(arguments) => arguments::needs(self, &mut text),
            of!(inputs) => inputs::needs(self, &mut text),
            of!(equations) => equations::needs(self, &mut text),
            of!(shapes) => shapes::needs(self, &mut text),
            of!(networks) => {}
        }
        text
    }

    /// The argument at which the error should be shown, where it is one
    /// argument's fault.
    #[must_use]
    pub const fn argument(&self) -> Option<&'static str> {
        match self {
            of!(windows) => windows::argument(self),
            of!(padding) => Some(padding::argument(self)),
            of!(arguments) => arguments::argument(self),
            of!(shapes) => shapes::argument(self),
            of!(equations) => Some("equation"),
            of!(inputs) => inputs::argument(self),
            of!(networks) => None,
        }
    }

    /// Whether the error is the same whatever the extents are: it is about how many axes
    /// there are, or how many inputs.
    ///
    /// ```
    /// use shapewise_core::{Layer, Shape, catalogue};
    ///
    /// let linear = catalogue::find("linear").expect("a layer");
    /// let image = [Shape::new(&[32, 32, 3])];
    /// let layer = Layer::build(linear, &[("features", shapewise_core::Value::Int(10))], &image);
    /// let error = layer.and_then(|layer| layer.output(&image, 0)).expect_err("an image");
    /// assert!(error.is_of_rank());
    /// ```
    #[must_use]
    pub const fn is_of_rank(&self) -> bool {
        if let Self::Equation { fault, .. } = self {
            return !matches!(fault, EquationFault::Differs { .. });
        }
        matches!(
            self,
            Self::InputRank { .. }
                | Self::LinearOnImage { .. }
                | Self::AxisCount { .. }
                | Self::OperandCount { .. }
        )
    }

    /// What could be written instead, the likeliest first. None of them is
    /// checked here: a caller shows those with which the layer fits.
    #[must_use]
    pub const fn fixes(&self) -> [Fix; 3] {
        match self {
            of!(windows) => windows::fixes(self),
            of!(padding) => padding::fixes(self),
            of!(arguments) => arguments::fixes(self),
            of!(inputs) => inputs::fixes(self),
            of!(equations) => equations::fixes(self),
            of!(shapes) => shapes::fixes(self),
            of!(networks) => [Fix::None; 3],
        }
    }
}
