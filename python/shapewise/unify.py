"""What several modules of one class have in common, and where they differ."""

from __future__ import annotations

import re
from typing import Any

from .graph import Word, default
from .text import Affine, Expr
from .tree import BlockCall, Branches, Group, If, Layer, Ref, Repeat, Residual, Stmt

#: In the place of what an instance does not have.
ABSENT = object()

ACTIVATIONS = {
    "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "sigmoid", "hard_sigmoid",
    "hard_swish", "tanh", "softplus", "softsign", "identity", "quick_gelu", "hard_tanh",
}


class Different(Exception):
    """The instances are no variants of one thing."""


class Hole:
    """Where instances differ: a value for each, or `ABSENT`."""

    def __init__(self, role: str, op: str, values: list[Any]) -> None:
        self.role = role
        self.op = op
        self.values = values
        self.text: Any = None
        self.hint: str | None = None


class Unifier:
    """Unifies `count` bodies into a template with holes."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.holes: list[Hole] = []

    def hole(self, role: str, op: str, values: list[Any], hint: str | None = None) -> Any:
        there = [v for v in values if v is not ABSENT]
        if all(type(v) is type(there[0]) and v == there[0] for v in there):
            return there[0]
        if all(isinstance(v, Affine) for v in there) and len({(v.total, v.count) for v in there}) == 1:
            firsts = self.hole("first", op, [v if v is ABSENT else v.first for v in values])
            return Affine(there[0].total, there[0].count, firsts)
        if any(isinstance(v, (Affine, Expr)) for v in there):
            # What counts with an index has no meaning outside of its repeat.
            raise Different
        if role == "if" and any(complementary(h.values, values) for h in self.holes if h.role == "if"):
            raise Different
        found = Hole(role, op, values)
        found.hint = hint
        self.holes.append(found)
        return found

    def bodies(self, bodies: list[Any]) -> list[Stmt]:
        """Bodies of the instances, `ABSENT` where an instance has none."""
        there = [b for b in bodies if b is not ABSENT]
        if not there:
            raise Different
        keys = [tuple(map(key, b)) for b in there]
        if len(set(keys)) == 1:
            rows = [[b if b is ABSENT else b[i] for b in bodies] for i in range(len(there[0]))]
            return [self.statement(row) for row in rows]
        bodies = repeated(bodies)
        there = [b for b in bodies if b is not ABSENT]
        keys = [tuple(map(key, b)) for b in there]
        if len(set(keys)) == 1:
            rows = [[b if b is ABSENT else b[i] for b in bodies] for i in range(len(there[0]))]
            return [self.statement(row) for row in rows]
        wrapped = self.residuals(bodies)
        if wrapped is not None:
            return wrapped
        # A sequence that has all of them in it; what an instance lacks is left out there.
        whole: list[Any] = list(max(keys, key=len))
        for other in keys:
            whole = supersequence(whole, list(other))
        named = {k for k in whole if k[1] is not None}
        if len({(k[0], re.sub(r"\d+", "", k[1]), *k[2:]) for k in named}) < len(named):
            # Names that differ by a number are of statements in one place, not of several that come and go.
            raise Different
        places = []
        for b in bodies:
            places.append(None if b is ABSENT else embed(whole, [key(s) for s in b]))
            if places[-1] is None and b is not ABSENT:
                raise Different
        found = []
        for i in range(len(whole)):
            row = [
                ABSENT if b is ABSENT or i not in place else b[place[i]] for b, place in zip(bodies, places)
            ]
            stmt = self.statement(row)
            if any(r is ABSENT for r, b in zip(row, bodies) if b is not ABSENT):
                present = [ABSENT if b is ABSENT else r is not ABSENT for r, b in zip(row, bodies)]
                condition = self.hole("if", "if", present, hint_of(stmt))
                if condition is not True:
                    stmt = Stmt([If(condition, [stmt])])
            found.append(stmt)
        return found

    def residuals(self, bodies: list[Any]) -> list[Stmt] | None:
        """Some add what went in, others do not: `residual if`."""
        there = [b for b in bodies if b is not ABSENT]

        def residual(b: list[Stmt]) -> bool:
            return len(b) > 0 and len(b[0].units) == 1 and isinstance(b[0].units[0], Residual)

        some = [b for b in there if residual(b)]
        if not some or len(some) == len(there) or any(b[0].units[0].shortcut for b in some):
            return None
        after = {len(b) - 1 for b in some}
        if len(after) != 1:
            return None
        post = after.pop()
        insides, posts, present = [], [], []
        for b in bodies:
            if b is ABSENT:
                insides.append(ABSENT), posts.append(ABSENT), present.append(ABSENT)
            elif residual(b):
                insides.append(b[0].units[0].body), posts.append(b[1:]), present.append(True)
            else:
                insides.append(b[: len(b) - post]), posts.append(b[len(b) - post :]), present.append(False)
        body = self.bodies(insides)
        when = self.hole("if", "if", present, "residual")
        if when is False:
            raise Different
        return [Stmt([Residual(body, None, when)]), *self.bodies(posts)]

    def statement(self, row: list[Any]) -> Stmt:
        there = [s for s in row if s is not ABSENT]
        first = there[0]
        frm = first.frm
        if any((s.frm is None) != (frm is None) or s.frm is not None and s.frm.text != frm.text for s in there):
            raise Different
        if any(s.labels != first.labels for s in there):
            raise Different
        stmt = Stmt([], frm, first.label, first.labels, first.attr)
        lists = [s if s is ABSENT else s.units for s in row]
        lengths = {len(units) for units in lists if units is not ABSENT}
        if len(lengths) == 1:
            for i in range(lengths.pop()):
                stmt.units.append(self.unit([u if u is ABSENT else u[i] for u in lists]))
            return stmt
        if not any(lists):
            return stmt
        whole = list(max(([unit_key(u) for u in units] for units in lists if units is not ABSENT), key=len))
        places = []
        for units in lists:
            place = None if units is ABSENT else embed(whole, [unit_key(u) for u in units])
            if place is None and units is not ABSENT:
                raise Different
            places.append(place)
        for i in range(len(whole)):
            units = [ABSENT if u is ABSENT or i not in p else u[p[i]] for u, p in zip(lists, places)]
            unit = self.unit(units)
            if any(x is ABSENT for x, u in zip(units, lists) if u is not ABSENT):
                present = [ABSENT if u is ABSENT else x is not ABSENT for x, u in zip(units, lists)]
                condition = self.hole("if", "if", present, getattr(unit, "op", None))
                if condition is not True:
                    unit = If(condition, [Stmt([unit])])
            stmt.units.append(unit)
        return stmt

    def unit(self, row: list[Any]) -> Any:
        there = [u for u in row if u is not ABSENT]
        first = there[0]
        if any(type(u) is not type(first) for u in there):
            raise Different
        if isinstance(first, Layer):
            return self.layer(row, there)
        if isinstance(first, Group):
            if any(u.attr != first.attr for u in there):
                raise Different
            return Group(self.bodies([u if u is ABSENT else u.body for u in row]), first.name, first.call, first.attr)
        if isinstance(first, Residual):
            body = self.bodies([u if u is ABSENT else u.body for u in row])
            found = Residual(body, when=self.whens([u if u is ABSENT else u.when for u in row]))
            shortcuts = [ABSENT if u is ABSENT or not u.shortcut else u.shortcut for u in row]
            if any(s is not ABSENT for s in shortcuts):
                found.shortcut = self.bodies(shortcuts)
                present = [ABSENT if u is ABSENT else bool(u.shortcut) for u in row]
                found.shortcut_when = self.hole("if", "if", present, "shortcut")
                if found.shortcut_when is False:
                    raise Different
                if found.shortcut_when is True:
                    found.shortcut_when = self.whens([u if u is ABSENT else u.shortcut_when for u in row])
            return found
        if isinstance(first, Branches):
            if any(u.op != first.op or len(u.bodies) != len(first.bodies) for u in there):
                raise Different
            bodies = [self.bodies([u if u is ABSENT else u.bodies[i] for u in row]) for i in range(len(first.bodies))]
            return Branches(first.op, first.args, bodies)
        if isinstance(first, Repeat):
            if any(u.var != first.var or u.start != first.start for u in there):
                raise Different
            count = self.hole("count", "repeat", [u if u is ABSENT else u.count for u in row])
            return Repeat(self.bodies([u if u is ABSENT else u.body for u in row]), count, first.var, first.start)
        if isinstance(first, BlockCall):
            if any(u.block != first.block or u.attr != first.attr for u in there):
                raise Different
            args = {
                n: self.hole(role_of(n), first.block, [u if u is ABSENT else u.args[n] for u in row]) for n in first.args
            }
            return BlockCall(first.block, args, first.name, first.call, first.attr, first.params)
        if isinstance(first, If):
            body = self.bodies([u if u is ABSENT else u.body for u in row])
            return If(self.whens([u if u is ABSENT else u.condition for u in row]), body)
        raise Different

    def whens(self, row: list[Any]) -> Any:
        there = [w for w in row if w is not ABSENT]
        if any(str(w) != str(there[0]) for w in there):
            raise Different
        return there[0]

    def layer(self, row: list[Any], there: list[Layer]) -> Layer:
        first = there[0]
        if any(u.op != first.op for u in there):
            if all(u.op in ACTIVATIONS and not written(u) and not u.tensors for u in there):
                act = self.hole("act", "act", [u if u is ABSENT else u.op for u in row])
                return Layer(act, {}, None, first.name, {}, None, first.attr)
            if all(u.op in ("conv", "depthwise_conv") for u in there):
                row = [u if u is ABSENT else dense(u) for u in row]
                there = [u for u in row if u is not ABSENT]
                first = there[0]
            else:
                raise Different
        if any(u.attr != first.attr or u.tensors != first.tensors for u in there):
            raise Different
        texts = [[r.text for r in u.operands or []] for u in there]
        if any(t != texts[0] for t in texts):
            raise Different
        if first.op in ("conv", "depthwise_conv") and any(u.args.get("padding") == "half" for u in there):
            row = [u if u is ABSENT else halved(u) for u in row]
            there = [u for u in row if u is not ABSENT]
            first = there[0]
        names = list(dict.fromkeys(n for u in there for n in u.args))
        args: dict[str, Any] = {}
        for n in names:
            values = []
            for u in row:
                if u is ABSENT:
                    values.append(ABSENT)
                    continue
                given = u.args.get(n, default(u.op, n))
                if given is None:
                    raise Different
                values.append(given.text if isinstance(given, Ref) else given)
            if any(isinstance(u.args.get(n), Ref) for u in there):
                if any(v != values[0] for v in values):
                    raise Different
                args[n] = first.args[n]
                continue
            args[n] = self.hole(n, first.op, values)
        return Layer(first.op, args, first.operands, first.name, first.tensors, first.node, first.attr)


def repeated(bodies: list[Any]) -> list[Any]:
    """Where some repeat a statement, the others have it once, or not at all: repeats of 1 and of 0."""

    def repeat_of(body):
        found = [(i, s) for i, s in enumerate(body) if len(s.units) == 1 and isinstance(s.units[0], Repeat)]
        if len(found) == 1 and len(found[0][1].units[0].body) == 1:
            return found[0]
        return None

    there = [b for b in bodies if b is not ABSENT]
    models = [repeat_of(b) for b in there]
    model = next((m for m in models if m is not None), None)
    if model is None or all(m is not None for m in models):
        return bodies
    at, stmt = model
    inner = stmt.units[0].body[0]
    wanted = max((len(b) for b, m in zip(there, models) if m is not None))
    found = []
    for b in bodies:
        if b is ABSENT or repeat_of(b) is not None:
            found.append(b)
            continue
        pattern = stmt.units[0]
        if len(b) == wanted and key(b[at]) == key(inner) and pattern.var is None:
            once = Stmt([Repeat([b[at]], 1, None, 0)], outs=b[at].outs, shape=b[at].shape, after=b[at].after)
            found.append([*b[:at], once, *b[at + 1 :]])
        elif len(b) == wanted - 1 and pattern.var is None:
            never = Stmt([Repeat(ABSENT, 0, None, 0)], outs=[], shape=None)
            found.append([*b[:at], never, *b[at:]])
        else:
            found.append(b)
    return found


def written(layer: Layer) -> bool:
    return any(default(layer.op, n) != v for n, v in layer.args.items())


def dense(layer: Layer) -> Layer:
    """A depthwise convolution as a convolution of groups."""
    if layer.op == "conv" or layer.node is None:
        return layer
    args = dict(layer.args)
    inside = layer.node.inputs[0].shape[-1]
    multiplier = args.pop("multiplier", 1)
    found = {"channels": inside * multiplier, "kernel": args.pop("kernel"), **args, "groups": inside}
    return Layer("conv", found, layer.operands, layer.name, layer.tensors, layer.node, layer.attr)


def complementary(a: list[Any], b: list[Any]) -> bool:
    """Whether one is there where the other is not: two things, not one that varies."""
    both = [(x, y) for x, y in zip(a, b) if x is not ABSENT and y is not ABSENT]
    return len(both) == len(a) and all(x != y for x, y in both)


def halved(layer: Layer) -> Layer:
    """The padding of a kernel of 1 is half of it, too."""
    if layer.args.get("padding") == 0 and set(layer.args["kernel"]) == {1}:
        args = {**layer.args, "padding": Word("half")}
        return Layer(layer.op, args, layer.operands, layer.name, layer.tensors, layer.node, layer.attr)
    return layer


def role_of(name: str) -> str:
    """What a block's parameter is for, by its name."""
    name = name.rstrip("0123456789")
    return {"mid": "channels", "out": "channels", "drop": "p"}.get(name, name)


def hint_of(stmt: Stmt) -> str | None:
    if stmt.label:
        return stmt.label
    unit = stmt.units[0]
    if isinstance(unit, BlockCall):
        return snake(unit.block)
    return unit.op if isinstance(unit, Layer) and isinstance(unit.op, str) else None


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def unit_key(unit: Any) -> Any:
    if isinstance(unit, Layer):
        if unit.op in ("conv", "depthwise_conv"):
            return "conv"
        return "act" if unit.op in ACTIVATIONS and not unit.tensors else unit.op
    if isinstance(unit, Group):
        return ("group", unit.name if not (unit.name or "").isdigit() else None)
    if isinstance(unit, BlockCall):
        return ("call", unit.block)
    return type(unit).__name__


def key(stmt: Stmt) -> Any:
    """What two statements have in common that are variants of one."""
    return (stmt.label, stmt.attr, unit_key(stmt.units[0]), len(stmt.units) if stmt.labels else 0)


def supersequence(a: list[Any], b: list[Any]) -> list[Any]:
    """The shortest sequence that has both in it."""
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            table[i][j] = table[i + 1][j + 1] + 1 if a[i] == b[j] else max(table[i + 1][j], table[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            found.append(a[i])
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            found.append(a[i])
            i += 1
        else:
            found.append(b[j])
            j += 1
    return found + a[i:] + b[j:]


def embed(whole: list[Any], part: list[Any]) -> dict[int, int] | None:
    """Where each of a part stands in the whole: from the end, so that what comes first is optional."""
    found, j = {}, len(part) - 1
    for i in range(len(whole) - 1, -1, -1):
        if j >= 0 and whole[i] == part[j]:
            found[i] = j
            j -= 1
    return found if j < 0 else None


__all__ = ["ABSENT", "Different", "Hole", "Unifier"]
