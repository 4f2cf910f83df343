//! Windows that do not see all.

use shapewise_compiler::graph::Node;
use shapewise_core::Error;
use shapewise_core::report::Grouped;

use super::facts::{Facts, argument, name, per_axis};
use super::finding::Finding;

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    for node in facts.nodes() {
        found.extend(stride_above_kernel(facts, node));
        found.extend(input_left_out(facts, node));
    }
}

fn stride_above_kernel(facts: &Facts<'_>, node: &Node) -> Option<Finding> {
    let windows = matches!(
        name(node),
        "conv" | "depthwise_conv" | "separable_conv" | "max_pool" | "avg_pool" | "lp_pool"
    );
    // What another layer reads, too, is not lost: the shortcut of a residual.
    if !windows || facts.uses(*node.step.inputs.first()?) != 1 {
        return None;
    }
    let input = facts.input(node, 0)?;
    let axes = input.spatial_rank();
    let kernel = per_axis(argument(node, "kernel"), axes)?;
    let stride = per_axis(argument(node, "stride"), axes)?;
    let one = vec![1; axes];
    let dilation = match argument(node, "dilation") {
        None => one,
        dilation => per_axis(dilation, axes)?,
    };
    // Between the elements of a dilated window others are left out, which the next ones see.
    if dilation.iter().any(|dilation| *dilation > 1) {
        return None;
    }
    let above: Vec<bool> = kernel
        .iter()
        .zip(&stride)
        .map(|(kernel, stride)| stride > kernel)
        .collect();
    if !above.contains(&true) {
        return None;
    }
    let (mut read, mut all) = (1_u64, 1_u64);
    for (kernel, stride) in kernel.iter().zip(&stride) {
        read = read.checked_mul(u64::try_from(*kernel.min(stride)).ok()?)?;
        all = all.checked_mul(u64::try_from(*stride).ok()?)?;
    }
    let elements = input.checked_elements()?;
    let unread = elements - elements / all * read;
    Some(Finding {
        lint: "stride_above_kernel",
        place: node.step.place,
        headline: format!(
            "nobody reads {{}} of the {} elements that enter {}",
            Grouped(elements),
            node.step.called
        ),
        amount: unread,
        why: format!(
            "the stride is larger than the window: {read} of {all} elements are looked at"
        ),
        change: "take a smaller stride, or a pool before it that reads all".to_owned(),
    })
}

fn input_left_out(facts: &Facts<'_>, node: &Node) -> Option<Finding> {
    // What is left out at the end of an axis, in hundredths of it.
    const LEAST: usize = 5;
    // What another layer reads, too, is not lost: the shortcut of a residual.
    if facts.uses(*node.step.inputs.first()?) != 1 {
        return None;
    }
    let input = facts.input(node, 0)?;
    let Some(Error::InexactStride { unseen, input, .. }) = node.layer.inexact_stride(&[input])
    else {
        return None;
    };
    let pairs = unseen.as_slice().iter().zip(input.as_slice());
    let worst = pairs
        .filter(|(unseen, extent)| **unseen * 100 >= LEAST * **extent)
        .max_by_key(|(unseen, extent)| **unseen * 1_000 / (**extent).max(1))?;
    let (unseen, extent) = worst;
    // A stride above the kernel is told of as such.
    if stride_above_kernel(facts, node).is_some() {
        return None;
    }
    Some(Finding {
        lint: "input_left_out",
        place: node.step.place,
        headline: format!(
            "{} leaves {unseen} of {extent} positions out at the end",
            node.step.called
        ),
        amount: 0,
        why: "the windows do not come out even, and the last ones are not looked at".to_owned(),
        change: "another padding, `ceil_mode = true` of a pool, or another input".to_owned(),
    })
}
