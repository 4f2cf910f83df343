"""Before a graph has a structure: calls that are no groups, concatenations that grow."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .entries import MERGES, nodes
from .graph import Call, Node
from .values import Value


def prepare(call: Call) -> None:
    """Takes apart calls that open no scope, and makes scopes of dotted names."""
    items: list[Any] = []
    for item in call.items:
        if isinstance(item, Call):
            item.parent = call
            prepare(item)
            items.extend(dissolved(call, item))
        else:
            items.append(item)
    call.items = items
    hoist(call)
    sink(call)
    call.items = scopes(call, call.items)


def dissolved(call: Call, item: Call) -> list[Any]:
    """What stands in the outer body for a call: itself, or what is in it."""
    if not item.items:
        return []
    direct = [n for n in item.items if isinstance(n, Node)]
    if len(item.items) == 1 and direct and (direct[0].path == item.path or not direct[0].tensors):
        node = direct[0]
        node.path = item.path
        node.cls = node.cls or item.cls
        return [node] if call.path == "" or item.path.startswith(call.path + ".") else [node]
    if any(n.path == item.path and n.tensors for n in direct):
        return item.items
    prefix = item.path + "."
    foreign = [n for n in nodes(item) if n.tensors and not n.path.startswith(prefix)]
    if foreign or (call.path and not item.path.startswith(call.path + ".")):
        return item.items
    if all(not n.tensors for n in nodes(item)) and len(list(nodes(item))) <= 2:
        return item.items
    return [item]


def hoist(call: Call) -> None:
    """What a module does first with several values belongs before it."""
    items: list[Any] = []
    for item in call.items:
        while isinstance(item, Call) and len(item.items) > 1:
            first = item.items[0]
            if not (isinstance(first, Node) and first.op in MERGES and not first.tensors):
                break
            made = set(first.outputs)
            rest = [v for x in item.items[1:] for n in nodes(x) for v in n.inputs]
            inside = {v for x in item.items for n in nodes(x) for v in n.outputs}
            if any(v not in inside for v in rest) or not made & set(rest):
                break
            items.append(first)
            item.items = item.items[1:]
        items.append(item)
    call.items = items


def sink(call: Call) -> None:
    """A module's result beside what went into it, or times it, belongs to the module."""
    items = list(call.items)
    reads: dict[Value, int] = defaultdict(int)
    for item in items:
        for n in nodes(item):
            for v in set(n.inputs):
                reads[v] += 1
    i = 0
    while i + 1 < len(items):
        item, merge = items[i], items[i + 1]
        if isinstance(item, Call) and isinstance(merge, Node) and merge.op in ("concat", "mul") and len(merge.inputs) == 2:
            made = [v for n in nodes(item) for v in n.outputs]
            ins = {v for n in nodes(item) for v in n.inputs if v not in made}
            out = [v for v in merge.inputs if v in made]
            others = [v for v in merge.inputs if v not in made]
            if len(ins) == 1 and len(out) == 1 and set(others) == ins and out[0] is made[-1] and reads[out[0]] == 1:
                item.items = [*item.items, merge]
                del items[i + 1]
                continue
        i += 1
    call.items = items


def scopes(call: Call, items: list[Any]) -> list[Any]:
    """Makes a scope of neighbours whose names begin alike: what a ModuleList holds."""

    def first(item: Any) -> str | None:
        path = item.path if isinstance(item, Call) or item.tensors else ""
        if not path or (call.path and not path.startswith(call.path + ".")):
            return None
        rel = path[len(call.path) + 1 :] if call.path else path
        if isinstance(item, Node) and rel.count(".") == 0:
            return None
        return rel.split(".")[0] if "." in rel else None

    firsts = [first(item) for item in items]
    runs: dict[str, list[int]] = defaultdict(list)
    for i, name in enumerate(firsts):
        if name is not None:
            runs[name].append(i)
    names = {item.path for item in items if isinstance(item, Call)}
    found: list[Any] = []
    i = 0
    while i < len(items):
        name = firsts[i]
        if name is None:
            found.append(items[i])
            i += 1
            continue
        places = runs[name]
        path = f"{call.path}.{name}" if call.path else name
        span = range(places[0], places[-1] + 1)
        between = [j for j in span if firsts[j] != name]
        whole = all(isinstance(items[j], Node) and not items[j].tensors for j in between)
        if i != places[0] or not whole or path in names:
            found.append(items[i])
            i += 1
            continue
        scope = Call(path, "ModuleList", call, [items[j] for j in span])
        scope.items = scopes(scope, scope.items)
        found.append(scope)
        i = places[-1] + 1
    return found


def incremental(root: Call) -> None:
    """A concatenation that begins with all of an earlier one takes that one."""
    made: dict[tuple[int, ...], Value] = {}
    for node in nodes(root):
        if node.op != "concat" or node.args:
            continue
        for length in range(len(node.inputs) - 1, 1, -1):
            whole = made.get(tuple(id(v) for v in node.inputs[:length]))
            if whole is not None:
                made[tuple(id(v) for v in node.inputs)] = node.outputs[0]
                node.inputs = [whole, *node.inputs[length:]]
                break
        else:
            made[tuple(id(v) for v in node.inputs)] = node.outputs[0]
