"""From a flat trace to what an author writes: groups, residuals, branches, in their order."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .entries import MERGES, Region, nodes
from .graph import Graph, Node
from .preparation import incremental, prepare
from .tree import Branches, Group, Layer, Ref, Residual, Stmt
from .values import Value

#: Layers that end a thought: they are not written on the line of what comes before.
HEAVY = {
    "conv", "depthwise_conv", "conv_transpose", "linear", "embedding", "attention", "max_pool", "avg_pool",
    "lstm", "gru", "rnn", "adaptive_avg_pool", "adaptive_max_pool", "scaled_dot_product_attention",
    "transformer_encoder", "upsample", "positional_embedding", "class_token", "separable_conv",
}
#: Layers that an author labels though they have no tensors.
NAMED = {"max_pool", "avg_pool", "adaptive_avg_pool", "adaptive_max_pool", "upsample", "pixel_shuffle"}
SHORTCUTS = ("downsample", "shortcut", "proj", "skip", "identity", "residual")


class Structure:
    """What a graph is made of, body by body."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        incremental(graph.root)
        prepare(graph.root)
        self.uses: dict[Value, int] = defaultdict(int)
        for node in nodes(graph.root):
            for value in set(node.inputs):
                self.uses[value] += 1
        for value in graph.outputs:
            self.uses[value] += 1
        self.cache: dict[Any, tuple[list[Value], list[Value]]] = {}

    # Which values go into an entry, and which come out.

    def ends(self, entry: Any) -> tuple[list[Value], list[Value]]:
        if entry in self.cache:
            return self.cache[entry]
        inside = list(nodes(entry))
        made = {v for n in inside for v in n.outputs}
        ins: dict[Value, None] = {}
        read: dict[Value, int] = defaultdict(int)
        for n in inside:
            for v in dict.fromkeys(n.inputs):
                read[v] += 1
                if v not in made:
                    ins[v] = None
        outs = [v for n in inside for v in n.outputs if self.uses[v] > read[v]]
        found = list(ins), outs
        self.cache[entry] = found
        return found

    def body(self, items: list[Any]) -> list[Any]:
        """The entries of a body, with regions in the places of what they are made of."""
        entries = list(items)
        for merge in [e for e in items if isinstance(e, Node) and e.op in MERGES]:
            if len(set(merge.inputs)) < 2:
                continue
            producer = {v: e for e in entries for v in self.ends(e)[1]}
            readers: dict[Value, list[Any]] = defaultdict(list)
            for e in entries:
                for v in self.ends(e)[0]:
                    readers[v].append(e)

            def alone(v: Value, reader: Any, readers=readers) -> bool:
                total = sum(1 for n in nodes(reader) for w in set(n.inputs) if w is v)
                return readers[v] == [reader] and self.uses[v] == total

            chains, roots = [], []
            for operand in merge.inputs:
                chain: list[Any] = []
                value, reader = operand, merge
                while alone(value, reader) and value in producer:
                    e = producer[value]
                    ins, outs = self.ends(e)
                    if len(ins) != 1 or len(outs) != 1:
                        break
                    chain.insert(0, e)
                    reader, value = e, ins[0]
                chains.append(chain)
                roots.append(value)
            if any(r is not roots[0] for r in roots) or not any(chains):
                continue
            if merge.op == "add" and len(chains) == 2 and not merge.args.get("broadcast"):
                region = Region(merge, roots[0], order_residual(chains))
            elif all(chains) and not merge.args.get("broadcast"):
                region = Region(merge, roots[0], chains)
            else:
                continue
            gone = {id(e) for chain in chains for e in chain}
            at = entries.index(merge)
            entries[at] = region
            entries = [e for e in entries if id(e) not in gone]
        return entries

    def statements(self, items: list[Any], flow: Value | None, path: str) -> list[Stmt]:
        entries = self.body(items)
        found: list[Stmt] = []
        pending = list(entries)
        while pending:
            entry = self.next_entry(pending, flow, found)
            pending.remove(entry)
            flow = self.add(found, entry, flow, path)
        return found

    def next_entry(self, pending: list[Any], flow: Value | None, found: list[Stmt]) -> Any:
        """What continues the flow, if it can; else what PyTorch runs next."""
        made_later = {v for e in pending for v in self.ends(e)[1]}
        ready = [e for e in pending if not any(v in made_later and not self.inside(e, v) for v in self.ends(e)[0])]
        if not ready:
            ready = pending
        if flow is not None:
            following = [e for e in ready if flow in self.ends(e)[0]]
            if len(following) == 1 and ready[0] is not following[0]:
                # Only what is read elsewhere late can wait.
                return following[0]
            if following:
                return following[0]
        return ready[0]

    def inside(self, entry: Any, value: Value) -> bool:
        return any(value in n.outputs for n in nodes(entry))

    def main_input(self, entry: Any) -> Value | None:
        if isinstance(entry, Region):
            return entry.fork
        if isinstance(entry, Node):
            return entry.inputs[0] if entry.inputs else None
        return self.ends(entry)[0][0] if self.ends(entry)[0] else None

    def add(self, found: list[Stmt], entry: Any, flow: Value | None, path: str) -> Value | None:
        """Adds an entry to the statements; gives what flows then."""
        ins, outs = self.ends(entry)
        made = outs[-1] if outs else None
        merge = isinstance(entry, Node) and (entry.op in MERGES or entry.op in ("scaled_dot_product_attention", "selective_scan", "einsum"))
        if merge:
            named = {k: v for k, v in entry.args.items() if isinstance(v, Value)}
            operands = [Ref(v, "_" if v is flow else None) for v in entry.inputs[: len(entry.inputs) - len(named)]]
            args = {k: Ref(v, "_" if v is flow else None) if k in named else v for k, v in entry.args.items()}
            layer = Layer(entry.op, args, operands, self.name(entry, path), {}, entry)
            stmt = Stmt([layer], outs=list(entry.outputs), shape=shape_of(entry.outputs), after=[entry.outputs[-1]])
            found.append(stmt)
            return entry.outputs[0]
        main = self.main_input(entry)
        frm = Ref(main) if main is not None and main is not flow else None
        unit, name = self.unit(entry, main, path)
        outputs = outs or [v for n in nodes(entry) for v in n.outputs][-1:]
        if isinstance(entry, Node):
            outputs = list(entry.outputs)
            if entry.op in ("rnn", "lstm", "gru") and outs == outputs[:1]:
                # Nobody reads its states: it is its sequence.
                outputs = outs
        stmt = Stmt([unit], frm, outs=outputs, shape=outputs[-1].shape if outputs else None, after=outputs[-1:])
        if isinstance(entry, Node) and len(outputs) > 1:
            stmt.labels = []
            found.append(stmt)
            return None
        if not isinstance(entry, (Node, Region)) and len(outs) != 1:
            stmt.shape = None
            found.append(stmt)
            return None if len(outs) != 1 else outs[0]
        if isinstance(unit, Group) and last_of(unit) is not outputs[-1]:
            # What is read is not what leaves the group: only its label can say so.
            stmt.shape, stmt.outs, stmt.after = None, [], []
            found.append(stmt)
            return None
        if frm is None and found and self.joins(found[-1], unit, name, flow):
            found[-1].units.append(unit)
            found[-1].outs = stmt.outs
            found[-1].after.append(stmt.outs[-1])
            found[-1].shape = stmt.shape
        else:
            found.append(stmt)
        return made if made is not None else outputs[-1]

    def joins(self, before: Stmt, unit: Any, name: str | None, flow: Value | None) -> bool:
        """Whether a unit is written on the line of the one before."""
        if before.labels is not None or flow not in before.outs:
            return False
        last = before.units[-1]
        if not isinstance(unit, Layer) or unit.op in HEAVY:
            return False
        if isinstance(last, (Residual, Branches, Group)):
            return False
        if isinstance(last, Layer) and last.op in ("identity",) and unit.op == "identity":
            return True
        if len(before.units) >= 4:
            return False
        labelled = [u for u in before.units if isinstance(u, Layer) and needs_label(u)]
        if needs_label(unit) and not (name or "").isdigit():
            return False
        if any(not (u.name or "").isdigit() for u in labelled) and unit.tensors:
            return False
        return True

    def name(self, node: Node, path: str) -> str | None:
        if not node.path:
            return None
        if path and not node.path.startswith(path + "."):
            return None
        return node.path[len(path) + 1 :] if path else node.path

    def unit(self, entry: Any, main: Value | None, path: str) -> tuple[Any, str | None]:
        if isinstance(entry, Region):
            return self.region(entry, path), None
        if isinstance(entry, Node):
            name = self.name(entry, path)
            args = dict(entry.args)
            for key, value in args.items():
                if isinstance(value, Value):
                    args[key] = Ref(value, shares=key == "shared")
            layer = Layer(entry.op, args, None, name, renamed(entry), entry)
            return layer, name
        name = entry.path[len(path) + 1 :] if path else entry.path
        return Group(self.statements(entry.items, main, entry.path), name, entry, main=main), name

    def region(self, region: Region, path: str) -> Any:
        bodies = [self.statements(chain, region.fork, path) if chain else [] for chain in region.chains]
        if region.merge.op == "add" and len(bodies) == 2:
            return Residual(bodies[0], bodies[1] or None, node=region.merge)
        return Branches(region.merge.op, dict(region.merge.args), bodies, node=region.merge)


def last_of(group: Group) -> Value | None:
    """What leaves a group: the value of its last statement."""
    last = group.body[-1] if group.body else None
    if last is None or not last.outs:
        return None
    inner = last.units[-1]
    return last_of(inner) if isinstance(inner, Group) else last.outs[-1]


def needs_label(layer: Any) -> bool:
    """Whether a layer's own name matters."""
    return bool(layer.node and layer.node.tensors and not layer.node.flat) or (layer.op in NAMED and bool(layer.name))


def renamed(node: Node) -> dict[str, str]:
    """Tensors that are not called as the layer's path and the language's name say."""
    found = {}
    if node.flat:
        around = node.path.rpartition(".")[0]
        own = {ours: theirs[len(around) + 1 :] if around else theirs for ours, theirs in node.tensors.items()}
        return {ours: theirs for ours, theirs in own.items() if ours != theirs}
    for ours, theirs in node.tensors.items():
        wanted = f"{node.path}.{ours}" if ours else node.path
        if theirs != wanted:
            found[ours] = theirs[len(node.path) + 1 :] if node.path else theirs
    return found


def shape_of(values: list[Value]) -> tuple[int, ...] | None:
    return values[-1].shape if values else None


def order_residual(chains: list[list[Any]]) -> list[list[Any]]:
    """The body first, the shortcut second."""
    a, b = chains
    if not a or not b:
        return [a or b, []]

    def short(chain: list[Any]) -> bool:
        first = chain[0]
        return any(word in getattr(first, "path", "").rpartition(".")[2] for word in SHORTCUTS)

    if short(a) != short(b):
        return [b, a] if short(a) else [a, b]
    weight = [sum(1 for e in chain for _ in nodes(e)) for chain in (a, b)]
    return [b, a] if weight[0] < weight[1] else [a, b]
