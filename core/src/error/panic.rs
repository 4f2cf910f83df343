//! How a const evaluation stops with an error.

use super::Error;
use crate::shape::Shape;
use crate::text::Text;

impl Error {
    /// Stops a const evaluation with the error's text.
    ///
    /// # Panics
    ///
    /// Always: this is how rustc reports the error at the caller's tokens.
    #[track_caller]
    pub const fn panic(&self, layer: &str) -> ! {
        let mut text = self.headline(layer);
        let needs = self.needs();
        if !needs.is_empty() {
            text.str("; needs ").str(needs.as_str());
        }
        panic!("{}", text.as_str())
    }

    /// Stops a const evaluation with the error's text and the shapes of the
    /// layer's inputs, a line for each fact, as the macro lays them out. What led to the
    /// layer stands in further lines of what it is called.
    ///
    /// # Panics
    ///
    /// Always, as [`Error::panic`].
    #[track_caller]
    pub const fn panic_on(&self, layer: &str, inputs: &[Shape]) -> ! {
        let (layer, within) = Text::apart(layer);
        let mut text = self.headline(layer);
        let mut i = 0;
        while i < inputs.len() && i < 4 {
            text.str("\n  input   ").shape(&inputs[i]);
            i += 1;
        }
        let needs = self.needs();
        if !needs.is_empty() {
            text.str("\n  needs   ").str(needs.as_str());
        }
        text.str(within);
        panic!("{}", text.as_str())
    }
}
