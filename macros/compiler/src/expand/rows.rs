//! The layers of a network as a table, each different one once.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use proc_macro2::{Ident, Literal, Punct, Spacing, TokenStream, TokenTree};

use crate::resolve::graph::{Node, Resolved};

/// What the macro prints of a network's layers.
pub(super) struct Rows<'g> {
    /// The first of each kind, arguments and shapes of inputs.
    pub(super) different: Vec<&'g Node>,
    /// For each layer which of those it is, how many values go in, and which.
    pub(super) rows: TokenStream,
    /// How many numbers that are.
    pub(super) length: Literal,
    /// The user's words for layers that are not printed: editors look for them.
    pub(super) words: Vec<Ident>,
}

/// The layers of a graph as rows. Const evaluation is a few hundred times slower
/// than this, and need not run the same rule on the same numbers again; and
/// numbers are what rustc checks fastest.
pub(super) fn of(graph: &Resolved) -> Rows<'_> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut printed: HashSet<String> = HashSet::new();
    let mut different = Vec::new();
    let mut rows = Vec::new();
    let mut words = Vec::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        let key = key(graph, index, node);
        let next = different.len();
        let which = *places.entry(key).or_insert(next);
        // A block's layer has one word, however often the block is called.
        let new_word = printed.insert(format!("{:?}", node.span));
        if which == next {
            different.push(node);
        } else if new_word {
            words.push(Ident::new(node.entry.name, node.span));
        }
        push(&mut rows, which);
        push(&mut rows, node.inputs.len());
        for input in &node.inputs {
            push(&mut rows, *input);
        }
    }
    Rows {
        different,
        length: Literal::usize_unsuffixed(rows.len() / 2),
        rows: rows.into_iter().collect(),
        words,
    }
}

/// What is equal for layers that are the same but for their place.
fn key(graph: &Resolved, index: usize, node: &Node) -> String {
    // What a layer costs that shares a weight is not what it costs alone, and
    // what another network costs is known already.
    if node.shared.is_some() || node.ready.is_some() {
        return format!("{index}");
    }
    let mut key = format!(
        "{} {:?} {:?}",
        node.entry.name, node.arguments, node.renamed
    );
    for input in &node.inputs {
        // Writing to a string cannot fail.
        let _ = write!(key, " {}", graph.values[*input].shape);
    }
    // A layer that uses fewer results keeps fewer shapes to copy.
    let _ = write!(key, " {}", node.results);
    key
}

fn push(rows: &mut Vec<TokenTree>, number: usize) {
    rows.push(Literal::usize_unsuffixed(number).into());
    rows.push(Punct::new(',', Spacing::Alone).into());
}
