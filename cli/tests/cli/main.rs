//! Runs the program in packages of its own, as people run it, and compares all that it
//! writes.

mod package;

mod blocks;
mod cfg;
mod diff;
mod files;
mod fix;
mod fmt;
mod lint;
mod list;
mod table;
