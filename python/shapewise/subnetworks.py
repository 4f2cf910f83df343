"""Modules that are called more than once: networks of their own, all weights of which the later calls share."""

from __future__ import annotations

import torch

from .arrange import arrange
from .handlers import view_of
from .graph import Graph
from .calls import NoFunctions
from .known import BATCH, Param, swap, tensors_in
from .trace import named_outputs, trace
from .tracer import Tracer
from .values import View, plain


def called(tracer: Tracer, module, path: str, call, args, kwargs):
    """A call of the module as a layer."""
    flowing = list({id(t): t for t in tensors_in((args, kwargs)) if tracer.flowing(t)}.values())
    tracer.operation = f"{type(module).__name__} called again"
    if any(isinstance(tracer.views.get(id(t)), Param) for t in tensors_in((args, kwargs)) if not tracer.is_constant(t)):
        raise tracer.error("with a parameter of another module")
    views = [view_of(tracer, t) for t in flowing]
    if not views or any(view.dims[0] != (tracer.batch,) or len(view.dims) < 2 for view in views):
        raise tracer.error("with what has no samples of a batch")
    described = [(tuple(t.shape[1:]), t.dtype) for t in flowing]
    first = tracer.networks[path]
    graph = first.network if first is not None else traced(tracer, module, flowing, described, args, kwargs)
    if first is not None and [v.shape for v in graph.inputs] != [tuple(t.shape[1:][j] for j in order) for t, order in zip(flowing, graph.orders)]:
        raise tracer.error("with inputs of other shapes, which the language does not")
    values = [arrange(tracer, view, [view.dims[1 + j] for j in order]) for view, order in zip(views, graph.orders)]
    with NoFunctions(tracer):
        out = call(module, *swap(args, tracer.meta), **swap(kwargs, tracer.meta))
    name = type(module).__name__
    if type(module).__module__.startswith("torch.nn"):
        # What PyTorch calls it says less than what it is called here.
        name = camel(path.rpartition(".")[2]) if not path.rpartition(".")[2].isdigit() else camel(path.replace(".", "_"))
    more = {f"_{i}": value for i, value in enumerate(values[1:])}
    names = {"*": f"{path}.*"} if first is None else {}
    if first is not None:
        more["shared"] = first.outputs[0]
    results = tracer.emit(name, more, values, [v.shape for v in graph.outputs], names)
    node = results[0].node
    node.network = graph
    if first is None:
        node.path = path
        tracer.networks[path] = node
        tracer.used |= {f"{path}.{name}" for name in graph.used}
        for note in graph.notes:
            if note not in tracer.notes:
                tracer.notes.append(note)
    tracer.extra_macs += graph.macs - counted(tracer, module, call, args, kwargs)
    found = [t for _, t in named_outputs(out)]
    for value, (place, layout) in zip(results, graph.layouts):
        view = plain(value, tracer.batch)
        dims = [view.axes[layout.index(i)] if i in layout else () for i in range(1, found[place].dim())]
        tracer.put(found[place], View(value, view.axes, ((tracer.batch,), *dims)))
    return out


def camel(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_")) or "Part"


def counted(tracer: Tracer, module, call, args, kwargs) -> int:
    """What PyTorch's counter saw of a call."""
    before = tracer.counter.get_total_flops()
    with NoFunctions(tracer):
        call(module, *swap(args, tracer.meta), **swap(kwargs, tracer.meta))
    seen = tracer.counter.get_total_flops() - before
    tracer.counter.total = before
    return seen // (2 * BATCH)


def traced(tracer: Tracer, module, flowing, described, args, kwargs) -> Graph:
    """The module by itself, with the constants that it is called with."""
    places = {id(t): i for i, t in enumerate(flowing)}

    def given(inner: Tracer, examples):
        def change(t: torch.Tensor):
            if id(t) in places:
                return examples[places[id(t)]]
            data = tracer.constant(t)
            return t if data is None else data

        return swap(args, change), swap(kwargs, change)

    original = tracer.original.get_submodule(tracer.paths[id(module)])
    with torch.overrides._enable_torch_function(), Paused():
        return trace(original, described, given=given)


class Paused:
    """While it holds, no mode is active."""

    def __enter__(self):
        from torch.overrides import _get_current_function_mode_stack, _pop_mode
        from torch.utils._python_dispatch import _disable_current_modes

        self.modes = []
        while _get_current_function_mode_stack():
            self.modes.append(_pop_mode())
        self.dispatch = _disable_current_modes()
        self.dispatch.__enter__()
        self.call = torch.nn.Module.__call__

    def __exit__(self, *exc):
        from torch.overrides import _push_mode

        self.dispatch.__exit__(*exc)
        for mode in reversed(self.modes):
            _push_mode(mode)


__all__ = ["called"]
