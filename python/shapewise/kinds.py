"""Indices and numbers: an input is looked up or calculated with, and never both."""

from __future__ import annotations

from .graph import Graph, NetworkError, Node
from .entries import nodes
from .values import Value

#: Layers that only move elements: what goes in may be the one or the other.
MOVES = {
    "dropout", "stochastic_depth", "identity", "concat", "stack", "flatten", "reshape", "permute", "to_sequence", "crop",
    "roll", "slice", "first", "last", "channel_shuffle", "channel_split",
}
#: Layers that take either.
EITHER = {"arange", "full_like", "parameter", "argmax"}
#: Layers that look up what comes in first.
LOOKUPS = {"embedding", "embedding_bag"}


def kinds(graph: Graph) -> None:
    """An error where a value is looked up and calculated with, or what is looked up was calculated."""
    roots: dict[Value, list[Value]] = {value: [value] for value in graph.inputs}
    taken: dict[Value, tuple[str, Node]] = {}
    for node in nodes(graph.root):
        if node.op in MOVES:
            found = [roots.get(value) for value in node.inputs]
            if all(found):
                roots.update((out, [r for part in found for r in part or []]) for out in node.outputs)
            continue
        if node.op in EITHER:
            roots.update((out, []) for out in node.outputs)
            continue
        for place, value in enumerate(node.inputs):
            if node.op == "gather" and place == 1:
                continue
            looked = node.op in LOOKUPS and place == 0 or node.op == "index_select" and place == 1
            if node.network is not None:
                looked = node.network.inputs[place] in node.network.indices
            kind = "indices" if looked else "numbers"
            if value not in roots:
                if kind == "indices":
                    raise NetworkError(f"{said(node)} looks up what the network calculates, which the language does not")
                continue
            for root in roots[value]:
                other, first = taken.setdefault(root, (kind, node))
                if other != kind:
                    raise NetworkError(f"{said(node)} takes as {kind} an input that {said(first)} takes as {other}: give the model an input for each")


def said(node: Node) -> str:
    return f"`{node.path or node.scope.path}` ({node.cls or node.scope.cls}): {node.op}" if node.path or node.scope.path else f"the module: {node.op}"
