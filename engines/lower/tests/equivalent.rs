//! Layers that PyTorch has no class for, against others that do the same.

#![expect(clippy::cast_precision_loss, reason = "small numbers")]

use std::collections::HashMap;

use shapewise::network;
use shapewise_core::Network;
use shapewise_lower::{Customs, Engine, Init, Initial, Mode, Plan};

mod plain;

use plain::{Data, Plain, Tensor};

/// Numbers that differ, around 0.
fn numbers(dims: &[usize]) -> Tensor {
    let count: usize = dims.iter().product();
    let values = (0..count).map(|place| (place as f32 * 0.731).sin());
    Tensor::new(dims, Data::Float(values.collect())).expect("as many elements")
}

/// What a network gives, its tensors by their names with the first part, the layer's
/// label, taken off, so that two networks can have the same.
fn run<N: Network>(x: &Tensor, tensors: &HashMap<&str, &str>) -> Tensor {
    let mut engine = Plain::default();
    let plan = Plan::new::<N>(&engine, Customs::new()).expect("it can be done");
    // Numbers by the tensor's own name, whichever layer has it.
    let mut weights = |_: &mut Plain, place: usize| {
        let mut weight = plan.weights()[place].clone();
        let name = weight.name.split_once('.').map_or("", |(_, own)| own);
        weight.name = tensors.get(name).unwrap_or(&name).to_string();
        weight.init = Init::Normal {
            std: 0.4,
            zero_row: None,
        };
        match weight.initial(1) {
            Initial::Floats(values) => Tensor::new(weight.extents.as_slice(), Data::Float(values)),
            Initial::Ints(values) => Tensor::new(weight.extents.as_slice(), Data::Int(values)),
        }
    };
    let run = plan.run(&mut engine, &mut weights, vec![x.clone()], Mode::Inference);
    run.expect("it runs").values.remove(0)
}

fn alike(a: &Tensor, b: &Tensor) {
    assert_eq!(a.dims, b.dims);
    let pairs = a
        .floats()
        .expect("floats")
        .iter()
        .zip(b.floats().expect("floats"));
    for (place, (a, b)) in pairs.enumerate() {
        assert!((a - b).abs() < 1e-6, "{place}: {a} and {b}");
    }
}

network! {
    struct Whole(x: 6x8) -> (y: 6x8) { a: attention(4, kv_heads = 2, window = 6); }
    struct Plainly(x: 6x8) -> (y: 6x8) { a: attention(4, kv_heads = 2); }
}

/// A window as long as the sequence is none.
#[test]
fn a_window_of_everything() {
    let x = numbers(&[2, 6, 8]);
    // They are called otherwise, in Swin.
    let names = HashMap::from([
        ("proj.weight", "out_proj.weight"),
        ("proj.bias", "out_proj.bias"),
    ]);
    alike(
        &run::<Whole>(&x, &names),
        &run::<Plainly>(&x, &HashMap::new()),
    );
}

network! {
    struct Two(x: 6x8) -> (y: 6x8) { a: attention(2, window = 3); }
    struct Halves(x: 6x8) -> (y: 6x8) {
        low: slice(length = 0..3);
        high: from x, slice(length = 3..6);
        a: from low, attention(2);
        b: from high, attention(2, shared = a);
        turned_a: from a, permute([1, 0]);
        turned_b: from b, permute([1, 0]);
        concat(turned_a, turned_b), permute([1, 0]);
    }
}

/// Two windows of a sequence are its halves, each by itself.
#[test]
fn windows_of_a_sequence() {
    let x = numbers(&[2, 6, 8]);
    let names = HashMap::from([
        ("qkv.weight", "in_proj_weight"),
        ("qkv.bias", "in_proj_bias"),
        ("proj.weight", "out_proj.weight"),
        ("proj.bias", "out_proj.bias"),
    ]);
    alike(&run::<Two>(&x, &names), &run::<Halves>(&x, &HashMap::new()));
}

network! {
    struct Patches(x: 4x3x5x2) -> (y: 4x3x5x2) {
        unfold(2x2x3);
        fold([4, 3, 5], [2, 2, 3]);
    }
}

/// Every element comes back as often as it is in a patch.
#[test]
fn patches_of_volumes() {
    let x = numbers(&[2, 2, 4, 3, 5]);
    let y = run::<Patches>(&x, &HashMap::new());
    let often = |place: usize, extent: usize, kernel: usize| {
        (0..=extent - kernel)
            .filter(|start| (*start..start + kernel).contains(&place))
            .count()
    };
    let mut expected = x.clone();
    let Data::Float(values) = &mut expected.data else {
        panic!("floats");
    };
    for (index, value) in values.iter_mut().enumerate() {
        let (depth, height, width) = (index / 15 % 4, index / 5 % 3, index % 5);
        let count = often(depth, 4, 2) * often(height, 3, 2) * often(width, 5, 3);
        *value *= count as f32;
    }
    alike(&y, &expected);
}

network! {
    struct Same(x: 9x1) -> (y: 9x1) { upsample(scale = 1.1); }
    struct SameImage(x: 9x9x1) -> (y: 9x9x1) { upsample(scale = 1.1); }
    struct SameLinear(x: 9x1) -> (y: 9x1) { upsample(scale = 1.1, mode = linear); }
    struct Double(x: 3x1) -> (y: 6x1) { upsample(scale = 2.1); }
    struct DoubleImage(x: 3x3x1) -> (y: 6x6x1) { upsample(scale = 2.1); }
}

/// The values of PyTorch 2.15: where an extent stays or doubles, images forget the scale.
#[test]
fn scales_that_sizes_are_rounded_from() {
    let counted = |extent: usize| (0..extent).map(|place| place as f32).collect::<Vec<_>>();
    let nine = Tensor::new(&[1, 9, 1], Data::Float(counted(9))).expect("as many elements");
    let three = Tensor::new(&[1, 3, 1], Data::Float(counted(3))).expect("as many elements");
    let image = |extent: usize| {
        let values = counted(extent).into_iter();
        let values = values.flat_map(|value| vec![value; extent]);
        let dims = [1, 1, extent, extent];
        Tensor::new(&dims, Data::Float(values.collect())).expect("as many elements")
    };
    // The first column.
    let of = |y: Tensor, width: usize| {
        let values = y.floats().expect("floats").to_vec();
        values.into_iter().step_by(width).collect::<Vec<_>>()
    };
    let none = HashMap::new();
    let shifted = [0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    assert_eq!(of(run::<Same>(&nine, &none), 1), shifted);
    assert_eq!(of(run::<SameImage>(&image(9), &none), 9), counted(9));
    assert_eq!(of(run::<SameLinear>(&nine, &none), 1), counted(9));
    let thirds = [0.0, 0.0, 0.0, 1.0, 1.0, 2.0];
    assert_eq!(of(run::<Double>(&three, &none), 1), thirds);
    let halves = [0.0, 0.0, 1.0, 1.0, 2.0, 2.0];
    assert_eq!(of(run::<DoubleImage>(&image(3), &none), 6), halves);
}

/// The keys that are seen by all stand at the end.
#[test]
fn a_causal_mask() {
    let mask = Plain::default().causal_mask(3, 2, 1).expect("it is made");
    let (hidden, shown) = (f32::NEG_INFINITY, 0.0);
    let rows = [[shown, hidden, shown], [shown; 3], [shown; 3]].concat();
    assert_eq!(
        mask,
        Tensor::new(&[3, 3], Data::Float(rows)).expect("as many elements")
    );
}
