//! `use` and `extern crate`: names for what stands elsewhere.

use proc_macro2::TokenTree;

/// A name for what stands elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    /// The name; nothing for `*`.
    pub(crate) name: Option<String>,
    /// The path: the first word is empty where it begins with `::`.
    pub(crate) path: Vec<String>,
}

/// What the tokens between `use` and `;` name.
pub(super) fn of(tokens: &[TokenTree]) -> Vec<Use> {
    let mut found = Vec::new();
    tree(tokens, Vec::new(), &mut found);
    found
}

/// What `extern crate` names.
pub(super) fn of_crate(tokens: &[TokenTree]) -> Option<Use> {
    let mut words = tokens.iter().filter_map(word);
    let krate = words.next()?;
    let name = match words.next() {
        Some(_) => words.next()?,
        None => krate.clone(),
    };
    Some(Use {
        name: Some(name),
        path: vec![String::new(), krate],
    })
}

fn word(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(word) => Some(plain(&word.to_string())),
        _ => None,
    }
}

/// A name without what makes a word of the language one.
pub(crate) fn plain(name: &str) -> String {
    name.trim_start_matches("r#").to_owned()
}

fn tree(tokens: &[TokenTree], mut path: Vec<String>, found: &mut Vec<Use>) {
    let mut tokens = tokens.iter();
    let mut name = None;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(alias) if alias == "as" => {
                name = tokens.next().and_then(word);
                break;
            }
            TokenTree::Ident(_) => path.extend(word(token)),
            // `::` at the beginning, and no other.
            TokenTree::Punct(sign) if sign.as_char() == ':' => {
                if path.is_empty() {
                    path.push(String::new());
                }
            }
            TokenTree::Punct(sign) if sign.as_char() == '*' => {
                found.push(Use { name: None, path });
                return;
            }
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_comma =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ',');
                for part in inner.split(is_comma).filter(|part| !part.is_empty()) {
                    tree(part, path.clone(), found);
                }
                return;
            }
            _ => return,
        }
    }
    // `a::{self}` is `a`.
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    if let Some(last) = path.last().cloned() {
        let name = Some(name.unwrap_or(last));
        found.push(Use { name, path });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let tokens = text.parse::<proc_macro2::TokenStream>().expect("tokens");
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let found = of(&tokens).into_iter();
        found
            .map(|one| (one.name.unwrap_or_default(), one.path.join("::")))
            .collect()
    }

    #[test]
    fn trees() {
        let pair = |name: &str, path: &str| (name.to_owned(), path.to_owned());
        assert_eq!(read("a::b"), [pair("b", "a::b")]);
        assert_eq!(read("::a::b as c"), [pair("c", "::a::b")]);
        assert_eq!(read("a::*"), [pair("", "a")]);
        assert_eq!(
            read("crate::{self as root, a::{self, b}, r#type as t, c::*,}"),
            [
                pair("root", "crate"),
                pair("a", "crate::a"),
                pair("b", "crate::a::b"),
                pair("t", "crate::type"),
                pair("", "crate::c"),
            ]
        );
    }
}
