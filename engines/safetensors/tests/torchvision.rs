//! Definitions under torchvision's names against the tensors of its models.

mod support;

use std::path::Path;

use shapewise_safetensors::{Header, Kind, Report, Rule, check_file, check_header};
use support::{beginning_of, data, listed};

type AlexNet = shapewise_zoo::alexnet::AlexNet;
type ResNet18 = shapewise_zoo::resnet::ResNet18;

fn assert_fits(report: &Report, tensors: usize, leftovers: usize) {
    assert!(report.is_ok(), "{report}");
    assert_eq!((report.expected(), report.fitting()), (tensors, tensors));
    assert_eq!(report.findings().count(), leftovers, "{report}");
    assert_eq!(report.of_kind(Kind::Leftover).count(), leftovers);
}

#[test]
fn resnet18_has_every_tensor() {
    let same = |name: &str| name.to_owned();
    let report = check_header::<ResNet18>(&beginning_of(&listed("resnet18"), same)).unwrap();
    assert_fits(&report, 102, 20);
    let written = std::fs::read(data("resnet18.header")).unwrap();
    assert_fits(&check_header::<ResNet18>(&written).unwrap(), 102, 20);
}

#[test]
fn alexnet_has_every_tensor() {
    let same = |name: &str| name.to_owned();
    let report = check_header::<AlexNet>(&beginning_of(&listed("alexnet"), same)).unwrap();
    assert_fits(&report, 16, 0);
    let written = std::fs::read(data("alexnet.header")).unwrap();
    assert_fits(&check_header::<AlexNet>(&written).unwrap(), 16, 0);
}

#[test]
fn each_tensor_is_missed() {
    let all = listed("resnet18");
    for gone in 0..all.len() {
        let mut tensors = all.clone();
        let (name, ..) = tensors.remove(gone);
        let file = beginning_of(&tensors, str::to_owned);
        let report = check_header::<ResNet18>(&file).unwrap();
        if name.ends_with("num_batches_tracked") {
            assert_fits(&report, 102, 19);
            continue;
        }
        let missing: Vec<&str> = report.missing().map(|finding| &*finding.name).collect();
        assert_eq!(missing, [&name]);
        assert_eq!(report.problems().count(), 1, "{report}");
    }
}

#[test]
fn each_shape_and_type_counts() {
    let all = listed("resnet18");
    for other in 0..all.len() {
        if all[other].0.ends_with("num_batches_tracked") {
            continue;
        }
        let mut tensors = all.clone();
        tensors[other].2[0] += 1;
        let file = beginning_of(&tensors, str::to_owned);
        let report = check_header::<ResNet18>(&file).unwrap();
        let kinds: Vec<(Kind, &str)> = report
            .problems()
            .map(|finding| (finding.kind, &*finding.name))
            .collect();
        assert_eq!(kinds, [(Kind::Shape, &*all[other].0)]);

        let mut tensors = all.clone();
        tensors[other].1 = "F64".to_owned();
        let file = beginning_of(&tensors, str::to_owned);
        let report = check_header::<ResNet18>(&file).unwrap();
        let kinds: Vec<(Kind, &str)> = report
            .problems()
            .map(|finding| (finding.kind, &*finding.name))
            .collect();
        assert_eq!(kinds, [(Kind::ElementType, &*all[other].0)]);
    }
}

#[test]
fn wrappers_are_recognised() {
    for prefix in ["module.", "model.", "_orig_mod.", "net.backbone."] {
        let file = beginning_of(&listed("resnet18"), |name| format!("{prefix}{name}"));
        let report = check_header::<ResNet18>(&file).unwrap();
        assert!(!report.is_ok() && report.is_ok_after_renames(), "{report}");
        assert_eq!(report.renames().count(), 102);
        assert!(report.problems().all(|finding| {
            let rename = finding.rename.as_ref().unwrap();
            (rename.rule, &*rename.from, &*rename.to) == (Rule::Prefix, prefix, "")
        }));
    }
}

#[test]
fn a_sequence_without_its_activations_is_recognised() {
    // The convolutions of `features` alone, one after the other.
    let places = ["0", "3", "6", "8", "10"];
    let file = beginning_of(&listed("alexnet"), |name| {
        let Some(rest) = name.strip_prefix("features.") else {
            return name.to_owned();
        };
        let (number, own) = rest.split_once('.').unwrap();
        let place = places.iter().position(|place| *place == number).unwrap();
        format!("features.{place}.{own}")
    });
    let report = check_header::<AlexNet>(&file).unwrap();
    assert!(report.is_ok_after_renames(), "{report}");
    let renames: Vec<(&str, &str)> = report.renames().collect();
    // The first keeps its number.
    assert_eq!(renames.len(), 8);
    assert_eq!(renames[0], ("features.1.weight", "features.3.weight"));
    assert_eq!(renames[7], ("features.4.bias", "features.10.bias"));
}

/// The data is not read: the file here is a hole, but for its header.
#[test]
fn a_file_of_any_size_is_read_by_its_header() {
    let written = std::fs::read(data("resnet18.header")).unwrap();
    let data_bytes = Header::of_beginning(&written).unwrap().data_bytes();
    let header = written.len() as u64;
    let path = std::env::temp_dir().join(format!("shapewise-{}.safetensors", std::process::id()));
    std::fs::write(&path, &written).unwrap();
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(header + data_bytes).unwrap();
    let report = check_file::<ResNet18>(&path);
    file.set_len(header + data_bytes - 1).unwrap();
    let short = check_file::<ResNet18>(&path);
    std::fs::remove_file(&path).unwrap();
    assert_fits(&report.unwrap(), 102, 20);
    let short = short.unwrap_err();
    assert!(
        matches!(
            short.kind(),
            shapewise_safetensors::ErrorKind::DataTruncated { .. }
        ),
        "{short}"
    );
}

/// A whole checkpoint as Python writes it, which is too large for the repository.
#[test]
#[ignore = "needs tests/setup.sh"]
fn python_wrote_a_whole_resnet18() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let file = target.join("safetensors/checkpoints/resnet18.safetensors");
    assert_fits(&check_file::<ResNet18>(file).unwrap(), 102, 20);
}
