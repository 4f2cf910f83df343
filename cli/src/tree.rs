//! Where source files are read from: the disk, or a commit of git.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// Files by their paths.
pub(crate) trait Tree {
    /// The text of a file; nothing where there is none, or no text.
    fn read(&self, path: &Path) -> Option<String>;

    /// The names in a folder, and whether each is a folder itself, in order.
    fn list(&self, folder: &Path) -> Vec<(String, bool)>;

    /// Whether there is such a file.
    fn has(&self, path: &Path) -> bool;
}

/// The files as they are now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Disk;

impl Tree for Disk {
    fn read(&self, path: &Path) -> Option<String> {
        fs::read_to_string(path).ok()
    }

    fn list(&self, folder: &Path) -> Vec<(String, bool)> {
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut names: Vec<(String, bool)> = entries
            .flatten()
            .filter_map(|entry| {
                Some((entry.file_name().into_string().ok()?, entry.path().is_dir()))
            })
            .collect();
        names.sort();
        names
    }

    fn has(&self, path: &Path) -> bool {
        path.is_file()
    }
}

/// A path without `.` and `..`.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

/// A path as it is shown: from the folder in which the command runs, where it is below.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here)
        .unwrap_or(path)
        .display()
        .to_string()
}
