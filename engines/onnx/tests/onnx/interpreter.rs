//! The Python environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The interpreter that `setup.sh` installs. Without it nothing here is checked,
/// so that what goes wrong is an error and nothing is skipped.
fn interpreter() -> &'static Path {
    static INTERPRETER: OnceLock<PathBuf> = OnceLock::new();
    INTERPRETER.get_or_init(|| {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let output = Command::new("sh")
            .arg(tests.join("setup.sh"))
            .output()
            .expect("a shell runs `setup.sh`");
        assert!(
            output.status.success(),
            "`setup.sh` could not install the packages of `requirements.txt`:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let path = String::from_utf8(output.stdout).expect("a path");
        PathBuf::from(path.trim())
    })
}

/// Runs a script of the folder `python`.
pub(crate) fn run(script: &str, arguments: &[&Path]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    Command::new(interpreter())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(folder.join(script))
        .args(arguments)
        .output()
        .expect("the interpreter starts")
}
