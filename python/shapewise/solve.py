"""Parameters of a block: as few as can say where its instances differ."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .graph import Extents, Word
from .text import Expr
from .unify import ABSENT, Hole

CHANNELS = {"channels", "features", "out", "mid", "hidden", "width", "entries"}
#: Roles whose most frequent value is a default, in order of preference.
OPTIONAL = {"stride", "groups", "dilation", "padding", "bias", "act", "if", "shift", "multiplier", "kernel", "eps", "momentum"}


class Param:
    """A parameter of a block."""

    def __init__(self, name: str, role: str, values: list[Any]) -> None:
        self.name = name
        self.role = role
        self.values = values
        self.default: Any = None


class Solver:
    """Says each hole in terms of parameters and of what flows in."""

    def __init__(self, holes: list[Hole], shapes: list[tuple[int, ...]]) -> None:
        self.holes = holes
        self.count = len(shapes)
        self.params: list[Param] = []
        self.names: set[str] = {"input"}
        last = "channels" if len(shapes[0]) != 2 else "features"
        self.known: list[tuple[str, list[Any]]] = [(f"input.{last}", [s[-1] for s in shapes])]
        solved: set[int] = set()
        values = [h for h in holes if h.role != "if"]
        # Those that every instance has come first: they say the most.
        for hole in sorted(values, key=lambda h: (sum(v is ABSENT for v in h.values), values.index(h))):
            self.value(hole)
        for hole in holes:
            if hole.role == "if":
                self.condition(hole)
        del solved
        self.rename()
        self.order()

    # Values.

    def value(self, hole: Hole) -> None:
        found = self.expression(hole.values)
        if found is None:
            param = Param(self.name(hole), hole.role, list(hole.values))
            self.params.append(param)
            found = param
        hole.text = found

    def expression(self, values: list[Any]) -> Any:
        """A parameter, or what flows in, or a multiple of them; `None` where there is none."""
        for param in self.params:
            if agrees(param.values, values):
                param.values = [a if a is not ABSENT else b for a, b in zip(param.values, values)]
                return param
        ints = all(isinstance(v, int) and not isinstance(v, bool) for v in values if v is not ABSENT)
        if not ints:
            return None
        for name, known in self.known:
            if agrees(known, values, strict=True):
                return Expr(name)
        bases: list[tuple[Any, list[Any]]] = [(p, p.values) for p in self.params if p.role in CHANNELS]
        bases += [(name, known) for name, known in self.known]
        for base, known in bases:
            for k in (2, 4, 3, 6, 8, 16):
                if agrees([v if v is ABSENT or not isinstance(v, int) else k * v for v in known], values, strict=True):
                    return Formula(f"{k} * ", base, "")
                if agrees([v if v is ABSENT or not isinstance(v, int) or v % k else v // k for v in known], values, strict=True) and all(
                    isinstance(v, int) and v % k == 0 for v in known if v is not ABSENT
                ):
                    return Formula("", base, f" / {k}")
        return None

    # Conditions.

    def condition(self, hole: Hole) -> None:
        wanted = hole.values
        atoms = self.atoms()
        for text, truth in atoms:
            if agrees(truth, wanted, strict=True):
                hole.text = text
                return
        for i, (a, x) in enumerate(atoms):
            for b, y in atoms[i + 1 :]:
                if agrees([p and q for p, q in zip(x, y)], wanted, strict=True):
                    hole.text = Formula("", a, " && ", b)
                    return
                if agrees([p or q for p, q in zip(x, y)], wanted, strict=True):
                    hole.text = Formula("", a, " || ", b)
                    return
        for param in self.params:
            if param.role == "if" and agrees(param.values, wanted):
                hole.text = param
                return
        param = Param(self.name(hole), "if", [bool(v) if v is not ABSENT else ABSENT for v in wanted])
        self.params.append(param)
        hole.text = param

    def atoms(self) -> list[tuple[Any, list[Any]]]:
        found: list[tuple[Any, list[Any]]] = []
        for param in self.params:
            if param.role == "if":
                found.append((param, param.values))
                found.append((Formula("!", param, ""), [not v for v in param.values]))
        for param in self.params:
            if param.role == "stride" and all(isinstance(v, int) for v in param.values):
                found.append((Formula("", param, " != 1"), [v != 1 for v in param.values]))
                found.append((Formula("", param, " == 1"), [v == 1 for v in param.values]))
        name, channels = self.known[0]
        outs: list[tuple[Any, list[Any]]] = []
        for param in self.params:
            if param.role in CHANNELS and all(isinstance(v, int) for v in param.values):
                outs.append((param, param.values))
                outs += [(Formula(f"{k} * ", param, ""), [k * v for v in param.values]) for k in (4, 2)]
        for out, values in outs:
            found.append((Formula(f"{name} != ", out, ""), [a != b for a, b in zip(channels, values)]))
            found.append((Formula(f"{name} == ", out, ""), [a == b for a, b in zip(channels, values)]))
        return found

    # Names.

    def name(self, hole: Hole) -> str:
        base = {
            "p": "drop", "if": hole.hint or "full", "features": "features", "count": "layers", "size": "size",
            "normalized_shape": "features",
        }.get(hole.role, hole.role)
        base = {"layer_norm": "norm", "batch_norm": "norm", "relu": "act", "residual": "add"}.get(base, base)
        if hole.role == "if":
            base = f"with_{base}" if base in ALL_LAYERS or not base.isidentifier() else base
        return self.free(base if base not in ALL_LAYERS else f"{base}_by")

    def free(self, base: str) -> str:
        name, n = base, 2
        while name in self.names:
            name, n = f"{base}{n}", n + 1
        self.names.add(name)
        return name

    def rename(self) -> None:
        """Of several numbers of channels the last is what comes out."""
        wide = [p for p in self.params if p.role == "channels" or p.role == "features"]
        ordered = []
        for hole in self.holes:
            if isinstance(hole.text, Param) and hole.text in wide and hole.text not in ordered:
                ordered.append(hole.text)
        if len(ordered) == 1 and any(isinstance(h.text, Formula) and h.text.base is ordered[0] for h in self.holes):
            ordered[0].name = self.free("mid") if "mid" not in self.names else ordered[0].name
        if len(ordered) == 2:
            ordered[0].name, ordered[1].name = self.free("mid"), self.free("out")
        elif len(ordered) > 2:
            ordered[-1].name = self.free("out")

    def order(self) -> None:
        """Those without a default first, channels before the rest."""
        seen: list[Param] = []
        for hole in self.holes:
            for param in in_text(hole.text):
                if param not in seen:
                    seen.append(param)
        self.params = [p for p in seen]
        for param in self.params:
            there = [v for v in param.values if v is not ABSENT]
            common, times = Counter(map(hashed, there)).most_common(1)[0]
            if param.role in OPTIONAL and 2 * times >= len(there):
                param.default = next(v for v in there if hashed(v) == common)
            param.values = [there[0] if v is ABSENT and param.default is None else v for v in param.values]
        self.params.sort(key=lambda p: p.default is not None)
        for hole in self.holes:
            hole.text = render(hole.text)

    def arguments(self, i: int) -> dict[str, Any]:
        """What an instance gives."""
        found: dict[str, Any] = {}
        for param in self.params:
            given = param.values[i]
            if given is ABSENT:
                given = param.default
            found[param.name] = Word(given) if param.role == "act" else given
        return found

    def signature(self) -> list[tuple[str, Any, bool]]:
        """Names, defaults, and whether a value says what it is."""
        found = []
        for place, p in enumerate(self.params):
            clear = p.role in CHANNELS or p.role == "kernel" or place == 0
            clear = clear and p.role != "if" and place <= 2
            found.append((p.name, Word(p.default) if p.role == "act" and p.default is not None else p.default, clear))
        return found


class Formula:
    """Text around a parameter, whose name is not final yet."""

    def __init__(self, *parts: Any) -> None:
        self.parts = parts

    @property
    def base(self) -> Any:
        return self.parts[1]


def in_text(text: Any):
    if isinstance(text, Param):
        yield text
    elif isinstance(text, Formula):
        for part in text.parts:
            yield from in_text(part)


def render(text: Any) -> Any:
    if isinstance(text, Param):
        return Expr(text.name)
    if isinstance(text, Formula):
        return Expr("".join(str(render(p)) for p in text.parts))
    return text


def hashed(value: Any) -> Any:
    return (type(value).__name__, value)


def agrees(a: list[Any], b: list[Any], strict: bool = False) -> bool:
    """Whether two columns are equal where both have values; strictly, the first has them all."""
    for x, y in zip(a, b):
        if y is ABSENT:
            continue
        if x is ABSENT:
            if strict:
                return False
            continue
        if isinstance(x, bool) != isinstance(y, bool) or isinstance(x, Extents) != isinstance(y, Extents) or x != y:
            return False
    return True


#: Names that a parameter cannot have: no name may hide a layer.
ALL_LAYERS: set[str] = set()


def _layers() -> None:
    from .layers import NAMES

    ALL_LAYERS.update(NAMES)


_layers()
