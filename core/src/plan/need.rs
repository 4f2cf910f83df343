//! What a plan of training takes of a network.

use super::spans::spans_of;
use super::sum::{Sum, sum_up};
use super::{Checkpoint, Model, PlanError, Training, in_places};
use crate::analysis::{Flow, Skip, Span, Stored, store_in, with_places};
use crate::graph::{DType, Graph};
use crate::layer::kept::Backward;

impl Training {
    /// What it takes of a network, on the device that needs most.
    ///
    /// `places` has a place per value, `sums` one per piece of the model.
    ///
    /// # Errors
    ///
    /// A [`PlanError`] where the plan cannot be.
    ///
    /// # Panics
    ///
    /// With fewer places.
    pub const fn need(
        &self,
        model: &Model<'_>,
        own: DType,
        places: &mut [Stored],
        sums: &mut [Sum],
    ) -> Result<TrainNeed, PlanError> {
        match self.fill(model, own, places, sums) {
            Ok(()) => self.worst_stage(model.spans, own, sums),
            Err(error) => Err(error),
        }
    }

    /// Finds what each piece has and keeps.
    const fn fill(
        &self,
        model: &Model<'_>,
        own: DType,
        places: &mut [Stored],
        sums: &mut [Sum],
    ) -> Result<(), PlanError> {
        match self.check() {
            Ok(()) => {}
            Err(error) => return Err(error),
        }
        let width = match self.dtype {
            Some(dtype) => dtype.bytes(),
            None => own.bytes(),
        };
        let pass = Backward {
            autograd: self.autograd,
            samples: self.micro_batch(),
            width,
            again: matches!(self.checkpoint, Checkpoint::Attention),
        };
        store_in(&model.flow, &pass, false, model.spans, places);
        sum_up(model, self, &pass, places, sums)
    }

    /// What the stage needs that needs most.
    const fn worst_stage(
        &self,
        spans: &[Span],
        own: DType,
        sums: &[Sum],
    ) -> Result<TrainNeed, PlanError> {
        let pieces = spans.len();
        if self.pipeline > pieces as u64 {
            return Err(PlanError::Stages {
                pipeline: self.pipeline,
                pieces: pieces as u64,
            });
        }
        let most = balanced(sums, pieces, self.pipeline);
        let mut worst: Option<TrainNeed> = None;
        let mut all = Sum::NOTHING;
        let mut again: u64 = 0;
        let mut piece = 0;
        let mut stage = 0;
        while stage < self.pipeline {
            let mut part = Sum::NOTHING;
            // A piece is left for each stage that follows.
            let end = pieces - cut(self.pipeline - 1 - stage);
            while piece < end {
                let next = &sums[piece];
                let full = part.macs.saturating_add(next.macs) > most && part.is_something();
                if full && stage + 1 < self.pipeline {
                    break;
                }
                part = part.plus(next);
                if self.recomputes(&spans[piece]) {
                    again = again.saturating_add(next.macs);
                }
                piece += 1;
            }
            all = all.plus(&part);
            // One forth, one back: a stage has as many parts in flight as stages follow.
            let left = self.pipeline - stage;
            let flight = if left < self.accumulate {
                left
            } else {
                self.accumulate
            };
            part.kept = part.kept.saturating_mul(flight);
            let mut need = self.needed(&part, own);
            need.stage = stage;
            let total = need.total();
            if total == u64::MAX {
                return Err(PlanError::Overflow);
            }
            let more = match &worst {
                Some(worst) => total > worst.total(),
                None => true,
            };
            if more {
                worst = Some(need);
            }
            stage += 1;
        }
        match worst {
            Some(mut need) => {
                // Forth, and twice as much back.
                need.macs = all.macs.saturating_mul(3).saturating_add(again);
                need.macs = need.macs.saturating_add(all.scores);
                Ok(need)
            }
            None => Err(PlanError::Nothing { what: "pipeline" }),
        }
    }

    /// What it takes of a graph, on the device that needs most.
    ///
    /// # Errors
    ///
    /// A [`PlanError`] where the plan cannot be, or with more values than a thread's stack has
    /// places for.
    pub fn train(&self, graph: &Graph) -> Result<TrainNeed, PlanError> {
        let values = graph.values_inside();
        let mut found = Err(PlanError::TooManyValues { values });
        // What does not find places leaves the error: they all lie on one stack.
        let mut with = |spans: &mut [Span], places: &mut [Stored], sums: &mut [Sum]| {
            let count = spans_of(graph, spans);
            let model = Model {
                flow: Flow::of(graph),
                spans: &spans[..count],
            };
            found = self.need(&model, graph.dtype(), places, sums);
        };
        if values <= MOST_VALUES {
            let _ = with_places(values, Span::NOTHING, &mut |spans| {
                let _ = with_places(values, Stored::NONE, &mut |places| {
                    let _ = with_places(values, Sum::NOTHING, &mut |sums| {
                        with(spans, places, sums);
                    });
                });
            });
        }
        found
    }

    /// [`Training::train`] for constants: of a network with up to 8,192 values.
    ///
    /// # Panics
    ///
    /// Where [`Training::train`] gives an error.
    #[must_use]
    pub const fn of(&self, graph: &Graph) -> TrainNeed {
        #[inline(never)]
        const fn with<const N: usize>(
            graph: &Graph,
            plan: &Training,
        ) -> Result<TrainNeed, PlanError> {
            let mut all = [Span::NOTHING; N];
            let count = spans_of(graph, &mut all);
            let all = all.split_at(count).0;
            let mut flow = Flow::of(graph);
            let mut left = [Span::NOTHING; N];
            // Copies of a repeat that are like others need not be looked at again.
            let skip = Skip::of(graph, all);
            let spans = match skip {
                Some(skip) => {
                    flow = flow.without(skip);
                    let count = skip.leave(all, &mut left);
                    left.split_at(count).0
                }
                None => all,
            };
            let model = Model { flow, spans };
            let mut places = [Stored::NONE; N];
            let mut sums = [Sum::NOTHING; N];
            match plan.fill(&model, graph.dtype(), &mut places, &mut sums) {
                Ok(()) => {}
                Err(error) => return Err(error),
            }
            if let Some(skip) = skip {
                let mut piece = count;
                while piece > 0 {
                    piece -= 1;
                    sums[piece] = sums[skip.piece(piece)];
                }
            }
            plan.worst_stage(all, graph.dtype(), &sums)
        }
        match in_places!(graph, with, self) {
            Ok(need) => need,
            Err(error) => error.panic(),
        }
    }
}

/// So many values have places for all that is to be found on a thread's stack.
const MOST_VALUES: usize = 4096;

/// A number of pieces as a place.
#[expect(
    clippy::cast_possible_truncation,
    reason = "there are no more stages than pieces"
)]
const fn cut(pieces: u64) -> usize {
    pieces as usize
}

/// The fewest multiply-accumulates that the largest of so many stages can have, each of some
/// pieces in a row.
const fn balanced(sums: &[Sum], pieces: usize, stages: u64) -> u64 {
    let mut least: u64 = 0;
    let mut most: u64 = 0;
    let mut piece = 0;
    while piece < pieces {
        let macs = sums[piece].macs;
        if macs > least {
            least = macs;
        }
        most = most.saturating_add(macs);
        piece += 1;
    }
    if stages == 1 {
        return most;
    }
    while least < most {
        let middle = u64::midpoint(least, most);
        let (mut count, mut sum) = (1, 0u64);
        // The largest of these stages, and the least that would let one of them have more: no
        // bound in between is worth trying.
        let (mut largest, mut next) = (0, u64::MAX);
        let mut piece = 0;
        while piece < pieces {
            let macs = sums[piece].macs;
            let with = sum.saturating_add(macs);
            if with > middle {
                if with < next {
                    next = with;
                }
                count += 1;
                sum = macs;
            } else {
                sum = with;
            }
            if sum > largest {
                largest = sum;
            }
            piece += 1;
        }
        if count <= stages {
            most = largest;
        } else {
            least = next;
        }
    }
    most
}

/// What training takes on a device, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrainNeed {
    /// The parameters.
    pub parameters: u64,
    /// Buffers, such as running statistics, as `f32`.
    pub buffers: u64,
    /// The gradients of the parameters.
    pub gradients: u64,
    /// The copy of the parameters in `f32`.
    pub master: u64,
    /// What the optimiser holds.
    pub optimizer: u64,
    /// With `ZeRO` 3, the parameters of the largest layer and their gradients, gathered from all
    /// devices.
    pub gathered: u64,
    /// What is kept from the way forth to the way back, of all parts that are in flight.
    pub activations: u64,
    /// With checkpointing, what is recomputed at once.
    pub recomputed: u64,
    /// The multiply-accumulates of a sample, all stages together: those of the way forth, of
    /// the way back, and what is recomputed.
    pub macs: u64,
    /// Which stage of the pipeline it is that needs so much.
    pub stage: u64,
}

impl TrainNeed {
    /// All together.
    #[must_use]
    pub const fn total(&self) -> u64 {
        let parts = self.parts();
        let mut total: u64 = 0;
        let mut i = 0;
        while i < parts.len() {
            total = total.saturating_add(parts[i].1);
            i += 1;
        }
        total
    }

    /// What it consists of, with what each part is called.
    #[must_use]
    pub const fn parts(&self) -> [(&'static str, u64); 8] {
        [
            ("parameters", self.parameters),
            ("buffers", self.buffers),
            ("gradients", self.gradients),
            ("master weights", self.master),
            ("optimizer", self.optimizer),
            ("gathered layer", self.gathered),
            ("activations", self.activations),
            ("recomputed", self.recomputed),
        ]
    }
}
