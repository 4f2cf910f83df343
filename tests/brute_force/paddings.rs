//! What `same`, `half` and `causal` promise.

use proptest::prelude::*;
use shapewise::layer::Window;
use shapewise::layer::convolution::Convolution;
use shapewise::{Error, Layer, Shape, Value};

use super::axes::{Axis, axes, build, every, input, window};

/// A convolution with this keyword as its padding: its window and its output.
fn conv(axes: &[Axis], keyword: &'static str) -> Result<(Window, Shape), Error> {
    let mut arguments = window(axes);
    arguments.push(("channels", Value::Int(2)));
    arguments.push(("padding", Value::Keyword(keyword)));
    match build("conv", &arguments, &[input(axes, 3)])? {
        (Layer::Convolution(Convolution::Conv(conv)), output) => Ok((conv.window, output)),
        (layer, _) => panic!("`conv` builds {layer:?}"),
    }
}

/// The axis with the padding that the keyword stands for.
fn resolved(axis: Axis, window: &Window, place: usize) -> Axis {
    Axis {
        before: window.padding.before().at(place),
        after: window.padding.after().at(place),
        ..axis
    }
}

proptest! {
    #[test]
    fn same_divides_by_the_stride_with_the_least_padding(axes in axes(3, 12)) {
        let (window, output) = conv(&axes, "same")?;
        prop_assert_eq!(output.spatial(), every(&axes, |axis| axis.input.div_ceil(axis.stride)));
        for (place, axis) in axes.iter().enumerate() {
            let mut axis = resolved(*axis, &window, place);
            let odd = axis.after.checked_sub(axis.before);
            prop_assert!(odd.is_some_and(|odd| odd <= 1), "{:?}", axis);
            let positions = axis.positions().len();
            if axis.after > 0 {
                axis.after -= 1;
                prop_assert!(axis.positions().len() < positions, "{:?} is too much", axis);
            }
        }
    }

    #[test]
    fn half_keeps_the_size_at_stride_1_and_has_a_middle(mut axes in axes(3, 12)) {
        let even = axes.iter().any(|axis| axis.kernel % 2 == 0);
        for axis in &mut axes {
            axis.stride = 1;
        }
        match conv(&axes, "half") {
            Ok((window, output)) => {
                prop_assert!(!even);
                prop_assert!(window.padding.is_symmetric());
                prop_assert_eq!(output, input(&axes, 2));
                // The middle tap of the first window is the first element.
                for (place, axis) in axes.iter().enumerate() {
                    let axis = resolved(*axis, &window, place);
                    prop_assert_eq!(axis.taps(0).nth(axis.kernel / 2), Some(axis.before));
                }
            }
            Err(error) => {
                prop_assert!(matches!(error, Error::EvenWindow { .. }), "{}", error);
                prop_assert!(even);
            }
        }
    }

    #[test]
    fn causal_sees_nothing_that_comes_later(axes in axes(1, 12)) {
        let (window, output) = conv(&axes, "causal")?;
        let axis = resolved(axes[0], &window, 0);
        prop_assert_eq!(output.spatial().at(0), axis.input.div_ceil(axis.stride));
        for start in axis.positions() {
            // The last tap is the element itself, everything else is earlier.
            prop_assert_eq!(axis.taps(start).last(), Some(start + axis.before));
        }
    }

    #[test]
    fn causal_is_for_sequences(axes in axes(3, 12)) {
        let causal = conv(&axes, "causal");
        prop_assert_eq!(causal.is_ok(), axes.len() == 1);
    }
}
