//! Layers of the user's own.

use shapewise::layer::Role;
use shapewise::report::{Column, Summary};
use shapewise::{Custom, Network, Shape, network};

mod layers {
    use super::{Custom, Role, Shape};

    /// Sines and cosines of random directions.
    pub(super) const fn fourier(input: Shape, frequencies: usize) -> Custom {
        let features = input.features();
        Custom::new(Shape::new(&[2 * frequencies]))
            .tensor("frequencies", &[frequencies, features], Role::Weight)
            .macs((frequencies * features) as u64)
    }

    /// Both side by side, weighted.
    pub(super) const fn mix(left: Shape, right: Shape, width: usize) -> Custom {
        let positions = left.height() * left.width();
        let channels = left.channels() + right.channels();
        Custom::new(Shape::new(&[left.height(), left.width(), width]))
            .tensor("weight", &[width, channels], Role::Weight)
            .macs((positions * width * channels) as u64)
    }

    /// The mean and the spread of each channel.
    pub(super) const fn moments(input: Shape) -> Custom {
        let channels = Shape::new(&[input.channels()]);
        Custom::new(channels).result(channels).no_tensors().macs(0)
    }

    /// What it costs, it does not say.
    pub(super) const fn opaque(input: Shape, scale: f64, keep: bool) -> Custom {
        assert!(keep && scale > 0.0);
        Custom::new(input)
    }
}

const FREQUENCIES: usize = 16;

network! {
    pub struct Field(position: 3) -> (colour: 4) {
        encoding: custom layers::fourier(FREQUENCIES) => 32;
        hidden: linear(64), relu => 64;
        again: custom layers::fourier(2 * hidden.features);
        colour: linear(4);
    }

    pub struct Partly(position: 3) -> (colour: 4) {
        encoding: custom layers::opaque(0.5, true);
        colour: linear(4);
    }

    pub struct Around(position: 3) -> (colour: 4) {
        inner: Partly;
    }
}

network! {
    pub struct Several(left: 8x8x3, right: 8x8x5) -> (mean: 4, spread: 4) {
        wide:  conv(5, 1x1);
        mixed: custom layers::mix(wide, right; 6)   => 8x8x6;
        again: custom layers::mix(left, _; mixed.channels) => 8x8x6;
        (first, second): custom layers::moments     => (6, 6);
        only: custom layers::moments(mixed;)        => 6;
        sum:    add(first, only);
        mean:   linear(4);
        spread: from second, linear(4);
    }

    /// The same layer by layer, with the weights as the function's.
    pub struct Flat(left: 8x8x3, right: 8x8x5) -> (mean: 4, spread: 4) {
        wide:  conv(5, 1x1);
        mixed: concat(wide, right), conv(6, 1x1, bias = false);
        concat(left, _), conv(6, 1x1, bias = false);
        first: global_avg_pool;
        second: from mixed, global_avg_pool;
        mean:   from first, linear(4);
        spread: from second, linear(4);
    }
}

const _: () = assert!(Field::PARAMS == 16 * 3 + (32 * 64 + 64) + 128 * 64 + (256 * 4 + 4));

#[test]
fn a_function_says_what_its_layer_gives_and_costs() {
    assert_eq!(Field::ENCODING.output, Shape::new(&[32]));
    assert_eq!(Field::AGAIN.output, Shape::new(&[256]));
    assert_eq!(Field::ENCODING.macs, 48);
    const { assert!(Field::EXACT) };
    let names: Vec<String> = Field::GRAPH.nodes()[0]
        .tensors()
        .map(|tensor| Field::GRAPH.nodes()[0].tensor_name(&tensor).to_string())
        .collect();
    assert_eq!(names, ["encoding.frequencies"]);
}

#[test]
fn what_it_does_not_say_is_unknown() {
    const { assert!(!Partly::EXACT) };
    const { assert!(!Around::EXACT && !<Around as Network>::EXACT) };
    assert_eq!(Partly::PARAMS, 3 * 4 + 4);
}

#[test]
fn reports_print_lower_bounds() {
    let table = Partly::summary().to_string();
    let total = table.lines().find(|line| line.contains("Total"));
    assert!(total.is_some_and(|line| line.contains(">= 16")), "{table}");
    assert!(
        table.contains("Parameters") && table.contains(">= 16 = 12 weights"),
        "{table}"
    );
    let colour = table.lines().find(|line| line.contains("linear(4)"));
    assert!(colour.is_some_and(|line| !line.contains(">=")), "{table}");
    assert!(!Field::summary().to_string().contains(">="));
    assert!(Around::summary().to_string().contains(">= 16"));
    let json = Around::summary().json().to_string();
    let totals = json.lines().find(|line| line.contains("\"totals\""));
    assert!(totals.is_some_and(|line| line.contains("\"exact\": false")));
}

#[test]
fn rows_say_whether_their_costs_are_exact() {
    let exact = |summary: Summary| -> Vec<String> {
        let csv = summary.input_row(false).csv().to_string();
        let last = csv.lines().filter_map(|line| line.rsplit(',').next());
        last.map(str::to_owned).collect()
    };
    assert_eq!(
        exact(Partly::summary()),
        ["exact", "false", "true", "false"]
    );
    assert_eq!(exact(Around::summary()), ["exact", "false", "false"]);
    assert_eq!(
        exact(Around::summary().layers()),
        ["exact", "false", "true", "false"]
    );
    let columns = &[Column::Layer, Column::Exact];
    let table = Around::summary().layers().columns(columns).to_string();
    assert!(
        table.contains("inner.encoding  no\ninner.colour    yes\n"),
        "{table}"
    );
}

#[test]
fn several_values_come_in_and_several_come_out() {
    const { assert!(Several::EXACT) };
    let wide = 3 * 5 + 5;
    let mixes = 6 * 10 + 6 * 9;
    assert_eq!(Several::PARAMS, wide + mixes + 2 * (6 * 4 + 4));
    assert_eq!(Several::PARAMS, Flat::PARAMS);
    assert_eq!(Several::MACS, Flat::MACS);
    assert_eq!(Several::GRAPH.nodes()[1].inputs, [2, 1]);
    assert_eq!(Several::GRAPH.nodes()[2].inputs, [0, 3]);
    assert_eq!(Several::GRAPH.nodes()[3].results, 2);
    // At the first mix the left image, both of its inputs and what it makes are there.
    assert_eq!(Several::PEAK_ACTIVATIONS, 64 * (3 + 5 + 5 + 6));
    let table = Several::summary().to_string();
    assert!(!table.contains(">="), "{table}");
}
