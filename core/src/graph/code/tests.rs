//! What is written is what is read.

extern crate std;

use std::boxed::Box;
use std::vec::Vec;

use super::*;
use crate::catalogue::{Entry, entries};
use crate::entry::Rules;
use crate::extents::Sides;
use crate::graph::Arguments;
use crate::value::{Equation, Value};

fn read(write: impl FnOnce(&mut Writer<&mut dyn FnMut(u8)>)) -> Reader {
    let mut bytes = Vec::new();
    write(&mut Writer(&mut |byte| bytes.push(byte)));
    Reader::new(Box::leak(bytes.into_boxed_slice()))
}

#[test]
fn numbers_are_read_as_they_were_written() {
    let numbers = [
        0,
        1,
        0x7f,
        0x80,
        0x3fff,
        0x4000,
        u64::from(u32::MAX),
        u64::MAX,
    ];
    let mut reader = read(|writer| numbers.iter().for_each(|number| writer.long(*number)));
    for number in numbers {
        assert_eq!(reader.long(), number);
    }
}

#[test]
fn differences_are_read_as_they_were_written() {
    for (number, other) in [(0, 0), (7, 3), (3, 7), (1000, 0), (0, 1000)] {
        let mut reader = read(|writer| writer.near(number, other));
        assert_eq!(reader.near(other), number);
    }
}

#[test]
fn every_kind_is_read_as_it_was_written() {
    for entry in entries() {
        assert_eq!(read(|writer| writer.kind(entry.kind)).kind(), entry.kind);
    }
    let network = crate::layer::subnetwork::ENTRY.kind;
    assert!(matches!(network.rules, Rules::Subnetwork));
    assert_eq!(read(|writer| writer.kind(network)).kind(), network);
}

/// Values of every type that an argument can have, whether or not this one does.
fn values(entry: &Entry, place: usize) -> Vec<Value> {
    let extents = Extents::new(&[0, 300, 7]);
    let mut values = std::vec![
        Value::None,
        Value::Int(96),
        Value::Int(u64::MAX),
        Value::Float(-0.5),
        Value::Float(1e-5),
        Value::Bool(true),
        Value::Bool(false),
        Value::Extents(extents),
        Value::Extents(Extents::EMPTY),
        Value::Sides(Sides::new(extents, Extents::new(&[1, 2, 3]))),
        Value::Range(3, 200),
        Value::Input(1),
        Value::Equation(Equation::new("lk,km->lm")),
    ];
    let argument = entry.arguments.get(place);
    let keywords = argument.map_or(&[][..], |argument| argument.accepts.keywords);
    values.extend(keywords.iter().map(|word| Value::Keyword(word)));
    values
}

#[test]
fn every_argument_is_read_as_it_was_written() {
    for entry in entries() {
        let names = entry.arguments.iter().map(|argument| argument.name);
        for (place, name) in names.chain(["in"]).enumerate() {
            for value in values(entry, place) {
                let mut reader = read(|writer| writer.argument(entry, name, &value));
                assert_eq!(reader.argument(entry), (place, value), "{}", entry.name);
                let arguments = read(|writer| writer.argument(entry, name, &value));
                let arguments = Arguments::code(entry.kind, 1, arguments);
                assert!(arguments.iter().eq([(name, value)]), "{}", entry.name);
            }
        }
    }
}

#[test]
fn texts_are_read_across_pieces() {
    let mut texts = Texts::new(&["conv1pool1", "fc", ""]);
    let read = [5, 0, 5, 0, 2, 0].map(|length| texts.next(length));
    assert_eq!(read, ["conv1", "", "pool1", "", "fc", ""]);
}

#[test]
fn figures_are_read_as_they_were_written() {
    let seen = stage("a.b", "1 5 2x3x4 18446744073709551615 0 7 1 - 0x0");
    assert_eq!((seen.name, seen.layers), ("a.b", 1));
    assert_eq!(seen.output, Shape::new(&[2, 3, 4]));
    assert_eq!((seen.weights, seen.buffers), (u64::MAX, 7));
    assert_eq!(seen.receptive_field, Extents::EMPTY);
    assert_eq!(seen.effective_stride, Extents::new(&[0, 0]));
}
