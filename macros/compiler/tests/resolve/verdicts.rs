//! What is told of networks with numbers that only rustc knows: errors that are the same
//! whatever the numbers are, and no others.

use crate::{graph, messages, outcome};

fn net(body: &str) -> String {
    format!("struct Net<const N: usize>(image: 32x32x3) -> (out) {{ {body} }}")
}

/// The headline of the only error.
#[track_caller]
fn told(source: &str) -> String {
    let messages = messages(source);
    assert_eq!(messages.len(), 1, "{messages:#?}");
    messages[0].lines().next().unwrap_or_default().to_owned()
}

#[test]
fn what_fits_with_no_number_is_an_error() {
    for (body, headline) in [
        (
            "stem: conv(N, 3x3, padding = 1); big: conv(8, 64x64);",
            "kernel 64x64 does not fit the 32x32 input of `big`",
        ),
        (
            "conv(N, 3x3, padding = 1), residual { conv(N, 3x3); }",
            "the inputs [30, 30, N] and [32, 32, N] of `add` differ on height and width",
        ),
        (
            "a: conv(N, 3x3); b: from image, conv(N, 1x1); add(a, b);",
            "the inputs [30, 30, N] and [32, 32, N] of `add` differ on height and width",
        ),
        (
            "conv(N, 1x1), attention(heads = 8);",
            "`attention` takes a sequence, but its input [32, 32, N] is an image",
        ),
        (
            "conv(N, 1x1), linear(min(N, 20));",
            "`linear` takes a vector or a sequence, but its input [32, 32, N] is an image",
        ),
        (
            "a: conv(2 * N, 3x3, padding = 1) => 30x30x64; conv(4, 1x1);",
            "`a` gives [32, 32, 2*N], not 30x30x64",
        ),
        (
            "a: conv(N, 1x1) => [32, 16, N];",
            "`a` gives [32, 32, N], not [32, 16, N]",
        ),
        (
            "a: conv(8, 1x1) => ::x35x288; conv(4, 3x3), conv(4, 3x3);",
            "`a` gives 32x32x8, not ::x35x288",
        ),
    ] {
        assert_eq!(told(&net(body)), headline, "{body}");
    }
    let output = "struct Net<const N: usize>(image: 32x32x3) -> 10 {
        conv(N, 1x1), flatten, linear(11);
    }";
    assert_eq!(told(output), "`Net` gives 11, not 10");
    let help = "help: declare `11`, or change what leads there";
    assert!(messages(output)[0].contains(help));
    let statement = messages(&net("a: conv(N, 1x1) => [32, 16, N];"));
    let help = "help: write `=> [32, 32, N]`, or change what leads there";
    assert!(statement[0].contains(help), "{}", statement[0]);
}

#[test]
fn an_error_inside_of_a_block_says_which_call_led_there() {
    let source = "block Big(size) { conv(8, [size, size]); }
        struct Net<const N: usize>(image: 32x32x3) -> (out) { conv(N, 1x1), Big(40); }";
    let messages = messages(source);
    assert_eq!(messages.len(), 1, "{messages:#?}");
    let call = "in      block `Big`, called as `Big(40)`";
    assert!(messages[0].contains(call), "{}", messages[0]);
}

#[test]
fn what_fits_with_some_numbers_is_left_to_rustc() {
    for body in [
        "conv(N, 3x3, padding = 1), conv(6, 1x1, groups = 3);",
        "conv(N, 1x1), conv(1517, 1x1, groups = 1517);",
        "conv(24, 1x1); (a, b, c): channel_split(N); add(a, b, c);",
        "conv(8, [N, N]), conv(8, [N + 20, 1]);",
        "a: conv(N, 1x1) => 32x32x64;",
        "conv({ 8 * N }, 1x1), to_sequence, attention(heads = 8);",
        "crop(sides = N), conv(4, 17x17);",
    ] {
        let graph = graph(&net(body));
        assert!(graph.symbols.is_some(), "{body}");
    }
    // With none of those that are tried, but the rules do not say that it never fits.
    let outcome = outcome(&net("conv(4, [N + 32, 1]);"));
    assert!(outcome.errors.is_empty() && outcome.lost);
}

#[test]
fn numbers_that_many_layers_ask_for_are_found() {
    let layers: String = (0..60)
        .map(|layer| {
            let (atom, groups) = (["A", "B", "C"][layer % 3], [1_517, 2_491][layer % 2]);
            format!("conv({atom}, 1x1), group_norm(groups = {groups});")
        })
        .collect();
    let source = format!(
        "struct Net<const A: usize, const B: usize, const C: usize>(image: 16x16x8) -> (out) {{
            {layers}
        }}"
    );
    let symbols = graph(&source).symbols.expect("three numbers of rustc's");
    for number in symbols.values(0) {
        assert_eq!(number % (1_517 * 2_491), 0);
    }
}

/// Each world is what the network is when it is written with the numbers.
#[test]
fn worlds_are_the_networks_with_their_numbers() {
    for body in [
        "conv(N, 3x3), relu, batch_norm, conv(2 * N, 3x3, stride = 2), flatten, linear(N + 1);",
        "conv(8, [N, N], padding = half), max_pool(2x2), flatten, linear(min(N, 20));",
        "a: conv(N, 3x3); b: conv(a.channels + 2, 1x1); concat(a, b), conv(b.channels, 3x3);",
        "to_sequence, linear(8 * N), attention(heads = N), lstm(N);",
        "a: conv(N, 1x1); b: from image, conv(N, 1x1, shared = a); add(a, b);",
        "pad(N), crop(sides = N), slice(channels = 0..2), conv(div_ceil(N, 3), 1x1);",
        "a: conv(N, 1x1) => [32, 32, N]; conv(a.channels, [a.height, 1]);",
    ] {
        let own = graph(&net(body));
        let symbols = own.symbols.as_ref().expect("a number of rustc's");
        let worlds = std::iter::once(&own).chain(&symbols.worlds);
        let mut compared = 0;
        for (world, found) in worlds.enumerate() {
            let number = symbols.values(world)[0];
            let written = net(&body.replace('N', &number.to_string()))
                .replace("const 32: usize", "const N: usize");
            let plain = graph(&written.replace("<const N: usize>", ""));
            let shapes = |graph: &shapewise_compiler::graph::Resolved| {
                let values = graph.values.iter().map(|value| value.shape);
                values.collect::<Vec<_>>()
            };
            assert_eq!(shapes(found), shapes(&plain), "{body} with {number}");
            assert_eq!(found.totals(), plain.totals(), "{body} with {number}");
            compared += 1;
        }
        assert!(compared >= 4, "{body}: {compared}");
    }
}

/// What documentation shows holds for numbers that were not tried.
#[test]
fn expressions_hold_for_all_numbers() {
    for body in [
        "conv(N, 3x3), batch_norm, conv(2 * N, 3x3), flatten, linear(10);",
        "flatten, linear(min(N, 1000000)), linear(5);",
        "flatten, linear(max(8 * N, 20)), linear(5);",
        "flatten, linear(div_ceil(N, 8)), linear(5);",
        "flatten, linear(N % 7 + 1), linear(5);",
        "flatten, linear(min(N, 300) + max(N, 900)), linear(5);",
        "flatten, linear(min(3 * N + 1, 700)), linear(N);",
        "pad(N), max_pool(2x2), conv(3, 1x1);",
    ] {
        let own = graph(&net(body));
        let params = |graph: &shapewise_compiler::graph::Resolved| Some(graph.totals().params());
        let macs = |graph: &shapewise_compiler::graph::Resolved| Some(graph.totals().macs);
        for number in [
            1_u64, 2, 3, 5, 29, 300, 301, 899, 901, 4_321, 999_999, 1_000_001,
        ] {
            let plain = net(&body.replace('N', &number.to_string()));
            let plain = outcome(&plain.replace("<const N: usize>", ""));
            if !plain.errors.is_empty() {
                continue;
            }
            for (shown, figure) in [
                (own.expression(&params), plain.graph.totals().params()),
                (own.expression(&macs), plain.graph.totals().macs),
            ] {
                let Some(shown) = shown else { continue };
                let said = evaluated(&shown, number);
                assert_eq!(said, figure, "{body} with {number}: {shown}");
            }
        }
    }
    let params = |body: &str| graph(&net(body)).expression(&|graph| Some(graph.totals().params()));
    assert_eq!(
        params("global_avg_pool, linear(min(N, 1000000)), linear(5);").as_deref(),
        Some("9*min(N, 1000000) + 5")
    );
}

/// An expression of documentation, as a bound of the language.
fn evaluated(shown: &str, number: u64) -> u64 {
    let mut text = String::new();
    let characters: Vec<char> = shown.chars().collect();
    for (place, c) in characters.iter().enumerate() {
        let digits = |at: Option<&char>| at.is_some_and(char::is_ascii_digit);
        // The commas of thousands are none of arguments.
        if *c == ',' && digits(characters.get(place + 1)) {
            continue;
        }
        text.push(*c);
    }
    let text = text.replace("N^2", "N * N").replace("N^3", "N * N * N");
    let text = text.replace('N', &number.to_string());
    let source = format!("struct Net(x: 1) -> (out) {{ linear({text}); }}");
    let graph = graph(&source);
    graph.values[1].shape.as_slice()[0] as u64
}
