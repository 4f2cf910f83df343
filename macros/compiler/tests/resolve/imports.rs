//! Blocks of other invocations: what a `use` asks for, and what it brings along.

use proc_macro2::TokenStream;

use crate::{graph, messages};

/// An invocation's expansion as text.
fn expanded(source: &str) -> String {
    let tokens: TokenStream = format!("(::shapewise) {source}").parse().expect("tokens");
    shapewise_compiler::expand(tokens).to_string()
}

fn without_spaces(text: &str) -> String {
    text.replace([' ', '\n'], "")
}

/// The tokens that the macro of a block hands over.
fn package(library: &str, block: &str) -> String {
    let expanded = expanded(library);
    let start = expanded
        .find(&format!("__shapewise_{block}_"))
        .unwrap_or_else(|| panic!("{block} does not travel: {expanded}"));
    let place = expanded[start..]
        .find("{ $ ($ before) *")
        .or_else(|| expanded[start..].find("{ $ ($before) *"));
    let body = &expanded[start + place.expect("a transcriber")..];
    let open = body[1..].find('{').unwrap() + 1;
    let mut depth = 0;
    let end = body[open..].char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        (depth == 0).then_some(at)
    });
    body[open..=open + end.unwrap()].replace("$ crate", "crate")
}

const LIBRARY: &str = "
    pub block Bottleneck(mid, out = 4 * mid) {
        residual { Norm(mid); Norm(out, act = none); }
            shortcut if input.channels != out { Norm(out, act = none); }
        relu;
    }
    block Norm(channels, act = relu) { conv(channels, 1x1, bias = false), batch_norm, act; }
    block Unneeded() { relu; }
    pub struct Tiny(image: 4x4x8) -> (out) { Bottleneck(2); }";

/// What the macro of a path is called with, by the name that the path is imported as.
fn imported(asked: &str, path: &str) -> String {
    let asked = without_spaces(asked);
    let import = format!("#[allow(unused_imports)]use{path}as__shapewise_");
    let rest = asked.strip_prefix(&import).expect(&asked);
    let (name, rest) = rest.split_once(';').expect(rest);
    let call = format!("__shapewise_{name}!");
    rest.strip_prefix(&call).expect(rest).to_owned()
}

#[test]
fn a_use_asks_for_its_block_first() {
    let asked = expanded("use a::b::Block; struct Net(image: 4x4x8) -> (out) { Block; }");
    assert_eq!(
        imported(&asked, "a::b::Block"),
        "{[::shapewise::__private::network!][(::shapewise)usea::b::BlockasBlock]\
         [;structNet(image:4x4x8)->(out){Block;}]}"
    );
    // One after the other.
    let asked =
        expanded("use x::Known { Known block Known() { relu; } }; use a::{One as Two, Three};");
    assert_eq!(
        imported(&asked, "a::One"),
        "{[::shapewise::__private::network!][(::shapewise)usex::Known{Knownblock\
         Known(){relu;}};usea::OneasTwo][;usea::ThreeasThree;]}"
    );
}

#[test]
fn a_macro_hands_over_its_block_and_what_that_calls() {
    let package = without_spaces(&package(LIBRARY, "Bottleneck"));
    assert!(
        package.starts_with("{BottleneckblockBottleneck("),
        "{package}"
    );
    assert!(package.contains("blockNorm("), "{package}");
    assert!(
        !package.contains("Unneeded") && !package.contains("Tiny"),
        "{package}"
    );
    // Without one that others may use, there is no macro.
    assert!(!expanded(&LIBRARY.replace("pub block", "block")).contains("macro_rules"));
}

#[test]
fn what_is_brought_along_is_as_if_it_were_written_here() {
    let used = format!(
        "use lib::Bottleneck as Neck {};
         struct Net(image: 4x4x8) -> (out) {{ first: Neck(4); Norm; Stage(Neck); }}
         block Norm() {{ layer_norm; }}
         block Stage(part) {{ part(2, out = 16); }}",
        package(LIBRARY, "Bottleneck")
    );
    let here =
        format!(
        "struct Net(image: 4x4x8) -> (out) {{ first: Bottleneck(4); Other; Stage(Bottleneck); }}
         block Other() {{ layer_norm; }}
         block Stage(part) {{ part(2, out = 16); }}
         {}",
        LIBRARY.replace("pub struct Tiny(image: 4x4x8) -> (out) { Bottleneck(2); }", "")
    );
    let (used, here) = (graph(&used), graph(&here));
    let layers = |graph: &shapewise_compiler::graph::Resolved| {
        let nodes = graph.nodes.iter();
        let nodes = nodes.map(|node| (node.step.path.clone(), node.layer, node.counts));
        nodes.collect::<Vec<_>>()
    };
    assert_eq!(layers(&used), layers(&here));
}

#[test]
fn a_block_of_here_can_be_given_to_one_of_elsewhere() {
    let library = "pub block Twice(part) { part; Own; part; } block Own() { relu; }";
    let source = format!(
        "use lib::Twice {}; struct Net(image: 4x4x8) -> (out) {{ Twice(Own); }}
         block Own() {{ conv(8, 1x1); }}",
        package(library, "Twice")
    );
    let graph = graph(&source);
    let names: Vec<&str> = graph
        .nodes
        .iter()
        .map(|node| node.step.entry.name)
        .collect();
    assert_eq!(names, ["conv", "relu", "conv"]);
}

#[test]
fn what_a_library_uses_itself_comes_along() {
    let norm = package(LIBRARY, "Bottleneck").replace("Bottleneck", "Inner");
    let library =
        format!("use deep::Inner as Part {norm}; pub block Outer(width) {{ Part(width); }}");
    let source = format!(
        "use lib::Outer {}; struct Net(image: 4x4x8) -> (out) {{ Outer(0); }}",
        package(&library, "Outer")
    );
    let told = messages(&source);
    assert_eq!(told.len(), 1, "{told:#?}");
    for fact in [
        "in   block `Norm`, called as `Norm(mid)`",
        "in   block `Outer`, called as `Outer(0)`",
    ] {
        assert!(told[0].contains(fact), "{}", told[0]);
    }
    graph(&source.replace("Outer(0)", "Outer(4)"));
}

#[test]
fn what_is_no_block_that_may_be_used_is_told() {
    let net = "struct Net(image: 4x4x8) -> (out) { Other(3), relu; }";
    for (import, wanted) in [
        (
            "use lib::Norm { ! private };",
            "the block `Norm` is private",
        ),
        (
            "use lib::Tiny { ! network };",
            "`Tiny` is a network, and no block",
        ),
        ("use lib::*;", "there is no `*`"),
        ("use lib::Block", "expected `;` after the path"),
        (
            "use lib::Norm { Norm block Norm() { relu; } }; block Norm() { relu; }",
            "another block or network is called `Norm`",
        ),
        (
            "use a::Norm { Norm block Norm() { relu; } }; use b::Norm { Norm block Norm() { relu; } };",
            "`use b::Norm as Other`",
        ),
    ] {
        let told = messages(&format!("{import} {net}"));
        assert!(
            told.iter().any(|told| told.contains(wanted)),
            "{import}: {told:#?}"
        );
    }
    let layer = expanded(&format!("use lib::conv; {net}"));
    assert!(layer.contains("`conv` is a layer, and no block"), "{layer}");
}

#[test]
fn what_is_not_seen_from_elsewhere_is_told_where_the_block_stands() {
    for (body, wanted) in [
        (
            "Tiny;",
            "the network `Tiny` is not seen where `Part` is used",
        ),
        ("conv(WIDTH, 1x1);", "the constant `WIDTH` is not seen"),
        (
            "conv({ 2 * WIDTH }, 1x1);",
            "the constant `WIDTH` is not seen",
        ),
        ("repeat WIDTH { relu; }", "the constant `WIDTH` is not seen"),
        ("conv(config::WIDTH, 1x1);", "`crate::config::WIDTH`"),
        ("self::nets::Tower;", "`crate::nets::Tower`"),
        ("custom layers::fourier(16);", "`crate::layers::fourier`"),
        (
            "Inner;",
            "the constant `DEPTH` is not seen where `Inner` is used",
        ),
    ] {
        let source = format!(
            "pub block Part(width = 3) {{ {body} conv(width, 1x1); }}
             block Inner() {{ conv(DEPTH, 1x1); }}
             block Private() {{ conv(WIDTH, 1x1); }}
             struct Tiny(image: 4x4x8) -> (out) {{ relu; }}"
        );
        let expanded = expanded(&source);
        assert!(expanded.contains(wanted), "{body}: {expanded}");
        assert_eq!(expanded.matches("is not seen").count(), 1, "{body}");
    }
    for fine in [
        "conv(crate::config::WIDTH, 1x1);",
        "conv(::other::WIDTH, 1x1);",
        "conv({ 2 * crate::config::WIDTH }, 1x1);",
        "crate::nets::Tower;",
        "act; conv(WIDTH, 1x1);",
    ] {
        let expanded = expanded(&format!(
            "pub block Part(act = relu, WIDTH = 3) {{ {fine} }}"
        ));
        assert!(
            !expanded.contains("compile_error ! { \"the") && !expanded.contains("is not seen"),
            "{fine}: {expanded}"
        );
    }
}

#[test]
fn blocks_alone_are_looked_at() {
    let wrong = expanded("pub block Part(width) { convv(3, 1x1); }");
    assert!(wrong.contains("did you mean `conv`?"), "{wrong}");
    assert!(wrong.contains("nothing reads `width`"), "{wrong}");
    let fine = expanded("pub block Part(width) { conv(width, 1x1); }");
    assert_eq!(fine.matches("compile_error").count(), 1, "{fine}");
}
