"""Runs a module once, on tensors without data, and writes down which layers it calls.

Every function of PyTorch that the module calls passes through `Tracer.__torch_function__`, and every
module through `Tracer.call_module`. Control flow is Python's own: what depends on shapes just
happens; what depends on the numbers in a tensor is an error that says where.
"""

from __future__ import annotations

import copy
import sys
import time
import traceback
import warnings
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode, resolve_name
from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes
from torch.utils.flop_counter import flop_registry

from .empty import lost
from .graph import Call, Graph, NetworkError, Node
from .values import Atom, Value, View, plain

#: How many samples a trace runs: a number that shapes of models seldom have.
BATCH = 3

#: The most axes that a shape of the language has.
MAX_RANK = 5

#: Where the importer stands.
HERE = __file__.rsplit("/", 1)[0] + "/"

#: Functions whose parameters are weights of a layer.
WEIGHING = {
    "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "embedding",
    "batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm",
}

INPLACE = {"__iadd__", "__isub__", "__imul__", "__itruediv__", "__setitem__"}


class Retry(Exception):
    """An input is wanted in another order of axes."""

    def __init__(self, value: Value, order: list[int]) -> None:
        super().__init__()
        self.index = int(value.name or 0)
        self.order = order


class AsValue(Exception):
    """A parameter is read more than once: all that read it read a value."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class AsNetwork(Exception):
    """A module is called more than once, and more of it than a weight is shared: it becomes a network of its own."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


class Param:
    """A parameter or a buffer, or a view of one."""

    def __init__(self, name: str, tensor: torch.Tensor, dims: tuple, base: torch.Tensor):
        #: How many rows of a table are seen, if not all.
        self.rows: int | None = None
        self.name = name
        self.tensor = tensor
        self.dims = dims  # which dimension of `base` each is, or None for one of 1
        self.base = base

    @property
    def whole(self) -> bool:
        return self.dims == tuple(range(self.base.dim()))


class Poison:
    """A result that the language cannot give: an error where it is read."""

    def __init__(self, why: str) -> None:
        self.why = why


def tensors_in(x: Any):
    if isinstance(x, torch.Tensor):
        yield x
    elif isinstance(x, (list, tuple)):
        for y in x:
            yield from tensors_in(y)
    elif isinstance(x, dict):
        for y in x.values():
            yield from tensors_in(y)


def swap(x: Any, change) -> Any:
    """The same nest of tensors, each changed."""
    if isinstance(x, torch.Tensor):
        return change(x)
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return type(x)(*(swap(y, change) for y in x))
    if isinstance(x, (list, tuple)) and type(x) in (list, tuple, torch.Size):
        return type(x)(swap(y, change) for y in x) if type(x) is not torch.Size else x
    if type(x) is dict:
        return {k: swap(v, change) for k, v in x.items()}
    return x


def metacopy(module: nn.Module) -> tuple[nn.Module, dict[int, torch.Tensor]]:
    """The module without data, and the data of its buffers."""
    memo: dict[int, Any] = {}
    data: dict[int, torch.Tensor] = {}
    keep = []
    for m in module.modules():
        for p in m._parameters.values():
            if p is not None and id(p) not in memo:
                memo[id(p)] = nn.Parameter(
                    torch.empty_like(p, device="meta"), requires_grad=p.requires_grad
                )
        for b in m._buffers.values():
            if b is not None and id(b) not in memo:
                memo[id(b)] = torch.empty_like(b, device="meta")
                if b.device.type != "meta":
                    data[id(memo[id(b)])] = b.detach()
                keep.append(b)
        for t in vars(m).values():
            # A weight that a hook makes anew, which is no leaf and has no copy.
            if isinstance(t, torch.Tensor) and not t.is_leaf and id(t) not in memo:
                memo[id(t)] = torch.empty_like(t, device="meta", requires_grad=False)
    return copy.deepcopy(module, memo), data


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
        from .functions import FUNCTIONS
        from .modules import leaf_of
        from .parametrized import prepare
        from .rewritten import of as rewritten_of

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

    # Modules.

    def call_module(self, module: nn.Module, call, args, kwargs):
        made = self.parametrized.get(id(module))
        if made is not None:
            return made
        if self.leaf is not None:
            return call(module, *args, **kwargs)
        path = self.paths.get(id(module))
        handler = self.leaf_of(module)
        if handler is not None and self.flowing(args, kwargs):
            with NoFunctions(self):
                self.leaf = module
                self.operation = ""
                try:
                    change = lambda t: self.meta(t)
                    before = self.counter.get_total_flops()
                    out = call(module, *swap(args, change), **swap(kwargs, change))
                    self.leaf_flops = self.counter.get_total_flops() - before
                    result = handler(self, module, out, *args, **kwargs)
                finally:
                    self.leaf = None
                return out if result is None else result
        if path is None or module is self.module:
            return call(module, *args, **kwargs)
        self.calls[path] = self.calls.get(path, 0) + 1
        if path in self.networks:
            from .subnetworks import called

            return called(self, module, path, call, args, kwargs)
        outer = self.scope
        self.scope = Call(path, type(module).__name__, outer, source=module)
        outer.items.append(self.scope)
        try:
            rewritten = self.rewritten_of(module)
            if rewritten is not None:
                found = rewritten(self, module, *args, **kwargs)
                if found is not None:
                    return found
            return call(module, *args, **kwargs)
        except NetworkError as error:
            if not self.stub:
                raise
            self.scope = outer
            return self.custom(module, call, args, kwargs, error)
        finally:
            self.scope = outer

    def custom(self, module: nn.Module, call, args, kwargs, error: NetworkError):
        """The module as a layer of the user's own, with what can be measured of it."""
        from .arrange import arrange
        from .values import channels_first

        views = {id(self.views.get(id(t))): self.views.get(id(t)) for t in tensors_in((args, kwargs)) if self.flowing(t)}
        if len(views) != 1:
            raise error
        (view,) = views.values()
        if not isinstance(view, View) or view.dims[0] != (self.batch,):
            raise error
        self.scope.items.pop()
        before = self.counter.get_total_flops()
        with NoFunctions(self):
            change = self.meta
            out = call(module, *swap(args, change), **swap(kwargs, change))
            if not isinstance(out, torch.Tensor) or out.dim() < 2 or out.shape[0] != BATCH:
                raise error
            rank = len(view.dims) - 1
            image = rank >= 3
            value = arrange(self, view, [*view.dims[2:], view.dims[1]] if image else list(view.dims[1:]))
            shape = tuple(out.shape[2:]) + (out.shape[1],) if out.dim() > 3 else tuple(out.shape[1:])
        prefix = self.paths[id(module)] + "."
        tensors = {n: self.tied.get(prefix + n, prefix + n) for n, _ in module.named_parameters()}
        tensors |= {n: prefix + n for n, _ in module.named_buffers()}
        self.leaf = module
        (result,) = self.emit("custom", {}, [value], [shape], tensors)
        self.leaf = None
        node = self.scope.items[-1]
        node.note = str(error)
        node.macs = (self.counter.get_total_flops() - before) // (2 * BATCH)
        node.sizes = {n: (tuple(t.shape), isinstance(t, nn.Parameter)) for n, t in [*module.named_parameters(), *module.named_buffers()]}
        self.put(out, channels_first(result, self.batch) if out.dim() > 3 else plain(result, self.batch))
        return out

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
            return self.constants(func, name, args, kwargs)
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

    def constants(self, func, name, args, kwargs):
        """A function of constants and parameters only."""
        tensors = list(tensors_in((args, kwargs)))
        handler = None
        if any(isinstance(self.views.get(id(t)), Param) and not self.is_constant(t) for t in tensors):
            from .params import PARAMS

            handler = PARAMS.get(name)
        data = {}
        for t in tensors:
            if t.device.type != "meta":
                data[id(t)] = t
            elif id(t) in self.shadows and self.shadows[id(t)] is not None:
                data[id(t)] = self.shadows[id(t)]
        if len(data) == len({id(t) for t in tensors}) and not (
            tensors and all(t.device.type != "meta" for t in tensors) and False
        ):
            # All is known: calculate it, and let a tensor without data stand for it.
            cpu_kwargs = dict(kwargs)
            cpu_args = args
            if "device" in cpu_kwargs:
                cpu_kwargs["device"] = "cpu"
            if name in ("to", "_to"):
                cpu_args = tuple("cpu" if isinstance(a, torch.device) else a for a in args)
            change = lambda t: data[id(t)]
            with _disable_current_modes():
                out = func(*swap(cpu_args, change), **swap(cpu_kwargs, change))
            if not any(True for _ in tensors_in(out)):
                return out
            def back(t):
                for original in tensors:
                    if data[id(original)] is t:
                        return original
                return self.meta(t)
            result = swap(out, back)
        else:
            if name in ("item", "tolist", "__bool__", "__int__", "__float__", "__index__"):
                raise self.error("the model's control flow depends on a constant without data", name)
            change = self.meta
            kwargs = dict(swap(kwargs, change))
            if kwargs.get("device") is not None:
                kwargs["device"] = "meta"
            args = swap(args, change)
            result = func(*args, **kwargs)
        if handler is not None:
            self.permuting = name
            known = handler(self, result, *args, **kwargs)
            if isinstance(known, torch.Tensor):
                return known
            if known is not None:
                self.put(result, known)
                return result
        learned = [t for t in tensors if isinstance(self.views.get(id(t)), Param) and not self.is_constant(t)]
        if not learned:
            return result
        made = self.calculated(func, name, learned, args, kwargs)
        if made is not None:
            return made
        names = ", ".join(f"`{self.views[id(t)].name}`" for t in learned)
        for t in tensors_in(result):
            if self.views.get(id(t)) is None:
                self.put(t, Poison(f"{name} of {names}: parameters are calculated with"))
        return result

    def calculated(self, func, name: str, learned: list[torch.Tensor], args, kwargs):
        """What is calculated with parameters, as values that are the same for each sample; `None` where that cannot be said."""
        from .operators import as_value

        if self.leaf is not None or name in WEIGHING or self.functions.get(func, self.functions.get(name)) is None:
            return None
        before = {id(scope): (scope, list(scope.items)) for scope in self.around()}
        kept = dict(self.views), dict(self.learned), set(self.used), dict(self.owners), dict(self.latest)
        try:
            for t in learned:
                self.views[id(t)] = as_value(self, self.views[id(t)], tuple(t.shape))
            return self.__torch_function__(func, (), args, kwargs)
        except (Retry, AsValue, AsNetwork):
            raise
        except Exception:
            # Of a form that the handlers do not expect: it is said where the result is read.
            for scope, items in before.values():
                scope.items[:] = items
            self.views, self.learned, self.used, self.owners, self.latest = kept
            return None

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


class Counter(TorchDispatchMode):
    """Counts by the rules of `torch.utils.flop_counter`, without its hooks on modules."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def get_total_flops(self) -> int:
        return self.total

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        rule = flop_registry.get(func._overloadpacket)
        if rule is None and func is not torch.ops.prim.device.default:
            with self:
                out = func.decompose(*args, **kwargs)
            if out is not NotImplemented:
                return out
        out = func(*args, **kwargs)
        if rule is not None:
            self.total += rule(*args, **kwargs, out_val=out)
        return out


class NoFunctions:
    """While it holds, functions are not looked at."""

    def __init__(self, tracer: Tracer) -> None:
        self.guard = torch._C.DisableTorchFunction()

    def __enter__(self):
        self.guard.__enter__()

    def __exit__(self, *exc):
        self.guard.__exit__(*exc)


def alone(module: nn.Module | None, tensors: dict[str, str]) -> bool:
    """Whether a module is one layer: nothing but these tensors."""
    if module is None or any(name != "parametrizations" for name, _ in module.named_children()):
        return False
    own = {name for name, _ in [*module.named_parameters(recurse=False), *module.named_buffers(recurse=False)]}
    return own <= {name.rpartition(".")[2] for name in tensors.values()} | {"num_batches_tracked"}


def unbatched(view: View, batch: Atom, shape: tuple[int, ...]) -> View:
    """What is the same for each sample as a tensor without samples, if that has this shape."""
    if not view.dims or view.dims[0] != (batch,):
        return view
    if shape[:1] == (1,) and view.shape[1:] == shape[1:]:
        return view.with_dims([(), *view.dims[1:]])
    return view.with_dims(view.dims[1:]) if view.shape[1:] == shape else view


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


def trace(
    module: nn.Module,
    inputs: list[tuple[tuple[int, ...], torch.dtype]],
    kwargs: dict[str, Any] | None = None,
    progress: bool = False,
    train: bool = False,
    stub: bool = False,
    given: Any = None,
) -> Graph:
    """Traces a module on inputs of these shapes, which have no batch."""
    orders: dict[int, list[int]] = {}
    values: set[str] = set()
    networks: list[str] = []
    for _ in range(2 * len(inputs) + 33):
        tracer = Tracer(module, progress, stub)
        tracer.values = values
        tracer.networks = dict.fromkeys(networks)
        if train:
            tracer.module.train()
        try:
            return run(tracer, inputs, orders, kwargs or {}, given)
        except NetworkError as error:
            gone = lost(module)
            if not gone:
                raise
            names = ", ".join(f"`{n}`" for n in gone[:3]) + (" and more" if len(gone) > 3 else "")
            raise NetworkError(f"{error}\n  {names}: buffers of the meta device have no numbers; make the model in `with shapewise.meta():`") from error
        except Retry as again:
            before = orders.get(again.index) or default_order(len(inputs[again.index][0]))
            orders[again.index] = [before[i] for i in again.order]
        except AsValue as again:
            values.add(again.name)
        except AsNetwork as again:
            networks.append(again.path)
        finally:
            if progress and tracer.nodes >= 50:
                sys.stderr.write("\r\033[K")
    raise NetworkError("the orders of the inputs' axes do not settle")


def default_order(rank: int) -> list[int]:
    """Images are taken to have their channels first, sequences last."""
    return [*range(1, rank), 0] if rank >= 3 else list(range(rank))


def run(tracer: Tracer, inputs, orders: dict[int, list[int]], kwargs, given=None) -> Graph:
    tracer.settled = set()
    examples = []
    for i, (shape, dtype) in enumerate(inputs):
        if not 1 <= len(shape) <= MAX_RANK or 0 in shape:
            raise NetworkError(f"an input of {'x'.join(map(str, shape)) or 'no axes'}: the language has 1 to {MAX_RANK} axes, each at least 1 long")
        order = orders.get(i) or default_order(len(shape))
        value = Value(tuple(shape[j] for j in order), None, str(i))
        tracer.inputs.append(value)
        if i in orders:
            tracer.settled.add(value)
        example = torch.empty((BATCH, *shape), dtype=dtype, device="meta")
        view = plain(value, tracer.batch, [order.index(j) for j in range(len(shape))])
        tracer.put(example, view)
        examples.append(example)
    call = nn.Module.__call__

    def patched(self, *args, **kwargs):
        return tracer.call_module(self, call, args, kwargs)

    counter = Counter()
    tracer.counter = counter
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    nn.Module.__call__ = patched
    undo = patch_functions(tracer)
    try:
        with torch.no_grad(), warnings.catch_warnings(), counter, tracer:
            warnings.simplefilter("ignore")
            args, kwargs = (examples, kwargs) if given is None else given(tracer, examples)
            out = tracer.module(*args, **kwargs)
    except (NetworkError, Retry, AsValue, AsNetwork):
        raise
    except Exception as error:
        # Of the model itself, or of a shape that it does not take.
        shown = ", ".join("x".join(map(str, shape)) for shape, _ in inputs)
        what = f"`{tracer.scope.path}` ({tracer.scope.cls})" if tracer.scope.path else f"the module ({tracer.root.cls})"
        own = traceback.extract_tb(error.__traceback__)[-1]
        if own.filename.startswith(HERE) and not own.filename.endswith("trace.py"):
            place = f"{own.filename.removeprefix(HERE)}:{own.lineno}"
            raise NetworkError(f"{what}: {tracer.operation}: a fault of the importer ({type(error).__name__} in {place}: {error})\n  at {raised(error)}") from error
        raise NetworkError(f"{what} raises {type(error).__name__} on inputs of {shown}: {error}\n  at {raised(error)}") from error
    finally:
        nn.Module.__call__ = call
        undo()
        torch.backends.mha.set_fastpath_enabled(fast)
    names, values, layouts = [], [], []
    for place, (name, t) in enumerate(named_outputs(out)):
        if not isinstance(t, torch.Tensor):
            continue
        tracer.operation = f"the output `{name}`" if name else "the output"
        known = tracer.get(t)
        if known is None or isinstance(known, (Param, Poison)):
            continue
        names.append(name)
        value, layout = result(tracer, known)
        values.append(value)
        layouts.append((place, layout))
    if not values:
        raise NetworkError("the module gives no tensor that it calculates from its inputs")
    flops = counter.get_total_flops() + 2 * BATCH * tracer.extra_macs + tracer.shared_flops
    used = tracer.used | {b for a, b in tracer.tied.items() if a in tracer.used}
    params = sum(p.numel() for n, p in tracer.module.named_parameters() if n in used)
    unused = [n for n, p in tracer.module.named_parameters() if n not in used]
    graph = Graph("", tracer.root, tracer.inputs, values, names, params, flops // (2 * BATCH))
    graph.unused = unused
    graph.used = sorted(used)
    graph.notes = tracer.notes
    graph.layouts = layouts
    graph.orders = [orders.get(i) or default_order(len(shape)) for i, (shape, _) in enumerate(inputs)]
    for value, (_, dtype) in zip(tracer.inputs, inputs):
        if not dtype.is_floating_point:
            graph.indices.add(value)
    return graph


def raised(error: BaseException) -> str:
    """The line of the model's source that an exception came through."""
    skip = (torch.__path__[0] + "/", __file__.rsplit("/", 1)[0] + "/")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(skip) and "<" not in f.filename]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"


def result(tracer: Tracer, view: Any) -> tuple[Value, list[int | None]]:
    """An output as a value, as it lies or in the order of its dimensions, and which dimension each axis is."""
    from .arrange import arrange, settle
    from .functions import Scores

    if isinstance(view, Scores):
        view = view.realise(tracer)
    view = settle(tracer, view).merged()
    want = [tuple(a for a in d if not a.batch) for d in view.dims if d != (tracer.batch,)]
    if (tracer.batch,) not in view.dims:
        raise tracer.error("the samples of a batch are not kept apart")
    if sorted(map(sorted_ids, want)) == sorted(map(sorted_ids, view.axes)) and all(w in view.axes for w in want):
        return view.value, [view.dims.index(axis) if axis else None for axis in view.axes]
    places: list[int | None] = [i for i, d in enumerate(view.dims) if d != (tracer.batch,)]
    if not want:
        # A number for each sample: the language has an axis of 1 there.
        want, places = [()], [None]
    if len(want) > 2 and want[-1] != view.axes[-1]:
        # An image has its channels first where they are not last already.
        want, places = [*want[1:], want[0]], [*places[1:], places[0]]
    return arrange(tracer, view, want), places


def sorted_ids(atoms) -> list[int]:
    return sorted(map(id, atoms))


def named_outputs(out: Any, name: str = ""):
    if isinstance(out, torch.Tensor):
        yield name, out
    elif hasattr(out, "items"):
        for key, value in out.items():
            yield from named_outputs(value, str(key) if not name else f"{name}_{key}")
    elif hasattr(out, "_fields"):
        for key in out._fields:
            yield from named_outputs(getattr(out, key), key)
    elif isinstance(out, (tuple, list)):
        for i, value in enumerate(out):
            yield from named_outputs(value, f"{name}_{i}" if name else f"output_{i}")


def patch_functions(tracer: Tracer):
    """Functions of Python that are a layer of the language, or only warn, in the modules that define the model."""
    from .rotary import apply_rotary

    changed = []

    def put(place, name: str, new) -> None:
        changed.append((place, name, place.__dict__[name]))
        setattr(place, name, new)

    for name in {type(m).__module__ for m in tracer.module.modules()}:
        place = sys.modules.get(name)
        original = getattr(place, "apply_rotary_pos_emb", None)
        if original is not None:

            def replaced(*args, original=original, **kwargs):
                return apply_rotary(tracer, original, *args, **kwargs)

            put(place, "apply_rotary_pos_emb", replaced)
    for cls in {c for m in tracer.module.modules() for c in type(m).__mro__}:
        if "warn_if_padding_and_no_attention_mask" in cls.__dict__:
            # It looks for padding in the numbers of the input, and says so.
            put(cls, "warn_if_padding_and_no_attention_mask", lambda *args, **kwargs: None)
        if "create_position_ids_from_input_ids" in cls.__dict__:
            put(cls, "create_position_ids_from_input_ids", staticmethod(lambda ids, padding, cache=0: unpadded(tracer, ids, padding, cache)))

    def undo() -> None:
        for place, name, original in reversed(changed):
            setattr(place, name, original)

    return undo


def unpadded(tracer: Tracer, ids: torch.Tensor, padding: int, before: int) -> torch.Tensor:
    """The positions of RoBERTa, which counts what is no padding: of sequences without any."""
    note = f"Positions are counted as of sequences without padding (token {padding})."
    if note not in tracer.notes:
        tracer.notes.append(note)
    first = padding + 1 + before
    return torch.arange(first, first + ids.shape[1])[None].expand(ids.shape[0], -1)
