//! Output sizes of transposed convolution, tap by tap.

use proptest::prelude::*;
use shapewise::{Error, Value};

use super::axes::{Axis, axes, build, every, input, padding, window};

/// The elements from the first that a tap reaches to the last.
fn span(axis: &Axis) -> usize {
    let reached = (0..axis.input).flat_map(|element| axis.taps(element * axis.stride));
    reached.max().map_or(0, |last| last + 1)
}

proptest! {
    #[test]
    fn the_output_is_what_the_taps_reach(axes in axes(3, 6)) {
        let mut arguments = window(&axes);
        arguments.push(("channels", Value::Int(2)));
        arguments.push(("padding", padding(&axes)));
        let added = every(&axes, |axis| axis.output_padding);
        arguments.push(("output_padding", Value::Extents(added)));
        let too_much = axes
            .iter()
            .any(|axis| axis.output_padding >= axis.stride && axis.output_padding >= axis.dilation);
        let left = every(&axes, |axis| {
            (span(axis) + axis.output_padding).saturating_sub(axis.before + axis.after)
        });
        match build("conv_transpose", &arguments, &[input(&axes, 3)]) {
            Ok((_, output)) => {
                prop_assert!(!too_much);
                prop_assert_eq!(output.spatial(), left);
            }
            Err(Error::OutputPadding { .. }) => prop_assert!(too_much),
            Err(error) => {
                prop_assert!(matches!(error, Error::NothingLeft { .. }), "{}", error);
                prop_assert!(left.has_zero());
            }
        }
    }

    /// The other way round: the convolution with the same window brings the
    /// output of a transposed convolution back to the size of its input.
    #[test]
    fn a_convolution_undoes_it(axes in axes(3, 6)) {
        let mut arguments = window(&axes);
        arguments.push(("channels", Value::Int(2)));
        arguments.push(("padding", padding(&axes)));
        let small = input(&axes, 2);
        if let Ok((_, large)) = build("conv_transpose", &arguments, &[small]) {
            let (_, back) = build("conv", &arguments, &[large]).expect("it came from there");
            prop_assert_eq!(back, small);
        }
    }

    #[test]
    fn same_multiplies_by_the_stride(axes in axes(3, 6)) {
        let mut arguments = window(&axes);
        arguments.push(("channels", Value::Int(2)));
        arguments.push(("padding", Value::Keyword("same")));
        let (_, output) = build("conv_transpose", &arguments, &[input(&axes, 3)])?;
        prop_assert_eq!(output.spatial(), every(&axes, |axis| axis.input * axis.stride));
    }

    /// Keras's rule for `same` with an output padding: half of the window is
    /// taken off at both ends.
    #[test]
    fn same_with_an_output_padding_is_half_of_the_window(axes in axes(3, 6)) {
        let mut arguments = window(&axes);
        arguments.push(("channels", Value::Int(2)));
        arguments.push(("padding", Value::Keyword("same")));
        let added = every(&axes, |axis| axis.stride - 1);
        arguments.push(("output_padding", Value::Extents(added)));
        let expected = every(&axes, |axis| {
            let reach = axis.taps(0).last().map_or(0, |last| last + 1);
            span(axis) + axis.stride - 1 - 2 * (reach / 2)
        });
        if !expected.has_zero() {
            let (_, output) = build("conv_transpose", &arguments, &[input(&axes, 3)])?;
            prop_assert_eq!(output.spatial(), expected);
        }
    }
}
