"""A traced model as the source of a `network!`."""

from __future__ import annotations

import re

from .blocks import Blocks
from .graph import Graph, Word
from .kinds import kinds
from .names import Namer, Reader, is_label
from .repeats import usual
from .scopes import Scopes, keywords, sayable
from .entries import nodes
from .structure import Structure
from .text import lines, number, shape, value
from .tree import Group, Stmt
from .verify import verify


def source(graph: Graph, name: str, input_names: list[str], doc: str = "") -> str:
    """The text of a module of Rust that defines the network."""
    name_stubs(graph)
    taken = {name}
    inner: list[str] = []
    for sub in networks(graph):
        sub.name = next(n for n in (sub.name, *(f"{sub.name}{i}" for i in range(2, 1000))) if n not in taken)
        taken.add(sub.name)
    for sub in networks(graph):
        names = [f"input_{i}" if i else kind_of(v, v in sub.indices) for i, v in enumerate(sub.inputs)]
        inner += [*definition(sub, sub.name, names, "", taken, ""), ""]
    rows = inner + definition(graph, name, input_names, doc, taken, "pub ")
    return stubs(graph) + "shapewise::network! {\n" + "\n".join(("    " + row).rstrip() for row in rows) + "\n}\n"


def kind_of(value, indices: bool) -> str:
    kind = {1: "features", 2: "sequence", 3: "image", 4: "volume"}.get(len(value.shape), "data")
    return "tokens" if indices else kind


def networks(graph: Graph) -> list[Graph]:
    """The networks that are layers of this one, the innermost first, each once."""
    found: list[Graph] = []
    for node in nodes(graph.root):
        if node.network is not None and not any(node.network is sub for sub in found):
            found += [sub for sub in networks(node.network) if not any(sub is other for other in found)]
            node.network.name = node.network.name or node.op
            found.append(node.network)
    return found


def definition(graph: Graph, name: str, input_names: list[str], doc: str, taken: set[str], visible: str) -> list[str]:
    """The lines of a network and its blocks."""
    for node in nodes(graph.root):
        if node.network is not None:
            node.op = node.network.name
    sayable(graph)
    kinds(graph)
    structure = Structure(graph)
    body = structure.statements(graph.root.items, graph.inputs[0], "")
    outputs = output_names(graph)
    reader = Reader(graph, body, input_names, outputs)
    verify(body, graph.inputs[0])
    words = keywords(graph)
    Namer(graph, words).scope(body)
    Scopes(reader, words)
    reader.resolve()
    usual([n.args["p"] for n in nodes(graph.root) if n.op == "stochastic_depth"])
    blocks = Blocks(body, taken)
    taken |= {block.name for block in blocks.blocks}
    expectations(body)
    ports = ", ".join(f"{n}: {shape(v.shape)}" for n, v in zip(input_names, graph.inputs))
    results = ", ".join(port for port in reader.results(outputs))
    rows = [f"{visible}struct {name}({ports}) -> ({results}) {{"]
    rows += lines(body, 1)
    rows += ["", f"    assert params == {number(graph.params)};", f"    assert macs == {number(graph.macs)};", "}"]
    doc = "\n\n".join(part for part in (doc, unused(graph) if visible else "", *(graph.notes if visible else [])) if part)
    if doc:
        rows = [f"/// {line}".rstrip() for line in doc.split("\n")] + rows
    before = []
    for block in blocks.blocks:
        words = [p if d is None else f"{p} = {value(Word(d) if type(d) is str else d)}" for p, d in block.params]
        before += [f"block {block.name}({', '.join(words)}) {{", *lines(block.body, 1), "}", ""]
    return before + rows


def unused(graph: Graph) -> str:
    """A line about parameters that nothing reads."""
    if not graph.unused:
        return ""
    shown: list[str] = []
    for name in graph.unused:
        parts = name.split(".")
        # The outermost module none of whose parameters is read.
        whole = next((".".join(parts[:i]) for i in range(1, len(parts)) if not any(u.startswith(".".join(parts[:i]) + ".") for u in graph.used)), name)
        if whole not in shown:
            shown.append(whole)
    names = ", ".join(f"`{n}`" for n in shown[:12]) + (" and more" if len(shown) > 12 else "")
    return f"Without {names}, which nothing reads as the model evaluates."


def name_stubs(graph: Graph) -> None:
    """A function for each kind of layer that is left to the reader."""
    known: dict[tuple, str] = {}
    taken: set[str] = set()
    for node in nodes(graph.root):
        if node.op != "custom":
            continue
        kind = (node.cls, node.inputs[0].shape, node.outputs[0].shape, tuple(node.sizes.items()))
        if kind not in known:
            base = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.cls).strip("_").lower()
            name, n = base, 2
            while name in taken:
                name, n = f"{base}_{n}", n + 1
            known[kind] = name
            taken.add(name)
        node.args["path"] = known[kind]


def stubs(graph: Graph) -> str:
    """The functions of the layers that are left to the reader."""
    found = {}
    for node in nodes(graph.root):
        if node.op != "custom" or node.args["path"] in found:
            continue
        name = node.args["path"]
        message = " ".join(node.note.split("\n")[0].split())
        rows = [f"/// To be filled in: {message}.", f"const fn {name}(_input: Shape) -> Custom {{"]
        rows.append(f"    Custom::new(Shape::new(&{list(node.outputs[0].shape)}))")
        for tensor, (extents, learned) in node.sizes.items():
            role = "Buffer" if not learned else "Bias" if tensor.endswith("bias") else "Weight"
            rows.append(f'        .tensor("{tensor}", &{list(extents)}, Role::{role})')
        rows += [f"        .macs({number(node.macs)})", "}", ""]
        found[name] = "\n".join(rows) + "\n"
    if not found:
        return ""
    return "use shapewise::layer::Role;\nuse shapewise::{Custom, Shape};\n\n" + "".join(found.values())


def output_names(graph: Graph) -> list[str]:
    """What the outputs are called: as the model's, or by what they look like."""
    found: list[str] = []
    for name in graph.output_names:
        name = re.sub(r"\W", "_", name).strip("_")
        if name in ("", "output", "out", "x", "output_0") and len(graph.outputs) == 1:
            name = "logits" if len(graph.outputs[0].shape) == 1 else "features"
        name = f"output_{name}" if name[:1].isdigit() else name
        name = name if is_label(name) else f"{name or 'result'}_value"
        found.append(name if name not in found else f"{name}_{len(found)}")
    return found


def expectations(body: list[Stmt], depth: int = 0, before=None) -> None:
    """Shapes stand where they change."""
    for stmt in body:
        if stmt.shape is not None and stmt.shape != before and stmt.labels is None:
            stmt.expect = True
        before = stmt.shape or before
        unit = stmt.units[-1]
        if isinstance(unit, Group) and depth < 1 and len(unit.body) > 4:
            expectations(unit.body, depth + 1, None)
            if any(inner.expect for inner in unit.body):
                stmt.expect = False
