"""What the bodies of a graph hold: nodes, calls of modules, regions."""

from __future__ import annotations

from typing import Any

from .graph import Call, Node
from .values import Value

MERGES = {"add", "mul", "sub", "concat", "stack", "matmul", "div", "maximum", "minimum"}


class Region:
    """A residual or branches: entries that take one value and give one."""

    def __init__(self, merge: Node, fork: Value, chains: list[list[Any]]) -> None:
        self.merge = merge
        self.fork = fork
        self.chains = chains


def nodes(entry: Any):
    """The nodes of an entry, in order."""
    if isinstance(entry, Node):
        yield entry
    elif isinstance(entry, Call):
        for item in entry.items:
            yield from nodes(item)
    elif isinstance(entry, Region):
        for chain in entry.chains:
            for e in chain:
                yield from nodes(e)
        yield entry.merge
