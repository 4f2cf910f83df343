//! What budgets ask.

use super::{PlanError, ServeNeed, Serving, TrainNeed, Training};
use crate::graph::Graph;

/// What a budget compares with its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `train_bytes`: all that training takes.
    Train(Training),
    /// `serve_bytes`: all that serving takes.
    Serve(Serving),
    /// `kv_cache_bytes`: the cache of keys and values.
    Cache(Serving),
}

/// What is found of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Of `train_bytes`.
    Train(TrainNeed),
    /// Of `serve_bytes`.
    Serve(ServeNeed),
    /// Of `kv_cache_bytes`.
    Cache(ServeNeed),
}

impl Asked {
    /// The metrics of plans.
    pub const METRICS: [&'static str; 3] = ["train_bytes", "serve_bytes", "kv_cache_bytes"];

    /// The metric.
    #[must_use]
    pub const fn metric(&self) -> &'static str {
        match self {
            Self::Train(_) => Self::METRICS[0],
            Self::Serve(_) => Self::METRICS[1],
            Self::Cache(_) => Self::METRICS[2],
        }
    }

    /// What it is of a graph.
    ///
    /// # Errors
    ///
    /// As [`Training::train`] and [`Serving::serve`].
    pub fn need(&self, graph: &Graph) -> Result<Need, PlanError> {
        Ok(match self {
            Self::Train(plan) => Need::Train(plan.train(graph)?),
            Self::Serve(plan) => Need::Serve(plan.serve(graph)?),
            Self::Cache(plan) => Need::Cache(plan.serve(graph)?),
        })
    }

    /// What it is of a graph, for constants.
    ///
    /// # Panics
    ///
    /// Where [`Asked::need`] gives an error.
    #[must_use]
    pub const fn of(&self, graph: &Graph) -> Need {
        match self {
            Self::Train(plan) => Need::Train(plan.of(graph)),
            Self::Serve(plan) => Need::Serve(plan.of(graph)),
            Self::Cache(plan) => Need::Cache(plan.of(graph)),
        }
    }
}

impl Need {
    /// The bytes that are compared.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        match self {
            Self::Train(need) => need.total(),
            Self::Serve(need) => need.total(),
            Self::Cache(need) => need.cache,
        }
    }
}
