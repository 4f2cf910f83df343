"""Runs a module once, on tensors without data, and writes down which layers it calls.

Every function of PyTorch that the module calls passes through `Tracer.__torch_function__`, and every
module through `call_module`. Control flow is Python's own: what depends on shapes just
happens; what depends on the numbers in a tensor is an error that says where.
"""
from __future__ import annotations

import sys
import traceback
import warnings
from typing import Any

import torch
from torch import nn

from .arrange import arrange, settle
from .calls import call_module
from .counting import Counter
from .empty import lost
from .graph import Graph, NetworkError
from .known import BATCH, MAX_RANK, AsNetwork, AsValue, Param, Pending, Poison, Retry
from .rotary import apply_rotary
from .tracer import Tracer
from .values import Value, plain

#: Where the importer stands.
HERE = __file__.rsplit("/", 1)[0] + "/"

#: The files that call what the model calls: an exception there is the model's.
CALLING = ("trace.py", "tracer.py", "calls.py", "constants.py")


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
        return call_module(tracer, self, call, args, kwargs)

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
        if own.filename.startswith(HERE) and not own.filename.removeprefix(HERE) in CALLING:
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
    if isinstance(view, Pending):
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
