//! What serving takes.

use super::cache::Caches;
use super::spans::spans_of;
use super::sum::share_experts;
use super::{PlanError, in_places};
use crate::analysis::{Flow, Life, Skip, Span, lives, peak, with_places};
use crate::graph::{DType, Graph};
use crate::layer::{Layer, Role, Tensor};

/// How the weights of linear and attention layers, and of experts, are held; all other
/// parameters, those of routers among them, keep the plan's type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weights {
    /// As numbers of the plan's type.
    #[default]
    Plain,
    /// As 8-bit floats, with a scale for each row.
    Fp8,
    /// As 8-bit integers, with a scale for each row.
    Int8,
    /// As 4-bit integers, with a scale and a zero of 4 bits for each group in a row.
    Int4,
}

impl Weights {
    /// All of them, by their names in the language.
    pub const ALL: [(&'static str, Self); 4] = [
        ("plain", Self::Plain),
        ("fp8", Self::Fp8),
        ("int8", Self::Int8),
        ("int4", Self::Int4),
    ];

    /// Its name in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Fp8 => "fp8",
            Self::Int8 => "int8",
            Self::Int4 => "int4",
        }
    }
}

/// How a network is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serving {
    /// The samples, or sequences, that are served at once.
    pub batch: u64,
    /// The positions of each sequence that are kept in the cache; those of the network's first
    /// input where they are not given.
    pub positions: Option<u64>,
    /// How many positions of each sequence pass the layers at once; all of the network's first
    /// input where it is not given, 1 where a token follows the other.
    pub tokens: Option<u64>,
    /// The type of parameters, activations and the cache; the network's own where it is not
    /// given.
    pub dtype: Option<DType>,
    /// How weights are held.
    pub weights: Weights,
    /// How many weights of 4 bits have a scale together.
    pub group: u64,
    /// The type of the cache, where it is another one.
    pub cache: Option<DType>,
    /// How many devices share the experts of a mixture; all else each has whole, for a batch of its
    /// own.
    pub expert: u64,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $value:expr;)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub const fn $name(mut self, $name: $type) -> Self {
            self.$name = $value;
            self
        }
    )+};
}

impl Default for Serving {
    fn default() -> Self {
        Self::new()
    }
}

impl Serving {
    /// One sample, in the network's type.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            batch: 1,
            positions: None,
            tokens: None,
            dtype: None,
            weights: Weights::Plain,
            group: 128,
            cache: None,
            expert: 1,
        }
    }

    setters! {
        /// With so many samples at once.
        batch: u64 = batch;
        /// With so many positions in the cache.
        positions: u64 = Some(positions);
        /// With so many positions that pass at once.
        tokens: u64 = Some(tokens);
        /// In a type.
        dtype: DType = Some(dtype);
        /// With weights held so.
        weights: Weights = weights;
        /// With groups of so many weights.
        group: u64 = group;
        /// With a cache of a type.
        cache: DType = Some(cache);
        /// With so many devices that share the experts of a mixture.
        expert: u64 = expert;
    }

    /// The bytes of a tensor on a device.
    const fn tensor(&self, layer: &Layer, index: usize, tensor: &Tensor, width: u64) -> u64 {
        let elements = match tensor.elements() {
            Some(elements) => elements,
            None => return u64::MAX,
        };
        if matches!(tensor.role, Role::Buffer) {
            return elements.saturating_mul(4);
        }
        // Of a matrix, and of each expert's, the numbers that are multiplied with what comes in.
        let (elements, row) = match layer {
            Layer::Dense(_) | Layer::Attention(_) if tensor.extents.len() == 2 => {
                (elements, tensor.extents.last() as u64)
            }
            Layer::Mixture(mixture) if mixture.is_of_experts(index) => {
                let row = match (tensor.extents.len(), mixture.transposed) {
                    (3, false) => tensor.extents.at(2) as u64,
                    (3, true) => tensor.extents.at(1) as u64,
                    _ => 0,
                };
                (elements / self.expert, row)
            }
            // Not the router, and not the gate of what all positions use.
            Layer::Mixture(_)
                if matches!(tensor.role, Role::Weight) && index > 0 && tensor.extents.at(0) > 1 =>
            {
                (elements, tensor.extents.last() as u64)
            }
            _ => (elements, 0),
        };
        if row == 0 {
            return elements.saturating_mul(width);
        }
        let rows = elements / row;
        match self.weights {
            Weights::Plain => elements.saturating_mul(width),
            Weights::Fp8 | Weights::Int8 => elements.saturating_add(rows.saturating_mul(2)),
            Weights::Int4 => {
                let groups = rows.saturating_mul(row.div_ceil(self.group));
                let weights = elements.div_ceil(2);
                let zeros = groups.div_ceil(2);
                weights
                    .saturating_add(groups.saturating_mul(2))
                    .saturating_add(zeros)
            }
        }
    }

    /// What it takes of a network.
    ///
    /// `places` has a place per value. `length` is how many positions the network's first
    /// input has.
    ///
    /// # Errors
    ///
    /// A [`PlanError`] where the plan cannot be.
    ///
    /// # Panics
    ///
    /// With fewer places than values.
    pub const fn need(
        &self,
        flow: &Flow<'_>,
        own: DType,
        places: &mut [Life],
    ) -> Result<ServeNeed, PlanError> {
        if self.batch == 0 {
            return Err(PlanError::Nothing { what: "batch" });
        }
        if self.group == 0 {
            return Err(PlanError::Nothing { what: "group" });
        }
        if self.expert == 0 {
            return Err(PlanError::Nothing { what: "expert" });
        }
        if self.expert > 1 {
            match share_experts(flow, self.expert) {
                Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        let width = match self.dtype {
            Some(dtype) => dtype.bytes(),
            None => own.bytes(),
        };
        let cache_width = match self.cache {
            Some(dtype) => dtype.bytes(),
            None => width,
        };
        let length = match flow.inputs() {
            0 => 1,
            _ => flow.shape(0).extents().at(0) as u64,
        };
        let positions = match self.positions {
            Some(positions) => positions,
            None => length,
        };
        let mut need = ServeNeed {
            weights: 0,
            cache: 0,
            cache_per_token: 0,
            states: 0,
            states_per_sequence: 0,
            activations: 0,
        };
        let mut caches = Caches::NONE;
        let mut i = 0;
        while i < flow.nodes() {
            let node = flow.node(i);
            let times = flow.times(i);
            i += 1;
            let layer = node.layer();
            // Shared weights are another layer's.
            let counts = node.counts();
            if counts.params() > 0 || counts.buffers > 0 {
                let mut index = 0;
                while let Some(tensor) = layer.tensor(index) {
                    let owned = counts.weights > 0 || !matches!(tensor.role, Role::Weight);
                    if owned {
                        let bytes = self
                            .tensor(layer, index, &tensor, width)
                            .saturating_mul(times);
                        need.weights = need.weights.saturating_add(bytes);
                    }
                    index += 1;
                }
            }
            let cache = caches.next(flow, &node, places);
            let token = cache.elements.saturating_mul(cache_width * times);
            let held = match cache.window {
                Some(window) if window < positions => window,
                _ => positions,
            };
            need.cache_per_token = need.cache_per_token.saturating_add(token);
            let more = token.saturating_mul(held).saturating_mul(self.batch);
            need.cache = need.cache.saturating_add(more);
            let state = cache.state.saturating_mul(cache_width * times);
            need.states_per_sequence = need.states_per_sequence.saturating_add(state);
            let all = state.saturating_mul(self.batch);
            need.states = need.states.saturating_add(all);
        }
        lives(flow, places);
        let alive = match peak(flow, places) {
            Ok(peak) => peak.elements,
            Err(_) => return Err(PlanError::Overflow),
        };
        let alive = match self.tokens {
            // What passes layers of sequences is as long as these.
            Some(tokens) if length > 0 => alive.saturating_mul(tokens).div_ceil(length),
            _ => alive,
        };
        need.activations = alive.saturating_mul(width).saturating_mul(self.batch);
        match need.total() {
            u64::MAX => Err(PlanError::Overflow),
            _ => Ok(need),
        }
    }

    /// What it takes of a graph.
    ///
    /// # Errors
    ///
    /// A [`PlanError`] where the plan cannot be, or with more values than a thread's stack has
    /// places for.
    pub fn serve(&self, graph: &Graph) -> Result<ServeNeed, PlanError> {
        let flow = Flow::of(graph);
        let values = flow.values();
        let mut found = Err(PlanError::TooManyValues { values });
        let _ = with_places(values, Life::NONE, &mut |places| {
            found = self.need(&flow, graph.dtype(), places);
        });
        found
    }

    /// [`Serving::serve`] for constants: of a network with up to 8,192 values.
    ///
    /// # Panics
    ///
    /// Where [`Serving::serve`] gives an error.
    #[must_use]
    pub const fn of(&self, graph: &Graph) -> ServeNeed {
        #[inline(never)]
        const fn with<const N: usize>(
            graph: &Graph,
            plan: &Serving,
        ) -> Result<ServeNeed, PlanError> {
            let mut all = [Span::NOTHING; N];
            let count = spans_of(graph, &mut all);
            let mut flow = Flow::of(graph);
            if let Some(skip) = Skip::of(graph, all.split_at(count).0) {
                flow = flow.without(skip);
            }
            let mut places = [Life::NONE; N];
            plan.need(&flow, graph.dtype(), &mut places)
        }
        match in_places!(graph, with, self) {
            Ok(need) => need,
            Err(error) => error.panic(),
        }
    }
}

/// What serving takes on a device, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServeNeed {
    /// The weights and buffers.
    pub weights: u64,
    /// The keys and values of all sequences.
    pub cache: u64,
    /// Those of one position of one sequence.
    pub cache_per_token: u64,
    /// What is held of all sequences however long they are: the states of recurrent layers and of
    /// `selective_scan`, and what causal convolutions read again.
    pub states: u64,
    /// That of one sequence.
    pub states_per_sequence: u64,
    /// The activations that are alive at once.
    pub activations: u64,
}

impl ServeNeed {
    /// All together.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.weights
            .saturating_add(self.cache)
            .saturating_add(self.states)
            .saturating_add(self.activations)
    }

    /// What it consists of, with what each part is called.
    #[must_use]
    pub const fn parts(&self) -> [(&'static str, u64); 4] {
        [
            ("weights", self.weights),
            ("key-value cache", self.cache),
            ("states", self.states),
            ("activations", self.activations),
        ]
    }
}
