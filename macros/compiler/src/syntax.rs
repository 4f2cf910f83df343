//! From tokens to a syntax tree: what the user wrote, with its spans.
//!
//! The parser goes on after an error at the next statement, so that one
//! invocation shows all its mistakes.

mod attributes;
mod body;
mod elsewhere;
mod expression;
mod imports;
mod items;
mod literal;
mod print;
mod signs;
mod statement;
mod tokens;
pub mod tree;
mod unit;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};

use crate::report::{Error, Errors};
use tree::{File, Home, Id};

/// How deep braces may be nested, and how deep other brackets: the parser calls
/// itself for each, and the compiler's stack ends somewhere. Structures have a
/// limit of their own, which a network would meet first.
const MOST_BRACES: usize = 192;
const MOST_BRACKETS: usize = 64;

/// Parses a whole invocation. What could not be read is missing from the tree,
/// and an error says so.
pub fn parse(tokens: TokenStream, errors: &mut Errors) -> File {
    let mut file = File::default();
    if let Some(error) = beyond_nesting(&tokens) {
        errors.push(error);
        return file;
    }
    let mut parser = Parser::default();
    let parsed = (|input: ParseStream<'_>| {
        items::file(input, &mut file, &mut parser);
        Ok(())
    })
    .parse2(tokens);
    // After an error of our own, tokens that were left unread are no news.
    if let Err(error) = parsed
        && parser.errors.is_empty()
    {
        parser.errors.push_syntax(&error);
    }
    errors.append(parser.errors);
    file
}

/// What an invocation becomes whose `use` names a block that has to be asked for: a call of
/// the block's macro, which calls `call` again with the block's tokens in the invocation.
/// `is_block` says which names can be those of blocks.
pub fn asked(
    tokens: &TokenStream,
    call: &TokenStream,
    is_block: &dyn Fn(&str) -> bool,
) -> Option<TokenStream> {
    if beyond_nesting(tokens).is_some() {
        return None;
    }
    imports::asked(tokens, call, is_block)
}

/// What comes of parsing besides the tree.
#[derive(Default)]
struct Parser {
    /// What could not be read.
    errors: Errors,
    /// How many nodes of the tree have a number.
    numbered: usize,
    /// The labels so far.
    labels: Vec<String>,
    /// Blocks that stand inside of a network, which is an error.
    blocks: Vec<tree::Block>,
    /// How many `use`s brought blocks along.
    homes: usize,
}

impl Parser {
    /// The number of a further node.
    fn id(&mut self) -> Id {
        self.numbered += 1;
        Id(self.numbered)
    }

    /// A home for the blocks of a further `use`.
    fn home(&mut self) -> Home {
        self.homes += 1;
        Home(self.homes)
    }
}

/// The error for the first bracket that is nested too deep.
fn beyond_nesting(tokens: &TokenStream) -> Option<Error> {
    let mut braces = 0;
    let mut brackets = 0;
    // What is open, innermost last: its tokens, and whether it is a brace.
    let mut open = vec![(tokens.clone().into_iter(), None)];
    while let Some((innermost, kind)) = open.last_mut() {
        match innermost.next() {
            Some(TokenTree::Group(group)) => {
                let brace = group.delimiter() == Delimiter::Brace;
                let (depth, most, what) = if brace {
                    (&mut braces, MOST_BRACES, "braces")
                } else {
                    (&mut brackets, MOST_BRACKETS, "brackets")
                };
                *depth += 1;
                if *depth > most {
                    let message = format!("{what} are nested more than {most} deep");
                    return Some(Error::new(group.span_open(), message));
                }
                open.push((group.stream().into_iter(), Some(brace)));
            }
            Some(_) => {}
            None => {
                match kind {
                    Some(true) => braces -= 1,
                    Some(false) => brackets -= 1,
                    None => {}
                }
                open.pop();
            }
        }
    }
    None
}

/// The tree of one node of the grammar, or the error that stopped it.
type Parsed<T> = Result<T, Error>;

pub(crate) use literal::named_extents;
pub(crate) use print::tokens as text_of;

/// Parses one value, such as stands in the braces of a name.
pub fn value(tokens: TokenStream) -> Option<tree::Expression> {
    let mut value = None;
    let parser = |input: ParseStream<'_>| {
        value = expression::expression(input)
            .ok()
            .filter(|_| input.is_empty());
        tokens::drain(input);
        Ok(())
    };
    parser.parse2(tokens).ok()?;
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use tree::{Body, Item};

    fn ids(body: &Body, found: &mut Vec<Id>) {
        for item in &body.items {
            let Item::Statement(statement) = item else {
                continue;
            };
            for unit in &statement.units {
                found.push(unit.id);
                for body in unit.bodies() {
                    ids(body, found);
                }
            }
        }
    }

    #[test]
    fn each_unit_and_port_has_a_number_of_its_own() {
        let source = "(::shapewise) struct Net(a: 8, b: 8) -> 8 {
            relu, relu; if true { relu; } else if true { relu; } else { relu; }
            add { branch { relu; } branch { residual { relu; } shortcut { relu; } } }
        } block Part() { repeat 2 { { relu; } } }";
        let mut errors = Errors::new();
        let file = parse(source.parse().unwrap(), &mut errors);
        assert!(errors.is_empty());
        let mut found: Vec<Id> = file.networks[0].inputs.iter().map(|port| port.id).collect();
        ids(&file.networks[0].body, &mut found);
        ids(&file.blocks[0].body, &mut found);
        assert_eq!(found.len(), 2 + 2 + 5 + 5 + 3);
        let count = found.len();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), count);
    }
}
