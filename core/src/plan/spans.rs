//! A network in pieces: copies of repeats, and statements.

use crate::analysis::Span;
use crate::graph::{Form, Graph, Statement};

/// What is known of a statement where a network is cut into pieces.
#[derive(Clone, Copy, Debug)]
pub struct Outline<'a> {
    /// Its units as they were written.
    pub text: &'a str,
    /// Whether it consists of statements.
    pub group: bool,
    /// How many statements it is inside of.
    pub depth: usize,
    /// How many times it is repeated.
    pub copies: usize,
    /// Its first layer, and the one after its last.
    pub layers: (usize, usize),
}

/// Cuts a network into pieces, which have all layers in their order: each copy of a repeat, and
/// each other statement. Groups are looked into, blocks are not. Gives how many there are.
///
/// # Panics
///
/// With fewer places than layers.
pub const fn spans(outlines: &[Outline<'_>], layers: usize, places: &mut [Span]) -> usize {
    cut(&Outlines::List(outlines), layers, places)
}

/// The statements of a network.
enum Outlines<'a> {
    List(&'a [Outline<'a>]),
    Graph(&'a Graph),
}

impl<'a> Outlines<'a> {
    const fn len(&self) -> usize {
        match self {
            Self::List(list) => list.len(),
            Self::Graph(graph) => graph.statements().len(),
        }
    }

    const fn at(&self, place: usize) -> Outline<'a> {
        match self {
            Self::List(list) => list[place],
            Self::Graph(graph) => graph.outline(&graph.statements()[place]),
        }
    }

    /// The next statement that begins with a layer from `layer` on, and has any.
    const fn next(&self, mut place: usize, layer: usize) -> usize {
        match self {
            // Const evaluation goes through them all: most are inside of others.
            Self::Graph(graph) if !graph.has_networks() => {
                let statements = graph.statements();
                while place < statements.len()
                    && (statements[place].nodes.0 < layer
                        || statements[place].nodes.1 <= statements[place].nodes.0)
                {
                    place += 1;
                }
                place
            }
            _ => {
                while place < self.len() {
                    let (first, end) = self.at(place).layers;
                    if first >= layer && first < end {
                        break;
                    }
                    place += 1;
                }
                place
            }
        }
    }
}

/// The pieces of a graph.
pub(super) const fn spans_of(graph: &Graph, places: &mut [Span]) -> usize {
    cut(&Outlines::Graph(graph), graph.layers_inside(), places)
}

const fn cut(outlines: &Outlines<'_>, layers: usize, places: &mut [Span]) -> usize {
    let mut cut = Cut { count: 0, next: 0 };
    let mut depth = 0;
    let mut i = 0;
    loop {
        i = outlines.next(i, cut.next);
        if i >= outlines.len() {
            break;
        }
        let outline = &outlines.at(i);
        let (first, end) = outline.layers;
        i += 1;
        if outline.depth < depth {
            depth = outline.depth;
        }
        // Within something that is not in the list.
        if outline.depth > depth {
            continue;
        }
        cut.upto(first, places);
        if outline.group {
            depth = outline.depth + 1;
        } else if outline.copies > 1 {
            cut.copies(outlines, i, outline, places);
        } else {
            cut.piece(end, false, places);
        }
    }
    cut.upto(layers, places);
    cut.count
}

struct Cut {
    count: usize,
    /// The first layer that is in no piece yet.
    next: usize,
}

impl Cut {
    /// A piece up to a layer.
    const fn piece(&mut self, end: usize, copy: bool, places: &mut [Span]) {
        places[self.count] = Span {
            first: self.next,
            end,
            copy,
        };
        self.count += 1;
        self.next = end;
    }

    /// What is left before a layer, if anything is.
    const fn upto(&mut self, first: usize, places: &mut [Span]) {
        if self.next < first {
            self.piece(first, false, places);
        }
    }

    /// The copies of a repeat: as long as each other, or each from a statement that is written
    /// as the first one inside is.
    const fn copies(
        &mut self,
        outlines: &Outlines<'_>,
        inside: usize,
        repeat: &Outline<'_>,
        places: &mut [Span],
    ) {
        let (first, end) = repeat.layers;
        let layers = end - first;
        if layers.is_multiple_of(repeat.copies) {
            let each = layers / repeat.copies;
            while self.next < end {
                self.piece(self.next + each, true, places);
            }
            return;
        }
        if inside < outlines.len() {
            let start = &outlines.at(inside);
            let mut i = inside + 1;
            while i < outlines.len() && outlines.at(i).layers.0 < end {
                let other = &outlines.at(i);
                if other.depth == start.depth
                    && other.layers.0 > self.next
                    && crate::text::same(other.text, start.text)
                {
                    self.piece(other.layers.0, true, places);
                }
                i += 1;
            }
        }
        self.piece(end, true, places);
    }
}

impl Graph {
    /// What [`spans`] is given of a statement of the graph.
    const fn outline(&self, statement: &'static Statement) -> Outline<'static> {
        Outline {
            text: statement.text,
            group: matches!(statement.form, Form::Group),
            depth: statement.depth,
            copies: statement.copies,
            layers: if self.has_networks() {
                let (first, end) = statement.nodes;
                (self.layers_before(first), self.layers_before(end))
            } else {
                statement.nodes
            },
        }
    }
}
