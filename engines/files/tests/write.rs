//! What stands at a place before and after it was written.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use shapewise_files::{Error, Problem, Special, Target, open};
use tempfile::tempdir;

fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    Target::new(path)?.write(|file| file.write_all(content).map_err(Error::io(path)))
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn a_file_is_made_and_replaced() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("model");
    for content in [&b"first"[..], b"second, longer", b""] {
        write(&path, content).unwrap();
        assert_eq!(fs::read(&path).unwrap(), content);
    }
    assert_eq!(names(folder.path()), ["model"]);
}

#[test]
fn an_error_in_the_middle_leaves_what_stood_there() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("model");
    let fail = || {
        Target::new(&path).unwrap().write(|file| {
            file.write_all(&vec![1; 3_000_000]).unwrap();
            Err(Error::io(&path)(std::io::Error::other("no more")))
        })
    };
    assert!(fail().unwrap_err().to_string().ends_with("model: no more"));
    assert!(names(folder.path()).is_empty());
    write(&path, b"old").unwrap();
    fail().unwrap_err();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["model"]);
}

#[test]
fn a_place_is_compared_with_what_is_read() {
    let folder = tempdir().unwrap();
    let read = folder.path().join("weights");
    fs::write(&read, b"trained").unwrap();
    let hard = folder.path().join("hard");
    fs::hard_link(&read, &hard).unwrap();
    let other = folder.path().join("other");
    fs::write(&other, b"trained").unwrap();
    let file = open(&read).unwrap();
    let refuse = |path: &Path| Target::new(path).unwrap().refuse(&read, &file);
    let dotted = folder.path().join("./weights");
    let around = folder
        .path()
        .join("../")
        .join(folder.path().file_name().unwrap());
    for path in [&read, &hard, &dotted, &around.join("weights")] {
        let error = refuse(path).unwrap_err();
        assert!(
            matches!(&error.problem, Problem::IsRead { input } if *input == read),
            "{error}"
        );
    }
    refuse(&other).unwrap();
    refuse(&folder.path().join("new")).unwrap();
    assert_eq!(fs::read(&read).unwrap(), b"trained");
}

#[test]
fn a_folder_and_a_missing_folder_are_told() {
    let folder = tempdir().unwrap();
    let error = write(folder.path(), b"x").unwrap_err();
    assert!(matches!(error.problem, Problem::Special(Special::Folder)));
    let error = write(&folder.path().join("nowhere/model"), b"x").unwrap_err();
    assert!(matches!(error.problem, Problem::Beside { .. }), "{error}");
    assert!(error.to_string().contains("nowhere"), "{error}");
}

#[test]
fn the_folder_that_a_program_runs_in_needs_no_name() {
    let name = format!("shapewise-files-{}", std::process::id());
    let path = Path::new(&name);
    write(path, b"here").unwrap();
    let content = fs::read(path).unwrap();
    fs::remove_file(path).unwrap();
    assert_eq!(content, b"here");
}

#[cfg(unix)]
mod unix {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::{Command, ExitStatus};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn links_are_followed_and_stay() {
        let folder = tempdir().unwrap();
        let (store, read) = (folder.path().join("store"), folder.path().join("weights"));
        fs::create_dir(&store).unwrap();
        fs::write(&read, b"trained").unwrap();
        let link = folder.path().join("model");
        symlink("store/v1", &link).unwrap();
        let outer = folder.path().join("outer");
        symlink(&link, &outer).unwrap();
        for (path, content) in [(&link, b"first"), (&outer, b"again")] {
            write(path, content).unwrap();
            assert!(fs::symlink_metadata(path).unwrap().is_symlink());
            assert_eq!(fs::read(store.join("v1")).unwrap(), content);
        }
        assert_eq!(names(&store), ["v1"]);
        let to_read = folder.path().join("to_read");
        symlink("weights", &to_read).unwrap();
        let error = Target::new(&to_read)
            .unwrap()
            .refuse(&read, &open(&read).unwrap());
        assert!(matches!(error.unwrap_err().problem, Problem::IsRead { .. }));
        // The other way round: the weights are given by a link.
        let error = Target::new(&read)
            .unwrap()
            .refuse(&to_read, &open(&to_read).unwrap());
        assert!(matches!(error.unwrap_err().problem, Problem::IsRead { .. }));
        let circle = folder.path().join("circle");
        symlink("circle", &circle).unwrap();
        assert!(write(&circle, b"x").is_err());
    }

    #[test]
    fn permissions_are_those_of_before_or_of_new_files() {
        let folder = tempdir().unwrap();
        let (path, plain) = (folder.path().join("model"), folder.path().join("plain"));
        write(&path, b"x").unwrap();
        fs::write(&plain, b"x").unwrap();
        assert_eq!(mode(&path), mode(&plain));
        for wanted in [0o600, 0o640, 0o755] {
            fs::set_permissions(&path, Permissions::from_mode(wanted)).unwrap();
            write(&path, b"y").unwrap();
            assert_eq!(mode(&path), wanted);
        }
    }

    /// Only root can give a file away, as the test does at first.
    #[test]
    fn the_owner_stays() {
        use std::os::unix::fs::{MetadataExt as _, chown};
        let folder = tempdir().unwrap();
        let path = folder.path().join("model");
        write(&path, b"x").unwrap();
        let _ = chown(&path, Some(65_534), Some(65_534));
        let of = |path: &Path| {
            let metadata = fs::metadata(path).unwrap();
            (metadata.uid(), metadata.gid())
        };
        let before = of(&path);
        write(&path, b"y").unwrap();
        assert_eq!(of(&path), before);
    }

    #[test]
    fn pipes_and_devices_are_not_replaced() {
        let folder = tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let error = write(&pipe, b"x").unwrap_err();
        assert!(matches!(error.problem, Problem::Special(Special::Pipe)));
        let error = write(Path::new("/dev/null"), b"x").unwrap_err();
        assert!(matches!(error.problem, Problem::Special(Special::Device)));
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    /// What the test below starts: it writes more than it is allowed to.
    #[test]
    #[ignore = "the other tests start it"]
    fn writes_too_much() {
        let Some(path) = std::env::var_os("SHAPEWISE_FILES_PLACE") else {
            return;
        };
        write(Path::new(&path), &vec![7; 8_000_000]).unwrap();
    }

    /// Runs it with a limit for files, after `before`.
    fn limited(path: &Path, before: &str) -> ExitStatus {
        let command = format!("{before} ulimit -c 0; ulimit -f 2000; exec \"$0\" \"$@\"");
        Command::new("sh")
            .args(["-c", &command])
            .arg(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "unix::writes_too_much"])
            .env("SHAPEWISE_FILES_PLACE", path)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap()
    }

    #[test]
    fn a_killed_program_leaves_what_stood_there() {
        use std::os::unix::process::ExitStatusExt as _;
        let folder = tempdir().unwrap();
        let path = folder.path().join("model");
        write(&path, b"old").unwrap();
        assert!(limited(&path, "").signal().is_some());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        // It stopped in the middle: there is what it had written so far.
        let left = names(folder.path());
        assert_eq!(left.len(), 2, "{left:?}");
        assert!(left[0].starts_with(".shapewise-"), "{left:?}");
    }

    #[test]
    fn where_there_is_no_room_what_stood_there_is_left() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("model");
        write(&path, b"old").unwrap();
        let status = limited(&path, "trap '' XFSZ;");
        assert_eq!(status.code(), Some(101));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["model"]);
    }

    /// Root may write everywhere; whoever is not, is told.
    #[test]
    fn what_is_protected_is_obeyed() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("model");
        write(&path, b"old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
        if fs::OpenOptions::new().write(true).open(&path).is_err() {
            let error = write(&path, b"new").unwrap_err();
            assert!(matches!(error.problem, Problem::Io(_)), "{error}");
            fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
            fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
            let error = write(&path, b"new").unwrap_err();
            fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
            assert!(matches!(error.problem, Problem::Beside { .. }), "{error}");
            assert_eq!(fs::read(&path).unwrap(), b"old");
        }
        assert_eq!(mode(&path) & 0o400, 0o400);
    }
}
