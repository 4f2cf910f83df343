//! What budgets ask.

use core::fmt;

use super::{PlanError, ServeNeed, Serving, TrainNeed, Training};
use crate::graph::Graph;
use crate::number::Bytes;

/// What a budget compares with its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `train_bytes`: all that training takes.
    Train(Training),
    /// `serve_bytes`: all that serving takes.
    Serve(Serving),
    /// `kv_cache_bytes`: the cache of keys and values, and states.
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
    /// What it consists of, with what each part is called; some may be nothing.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let (train, serve) = match self {
            Self::Train(need) => (Some(need.parts()), None),
            Self::Serve(need) => (None, Some(need.parts())),
            Self::Cache(need) => (
                None,
                Some([
                    ("key-value cache", need.cache),
                    ("states", need.states),
                    ("", 0),
                    ("", 0),
                ]),
            ),
        };
        train
            .into_iter()
            .flatten()
            .chain(serve.into_iter().flatten())
    }

    /// The bytes that are compared.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        match self {
            Self::Train(need) => need.total(),
            Self::Serve(need) => need.total(),
            Self::Cache(need) => need.cache.saturating_add(need.states),
        }
    }
}

impl fmt::Display for Need {
    /// A line for each part with a bar, and one for the sum.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WIDEST: u64 = 40;
        let most = self.parts().map(|(_, bytes)| bytes).max().unwrap_or(0);
        for (name, bytes) in self.parts().filter(|(_, bytes)| *bytes > 0) {
            let width = u128::from(bytes) * u128::from(WIDEST) / u128::from(most.max(1));
            write!(f, "{name:<16}{:>9}  ", Bytes(bytes))?;
            for _ in 0..width.max(1) {
                f.write_str("█")?;
            }
            f.write_str("\n")?;
        }
        writeln!(f, "{:<16}{:>9}", "on a device", Bytes(self.bytes()))
    }
}

impl fmt::Display for TrainNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Need::Train(*self).fmt(f)
    }
}

impl fmt::Display for ServeNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Need::Serve(*self).fmt(f)
    }
}
