//! Values: numbers, extents, words, arithmetic.

use proc_macro2::{Delimiter, Ident, Literal, TokenStream, TokenTree};
use shapewise_core::arithmetic::{Comparison, Operation};
use syn::Token;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;

use super::tokens::{advance, expected, group, ident, in_path, inside, inside_tokens, list, skip};
use super::tree::{Argument, Call, Expression, ExpressionKind, Operator};
use super::{Parsed, literal};
use crate::report::{Error, Place};

/// A value: ranges bind weakest.
pub(super) fn expression(input: ParseStream<'_>) -> Parsed<Expression> {
    let start = binary(input, 0)?;
    if input.peek(Token![..]) && !input.peek(Token![..=]) {
        skip(input, 2);
        let end = binary(input, 0)?;
        let place = start.place.to(end.place);
        return Ok(Expression {
            kind: ExpressionKind::Range(Box::new(start), Box::new(end)),
            place,
        });
    }
    Ok(start)
}

/// How strongly operators bind, weakest first.
const LEVELS: u8 = 5;

fn operator(input: ParseStream<'_>, level: u8) -> Option<Operator> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    use Operation::{Add, Divide, Multiply, Remainder, ShiftLeft, ShiftRight, Subtract};
    Some(match level {
        0 if input.peek(Token![||]) => Operator::Or,
        1 if input.peek(Token![&&]) => Operator::And,
        2 if input.peek(Token![==]) => Operator::Compare(Equal),
        2 if input.peek(Token![!=]) => Operator::Compare(NotEqual),
        2 if input.peek(Token![<=]) => Operator::Compare(LessOrEqual),
        2 if input.peek(Token![>=]) => Operator::Compare(GreaterOrEqual),
        3 if input.peek(Token![<<]) => Operator::Compute(ShiftLeft),
        3 if input.peek(Token![>>]) => Operator::Compute(ShiftRight),
        2 if input.peek(Token![<]) && !input.peek(Token![<<]) => Operator::Compare(Less),
        2 if input.peek(Token![>]) && !input.peek(Token![>>]) => Operator::Compare(Greater),
        4 if input.peek(Token![+]) => Operator::Compute(Add),
        4 if input.peek(Token![-]) && !input.peek(Token![->]) => Operator::Compute(Subtract),
        5 if input.peek(Token![*]) => Operator::Compute(Multiply),
        5 if input.peek(Token![/]) => Operator::Compute(Divide),
        5 if input.peek(Token![%]) => Operator::Compute(Remainder),
        _ => return None,
    })
}

fn binary(input: ParseStream<'_>, level: u8) -> Parsed<Expression> {
    if level > LEVELS {
        return unary(input);
    }
    let mut left = binary(input, level + 1)?;
    while let Some(operator) = operator(input, level) {
        skip(input, operator.symbol().len());
        let right = binary(input, level + 1)?;
        let place = left.place.to(right.place);
        left = Expression {
            kind: ExpressionKind::Binary(operator, Box::new(left), Box::new(right)),
            place,
        };
    }
    Ok(left)
}

fn unary(input: ParseStream<'_>) -> Parsed<Expression> {
    let wrap: fn(Box<Expression>) -> ExpressionKind = if input.peek(Token![-]) {
        ExpressionKind::Negate
    } else if input.peek(Token![!]) {
        ExpressionKind::Not
    } else {
        return postfix(input);
    };
    let start = Place::at(input.span());
    skip(input, 1);
    let operand = unary(input)?;
    let place = start.to(operand.place);
    Ok(Expression {
        kind: wrap(Box::new(operand)),
        place,
    })
}

fn postfix(input: ParseStream<'_>) -> Parsed<Expression> {
    let mut value = atom(input)?;
    if let Some(error) = of_rust(&value, input) {
        return Err(error);
    }
    loop {
        if let Some(brackets) = group(input, Delimiter::Bracket) {
            let index = Box::new(inside(&brackets, expression)?);
            value = Expression {
                place: value.place.to(Place::at(brackets.span_close())),
                kind: ExpressionKind::Index(Box::new(value), index),
            };
            continue;
        }
        if !input.peek(Token![.]) || input.peek(Token![..]) {
            break;
        }
        skip(input, 1);
        let end = Place::at(input.span());
        let inner = Box::new(value.clone());
        let kind = if input.peek(Token![*]) {
            skip(input, 1);
            ExpressionKind::Every(inner)
        } else if let Some(copy) = group(input, Delimiter::Brace) {
            ExpressionKind::Copy(inner, Box::new(inside(&copy, expression)?))
        } else if let Some(name) = ident(input) {
            if input.peek(syn::token::Paren)
                && let Some(prefix) = inner.path()
            {
                let call = call(name, input)?;
                let end = call.parentheses.map_or(end, Place::at);
                value = Expression {
                    kind: ExpressionKind::Call(Call { prefix, ..call }),
                    place: value.place.to(end),
                };
                continue;
            }
            ExpressionKind::Member(inner, name)
        } else {
            return Err(expected(input, "a name after the point"));
        };
        value = Expression {
            kind,
            place: value.place.to(end),
        };
    }
    Ok(value)
}

/// The error for an expression that Rust has and this language has not: `N as usize`,
/// `config::width(3)`.
fn of_rust(value: &Expression, input: ParseStream<'_>) -> Option<Error> {
    let called = matches!(value.kind, ExpressionKind::Path(_)) && input.peek(syn::token::Paren);
    if !called && !input.peek(Token![as]) {
        return None;
    }
    let mut written = TokenStream::new();
    let mut place = value.place;
    let mut take = || {
        let token: TokenTree = input.parse().ok()?;
        place = place.to(match &token {
            TokenTree::Group(group) => Place::at(group.span_close()),
            other => Place::at(other.span()),
        });
        written.extend([token]);
        Some(())
    };
    if called {
        take();
    }
    while input.peek(Token![as]) {
        take();
        if input.peek(Ident::peek_any) {
            take();
        }
    }
    let written = super::print::tokens(&written);
    let space = if called { "" } else { " " };
    let whole = format!("{value}{space}{written}");
    let error = Error::new(place, format!("`{whole}` is an expression of Rust's"));
    Some(error.help(format!("write `{{ {whole} }}`")))
}

impl Expression {
    /// `torch.nn.`, where this is a name or names with points between them.
    fn path(&self) -> Option<String> {
        match &self.kind {
            ExpressionKind::Word(word) => Some(format!("{word}.")),
            ExpressionKind::Member(value, name) => Some(format!("{}{name}.", value.path()?)),
            _ => None,
        }
    }
}

fn atom(input: ParseStream<'_>) -> Parsed<Expression> {
    let place = Place::at(input.span());
    let at = |kind| Ok(Expression { kind, place });
    // What a user's `macro_rules!` forwarded as one expression stays one.
    if let Some((group_input, _, rest)) = input.cursor().group(Delimiter::None) {
        let tokens = group_input.token_stream();
        advance(input, rest);
        return inside_tokens(tokens, expression);
    }
    if let Ok(number) = input.parse::<Literal>() {
        let value = literal::literal(&number)?;
        return match spaced_extents(&number, input) {
            Some(error) => Err(error),
            None => Ok(value),
        };
    }
    if input.peek(Token![if]) {
        return conditional(input);
    }
    if let Some(group) = group(input, Delimiter::Parenthesis) {
        let mut values = inside(&group, |input| list(input, expression))?;
        let place = Place::at(group.span_open()).to(Place::at(group.span_close()));
        if values.len() == 1
            && let Some(value) = values.pop()
        {
            return Ok(Expression { place, ..value });
        }
        return Ok(Expression {
            kind: ExpressionKind::Tuple(values),
            place,
        });
    }
    if let Some(group) = group(input, Delimiter::Bracket) {
        let values = inside(&group, |input| list(input, expression))?;
        return Ok(Expression {
            kind: ExpressionKind::List(values),
            place: Place::at(group.span_open()).to(Place::at(group.span_close())),
        });
    }
    if let Some(group) = group(input, Delimiter::Brace) {
        return Ok(Expression {
            kind: ExpressionKind::Rust(group.stream()),
            place: Place::at(group.span_open()).to(Place::at(group.span_close())),
        });
    }
    if input.peek(Token![_]) {
        skip(input, 1);
        return at(ExpressionKind::Word(Ident::new("_", place.first)));
    }
    let leading = input.peek(Token![::]);
    if leading || input.peek(Ident::peek_any) {
        if leading || input.peek2(Token![::]) {
            let (path, end) = path(input)?;
            return Ok(Expression {
                kind: ExpressionKind::Path(path),
                place: place.to(end),
            });
        }
        if let Some(name) = ident(input) {
            return match name.to_string().as_str() {
                "true" => at(ExpressionKind::Bool(true)),
                "false" => at(ExpressionKind::Bool(false)),
                _ if input.peek(syn::token::Paren) => {
                    let call = call(name, input)?;
                    let end = call.parentheses.map_or(place, Place::at);
                    Ok(Expression {
                        kind: ExpressionKind::Call(call),
                        place: place.to(end),
                    })
                }
                _ => at(ExpressionKind::Word(name)),
            };
        }
    }
    if input.peek(Token![?]) {
        return Err(batch(input));
    }
    Err(expected(input, "a value"))
}

/// The error for `?x32x32x3`.
fn batch(input: ParseStream<'_>) -> Error {
    let start = Place::at(input.span());
    let error = expected(input, "a value");
    skip(input, 1);
    let place = start.to(Place::at(input.span()));
    let mut rest = String::new();
    while input.peek(Ident::peek_any) || input.peek(syn::Lit) {
        rest.extend(input.parse::<TokenTree>().map(|token| token.to_string()));
    }
    match rest.strip_prefix('x') {
        Some(shape) => {
            Error::new(place, "the batch is never written").help(format!("write `{shape}`"))
        }
        None => error,
    }
}

/// The error for `3 x 3`: extents are one literal.
fn spaced_extents(number: &Literal, input: ParseStream<'_>) -> Option<Error> {
    let mut written = number.to_string();
    let mut joined = written.clone();
    let mut place = Place::at(number.span());
    while let Some((token, _)) = input.cursor().token_tree() {
        let text = token.to_string();
        let follows = match &token {
            TokenTree::Ident(_) => {
                text.starts_with('x') && text.chars().all(|c| c == 'x' || c.is_ascii_digit())
            }
            TokenTree::Literal(_) => joined.ends_with('x'),
            _ => false,
        };
        if !follows {
            break;
        }
        place = place.to(Place::at(token.span()));
        written.push(' ');
        written.push_str(&text);
        joined.push_str(&text);
        skip(input, 1);
    }
    if joined == number.to_string() {
        return None;
    }
    let error = Error::new(
        place,
        format!("`{written}`: extents are written without spaces"),
    );
    Some(error.help(format!("write `{joined}`")))
}

fn conditional(input: ParseStream<'_>) -> Parsed<Expression> {
    let start = Place::at(input.span());
    skip(input, 1);
    let condition = expression(input)?;
    let Some(then) = group(input, Delimiter::Brace) else {
        return Err(expected(input, "`{` and the value of the condition"));
    };
    let then = inside(&then, expression)?;
    if !input.peek(Token![else]) {
        return Err(expected(input, "`else`: a value has both"));
    }
    skip(input, 1);
    let (otherwise, end) = if input.peek(Token![if]) {
        let value = conditional(input)?;
        let end = value.place;
        (value, end)
    } else if let Some(group) = group(input, Delimiter::Brace) {
        (inside(&group, expression)?, Place::at(group.span_close()))
    } else {
        return Err(expected(input, "`{` and the other value"));
    };
    Ok(Expression {
        kind: ExpressionKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)),
        place: start.to(end),
    })
}

/// The rest of a call whose name was read: its parentheses, where it has any.
pub(super) fn call(name: Ident, input: ParseStream<'_>) -> Parsed<Call> {
    let Some(group) = group(input, Delimiter::Parenthesis) else {
        return Ok(Call {
            prefix: String::new(),
            path: None,
            name,
            arguments: Vec::new(),
            parentheses: None,
            applied: None,
        });
    };
    Ok(Call {
        prefix: String::new(),
        path: None,
        name,
        arguments: inside(&group, |input| list(input, argument))?,
        parentheses: Some(group.span_close()),
        applied: None,
    })
}

pub(super) fn argument(input: ParseStream<'_>) -> Parsed<Argument> {
    if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        return Err(colon(input)?);
    }
    let named = input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]);
    let name = if named { ident(input) } else { None };
    if named {
        skip(input, 1);
    }
    let value = expression(input)?;
    let to = if input.peek(Token![->]) {
        skip(input, 2);
        Some(expression(input)?)
    } else {
        None
    };
    Ok(Argument { name, value, to })
}

/// The error for `stride: 2`.
fn colon(input: ParseStream<'_>) -> Parsed<Error> {
    let start = Place::at(input.span());
    let name = ident(input).ok_or_else(|| expected(input, "a name"))?;
    skip(input, 1);
    let value = expression(input)?;
    let error = Error::new(
        start.to(value.place),
        format!("the value of `{name}` stands after `=`, not after `:`"),
    );
    Ok(error.help(format!("write `{name} = {value}`")))
}

/// `a::b`, `a::B::<64>`, with what stands for its last token.
pub(super) fn path(input: ParseStream<'_>) -> Parsed<(TokenStream, Place)> {
    let mut tokens = TokenStream::new();
    let mut end = Place::at(input.span());
    let mut name_is_next = !input.peek(Token![::]);
    loop {
        end = Place::at(input.span()).to(end);
        if name_is_next {
            end = Place::at(input.span());
            if input.peek(Token![<]) {
                loop {
                    end = Place::at(input.span());
                    let token: TokenTree = input.parse().map_err(|_| expected(input, "`>`"))?;
                    let closed = matches!(&token, TokenTree::Punct(p) if p.as_char() == '>');
                    if let TokenTree::Ident(name) = &token
                        && name != "true"
                        && name != "false"
                    {
                        in_path(name, input)?;
                    }
                    tokens.extend([token]);
                    if closed {
                        break;
                    }
                }
            } else {
                let name = ident(input).ok_or_else(|| expected(input, "a name"))?;
                in_path(&name, input)?;
                tokens.extend([TokenTree::Ident(name)]);
            }
        }
        if !input.peek(Token![::]) {
            return Ok((tokens, end));
        }
        for _ in 0..2 {
            if let Ok(token) = input.parse::<TokenTree>() {
                tokens.extend([token]);
            }
        }
        name_is_next = true;
    }
}
