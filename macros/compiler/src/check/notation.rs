//! Shapes that are legal and mean something else than their author thinks:
//! without channels, with the channels first, with the batch.

use shapewise_core::Shape;
use shapewise_core::error::Error as CoreError;

use super::layer::{Subject, outcome};

/// How many channels an image has at most.
const MOST_CHANNELS: usize = 4;

/// The help for an error that comes of how the network's input is written.
pub(super) fn hint(subject: &Subject<'_>, error: &CoreError) -> String {
    let Some(port) = subject.port else {
        return String::new();
    };
    // The layer itself can be tried where the input flows straight into it.
    let direct = subject
        .inputs
        .first()
        .is_some_and(|input| input.shape == port);
    let (why, meant) = match error {
        CoreError::AxisCount { given, input, .. }
            if direct && given.len() == input.rank() && input.channels() > MOST_CHANNELS =>
        {
            let mut extents = extents(&port);
            extents.push(1);
            ("an image has channels", extents)
        }
        CoreError::AxisCount { given, input, .. }
            if direct && given.len() >= 2 && given.len() + 2 == input.rank() =>
        {
            let without: Vec<usize> = extents(&port).into_iter().skip(1).collect();
            let meant = channels_last(&without).unwrap_or(without);
            ("the batch is never written", meant)
        }
        CoreError::WindowTooLarge { .. } => match channels_last(&extents(&port)) {
            Some(meant) => ("channels are written last", meant),
            None => return String::new(),
        },
        CoreError::InexactStride { window, unseen, .. } if direct => {
            let mut meant = extents(&port);
            for (axis, extent) in meant.iter_mut().enumerate().take(unseen.len()) {
                if unseen.at(axis) > 0 {
                    *extent = extent.saturating_add(window.stride.at(axis) - unseen.at(axis));
                }
            }
            ("the next input that tiles", meant)
        }
        _ => return String::new(),
    };
    let Some(shape) = Shape::try_new(&meant) else {
        return String::new();
    };
    if !direct {
        return format!("{why}: declare the input as `{shape}`");
    }
    let exact = subject.deny_inexact_stride;
    match outcome(subject.entry, subject.given, &[shape], exact) {
        Some(output) => format!("{why}: declare the input as `{shape}` (=> {output})"),
        None => String::new(),
    }
}

/// `227x227x3` for `3x227x227`, where the first extent looks like channels and
/// the last one does not.
fn channels_last(extents: &[usize]) -> Option<Vec<usize>> {
    let (first, rest) = extents.split_first()?;
    let last = rest.last()?;
    let looks = rest.len() >= 2 && *first <= MOST_CHANNELS && *last > MOST_CHANNELS;
    looks.then(|| {
        let mut meant = rest.to_vec();
        meant.push(*first);
        meant
    })
}

fn extents(shape: &Shape) -> Vec<usize> {
    shape.extents().as_slice().to_vec()
}
