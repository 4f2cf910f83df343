"""Products with a weight, and tables of vectors."""

from __future__ import annotations

from typing import Any

import torch

from . import operators
from .arrange import last, settle
from .handlers import _atoms, function, replace_last, tensors, view_of
from .values import View


@function("linear")
def linear(tracer, out, input, weight, bias=None):
    if bias is not None and tracer.flowing(bias):
        # A bias that is calculated is added behind.
        product = torch.empty_like(out)
        linear(tracer, product, input, weight)
        operators.handle(tracer, "add", out, product, bias)
        return
    view = last(tracer, view_of(tracer, input))
    per_position = len(view.axes) > 2
    args = {"features": weight.shape[0], "bias": bias is not None, "per_position": per_position}
    shape = (*view.value.shape[:-1], weight.shape[0])
    (result,) = tracer.emit("linear", args, [view.value], [shape], tensors(tracer, weight=weight, bias=bias))
    tracer.put(out, replace_last(view, result))


@function("embedding")
def embedding(tracer, out, input, weight, padding_idx=None, *_, **kwargs):
    view = settle(tracer, view_of(tracer, input))
    if len(view.value.shape) != 1:
        raise tracer.error("of indices that are no vector")
    args: dict[str, Any] = {"entries": weight.shape[0], "features": weight.shape[1]}
    if padding_idx is not None:
        args["padding_idx"] = padding_idx % weight.shape[0]
    (result,) = tracer.emit("embedding", args, [view.value], [(*view.value.shape, weight.shape[1])], tensors(tracer, weight=weight))
    features = _atoms(weight.shape[1])
    tracer.put(out, View(result, (*view.axes, features), (*view.dims, features)))
