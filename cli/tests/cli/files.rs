//! Checkpoints, models, drawings: what is read and written besides sources.

use std::fs;

use crate::package::{DIGITS, Package};

/// A checkpoint with these tensors of 32-bit floats, all 0.
fn checkpoint(tensors: &[(&str, &[usize])]) -> Vec<u8> {
    let mut end = 0;
    let entries: Vec<String> = tensors
        .iter()
        .map(|(name, shape)| {
            let begin = end;
            end += 4 * shape.iter().product::<usize>();
            format!("\"{name}\":{{\"dtype\":\"F32\",\"shape\":{shape:?},\"data_offsets\":[{begin},{end}]}}")
        })
        .collect();
    let header = format!("{{{}}}", entries.join(","));
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + end, 0);
    bytes
}

fn package(name: &str) -> Package {
    let package = Package::new(name, &[("src/lib.rs", DIGITS)]);
    let whole = checkpoint(&[("fc.bias", &[10]), ("fc.weight", &[10, 784])]);
    fs::write(package.folder.join("whole.safetensors"), whole).expect("a file");
    let wrong = checkpoint(&[("fc.bias", &[10]), ("fc.weight", &[784, 10])]);
    fs::write(package.folder.join("wrong.safetensors"), wrong).expect("a file");
    let wrapped = checkpoint(&[("module.fc.bias", &[10]), ("module.fc.weight", &[784, 10])]);
    fs::write(package.folder.join("wrapped.safetensors"), wrapped).expect("a file");
    package
}

#[test]
fn checkpoints_are_compared() {
    let package = package("checked_files");
    let out = package.run(&["check", "whole.safetensors"]).fine();
    assert!(out.contains("Digits"), "{out}");
    let ran = package.run(&["check", "wrong.safetensors", "--network", "Digits"]);
    assert_eq!((ran.status, &*ran.err), (1, ""));
    assert!(ran.out.contains("fc.weight"), "{}", ran.out);
    // What is otherwise is said.
    let turned = ["--transposed", "f*"];
    let [option, pattern] = turned;
    package
        .run(&["check", "wrong.safetensors", option, pattern])
        .fine();
    let ran = package.run(&["check", "wrapped.safetensors", option, pattern]);
    assert_eq!(ran.status, 1);
    let prefix = ["--renames", "prefix"];
    package
        .run(&[
            "check",
            "wrapped.safetensors",
            option,
            pattern,
            prefix[0],
            prefix[1],
        ])
        .fine();
    let export = [
        "export",
        "--onnx",
        "wrapped.onnx",
        "--weights",
        "wrapped.safetensors",
    ];
    assert_eq!(package.run(&export).status, 2);
    package
        .run(&[&export[..], &turned, &prefix].concat())
        .fine();
    let ran = package.run(&["check", "src/lib.rs"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.starts_with("error: "), "{}", ran.err);
    let ran = package.run(&["check", "none.safetensors"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("none.safetensors"), "{}", ran.err);
}

#[test]
fn models_are_written() {
    let package = package("exported");
    let out = package.run(&["export", "--onnx", "digits.onnx"]).fine();
    assert!(out.starts_with("wrote digits.onnx: Digits, "), "{out}");
    let weighted = [
        "export",
        "--onnx",
        "weighted.onnx",
        "--weights",
        "whole.safetensors",
    ];
    package.run(&weighted).fine();
    let size = |name: &str| {
        let data = fs::metadata(package.folder.join(name)).expect("the model");
        data.len()
    };
    assert!(size("weighted.onnx") > 4 * 7_850 && size("digits.onnx") < 4_000);
    let ran = package.run(&[
        "export",
        "--onnx",
        "no.onnx",
        "--weights",
        "wrong.safetensors",
    ]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("fc.weight"), "{}", ran.err);
    assert!(!package.folder.join("no.onnx").exists());
}

#[test]
fn drawings_are_written() {
    let package = package("drawn");
    let out = package.run(&["draw", "-o", "digits.svg"]).fine();
    assert_eq!(out, "wrote digits.svg\n");
    package
        .run(&["draw", "--memory", "-o", "memory.svg"])
        .fine();
    for name in ["digits.svg", "memory.svg"] {
        let text = fs::read_to_string(package.folder.join(name)).expect("the drawing");
        assert!(text.starts_with("<svg"), "{name}");
    }
    let ran = package.run(&["draw", "-o", "none/digits.svg"]);
    assert_eq!(ran.status, 2);
}

#[test]
fn one_network_is_meant() {
    let package = Package::new(
        "several",
        &[(
            "src/lib.rs",
            "network! { struct A(x: 4) -> 4 { relu } struct B(x: 4) -> 4 { relu } }",
        )],
    );
    let ran = package.run(&["export", "--onnx", "a.onnx"]);
    assert_eq!(ran.status, 2);
    assert_eq!(
        ran.err,
        "error: `export` works on one network at a time\n help: name one of `A` (src/lib.rs:1), \
         `B` (src/lib.rs:1)\n"
    );
    package.run(&["export", "B", "--onnx", "b.onnx"]).fine();
}

#[cfg(unix)]
#[test]
fn other_programs_are_called() {
    let package = Package::new(
        "called",
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"called\"\n[dependencies]\nshapewise = { path = \"../up\" }\n",
            ),
            (
                "src/lib.rs",
                "network! { pub struct Open<const N: usize>(x: 4) -> N { linear(N) } }",
            ),
        ],
    );
    let ran = package.run_with(&["import", "m:f", "--input", "4"], &[("PYTHON", "false")]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.err
            .starts_with("error: false does not have the package"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("pip install"), "{}", ran.err);
    let ran = package.run_with(&["import", "m:f", "--input", "4"], &[("PYTHON", "echo")]);
    assert_eq!(
        ran.out, "-m shapewise m:f --input 4\n",
        "the words are passed on"
    );

    let target = package.folder.join("built");
    let variables = [
        ("CARGO", "true"),
        ("CARGO_TARGET_DIR", target.to_str().expect("a path")),
    ];
    let ran = package.run_with(&["table", "Open", "--build"], &variables);
    assert_eq!(
        ran.err,
        "error: `Open` has const generics without defaults\n help: say them: `Open<10>`\n"
    );
    let ran = package.run_with(&["table", "Open<7>", "--build"], &variables);
    assert_eq!((ran.status, &*ran.err), (0, ""));
    let read = |name: &str| {
        let path = target.join("shapewise/called").join(name);
        fs::read_to_string(path).expect("a generated file")
    };
    assert!(read("src/main.rs").contains("type Asked = called::Open<7>;"));
    let manifest = read("Cargo.toml");
    let up = package.folder.parent().expect("a folder").join("up");
    assert!(
        manifest.contains(&format!("path = \"{}\"", up.display())),
        "{manifest}"
    );
}

#[test]
fn shells_and_man() {
    let package = Package::new("shells", &[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let out = package.run(&["completions", shell]).fine();
        assert!(out.contains("fail-if"), "{shell}");
    }
    let man = package.run(&["man"]).fine();
    assert!(man.contains(".SH \"DIFF\""), "{man}");
    assert!(man.contains("Exit status"), "{man}");
}
