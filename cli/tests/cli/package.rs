//! A package in a folder of its own, and what the program makes of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A package.
pub(crate) struct Package {
    /// Its folder.
    pub(crate) folder: PathBuf,
}

/// What the program wrote, and what it ended with.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Standard output.
    pub(crate) out: String,
    /// Messages.
    pub(crate) err: String,
    /// The status.
    pub(crate) status: i32,
}

impl Package {
    /// A package of this name with these files, of which the manifest is written where it
    /// is not among them.
    pub(crate) fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder of our own");
        let package = Self { folder };
        if files.iter().all(|(path, _)| *path != "Cargo.toml") {
            let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n");
            package.write("Cargo.toml", &manifest);
        }
        for (path, text) in files {
            package.write(path, text);
        }
        package
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder of our own");
        fs::write(path, text).expect("a file of our own");
    }

    /// Runs the program in the folder, with 100 columns and no terminal.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        self.run_with(words, &[])
    }

    /// Runs the program with variables of the environment.
    pub(crate) fn run_with(&self, words: &[&str], variables: &[(&str, &str)]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-shapewise"))
            .arg("shapewise")
            .args(words)
            .current_dir(&self.folder)
            .env("COLUMNS", "100")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()
            .expect("the program");
        Ran {
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
            status: output.status.code().expect("a status"),
        }
    }
}

impl Ran {
    /// What it wrote, where it ended well and had nothing to tell.
    pub(crate) fn fine(self) -> String {
        assert_eq!((self.status, &*self.err), (0, ""), "{}", self.out);
        self.out
    }
}

/// The network of most tests: 7,850 parameters in a layer.
pub(crate) const DIGITS: &str = "shapewise::network! {
    pub struct Digits(image: 28x28x1) -> (digits: 10) {
        fc: flatten, linear(10);
    }
}
";
