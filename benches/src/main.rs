//! What shapewise costs the builds of those who use it.
//!
//! `cargo run --package shapewise-benches -- [edit|scaling|cold|instructions|size] [rounds]`,
//! all of them without a name; `engines [rounds|count]`, which downloads candle and burn, and
//! `share [rounds]`, which builds burn three times.
//! See README.md in the same folder.

mod cold;
mod edit;
mod engines;
mod instructions;
mod networks;
mod scaling;
mod share;
mod size;
mod subject;
mod workspace;
mod written;

use std::process::ExitCode;

use workspace::Result;

fn main() -> ExitCode {
    if let Some(code) = workspace::wrapper() {
        return code;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    let rounds = |given: Option<&&str>, usual| given.map_or(Ok(usual), |given| given.parse());
    match arguments {
        [] => {
            edit::run(11)?;
            scaling::run(3)?;
            cold::run(3)?;
            size::run()?;
            instructions::run()
        }
        ["expand", name] => instructions::expand_one(name),
        ["edit", rest @ ..] => edit::run(rounds(rest.first(), 11)?),
        ["scaling", rest @ ..] => scaling::run(rounds(rest.first(), 3)?),
        ["cold", rest @ ..] => cold::run(rounds(rest.first(), 3)?),
        ["engines", "count"] => engines::count(),
        ["engines", rest @ ..] => engines::run(rounds(rest.first(), 11)?),
        ["instructions"] => instructions::run(),
        ["share", rest @ ..] => share::run(rounds(rest.first(), 1)?),
        ["size"] => size::run(),
        _ => Err(
            "one of: edit, scaling, cold, engines, instructions, share, size; then how many rounds"
                .into(),
        ),
    }
}
