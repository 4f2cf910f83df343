//! What `cargo doc` shows of a network: its text, as the macro writes it.

use proc_macro2::{TokenStream, TokenTree};

const NETWORK: &str = "
    /// The author's words:
    /// - and a list
    pub struct AlexNet(image: 227x227x3) -> (logits: 10) {
        conv1: conv(96, 11x11, stride = 4), relu;
        pool1: max_pool(3x3, stride = 2);
        features: { conv2: conv(256, 5x5, padding = 2), relu; relu; }
        global_avg_pool;
        /// What is told of the last.
        fc: linear(10);
    }
";

/// The lines of all documentation, item after item.
fn lines() -> Vec<String> {
    lines_of(NETWORK)
}

/// The lines of all documentation of a network.
fn lines_of(network: &str) -> Vec<String> {
    fn collect(tokens: TokenStream, lines: &mut Vec<String>) {
        let mut doc = false;
        let mut tokens = tokens.into_iter();
        while let Some(token) = tokens.next() {
            match token {
                // `doc = ... page! { ... }`, which rustdoc expands.
                TokenTree::Ident(name) if name == "page" => {
                    if let Some(TokenTree::Group(group)) = tokens.nth(1) {
                        let page = shapewise_compiler::page(group.stream());
                        collect(quote::quote!(doc = #page), lines);
                    }
                }
                TokenTree::Group(group) => collect(group.stream(), lines),
                TokenTree::Literal(text) if doc => {
                    let text = text.to_string();
                    let text = text
                        .trim_matches('"')
                        .replace("\\n", "\n")
                        .replace("\\\"", "\"");
                    lines.extend(text.split('\n').map(str::to_owned));
                }
                // `doc = "..."`
                TokenTree::Punct(equals) if doc && equals.as_char() == '=' => continue,
                TokenTree::Ident(name) if name == "doc" => {
                    doc = true;
                    continue;
                }
                _ => {}
            }
            doc = false;
        }
    }
    let tokens: TokenStream = network.parse().unwrap();
    let mut lines = Vec::new();
    collect(shapewise_compiler::expand(tokens), &mut lines);
    lines
}

/// Whether the lines follow each other.
fn assert_lines(expected: &[&str]) {
    let lines = lines();
    let found = lines.windows(expected.len()).any(|lines| lines == expected);
    assert!(found, "{expected:#?} is not in {lines:#?}");
}

#[test]
fn the_page_of_the_network() {
    assert_lines(&[
        "AlexNet: 652,170 parameters, 553 M multiply-accumulates.",
        "",
        " The author's words:",
        " - and a list",
        // Without which the drawing would be in the list.
        "",
    ]);
    assert_lines(&[
        "",
        "| Layer | Units | Output | Weights | Biases | Parameters | MACs |",
        "|:--|:--|:--|--:|--:|--:|--:|",
        "| [image](Self::INPUT) | input | 227x227x3 | | | | |",
        "| [conv1](Self::CONV1) | `conv(96, 11x11, stride = 4), relu` | 55x55x96 | 34,848 | 96 | 34,944 | 105,415,200 |",
        "| [pool1](Self::POOL1) | `max_pool(3x3, stride = 2)` | 27x27x96 | 0 | 0 | 0 | 0 |",
        "| [features](Self::FEATURES) | `{ 3 layers }` | 27x27x256 | 614,400 | 256 | 614,656 | 447,897,600 |",
        "| &nbsp;&nbsp;&nbsp;&nbsp;[conv2](Self::FEATURES_CONV2) | `conv(256, 5x5, padding = 2), relu` | 27x27x256 | 614,400 | 256 | 614,656 | 447,897,600 |",
        "|  | `global_avg_pool` | 256 | 0 | 0 | 0 | 0 |",
        "| [fc](Self::FC) | `linear(10)` | 10 | 2,560 | 10 | 2,570 | 2,560 |",
        "| **Total** | | 10 | 651,808 | 362 | **652,170** | 553,315,360 |",
    ]);
}

#[test]
fn the_pages_of_the_constants() {
    assert_lines(&["Trainable parameters, weights and biases: 652,170."]);
    assert_lines(&["`34,944 + 614,656 + 2,570 = 652,170`"]);
    assert_lines(&[
        "`conv(96, 11x11, stride = 4), relu`: 227x227x3 to 55x55x96. 34,944 parameters.",
        "",
        "- `conv` height, width: `floor((227 - 11 + 2*0) / 4) + 1 = 55`",
        "- `conv` parameters: `11*11*3*96 + 96 = 34,944`",
        "- `conv` MACs: `55*55*34,848 = 105,415,200`",
    ]);
    assert_lines(&[
        "`max_pool(3x3, stride = 2)`: 55x55x96 to 27x27x96.",
        "",
        "- height, width: `floor((55 - 3 + 2*0) / 2) + 1 = 27`",
    ]);
    assert_lines(&[
        " What is told of the last.",
        "",
        "`linear(10)`: 256 to 10. 2,570 parameters.",
        "",
        "- parameters: `256*10 + 10 = 2,570`",
        "- MACs: `2,560`",
    ]);
}

#[test]
fn the_page_is_small() {
    // What counts is the text that rustdoc gets: all of it, of a network with a
    // hundred rows.
    let rows: String = (0..50)
        .map(|i| {
            format!(
                "conv{i}: conv(64, 3x3, padding = half, bias = false), batch_norm, relu;
                 pool{i}: max_pool(3x3, stride = 1, padding = 1);"
            )
        })
        .collect();
    let network = format!("pub struct Long(image: 32x32x3) -> 32x32x64 {{ {rows} }}");
    let page: Vec<String> = lines_of(&network);
    let start = page.iter().position(|line| line.starts_with("<div><svg"));
    let end = page.iter().rposition(|line| line.starts_with("<div><svg"));
    let (start, end) = (start.unwrap(), end.unwrap());
    assert!(start < end, "one drawing stands above the table, one below");
    let bytes: usize = page[start..=end].iter().map(|line| line.len() + 1).sum();
    assert!(bytes <= 60_000, "{bytes} bytes");
    // Raw HTML ends at a blank line, and the table begins after one.
    assert!(page[start].ends_with("</svg></div>"));
    assert_eq!(page[start + 1], "");
}

/// The drawings of a page, and its other text.
fn page_of(network: &str) -> (Vec<String>, String) {
    let (drawings, text): (Vec<String>, Vec<String>) = lines_of(network)
        .into_iter()
        .partition(|line| line.starts_with("<div><svg"));
    (drawings, text.join("\n"))
}

#[test]
fn a_const_generic_is_drawn_by_its_name() {
    let (drawings, text) = page_of(
        "pub struct Open<const N: usize, const CLASSES: usize>(image: [N, N, 3]) -> (classes: CLASSES) {
            c1: conv(16, 3x3, padding = 1), relu;
            residual { conv(WIDTH, 3x3, padding = 1), relu; conv(16, 3x3, padding = 1); }
            global_avg_pool;
            fc: linear(CLASSES);
        }",
    );
    let [architecture, memory] = drawings.as_slice() else {
        panic!("{drawings:?}")
    };
    for shown in [
        ">classes CLASSES<",
        ">[N, N, 16]<",
        ">432*N^2 MACs<",
        ">17*CLASSES params<",
        ">conv WIDTH 3x3<",
    ] {
        assert!(
            architecture.contains(shown),
            "{shown} is not in {architecture}"
        );
    }
    // No share of a whole that is not known.
    assert!(!architecture.contains("class=\"b\""), "{architecture}");
    assert!(memory.contains(">peak "), "{memory}");
    for said in [
        "Open: `289*WIDTH + 17*CLASSES + 464` parameters, ",
        "depends on `N`, `WIDTH` and `CLASSES`. Layer by layer, with `N = 64`, `WIDTH = 32`, `CLASSES = 96`:",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
}

#[test]
fn a_custom_layer_is_drawn() {
    let network = |shape: &str| {
        format!(
            "pub struct Squeezed(image: 32x32x3) -> (classes: 10) {{
                c1: conv(16, 3x3, padding = 1), relu;
                se: custom squeeze(){shape};
                c2: conv(32, 3x3, padding = 1), relu;
                global_avg_pool;
                fc: linear(10);
            }}"
        )
    };
    let (drawings, text) = page_of(&network(""));
    assert_eq!(drawings.len(), 2);
    assert!(drawings[0].contains(">se.output<"), "{}", drawings[0]);
    let blurb = "Squeezed: parameters and multiply-accumulates that depend on `squeeze`.";
    assert!(text.contains(blurb), "{text}");
    assert!(text.contains("as if `se` gave 32x32x16:"), "{text}");
    // With its shape, nothing of the drawing is open, and memory is as it is.
    let (drawings, text) = page_of(&network(" => 32x32x16"));
    assert_eq!(drawings.len(), 2);
    assert!(drawings[0].contains(">32x32x32<"), "{}", drawings[0]);
    assert!(
        text.contains("Squeezed: 5,418 + those of `squeeze` parameters"),
        "{text}"
    );
    let peak = "take 192 KiB at most ([peak](Self::PEAK_ACTIVATION_BYTES)); layer by layer:";
    assert!(text.contains(peak), "{text}");
}

#[test]
fn a_formula_names_only_what_holds_everywhere() {
    // In some worlds half of `N` is `WIDTH`.
    let lines = lines_of(
        "pub struct Halved<const N: usize>(image: [N, N, 3]) -> (y: 4) {
            c1: conv(WIDTH, 3x3, padding = 1, stride = 2);
            global_avg_pool, linear(4);
        }",
    );
    let told: Vec<&String> = lines
        .iter()
        .filter(|line| line.contains("height, width:"))
        .collect();
    assert_eq!(
        told,
        ["- height, width: `floor((N - 3 + 2*1) / 2) + 1 = c1.height`"]
    );
}

#[test]
fn plans_of_budgets_are_drawn() {
    let network = "pub struct Mlp(x: 784) -> (y: 10) {
        linear(512), relu, linear(10);
        assert train_bytes(batch = 64, zero = 1, devices = 8) <= 8MiB;
        assert serve_bytes <= 2MiB;
    }";
    let page = lines_of(network).join("\n");
    assert!(page.contains("What plans take on a device"), "{page}");
    assert!(page.contains("train_bytes(batch = 64, zero = 1, devices = 8)"));
    assert!(
        page.contains(" of 8.00 MiB: parameters 1.55 MiB, gradients 1.55 MiB"),
        "{page}"
    );
    assert!(!lines().join("\n").contains("What plans take"));
}
