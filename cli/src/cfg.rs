//! `#[cfg(...)]`: what is built, as cargo and rustc see it.

use std::collections::HashSet;
use std::env;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use proc_macro2::{TokenStream, TokenTree};

/// Whether `cfg(test)` holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Test {
    /// It is built for use.
    #[default]
    No,
    /// It is a test.
    Yes,
    /// It is built both ways: what either has is there.
    Both,
}

/// What a target is built with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flags {
    /// The features of its package that are on.
    pub(crate) features: HashSet<String>,
    /// Whether it is a test.
    pub(crate) test: Test,
}

impl Flags {
    /// Those of the attributes before something, and within `cfg_attr`, that keep it out of
    /// the build: `#[cfg(unix)]`. The tokens are those in the brackets.
    pub(crate) fn against(&self, attribute: &TokenStream) -> Option<String> {
        self.applied(attribute).into_iter().find_map(|applied| {
            let predicate = called(&applied, "cfg")?;
            (!self.holds(&predicate)).then(|| {
                let text = predicate.to_string().replace(" (", "(").replace(" ,", ",");
                format!("#[cfg({text})]")
            })
        })
    }

    /// An attribute, or those of a `cfg_attr` whose predicate holds.
    pub(crate) fn applied(&self, attribute: &TokenStream) -> Vec<TokenStream> {
        let Some(inside) = called(attribute, "cfg_attr") else {
            return vec![attribute.clone()];
        };
        let mut parts = list(inside).into_iter();
        match parts.next() {
            Some(predicate) if self.holds(&predicate) => {
                parts.flat_map(|part| self.applied(&part)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a predicate holds, in a test or else.
    fn holds(&self, predicate: &TokenStream) -> bool {
        let tests: &[bool] = match self.test {
            Test::No => &[false],
            Test::Yes => &[true],
            Test::Both => &[false, true],
        };
        // What is no predicate is left to rustc.
        let mut tests = tests.iter();
        tests.any(|test| self.evaluated(predicate, *test).unwrap_or(true))
    }

    fn evaluated(&self, predicate: &TokenStream, test: bool) -> Option<bool> {
        let tokens: Vec<TokenTree> = predicate.clone().into_iter().collect();
        match tokens.as_slice() {
            [TokenTree::Ident(word)] => Some(match word.to_string().as_str() {
                "true" => true,
                "false" => false,
                "test" => test,
                name => is_set(name),
            }),
            [
                TokenTree::Ident(word),
                TokenTree::Punct(_),
                TokenTree::Literal(value),
            ] => {
                let value = value.to_string();
                let value = value.trim_matches('"');
                Some(match word.to_string().as_str() {
                    "feature" => self.features.contains(value),
                    name => is_set(&format!("{name}=\"{value}\"")),
                })
            }
            [TokenTree::Ident(word), TokenTree::Group(group)] => {
                let parts = list(group.stream());
                let mut parts = parts.iter().map(|part| self.evaluated(part, test));
                match word.to_string().as_str() {
                    "all" => parts.try_fold(true, |all, part| Some(all && part?)),
                    "any" => parts.try_fold(false, |any, part| Some(any || part?)),
                    "not" => parts.next()?.map(|part| !part),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// What stands in the parentheses of `name(...)`.
fn called(attribute: &TokenStream, name: &str) -> Option<TokenStream> {
    let mut tokens = attribute.clone().into_iter();
    match (tokens.next()?, tokens.next()?) {
        (TokenTree::Ident(word), TokenTree::Group(group)) if word == name => Some(group.stream()),
        _ => None,
    }
}

/// What stands between commas.
fn list(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(sign), _) if sign.as_char() == ',' => parts.push(TokenStream::new()),
            (_, Some(part)) => part.extend([token]),
            (_, None) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether something is set for the target that rustc builds for: `unix`, `target_os="linux"`.
fn is_set(what: &str) -> bool {
    static SET: OnceLock<HashSet<String>> = OnceLock::new();
    SET.get_or_init(|| told().unwrap_or_else(own))
        .contains(what)
}

/// What rustc says, with what cargo passes on to it.
fn told() -> Option<HashSet<String>> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--print", "cfg"]);
    if let Ok(flags) = env::var("CARGO_ENCODED_RUSTFLAGS") {
        command.args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()));
    } else if let Ok(flags) = env::var("RUSTFLAGS") {
        command.args(flags.split_whitespace());
    }
    if let Some(target) = env::var_os("CARGO_BUILD_TARGET") {
        command.arg("--target").arg(target);
    }
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let output = output.ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.lines().map(str::to_owned).collect())
}

/// Where there is no rustc: what this program was built for.
fn own() -> HashSet<String> {
    use env::consts::{ARCH, FAMILY, OS};
    [
        FAMILY.to_owned(),
        "debug_assertions".to_owned(),
        format!("target_os=\"{OS}\""),
        format!("target_arch=\"{ARCH}\""),
        format!("target_family=\"{FAMILY}\""),
        format!("target_pointer_width=\"{}\"", usize::BITS),
    ]
    .into()
}

#[cfg(test)]
mod tests {
    use super::{Flags, Test};

    fn against(flags: &Flags, attribute: &str) -> Option<String> {
        flags.against(&attribute.parse().expect("tokens"))
    }

    #[test]
    fn predicates() {
        let flags = Flags {
            features: ["gpu".to_owned()].into(),
            test: Test::No,
        };
        for fine in [
            "doc(hidden)",
            "cfg(all())",
            "cfg(true)",
            "cfg(not(test))",
            "cfg(feature = \"gpu\")",
            "cfg(any(test, all(feature = \"gpu\", not(feature = \"other\"))))",
            "cfg(any(unix, windows))",
            "cfg_attr(test, cfg(any()))",
            // Not ours to say.
            "cfg(version(\"1.90\"))",
            "cfg(not(version(\"1.90\")))",
        ] {
            assert_eq!(against(&flags, fine), None, "{fine}");
        }
        for out in [
            "cfg(any())",
            "cfg(false)",
            "cfg(test)",
            "cfg(not(all()))",
            "cfg(feature = \"other\")",
            "cfg(target_os = \"no such system\")",
            "cfg(unheard_of)",
            "cfg_attr(feature = \"gpu\", doc(hidden), cfg(any()))",
        ] {
            assert!(against(&flags, out).is_some(), "{out}");
        }
        let out = against(&flags, "cfg(all(test, feature=\"other\"))");
        let shown = "#[cfg(all(test, feature = \"other\"))]";
        assert_eq!(out.as_deref(), Some(shown));
    }

    #[test]
    fn both_ways() {
        let flags = Flags {
            test: Test::Both,
            ..Flags::default()
        };
        assert_eq!(against(&flags, "cfg(test)"), None);
        assert_eq!(against(&flags, "cfg(not(test))"), None);
        assert!(against(&flags, "cfg(all(test, not(test)))").is_some());
    }
}
