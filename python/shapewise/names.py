"""What statements are called: labels, `#[name]`, and what reads a value by name."""

from __future__ import annotations

import keyword
import re
from typing import Any

from .graph import Graph, NetworkError
from .entries import nodes
from .structure import last_of, needs_label
from .text import shape
from .tree import Branches, Group, If, Layer, Ref, Repeat, Residual, Stmt
from .values import Value

RUST = set(
    "as async await box break const continue crate do dyn else enum extern false final fn for gen if impl in let loop "
    "macro match mod move mut override priv pub ref return self static struct super trait true try type typeof unsafe "
    "unsized use virtual where while yield abstract become".split()
)
#: Labels that are constants of every network.
TAKEN = set(
    "params weights biases buffers macs flops param_bytes activations peak_activations peak_activation_bytes depth "
    "receptive_field input output inputs outputs graph name exact layers stages dtype".split()
)


def is_label(name: str) -> bool:
    return bool(re.fullmatch(r"[a-z_][a-z0-9_]*", name)) and name not in RUST and name not in TAKEN and not keyword.iskeyword(name) and name != "_"


def children(unit: Any) -> list[list[Stmt]]:
    if isinstance(unit, (Group, Repeat, If)):
        return [unit.body]
    if isinstance(unit, Residual):
        return [unit.body, *([unit.shortcut] if unit.shortcut else [])]
    if isinstance(unit, Branches):
        return unit.bodies
    return []


#: Classes that are no unit of thought, and become no blocks.
PLAIN = {"Sequential", "ModuleList", "ModuleDict"}


class Reader:
    """Finds what each name refers to, and lets its statement have a label."""

    def __init__(self, graph: Graph, root: list[Stmt], inputs: list[str], outputs: list[str]) -> None:
        self.graph = graph
        self.root = root
        self.inputs = dict(zip(graph.inputs, inputs))
        self.where: dict[Value, tuple[Stmt, list[Any]]] = {}
        #: The values of the layers themselves, whose weights others share.
        self.owners: dict[Value, tuple[Stmt, list[Any]]] = {}
        self.index(root, [])
        self.pending: list[tuple[Ref, list[Any]]] = []
        self.collect(root, [])
        # With one output that is the last statement's, nothing has to be called as it is.
        self.outputs: list[Ref] = []
        last = root[-1].outs[-1] if root and root[-1].outs else None
        if root and isinstance(root[-1].units[-1], Group):
            last = last_of(root[-1].units[-1])
        if len(graph.outputs) > 1 or graph.outputs[0] is not last:
            self.outputs = [self.output(v, name) for v, name in zip(graph.outputs, outputs)]
            self.pending += [(ref, [root]) for ref in self.outputs]
        while any([self.reach(ref, chain) for ref, chain in self.pending]):
            pass
        for ref, chain in self.pending:
            self.mark(ref, chain)
        self.index(root, [])

    def output(self, value: Value, name: str) -> Ref:
        """An output; what stands in a group gets a name outside of it, since an output's has no dots."""
        if value in self.inputs or value in self.where and self.where[value][1][-1] is self.root:
            return Ref(value)
        again = Value(value.shape)
        frm = Ref(value)
        stmt = Stmt([Layer("identity", {}, None, name)], frm, outs=[again], shape=value.shape, after=[again])
        self.root.append(stmt)
        self.where[again] = (stmt, [self.root])
        self.pending.append((frm, [self.root]))
        return Ref(again)

    def index(self, body: list[Stmt], chain: list[Any]) -> None:
        here = [*chain, body]
        for stmt in body:
            for value in [*stmt.after, *stmt.outs]:
                if value not in self.where or len(self.where[value][1]) >= len(here):
                    if isinstance(stmt.units[-1], (Group,)) and value in self.inner(stmt.units[-1]) and value is not last_value(stmt.units[-1]):
                        continue
                    self.where[value] = (stmt, here)
            for unit in stmt.units:
                if isinstance(unit, Layer) and unit.node is not None and {"weight", "*"} & unit.node.tensors.keys():
                    self.owners[unit.node.outputs[0]] = (stmt, here)
                for inner in children(unit):
                    self.index(inner, [*here, unit])

    def place(self, ref: Ref) -> tuple[Stmt, list[Any]]:
        """The statement that a name is of, and the bodies that it stands in."""
        return self.owners[ref.value] if ref.shares and ref.value in self.owners else self.where[ref.value]

    def inner(self, group: Group) -> set[Value]:
        return {v for s in group.body for v in (*s.after, *s.outs)}

    def collect(self, body: list[Stmt], chain: list[Any]) -> None:
        here = [*chain, body]
        for stmt in body:
            refs = [stmt.frm] if stmt.frm is not None else []
            for unit in stmt.units:
                if isinstance(unit, Layer):
                    refs += unit.operands or []
                    refs += [a for a in unit.args.values() if isinstance(a, Ref)]
                for inner in children(unit):
                    self.collect(inner, [*here, unit])
            for ref in refs:
                if ref.text is None:
                    self.pending.append((ref, here))

    def around(self, ref: Ref, chain: list[Any]) -> list[Group]:
        """The groups that a reader is in and the value is not, innermost first."""
        inside = [unit for unit in self.place(ref)[1] if isinstance(unit, Group)] if ref.value in self.where else []
        groups = [unit for unit in chain if isinstance(unit, Group)]
        return [group for group in reversed(groups) if group not in inside]

    def reach(self, ref: Ref, chain: list[Any]) -> bool:
        """Notes what groups read of around, since those can be no blocks; whether that is new."""
        changed, value = False, ref.value
        for group in self.around(ref, chain):
            if group.main is value and not ref.shares and group.call.cls not in PLAIN and not group.outside:
                # As a block it calls that `input`, and the groups around it read nothing.
                break
            if value not in group.outside:
                group.outside.append(value)
                changed = True
        return changed

    def mark(self, ref: Ref, chain: list[Any]) -> None:
        value = ref.value
        for group in self.around(ref, chain):
            if group.main is value and not ref.shares and group.call.cls not in PLAIN and not group.outside:
                group.reads_input = True
                ref.text = "input"
                return
        if value in self.inputs:
            ref.text = self.inputs[value]
            return
        if value not in self.where:
            raise AssertionError(f"no statement gives {value}")
        stmt, here = self.place(ref)
        body = here[-1]
        at = next((i for i, v in enumerate(stmt.after) if v is value), None)
        if at is not None and at + 1 < len(stmt.units) and stmt.labels is None:
            rest = Stmt(stmt.units[at + 1 :], outs=stmt.outs, shape=stmt.shape, after=stmt.after[at + 1 :])
            stmt.units, stmt.after = stmt.units[: at + 1], stmt.after[: at + 1]
            stmt.outs, stmt.shape = [value], value.shape
            body.insert(body.index(stmt) + 1, rest)
            self.reindex(rest, here)
        if stmt.labels is None and isinstance(stmt.units[-1], (Residual, Branches)) or (
            stmt.labels is None and len([u for u in stmt.units if isinstance(u, Layer) and needs_label(u)]) > 1
        ):
            layer = Layer("identity", {}, None, None)
            named = Stmt([layer], outs=[value], shape=value.shape, after=[value], read=True)
            body.insert(body.index(stmt) + 1, named)
            stmt.outs, stmt.after = [], [*stmt.after[:-1]]
            self.where[value] = (named, here)
            return
        stmt.read = True
        # Everything around it that is closed to the reader needs a label too.
        for unit in here:
            if isinstance(unit, Group) and unit not in chain:
                owner = next((s for part in here if isinstance(part, list) for s in part if unit in s.units), None)
                if owner is not None:
                    owner.read = True

    def reindex(self, stmt: Stmt, here: list[Any]) -> None:
        for value in [*stmt.after, *stmt.outs]:
            self.where[value] = (stmt, here)

    def resolve(self) -> None:
        """Writes the names, once statements have their labels."""
        for ref, chain in self.pending:
            if ref.text is None:
                ref.text = self.path(ref, chain)

    def results(self, names: list[str]) -> list[str]:
        """The outputs as they are written."""
        found = []
        for i, (name, value) in enumerate(zip(names, self.graph.outputs)):
            text = self.outputs[i].text if self.outputs else None
            extents = shape(value.shape)
            # The name of a single output is free: which label it is stands after `=`.
            plain = text is None or text == name and len(names) > 1
            found.append(f"{name}: {extents}" if plain else f"{name} = {text}: {extents}")
        return found

    def steps(self, ref: Ref, chain: list[Any]) -> list[Stmt]:
        """The statements whose labels lead to a value from where it is read."""
        stmt, here = self.place(ref)
        found = [stmt]
        bodies = [part for part in chain if isinstance(part, list)]
        if any(here[-1] is body for body in bodies):
            return found
        for i in range(len(here) - 1, -1, -1):
            unit = here[i]
            if isinstance(unit, list):
                if any(unit is body for body in bodies):
                    break
                continue
            if isinstance(unit, Group):
                found.insert(0, next(s for s in here[i - 1] if unit in s.units))
        return found

    def first(self, ref: Ref, chain: list[Any]) -> Stmt:
        """The statement that the first word of a name is of."""
        return self.steps(ref, chain)[0]

    def path(self, ref: Ref, chain: list[Any]) -> str:
        steps = self.steps(ref, chain)
        last = steps[-1]
        label = last.label if last.labels is None else last.labels[last.outs.index(ref.value)]
        parts = [*(s.label for s in steps[:-1]), label]
        said = denoted(last)
        if not ref.shares and last.labels is None and said is not None and said is not ref.value:
            raise NetworkError(f"`{'.'.join(map(str, parts))}` is the name of {said}, and {ref.value} is read: a fault of the importer")
        if None in parts:
            raise NetworkError(f"a value that has no name is read from {ref.value}: a fault of the importer")
        return ".".join(parts)


def denoted(stmt: Stmt) -> Value | None:
    """The value that a statement's label is the name of."""
    unit = stmt.units[-1]
    if isinstance(unit, Group):
        return last_of(unit)
    return stmt.after[-1] if stmt.after else stmt.outs[-1] if stmt.outs else None


def last_value(group: Group) -> Value | None:
    return last_of(group)


class Namer:
    """Gives labels and `#[name]`s, so that every tensor is called as in the model."""

    def __init__(self, graph: Graph, forbidden: set[str]) -> None:
        self.graph = graph
        #: Words that no label can be.
        self.forbidden = forbidden
        self.position = 0
        self.labels: set[str] = set()
        #: Layers that are called by their positions, and the numbers that others are called.
        self.counted: list[tuple[Layer, int]] = []
        self.said: set[str] = set()

    def scope(self, body: list[Stmt]) -> None:
        outer = self.position, self.labels
        self.position, self.labels = 0, set()
        counted, self.counted = self.counted, []
        said, self.said = self.said, set()
        self.reserve(body)
        self.body(body)
        for unit, position in self.counted:
            # No other layer is called so, though it has no tensors.
            if str(position) in self.said:
                unit.attr = f"{unit.op}_{position}"
        self.counted, self.said = counted, said
        self.position, self.labels = outer

    def reserve(self, body: list[Stmt]) -> None:
        """Labels that modules give, before those that are made up."""
        for stmt in body:
            for unit in stmt.units:
                name = getattr(unit, "name", None)
                if isinstance(name, str) and getattr(unit, "node", unit) is not None:
                    self.labels.add(name)
                if not isinstance(unit, Group):
                    for inner in children(unit):
                        self.reserve(inner)

    def body(self, body: list[Stmt]) -> None:
        for stmt in body:
            self.statement(stmt)

    def statement(self, stmt: Stmt) -> None:
        named = [u for u in stmt.units if getattr(u, "name", None) and (isinstance(u, Group) or needs_label(u))]
        words = [u for u in named if not u.name.isdigit()]
        main = words[0] if len(words) == 1 and len(named) == 1 else None
        if stmt.labels is not None:
            stmt.labels = [self.fresh(stmt, i) for i in range(len(stmt.outs))]
            if main is not None:
                stmt.attr = main.name
        elif main is not None and is_label(main.name) and main.name not in self.forbidden:
            stmt.label = main.name
        elif stmt.read:
            stmt.label = self.fresh(stmt)
            if len(named) == 1:
                stmt.attr = named[0].name
        for unit in stmt.units:
            if isinstance(unit, (Residual, Branches, If)):
                for inner in children(unit):
                    self.body(inner)
                continue
            position = self.position
            self.position += 1
            if unit in named:
                by_label = stmt.label is not None and (stmt.label == unit.name or stmt.attr == unit.name)
                by_attr = stmt.attr == unit.name
                if not by_label and not by_attr and (stmt.label is not None or unit.name != str(position)):
                    unit.attr = unit.name
            if unit.attr is not None:
                self.said.add(unit.attr)
            elif stmt.attr is not None:
                self.said.add(stmt.attr)
            elif isinstance(unit, Layer) and unit not in named and stmt.label is None:
                self.counted.append((unit, position))
            if isinstance(unit, Group):
                self.scope(unit.body)
                if stmt.label is None and len(stmt.units) == 1 and any_label(unit.body):
                    # The labels inside would be those of the outer body.
                    stmt.kept_attr = stmt.attr or unit.attr
                    if unit.name is not None and stmt.attr is None:
                        stmt.attr, unit.attr = unit.name, None
                    stmt.label = self.fresh_group(unit)
                    stmt.made_label = True

    def fresh_group(self, group: Group) -> str:
        base = re.sub(r"\W", "_", group.name or "part").strip("_") or "part"
        base = f"part{base}" if base[0].isdigit() else base
        return self.free(base if is_label(base) else f"{base}_part")

    def free(self, base: str) -> str:
        name, n = base, 2
        while name in self.labels or name in self.forbidden:
            name, n = f"{base}_{n}", n + 1
        self.labels.add(name)
        return name

    def fresh(self, stmt: Stmt, index: int | None = None) -> str:
        """A label for a value that is read and that no module names."""
        unit = stmt.units[-1]
        if index is not None:
            return self.free(attended(self.graph, stmt.outs[index]) or result_word(unit, index, len(stmt.outs)))
        if isinstance(unit, Group):
            return self.fresh_group(unit)
        op = unit.op if isinstance(unit, Layer) else "x"
        word = WORDS.get(op, "x")
        if isinstance(unit, Layer) and unit.name:
            named = re.sub(r"\W", "_", unit.name.rpartition(".")[2]).strip("_").lower()
            word = named if is_label(named) else word
        return self.free(word)


#: What values are called by the layers that make them.
WORDS = {
    "conv": "features", "depthwise_conv": "features", "relu": "features", "add": "total", "concat": "joined",
    "mul": "product", "linear": "projected", "adaptive_avg_pool": "pooled", "global_avg_pool": "pooled",
    "max_pool": "pooled", "batch_norm": "normed", "layer_norm": "normed", "slice": "part", "reshape": "shaped",
    "sigmoid": "gate", "softmax": "shares", "upsample": "larger", "embedding": "words",
}


def result_word(unit: Any, index: int, count: int) -> str:
    """What one of several results is called."""
    op = unit.op if isinstance(unit, Layer) else ""
    if op in ("lstm", "gru", "rnn"):
        return ["sequence", "hidden", "cell"][index]
    if count == 2:
        return ["left", "right"][index]
    return f"part{index}"


def attended(graph: Graph, value: Value) -> str | None:
    """`q`, `k` or `v` where attention reads the value as that."""
    for node in nodes(graph.root):
        if node.op == "scaled_dot_product_attention" and value in node.inputs:
            return "qkv"[node.inputs.index(value)]
    return None


def any_label(body: list[Stmt]) -> bool:
    return any(
        s.label is not None or s.labels is not None or any(any_label(b) for u in s.units for b in children(u)) for s in body
    )
