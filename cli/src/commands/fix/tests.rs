//! Whatever is mended has no errors, or is as it was.

use std::fs;
use std::path::{Path, PathBuf};

use super::mend::Source;

/// The cases of the tests of errors: a file with a mistake each.
fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui");
    let folders = fs::read_dir(root).expect("the cases");
    let folders = folders.map(|entry| entry.expect("an entry").path());
    let mut cases: Vec<PathBuf> = folders
        // What stands there is for rustc alone to see.
        .filter(|folder| folder.is_dir() && !folder.ends_with("rustc"))
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    cases.sort();
    cases
}

#[test]
fn no_step_makes_more_errors() {
    let mut mended = 0;
    let cases = cases();
    for case in &cases {
        let mut source = Source::new(case).expect("a file");
        let mut before = source.errors();
        assert!(before > 0, "{}", case.display());
        while let Some((_, proposals)) = source.upcoming() {
            let first = proposals.first().expect("no empty list");
            source.take(first);
            let now = source.errors();
            assert!(now <= before, "{}: {}", case.display(), first.help);
            before = now;
        }
        mended += usize::from(before == 0);
    }
    assert!(mended > 150, "{mended} of {}", cases.len());
}
