"""Runs of equal statements as a `repeat`."""

from __future__ import annotations

import re
from typing import Any

from .names import children
from .text import Affine, Expr, decimal, lines
from .tree import BlockCall, Group, Layer, Repeat, Residual, Stmt

FLOAT = re.compile(r"(?<![\w.])\d+\.\d+(?:e-?\d+)?(?![\w.])|(?<![\w.])\d+e-\d+(?![\w.])")
COUNTED = re.compile(r"(\d+)$")


def compress(body: list[Stmt]) -> None:
    """Puts repeats in the places of runs, here and inside."""
    for stmt in body:
        for unit in stmt.units:
            for inner in children(unit):
                compress(inner)
            if isinstance(unit, Group):
                whole(stmt, unit)
    i = 0
    while i < len(body):
        best = None
        for period in (1, 2, 3, 4):
            times = run(body, i, period)
            if times >= 2 and worth(body[i : i + period], times) and (best is None or times * period > best[0] * best[1]):
                best = (times, period)
        if best is not None:
            times, period = best
            body[i : i + times * period] = [made(body[i : i + times * period], period, times)]
        i += 1


def worth(stmts: list[Stmt], times: int) -> bool:
    """Whether a repeat is shorter to read than what it stands for."""
    if any(s.labels is not None for s in stmts):
        return False
    if any(isinstance(u, (BlockCall, Group, Residual)) for s in stmts for u in s.units):
        return True
    return times >= 3 and all(s.label is None for s in stmts) or times * len(stmts) >= 6 and all(s.label is None for s in stmts)


def shadow(stmt: Stmt) -> tuple[str, list[float], list[tuple[str, int]]]:
    """The text without what may count: floats and the number that a name ends with."""
    kept = stmt.label, stmt.attr, stmt.expect
    names = []
    if stmt.label is not None:
        found = COUNTED.search(stmt.label)
        if found and not stmt.read:
            names.append((stmt.label[: found.start()], int(found[1])))
            stmt.label = None
    if stmt.attr is not None and stmt.label is None:
        found = COUNTED.search(stmt.attr)
        if found and not stmt.attr.isdigit():
            names.append((stmt.attr[: found.start()], int(found[1])))
            stmt.attr = None
    attrs = []
    for unit in stmt.units:
        attr = getattr(unit, "attr", None)
        attrs.append(attr)
        if attr is not None:
            found = COUNTED.search(attr)
            if found and not attr.isdigit():
                names.append((attr[: found.start()], int(found[1])))
                unit.attr = None
    stmt.expect = False
    text = "\n".join(lines([stmt], 0))
    stmt.label, stmt.attr, stmt.expect = kept
    for unit, attr in zip(stmt.units, attrs):
        if hasattr(unit, "attr"):
            unit.attr = attr
    floats = [float(f) for f in FLOAT.findall(text)]
    return FLOAT.sub("#", text) + "|" + ",".join(n for n, _ in names), floats, names


def run(body: list[Stmt], start: int, period: int) -> int:
    """How often the statements from `start` on come again."""
    if start + 2 * period > len(body):
        return 1
    if any(s.read or s.frm is not None and s.frm.text != "_" for s in body[start : start + period]):
        return 1
    rows = [shadow(s) for s in body[start : start + period]]
    times = 1
    steps: list[Any] = [None] * period
    while start + (times + 1) * period <= len(body):
        part = body[start + times * period : start + (times + 1) * period]
        if any(s.read for s in part):
            break
        again = [shadow(s) for s in part]
        good = True
        for j, (a, b) in enumerate(zip(rows, again)):
            if a[0] != b[0] or any(n[1] + times != m[1] for n, m in zip(a[2], b[2])):
                good = False
                break
            delta = [(y - x) / times for x, y in zip(a[1], b[1])]
            if steps[j] is None:
                steps[j] = delta
            elif any(abs(p - q) > 1e-9 for p, q in zip(steps[j], delta)):
                good = False
                break
        if not good:
            break
        times += 1
    return times


def made(stmts: list[Stmt], period: int, times: int) -> Stmt:
    """The repeat of the first statements."""
    first = stmts[:period]
    rows = [[shadow(s) for s in stmts[k * period : (k + 1) * period]] for k in range(times)]
    starts = {n for row in rows[:1] for s in row for _, n in s[2]}
    counted = bool(starts)
    start = starts.pop() if len(starts) == 1 else 0
    floats = [[s[1] for s in row] for row in rows]
    varies = any(f != floats[0] for f in floats)
    var = "i" if counted or varies else None
    for j, stmt in enumerate(first):
        name = rows[0][j][2]
        if name:
            prefix, n = name[0]
            mark = prefix + ("{i}" if n == start else f"{{i + {n - start}}}" if n > start else f"{{i - {start - n}}}")
            if stmt.label is not None and COUNTED.search(stmt.label):
                stmt.label = None
                stmt.attr = None
                stmt.units[0].attr = mark
            elif stmt.attr is not None:
                stmt.attr = mark
            else:
                for unit in stmt.units:
                    if getattr(unit, "attr", None) and COUNTED.search(unit.attr):
                        unit.attr = mark
        if varies:
            columns = list(zip(*(floats[k][j] for k in range(times))))
            replace(stmt, [affine(list(c), start) for c in columns])
    last = stmts[-1]
    found = Stmt([Repeat(first, times, var, start)], first[0].frm, outs=last.outs, shape=last.shape, after=last.after[-1:])
    first[0].frm = None
    for stmt in first:
        stmt.expect = False
    return found


#: The rates and depths at which networks drop their branches.
TOTALS = (0.2, 0.1, 0.3, 0.5, 0.4, 0.05, 0.15, 0.25, 0.35, 0.6, 0.7, 0.8, 1.0)


def affine(column: list[float], start: int) -> Any:
    """A number, or what it is of the index `i`, written with short numbers."""
    if all(x == column[0] for x in column):
        return None
    step = (column[-1] - column[0]) / (len(column) - 1)
    first = column[0] - step * start
    usual = USUAL[0] if USUAL else None
    choices = [usual] if usual else []
    choices += [(total, n) for total in TOTALS for n in [round(total / step) if step > 0 else 0] if 0 < n < 400]
    for total, n in choices:
        offset = round(first * n / total)
        fits = all(abs(total * (offset + start + k) / n - x) < 1e-6 for k, x in enumerate(column))
        if fits and 0 <= offset + start + len(column) - 1 <= n:
            return Affine(total, n, offset)
    return Expr(f"{decimal(round(first, 9))} + {decimal(round(step, 12))} * i")


#: How the rates of the network at hand grow, if they grow evenly: the last rate, and after how many.
USUAL: list[tuple[float, int]] = []


def usual(rates: list[float]) -> None:
    """Finds how the rates of a whole network grow."""
    USUAL.clear()
    different = sorted(set(round(r, 7) for r in rates if r > 0))
    if len(different) < 3:
        return
    step = min(b - a for a, b in zip(different, different[1:]))
    for total in TOTALS:
        n = round(total / step)
        if 0 < n < 400 and all(abs(r * n / total - round(r * n / total)) < 1e-4 for r in different) and different[-1] <= total + 1e-6:
            USUAL.append((total, n))
            return


def replace(stmt: Stmt, found: list[Any]) -> None:
    """Puts expressions in the places of a statement's floats, in the order of its text."""
    places: list[tuple[dict, str]] = []

    def visit(s: Stmt) -> None:
        for unit in s.units:
            if isinstance(unit, (Layer, BlockCall)):
                for key, value in unit.args.items():
                    if isinstance(value, float) and decimal(value) in "\n".join(lines([Stmt([unit])], 0)):
                        places.append((unit.args, key))
            for inner in children(unit):
                for t in inner:
                    visit(t)

    visit(stmt)
    if len(places) != len(found):
        return
    for (args, key), value in zip(places, found):
        if value is not None:
            args[key] = value


def whole(stmt: Stmt, group: Group) -> None:
    """A group that is one repeat is a labelled repeat."""
    if len(group.body) != 1 or len(group.body[0].units) != 1 or stmt.label is None or len(stmt.units) != 1:
        return
    if group.body[0].label is not None or group.body[0].attr is not None:
        # The repeat has a name of its own, inside of the group's.
        return
    inner = group.body[0].units[0]
    if not isinstance(inner, Repeat) or inner.name is not None or group.attr is not None:
        return
    body = inner.body
    single = len(body) == 1 and len(body[0].units) == 1 and body[0].label is None and body[0].frm is None
    if not single or not isinstance(body[0].units[0], BlockCall) or stmt.attr is not None:
        return
    if inner.var is None or body[0].units[0].attr is not None:
        stmt.units[0] = inner
