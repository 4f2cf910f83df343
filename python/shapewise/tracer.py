"""One run of a module: what is known of its tensors, and the layers that it calls."""

from __future__ import annotations

import sys
import time
import traceback
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode, resolve_name
from torch.utils._python_dispatch import _disable_current_modes

from .constants import constants
from .empty import metacopy
from .functions import FUNCTIONS
from .graph import Call, NetworkError, Node
from .known import BATCH, MAX_RANK, AsNetwork, AsValue, Param, Poison, swap, tensors_in, unbatched
from .modules import leaf_of
from .parametrized import prepare
from .rewritten import of as rewritten_of
from .values import Atom, Value, View

INPLACE = {"__iadd__", "__isub__", "__imul__", "__itruediv__", "__setitem__"}


class Tracer(TorchFunctionMode):
    """One run of a module."""

    def __init__(self, module: nn.Module, progress: bool = False, stub: bool = False) -> None:
        super().__init__()
        #: The module as it was given.
        self.original = module
        self.module, shadows = metacopy(module)
        self.module.eval()
        self.batch = Atom(BATCH, batch=True)
        self.views: dict[int, Any] = {}
        self.keep: list[Any] = []
        #: The data of constants, by the tensors without data that stand for them.
        self.shadows: dict[int, torch.Tensor] = shadows
        self.stub = stub
        self.progress = progress
        self.began = time.monotonic()
        self.nodes = 0
        self.root = Call("", type(module).__name__, None, source=self.module)
        self.scope = self.root
        self.leaf: nn.Module | None = None
        self.paths: dict[int, str] = {}
        self.called: dict[str, Node] = {}
        self.used: set[str] = set()
        self.stale: dict[int, set[int]] = {}
        self.storages: dict[int, list] = {}
        self.inputs: list[Value] = []
        for name, m in self.module.named_modules():
            self.paths.setdefault(id(m), name)
        self.names: dict[int, str] = {}
        self.tied: dict[str, str] = {}
        for name, p in [
            *self.module.named_parameters(remove_duplicate=False),
            *self.module.named_buffers(remove_duplicate=False),
        ]:
            if id(p) in self.names:
                self.tied[name] = self.names[id(p)]
                continue
            self.names[id(p)] = name
            self.keep.append(p)
            self.views[id(p)] = Param(name, p, tuple(range(p.dim())), p)
        #: What weights are made of that are no parameters, by their names: arguments and tensors.
        self.made: dict[str, tuple[dict[str, Any], dict[str, str]]] = {}
        #: Such weights, by the modules that would make them.
        self.parametrized: dict[int, torch.Tensor] = {}
        self.rewritten_of = rewritten_of
        self.functions = FUNCTIONS
        self.leaf_of = leaf_of
        self.notes: list[str] = []
        #: Products that PyTorch's counter does not see, for one sample.
        self.extra_macs = 0
        #: What PyTorch's counter sees once for all samples, for the others.
        self.shared_flops = 0
        self.permuting = ""
        #: The layers that have a weight first, by its name.
        self.owners: dict[str, Node] = {}
        #: The newest sequence of each length.
        self.latest: dict[int, Value] = {}
        #: The newest image.
        self.image: Value | None = None
        #: Parameters that are values, by their names.
        self.learned: dict[str, Value] = {}
        #: How often each module was called.
        self.calls: dict[str, int] = {}
        #: Modules that are networks of their own, by their paths, once they were called.
        self.networks: dict[str, Node | None] = {}
        #: Parameters that have to be values, since several layers read them.
        self.values: set[str] = set()
        prepare(self)

    # What is known of a tensor.

    def get(self, x: Any) -> Any:
        """The `View`, `Param` or other knowledge of a tensor; `None` of a constant."""
        if not isinstance(x, torch.Tensor):
            return None
        found = self.views.get(id(x))
        if isinstance(found, Param) and self.is_constant(x):
            return None
        if isinstance(found, Poison):
            raise self.error(found.why)
        if id(x) in self.stale:
            raise self.error("reads a tensor that an operation in place changed through a view of it")
        return found

    def is_constant(self, x: torch.Tensor) -> bool:
        """Whether a tensor is a buffer whose numbers are known."""
        found = self.views.get(id(x))
        return isinstance(found, Param) and not isinstance(found.base, nn.Parameter) and self.constant(x) is not None

    def put(self, x: torch.Tensor, known: Any) -> None:
        if isinstance(known, View) and known.shape != tuple(x.shape):
            known = unbatched(known, self.batch, tuple(x.shape))
        if isinstance(known, View) and known.shape != tuple(x.shape):
            raise self.error(f"a tensor of {tuple(x.shape)} would be one of {known.shape}")
        self.views[id(x)] = known
        self.keep.append(x)

    def tracked(self, *args: Any) -> bool:
        return any(self.views.get(id(t)) is not None and not self.is_constant(t) for t in tensors_in(args))

    def flowing(self, *args: Any) -> bool:
        return any(
            not isinstance(self.views.get(id(t)), (Param, type(None))) for t in tensors_in(args)
        )

    def constant(self, x: torch.Tensor) -> torch.Tensor | None:
        """The data of a constant, if it is known."""
        if x.device.type != "meta":
            return x
        return self.shadows.get(id(x))

    # Errors.

    def where(self) -> str:
        """The line of the model's source."""
        skip = (torch.__path__[0] + "/", __file__.rsplit("/", 1)[0] + "/")
        for frame in reversed(traceback.extract_stack()):
            if not frame.filename.startswith(skip) and "<" not in frame.filename:
                return f"{frame.filename}:{frame.lineno}"
        return "?"

    def error(self, message: str, op: str | None = None) -> NetworkError:
        path = self.paths.get(id(self.leaf)) if self.leaf is not None else self.scope.path
        cls = type(self.leaf).__name__ if self.leaf is not None else self.scope.cls
        what = f"`{path}` ({cls})" if path else f"the module ({cls})"
        op = op or self.operation
        return NetworkError(f"{what}: {op + ': ' if op else ''}{message}\n  at {self.where()}")

    operation = ""

    # Nodes.

    def emit(
        self,
        op: str,
        args: dict[str, Any],
        inputs: list[Value],
        shapes: list[tuple[int, ...]],
        tensors: dict[str, str] | None = None,
    ) -> list[Value]:
        """Writes down a layer; gives its results."""
        path = ""
        if self.leaf is not None:
            path = self.paths[id(self.leaf)]
        elif tensors:
            path = common_path(tensors, self.tied)
        tensors = dict(tensors or {})
        weight = tensors.get("weight", "")
        owner = self.owners.get(weight)
        made, parts = self.made.get(weight, ({}, {}))
        if owner is not None and op in ("linear", "embedding", "conv", "conv_transpose"):
            # The same weight again.
            args = {**args, "shared": owner.outputs[0]}
            del tensors["weight"]
            path = path if self.leaf is not None else self.scope.path
            if "spectral_norm" in made:
                raise self.error(f"`{weight}`, which is divided by its singular value, is used again")
        elif parts:
            tensors = {**parts, **{kind: name for kind, name in tensors.items() if kind != "weight"}}
        args = {**args, **made}
        if any(name in self.used for name in tensors.values()):
            again = next(name for name in tensors.values() if name in self.used)
            if "" in tensors and again not in self.values:
                raise AsValue(again)
            twice = [scope.path for scope in self.around() if scope.path and self.calls.get(scope.path, 0) > 1]
            if twice:
                raise AsNetwork(twice[-1])
            raise self.error(f"`{again}` is used again, by a layer that cannot share it")
        # A layer of some of the module's own tensors, beside others: no scope of its own.
        flat = bool(tensors) and "" not in tensors and self.leaf is None and path == self.scope.path and not (path and alone(self.scope.source, tensors))
        if flat:
            path = f"{path}.{op}" if path else op
        node = Node(op, args, inputs, self.scope, path, tensors, flat=flat)
        if weight and owner is None:
            self.owners[weight] = node
        node.cls = type(self.leaf).__name__ if self.leaf is not None else ""
        node.where = self.operation
        for name in tensors.values():
            self.used.add(name)
        for shape in shapes:
            if not 1 <= len(shape) <= MAX_RANK or 0 in shape:
                raise self.error(f"gives a value of {'x'.join(map(str, shape)) or 'no axes'}: the language has 1 to {MAX_RANK} axes, each at least 1 long")
        node.outputs = [Value(tuple(shape), node) for shape in shapes]
        if len(node.outputs[0].shape) == 3:
            self.image = node.outputs[0]
        if len(node.outputs[0].shape) == 2:
            self.latest[node.outputs[0].shape[0]] = node.outputs[0]
        self.scope.items.append(node)
        self.nodes += 1
        if self.progress and self.nodes % 50 == 0:
            sys.stderr.write(f"\r{self.nodes} layers, at `{path}`\033[K")
        return node.outputs

    @contextmanager
    def outermost(self, name: str):
        """Writes down what belongs to the module whose parameter this is, if that is being called."""
        scope, leaf = self.scope, self.leaf
        self.leaf = None
        owner = name.rpartition(".")[0]
        while self.scope.parent is not None and self.scope.path != owner and not owner.startswith(self.scope.path + "."):
            self.scope = self.scope.parent
        try:
            yield
        finally:
            self.scope, self.leaf = scope, leaf

    # Functions.

    def meta(self, t: torch.Tensor) -> torch.Tensor:
        """A tensor without data that stands for a constant."""
        if t.device.type == "meta":
            return t
        out = torch.empty_like(t, device="meta")
        self.shadows[id(out)] = t.detach()
        self.keep.extend((out, t))
        return out

    def sized(self, x: Any) -> Any:
        """Lists of extents, some of which are tensors whose number is known, as numbers."""
        if type(x) is dict:
            return {k: self.sized(v) for k, v in x.items()}
        if type(x) not in (list, tuple):
            return x
        data = [self.constant(y) if isinstance(y, torch.Tensor) else y for y in x]
        number = lambda y: isinstance(y, int) or (isinstance(y, torch.Tensor) and y.dim() == 0 and not y.is_floating_point())
        if x and any(isinstance(y, torch.Tensor) for y in x) and all(map(number, data)):
            with _disable_current_modes():
                return type(x)(int(y) for y in data)
        return type(x)(map(self.sized, x))

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = getattr(func, "__name__", str(func))
        if name in ("__get__", "__set__"):
            name = getattr(func.__self__, "__name__", name)
            if name in ("T", "mT") and self.tracked(args):
                func = torch.t if name == "T" and args[0].dim() <= 2 else torch.Tensor.mT.__get__
            elif name == "data":
                return args[0]
            else:
                return func(*args, **kwargs)
        if name in ("size", "dim", "numel", "stride", "is_floating_point", "element_size", "is_complex",
                    "is_contiguous", "register_hook", "requires_grad_", "storage_offset", "__len__",
                    "data_ptr", "ndimension", "get_device", "is_inference", "_is_view", "type", "nelement",
                    "is_tensor", "__hash__", "__format__", "__repr__", "has_torch_function", "is_same_size",
                    "is_nonzero_", "_has_compatible_shallow_copy_type"):
            return func(*args, **kwargs)
        if not self.flowing(args, kwargs):
            return constants(self, func, name, args, kwargs)
        if name in ("item", "tolist", "__bool__", "__int__", "__float__", "__index__", "numpy", "nonzero",
                    "is_nonzero", "equal", "allclose", "__array__"):
            raise self.error("the model's control flow depends on the numbers in a tensor", name)
        handler = self.functions.get(func) or self.functions.get(name)
        self.operation = short(func, name)
        if handler is None:
            raise self.error("the language has no layer for this operation")
        change = self.meta
        margs, mkwargs = swap(self.sized(args), change), swap(self.sized(kwargs), change)
        if mkwargs.get("device") is not None:
            mkwargs["device"] = "meta"
        out = func(*margs, **mkwargs)
        if (name.endswith("_") and not name.endswith("__")) or name in INPLACE:
            self.changed(margs[0])
        result = handler(self, out, *margs, **mkwargs)
        self.operation = ""
        return out if result is None else result

    def around(self):
        scope = self.scope
        while scope is not None:
            yield scope
            scope = scope.parent

    def changed(self, x: torch.Tensor) -> None:
        """An operation in place: other tensors with the same memory are not what they were."""
        storage = x.untyped_storage()._cdata
        for other in self.keep:
            if isinstance(other, torch.Tensor) and other is not x and isinstance(self.views.get(id(other)), View):
                if other.untyped_storage()._cdata == storage:
                    self.stale[id(other)] = set()


def alone(module: nn.Module | None, tensors: dict[str, str]) -> bool:
    """Whether a module is one layer: nothing but these tensors."""
    if module is None or any(name != "parametrizations" for name, _ in module.named_children()):
        return False
    own = {name for name, _ in [*module.named_parameters(recurse=False), *module.named_buffers(recurse=False)]}
    return own <= {name.rpartition(".")[2] for name in tensors.values()} | {"num_batches_tracked"}


def short(func, name: str) -> str:
    try:
        full = resolve_name(func) or name
    except Exception:
        full = name
    return full.replace("torch.nn.functional.", "F.")


def common_path(tensors: dict[str, str], tied: dict[str, str]) -> str:
    """The path of the module whose tensors these are."""
    names = list(tensors.values())
    if list(tensors) == [""]:
        return names[0]
    parents = {name.rpartition(".")[0] for name in names}
    if len(parents) == 1:
        return parents.pop()
    # Of several modules: what they have in common.
    split = [name.split(".") for name in names]
    common = []
    for parts in zip(*split):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return ".".join(common)
