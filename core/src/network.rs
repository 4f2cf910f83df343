//! A network as a type: its graph and its figures as constants.

use crate::analysis::constant;
use crate::extents::Extents;
use crate::figure::{figures, part};
use crate::graph::{Graph, Stage};
use crate::report::{Comparison, Summary};

macro_rules! network {
    ($(
        #[doc = $doc:literal]
        $(#[$more:meta])*
        $constant:ident = $figure:ident: $unit:ident $(of $of:ident)?,
        $from:ident |$name:ident| $value:expr;
    )+) => {
        /// A network made by the `network!` macro.
        ///
        /// The macro gives each network the constants of this trait as its own, too, so
        /// that the trait is needed in generic code only:
        ///
        /// ```
        /// use shapewise_core::Network;
        ///
        /// fn fits<N: Network>(flash: u64) -> bool {
        ///     N::PARAM_BYTES <= flash
        /// }
        /// ```
        pub trait Network {
            /// The network as data.
            const GRAPH: &'static Graph;
            $(
                #[doc = $doc]
                $(#[$more])*
                const $constant: part!(@type $unit) = part!(@of Self::GRAPH, $from, $name, $value);
            )+

            /// The table of the network.
            #[must_use]
            fn summary() -> Summary {
                Summary::new(Self::GRAPH)
            }
        }
    };
}

figures!(network);

/// A count as the length of an array. All counts are `u64` on every target, while lengths are
/// `usize`; what does not fit is an error of the build, which `as usize` would cut off.
///
/// ```
/// use shapewise_core::network::len;
///
/// const PARAMS: u64 = 61_706;
/// static WEIGHTS: [i8; len(PARAMS)] = [0; len(PARAMS)];
/// assert_eq!(WEIGHTS.len(), 61_706);
/// ```
///
/// # Panics
///
/// When the count does not fit a `usize` of the target.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "what would be cut off is told"
)]
pub const fn len(count: u64) -> usize {
    assert!(
        count as u128 <= usize::MAX as u128,
        "the count does not fit a `usize` of this target"
    );
    count as usize
}

/// The graph of a network.
#[must_use]
pub const fn graph_of<N: Network>() -> &'static Graph {
    N::GRAPH
}

/// The figures of a labelled part of a network, by the path of its label.
///
/// # Panics
///
/// As [`Graph::counts`], and where [`Graph::stage`] gives an error.
#[must_use]
pub fn stage_of<N: Network>(path: &str) -> Option<Stage> {
    match N::GRAPH.stage(path) {
        Ok(stage) => stage,
        Err(error) => error.panic(N::GRAPH.name()),
    }
}

/// The table of a network.
#[must_use]
pub fn summary_of<N: Network>() -> Summary {
    Summary::new(N::GRAPH)
}

/// What changed from network `A` to network `B`.
///
/// See [`Comparison`].
#[must_use]
pub const fn compare<A: Network, B: Network>() -> Comparison {
    Comparison::new(A::GRAPH, B::GRAPH)
}
