//! `cargo shapewise`: the tables, differences, checks and exports of networks, from their
//! source.
//!
//! The networks of a package are found in its files and read by the compiler of the macro
//! itself, without rustc and without a program of the user's.

#![forbid(unsafe_code)]

mod args;
mod blocks;
mod cfg;
mod commands;
mod diagnostic;
mod exit;
mod failure;
mod format;
mod git;
mod graph;
mod json;
mod manifest;
mod network;
mod progress;
mod source;
mod suggest;
mod symbolic;
mod terminal;
mod tree;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};
use failure::Failure;
use terminal::Terminal;

fn main() -> ExitCode {
    // Networks may be nested deep, and the main thread's stack is the system's affair.
    const STACK: usize = 64 << 20;
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(work);
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => ExitCode::from(status),
        _ => ExitCode::from(exit::CANNOT),
    }
}

fn work() -> u8 {
    // Cargo calls it as `cargo-shapewise shapewise ...`.
    let mut words: Vec<_> = std::env::args_os().collect();
    if words.get(1).is_some_and(|word| word == "shapewise") {
        words.remove(1);
    }
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                exit::CANNOT
            } else {
                exit::FINE
            };
        }
    };
    let terminal = Terminal::new(arguments.color, arguments.width, !arguments.no_pager);
    let done = match arguments.command {
        Command::List(asked) => commands::list::run(&asked, &terminal),
        Command::Table(asked) => commands::table::run(&asked, &terminal),
        Command::Diff(asked) => commands::diff::run(&asked, &terminal),
        Command::Check(asked) => commands::check::run(&asked, &terminal),
        Command::Export(asked) => commands::export::run(&asked, &terminal),
        Command::Draw(asked) => commands::draw::run(&asked, &terminal),
        Command::Import(asked) => commands::import::run(&asked),
        Command::Completions(asked) => commands::shell::completions(&asked),
        Command::Man => commands::shell::man(),
        Command::Lint(asked) => commands::lint::run(&asked, &terminal),
        Command::Fix(asked) => commands::fix::run(&asked, &terminal),
        Command::Fmt(asked) => commands::fmt::run(&asked, &terminal),
    };
    match done {
        Ok(()) => exit::FINE,
        Err(failure) => {
            tell(&failure, &terminal);
            failure.status
        }
    }
}

fn tell(failure: &Failure, terminal: &Terminal) {
    if failure.is_told() {
        return;
    }
    let paint = terminal.messages();
    let mut text = format!("{}: {failure}\n", paint.error("error"));
    for help in failure.helps() {
        text.push_str(&format!(" {} {help}\n", paint.bold("help:")));
    }
    terminal.tell(&text);
}
