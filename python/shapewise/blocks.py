"""Blocks: modules of one class as one definition with parameters."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from .graph import NetworkError
from .names import PLAIN, any_label, children
from .repeats import compress
from .solve import Solver
from .text import Affine
from .tree import BlockCall, Branches, Group, If, Layer, Repeat, Residual, Stmt
from .unify import Different, Hole, Unifier


class Block:
    """A block of the source."""

    def __init__(self, name: str, params: list[tuple[str, Any]], body: list[Stmt]) -> None:
        self.name = name
        self.params = params  # with defaults, or `None`
        self.body = body


class Blocks:
    """Finds the blocks of a network and puts calls in their places."""

    def __init__(self, body: list[Stmt], taken: set[str]) -> None:
        self.root = body
        self.taken = set(taken)
        self.blocks: list[Block] = []
        while True:
            found = self.classes()
            if not found:
                break
            cls = min(found, key=lambda c: max(height(g) for _, g in found[c]))
            self.make(cls, found[cls])
            self.done.add(cls)
        closed(self.root)
        compress(self.root)
        unlabel(self.root)
        for block in self.blocks:
            unlabel(block.body)

    done: set[str]

    def classes(self) -> dict[str, list[tuple[Stmt, Group]]]:
        """The groups of each class that may be a block."""
        if not hasattr(self, "_done"):
            self._done = True
            self.done = set()
        found: dict[str, list[tuple[Stmt, Group]]] = defaultdict(list)

        def walk(body: list[Stmt]) -> None:
            for stmt in body:
                for unit in stmt.units:
                    for inner in children(unit):
                        walk(inner)
                    if isinstance(unit, Group) and not unit.outside and unit.main is not None and unit.call.cls not in self.done:
                        if unit.call.cls not in PLAIN and not getattr(unit, "kept", False):
                            found[unit.call.cls].append((stmt, unit))

        walk(self.root)
        for block in self.blocks:
            walk(block.body)
        return dict(found)

    def make(self, cls: str, groups: list[tuple[Stmt, Group]]) -> None:
        for _, group in groups:
            compress(group.body)
        worth = [(s, g) for s, g in groups if not trivial(g)]
        small = [g for s, g in groups if trivial(g)]
        for g in small:
            g.kept = True
        pending = worth
        number = 0
        while pending:
            cluster, pending = self.cluster(pending)
            if len(cluster) < 2 and not any(g.reads_input for _, g in cluster):
                for _, g in cluster:
                    g.kept = True
                continue
            number += 1
            self.block(cls, cluster)

    def cluster(self, groups: list[tuple[Stmt, Group]]):
        """The groups that are variants of one, as many as are; and the others."""
        if self.unified(groups) is not None:
            return groups, []
        by_key: dict[Any, list[tuple[Stmt, Group]]] = defaultdict(list)
        for pair in groups:
            by_key[skeleton(pair[1].body)].append(pair)
        order = sorted(by_key.values(), key=len, reverse=True)
        cluster = order[0]
        if self.unified(cluster) is None:
            return cluster[:1], [p for p in groups if p is not cluster[0]]
        for other in order[1:]:
            if self.unified(cluster + other) is not None:
                cluster = cluster + other
        return cluster, [p for p in groups if p not in cluster]

    def unified(self, groups: list[tuple[Stmt, Group]]):
        unifier = Unifier(len(groups))
        try:
            body = unifier.bodies([g.body for _, g in groups])
        except Different:
            return None
        ifs = [h for h in unifier.holes if h.role == "if"]
        if len({tuple(h.values) for h in ifs}) > 4:
            return None
        solver = Solver(unifier.holes, [g.main.shape for _, g in groups])
        if len(solver.params) > 8:
            return None
        return body, solver

    def block(self, cls: str, groups: list[tuple[Stmt, Group]]) -> None:
        found = self.unified(groups)
        assert found is not None
        body, solver = found
        for _, group in groups:
            closed(group.body)
        name = self.name(cls)
        fill(body)
        signature = solver.signature()
        self.blocks.append(Block(name, [(p, d) for p, d, _ in signature], body))
        for i, (stmt, group) in enumerate(groups):
            args = solver.arguments(i)
            call = BlockCall(name, args, group.name, group.call, group.attr, signature)
            stmt.units[stmt.units.index(group)] = call
            if stmt.made_label and not stmt.read:
                stmt.label, stmt.attr = None, stmt.kept_attr
                stmt.made_label = False

    def name(self, cls: str) -> str:
        base = "".join(w[:1].upper() + w[1:] for w in re.split(r"[_\W]+", cls) if w) or "Part"
        if base[0].isdigit():
            base = "Block" + base
        name, n = base, 2
        while name in self.taken:
            name, n = f"{base}{n}", n + 1
        self.taken.add(name)
        return name


def closed(body: list[Stmt]) -> None:
    """A group that stays one has no `input` of its own."""
    for stmt in walk(body):
        for unit in stmt.units:
            if isinstance(unit, Group) and unit.reads_input:
                raise NetworkError(f"`{unit.call.path}` ({unit.call.cls}) reads what goes into it, and is no block")


def unlabel(body: list[Stmt]) -> None:
    """Takes labels away that were made for labels inside, where there are none any more."""
    for stmt in walk(body):
        if stmt.made_label and not stmt.read and not any(any_label(b) for u in stmt.units for b in children(u)):
            stmt.label, stmt.attr = None, stmt.kept_attr


def trivial(group: Group) -> bool:
    """What is as short as a call of it would be."""
    if group.reads_input:
        return False
    units = [u for s in group.body for u in s.units]
    return len(group.body) == 1 and len(units) <= 2 and not any(
        isinstance(u, (Group, Residual, Branches, Repeat)) for u in units
    )


def height(group: Group) -> int:
    inner = [height(u) for s in walk(group.body) for u in s.units if isinstance(u, Group)]
    return 1 + max(inner, default=0)


def walk(body: list[Stmt]):
    for stmt in body:
        yield stmt
        for unit in stmt.units:
            for inner in children(unit):
                yield from walk(inner)


def skeleton(body: list[Stmt]) -> Any:
    """What a body is but for numbers."""
    found = []
    for stmt in body:
        row: list[Any] = [stmt.label, stmt.attr]
        for unit in stmt.units:
            if isinstance(unit, Layer):
                row.append((unit.op, unit.attr))
            elif isinstance(unit, BlockCall):
                row.append((unit.block, tuple(unit.args)))
            else:
                row.append((type(unit).__name__, bool(getattr(unit, "shortcut", None)), tuple(skeleton(b) for b in children(unit))))
        found.append(tuple(row))
    return tuple(found)


def fill(body: list[Stmt]) -> None:
    """Writes what was found for each hole in its place."""

    def text(x: Any) -> Any:
        if isinstance(x, Affine):
            return Affine(x.total, x.count, text(x.first))
        return x.text if isinstance(x, Hole) else x

    for stmt in body:
        for unit in stmt.units:
            if isinstance(unit, Layer):
                unit.op = text(unit.op)
                unit.args = {k: text(v) for k, v in unit.args.items()}
            elif isinstance(unit, BlockCall):
                unit.args = {k: text(v) for k, v in unit.args.items()}
            elif isinstance(unit, Residual):
                unit.when, unit.shortcut_when = text(unit.when), text(unit.shortcut_when)
                unit.when = None if unit.when is True else unit.when
                unit.shortcut_when = None if unit.shortcut_when is True else unit.shortcut_when
            elif isinstance(unit, If):
                unit.condition = text(unit.condition)
            elif isinstance(unit, Repeat):
                unit.count = text(unit.count)
            for inner in children(unit):
                fill(inner)


__all__ = ["Block", "Blocks"]
