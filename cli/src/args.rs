//! What can be asked for.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::terminal::Colour;

/// The tables, differences, checks and exports of shapewise's networks, from their source.
#[derive(Debug, Parser)]
#[command(
    name = "cargo-shapewise",
    bin_name = "cargo shapewise",
    version,
    propagate_version = true,
    after_help = "Exit status: 0 where all is as it should be; 1 where something is not: a network has \
                  errors, a checkpoint does not fit, a file is not formatted, a rule of --fail-if holds; \
                  2 where the work could not be done."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When colours are written
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Colour,

    /// The columns of a table in the terminal [default: the terminal's]
    #[arg(long, global = true, value_name = "COLUMNS")]
    pub(crate) width: Option<usize>,

    /// Write to the terminal, however long it is
    #[arg(long, global = true)]
    pub(crate) no_pager: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the networks with their shapes, parameters and places
    List(List),
    /// Show the table of each network
    Table(Table),
    /// Show what changed in every network since a commit of git
    Diff(Diff),
    /// Tell of what works in the networks and is seldom meant
    Lint(Lint),
    /// Apply what the errors propose: after it the package compiles, or nothing was changed
    Fix(Fix),
    /// Format the inside of each `network!`, which rustfmt leaves alone
    Fmt(Fmt),
    /// Compare a checkpoint with a network: names, shapes and types of all tensors
    Check(Check),
    /// Write a network as an ONNX model
    Export(Export),
    /// Draw a network: write the drawing, or open it
    Draw(Draw),
    /// Write a PyTorch model as a network, by the Python package
    Import(Import),
    /// Write what completes the commands in a shell
    Completions(Completions),
    /// Write the man page
    Man,
}

/// Where networks are looked for.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Where {
    /// The package to look in
    #[arg(short, long, value_name = "NAME")]
    pub(crate) package: Vec<String>,

    /// Look in all packages of the workspace
    #[arg(long, conflicts_with = "package")]
    pub(crate) workspace: bool,

    /// Look in tests and benches, too: else in the library, programs and examples
    #[arg(long)]
    pub(crate) all_targets: bool,

    /// The manifest of the package or workspace
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,

    /// The features that are on, for networks behind `#[cfg(feature = "...")]`
    #[arg(short = 'F', long, value_name = "FEATURES", value_delimiter = ',')]
    pub(crate) features: Vec<String>,

    /// All features are on
    #[arg(long)]
    pub(crate) all_features: bool,

    /// The feature `default` is not on
    #[arg(long)]
    pub(crate) no_default_features: bool,
}

#[derive(Args, Debug)]
pub(crate) struct List {
    /// Networks by their names, or files (`src/net.rs`)
    pub(crate) names: Vec<String>,

    #[command(flatten)]
    pub(crate) place: Where,

    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Table {
    /// Networks by their names, or files (`src/net.rs`) [default: all]
    pub(crate) names: Vec<String>,

    #[command(flatten)]
    pub(crate) place: Where,

    /// A row per layer instead of one per statement
    #[arg(long)]
    pub(crate) layers: bool,

    /// Open groups to this depth
    #[arg(long, value_name = "LEVELS", default_value_t = 1)]
    pub(crate) depth: usize,

    /// Let rustc evaluate what only it knows, by a program that is generated: the network is one
    /// of a library, and public; const generics are said in its name, `Net<10>`
    #[arg(long)]
    pub(crate) build: bool,

    /// MACs and activations of so many samples at once
    #[arg(long, value_name = "SAMPLES", default_value_t = 1)]
    pub(crate) batch: u64,

    #[command(flatten)]
    pub(crate) form: Form,
}

/// How a table is written.
#[derive(Args, Debug)]
#[group(multiple = false)]
pub(crate) struct Form {
    /// Write JSON: a list with an object per network
    #[arg(long)]
    pub(crate) json: bool,

    /// Write comma-separated values
    #[arg(long)]
    pub(crate) csv: bool,

    /// Write a Markdown table
    #[arg(long)]
    pub(crate) markdown: bool,

    /// Write a LaTeX table
    #[arg(long)]
    pub(crate) latex: bool,

    /// Write the drawing of one network into a file
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Fmt {
    /// Files (`src/net.rs`), or `-` for standard input [default: all of the package]
    pub(crate) names: Vec<String>,

    /// Change nothing: show what is not formatted, and end with 1 where anything is not
    #[arg(long)]
    pub(crate) check: bool,

    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Args, Debug)]
pub(crate) struct Fix {
    /// Networks by their names, or files (`src/net.rs`) [default: all]
    pub(crate) names: Vec<String>,

    #[command(flatten)]
    pub(crate) place: Where,

    /// Take the first change that mends each error, and ask nothing
    #[arg(long)]
    pub(crate) all: bool,

    /// Change nothing: show what `--all` would do
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Trust the macro's compiler, and do not ask rustc whether the package compiles
    #[arg(long)]
    pub(crate) no_check: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// The commit, branch or tag to compare with: from where this branch left it
    pub(crate) base: String,

    /// Networks by their names [default: all]
    pub(crate) names: Vec<String>,

    #[command(flatten)]
    pub(crate) place: Where,

    /// Compare with the commit itself, and not from where this branch left it
    #[arg(long)]
    pub(crate) exact: bool,

    /// End with 1 where it holds: `params > +5%`, `macs > 1G`, `shapes`, `budgets`, `removed`, `changed`
    #[arg(long, value_name = "RULE")]
    pub(crate) fail_if: Vec<String>,

    /// Write Markdown, for a comment
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,

    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Lint {
    /// Networks by their names, or files (`src/net.rs`) [default: all]
    pub(crate) names: Vec<String>,

    #[command(flatten)]
    pub(crate) place: Where,

    /// Do not tell of this; `// allow(NAME)` above a statement, a block or a network does it there
    #[arg(long, value_name = "NAME")]
    pub(crate) allow: Vec<String>,

    /// List what is looked for
    #[arg(long)]
    pub(crate) list: bool,

    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// The checkpoint, a `.safetensors` file
    pub(crate) checkpoint: PathBuf,

    /// The network; where there are several
    #[arg(short, long, value_name = "NAME")]
    pub(crate) network: Option<String>,

    #[command(flatten)]
    pub(crate) place: Where,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Show every finding in full
    #[arg(long)]
    pub(crate) full: bool,
}

/// How a checkpoint is read that is not as the definition has it.
#[derive(Args, Clone, Debug)]
pub(crate) struct Reading {
    /// Convert floats of another width
    #[arg(long)]
    pub(crate) any_float: bool,

    /// Follow suggested names by this rule and surer ones: `prefix` takes off `module.` and the like
    #[arg(long, value_name = "RULE", value_enum)]
    pub(crate) renames: Option<Renames>,

    /// Matrices that are stored transposed, by path; `*` is any text: `*.c_attn`
    #[arg(long, value_name = "PATTERN")]
    pub(crate) transposed: Vec<String>,

    /// Square matrices that are not, although those next to them are
    #[arg(long, value_name = "PATTERN")]
    pub(crate) upright: Vec<String>,
}

/// The rules by which names are suggested, the surest first.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Renames {
    /// A prefix of all names
    Prefix,
    /// Layers that are numbered in another way
    Number,
    /// Layers whose tensors have the expected shapes
    Layer,
    /// Single tensors of the expected shape
    Tensor,
}

impl From<&Reading> for shapewise_safetensors::Reading {
    fn from(asked: &Reading) -> Self {
        use shapewise_safetensors::Rule;
        let reading = Self::new()
            .any_float(asked.any_float)
            .transposed(asked.transposed.iter().cloned())
            .upright(asked.upright.iter().cloned());
        match asked.renames {
            None => reading,
            Some(Renames::Prefix) => reading.renames(Rule::Prefix),
            Some(Renames::Number) => reading.renames(Rule::Number),
            Some(Renames::Layer) => reading.renames(Rule::Layer),
            Some(Renames::Tensor) => reading.renames(Rule::Tensor),
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// The network, or its file; where there are several
    pub(crate) name: Option<String>,

    /// The file of the model
    #[arg(long, value_name = "FILE")]
    pub(crate) onnx: PathBuf,

    #[command(flatten)]
    pub(crate) place: Where,

    /// The weights, a `.safetensors` file; without them every tensor is an input of the model
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,

    /// Point to the file of the weights, beside the model, instead of copying them
    #[arg(long, requires = "weights")]
    pub(crate) external: bool,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Weights that are all 0: a model that runs, of the size that it will have
    #[arg(long, conflicts_with = "weights")]
    pub(crate) zeros: bool,

    /// So many samples at once, instead of a number that is decided when the model runs
    #[arg(long, value_name = "SAMPLES")]
    pub(crate) batch: Option<u32>,
}

#[derive(Args, Debug)]
pub(crate) struct Draw {
    /// The network, or its file; where there are several
    pub(crate) name: Option<String>,

    /// Write the drawing into this SVG file; else it is opened
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Draw how much memory is alive over the layers
    #[arg(long)]
    pub(crate) memory: bool,

    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Args, Debug)]
#[command(disable_help_flag = true)]
pub(crate) struct Import {
    /// What the Python package takes: `torchvision.models:resnet50 --input 3x224x224`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) words: Vec<std::ffi::OsString>,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}
