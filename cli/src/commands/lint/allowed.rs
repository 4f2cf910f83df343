//! `// allow(bias_before_norm)`: a comment that says that something is meant.

use std::ops::Range;

use shapewise_compiler::report::Errors;
use shapewise_compiler::syntax;

use crate::network::{bytes, input};
use crate::source::Invocation;

/// The comments of an invocation.
#[derive(Debug)]
pub(super) struct Allowed<'s> {
    text: &'s str,
    /// Where each network and block begins with its name, and where it ends.
    items: Vec<Range<usize>>,
}

impl<'s> Allowed<'s> {
    pub(super) fn of(invocation: &'s Invocation) -> Self {
        let file = syntax::parse(input(&invocation.tokens), &mut Errors::new());
        let networks = file.networks.iter().map(|one| (&one.name, one.body.end));
        let blocks = file.own_blocks().map(|one| (&one.name, one.body.end));
        let items = networks.chain(blocks).map(|(name, end)| {
            let start = bytes(invocation, name.span().into()).start;
            start..bytes(invocation, end.into()).end
        });
        Self {
            text: &invocation.file.text,
            items: items.collect(),
        }
    }

    /// Whether a lint is allowed at a place: beside it, above it, or above the network or
    /// block that it is in.
    pub(super) fn has(&self, place: &Range<usize>, lint: &str) -> bool {
        let around = self.items.iter().find(|item| item.contains(&place.start));
        let starts = [Some(place.start), around.map(|item| item.start)];
        starts
            .into_iter()
            .flatten()
            .any(|start| self.is_allowed_at(start, lint))
    }

    fn is_allowed_at(&self, start: usize, lint: &str) -> bool {
        let before = self.text.get(..start).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let own = self.text[line..].lines().next().unwrap_or_default();
        let above = self.text[..line].lines().rev();
        let above = above.take_while(|line| {
            let line = line.trim_start();
            line.starts_with("//") || line.starts_with('#')
        });
        [own].into_iter().chain(above).any(|line| {
            let Some((_, comment)) = line.split_once("//") else {
                return false;
            };
            let Some((_, list)) = comment.split_once("allow(") else {
                return false;
            };
            let list = list.split(')').next().unwrap_or_default();
            list.split(',').any(|name| name.trim() == lint)
        })
    }
}
