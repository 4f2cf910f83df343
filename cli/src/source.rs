//! The invocations of `network!` in the files of a crate.

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::tree::{Tree, normal};

/// A source file.
#[derive(Debug)]
pub(crate) struct File {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What stands in it.
    pub(crate) text: String,
}

/// `network! { ... }`
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    /// The file.
    pub(crate) file: Rc<File>,
    /// The modules around it, from the crate's root on; nothing inside of a function.
    pub(crate) modules: Option<Vec<String>>,
    /// What stands between its brackets.
    pub(crate) tokens: TokenStream,
    /// From the macro's name to its closing bracket, in bytes.
    pub(crate) range: Range<usize>,
    /// What is between its brackets, in bytes.
    pub(crate) inside: Range<usize>,
}

/// A file that is no Rust.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// The file.
    pub(crate) file: Rc<File>,
    /// The byte at which it goes wrong.
    pub(crate) at: usize,
    /// What is wrong.
    pub(crate) message: String,
}

/// What is found in a crate.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The invocations, in the order of the files.
    pub(crate) invocations: Vec<Invocation>,
    /// Files that are no Rust.
    pub(crate) unreadable: Vec<Unreadable>,
    /// All files that were looked at.
    seen: HashSet<PathBuf>,
}

impl Found {
    /// Adds what is in a file and in the modules that it declares. A file that was looked
    /// at is not looked at again.
    pub(crate) fn add(&mut self, tree: &dyn Tree, root: &Path) {
        let folder = root.parent().unwrap_or(Path::new(""));
        self.file(tree, &normal(root), folder, &[]);
    }

    /// A file alone, without its modules.
    pub(crate) fn add_alone(&mut self, tree: &dyn Tree, path: &Path) -> bool {
        let Some(text) = tree.read(path) else {
            return false;
        };
        self.text(path, text, &[]);
        true
    }

    /// A text that is in no file.
    pub(crate) fn add_text(&mut self, path: &Path, text: String) {
        self.text(path, text, &[]);
    }

    /// A file whose modules stand in `folder`.
    fn file(&mut self, tree: &dyn Tree, path: &Path, folder: &Path, modules: &[String]) {
        if !self.seen.insert(path.to_owned()) {
            return;
        }
        let Some(text) = tree.read(path) else {
            return;
        };
        for module in self.text(path, text, modules) {
            let own = path.parent().unwrap_or(Path::new(""));
            let mut below = folder.to_owned();
            below.extend(module.inline.iter());
            let candidates = match &module.path {
                // A path is one from the file's own folder, or from that of the modules
                // in it around the declaration.
                Some(path) if module.inline.is_empty() => vec![own.join(path)],
                Some(path) => vec![below.join(path)],
                None => vec![
                    below.join(format!("{}.rs", module.name)),
                    below.join(&module.name).join("mod.rs"),
                ],
            };
            let mut candidates = candidates.iter().map(|path| normal(path));
            let Some(file) = candidates.find(|path| tree.has(path)) else {
                continue;
            };
            let inside = match &module.path {
                Some(_) => file.parent().unwrap_or(Path::new("")).to_owned(),
                None => below.join(&module.name),
            };
            let mut path = modules.to_owned();
            path.extend(module.inline);
            path.push(module.name);
            self.file(tree, &file, &inside, &path);
        }
    }

    /// The invocations in a text; what is given are the modules in files of their own.
    fn text(&mut self, path: &Path, text: String, modules: &[String]) -> Vec<Module> {
        let file = Rc::new(File {
            path: path.to_owned(),
            text,
        });
        let tokens = match file.text.parse::<TokenStream>() {
            Ok(tokens) => tokens,
            Err(error) => {
                self.unreadable.push(Unreadable {
                    at: error.span().byte_range().start,
                    message: "this is no Rust: a bracket or a quote is not closed, or a \
                              sign is none"
                        .to_owned(),
                    file,
                });
                return Vec::new();
            }
        };
        let mut walk = Walk {
            file: &file,
            found: &mut self.invocations,
            declared: Vec::new(),
        };
        walk.tokens(tokens, &mut modules.to_owned(), modules.len(), true);
        walk.declared
    }
}

/// `mod name;`
struct Module {
    name: String,
    /// The modules of the same file around it.
    inline: Vec<String>,
    /// What `#[path]` says.
    path: Option<String>,
}

struct Walk<'f> {
    file: &'f Rc<File>,
    found: &'f mut Vec<Invocation>,
    declared: Vec<Module>,
}

impl Walk<'_> {
    /// Goes through tokens in `modules`, of which the first `outer` are around the file.
    fn tokens(
        &mut self,
        tokens: TokenStream,
        modules: &mut Vec<String>,
        outer: usize,
        items: bool,
    ) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut path = None;
        let mut i = 0;
        while i < tokens.len() {
            match &tokens[i..] {
                [
                    TokenTree::Ident(word),
                    TokenTree::Punct(sign),
                    TokenTree::Ident(_),
                    ..,
                ] if word == "macro_rules" && sign.as_char() == '!' => {
                    i += 4;
                }
                [
                    TokenTree::Ident(word),
                    TokenTree::Punct(sign),
                    TokenTree::Group(group),
                    ..,
                ] if word == "network"
                    && sign.as_char() == '!'
                    && group.delimiter() != Delimiter::None =>
                {
                    let start = word.span().byte_range().start;
                    self.found.push(Invocation {
                        file: Rc::clone(self.file),
                        modules: items.then(|| modules.clone()),
                        tokens: group.stream(),
                        range: start..group.span_close().byte_range().end,
                        inside: inside(group),
                    });
                    i += 3;
                }
                [TokenTree::Punct(sign), TokenTree::Group(group), ..] if sign.as_char() == '#' => {
                    path = path.or_else(|| path_of(&group.stream()));
                    i += 2;
                }
                [TokenTree::Ident(word), TokenTree::Ident(name), after, ..] if word == "mod" => {
                    let name = name.to_string();
                    match after {
                        TokenTree::Group(group) => {
                            modules.push(name);
                            self.tokens(group.stream(), modules, outer, items);
                            modules.pop();
                        }
                        _ if items => self.declared.push(Module {
                            name: name.trim_start_matches("r#").to_owned(),
                            inline: modules[outer..].to_vec(),
                            path: path.take(),
                        }),
                        _ => {}
                    }
                    path = None;
                    i += 3;
                }
                [TokenTree::Group(group), ..] => {
                    self.tokens(group.stream(), modules, outer, false);
                    i += 1;
                }
                // `pub(crate) mod name;` keeps what stands before it.
                [TokenTree::Punct(sign), ..] if sign.as_char() == ';' => {
                    path = None;
                    i += 1;
                }
                _ => i += 1,
            }
        }
    }
}

/// What is between the brackets.
fn inside(group: &Group) -> Range<usize> {
    group.span_open().byte_range().end..group.span_close().byte_range().start
}

/// The file that `#[path = "..."]` names.
fn path_of(attribute: &TokenStream) -> Option<String> {
    let mut tokens = attribute.clone().into_iter();
    match (tokens.next()?, tokens.next()?, tokens.next()?) {
        (TokenTree::Ident(word), TokenTree::Punct(_), TokenTree::Literal(text))
            if word == "path" =>
        {
            Some(text.to_string().trim_matches('"').to_owned())
        }
        _ => None,
    }
}
