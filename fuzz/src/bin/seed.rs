//! Writes the seeds of the target `expand` into a folder: a file for each network.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let folder = PathBuf::from(env::args_os().nth(1).expect("a folder"));
    fs::create_dir_all(&folder).expect("a folder");
    for (number, seed) in shapewise_fuzz::seeds().into_iter().enumerate() {
        let file = folder.join(format!("seed-{number}"));
        fs::write(file, seed.to_string()).expect("a seed");
    }
}
