//! How long it takes to expand networks of growing size, as a table.
//!
//! `cargo bench --package shapewise-compiler`. What rustc then does with the
//! items is not in these figures.

use std::time::{Duration, Instant};

use shapewise_compiler::expand;

fn main() {
    println!("layers one after the other, by their number");
    table(&[250, 500, 1000, 2000, 4000, 8000], |layers| {
        let statement = "conv(8, 3x3, padding = half), relu;\n";
        network(&statement.repeat(layers / 2))
    });
    println!("layers of a repeated block, by their number");
    table(&[250, 500, 1000, 2000, 4000, 8000], |layers| {
        let block = "block Two() { conv(8, 3x3, padding = half), relu; }";
        format!(
            "{block} {}",
            network(&format!("repeat {} {{ Two(); }}", layers / 2))
        )
    });
    println!("residuals in each other, by their number");
    table(&[8, 16, 32, 64, 128], |depth| {
        let mut body = "conv(8, 3x3, padding = half);".to_owned();
        for _ in 1..depth {
            body = format!("residual {{ {body} relu; }}");
        }
        network(&body)
    });
}

fn network(body: &str) -> String {
    format!("pub struct Net(image: 8x8x8) -> 8x8x8 {{ {body} }}")
}

fn table(sizes: &[usize], source: impl Fn(usize) -> String) {
    for &size in sizes {
        let text = format!("(::shapewise) {}", source(size));
        let tokens: proc_macro2::TokenStream = text.parse().expect("tokens");
        let best = (0..3)
            .map(|_| {
                let tokens = tokens.clone();
                let start = Instant::now();
                let items = expand(tokens);
                let time = start.elapsed();
                assert!(!items.to_string().contains("compile_error"), "{items}");
                time
            })
            .min()
            .unwrap_or(Duration::ZERO);
        let each = best / u32::try_from(size).expect("a small size");
        let each = format!("{each:.1?}");
        println!("  {size:6} {:>10} {each:>10} each", format!("{best:.1?}"));
    }
    println!();
}
