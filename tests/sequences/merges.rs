//! Merges: equal shapes, and what else is taken when it is asked for.

use shapewise::error::{Agreement, Fix};
use shapewise::layer::Backward;
use shapewise::{Equation, Error, Layer, Value, layers};

use super::layer::{counts, error, explained, outputs, shape};

const BROADCAST: (&str, Value) = ("broadcast", Value::Bool(true));

#[test]
fn elementwise_merges_keep_the_shape() {
    let image = shape(&[7, 5, 3]);
    for name in ["add", "mul"] {
        assert_eq!(outputs(name, &[], &[image, image, image]), ["7x5x3"]);
    }
    assert_eq!(outputs("sub", &[], &[image, image]), ["7x5x3"]);
}

#[test]
fn one_number_per_channel_is_repeated_when_it_is_written() {
    let image = shape(&[7, 5, 3]);
    for small in [shape(&[1, 1, 3]), shape(&[3])] {
        for operands in [[image, small], [small, image]] {
            for name in ["add", "mul"] {
                assert_eq!(outputs(name, &[BROADCAST], &operands), ["7x5x3"]);
                let error = error(name, &[], &operands);
                assert!(matches!(
                    error,
                    Error::Operands { places: [0, 1], agree: Agreement::Broadcast, shapes }
                        if shapes == operands
                ));
                let fix = Fix::Set {
                    argument: "broadcast",
                    value: Value::Bool(true),
                };
                assert_eq!(error.fixes()[0], fix);
            }
            assert!(matches!(
                error("sub", &[], &operands),
                Error::Operands { .. }
            ));
        }
    }
    // Two of them, and the image last.
    let operands = [shape(&[3]), shape(&[1, 1, 3]), image];
    assert_eq!(outputs("add", &[BROADCAST], &operands), ["7x5x3"]);
}

#[test]
fn nothing_else_is_repeated() {
    let image = shape(&[7, 5, 3]);
    for other in [
        shape(&[7, 5, 1]),
        shape(&[1, 5, 3]),
        shape(&[1, 3]),
        shape(&[1]),
        shape(&[1, 1, 4]),
    ] {
        let error = error("mul", &[BROADCAST], &[image, other]);
        assert!(matches!(error, Error::Operands { .. }), "{other}");
        assert_eq!(error.fixes()[0], Fix::None);
    }
}

#[test]
fn the_operands_that_differ_are_told_with_the_axes() {
    let operands = [
        shape(&[56, 56, 64]),
        shape(&[56, 56, 64]),
        shape(&[28, 28, 64]),
    ];
    let error = error("add", &[], &operands);
    let Error::Operands { places, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!(places, [0, 2]);
    assert_eq!(
        error.headline("`add`").as_str(),
        "the inputs 56x56x64 and 28x28x64 of `add` differ on height and width"
    );
    assert_eq!(
        error.needs().as_str(),
        "equal shapes, but 56 != 28 on height, and 56 != 28 on width"
    );
}

#[test]
fn concat_adds_channels() {
    let operands = [shape(&[4, 4, 3]), shape(&[4, 4, 5]), shape(&[4, 4, 1])];
    assert_eq!(outputs("concat", &[], &operands), ["4x4x9"]);
    assert_eq!(
        explained("concat", &[], &operands),
        "channels: 3 + 5 + 1 = 9\n"
    );
    assert_eq!(outputs("concat", &[], &[shape(&[3]), shape(&[4])]), ["7"]);
    let error = error("concat", &[], &[shape(&[4, 4, 3]), shape(&[4, 5, 5])]);
    assert_eq!(
        error.headline("`concat`").as_str(),
        "the inputs 4x4x3 and 4x5x5 of `concat` differ on width"
    );
}

#[test]
fn stack_adds_an_axis_in_front() {
    let vector = shape(&[8]);
    assert_eq!(outputs("stack", &[], &[vector; 3]), ["3x8"]);
    let image = shape(&[4, 5, 6]);
    assert_eq!(outputs("stack", &[], &[image, image]), ["2x4x5x6"]);
    let full = shape(&[1, 2, 3, 4, 5]);
    assert!(matches!(
        error("stack", &[], &[full, full]),
        Error::InputRank { .. }
    ));
    assert!(matches!(
        error("stack", &[], &[vector, shape(&[9])]),
        Error::Operands {
            agree: Agreement::Shapes,
            ..
        }
    ));
}

#[test]
fn matmul_needs_inner_extents_that_agree() {
    assert_eq!(
        outputs("matmul", &[], &[shape(&[3, 5]), shape(&[5, 4])]),
        ["3x4"]
    );
    let error = error("matmul", &[], &[shape(&[3, 5]), shape(&[4, 5])]);
    assert_eq!(
        error.needs().as_str(),
        "the features of the first to be the positions of the second, but 5 != 4"
    );
}

#[test]
fn matmul_is_of_values_of_one_rank() {
    let (vector, sequence, image) = (shape(&[4]), shape(&[4, 4]), shape(&[4, 4, 4]));
    let wrong = [
        ([image, sequence], sequence),
        ([sequence, image], image),
        ([vector, sequence], vector),
        ([vector, vector], vector),
    ];
    for (operands, at) in wrong {
        let error = error("matmul", &[], &operands);
        assert!(
            matches!(error, Error::InputRank { input, .. } if input == at),
            "{error}"
        );
    }
    // What is in front of both is the same, and there is a product for each of it.
    let products = [shape(&[2, 3, 5]), shape(&[2, 5, 4])];
    assert_eq!(outputs("matmul", &[], &products), ["2x3x4"]);
    let front = error("matmul", &[], &[shape(&[2, 3, 5]), shape(&[6, 5, 4])]);
    assert_eq!(
        front.needs().as_str(),
        "equal extents in front of the matrices, but 2 != 6 on height"
    );
    let inner = error("matmul", &[], &[shape(&[2, 3, 5]), shape(&[2, 6, 4])]);
    assert_eq!(
        inner.needs().as_str(),
        "the features of the first to be the positions of the second, but 5 != 6"
    );
}

#[test]
fn the_number_of_operands() {
    let vector = shape(&[8]);
    for name in ["add", "concat", "stack"] {
        assert_eq!(outputs(name, &[], &[vector; 64]).len(), 1);
        for operands in [&[vector][..], &[vector; 65][..]] {
            assert!(matches!(
                error(name, &[], operands),
                Error::OperandCount { given, least: 2, most: 64 } if given == operands.len()
            ));
        }
    }
    for name in ["sub", "matmul"] {
        assert!(matches!(
            error(name, &[], &[vector; 3]),
            Error::OperandCount {
                given: 3,
                most: 2,
                ..
            }
        ));
    }
}

/// The result, the products and what is kept, as PyTorch's `einsum`, its `flop_counter` and its
/// `saved_tensors_hooks` say for a batch of one.
#[test]
fn einsum_is_pytorchs() {
    let cases: [(&str, &[&[usize]], &str, u64, u64); 13] = [
        ("lk,km->lm", &[&[3, 5], &[5, 4]], "3x4", 60, 35),
        ("hld,hmd->hlm", &[&[2, 5, 3], &[2, 4, 3]], "2x5x4", 120, 54),
        ("hlm,mhd->lhd", &[&[2, 5, 4], &[4, 2, 3]], "5x2x3", 120, 64),
        ("lk -> kl", &[&[5, 6]], "6x5", 0, 0),
        ("hwc->c", &[&[4, 5, 3]], "3", 0, 0),
        ("i,j->ji", &[&[4], &[5]], "5x4", 0, 9),
        ("lc,lc->lc", &[&[5, 6], &[5, 6]], "5x6", 0, 60),
        ("hwc,c->hw", &[&[4, 5, 3], &[3]], "4x5", 60, 63),
        ("abc,dc->da", &[&[4, 5, 3], &[2, 3]], "2x4", 24, 18),
        ("i,ij,j->i", &[&[4], &[4, 5], &[5]], "4", 20, 49),
        ("ij,ij->i", &[&[5, 6], &[5, 6]], "5", 30, 60),
        ("ab,c->c", &[&[3, 4], &[5]], "5", 0, 6),
        ("ab,bc,cd->ad", &[&[3, 4], &[4, 5], &[5, 6]], "3x6", 150, 77),
    ];
    for (equation, operands, output, products, kept) in cases {
        let operands: Vec<_> = operands.iter().map(|extents| shape(extents)).collect();
        let arguments = [("equation", Value::Equation(Equation::new(equation)))];
        assert_eq!(
            outputs("einsum", &arguments, &operands),
            [output],
            "{equation}"
        );
        assert_eq!(
            counts("einsum", &arguments, &operands).macs,
            products,
            "{equation}"
        );
        let layer = Layer::build(layers::einsum, &arguments, &operands).expect(equation);
        let keeps = layer.keeps(&operands, &Backward::eager(4));
        let inputs = operands.iter().enumerate();
        let inputs = inputs.filter(|(place, _)| keeps.inputs >> place & 1 == 1);
        let inputs: usize = inputs.map(|(_, input)| input.elements()).sum();
        assert_eq!(keeps.own.elements() + inputs as u64, kept, "{equation}");
    }
}

#[test]
fn equations_that_mean_nothing() {
    let (a, b) = (shape(&[3, 5]), shape(&[5, 4]));
    for (equation, says) in [
        ("lk,km", "needs one `->`"),
        ("lk->km->lm", "needs one `->`"),
        ("l1,km->lm", "is of letters, not of `1`"),
        ("...k,km->lm", "and no `...`"),
        ("lk->l", "has 1 operands, but 2 are given"),
        (
            "lkj,km->lm",
            "`lkj` in the equation of the layer is of 3 axes, but its input 3x5 has 2",
        ),
        ("ll,km->lm", "has `l` twice for one value"),
        ("lk,km->ll", "has `l` twice for one value"),
        ("lk,km->", "has no axis of the result"),
        ("lk,km->lx", "`x` behind `->`"),
        (
            "kl,km->lm",
            "`k` of the equation `kl,km->lm` of the layer is 3 in 3x5 and 5 in 5x4",
        ),
    ] {
        let arguments = [("equation", Value::Equation(Equation::new(equation)))];
        let error = error("einsum", &arguments, &[a, b]);
        let headline = error.headline("the layer");
        assert!(headline.as_str().contains(says), "{equation}: {headline}");
    }
    let three = [shape(&[2; 4]), shape(&[2; 4]), shape(&[2; 4])];
    let arguments = [(
        "equation",
        Value::Equation(Equation::new("abcd,efgh,bcef->ah")),
    )];
    let headline = error("einsum", &arguments, &three).headline("the layer");
    assert!(headline.as_str().contains("has 6 axes"), "{headline}");
}
