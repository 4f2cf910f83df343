//! What the fuzz targets share: the networks of the repository, and how long expanding
//! may take.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proc_macro2::{TokenStream, TokenTree};

/// How long the expansion of an input should take at most, unoptimised.
const MOST: Duration = Duration::from_millis(500);

/// Expands an invocation, and reads the result as Rust.
///
/// What takes too long each time is told, with the input; once may be the machine's doing,
/// and on a machine that is slow or busy so may three times: it is for people to judge.
pub fn expand(invocation: TokenStream) {
    let mut input: TokenStream = "(::shapewise)".parse().expect("tokens");
    input.extend(invocation);
    let mut items = TokenStream::new();
    let mut fastest = Duration::MAX;
    for _ in 0..3 {
        let begin = Instant::now();
        items = shapewise_compiler::expand(input.clone());
        fastest = fastest.min(begin.elapsed());
        if fastest <= MOST {
            break;
        }
    }
    if fastest > MOST {
        eprintln!("slow: {fastest:?} for {input}");
    }
    let expression = items.to_string().contains("SHAPEWISE_SYMBOL");
    match syn::parse2::<syn::File>(items) {
        Ok(_) => {}
        // `{ expression }` is the user's own Rust: what is wrong with it, rustc tells.
        Err(_) if expression => {}
        Err(error) => panic!("{error}: {input}"),
    }
}

/// What stands between the brackets of the invocations in the repository's examples and
/// cases of errors.
pub fn seeds() -> Vec<TokenStream> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["examples", "tests/ui"] {
        sources(&root.join(folder), &mut files);
    }
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        if let Ok(tokens) = text.parse::<TokenStream>() {
            invocations(tokens, &mut found);
        }
    }
    assert!(found.len() > 200, "{} seeds", found.len());
    found
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn invocations(tokens: TokenStream, found: &mut Vec<TokenStream>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (i, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        let is_named = i >= 2
            && matches!(&tokens[i - 2], TokenTree::Ident(name) if name == "network")
            && matches!(&tokens[i - 1], TokenTree::Punct(sign) if sign.as_char() == '!');
        if is_named {
            found.push(group.stream());
        } else {
            invocations(group.stream(), found);
        }
    }
}
