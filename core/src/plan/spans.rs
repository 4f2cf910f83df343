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
    let mut cut = Cut { count: 0, next: 0 };
    let mut depth = 0;
    let mut i = 0;
    while i < outlines.len() {
        let outline = &outlines[i];
        let (first, end) = outline.layers;
        i += 1;
        if first < cut.next || end <= first {
            continue;
        }
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
        outlines: &[Outline<'_>],
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
            let start = &outlines[inside];
            let mut i = inside + 1;
            while i < outlines.len() && outlines[i].layers.0 < end {
                let other = &outlines[i];
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
    pub(super) const fn outline(&self, statement: &'static Statement) -> Outline<'static> {
        Outline {
            text: statement.text,
            group: matches!(statement.form, Form::Group),
            depth: statement.depth,
            copies: statement.copies,
            layers: (
                self.layers_before(statement.nodes.0),
                self.layers_before(statement.nodes.1),
            ),
        }
    }
}
