//! Token streams to expand: random ones, and valid networks with edits.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;

/// Words of the language, and others.
const WORDS: &[&str] = &[
    "conv",
    "linear",
    "relu",
    "flatten",
    "max_pool",
    "concat",
    "add",
    "mul",
    "residual",
    "shortcut",
    "branch",
    "repeat",
    "if",
    "else",
    "in",
    "let",
    "from",
    "assert",
    "struct",
    "block",
    "use",
    "pub",
    "custom",
    "input",
    "channels",
    "height",
    "features",
    "a",
    "b",
    "image",
    "Net",
    "Part",
    "stride",
    "padding",
    "half",
    "same",
    "bias",
    "true",
    "false",
    "shared",
    "params",
    "macs",
    "depth",
    "channel_split",
    "lstm",
    "attention",
    "heads",
    "embedding",
    "reshape",
    "permute",
    "pad",
    "crop",
    "slice",
    "upsample",
    "group_norm",
    "div_ceil",
    "nn",
    "Conv2d",
    "kernel_size",
    "self",
    "Self",
    "super",
    "crate",
    "_",
    "é",
    "層",
    "r#type",
    "type",
    "fn",
    "as",
    "receptive_field",
    "groups",
];

/// Every kind of literal, and numbers at the limits.
const LITERALS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "64",
    "3x3",
    "1x1",
    "8x8x3",
    "0x3",
    "0x0x0",
    "2x2x2x2x2",
    "1x2x3x4x5x6",
    "1.5",
    "0.0",
    "1e3",
    "1e400",
    "1e3x2",
    "1_000K",
    "61M",
    "64KiB",
    "9GiB",
    "0b101",
    "0o17",
    "1u8",
    "255usize",
    "18446744073709551615",
    "18446744073709551616",
    "4294967296x4294967296x2",
    "340282366920938463463374607431768211456",
    "99999999999999999999999x3",
    "200000",
    "1f32",
    "\"same\"",
    "\"\"",
    "\"a.{i}\"",
    "\"{\"",
    "\"}{\"",
    "\"é層\"",
    "b\"bytes\"",
    "c\"text\"",
    "r\"raw\"",
    "r#\"raw\"#",
    "'a'",
    "'層'",
    "b'a'",
    "3x",
    "3x3x",
    "3xx3",
    "1_x_2",
];

/// Signs.
const SIGNS: &[char] = &[
    ':', ';', ',', '=', '>', '<', '-', '+', '*', '/', '%', '!', '&', '|', '.', '#', '?', '@', '$',
    '~', '^',
];

/// Networks that expand without an error.
const NETWORKS: &[&str] = &[
    "pub struct Net(image: 28x28x1) -> (classes: 10) {
        conv1: conv(6, 5x5, padding = 2), relu => 28x28x6;
        pool1: avg_pool(2x2);
        fc: flatten, linear(10);
        assert params <= 62K;
    }",
    "block Part(mid, out = 4 * mid, stride = 1) {
        residual { conv(mid, 1x1); conv(out, 3x3, stride = stride, padding = half); }
        shortcut if stride != 1 || input.channels != out { conv(out, 1x1, stride = stride); }
        relu;
    }
    #[dtype(i8)] struct Net(image: 8x8x3) -> 4x4x8 {
        let width = 2;
        stack: repeat i in 0..2 { Part(width); }
        #[flat] Part(width, stride = width);
    }",
    "struct Net(left: 8x8x3, right: 8x8x3) -> (a: 8x8x6, b = skip: 8x8x3) {
        skip: from right, identity;
        a: concat(left, right);
    }",
    "struct Net(image: 8x8x4) -> 8x8x12 {
        /// Two ways.
        concat {
            branch { conv(4, 3x3, padding = half); }
            other: branch { if true { relu; } else { sigmoid; } }
            branch { identity; }
        }
    }",
    "struct Net(words: 12) -> 2 {
        embedding: embedding(100, 8) => 12x8;
        (sequence, hidden, cell): lstm(4, bidirectional = true);
        #[allow(unused_value)] from sequence, last;
        head: linear(2);
    }",
    "struct Net(image: 32x32x3) -> 32x32x4 {
        enc: repeat i in 0..2 { skip: conv(4 << i, 3x3, padding = half); max_pool(2x2); }
        repeat i in 0..2 { conv_transpose(8 >> i, 2x2, stride = 2); concat(enc.{1 - i}.skip, _); }
        #[name = \"head.{1 + 1}\"] conv(4, 1x1);
        assert receptive_field >= 3x3;
    }",
];

/// What the facade's macro puts first.
pub(crate) fn prefixed(tokens: TokenStream) -> TokenStream {
    let mut stream: TokenStream = "(::shapewise)".parse().expect("tokens");
    stream.extend(tokens);
    stream
}

fn word(text: &str) -> TokenTree {
    let ident = match text.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(text, Span::call_site()),
    };
    ident.into()
}

fn literal(text: &str) -> TokenTree {
    let literal: Literal = text
        .parse()
        .unwrap_or_else(|_| panic!("no literal: {text}"));
    literal.into()
}

const DELIMITERS: [Delimiter; 4] = [
    Delimiter::Parenthesis,
    Delimiter::Brace,
    Delimiter::Bracket,
    Delimiter::None,
];

fn leaf() -> impl Strategy<Value = TokenTree> {
    prop_oneof![
        4 => (0..WORDS.len()).prop_map(|index| word(WORDS[index])),
        3 => (0..LITERALS.len()).prop_map(|index| literal(LITERALS[index])),
        4 => (0..SIGNS.len(), any::<bool>()).prop_map(|(index, joint)| {
            let spacing = if joint { Spacing::Joint } else { Spacing::Alone };
            Punct::new(SIGNS[index], spacing).into()
        }),
    ]
}

/// Any tokens.
pub(crate) fn soup() -> impl Strategy<Value = TokenStream> {
    let tree = leaf().prop_recursive(4, 40, 8, |inner| {
        (0..DELIMITERS.len(), vec(inner, 0..8)).prop_map(|(delimiter, inner)| {
            Group::new(DELIMITERS[delimiter], inner.into_iter().collect()).into()
        })
    });
    vec(tree, 0..24).prop_map(|trees| trees.into_iter().collect())
}

/// A network whose body is any tokens, some of them statements.
pub(crate) fn body() -> impl Strategy<Value = TokenStream> {
    (soup(), 0..NETWORKS.len()).prop_map(|(soup, index)| {
        let mut tokens: TokenStream = "pub struct Net(image: 8x8x3) -> 8x8x3"
            .parse()
            .expect("tokens");
        let inner: TokenStream = "first: conv(4, 3x3, padding = half) => 8x8x4;"
            .parse()
            .expect("tokens");
        let inner = inner.into_iter().chain(soup).collect();
        tokens.extend([TokenTree::from(Group::new(Delimiter::Brace, inner))]);
        if index == 0 {
            let call: TokenStream = "block Part(a, b = 2) { relu; }".parse().expect("tokens");
            tokens.extend(call);
        }
        tokens
    })
}

/// What happens to one token of a valid network.
#[derive(Clone, Debug)]
enum Edit {
    Drop,
    Double,
    /// With the token after it.
    Swap,
    Replace(TokenTree),
    Insert(TokenTree),
    /// In an invisible group, as `macro_rules!` forwards it.
    Hide,
    /// In this many brackets.
    Nest(usize, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => Just(Edit::Drop),
        3 => Just(Edit::Double),
        3 => Just(Edit::Swap),
        4 => leaf().prop_map(Edit::Replace),
        3 => leaf().prop_map(Edit::Insert),
        2 => Just(Edit::Hide),
        1 => (0..DELIMITERS.len(), 1_usize..260).prop_map(|(delimiter, depth)| Edit::Nest(delimiter, depth)),
    ]
}

/// A valid network in which some tokens are edited.
pub(crate) fn edited() -> impl Strategy<Value = TokenStream> {
    (0..NETWORKS.len(), vec((any::<u16>(), edit()), 1..4)).prop_map(|(index, edits)| {
        let mut tokens: TokenStream = NETWORKS[index].parse().expect("tokens");
        for (place, edit) in edits {
            let mut place = usize::from(place) % count(&tokens).max(1);
            tokens = apply(tokens, &mut place, &edit);
        }
        tokens
    })
}

fn count(tokens: &TokenStream) -> usize {
    let of = |token: TokenTree| match token {
        TokenTree::Group(group) => 1 + count(&group.stream()),
        _ => 1,
    };
    tokens.clone().into_iter().map(of).sum()
}

/// Edits the token of number `place`, counted through all groups.
fn apply(tokens: TokenStream, place: &mut usize, edit: &Edit) -> TokenStream {
    let mut edited: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        let here = *place == 0;
        *place = place.wrapping_sub(1);
        if !here {
            edited.push(match token {
                TokenTree::Group(group) if *place != usize::MAX => {
                    let size = count(&group.stream());
                    let inner = if *place < size {
                        apply(group.stream(), place, edit)
                    } else {
                        *place -= size;
                        group.stream()
                    };
                    Group::new(group.delimiter(), inner).into()
                }
                other => other,
            });
            continue;
        }
        *place = usize::MAX;
        match edit {
            Edit::Drop => {}
            Edit::Double => edited.extend([token.clone(), token]),
            Edit::Swap => {
                edited.extend(tokens.next());
                edited.push(token);
            }
            Edit::Replace(other) => edited.push(other.clone()),
            Edit::Insert(other) => edited.extend([other.clone(), token]),
            Edit::Hide => edited.push(Group::new(Delimiter::None, token.into()).into()),
            Edit::Nest(delimiter, depth) => {
                let nested = (0..*depth).fold(token, |inner, _| {
                    Group::new(DELIMITERS[*delimiter], inner.into()).into()
                });
                edited.push(nested);
            }
        }
        edited.extend(tokens.by_ref());
    }
    edited.into_iter().collect()
}
