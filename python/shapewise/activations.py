"""What is done element by element, and what along an axis keeps its length."""

from __future__ import annotations

from typing import Any

import torch

from .arrange import arrange, axis_names, image, last, settle
from .graph import Word
from .handlers import FUNCTIONS, _atoms, function, tensors, view_of
from .operators import number
from .scores import Scores
from .values import View, channels_first


def elementwise(tracer, out, op, x, args=None, names=None):
    """A layer that keeps shape and layout."""
    view = settle(tracer, view_of(tracer, x))
    (result,) = tracer.emit(op, args or {}, [view.value], [view.value.shape], names)
    tracer.put(out, View(result, view.axes, view.dims))


def activation(op: str, *names: str, **arguments: Any):
    """Activations: `arguments` are the language's names, with PyTorch's name, place and default."""

    def handler(tracer, out, x, *args, **kwargs):
        kwargs.pop("inplace", None)
        found = {}
        for i, (name, (theirs, value)) in enumerate(arguments.items()):
            value = kwargs.get(theirs, value)
            if i < len(args) and not isinstance(args[i], bool):
                value = args[i]
            found[name] = Word(value) if isinstance(value, str) else float(value)
        elementwise(tracer, out, op, x, found)

    for name in names:
        FUNCTIONS[name] = handler
        FUNCTIONS[name + "_"] = handler


activation("relu", "relu")
activation("relu6", "relu6")
activation("leaky_relu", "leaky_relu", slope=("negative_slope", 0.01))
activation("elu", "elu", alpha=("alpha", 1.0))
activation("selu", "selu")
activation("celu", "celu", alpha=("alpha", 1.0))
activation("gelu", "gelu", approximate=("approximate", "none"))
activation("silu", "silu")
activation("mish", "mish")
activation("sigmoid", "sigmoid")
activation("hard_sigmoid", "hardsigmoid")
activation("hard_swish", "hardswish")
activation("tanh", "tanh")


@function("tanh")
def tanh(tracer, out, input):
    found = tracer.get(input)
    if isinstance(found, Scores) and found.softcap is None and not (found.soft or found.causal or found.mask):
        # Scores that are kept below a cap: what they are multiplied by is still to come.
        tracer.put(out, found.but(softcap=1.0))
        return
    elementwise(tracer, out, "tanh", input)


activation("softplus", "softplus", beta=("beta", 1.0), threshold=("threshold", 20.0))
activation("softsign", "softsign")
for name in ("exp", "log", "sqrt", "square", "neg", "reciprocal", "sin", "cos", "abs"):
    activation(name, name)
activation("abs", "absolute", "__abs__")
activation("neg", "negative", "__neg__")
activation("threshold", "threshold", "_threshold", threshold=("threshold", 0.0), value=("value", 0.0))


@function("rsqrt")
def rsqrt(tracer, out, input):
    elementwise(tracer, out, "pow", input, {"exponent": -0.5})


@function("pow", "pow_", "__pow__", "float_power")
def power(tracer, out, input, exponent):
    n = number(tracer, exponent)
    if n is None:
        raise tracer.error("with an exponent that is no number")
    op = {2.0: "square", 0.5: "sqrt", -1.0: "reciprocal"}.get(n)
    elementwise(tracer, out, op or "pow", input, {} if op else {"exponent": n})


@function("clamp", "clip", "clamp_", "clamp_min", "clamp_max")
def clamp(tracer, out, input, min=None, max=None):
    if tracer.operation.endswith("clamp_max"):
        min, max = None, min
    bounds = {"least": min, "most": max}
    args = {k: number(tracer, v) for k, v in bounds.items() if v is not None}
    if any(v is None for v in args.values()):
        raise tracer.error("between values that are no numbers")
    elementwise(tracer, out, "clamp", input, args)


@function("normalize")
def normalize(tracer, result, input, p=2.0, dim=1, eps=1e-12, out=None):
    along(tracer, result, input, dim, "normalize", {"p": float(p), "eps": eps})


@function("hardtanh", "hardtanh_")
def hardtanh(tracer, out, input, min_val=-1.0, max_val=1.0, inplace=False):
    if (min_val, max_val) == (0, 6):
        elementwise(tracer, out, "relu6", input)
    else:
        elementwise(tracer, out, "hard_tanh", input, {"least": float(min_val), "most": float(max_val)})


@function("prelu")
def prelu(tracer, out, input, weight):
    view = view_of(tracer, input)
    if weight.numel() > 1:
        image(tracer, view, len(view.dims) - 2)
    elementwise(tracer, out, "prelu", input, {"per_channel": weight.numel() > 1}, tensors(tracer, weight=weight))


@function("dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout", "alpha_dropout", "feature_alpha_dropout")
def dropout(tracer, out, input, p=0.5, training=True, inplace=False):
    if isinstance(tracer.get(input), Scores):
        tracer.put(out, tracer.get(input))
        return out
    if not p and not tracer.scope.path.rpartition(".")[2].isdigit():
        # It never drops anything, and is no counted layer of a sequence.
        out = torch.empty_like(input)
        tracer.put(out, tracer.get(input))
        return out
    elementwise(tracer, out, "dropout", input, {"p": float(p)})
    # In evaluation PyTorch may give the same tensor back; it is another value here.
    if out is input:
        out = torch.empty_like(input)
        tracer.put(out, tracer.views[id(input)])
    return out


@function("softmax", "log_softmax")
def softmax(tracer, out, input, dim=None, *_, **kwargs):
    if isinstance(tracer.get(input), Scores):
        found = tracer.get(input)
        if dim not in (-1, input.dim() - 1) or "log" in tracer.operation or found.turned:
            raise tracer.error("a softmax of attention along another axis than the keys")
        tracer.put(out, found.but(soft=True))
        return
    along(tracer, out, input, dim if dim is not None else 1, "log_softmax" if "log" in tracer.operation else "softmax", {})


@function("softmin")
def softmin(tracer, out, input, dim=None, *_, **kwargs):
    along(tracer, out, input, dim if dim is not None else 1, "softmin", {})


def along(tracer, out, input, dim, op, args):
    """A layer whose elements depend on each other along an axis."""
    view = settle(tracer, view_of(tracer, input)).merged()
    atoms = view.dims[dim]
    names = axis_names(len(view.axes))
    place = next((i for i, axis in enumerate(view.axes) if axis == atoms and atoms), None)
    if place is None or names is None:
        others = [d for d in view.dims if d is not atoms and d != (tracer.batch,)]
        view = View(arrange(tracer, view, [*others, atoms]), (*others, atoms), view.dims)
        place = len(view.axes) - 1
    axis = "channels" if place == len(view.axes) - 1 else names[place]
    (result,) = tracer.emit(op, {"axis": Word(axis), **args}, [view.value], [view.value.shape])
    tracer.put(out, View(result, view.axes, view.dims))


@function("glu")
def glu(tracer, out, input, dim=-1):
    view = view_of(tracer, input)
    dim = dim % len(view.dims)
    if dim == 1 and len(view.dims) > 2 and not settle(tracer, view).merged().axes[-1] == view.merged().dims[dim]:
        value = image(tracer, view, len(view.dims) - 2)
        view = channels_first(value, tracer.batch)
    view = settle(tracer, view).merged()
    if view.axes[-1] != view.dims[dim]:
        if dim != len(view.dims) - 1:
            raise tracer.error("along an axis that is not the channels")
        view = last(tracer, view)
    (result,) = tracer.emit("glu", {}, [view.value], [(*view.value.shape[:-1], view.value.shape[-1] // 2)])
    fresh = _atoms(result.shape[-1])
    tracer.put(out, View(result, (*view.axes[:-1], fresh), tuple(fresh if d == view.axes[-1] else d for d in view.dims)))
