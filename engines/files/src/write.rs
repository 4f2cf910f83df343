//! Files that are replaced whole or not at all.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use same_file::Handle;
use tempfile::NamedTempFile;

use crate::error::{Error, Problem};
use crate::read::refuse_special;

/// What the names of unfinished files begin with. One is left only where a program
/// was killed.
const UNFINISHED: &str = ".shapewise-";

/// Bytes that are written at once.
const BUFFER: usize = 1 << 18;

/// How many symbolic links are followed to the place of a file.
const LINKS: usize = 40;

/// The place of a file that is to be written.
///
/// The file is written beside its place, brought to the disk, and renamed: a kill or
/// a full disk leaves what stood there. A symbolic link is followed, and stays. A
/// file that is there keeps its permissions, and its owner where the system lets it; a
/// hard link to it keeps the old content.
///
/// ```
/// use std::io::Write as _;
/// use shapewise_files::{Error, Target};
///
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("model.bin");
/// Target::new(&path)?.write(|file| file.write_all(b"new").map_err(Error::io(&path)))?;
/// assert_eq!(std::fs::read(&path).unwrap(), b"new");
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Target {
    /// As it was given.
    path: PathBuf,
    /// Where it is, all symbolic links followed.
    place: PathBuf,
    /// Of the file that is there.
    before: Option<Metadata>,
}

impl Target {
    /// The place of this path. Nothing is written so far.
    ///
    /// # Errors
    ///
    /// [`Problem::Special`] when something else than a regular file is there, and
    /// [`Problem::Io`] when it cannot be asked for.
    pub fn new(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        let place = followed(&path).map_err(Error::io(&path))?;
        let before = match fs::metadata(&place) {
            Ok(metadata) => {
                refuse_special(&path, &metadata)?;
                Some(metadata)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::new(&path, Problem::Io(error))),
        };
        Ok(Self {
            path,
            place,
            before,
        })
    }

    /// Refuses a place whose file is this one, opened for reading as `input`. Not
    /// their names are compared but the files: links are found, symbolic and hard.
    ///
    /// # Errors
    ///
    /// [`Problem::IsRead`] when they are one file.
    pub fn refuse(&self, input: &Path, file: &File) -> Result<(), Error> {
        if self.before.is_none() {
            return Ok(());
        }
        let file = file.try_clone().and_then(Handle::from_file);
        let file = file.map_err(Error::io(input))?;
        let own = Handle::from_path(&self.place).map_err(Error::io(&self.path))?;
        if own != file {
            return Ok(());
        }
        let input = input.to_owned();
        Err(Error::new(&self.path, Problem::IsRead { input }))
    }

    /// Writes the file by `write`. Where that is an error, what stood there is left.
    ///
    /// # Errors
    ///
    /// [`Problem::Io`] when a file that is there may not be written, or when it cannot
    /// be replaced; [`Problem::Beside`] when nothing can be written in its folder; what
    /// `write` returns.
    pub fn write<E: From<Error>>(
        self,
        write: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
    ) -> Result<(), E> {
        let io = Error::io(&self.path);
        if self.before.is_some() {
            // Whoever protected a file from writing is obeyed, though renaming could
            // replace it.
            let mut options = OpenOptions::new();
            options.write(true).open(&self.place).map_err(&io)?;
        }
        let folder = folder(&self.place);
        let unfinished = unfinished(folder)
            .and_then(|unfinished| Ok((unfinished.reopen()?, unfinished)))
            .map_err(|error| {
                let folder = folder.to_owned();
                Error::new(&self.path, Problem::Beside { folder, error })
            });
        let (file, unfinished) = unfinished?;
        let mut file = BufWriter::with_capacity(BUFFER, file);
        if let Err(error) = write(&mut file) {
            // Nothing of it is wanted: what is left in the buffer is not written.
            drop(file.into_parts());
            return Err(error);
        }
        file.flush().map_err(&io)?;
        if let Some(before) = &self.before {
            keep_owner(unfinished.path(), before);
            fs::set_permissions(unfinished.path(), before.permissions()).map_err(&io)?;
        }
        // Renamed before its content is on the disk, it could be empty after a crash.
        file.get_ref().sync_all().map_err(&io)?;
        drop(file);
        unfinished
            .persist(&self.place)
            .map_err(|error| io(error.error))?;
        sync(folder);
        Ok(())
    }
}

/// The folder that a file stands in.
fn folder(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A new file in a folder, with the permissions that new files have.
fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Less what the process' mask takes away.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Gives a file the owner and the group of another, as far as the system lets it.
fn keep_owner(path: &Path, of: &Metadata) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, chown};
        // Only root may give files away; others may choose among their groups.
        if chown(path, Some(of.uid()), Some(of.gid())).is_err() {
            let _ = chown(path, None, Some(of.gid()));
        }
    }
    #[cfg(not(unix))]
    let _ = (path, of);
}

/// The path at the end of symbolic links, whether something is there or not.
fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_owned();
    for _ in 0..LINKS {
        match fs::symlink_metadata(&place) {
            Ok(metadata) if metadata.is_symlink() => {
                let to = fs::read_link(&place)?;
                place = place.parent().unwrap_or(Path::new("")).join(to);
            }
            Ok(_) => return Ok(place),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(place),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Brings a new name to the disk. The file is whole whether that succeeds or not.
fn sync(folder: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}
