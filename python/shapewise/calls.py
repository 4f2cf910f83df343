"""Calls of modules within a trace: as one layer, as a scope, as a network of its own, or as a layer of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from .arrange import arrange
from .graph import Call, NetworkError
from .known import BATCH, swap, tensors_in
from .values import View, channels_first, plain

if TYPE_CHECKING:
    from .tracer import Tracer


class NoFunctions:
    """While it holds, functions are not looked at."""

    def __init__(self, tracer: Tracer) -> None:
        self.guard = torch._C.DisableTorchFunction()

    def __enter__(self):
        self.guard.__enter__()

    def __exit__(self, *exc):
        self.guard.__exit__(*exc)


def call_module(tracer: Tracer, module: nn.Module, call, args, kwargs):
    made = tracer.parametrized.get(id(module))
    if made is not None:
        return made
    if tracer.leaf is not None:
        return call(module, *args, **kwargs)
    path = tracer.paths.get(id(module))
    handler = tracer.leaf_of(module)
    if handler is not None and tracer.flowing(args, kwargs):
        with NoFunctions(tracer):
            tracer.leaf = module
            tracer.operation = ""
            try:
                change = lambda t: tracer.meta(t)
                before = tracer.counter.get_total_flops()
                out = call(module, *swap(args, change), **swap(kwargs, change))
                tracer.leaf_flops = tracer.counter.get_total_flops() - before
                result = handler(tracer, module, out, *args, **kwargs)
            finally:
                tracer.leaf = None
            return out if result is None else result
    if path is None or module is tracer.module:
        return call(module, *args, **kwargs)
    tracer.calls[path] = tracer.calls.get(path, 0) + 1
    if path in tracer.networks:
        from .subnetworks import called

        return called(tracer, module, path, call, args, kwargs)
    outer = tracer.scope
    tracer.scope = Call(path, type(module).__name__, outer, source=module)
    outer.items.append(tracer.scope)
    try:
        rewritten = tracer.rewritten_of(module)
        if rewritten is not None:
            found = rewritten(tracer, module, *args, **kwargs)
            if found is not None:
                return found
        return call(module, *args, **kwargs)
    except NetworkError as error:
        if not tracer.stub:
            raise
        tracer.scope = outer
        return custom(tracer, module, call, args, kwargs, error)
    finally:
        tracer.scope = outer


def custom(tracer: Tracer, module: nn.Module, call, args, kwargs, error: NetworkError):
    """The module as a layer of the user's own, with what can be measured of it."""
    views = {id(tracer.views.get(id(t))): tracer.views.get(id(t)) for t in tensors_in((args, kwargs)) if tracer.flowing(t)}
    if len(views) != 1:
        raise error
    (view,) = views.values()
    if not isinstance(view, View) or view.dims[0] != (tracer.batch,):
        raise error
    tracer.scope.items.pop()
    before = tracer.counter.get_total_flops()
    with NoFunctions(tracer):
        change = tracer.meta
        out = call(module, *swap(args, change), **swap(kwargs, change))
        if not isinstance(out, torch.Tensor) or out.dim() < 2 or out.shape[0] != BATCH:
            raise error
        rank = len(view.dims) - 1
        image = rank >= 3
        value = arrange(tracer, view, [*view.dims[2:], view.dims[1]] if image else list(view.dims[1:]))
        shape = tuple(out.shape[2:]) + (out.shape[1],) if out.dim() > 3 else tuple(out.shape[1:])
    prefix = tracer.paths[id(module)] + "."
    tensors = {n: tracer.tied.get(prefix + n, prefix + n) for n, _ in module.named_parameters()}
    tensors |= {n: prefix + n for n, _ in module.named_buffers()}
    tracer.leaf = module
    (result,) = tracer.emit("custom", {}, [value], [shape], tensors)
    tracer.leaf = None
    node = tracer.scope.items[-1]
    node.note = str(error)
    node.macs = (tracer.counter.get_total_flops() - before) // (2 * BATCH)
    node.sizes = {n: (tuple(t.shape), isinstance(t, nn.Parameter)) for n, t in [*module.named_parameters(), *module.named_buffers()]}
    tracer.put(out, channels_first(result, tracer.batch) if out.dim() > 3 else plain(result, tracer.batch))
    return out
