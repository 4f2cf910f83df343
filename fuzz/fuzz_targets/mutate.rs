//! Real networks with changed tokens: numbers become 0, 1, the largest or larger, tokens are
//! swapped, dropped, doubled, and taken from other networks. The macro does not panic, what
//! it makes are items, and it takes no longer than it may.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use proc_macro2::{Group, Literal, TokenStream, TokenTree};

static SEEDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let seeds = shapewise_fuzz::seeds().into_iter();
    seeds.map(|seed| seed.to_string()).collect()
});

/// What the input says, number by number; zeros after its end.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn next(&mut self) -> usize {
        let (bytes, rest) = self.0.split_at(self.0.len().min(2));
        self.0 = rest;
        bytes
            .iter()
            .fold(0, |number, byte| number << 8 | usize::from(*byte))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.next() % limit.max(1)
    }
}

/// A network of the repository.
fn seed(numbers: &mut Numbers<'_>) -> TokenStream {
    let seed = &SEEDS[numbers.below(SEEDS.len())];
    seed.parse().expect("a seed is tokens")
}

/// How many tokens there are, brackets and what is in them.
fn count(tokens: &TokenStream) -> usize {
    let counts = tokens.clone().into_iter().map(|token| match token {
        TokenTree::Group(group) => 1 + count(&group.stream()),
        _ => 1,
    });
    counts.sum()
}

/// The token with this number, if there is one.
fn nth(tokens: &TokenStream, place: &mut usize) -> Option<TokenTree> {
    for token in tokens.clone() {
        if *place == 0 {
            return Some(token);
        }
        *place -= 1;
        if let TokenTree::Group(group) = &token
            && let Some(inside) = nth(&group.stream(), place)
        {
            return Some(inside);
        }
    }
    None
}

/// The tokens with others in the place of one.
fn replaced(
    tokens: &TokenStream,
    place: &mut usize,
    with: &mut dyn FnMut(TokenTree) -> Vec<TokenTree>,
) -> TokenStream {
    let mut changed = Vec::new();
    for token in tokens.clone() {
        if *place == 0 {
            *place = usize::MAX;
            changed.extend(with(token));
            continue;
        }
        *place = place.saturating_sub(usize::from(*place != usize::MAX));
        match token {
            TokenTree::Group(group) => {
                let inside = replaced(&group.stream(), place, with);
                changed.push(TokenTree::Group(Group::new(group.delimiter(), inside)));
            }
            token => changed.push(token),
        }
    }
    changed.into_iter().collect()
}

/// Numbers at which something ends.
fn number(numbers: &mut Numbers<'_>) -> TokenTree {
    const NUMBERS: [&str; 12] = [
        "0",
        "1",
        "2",
        "65_535",
        "4_294_967_296",
        "18_446_744_073_709_551_615",
        "1_000_000_000_000_000_000_000_000_000_000",
        "0.0",
        "1e300",
        "1x1",
        "18446744073709551615x1",
        "4096x4096x4096",
    ];
    let text = NUMBERS[numbers.below(NUMBERS.len())];
    let literal = text.parse::<Literal>().expect("a literal");
    TokenTree::Literal(literal)
}

fn mutated(tokens: TokenStream, numbers: &mut Numbers<'_>) -> TokenStream {
    let what = numbers.below(6);
    let all = count(&tokens);
    let mut place = numbers.below(all);
    let mut other = numbers.below(all);
    match what {
        // A number, where there is one not far from the place.
        0 | 1 => {
            let number = number(numbers);
            for _ in 0..16 {
                let mut at = place;
                if matches!(nth(&tokens, &mut at), Some(TokenTree::Literal(_))) {
                    break;
                }
                place = (place + 1) % all.max(1);
            }
            replaced(&tokens, &mut place, &mut |_| vec![number.clone()])
        }
        2 => replaced(&tokens, &mut place, &mut |_| Vec::new()),
        3 => replaced(&tokens, &mut place, &mut |token| vec![token.clone(), token]),
        4 => {
            let Some(taken) = nth(&tokens, &mut other) else {
                return tokens;
            };
            replaced(&tokens, &mut place, &mut |_| vec![taken.clone()])
        }
        // A token of another network, with all that is in its brackets.
        _ => {
            let donor = seed(numbers);
            let mut from = numbers.below(count(&donor));
            let Some(taken) = nth(&donor, &mut from) else {
                return tokens;
            };
            replaced(&tokens, &mut place, &mut |token| vec![token, taken.clone()])
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut numbers = Numbers(bytes);
    let mut tokens = seed(&mut numbers);
    let changes = 1 + numbers.below(4);
    for _ in 0..changes {
        tokens = mutated(tokens, &mut numbers);
    }
    shapewise_fuzz::expand(tokens);
});
