//! Small packages in a folder of their own, checked by cargo, each process's
//! CPU time known.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// Where the wrapper of rustc writes what it measured: set, this program is one.
const LOG: &str = "SHAPEWISE_BENCHES_LOG";

/// Whatever stops a measurement.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Milliseconds of CPU, user and system, of the processes that were waited for.
fn milliseconds() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let of = |time: TimeVal| time.tv_sec() as f64 * 1e3 + time.tv_usec() as f64 / 1e3;
    Ok(of(usage.user_time()) + of(usage.system_time()))
}

/// Runs rustc for cargo, where this program was started for that.
pub(crate) fn wrapper() -> Option<ExitCode> {
    let log = std::env::var_os(LOG)?;
    let mut arguments = std::env::args_os().skip(1);
    let rustc = arguments.next()?;
    let arguments: Vec<OsString> = arguments.collect();
    let name = arguments
        .iter()
        .position(|argument| argument == "--crate-name")
        .and_then(|place| arguments.get(place + 1)?.to_str())
        .unwrap_or("-")
        .to_owned();
    let status = Command::new(rustc).args(&arguments).status().ok()?;
    let line = format!("{name} {}\n", milliseconds().ok()?);
    let mut file = fs::OpenOptions::new().append(true).open(log).ok()?;
    file.write_all(line.as_bytes()).ok()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Some(ExitCode::from(code.unwrap_or(1)))
}

/// What one run of cargo cost.
pub(crate) struct Cost {
    /// All processes, cargo's own among them.
    pub(crate) total: f64,
    /// The rustc of each crate that was compiled.
    pub(crate) crates: HashMap<String, f64>,
    /// What the program printed, where one ran.
    pub(crate) output: String,
}

/// What the check of one edited package cost.
pub(crate) struct Checked {
    /// Its rustc.
    pub(crate) own: f64,
    /// All processes, cargo's own among them.
    pub(crate) total: f64,
}

/// A workspace of generated packages.
pub(crate) struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    /// An empty one of this name.
    pub(crate) fn new(name: &str) -> Result<Self> {
        let folder = root().join("target/shapewise-benches").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// An empty one, but for what an earlier run compiled: for dependencies that take minutes.
    pub(crate) fn kept(name: &str) -> Result<Self> {
        let folder = root().join("target/shapewise-benches").join(name);
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_name() == "target" {
                continue;
            }
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { folder })
    }

    /// Writes the workspace's manifest.
    pub(crate) fn of(&self, packages: &[&str]) -> Result<()> {
        let members: Vec<String> = packages.iter().map(|name| format!("{name:?}")).collect();
        let text = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
            members.join(", ")
        );
        Ok(fs::write(self.folder.join("Cargo.toml"), text)?)
    }

    /// Makes a package, which depends on shapewise or on nothing.
    pub(crate) fn package(&self, name: &str, depends: bool, file: &str) -> Result<()> {
        let dependency = if depends {
            format!("shapewise = {{ path = {:?} }}\n", root())
        } else {
            String::new()
        };
        self.dependent(name, &dependency, file)
    }

    /// Makes a package with these lines of dependencies.
    pub(crate) fn dependent(&self, name: &str, dependencies: &str, file: &str) -> Result<()> {
        let package = self.folder.join(name);
        fs::create_dir_all(package.join("src"))?;
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}"
        );
        fs::write(package.join("Cargo.toml"), manifest)?;
        Ok(fs::write(package.join("src").join(file), "")?)
    }

    /// Writes a package's source.
    pub(crate) fn write(&self, package: &str, file: &str, text: &str) -> Result<()> {
        let path = self.folder.join(package).join("src").join(file);
        Ok(fs::write(path, text)?)
    }

    /// A file that cargo made.
    pub(crate) fn made(&self, path: &str) -> PathBuf {
        self.folder.join("target").join(path)
    }

    /// Runs cargo, and says what it cost.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Result<Cost> {
        let log = self.folder.join("log");
        fs::write(&log, "")?;
        let before = milliseconds()?;
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .arg("--quiet")
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("RUSTC_WRAPPER", std::env::current_exe()?)
            .env_remove("RUSTFLAGS")
            .env(LOG, &log)
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let total = milliseconds()? - before;
        let mut crates = HashMap::new();
        for line in fs::read_to_string(&log)?.lines() {
            if let Some((name, cost)) = line.split_once(' ') {
                *crates.entry(name.to_owned()).or_insert(0.0) += cost.parse::<f64>()?;
            }
        }
        Ok(Cost {
            total,
            crates,
            output: String::from_utf8(output.stdout)?,
        })
    }

    /// A dependency with the version that cargo took.
    pub(crate) fn version(&self, name: &str) -> Result<String> {
        let lock = fs::read_to_string(self.folder.join("Cargo.lock"))?;
        let (_, package) = lock
            .split_once(&format!("name = {name:?}\nversion = \""))
            .ok_or_else(|| format!("`{name}` is not in Cargo.lock"))?;
        let version = package.split('"').next().unwrap_or_default();
        Ok(format!("{name} {version}"))
    }

    /// Checks a package whose source is this, and says what its rustc cost, and all.
    pub(crate) fn check(&self, package: &str, text: &str) -> Result<Checked> {
        self.write(package, "lib.rs", text)?;
        let cost = self.cargo(&["check", "--package", package])?;
        let own = cost.crates.get(package).copied();
        Ok(Checked {
            own: own.ok_or_else(|| format!("`{package}` was not compiled again"))?,
            total: cost.total,
        })
    }
}

/// The folder of the project.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// The middle one.
pub(crate) fn median(costs: &[f64]) -> f64 {
    let mut sorted = costs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
