"""Labels as the language reads them: the innermost scope first, one of each name in a scope.

A module's name may be that of another statement around the one that reads it, a keyword that an argument is
given, or a constant of another label. Such a label gets another name, and `#[name]` keeps the module's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .graph import Graph, NetworkError, Word
from .names import TAKEN, Reader
from .entries import nodes
from .tree import Branches, Group, If, Layer, Ref, Residual, Stmt


def keywords(graph: Graph) -> set[str]:
    """The words that arguments of this network are given: a label of that name would stand for them."""
    return {str(x) for node in nodes(graph.root) for x in node.args.values() if isinstance(x, Word)}


def sayable(graph: Graph) -> None:
    """Names that `#[name]` cannot say are an error."""
    for node in nodes(graph.root):
        for name in [node.path, node.scope.path, *node.tensors.values()]:
            if "{" in name or "}" in name:
                raise NetworkError(f"`{name}` ({node.cls or node.scope.cls}): the name has a brace, which the language cannot say")


def labelled(body: list[Stmt]) -> Iterator[Stmt]:
    """The statements of a scope that have labels: those in residuals and branches are its own."""
    for stmt in body:
        if stmt.label is not None or stmt.labels is not None:
            yield stmt
        for unit in stmt.units:
            if isinstance(unit, Residual):
                yield from labelled(unit.body)
                yield from labelled(unit.shortcut or [])
            elif isinstance(unit, Branches):
                for inner in unit.bodies:
                    yield from labelled(inner)
            elif isinstance(unit, If):
                yield from labelled(unit.body)


def labels(stmt: Stmt) -> list[str]:
    return [stmt.label] if stmt.labels is None and stmt.label is not None else list(stmt.labels or [])


class Scopes:
    """Gives labels other names until every name says what is meant."""

    def __init__(self, reader: Reader, forbidden: set[str]) -> None:
        self.reader = reader
        self.forbidden = forbidden
        self.ports = set(reader.inputs.values())
        self.distinct(reader.root, self.ports, [], set(TAKEN))
        self.clear()

    def distinct(self, body: list[Stmt], taken: set[str], path: list[str], constants: set[str]) -> None:
        """One label of each name in a scope, and one constant of each name in the network."""
        seen = set(taken)
        scope = list(labelled(body))
        names = seen | {name for stmt in scope for name in labels(stmt)}
        for stmt in scope:
            for name in labels(stmt):
                before = "_".join([*path, ""])
                if name in seen or name in self.forbidden or before + name in constants:
                    inner = {c.removeprefix(before) for c in constants if c.startswith(before)}
                    name = rename(stmt, name, names | self.forbidden | inner)
                    names.add(name)
                seen.add(name)
                constants.add(before + name)
        for group, stmt in groups(body):
            segment = group.attr or stmt.attr or stmt.label or group.name or ""
            self.distinct(group.body, set(), [*path, *re.split(r"\W", segment.lower())], constants)

    def clear(self) -> None:
        """What hides a label that is read gets another name."""
        for _ in range(1000):
            hiding = next(filter(None, (self.hiding(ref, chain) for ref, chain in self.reader.pending)), None)
            if hiding is None:
                return
            stmt, name, chain = hiding
            rename(stmt, name, {n for body in chain for s in labelled(body) for n in labels(s)} | self.ports | self.forbidden)
        raise NetworkError("labels that hide one another: a fault of the importer")

    def hiding(self, ref: Ref, chain: list[Any]) -> tuple[Stmt, str, list[list[Stmt]]] | None:
        """The statement whose label would be read for another, and where it is."""
        if ref.text == "_" or ref.text == "input":
            return None
        first = (ref.text or self.reader.path(ref, chain)).split(".")[0]
        meant = None if ref.text is not None else self.reader.first(ref, chain)
        scopes = [part for i, part in enumerate(chain) if isinstance(part, list) and (i == 0 or isinstance(chain[i - 1], Group))]
        for body in reversed(scopes):
            for stmt in labelled(body):
                if first in labels(stmt):
                    return None if stmt is meant else (stmt, first, scopes)
        return None


def groups(body: list[Stmt]) -> Iterator[tuple[Group, Stmt]]:
    """The groups of a scope, with their statements."""
    for stmt in body:
        for unit in stmt.units:
            if isinstance(unit, Group):
                yield unit, stmt
            elif isinstance(unit, Residual):
                yield from groups(unit.body)
                yield from groups(unit.shortcut or [])
            elif isinstance(unit, Branches):
                for inner in unit.bodies:
                    yield from groups(inner)


def rename(stmt: Stmt, old: str, taken: set[str]) -> str:
    """Another label for a statement; what its tensors are called stays."""
    n = 2
    while f"{old}_{n}" in taken:
        n += 1
    new = f"{old}_{n}"
    if stmt.labels is not None:
        stmt.labels = [new if name == old else name for name in stmt.labels]
        return new
    if stmt.attr is None and not stmt.made_label and any(named(unit) for unit in stmt.units):
        stmt.attr = old
    stmt.label = new
    return new


def named(unit: Any) -> bool:
    """Whether a label is part of the name of a tensor."""
    if isinstance(unit, Layer):
        return bool(unit.node and unit.node.tensors)
    if isinstance(unit, Group):
        return any(n.tensors for n in nodes(unit.call))
    return False
