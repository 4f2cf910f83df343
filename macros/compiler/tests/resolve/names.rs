//! What names stand for, and what layers are called.

use crate::{graph, messages, on_image};

fn paths(source: &str) -> Vec<String> {
    let graph = graph(source);
    graph
        .nodes
        .into_iter()
        .map(|node| node.step.path.clone())
        .collect()
}

#[test]
fn a_parameter_that_is_a_layer_is_called_as_the_layer() {
    let source = |act: &str| {
        format!(
            "struct Net(image: 16x16x8) -> (out) {{ Unit({act}); }}
             block Unit(act) {{ first: conv(4, 1x1), act; act; conv(4, 1x1), act; }}"
        )
    };
    for act in ["relu", "leaky_relu(slope = 0.3)"] {
        let name = act.split('(').next().unwrap();
        let expected = [
            "0.first".to_owned(),
            format!("0.first.{name}"),
            "0.2".to_owned(),
            "0.3".to_owned(),
            "0.4".to_owned(),
        ];
        assert_eq!(paths(&source(act)), expected);
    }
    // The label goes to the one that can have weights.
    let labelled = |norm: &str| {
        format!(
            "struct Net(image: 16x16x8) -> (out) {{ Unit({norm}); }}
             block Unit(norm) {{ first: relu, norm; }}"
        )
    };
    for norm in ["batch_norm", "group_norm(groups = 2)"] {
        assert_eq!(paths(&labelled(norm)), ["0.first.relu", "0.first"]);
    }
    assert_eq!(
        paths(&labelled("dropout(0.5)")),
        ["0.first", "0.first.dropout"]
    );
}

#[test]
fn input_is_what_a_name_calls_so_before_what_enters() {
    let channels = |source: &str| {
        let graph = graph(source);
        graph.values.last().unwrap().shape.channels()
    };
    // What enters the network or the block.
    assert_eq!(
        channels(
            "struct Net(image: 16x16x8) -> (out) { conv(4, 1x1); conv(input.channels, 1x1); }"
        ),
        8
    );
    // An input of that name, among several.
    assert_eq!(
        channels(
            "struct Net(image: 16x16x8, input: 16x16x6) -> (out) {
                 conv(2, 1x1), add(_, _), conv(input.channels, 1x1), conv(6, 1x1), add(_, input);
             }"
        ),
        6
    );
    // A parameter and a `let`.
    assert_eq!(
        channels(
            "struct Net(image: 16x16x8) -> (out) { Unit(5); }
             block Unit(input) { conv(input, 1x1); }"
        ),
        5
    );
    assert_eq!(
        channels("struct Net(image: 16x16x8) -> (out) { let input = 3; conv(input, 1x1); }"),
        3
    );
    let several = messages(
        "struct Net(left: 16x16x8, right: 16x16x6) -> (out) { conv(input.channels, 1x1); }",
    );
    assert_eq!(
        several,
        ["`input` is not one value: there are several inputs\nhelp: write `left` or `right`"]
    );
}

#[test]
fn layers_that_are_not_written_are_called_by_their_kind_and_number() {
    assert_eq!(
        paths(&on_image(
            "residual { conv(8, 1x1); }
             residual { relu; }
             group: { residual { tanh; } residual { relu; } }
             residual { relu; }"
        )),
        [
            "0",
            "add",
            "1",
            "add_2",
            "group.0",
            "group.add",
            "group.1",
            "group.add_2",
            "3",
            "add_3"
        ]
    );
}

#[test]
fn labels_of_branches_can_be_read_and_looked_into() {
    let branches = "concat {
        wide: branch { deep: conv(4, 1x1); relu; }
        near: branch { conv(6, 1x1); }
    }";
    let channels = |rest: &str| {
        let graph = graph(&on_image(&format!("{branches} {rest}")));
        graph.values.last().unwrap().shape.channels()
    };
    assert_eq!(channels(""), 10);
    assert_eq!(channels("from wide, relu;"), 4);
    assert_eq!(channels("from near, relu;"), 6);
    assert_eq!(channels("concat(wide.deep, near, wide);"), 14);
}

#[test]
fn a_layer_in_a_copy_can_be_shared() {
    let stack = "stack: repeat i in 0..2 { c: conv(8, 1x1); relu; }";
    for (copy, owner) in [("0", 0), ("1", 2)] {
        let shares = graph(&on_image(&format!(
            "{stack} conv(8, 1x1, shared = stack.{{{copy}}}.c);"
        )));
        assert_eq!(shares.nodes.last().unwrap().step.shared, Some(owner));
    }
}

#[test]
fn a_merge_with_a_name_opens_a_scope() {
    let branches = "concat { branch { relu; } branch { tanh; } }";
    assert_eq!(paths(&on_image(&format!("{branches};"))), ["0", "1", "2"]);
    for named in ["both: ", "#[name = \"both\"] "] {
        assert_eq!(
            paths(&on_image(&format!("{named}{branches};"))),
            ["both.0", "both.1", "both"]
        );
    }
}

#[test]
fn attributes_of_rusts_stay_at_the_struct() {
    let expand = |attributes: &str| {
        let source = format!("(::shapewise) {attributes} {}", on_image("relu;"));
        let items = shapewise_compiler::expand(source.parse().expect("tokens")).to_string();
        // Before it stands the invocation itself, in the call of the page.
        items.split("struct Net").nth(1).unwrap().to_owned()
    };
    let before =
        expand("#[derive(Hash)] #[must_use] #[dtype(f16)] #[allow(unused_value, dead_code)]");
    assert!(
        before.contains("derive (Hash)") && before.contains("must_use"),
        "{before}"
    );
    assert!(
        !before.contains("dtype") && !before.contains("unused_value"),
        "{before}"
    );
}

#[test]
fn names_are_what_their_literals_say() {
    let net = r##"struct Net(x: 4) -> (y: 2) {
        #[name = "a\"b"] linear(3);
        #[name = r#"c\d"e"#] linear(3);
        #[tensor(weight = "\"w\"")] #[name = "\u{e9}"] linear(2);
    }"##;
    assert_eq!(paths(net), ["a\"b", "c\\d\"e", "é"]);
    let renamed = &graph(net).nodes[2].step.renamed;
    assert_eq!(renamed, &[("weight".to_owned(), "\"w\"".to_owned())]);
}
