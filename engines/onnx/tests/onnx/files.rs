//! What exports do to files: they read weights, and write nothing but the model.

use std::fs;
use std::path::{Path, PathBuf};

use shapewise::network;
use shapewise_files::{Problem, Special};
use shapewise_onnx::{Error, Options, Weights, export, write};

network! {
    struct Small(x: 3) -> (y: 2) {
        fc: linear(2);
    }
}

/// A folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("files")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the files");
    folder
}

/// A checkpoint of the network, in bytes that are no zeros.
fn checkpoint() -> Vec<u8> {
    let header = concat!(
        r#"{"fc.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#,
        r#""fc.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}}"#
    );
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(1..=32);
    file
}

fn both(weights: &Path) -> [Options; 2] {
    let weights = weights.to_owned();
    [
        Options::default().weights(Weights::Embedded(weights.clone())),
        Options::default().weights(Weights::External(weights)),
    ]
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is read");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string())
        .collect::<Result<_, _>>()
        .expect("names of letters");
    names.sort_unstable();
    names
}

#[test]
fn the_file_of_the_weights_is_never_written() {
    let folder = folder("same");
    let weights = folder.join("w.safetensors");
    fs::write(&weights, checkpoint()).expect("the weights are written");
    let mut places = vec![
        weights.clone(),
        folder.join("./w.safetensors"),
        folder.join("../same/w.safetensors"),
    ];
    let hard = folder.join("hard.onnx");
    fs::hard_link(&weights, &hard).expect("a hard link");
    places.push(hard);
    #[cfg(unix)]
    for (name, to) in [("soft.onnx", "w.safetensors"), ("softer.onnx", "soft.onnx")] {
        let link = folder.join(name);
        std::os::unix::fs::symlink(to, &link).expect("a symbolic link");
        places.push(link);
    }
    let before = names(&folder);
    // The weights under each of their names, too.
    for read in &places {
        for place in &places {
            for options in both(read) {
                let error = write::<Small>(place, &options).expect_err("it is refused");
                assert!(
                    matches!(&error, Error::File(error) if matches!(error.problem, Problem::IsRead { .. })),
                    "{}: {error}",
                    place.display()
                );
                assert_eq!(fs::read(&weights).expect("the weights"), checkpoint());
            }
        }
    }
    assert_eq!(names(&folder), before);
    for options in both(&weights) {
        write::<Small>(folder.join("w.onnx"), &options).expect("another file");
        assert_eq!(fs::read(&weights).expect("the weights"), checkpoint());
    }
}

#[test]
fn a_file_is_what_an_export_is() {
    let folder = folder("equal");
    let weights = folder.join("w.safetensors");
    fs::write(&weights, checkpoint()).expect("the weights are written");
    let place = folder.join("w.onnx");
    let [embedded, external] = both(&weights);
    for options in [
        embedded,
        external,
        Options::default(),
        Options::default().weights(Weights::Zeros),
    ] {
        let model = export::<Small>(&options).expect("a model");
        // The second time there is a file already.
        for _ in 0..2 {
            write::<Small>(&place, &options).expect("a file");
            assert_eq!(fs::read(&place).expect("the model"), model);
        }
    }
    let model = export::<Small>(&both(&weights)[0]).expect("a model");
    let whole: Vec<u8> = (1..=24).collect();
    assert!(model.windows(24).any(|window| window == whole));
    assert_eq!(names(&folder), ["w.onnx", "w.safetensors"]);
}

/// Readers of models follow no symbolic link to weights.
#[cfg(unix)]
#[test]
fn a_model_points_to_the_file_and_not_to_a_link() {
    use std::os::unix::fs::symlink;
    let folder = folder("links");
    let inner = folder.join("inner");
    fs::create_dir(&inner).expect("a folder");
    let weights = folder.join("v1.safetensors");
    fs::write(&weights, checkpoint()).expect("the weights are written");
    symlink("v1.safetensors", folder.join("latest.safetensors")).expect("a link");
    symlink("../v1.safetensors", inner.join("v1.safetensors")).expect("a link");
    let place = folder.join("w.onnx");
    let [_, external] = both(&folder.join("latest.safetensors"));
    write::<Small>(&place, &external).expect("a file");
    let model = fs::read(&place).expect("the model");
    let model = String::from_utf8_lossy(&model);
    assert!(model.contains("v1.safetensors") && !model.contains("latest"));
    let [_, external] = both(&inner.join("v1.safetensors"));
    let error = write::<Small>(inner.join("w.onnx"), &external).expect_err("elsewhere");
    assert!(
        matches!(&error, Error::Location { weights: found, .. } if *found == weights.canonicalize().expect("a path")),
        "{error}"
    );
    for options in both(&folder.join("nowhere")) {
        let error = write::<Small>(&place, &options).expect_err("no weights");
        assert!(matches!(error, Error::Weights(_)), "{error}");
    }
    let [_, pipe] = both(Path::new("/dev/null"));
    let error = write::<Small>(&place, &pipe).expect_err("no file");
    assert!(error.to_string().contains("/dev/null"), "{error}");
}

#[test]
fn a_failed_export_leaves_what_stood_there() {
    let folder = folder("failed");
    let (weights, place) = (folder.join("w.safetensors"), folder.join("w.onnx"));
    fs::write(&place, b"old").expect("an old model");
    fs::write(&weights, &checkpoint()[..60]).expect("the weights are written");
    for options in both(&weights) {
        let error = write::<Small>(&place, &options).expect_err("cut off");
        assert!(matches!(error, Error::Weights(_)), "{error}");
    }
    assert_eq!(fs::read(&place).expect("the model"), b"old");
    assert_eq!(names(&folder), ["w.onnx", "w.safetensors"]);
    let error = write::<Small>(&folder, &Options::default()).expect_err("a folder");
    assert!(
        matches!(&error, Error::File(error) if matches!(error.problem, Problem::Special(Special::Folder))),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn nothing_waits_for_a_pipe_or_a_device() {
    use shapewise_safetensors::ErrorKind;
    let folder = folder("pipes");
    let pipe = folder.join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    for path in [
        &*pipe,
        Path::new("/dev/zero"),
        Path::new("/dev/null"),
        &*folder,
    ] {
        for options in both(path) {
            let error = export::<Small>(&options).expect_err("no file");
            assert!(
                matches!(&error, Error::Weights(error) if matches!(error.kind(), ErrorKind::File(Problem::Special(_)))),
                "{error}"
            );
            assert!(error.to_string().starts_with(&path.display().to_string()));
        }
        let error = write::<Small>(path, &Options::default()).expect_err("no file");
        assert!(
            matches!(&error, Error::File(error) if matches!(error.problem, Problem::Special(_))),
            "{error}"
        );
    }
}

#[test]
fn no_text_of_a_file_reaches_the_terminal() {
    let folder = folder("hostile");
    let weights = folder.join("w.safetensors");
    let long = "x".repeat(1_000_000);
    let name = r"\u001b]0;gone\u0007\u001b[2J\r";
    for header in [
        format!(r#"{{"{name}":{{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}}}"#),
        format!(r#"{{"{name}":{{"dtype":"{name}","shape":[2],"data_offsets":[0,4]}}}}"#),
        format!(r#"{{"{name}":{{"dtype":"F32"}}}}"#),
        format!(r#"{{"{long}":{{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}}}"#),
        format!(r#"{{"fc.weight":{{"dtype":"{long}","shape":[2],"data_offsets":[0,4]}}}}"#),
        format!(r#"{{"__metadata__":{{"{name}":"","{name}":""}}}}"#),
        format!(
            r#"{{"fc.weight":{{"dtype":"F64","shape":[0{}],"data_offsets":[0,0]}}}}"#,
            ",0".repeat(63)
        ),
        format!(
            r#"{{"fc.weight":{{"dtype":"F64","shape":[0{}],"data_offsets":[0,0]}}}}"#,
            ",0".repeat(64)
        ),
        r#"{"fc.weight":{"dtype":"F64","shape":[2,3],"data_offsets":[0,48]}}"#.to_owned(),
    ] {
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend(header.as_bytes());
        file.resize(file.len() + if header.contains("48]") { 48 } else { 0 }, 0);
        fs::write(&weights, file).expect("the weights are written");
        for options in both(&weights) {
            let text = export::<Small>(&options).expect_err("refused").to_string();
            assert!(text.chars().count() < 700, "{text}");
            assert!(!text.contains(|c: char| c.is_control()), "{text:?}");
        }
    }
}
