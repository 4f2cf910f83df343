//! The files of a commit.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::failure::{Failure, Result};
use crate::tree::{Disk, Tree};

/// A commit of the repository in which the command runs.
#[derive(Debug)]
pub(crate) struct Commit {
    /// The folder of the repository's files.
    root: PathBuf,
    /// The commit.
    name: String,
    /// All of its files, by their paths from the root on.
    files: BTreeSet<String>,
    /// What hands out their texts.
    reader: RefCell<Reader>,
}

/// `git cat-file --batch`, which reads one file after the other.
#[derive(Debug)]
struct Reader {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What git writes.
fn git(folder: &Path, words: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new("git")
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("cannot run git: {error}")))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        let line = told.lines().next().unwrap_or_default();
        return Err(Failure::new(line.trim_start_matches("fatal: ").to_owned()));
    }
    Ok(output.stdout)
}

fn line(folder: &Path, words: &[&str]) -> Result<String> {
    let output = git(folder, words)?;
    Ok(String::from_utf8_lossy(&output).trim().to_owned())
}

impl Commit {
    /// The commit from which the branch that is worked on began at `base`; that itself
    /// where it did not, or where `exact`.
    pub(crate) fn of(folder: &Path, base: &str, exact: bool) -> Result<Self> {
        let root = PathBuf::from(line(folder, &["rev-parse", "--show-toplevel"])?);
        let commit = format!("{base}^{{commit}}");
        let commit = line(
            folder,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &commit,
            ],
        )
        .map_err(|_| {
            Failure::usage(format!("git knows no commit `{base}`"))
                .help("name a branch, a tag or a commit; in a shallow clone, fetch it first")
        })?;
        let name = match exact {
            true => commit,
            false => line(folder, &["merge-base", &commit, "HEAD"]).unwrap_or(commit),
        };
        let listed = git(&root, &["ls-tree", "-r", "-z", "--name-only", &name])?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let files = listed.split('\0').filter(|path| !path.is_empty());
        let mut child = Command::new("git")
            .args(["cat-file", "--batch"])
            .current_dir(&root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Failure::new(format!("cannot run git: {error}")))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = output.ok_or_else(|| Failure::new("git writes nothing"))?;
        Ok(Self {
            root,
            files: files.map(str::to_owned).collect(),
            name,
            reader: RefCell::new(Reader {
                child,
                input,
                output: BufReader::new(output),
            }),
        })
    }

    /// The first letters of the commit.
    pub(crate) fn short(&self) -> &str {
        self.name.get(..9).unwrap_or(&self.name)
    }

    /// A path as git writes it.
    fn inside(&self, path: &Path) -> Option<String> {
        let path = path.strip_prefix(&self.root).ok()?;
        Some(path.to_str()?.replace('\\', "/"))
    }
}

impl Reader {
    fn read(&mut self, object: &str) -> Option<String> {
        if object.contains('\n') {
            return None;
        }
        let input = self.input.as_mut()?;
        writeln!(input, "{object}").ok()?;
        input.flush().ok()?;
        let mut head = String::new();
        self.output.read_line(&mut head).ok()?;
        let size = head.trim().rsplit_once(" blob ")?.1.parse::<u64>().ok()?;
        let mut bytes = Vec::new();
        let mut text = self.output.by_ref().take(size.checked_add(1)?);
        text.read_to_end(&mut bytes).ok()?;
        bytes.pop();
        String::from_utf8(bytes).ok()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.wait();
    }
}

impl Tree for Commit {
    fn read(&self, path: &Path) -> Option<String> {
        // What others wrote, where cargo has it.
        let Some(path) = self.inside(path) else {
            return Disk.read(path);
        };
        if !self.files.contains(&path) {
            return None;
        }
        let object = format!("{}:{path}", self.name);
        self.reader.borrow_mut().read(&object)
    }

    fn list(&self, folder: &Path) -> Vec<(String, bool)> {
        let Some(folder) = self.inside(folder) else {
            return Disk.list(folder);
        };
        let start = match folder.is_empty() {
            true => String::new(),
            false => format!("{folder}/"),
        };
        let below = self.files.range(start.clone()..);
        let below = below.take_while(|path| path.starts_with(&start));
        let mut names: Vec<(String, bool)> = below
            .map(|path| match path[start.len()..].split_once('/') {
                Some((name, _)) => (name.to_owned(), true),
                None => (path[start.len()..].to_owned(), false),
            })
            .collect();
        names.dedup();
        names.sort();
        names.dedup();
        names
    }

    fn has(&self, path: &Path) -> bool {
        match self.inside(path) {
            Some(inside) => self.files.contains(&inside),
            None => Disk.has(path),
        }
    }
}
