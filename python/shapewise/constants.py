"""Functions of constants and parameters only, within a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.utils._python_dispatch import _disable_current_modes

from .known import AsNetwork, AsValue, Param, Poison, Retry, swap, tensors_in
from .operators import as_value
from .params import PARAMS

if TYPE_CHECKING:
    from .tracer import Tracer

#: Functions whose parameters are weights of a layer.
WEIGHING = {
    "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "embedding",
    "batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm",
}


def constants(tracer: Tracer, func, name, args, kwargs):
    """A function of constants and parameters only."""
    tensors = list(tensors_in((args, kwargs)))
    handler = None
    if any(isinstance(tracer.views.get(id(t)), Param) and not tracer.is_constant(t) for t in tensors):
        handler = PARAMS.get(name)
    data = {}
    for t in tensors:
        if t.device.type != "meta":
            data[id(t)] = t
        elif id(t) in tracer.shadows and tracer.shadows[id(t)] is not None:
            data[id(t)] = tracer.shadows[id(t)]
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
            return tracer.meta(t)
        result = swap(out, back)
    else:
        if name in ("item", "tolist", "__bool__", "__int__", "__float__", "__index__"):
            raise tracer.error("the model's control flow depends on a constant without data", name)
        change = tracer.meta
        kwargs = dict(swap(kwargs, change))
        if kwargs.get("device") is not None:
            kwargs["device"] = "meta"
        args = swap(args, change)
        result = func(*args, **kwargs)
    if handler is not None:
        tracer.permuting = name
        known = handler(tracer, result, *args, **kwargs)
        if isinstance(known, torch.Tensor):
            return known
        if known is not None:
            tracer.put(result, known)
            return result
    learned = [t for t in tensors if isinstance(tracer.views.get(id(t)), Param) and not tracer.is_constant(t)]
    if not learned:
        return result
    made = calculated(tracer, func, name, learned, args, kwargs)
    if made is not None:
        return made
    names = ", ".join(f"`{tracer.views[id(t)].name}`" for t in learned)
    for t in tensors_in(result):
        if tracer.views.get(id(t)) is None:
            tracer.put(t, Poison(f"{name} of {names}: parameters are calculated with"))
    return result


def calculated(tracer: Tracer, func, name: str, learned: list[torch.Tensor], args, kwargs):
    """What is calculated with parameters, as values that are the same for each sample; `None` where that cannot be said."""
    if tracer.leaf is not None or name in WEIGHING or tracer.functions.get(func, tracer.functions.get(name)) is None:
        return None
    before = {id(scope): (scope, list(scope.items)) for scope in tracer.around()}
    kept = dict(tracer.views), dict(tracer.learned), set(tracer.used), dict(tracer.owners), dict(tracer.latest)
    try:
        for t in learned:
            tracer.views[id(t)] = as_value(tracer, tracer.views[id(t)], tuple(t.shape))
        return tracer.__torch_function__(func, (), args, kwargs)
    except (Retry, AsValue, AsNetwork):
        raise
    except Exception:
        # Of a form that the handlers do not expect: it is said where the result is read.
        for scope, items in before.values():
            scope.items[:] = items
        tracer.views, tracer.learned, tracer.used, tracer.owners, tracer.latest = kept
        return None
