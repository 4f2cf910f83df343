//! Checkpoints on disk: what is no file, what is of another format, and the bytes of
//! tensors.

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use shapewise_safetensors::{
    Checkpoint, Error, ErrorKind, Format, Header, Problem, check, check_file, check_header,
};
use support::{Two, data, raw};

/// A folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The error of a file, which names it.
fn error(path: &Path) -> Error {
    let error = check_file::<Two>(path).unwrap_err();
    assert_eq!(error.path(), Some(path));
    let text = error.to_string();
    assert!(text.starts_with(&format!("{}: ", path.display())), "{text}");
    error
}

#[test]
fn errors_name_the_file() {
    let folder = folder("named");
    let path = folder.join("model.safetensors");
    assert!(matches!(
        error(&path).kind(),
        ErrorKind::File(Problem::Io(_))
    ));
    fs::write(&path, b"").unwrap();
    assert!(error(&path).to_string().ends_with(": the file is empty"));
    fs::write(&path, raw("{]", 0)).unwrap();
    assert!(matches!(
        error(&path).kind(),
        ErrorKind::Syntax { at: 1, .. }
    ));
    fs::write(&path, raw("{}", 1)).unwrap();
    assert!(matches!(error(&path).kind(), ErrorKind::DataLeft { .. }));
    assert_eq!(check::<Two>(b"").unwrap_err().path(), None);
}

#[cfg(unix)]
#[test]
fn nothing_waits_for_a_pipe_or_a_device() {
    use shapewise_safetensors::Special;
    let pipe = folder("pipe").join("model.safetensors");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for (path, special) in [
        (pipe.as_path(), Special::Pipe),
        (Path::new("/dev/zero"), Special::Device),
        (Path::new("/dev/null"), Special::Device),
        (pipe.parent().unwrap(), Special::Folder),
    ] {
        let error = error(path);
        assert!(
            matches!(error.kind(), ErrorKind::File(Problem::Special(found)) if *found == special),
            "{error}"
        );
    }
}

#[test]
fn other_formats_are_told_with_what_to_do() {
    let path = folder("formats").join("model");
    let index = r#"{"metadata": {}, "weight_map": {"fc.bias": "model-1.safetensors"}}"#;
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 8\n";
    let pytorch =
        b"PK\x03\x04\0\0\x08\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10\0\x12\0archive/data.pkl";
    for (beginning, format, help) in [
        (&pytorch[..], Format::PyTorch, "safetensors.torch.save_file"),
        (
            b"\x80\x02}q\x00.",
            Format::Pickle,
            "safetensors.torch.save_file",
        ),
        (b"GGUF\x03\0\0\0\0", Format::Gguf, "that it was made of"),
        (
            b"\x89HDF\r\n\x1a\n\0",
            Format::Hdf5,
            "safetensors.numpy.save_file",
        ),
        (
            b"\x08\x0a\x12\x09shapewise",
            Format::Onnx,
            "that it was made of",
        ),
        (index.as_bytes(), Format::Index, "weight_map"),
        (b"{}", Format::Json, "holds the tensors"),
        (pointer.as_bytes(), Format::LfsPointer, "git lfs pull"),
        (b"<!DOCTYPE html><html>", Format::WebPage, "fetch"),
        // Its first eight bytes could be the length of a header.
        (
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
            Format::Compressed,
            "may be in it",
        ),
    ] {
        fs::write(&path, beginning).unwrap();
        let errors = [
            error(&path),
            check::<Two>(beginning).unwrap_err(),
            check_header::<Two>(beginning).unwrap_err(),
        ];
        for error in errors {
            assert!(
                matches!(error.kind(), ErrorKind::OtherFormat(found) if *found == format),
                "{format:?}: {error}"
            );
            assert!(error.to_string().contains(help), "{error}");
        }
    }
    // A header of 0x017b bytes: the file begins with a brace.
    let mut header = br#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#.to_vec();
    header.resize(0x17b, b' ');
    assert!(Header::of_file(&raw(header, 0)).is_ok());
}

/// The bytes are those that the format's own reader finds.
#[test]
fn tensors_are_read_and_streamed() {
    for name in ["small", "small_half", "tied"] {
        let path = data(&format!("{name}.safetensors"));
        let whole = fs::read(&path).unwrap();
        let theirs = safetensors::SafeTensors::deserialize(&whole).unwrap();
        let checkpoint = Checkpoint::open(&path).unwrap();
        assert_eq!(checkpoint.tensors().len(), theirs.len());
        assert_eq!(checkpoint.path(), path);
        for tensor in checkpoint.tensors() {
            let own = theirs.tensor(tensor.name()).unwrap();
            assert_eq!(checkpoint.read(tensor).unwrap(), own.data());
            assert_eq!(tensor.byte_len(), own.data().len() as u64);
            let offset = usize::try_from(checkpoint.offset(tensor)).unwrap();
            assert!(whole[offset..].starts_with(own.data()));
            let found = checkpoint.tensor(tensor.name()).unwrap();
            assert_eq!(found.offsets(), tensor.offsets());
            let (mut bytes, mut read, mut piece) = (checkpoint.bytes(tensor), vec![], [0; 7]);
            loop {
                let length = bytes.fill(&mut piece).unwrap();
                if length == 0 {
                    break;
                }
                read.extend_from_slice(&piece[..length]);
            }
            assert_eq!((read.as_slice(), bytes.left()), (own.data(), 0));
        }
        assert!(checkpoint.tensor("none").is_none());
        // Two at a time.
        if let [one, .., other] = checkpoint.tensors() {
            let (mut one, mut other) = (checkpoint.bytes(one), checkpoint.bytes(other));
            let (mut first, mut second) = (vec![], vec![]);
            let mut byte = [0];
            one.read_exact(&mut byte).unwrap();
            first.push(byte[0]);
            other.read_to_end(&mut second).unwrap();
            one.read_to_end(&mut first).unwrap();
            let read = |index: usize| checkpoint.read(&checkpoint.tensors()[index]).unwrap();
            assert_eq!(first, read(0));
            assert_eq!(second, read(checkpoint.tensors().len() - 1));
        }
    }
}

#[test]
fn a_file_that_becomes_shorter_is_an_error() {
    let path = folder("shorter").join("model.safetensors");
    let header = r#"{"a":{"dtype":"U8","shape":[90],"data_offsets":[0,90]}}"#;
    fs::write(&path, raw(header, 90)).unwrap();
    let checkpoint = Checkpoint::open(&path).unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.set_len(file.metadata().unwrap().len() - 30).unwrap();
    file.flush().unwrap();
    let tensor = checkpoint.tensor("a").unwrap();
    let error = checkpoint.read(tensor).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Shortened { tensor } if tensor == "a"));
    assert_eq!(error.path(), Some(path.as_path()));
    let error = checkpoint
        .bytes(tensor)
        .read_to_end(&mut vec![])
        .unwrap_err();
    assert!(error.to_string().contains("model.safetensors"), "{error}");
}
