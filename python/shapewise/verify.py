"""Whether the tree is the graph: what the language lets flow is what each layer takes."""

from __future__ import annotations

from typing import Any

from .graph import NetworkError
from .tree import Branches, Group, Layer, Ref, Residual, Stmt
from .values import Value


def verify(body: list[Stmt], flow: Value | None) -> Value | None:
    """Follows the flow as the language does; gives what leaves the body."""
    for stmt in body:
        if stmt.frm is not None:
            flow = stmt.frm.value
        for unit in stmt.units:
            flow = after(unit, flow)
    return flow


def after(unit: Any, flow: Value | None) -> Value | None:
    if isinstance(unit, Layer):
        return layer(unit, flow)
    if isinstance(unit, Group):
        return verify(unit.body, flow)
    if isinstance(unit, Residual):
        found = [verify(unit.body, flow), verify(unit.shortcut, flow) if unit.shortcut else flow]
        agree(unit.node, sorted(map(id, found)) == sorted(map(id, unit.node.inputs)))
        return unit.node.outputs[0]
    if isinstance(unit, Branches):
        found = [verify(inner, flow) for inner in unit.bodies]
        agree(unit.node, list(map(id, found)) == list(map(id, unit.node.inputs)))
        return unit.node.outputs[0]
    raise AssertionError(unit)


def layer(unit: Layer, flow: Value | None) -> Value | None:
    node = unit.node
    if node is None:
        # A name for what flows.
        return flow
    taken: list[Value | None] = []
    for ref in unit.operands or []:
        agree(node, ref.text != "_" or ref.value is flow)
        taken.append(ref.value)
    if unit.operands is None and node.inputs:
        taken.append(flow)
    named = [a.value for k, a in unit.args.items() if isinstance(a, Ref) and k != "shared"]
    agree(node, [*map(id, taken), *map(id, named)] == [id(v) for v in node.inputs])
    # What goes on from a recurrent layer is its sequence; its states have to be named.
    return node.outputs[0] if len(node.outputs) == 1 or node.op in ("rnn", "lstm", "gru") else None


def agree(node, fine: bool) -> None:
    if not fine:
        raise NetworkError(f"the layer {node} of `{node.scope.path}` would take another value: a fault of the importer")
