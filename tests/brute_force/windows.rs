//! Output sizes of convolution and pooling, laid window by window.

use proptest::prelude::*;
use shapewise::{Error, Extents, Value};

use super::axes::{Axis, axes, build, every, input, padding, window};

/// The windows of a pool with `ceil_mode`: they are laid until one reaches the
/// end of the padded axis, and one that would start beyond the input is not laid.
fn ceil_positions(axis: &Axis) -> usize {
    let reached = |windows: usize| match windows.checked_sub(1) {
        Some(last) => axis
            .taps(last * axis.stride)
            .any(|element| element + 1 >= axis.padded()),
        // The window before the first would have covered everything already.
        None => axis
            .taps(0)
            .any(|element| element + 1 >= axis.padded() + axis.stride),
    };
    let mut windows = 0;
    while !reached(windows) {
        windows += 1;
    }
    if windows > 0 && (windows - 1) * axis.stride >= axis.before + axis.input {
        windows -= 1;
    }
    windows
}

/// `Ok` with the extents when every axis has a window.
fn outcome(sizes: Extents) -> Option<Extents> {
    (!sizes.has_zero()).then_some(sizes)
}

proptest! {
    #[test]
    fn convolution_has_as_many_positions_as_fit(axes in axes(3, 12)) {
        let mut arguments = window(&axes);
        arguments.push(("channels", Value::Int(5)));
        arguments.push(("padding", padding(&axes)));
        let expected = outcome(every(&axes, |axis| axis.positions().len()));
        match build("conv", &arguments, &[input(&axes, 2)]) {
            Ok((_, output)) => prop_assert_eq!(Some(output.spatial()), expected),
            Err(error) => {
                prop_assert!(matches!(error, Error::WindowTooLarge { .. }), "{}", error);
                prop_assert_eq!(expected, None);
            }
        }
    }

    #[test]
    fn pooling_has_as_many_positions_as_fit(
        mut axes in axes(2, 8),
        ceil_mode: bool,
        legal_padding: bool,
    ) {
        if legal_padding {
            for axis in &mut axes {
                axis.before = axis.before.min(axis.kernel / 2);
                axis.after = axis.after.min(axis.kernel / 2);
            }
        }
        let mut arguments = window(&axes);
        arguments.push(("padding", padding(&axes)));
        arguments.push(("ceil_mode", Value::Bool(ceil_mode)));
        let over_half = axes.iter().any(|axis| axis.before.max(axis.after) > axis.kernel / 2);
        let expected = outcome(every(&axes, |axis| match ceil_mode {
            true => ceil_positions(axis),
            false => axis.positions().len(),
        }));
        match build("max_pool", &arguments, &[input(&axes, 2)]) {
            Ok((_, output)) => {
                prop_assert!(!over_half);
                prop_assert_eq!(Some(output.spatial()), expected);
                prop_assert_eq!(output.channels(), 2);
            }
            Err(Error::PaddingOverHalf { .. }) => prop_assert!(over_half),
            Err(error) => {
                prop_assert!(matches!(error, Error::WindowTooLarge { .. }), "{}", error);
                prop_assert_eq!(expected, None);
            }
        }
    }

    /// Every pool with a window has the positions of `max_pool`.
    #[test]
    fn pools_agree(axes in axes(2, 12), ceil_mode: bool) {
        let mut arguments = window(&axes);
        arguments.retain(|(name, _)| *name != "dilation");
        arguments.push(("ceil_mode", Value::Bool(ceil_mode)));
        let shape = [input(&axes, 3)];
        let max = build("max_pool", &arguments, &shape).map(|(_, output)| output);
        let average = build("avg_pool", &arguments, &shape).map(|(_, output)| output);
        prop_assert_eq!(max, average);
        arguments.push(("norm_type", Value::Int(2)));
        let power = build("lp_pool", &arguments, &shape).map(|(_, output)| output);
        prop_assert_eq!(max, power);
    }

    #[test]
    fn the_default_stride_of_a_pool_is_its_kernel(axes in axes(3, 12)) {
        let kernel = ("kernel", Value::Extents(every(&axes, |axis| axis.kernel)));
        let stride = ("stride", Value::Extents(every(&axes, |axis| axis.kernel)));
        let shape = [input(&axes, 3)];
        let written = build("max_pool", &[kernel, stride], &shape);
        prop_assert_eq!(build("max_pool", &[kernel], &shape), written);
    }
}
