//! Whatever is formatted keeps its tokens and its comments, and is formatted.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::{Spacing, TokenStream, TokenTree};
use shapewise_compiler::report::Errors;
use shapewise_compiler::{expand, syntax};

use super::{Style, format};
use crate::source::{Found, Invocation};
use crate::tree::Disk;

/// A text formatted: itself where nothing changes.
fn formatted(text: &str) -> String {
    let source = format!("network! {{{text}}}");
    let mut found = Found::default();
    found.add_text(Path::new("test.rs"), source.clone(), &Rc::default());
    let [invocation] = found.invocations.as_slice() else {
        panic!("{source}");
    };
    let inside = &invocation.inside;
    let new = format(&source, &invocation.tokens, inside, Style::default());
    new.unwrap_or_else(|| text.to_owned())
}

fn assert_formatted(text: &str, expected: &str) {
    let expected = format!("\n{expected}");
    let new = formatted(text);
    assert_eq!(new, expected, "\n{new}");
    assert_eq!(formatted(&new), new, "formatted again");
}

#[test]
fn labels_and_shapes_stand_in_columns() {
    assert_formatted(
        "
/// A network.
pub struct Net ( image:8x8x1 )->( classes : 10 ){
  conv1:conv(4,3x3,padding=half) , relu=>8x8x4;
     flatten ;


  fc : linear( 10 )=>10;

  assert params<=2_600 ; // enough
}
// The end.
",
        "    /// A network.
    pub struct Net(image: 8x8x1) -> (classes: 10) {
        conv1: conv(4, 3x3, padding = half), relu  => 8x8x4;
        flatten;

        fc: linear(10)                             => 10;

        assert params <= 2_600; // enough
    }
    // The end.
",
    );
}

#[test]
fn bodies_take_lines_where_they_did() {
    assert_formatted(
        "
block B(c,s=1){residual if s==1&&input.channels==c{conv(c,3x3,padding=half);}shortcut{conv(c,1x1);}
relu}
struct N<const A:usize=3>(x: [A,-1+2,3])->2 {
  a:repeat i in 0..A-1 {B(8<<i)}
  concat{ branch{ one:conv(a.{0}.x,1x1) }
    // Another way.
    two: branch {relu} }
  let w={A+1};
  if !true{relu}else{tanh}
  custom m::f(w,{ A }),m::Net::<{A}>(shared=a),linear(-w);
}
",
        "    block B(c, s = 1) {
        residual if s == 1 && input.channels == c { conv(c, 3x3, padding = half); } shortcut { conv(c, 1x1); }
        relu
    }
    struct N<const A: usize = 3>(x: [A, -1 + 2, 3]) -> 2 {
        a: repeat i in 0..A - 1 { B(8 << i) }
        concat {
            branch { one: conv(a.{0}.x, 1x1) }
            // Another way.
            two: branch { relu }
        }
        let w = {A+1};
        if !true { relu } else { tanh }
        custom m::f(w, { A }), m::Net::<{A}>(shared = a), linear(-w);
    }
"
        .replace(
            "        residual if s == 1 && input.channels == c { conv(c, 3x3, padding = half); } shortcut { conv(c, 1x1); }\n",
            "        residual if s == 1 && input.channels == c {
            conv(c, 3x3, padding = half);
        } shortcut {
            conv(c, 1x1);
        }\n",
        )
        .as_str(),
    );
}

#[test]
fn long_statements_are_broken_after_commas() {
    assert_formatted(
        "
struct N(x: 224x224x3) -> 10 {
    stem: conv(64, 7x7, stride = 2, padding = half, bias = false), batch_norm(eps = 0.001), relu, max_pool(3x3, stride = 2), relu => 5x5x64;
    concat(first_of_the_labels.some, second_of_the_labels.more, third_of_the_labels.again, fourth_of_them);
    #[name = \"long\"] head: linear(10);
    #[name = \"own line\"]
    tail: linear(10);
}
",
        "    struct N(x: 224x224x3) -> 10 {
        stem: conv(64, 7x7, stride = 2, padding = half, bias = false), batch_norm(eps = 0.001),
            relu, max_pool(3x3, stride = 2), relu  => 5x5x64;
        concat(first_of_the_labels.some, second_of_the_labels.more, third_of_the_labels.again,
            fourth_of_them);
        #[name = \"long\"] head: linear(10);
        #[name = \"own line\"]
        tail: linear(10);
    }
",
    );
}

#[test]
fn comments_in_statements_leave_them_alone() {
    assert_formatted(
        "
struct N(x: 4) -> 4 { // what comes in
    a: linear(8), // wide
       relu, /* and */ linear(4);
  /* a block
   * of comment */
  relu;
      // the last
}
",
        "    struct N(x: 4) -> 4 { // what comes in
        a: linear(8), // wide
           relu, /* and */ linear(4);
        /* a block
         * of comment */
        relu;
        // the last
    }
",
    );
}

/// All `.rs` files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The invocations of the repository that can be read.
fn corpus() -> Vec<Invocation> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    for folder in ["examples", "tests"] {
        files(&root.join(folder), &mut paths);
    }
    let mut found = Found::default();
    for path in paths {
        found.add_alone(&Disk, &path, &Rc::default());
    }
    let mut invocations = found.invocations;
    invocations.retain(|one| {
        let mut errors = Errors::new();
        syntax::parse(crate::network::input(&one.tokens), &mut errors);
        errors.is_empty()
    });
    assert!(invocations.len() > 300, "{}", invocations.len());
    invocations
}

/// Numbers that look random, the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

/// Tokens with any white space and comments between them; what stands beside each other
/// stays there.
fn scattered(tokens: TokenStream, in_body: bool, numbers: &mut Numbers, text: &mut String) {
    let mut joint = false;
    for token in tokens {
        if !joint {
            match numbers.below(40) {
                6..=8 if !in_body => text.push(' '),
                0..=4 => text.push('\n'),
                5 => text.push_str("\n\n\n   "),
                6 => text.push_str(" // beside\n"),
                7 => text.push_str("\n  // above\n"),
                8 => text.push_str(" /* within */ "),
                _ => text.push(' '),
            }
        }
        joint = false;
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ('(', ')'),
                    proc_macro2::Delimiter::Bracket => ('[', ']'),
                    _ => ('{', '}'),
                };
                text.push(open);
                let body = in_body || open == '{';
                scattered(group.stream(), body, numbers, text);
                text.push(' ');
                text.push(close);
            }
            TokenTree::Punct(punct) => {
                joint = punct.spacing() == Spacing::Joint;
                text.push(punct.as_char());
            }
            other => text.push_str(&other.to_string()),
        }
    }
}

/// What it expands to, but for the numbers by which blocks of different places are told
/// from each other.
fn expanded(tokens: &TokenStream) -> String {
    let text = expand(crate::network::input(tokens)).to_string();
    let mut parts = text.split("__shapewise_");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let word = part.find(|c: char| !(c.is_alphanumeric() || c == '_'));
        let (word, rest) = part.split_at(word.unwrap_or(part.len()));
        let name = word.rsplit_once('_').map_or(word, |(name, _)| name);
        plain.push_str(&format!("__shapewise_{name}{rest}"));
    }
    plain
}

#[test]
fn what_is_formatted_expands_to_the_same_tokens() {
    let mut numbers = Numbers(7);
    let mut kept = 0;
    for (index, invocation) in corpus().into_iter().enumerate() {
        let mut text = String::new();
        scattered(invocation.tokens.clone(), false, &mut numbers, &mut text);
        let path = invocation.file.path.display();
        let new = formatted(&text);
        kept += usize::from(new == text);
        assert_eq!(formatted(&new), new, "{path}: formatted again");
        let comments = |text: &str| text.matches("// ").count() + text.matches("/* ").count();
        assert_eq!(comments(&new), comments(&text), "{path}");
        // Expanding takes long: every seventh is.
        if index % 7 == 0 {
            let tokens: TokenStream = new.parse().expect("tokens");
            assert_eq!(expanded(&tokens), expanded(&invocation.tokens), "{path}");
        }
    }
    assert!(kept < 30, "{kept} were left as they are");
}

#[test]
fn what_the_repository_has_is_formatted_once() {
    for invocation in corpus() {
        let text = &invocation.file.text;
        let inside = &invocation.inside;
        let Some(new) = format(text, &invocation.tokens, inside, Style::default()) else {
            continue;
        };
        let mut whole = text.clone();
        whole.replace_range(inside.clone(), &new);
        let mut found = Found::default();
        found.add_text(Path::new("test.rs"), whole.clone(), &Rc::default());
        let again = found
            .invocations
            .iter()
            .find(|one| one.inside.start == inside.start)
            .expect("the same");
        let twice = format(&whole, &again.tokens, &again.inside, Style::default());
        let path = invocation.file.path.display();
        assert_eq!(twice.unwrap_or_else(|| new.clone()), new, "{path}");
    }
}

#[test]
fn an_index_touches_its_list() {
    assert_formatted(
        "
struct N(x: 4x4x4) -> (y) {
    repeat (a, b) in [(1, 2)] { conv(widths [a]* w [0] [b], [1, 1], padding = p [1]); }
}
",
        "    struct N(x: 4x4x4) -> (y) {
        repeat (a, b) in [(1, 2)] { conv(widths[a] * w[0][b], [1, 1], padding = p[1]); }
    }
",
    );
}
