//! What a report looks like in a terminal.

mod support;

use shapewise_safetensors::{Checker, check, check_header};
use small::Small;
use support::{Stack, Tensor, Two, beginning, beginning_of, data};

type ResNet18 = shapewise_zoo::resnet::ResNet18;

fn small(name: &str) -> String {
    let bytes = std::fs::read(data(name)).unwrap();
    check::<Small>(&bytes).unwrap().to_string()
}

#[test]
fn a_checkpoint_that_fits() {
    let expected = "\
Small: the checkpoint has all 32 tensors of the definition
harmless: 6 left over (num_batches_tracked)
";
    assert_eq!(small("small.safetensors"), expected);
}

#[test]
fn single_findings() {
    let expected = "\
Small: the checkpoint has 30 of 32 tensors as the definition has them

Tensor       Expected   Found     Finding
─────────────────────────────────────────────
fc.weight    10x12 f32  3x12 f32  other shape
fc.bias      10 f32     -         missing
temperature  -          1 f32     unexpected

1 of another shape, 1 missing, 1 unexpected
harmless: 6 left over (num_batches_tracked)
";
    assert_eq!(small("small_finetuned.safetensors"), expected);
}

#[test]
fn findings_that_share_a_rule_share_a_row() {
    let expected = "\
Small: the checkpoint has 0 of 32 tensors as the definition has them

Tensor          Expected  Found  Finding
─────────────────────────────────────────────────────────
* (32 tensors)                   rename `module.*` to `*`

32 under another name
renamed like this, the checkpoint fits
harmless: 6 left over (num_batches_tracked)
";
    assert_eq!(small("small_wrapped.safetensors"), expected);
    let expected = "\
Small: the checkpoint has 0 of 32 tensors as the definition has them

Tensor          Expected  Found  Finding
───────────────────────────────────────────
* (32 tensors)  f32       f16    other type

32 of another type
harmless: 6 left over (num_batches_tracked)
";
    assert_eq!(small("small_half.safetensors"), expected);
}

#[test]
fn a_mixture() {
    let report = check_header::<Stack>(&beginning(&[
        ("m.layers.1.weight", "F32", &[6, 6]),
        ("m.layers.1.bias", "F32", &[6]),
        ("m.layers.2.weight", "F32", &[6, 6]),
        ("m.layers.2.bias", "F32", &[6]),
        ("m.layers.3.weight", "F32", &[6, 6]),
        ("m.layers.3.bias", "F32", &[6]),
        ("m.layers.4.weight", "F32", &[6, 6]),
        ("m.layers.4.bias", "F32", &[6]),
        ("classifier.weight", "F32", &[6, 2]),
        ("classifier.bias", "F16", &[2]),
        ("step", "I64", &[]),
    ]))
    .unwrap();
    let expected = "\
Stack: the checkpoint has 0 of 10 tensors as the definition has them

Tensor                  Expected  Found       Finding
───────────────────────────────────────────────────────────────────────────────────────────
head.weight             2x6 f32   6x2 f32     transposed; rename `classifier.*` to `head.*`
head.bias               2 f32     2 f16       other type; rename `classifier.*` to `head.*`
layers.0.* (2 tensors)                        rename `m.layers.1.*` to `layers.0.*`
layers.1.* (2 tensors)                        rename `m.layers.2.*` to `layers.1.*`
layers.2.* (2 tensors)                        rename `m.layers.3.*` to `layers.2.*`
layers.3.* (2 tensors)                        rename `m.layers.4.*` to `layers.3.*`
step                    -         scalar i64  unexpected

1 of another shape, 1 of another type, 8 under another name, 1 unexpected
";
    assert_eq!(report.to_string(), expected);
}

#[test]
fn long_lists_are_cut_unless_all_is_asked_for() {
    let names: Vec<String> = (0..40)
        .map(|n| format!("{}.{n}", "part".repeat(20)))
        .collect();
    let tensors: Vec<Tensor<'_>> = names
        .iter()
        .map(|name| (name.as_str(), "I8", &[3][..]))
        .collect();
    let report = check_header::<Two>(&beginning(&tensors)).unwrap();
    let (short, long) = (report.to_string(), format!("{report:#}"));
    // 4 missing; 12 unexpected and the number of the others.
    assert_eq!(short.lines().count(), 4 + 4 + 13 + 2, "{short}");
    assert!(short.contains("… and 28 more"));
    assert!(!short.contains(&names[0]));
    assert_eq!(long.lines().count(), 4 + 4 + 40 + 2);
    assert!(names.iter().all(|name| long.contains(name)));
}

#[test]
fn what_is_harmless_is_counted() {
    let list = support::listed("resnet18");
    let bytes = beginning_of(&list, str::to_owned);
    let text = String::from_utf8(bytes[8..].to_vec()).unwrap();
    let report = Checker::of::<ResNet18>().header(&bytes).unwrap();
    assert!(text.contains("num_batches_tracked"));
    assert!(
        report
            .to_string()
            .ends_with("harmless: 20 left over (num_batches_tracked)\n")
    );
}
