"""The tree as text, formatted as a person would."""

from __future__ import annotations

import math
from typing import Any

from .graph import POSITIONAL, Axes, Extents, Pairs, Range, Word, default
from .tree import BlockCall, Branches, Group, If, Layer, Ref, Repeat, Residual, Stmt

WIDTH = 100


class Expr(str):
    """A value that is computed: the text of an expression."""


class Affine:
    """A rate that grows with depth: `total * (first + i) / count`."""

    def __init__(self, total: float, count: int, first: Any) -> None:
        self.total = total
        self.count = count
        self.first = first

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Affine) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        if self.first == 0:
            index = "i"
        elif isinstance(self.first, int):
            index = f"(i + {self.first})" if self.first > 0 else f"(i - {-self.first})"
        else:
            index = f"({self.first} + i)"
        return f"{decimal(self.total)} * {index} / {self.count}"


def value(x: Any) -> str:
    if isinstance(x, Ref):
        return x.text or "?"
    if isinstance(x, Expr) or isinstance(x, Word):
        return str(x)
    if isinstance(x, bool):
        return "true" if x else "false"
    if isinstance(x, int):
        return number(x)
    if isinstance(x, float):
        return decimal(x)
    if isinstance(x, Extents):
        return shape(x)
    if isinstance(x, Range):
        return f"{value(x[0])}..{value(x[1])}"
    if isinstance(x, Pairs):
        return "[" + ", ".join(f"({a}, {b})" for a, b in x) + "]"
    if isinstance(x, (Axes, tuple, list)):
        return "[" + ", ".join(value(y) for y in x) + "]"
    return str(x)


def quoted(name: str) -> str:
    """A name as a literal of Rust."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in escaped) + '"'


def number(n: int) -> str:
    return f"{n:_}" if abs(n) >= 100_000 else str(n)


def decimal(x: float) -> str:
    if math.isinf(x):
        return "1e308" if x > 0 else "-1e308"
    text = repr(x)
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        mantissa = mantissa.removesuffix(".0")
        return f"{mantissa}e{int(exponent)}"
    if 0 < abs(x) < 1e-3:
        for digits in range(1, 17):
            short = f"{x:.{digits - 1}e}"
            if float(short) == x:
                mantissa, _, exponent = short.partition("e")
                return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    return text


def shape(extents) -> str:
    if len(extents) > 1 and extents[0] == 0 or any(isinstance(n, str) for n in extents):
        return "[" + ", ".join(map(value, extents)) + "]"
    return "x".join(str(n) for n in extents)


def layer(unit: Layer) -> str:
    if unit.op == "custom":
        return attributes(unit) + f"custom {unit.args['path']}()"
    words: list[str] = []
    if unit.op == "einsum":
        words = [quoted(unit.args["equation"]), *(value(ref) for ref in unit.operands or [])]
        return attributes(unit) + f"einsum({', '.join(words)})"
    if unit.operands is not None:
        words += [value(ref) for ref in unit.operands]
    positional = POSITIONAL.get(unit.op, [])
    named = False
    for key, given in unit.args.items():
        wanted = default(unit.op, key)
        if wanted is not None and type(wanted) is type(given) and wanted == given:
            continue
        if wanted is None and given is None:
            continue
        if key.startswith("_"):
            # Further inputs of a network.
            words.append(value(given))
            continue
        if key in positional and not named and positional.index(key) == len(words) - (len(unit.operands or []) if unit.op not in ("scaled_dot_product_attention",) else 0):
            words.append(value(given))
        else:
            named = True
            words.append(f"{key} = {value(given)}")
    text = f"{unit.op}({', '.join(words)})" if words else unit.op
    return attributes(unit) + text


def attributes(unit: Any) -> str:
    text = "#[flat] " if getattr(getattr(unit, "node", None), "flat", False) else ""
    tensors = getattr(unit, "tensors", None)
    if tensors:
        text += "#[tensor(" + ", ".join(f"{a} = {quoted(b)}" for a, b in tensors.items()) + ")] "
    if unit.attr is not None:
        text += f"#[name = {quoted(unit.attr)}] "
    return text


def call(unit: BlockCall) -> str:
    words = []
    named = False
    for name, usual, clear in unit.params:
        given = unit.args[name]
        if usual is not None and type(given) is type(usual) and given == usual:
            named = True
            continue
        named = named or not clear
        words.append(f"{name} = {value(given)}" if named else value(given))
    return attributes(unit) + f"{unit.block}({', '.join(words)})"


def inline(unit: Any) -> str | None:
    """A unit on one line, if it can be."""
    if isinstance(unit, Layer):
        return layer(unit)
    if isinstance(unit, BlockCall):
        return call(unit)
    if isinstance(unit, Group):
        inside = inline_body(unit.body)
        return inside and attributes(unit) + "{ " + inside + " }"
    if isinstance(unit, Repeat):
        inside = inline_body(unit.body)
        return inside and repeat_head(unit) + " { " + inside + " }"
    if isinstance(unit, Residual) and unit.shortcut is None and len(unit.body) == 1:
        inside = inline_body(unit.body)
        return inside and residual_head(unit) + " { " + inside + " }"
    if isinstance(unit, If):
        inside = inline_body(unit.body)
        return inside and f"if {unit.condition} {{ {inside} }}"
    return None


def inline_body(body: list[Stmt]) -> str | None:
    parts = []
    if len(body) > 3:
        return None
    for stmt in body:
        if stmt.expect or stmt.comment or any(isinstance(u, (Group, Residual, Branches)) for u in stmt.units) and len(body) > 1:
            return None
        text = one_line(stmt)
        if text is None:
            return None
        parts.append(text)
    return " ".join(parts)


def repeat_head(unit: Repeat) -> str:
    """How often, and with which index."""
    if unit.var is None:
        return f"repeat {unit.count}"
    if isinstance(unit.count, str):
        end = f"{unit.count} + {unit.start}" if unit.start else str(unit.count)
    else:
        end = str(unit.start + unit.count)
    return f"repeat {unit.var} in {unit.start}..{end}"


def residual_head(unit: Residual) -> str:
    return "residual" if unit.when is None else f"residual if {unit.when}"


def head(stmt: Stmt) -> str:
    text = ""
    if stmt.attr is not None:
        text += f"#[name = {quoted(stmt.attr)}] "
    if stmt.labels is not None:
        text += "(" + ", ".join(stmt.labels) + "): " if len(stmt.labels) > 1 else stmt.labels[0] + ": "
    elif stmt.label is not None:
        text += stmt.label + ": "
    if stmt.frm is not None:
        text += f"from {value(stmt.frm)}, "
    return text


def one_line(stmt: Stmt) -> str | None:
    parts = [inline(unit) for unit in stmt.units]
    if any(part is None for part in parts):
        return None
    end = "" if isinstance(stmt.units[-1], (Group, Repeat, Residual, If)) else ";"
    return head(stmt) + ", ".join(parts) + end  # type: ignore[arg-type]


def lines(body: list[Stmt], depth: int) -> list[str]:
    """A body as lines; the shapes of its one-line statements stand in a column."""
    rows: list[tuple[list[str], str | None]] = []
    pad = "    " * depth
    for stmt in body:
        if stmt.comment:
            rows.append(([pad + "// " + stmt.comment], None))
        expected = f"=> {shape(stmt.shape)};" if stmt.expect and stmt.shape else None
        text = one_line(stmt)
        room = WIDTH - len(pad) - (len(expected) + 2 if expected else 0)
        if text is not None and len(text) <= room:
            rows.append(([pad + text], expected))
            continue
        rows.append((block_lines(stmt, depth), expected))
    # Shapes stand in a column, as far to the right as all of them fit.
    room = WIDTH - 2 - max((len(e) for _, e in rows if e), default=0)
    width = max((n for r, e in rows if e for n in [len(r[-1]) if len(r) == 1 else 0] if n <= room), default=0)
    found = []
    for row, expected in rows:
        if expected is None:
            found += row
            continue
        *before, last = row
        last = last.removesuffix(";")
        found += before
        column = max(width, len(last)) if not before else len(last)
        found.append(last + " " * (column + 2 - len(last)) + expected)
    return found


def block_lines(stmt: Stmt, depth: int) -> list[str]:
    """A statement on several lines."""
    pad = "    " * depth
    text = pad + head(stmt)
    found: list[str] = []
    for i, unit in enumerate(stmt.units):
        end = "," if i + 1 < len(stmt.units) else ";"
        short = inline(unit)
        if short is not None and len(text) + len(short) + 1 <= WIDTH:
            text += short + (end if end == "," or not isinstance(unit, (Group, Repeat, Residual, If)) else "") + " "
            continue
        if isinstance(unit, (Layer, BlockCall)):
            if text.strip():
                found.append(text.rstrip())
                text = pad + "    "
            text += (short or "") + end + " "
            continue
        if text.strip() and not text.strip().endswith(":") and i > 0:
            found.append(text.rstrip())
            text = pad
        rows = structure_lines(unit, text, depth)
        found += rows[:-1]
        text = rows[-1] + (", " if end == "," else "")
    found.append(text.rstrip())
    return found


def structure_lines(unit: Any, text: str, depth: int) -> list[str]:
    pad = "    " * depth
    if isinstance(unit, Group):
        return [text + attributes(unit) + "{", *lines(unit.body, depth + 1), pad + "}"]
    if isinstance(unit, Repeat):
        return [text + repeat_head(unit) + " {", *lines(unit.body, depth + 1), pad + "}"]
    if isinstance(unit, If):
        return [text + f"if {unit.condition} {{", *lines(unit.body, depth + 1), pad + "}"]
    if isinstance(unit, Residual):
        rows = [text + residual_head(unit) + " {", *lines(unit.body, depth + 1)]
        if unit.shortcut:
            when = "" if unit.shortcut_when is None else f" if {unit.shortcut_when}"
            rows += [pad + f"}} shortcut{when} {{", *lines(unit.shortcut, depth + 1)]
        return [*rows, pad + "}"]
    if isinstance(unit, Branches):
        given = "".join(f"{k} = {value(v)}" for k, v in unit.args.items())
        rows = [text + unit.op + (f"({given})" if given else "") + " {"]
        for body in unit.bodies:
            short = inline_body(body) if body else ""
            if short is not None and len(short) + 4 * depth + 16 <= WIDTH:
                rows.append(pad + "    branch { " + short + " }" if short else pad + "    branch {}")
            else:
                rows += [pad + "    branch {", *lines(body, depth + 2), pad + "    }"]
        return [*rows, pad + "}"]
    raise AssertionError(unit)
