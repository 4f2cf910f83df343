//! Weights pass through piece by piece: a model in memory takes its own size, and one in
//! a file next to nothing. A process of its own, whose peak the system tells.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use shapewise::network;
use shapewise_onnx::{Options, Weights, export, write};

network! {
    struct Wide(x: 8192) -> (y: 8192) {
        fc1: linear(8192);
        fc2: linear(8192, bias = false);
    }
}

/// The most memory that the process has had so far, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("the system tells");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    let kilobytes: u64 = kilobytes
        .and_then(|text| text.parse().ok())
        .expect("a number");
    kilobytes * 1024
}

/// A checkpoint of zeros, which take no place on the disk.
fn checkpoint(folder: &Path) -> PathBuf {
    let matrix = 8192 * 8192 * 4_u64;
    let vector = 8192 * 4;
    let header = format!(
        r#"{{"fc1.weight":{{"dtype":"F32","shape":[8192,8192],"data_offsets":[0,{matrix}]}},"fc1.bias":{{"dtype":"F32","shape":[8192],"data_offsets":[{matrix},{}]}},"fc2.weight":{{"dtype":"F32","shape":[8192,8192],"data_offsets":[{},{}]}}}}"#,
        matrix + vector,
        matrix + vector,
        2 * matrix + vector
    );
    let length = u64::try_from(header.len()).expect("a short header");
    let path = folder.join("wide.safetensors");
    let mut file = File::create(&path).expect("a file");
    file.write_all(&length.to_le_bytes()).expect("its length");
    file.write_all(header.as_bytes()).expect("its header");
    file.set_len(8 + length + 2 * matrix + vector)
        .expect("its data");
    path
}

#[test]
fn a_model_takes_no_more_memory_than_its_file() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("memory");
    fs::create_dir_all(&folder).expect("a folder");
    let options = Options::default().weights(Weights::Embedded(checkpoint(&folder)));
    let before = peak();
    let place = folder.join("wide.onnx");
    write::<Wide>(&place, &options).expect("it is written");
    let size = fs::metadata(&place).expect("the model").len();
    let written = peak() - before;
    assert!(written < 16 << 20, "{written} bytes to write {size}");
    let model = export::<Wide>(&options).expect("a model");
    let exported = peak() - before;
    println!("{size} bytes: {written} to write them, {exported} to have them");
    assert_eq!(u64::try_from(model.len()).ok(), Some(size));
    assert!(exported * 10 <= size * 11, "{exported} bytes for {size}");
    fs::remove_dir_all(&folder).expect("they are removed");
}
