//! What training keeps for the backward pass.

use super::Flow;
use super::flow::Placed;
use crate::layer::kept::{Amounts, Backward, Kept, View};

/// How the elements of a value lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lying {
    /// One after the other.
    Rows,
    /// With the axes in another order.
    Permuted,
    /// Among others.
    Part,
}

/// What is known of a value in training, and of the layer that makes it.
#[derive(Clone, Copy, Debug)]
pub struct Stored {
    /// The value whose memory this one has: itself, or the one that it is a view of.
    pub buffer: usize,
    /// Whether the buffer is kept.
    pub is_kept: bool,
    /// Whether it holds indices.
    pub indices: bool,
    /// The layer that keeps it first.
    pub keeper: usize,
    /// Of the first result of a layer: the bytes that it keeps besides.
    pub own: u64,
    /// Of the first result of a layer: the bytes that it keeps besides, of which devices that
    /// share the layer have a part each.
    pub split: u64,
    /// Which of the spans it is made in; one beyond the last for what is in none.
    pub(crate) span: usize,
    /// Of a buffer: whether a layer of the span that makes it keeps it.
    pub(crate) inside: bool,
    /// Of a buffer: whether a layer of another span keeps it, one that is no copy of a repeat.
    pub(crate) outside: bool,
    /// Of a buffer: whether a layer of another span keeps it.
    pub(crate) elsewhere: bool,
    /// Of a buffer: the first other span that reads it, and whether a copy of a repeat does.
    pub(crate) reader: Option<usize>,
    pub(crate) read_by_copy: bool,
    /// How many layers read the value, and the network's outputs.
    pub(crate) readers: usize,
    /// How many of them take a part of it.
    pub(crate) takers: usize,
    /// Whether the devices that share layers have a part of it each.
    pub(crate) shared: bool,
    /// Whether a gradient is wanted for it.
    wanted: bool,
    lying: Lying,
}

/// Layers that are taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first of them.
    pub first: usize,
    /// The one after the last.
    pub end: usize,
    /// Whether it is a copy of a repeat.
    pub copy: bool,
}

impl Span {
    /// What places hold before they are filled.
    pub const NOTHING: Self = Self {
        first: 0,
        end: 0,
        copy: false,
    };
}

impl Stored {
    /// What places hold before [`store`] fills them.
    pub const NONE: Self = Self {
        buffer: 0,
        is_kept: false,
        indices: false,
        keeper: 0,
        own: 0,
        split: 0,
        span: 0,
        inside: false,
        outside: false,
        elsewhere: false,
        reader: None,
        read_by_copy: false,
        readers: 0,
        takers: 0,
        shared: false,
        wanted: false,
        lying: Lying::Rows,
    };

    const fn at(buffer: usize, wanted: bool, span: usize) -> Self {
        let mut stored = Self::NONE;
        stored.buffer = buffer;
        stored.wanted = wanted;
        stored.span = span;
        stored
    }
}

/// Finds out what is kept for the backward pass. A layer is asked where a gradient passes it:
/// where it has parameters, or what goes in wants one. `inputs_wanted` is whether the
/// network's inputs do, as where it stands behind another.
///
/// `places` has a place per value. Gives what is kept in all; a sum that does not fit 64 bits
/// is the largest number.
///
/// # Panics
///
/// With fewer places than values.
pub const fn store(
    flow: &Flow<'_>,
    pass: &Backward,
    inputs_wanted: bool,
    places: &mut [Stored],
) -> Amounts {
    store_in(flow, pass, inputs_wanted, &[], places)
}

/// [`store`] where layers are taken together, which stand in the order of the flow; what is in
/// none of these is by itself.
pub(crate) const fn store_in(
    flow: &Flow<'_>,
    pass: &Backward,
    inputs_wanted: bool,
    spans: &[Span],
    places: &mut [Stored],
) -> Amounts {
    let mut all = Amounts::NOTHING;
    let mut span = 0;
    let mut value = 0;
    while value < flow.inputs() {
        places[value] = Stored::at(value, inputs_wanted, spans.len());
        value += 1;
    }
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        while span < spans.len() && spans[span].end <= i {
            span += 1;
        }
        let within = if span < spans.len() && spans[span].first <= i {
            span
        } else {
            spans.len()
        };
        let wanted = node.is_trained() || wants(&node, places);
        let mut value = node.output();
        while value < node.end() {
            places[value] = Stored::at(value, wanted, within);
            value += 1;
        }
        if !spans.is_empty() {
            read(&node, within, spans, places);
        }
        let kept = asked(flow, &node, pass);
        lay(&node, &kept, places);
        if wanted {
            let copy = within < spans.len() && spans[within].copy;
            let keeper = Keeper {
                index: i,
                span: within,
                copy,
            };
            all = all.plus(keep(flow, keeper, &node, &kept, pass, places));
        }
        i += 1;
    }
    all
}

/// As many inputs as nearly all layers have: const evaluation copies their shapes.
pub(super) const FEW: usize = 3;

/// Says of what a layer reads who reads it.
const fn read(node: &Placed<'_>, span: usize, spans: &[Span], places: &mut [Stored]) {
    let mut k = 0;
    while k < node.inputs() {
        let value = node.input(k);
        places[value].readers += 1;
        let buffer = places[value].buffer;
        if places[buffer].span != span || span == spans.len() {
            if places[buffer].reader.is_none() {
                places[buffer].reader = Some(span);
            }
            places[buffer].read_by_copy |= span < spans.len() && spans[span].copy;
        }
        k += 1;
    }
}

/// What a layer answers.
const fn asked(flow: &Flow<'_>, node: &Placed<'_>, pass: &Backward) -> Kept {
    if node.inputs() <= FEW {
        let shapes = flow.gather_few(node);
        return node.layer().keeps(shapes.split_at(node.inputs()).0, pass);
    }
    let shapes = flow.gather(node);
    node.layer().keeps(shapes.split_at(node.inputs()).0, pass)
}

/// Whether one of the inputs wants a gradient.
const fn wants(node: &Placed<'_>, places: &[Stored]) -> bool {
    let mut k = 0;
    while k < node.inputs() {
        if places[node.input(k)].wanted {
            return true;
        }
        k += 1;
    }
    false
}

/// Says of a layer's results whose memory they have, and how they lie.
const fn lay(node: &Placed<'_>, kept: &Kept, places: &mut [Stored]) {
    let (parent, below) = match node.inputs() {
        0 => (node.output(), Lying::Rows),
        _ => {
            let parent = &places[node.input(0)];
            (parent.buffer, parent.lying)
        }
    };
    let rows = matches!(below, Lying::Rows);
    let (is_view, lying) = match kept.view {
        View::Own => (false, Lying::Rows),
        View::Steps => (false, Lying::Permuted),
        View::Alike if matches!(below, Lying::Permuted) => (false, Lying::Permuted),
        View::Alike => (false, Lying::Rows),
        View::Same => (true, below),
        View::Flat => (rows, Lying::Rows),
        View::Permuted => (true, Lying::Permuted),
        View::Part => (true, Lying::Part),
    };
    let mut value = node.output();
    while value < node.end() {
        if is_view {
            places[value].buffer = parent;
        }
        places[value].lying = lying;
        value += 1;
    }
}

/// The layer that keeps something, and the span that it is in.
#[derive(Clone, Copy)]
struct Keeper {
    index: usize,
    span: usize,
    copy: bool,
}

/// Keeps what a layer keeps; gives what nobody has kept before.
const fn keep(
    flow: &Flow<'_>,
    keeper: Keeper,
    node: &Placed<'_>,
    kept: &Kept,
    pass: &Backward,
    places: &mut [Stored],
) -> Amounts {
    let mut own = kept.own;
    let mut all = kept.split;
    let mut left = kept.inputs;
    let mut k = 0;
    while k < node.inputs() && left != 0 {
        let bit = 1 << k;
        let value = node.input(k);
        if left & bit != 0 && (!kept.crossed || others_want(node, k, places)) {
            if kept.rows & bit != 0 && !matches!(places[value].lying, Lying::Rows) {
                let copy = pass.elements(flow.shape(value));
                own.values = own.values.saturating_add(copy);
            } else {
                all = all.plus(mark(flow, places, value, keeper, kept.indices, pass));
            }
        }
        left &= !bit;
        k += 1;
    }
    let mut result = 0;
    while node.output() + result < node.end() && result < 64 {
        if kept.results >> result & 1 != 0 {
            let value = node.output() + result;
            all = all.plus(mark(flow, places, value, keeper, false, pass));
        }
        result += 1;
    }
    if node.output() < node.end() {
        places[node.output()].own = own.bytes(pass);
        places[node.output()].split = kept.split.bytes(pass);
    }
    all.plus(own)
}

/// Whether an input other than the one at `place` wants a gradient; the same value twice is
/// another input, too.
const fn others_want(node: &Placed<'_>, place: usize, places: &[Stored]) -> bool {
    let mut k = 0;
    while k < node.inputs() {
        if k != place && places[node.input(k)].wanted {
            return true;
        }
        k += 1;
    }
    false
}

/// Keeps the buffer of a value; gives what that takes, if nobody has kept it before.
const fn mark(
    flow: &Flow<'_>,
    places: &mut [Stored],
    value: usize,
    keeper: Keeper,
    indices: bool,
    pass: &Backward,
) -> Amounts {
    let buffer = places[value].buffer;
    let mut more = Amounts::NOTHING;
    let stored = &mut places[buffer];
    if stored.span == keeper.span {
        stored.inside = true;
    } else {
        stored.elsewhere = true;
        stored.outside |= !keeper.copy;
    }
    if stored.is_kept {
        return more;
    }
    stored.is_kept = true;
    stored.keeper = keeper.index;
    stored.indices = indices;
    let elements = pass.elements(flow.shape(buffer));
    if indices {
        more.indices = elements;
    } else {
        more.values = elements;
    }
    more
}
