//! Sums over the pieces of a network.

use super::{Checkpoint, Model, Optimizer, PlanError, Training};
use crate::analysis::{Flow, Placed, Span, Stored};
use crate::layer::attention::Attention;
use crate::layer::dense::Dense;
use crate::layer::kept::Backward;
use crate::layer::merge::Merge;
use crate::layer::shape_ops::ShapeOp;
use crate::layer::{Layer, Memory};

/// What the layers of a piece have, on one device.
#[derive(Clone, Copy, Debug)]
pub struct Sum {
    /// Trained parameters, without those of experts.
    pub(super) parameters: u64,
    /// Trained parameters of experts.
    pub(super) experts: u64,
    /// Elements of buffers.
    pub(super) buffers: u64,
    /// The numbers that `adafactor` has, without and for experts.
    pub(super) factored: u64,
    pub(super) factored_experts: u64,
    /// The parameters of its largest layer.
    pub(super) largest: u64,
    /// Multiply-accumulates of one sample, and those that are done again for scores.
    pub(super) macs: u64,
    pub(super) scores: u64,
    /// Bytes that are kept from the way forth to the way back.
    pub(super) kept: u64,
    /// Bytes that are there while it is recomputed.
    pub(super) again: u64,
}

impl Sum {
    /// What places hold before they are filled.
    pub const NOTHING: Self = Self {
        parameters: 0,
        experts: 0,
        buffers: 0,
        factored: 0,
        factored_experts: 0,
        largest: 0,
        macs: 0,
        scores: 0,
        kept: 0,
        again: 0,
    };

    /// Its trained parameters.
    #[must_use]
    pub const fn parameters(&self) -> u64 {
        self.parameters.saturating_add(self.experts)
    }

    /// The bytes that it keeps from the way forth to the way back.
    #[must_use]
    pub const fn kept_bytes(&self) -> u64 {
        self.kept
    }

    /// Whether there is anything in it.
    pub(super) const fn is_something(&self) -> bool {
        self.macs > 0 || self.parameters() > 0 || self.kept > 0
    }

    /// Both together; one of them is recomputed at a time.
    pub(super) const fn plus(self, other: &Self) -> Self {
        Self {
            parameters: self.parameters.saturating_add(other.parameters),
            experts: self.experts.saturating_add(other.experts),
            buffers: self.buffers.saturating_add(other.buffers),
            factored: self.factored.saturating_add(other.factored),
            factored_experts: self.factored_experts.saturating_add(other.factored_experts),
            largest: larger(self.largest, other.largest),
            macs: self.macs.saturating_add(other.macs),
            scores: self.scores.saturating_add(other.scores),
            kept: self.kept.saturating_add(other.kept),
            again: larger(self.again, other.again),
        }
    }
}

const fn larger(a: u64, b: u64) -> u64 {
    if a > b { a } else { b }
}

/// Sums up what each piece has and keeps.
pub(super) const fn sum_up(
    model: &Model<'_>,
    plan: &Training,
    pass: &Backward,
    places: &mut [Stored],
    sums: &mut [Sum],
) -> Result<(), PlanError> {
    let mut piece = 0;
    while piece < model.spans.len() {
        sums[piece] = Sum::NOTHING;
        piece += 1;
    }
    let flow = &model.flow;
    if plan.expert > 1 {
        match share_experts(flow, plan.expert) {
            Ok(()) => {}
            Err(error) => return Err(error),
        }
    }
    if plan.tensor > 1 {
        match share(flow, plan.tensor, places) {
            Ok(()) => {}
            Err(error) => return Err(error),
        }
    }
    let mut i = 0;
    let mut piece = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        while piece + 1 < model.spans.len() && model.spans[piece].end <= i {
            piece += 1;
        }
        let again = piece < model.spans.len() && plan.recomputes(&model.spans[piece]);
        add_layer(flow, &node, (piece, again), plan, places, sums);
        i += 1;
    }
    let mut value = 0;
    while value < flow.values() {
        add_value(flow, value, model.spans, plan, pass, places, sums);
        value += 1;
    }
    Ok(())
}

/// Adds what a layer has, and what it keeps for itself.
const fn add_layer(
    flow: &Flow<'_>,
    node: &Placed<'_>,
    (piece, again): (usize, bool),
    plan: &Training,
    places: &[Stored],
    sums: &mut [Sum],
) {
    let counts = node.counts();
    let mut parameters = counts.params();
    let mut kept = 0;
    if node.output() < node.end() {
        let stored = &places[node.output()];
        let own = if plan.sequence {
            stored.own.div_ceil(plan.tensor)
        } else {
            stored.own
        };
        kept = own.saturating_add(stored.split.div_ceil(plan.tensor));
    }
    let factored = match plan.optimizer {
        Optimizer::Adafactor if parameters > 0 => Optimizer::factored(node.layer()),
        _ => (0, 0),
    };
    if plan.tensor > 1 && parameters > 0 {
        parameters = part(flow, node, plan.tensor, places);
    }
    let mut experts = 0;
    if let Layer::Mixture(mixture) = node.layer()
        && parameters > 0
    {
        experts = mixture.of_experts();
        parameters = parameters.saturating_sub(experts);
        experts = experts.div_ceil(plan.expert);
    }
    // `ZeRO` has nothing to gather of experts that no other device has.
    let gathered = if plan.expert_replicas() > 1 {
        experts
    } else {
        0
    };
    let scores = match (plan.checkpoint, node.layer()) {
        (Checkpoint::Attention, Layer::Attention(attention)) => {
            let shapes = flow.gather_few(node);
            attention.product_macs(shapes.split_at(node.inputs()).0)
        }
        _ => 0,
    };
    let more = Sum {
        parameters,
        experts,
        buffers: counts.buffers,
        factored: factored.0.div_ceil(plan.tensor),
        factored_experts: factored.1.div_ceil(plan.expert),
        largest: parameters.saturating_add(gathered),
        macs: counts.macs,
        scores,
        kept: if again { 0 } else { kept },
        again: 0,
    };
    let mut sum = sums[piece].plus(&more);
    if again {
        sum.again = sum.again.saturating_add(kept);
    }
    sums[piece] = sum;
}

/// Adds a value that is kept: to what is kept all the time, or while its piece is recomputed.
const fn add_value(
    flow: &Flow<'_>,
    value: usize,
    spans: &[Span],
    plan: &Training,
    pass: &Backward,
    places: &[Stored],
    sums: &mut [Sum],
) {
    let stored = places[value];
    if stored.buffer != value {
        return;
    }
    let made = stored.span;
    let again = made < spans.len() && plan.recomputes(&spans[made]);
    let needed = match plan.checkpoint {
        Checkpoint::Full => stored.reader.is_some(),
        Checkpoint::Copies => stored.outside || stored.read_by_copy,
        Checkpoint::None | Checkpoint::Attention => stored.elsewhere,
    };
    let inside = stored.inside && !again;
    if !needed && !stored.inside {
        return;
    }
    let each = if stored.indices { 8 } else { pass.width };
    let mut bytes = pass.elements(flow.shape(value)).saturating_mul(each);
    if stored.shared || plan.sequence {
        bytes = bytes.div_ceil(plan.tensor);
    }
    // It is held by the piece that makes it, or by the first one that reads it.
    let holder = match stored.reader {
        _ if inside => made,
        Some(reader) => reader,
        None => made,
    };
    if holder < spans.len() && (needed || inside) {
        let sum = &mut sums[holder];
        sum.kept = sum.kept.saturating_add(bytes);
    }
    if stored.inside && again {
        let sum = &mut sums[made];
        sum.again = sum.again.saturating_add(bytes);
    }
}

/// Says of each value whether devices that share layers have a part of it: what lies between
/// two linear layers, of which the first has some of its rows on each device and the second
/// some of its columns, and between the projections of an attention.
const fn share(flow: &Flow<'_>, tensor: u64, places: &mut [Stored]) -> Result<(), PlanError> {
    // What follows, element by element, from linear layers alone.
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        match divides(node.layer(), tensor) {
            Ok(()) => {}
            Err(error) => return Err(error),
        }
        let columns = match passes(node.layer()) {
            Passes::Linear => !columns_enter(&node, places),
            Passes::Through => columns_enter(&node, places),
            Passes::Not => false,
        };
        let mut value = node.output();
        while value < node.end() {
            places[value].shared = columns;
            value += 1;
        }
        i += 1;
    }
    // Of those, what all readers take in parts.
    let mut value = 0;
    while value < flow.values() {
        places[value].takers = 0;
        value += 1;
    }
    let mut i = flow.nodes();
    while i > 0 {
        i -= 1;
        let node = flow.node(i);
        let mut taken = !matches!(passes(node.layer()), Passes::Not);
        let mut value = node.output();
        while value < node.end() {
            let place = &mut places[value];
            let all = place.takers == place.readers && place.takers > 0;
            place.shared = place.shared && all;
            if matches!(passes(node.layer()), Passes::Through) {
                taken = taken && place.shared;
            }
            value += 1;
        }
        let mut k = 0;
        while taken && k < node.inputs() {
            let input = node.input(k);
            places[input].takers += places[input].shared as usize;
            k += 1;
        }
    }
    let mut value = 0;
    while value < flow.values() {
        // A view is divided as what it is a view of.
        let buffer = places[value].buffer;
        places[value].shared = places[value].shared && places[buffer].shared;
        value += 1;
    }
    Ok(())
}

/// How a layer passes values on of which each device has a part.
enum Passes {
    /// It can make such values, or take them.
    Linear,
    /// It makes such values of such values.
    Through,
    /// It needs all.
    Not,
}

const fn passes(layer: &Layer) -> Passes {
    match layer {
        Layer::Dense(Dense::Linear(_)) => Passes::Linear,
        Layer::Attention(Attention::DotProduct(_) | Attention::Rotary(_))
        | Layer::Regularisation(_)
        | Layer::ShapeOp(ShapeOp::ChannelSplit(_))
        | Layer::Merge(Merge::Add { broadcast: false } | Merge::Mul { broadcast: false }) => {
            Passes::Through
        }
        Layer::Activation(_) if matches!(layer.memory(), Memory::InPlace) => Passes::Through,
        _ => Passes::Not,
    }
}

const fn columns_enter(node: &Placed<'_>, places: &[Stored]) -> bool {
    let mut k = 0;
    while k < node.inputs() {
        if !places[node.input(k)].shared {
            return false;
        }
        k += 1;
    }
    node.inputs() > 0
}

/// Whether devices can share a layer evenly.
const fn divides(layer: &Layer, tensor: u64) -> Result<(), PlanError> {
    let (what, count) = match layer {
        Layer::Attention(Attention::MultiHead(attention)) => ("heads", attention.heads),
        Layer::Attention(Attention::DotProduct(attention)) => ("heads", attention.heads),
        Layer::Attention(Attention::Transformer(transformer)) => ("heads", transformer.heads),
        _ => return Ok(()),
    };
    if (count as u64).is_multiple_of(tensor) {
        return Ok(());
    }
    Err(PlanError::Share {
        key: "tensor",
        devices: tensor,
        what,
        count: count as u64,
    })
}

/// Whether devices can share the experts of each mixture evenly.
pub(super) const fn share_experts(flow: &Flow<'_>, expert: u64) -> Result<(), PlanError> {
    let mut i = 0;
    while i < flow.nodes() {
        if let Layer::Mixture(mixture) = flow.node(i).layer()
            && !(mixture.experts as u64).is_multiple_of(expert)
        {
            return Err(PlanError::Share {
                key: "expert",
                devices: expert,
                what: "experts",
                count: mixture.experts as u64,
            });
        }
        i += 1;
    }
    Ok(())
}

/// The parameters that each device has of a layer that several share.
const fn part(flow: &Flow<'_>, node: &Placed<'_>, tensor: u64, places: &[Stored]) -> u64 {
    let counts = node.counts();
    match node.layer() {
        Layer::Dense(Dense::Linear(_)) => {
            // Of a layer that takes parts, the bias is added to their sum.
            if places[node.input(0)].shared {
                counts
                    .weights
                    .div_ceil(tensor)
                    .saturating_add(counts.biases)
            } else {
                counts.params().div_ceil(tensor)
            }
        }
        Layer::Attention(_) => {
            let features = match flow.shape(node.output()).channels() {
                0 => 1,
                features => features as u64,
            };
            let mut whole: u64 = 0;
            let mut index = 0;
            // Normalisations, and biases of what is summed up.
            while let Some(tensor) = node.layer().tensor(index) {
                if tensor.extents.len() == 1
                    && tensor.extents.at(0) as u64 == features
                    && !matches!(tensor.role, crate::layer::Role::Buffer)
                {
                    whole = whole.saturating_add(features);
                }
                index += 1;
            }
            let divided = counts.params().saturating_sub(whole);
            divided.div_ceil(tensor).saturating_add(whole)
        }
        _ => counts.params(),
    }
}
