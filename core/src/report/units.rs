//! Layers and values by the names that the source gives them.

use core::fmt::{self, Write};

use crate::catalogue::Inputs;
use crate::graph::{Leaf, Node};
use crate::report::groups::{outermost_around, place};
use crate::report::{Row, Summary};
use crate::value::Value;

/// Writes a layer as it stands in a network: `conv(3 -> 96, 11x11, stride = 4)`.
pub(super) fn write_call(row: &Row, node: &Node, out: &mut dyn Write) -> fmt::Result {
    let summary = &row.summary;
    out.write_str(node.entry().name)?;
    let mut open = "(";
    let mut separate = |out: &mut dyn Write| {
        out.write_str(open)?;
        open = ", ";
        fmt::Result::Ok(())
    };
    let mut any = false;
    if node.entry().inputs == Inputs::Merge {
        for input in row.inputs_of(node) {
            any = true;
            separate(out)?;
            write_value_name(summary, input, out)?;
        }
    }
    let declared = node.arguments.get("in");
    // The names of positional arguments are left out while they are in order.
    let mut positional = node.entry().arguments.iter().filter(|a| a.positional);
    let mut in_order = true;
    let mut first = true;
    for (name, value) in node.arguments.iter().filter(|(name, _)| *name != "in") {
        any = true;
        separate(out)?;
        in_order = in_order && positional.next().is_some_and(|a| a.name == name);
        if !in_order {
            write!(out, "{name} = ")?;
        } else if let (Some(declared), true) = (declared, first) {
            write!(out, "{declared} -> ")?;
        }
        first = false;
        match value {
            Value::Input(place) => match row.inputs_of(node).nth(place) {
                Some(input) => write_value_name(summary, input, out)?,
                None => write!(out, "{value}")?,
            },
            _ => write!(out, "{value}")?,
        }
    }
    if any { out.write_str(")") } else { Ok(()) }
}

/// Writes what a value is called: the name of an input, the label of the
/// statement that it leaves, else the path of its layer.
pub(super) fn write_value_name(
    summary: &Summary,
    value: usize,
    out: &mut dyn Write,
) -> fmt::Result {
    let graph = summary.graph;
    if let Some(name) = graph.inputs().get(value) {
        return out.write_str(name);
    }
    let Some(leaf) = maker(summary, value) else {
        return write!(out, "value {value}");
    };
    // The outermost statement that was opened far enough and makes this value.
    let mut around = outermost_around(graph, leaf.place());
    let made = around.find(|(_, statement)| summary.shows(statement) && statement.output == value);
    if let Some((statement, _)) = made {
        return out.write_str(place(graph, statement));
    }
    write!(out, "{}", leaf.path())?;
    match (value - leaf.output(), leaf.node.entry().results) {
        (0, _) => Ok(()),
        (result, names) => match names.get(result) {
            Some(name) => write!(out, ".{name}"),
            None => write!(out, ".{result}"),
        },
    }
}

/// The layer that makes a value.
pub(super) fn maker(summary: &Summary, value: usize) -> Option<Leaf> {
    if summary.inside {
        return summary.graph.leaf_of(value);
    }
    summary
        .graph
        .producer(value)
        .map(|index| summary.graph.leaf(index))
}
