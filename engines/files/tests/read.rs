//! What is opened, and what files are known by.

use std::fs;
use std::path::Path;

use shapewise_files::{Format, Plain, PlainPath, Problem, Special, open};

#[test]
fn what_is_no_file_is_refused_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = open(folder.path()).unwrap_err();
    assert!(matches!(error.problem, Problem::Special(Special::Folder)));
    assert!(
        error
            .to_string()
            .starts_with(folder.path().to_str().unwrap())
    );
    let error = open(&folder.path().join("nowhere")).unwrap_err();
    assert!(matches!(error.problem, Problem::Io(_)));
    assert!(error.to_string().contains("nowhere: "), "{error}");
    let file = folder.path().join("file");
    fs::write(&file, b"x").unwrap();
    assert!(open(&file).is_ok());
}

#[cfg(unix)]
#[test]
fn nothing_waits_for_a_pipe_or_a_device() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&pipe, &link).unwrap();
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    for (path, special) in [
        (pipe.as_path(), Special::Pipe),
        (&link, Special::Pipe),
        (&socket, Special::Socket),
        (Path::new("/dev/zero"), Special::Device),
        (Path::new("/dev/null"), Special::Device),
    ] {
        let error = open(path).unwrap_err();
        assert!(
            matches!(error.problem, Problem::Special(found) if found == special),
            "{error}"
        );
    }
}

#[test]
fn formats_are_known_by_their_first_bytes() {
    let zip = |name: &str| {
        let mut file = b"PK\x03\x04".to_vec();
        file.resize(26, 0);
        file.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        file.extend([0; 2]);
        file.extend(name.as_bytes());
        file.extend(b" and what follows");
        file
    };
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    let index = br#"{"metadata": {"total_size": 8}, "weight_map": {"a": "b"}}"#;
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 8\n";
    for (beginning, format) in [
        (zip("archive/data.pkl"), Some(Format::PyTorch)),
        (zip("script/data/0"), Some(Format::PyTorch)),
        (zip("exported/data/weights/weight_0"), Some(Format::PyTorch)),
        (zip("weight.npy"), Some(Format::NumPy)),
        (zip("metadata.json"), Some(Format::Keras)),
        (zip("readme"), Some(Format::Zip)),
        (b"PK\x03\x04".to_vec(), Some(Format::Zip)),
        (zip("")[..29].to_vec(), Some(Format::Zip)),
        (b"\x80\x02\x8a\x0al\xfc\x9cF".to_vec(), Some(Format::Pickle)),
        (b"\x80\x04\x95\x00".to_vec(), Some(Format::Pickle)),
        (b"\x93NUMPY\x01\0".to_vec(), Some(Format::NumPy)),
        (b"GGUF\x03\0\0\0".to_vec(), Some(Format::Gguf)),
        (b"\x89HDF\r\n\x1a\n".to_vec(), Some(Format::Hdf5)),
        (b"\x08\x0a\x12\x07pytorch".to_vec(), Some(Format::Onnx)),
        (b"\x08\x07\x3a\x80\x01".to_vec(), Some(Format::Onnx)),
        (index.to_vec(), Some(Format::Index)),
        (b"\xef\xbb\xbf\n {\"a\": 1}".to_vec(), Some(Format::Json)),
        (pointer.to_vec(), Some(Format::LfsPointer)),
        (b"<!DOCTYPE html>".to_vec(), Some(Format::WebPage)),
        (b"\n<HTML>".to_vec(), Some(Format::WebPage)),
        (b"<?xml version".to_vec(), Some(Format::WebPage)),
        (b"\x1f\x8b\x08".to_vec(), Some(Format::Compressed)),
        (tar, Some(Format::Tar)),
        (b"".to_vec(), None),
        (b" ".to_vec(), None),
        (b"<".to_vec(), None),
        (b"\x40\0\0\0\0\0\0\0{\"a\":{".to_vec(), None),
    ] {
        assert_eq!(Format::of(&beginning), format, "{beginning:?}");
    }
}

#[test]
fn texts_do_not_reach_the_terminal() {
    let text = "\u{1b}]0;x\u{7}\r\n\t\u{202e}\u{200b}\u{9b}\"'\\é";
    let plain = Plain(text).to_string();
    assert_eq!(plain, r#"\u{1b}]0;x\u{7}\r\n\t\u{202e}\u{200b}\u{9b}"'\é"#);
    let path = PlainPath(Path::new(text)).to_string();
    assert_eq!(path, plain);
    let long = "x".repeat(5_000);
    assert_eq!(PlainPath(Path::new(&long)).to_string(), long);
}
