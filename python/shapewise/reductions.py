"""Pooling, and what is left of an axis that is reduced."""

from __future__ import annotations

from typing import Any

import torch

from .activations import elementwise
from .arrange import arrange, axis_names, image, settle
from .graph import Extents, Word
from .handlers import FUNCTIONS, extents, function, kernel_of, view_of
from .known import Poison
from .values import View, channels_first, size


def pool(op, rank, extra):
    def handler(tracer, out, input, kernel_size, stride=None, padding=0, *args, **kwargs):
        value = image(tracer, view_of(tracer, input), rank)
        names = dict(zip(extra, args)) | kwargs
        kernel = kernel_of(kernel_size, rank)
        stride = kernel_size if stride is None or stride == [] else stride
        steps = kernel_of(stride, rank)
        found: dict[str, Any] = {"kernel": kernel}
        if steps != kernel:
            found["stride"] = extents(stride, rank)
        dilation = names.pop("dilation", 1)
        found["padding"] = extents(padding, rank)
        if dilation != 1:
            found["dilation"] = extents(dilation, rank)
        if names.pop("return_indices", False):
            raise tracer.error("the indices of a pooling")
        found["ceil_mode"] = bool(names.pop("ceil_mode", False))
        if "count_include_pad" in names:
            found["count_include_pad"] = names.pop("count_include_pad")
        if names.get("divisor_override"):
            found["divisor_override"] = names["divisor_override"]
        (result,) = tracer.emit(op, found, [value], [(*out.shape[2:], out.shape[1])])
        tracer.put(out, channels_first(result, tracer.batch))

    return handler


for rank in (1, 2, 3):
    FUNCTIONS[f"max_pool{rank}d"] = pool("max_pool", rank, ["dilation", "ceil_mode", "return_indices"])
    FUNCTIONS[f"avg_pool{rank}d"] = pool("avg_pool", rank, ["ceil_mode", "count_include_pad", "divisor_override"])


def adaptive(op, rank):
    def handler(tracer, out, input, output_size, return_indices=False):
        value = image(tracer, view_of(tracer, input), rank)
        (result,) = tracer.emit(op, {"size": Extents(out.shape[2:])}, [value], [(*out.shape[2:], out.shape[1])])
        tracer.put(out, channels_first(result, tracer.batch))

    return handler


for rank in (1, 2, 3):
    FUNCTIONS[f"adaptive_avg_pool{rank}d"] = adaptive("adaptive_avg_pool", rank)
    FUNCTIONS[f"adaptive_max_pool{rank}d"] = adaptive("adaptive_max_pool", rank)


def reduce_positions(tracer, out, input, dim, keepdim, op, image_op):
    view = settle(tracer, view_of(tracer, input)).merged()
    dims = range(len(view.dims)) if dim is None else [dim] if isinstance(dim, int) else dim
    dims = sorted(d % len(view.dims) for d in dims)
    gone = [a for d in dims for a in view.dims[d]]
    kept = [d for i, d in enumerate(view.dims) if i not in dims and d != (tracer.batch,)]
    if any(a.batch for a in gone):
        raise tracer.error("over the samples of a batch")
    rest = [a for d in kept for a in d]
    spatial = {a for axis in view.axes[:-1] for a in axis}
    if set(gone) != spatial:
        # The positions are what is reduced, the rest the channels.
        value = arrange(tracer, view, [*(view.dims[d] for d in dims), tuple(rest)])
        view = View(value, (*(view.dims[d] for d in dims), tuple(rest)), view.dims)
    channels = view.axes[-1]
    keep_image = keepdim and len(view.axes) == 3 and image_op == "adaptive_avg_pool"
    if keep_image:
        (result,) = tracer.emit(image_op, {"size": Extents((1,) * (len(view.axes) - 1))}, [view.value], [(*(1,) * (len(view.axes) - 1), size(channels))])
        axes = (*((),) * (len(view.axes) - 1), channels)
    else:
        name = op if len(view.axes) == 2 or op != "mean" else "global_avg_pool"
        (result,) = tracer.emit(name, {}, [view.value], [(size(channels),)])
        axes = (channels,)
    new = [() if i in dims else d for i, d in enumerate(view.dims) if keepdim or i not in dims]
    tracer.put(out, View(result, axes, tuple(new)))


@function("mean")
def mean(tracer, out, input, dim=None, keepdim=False, **kwargs):
    if dim is None:
        raise tracer.error("over the samples of a batch")
    view = view_of(tracer, input).merged()
    dims = [dim] if isinstance(dim, int) else list(dim)
    gone = {a for d in dims for a in view.dims[d]}
    if len(dims) == 1 and gone != {a for axis in view.axes[:-1] for a in axis}:
        reduce_axis(tracer, out, input, dim, keepdim, "mean")
        return
    reduce_positions(tracer, out, input, dim, keepdim, "mean", "adaptive_avg_pool")


def reduce_axis(tracer, out, input, dim, keepdim, op):
    """Over one axis that has a name, or over all positions."""
    view = settle(tracer, view_of(tracer, input)).merged()
    dims = [dim] if isinstance(dim, int) else list(dim)
    dims = sorted(d % len(view.dims) for d in dims)
    if any(a.batch for d in dims for a in view.dims[d]):
        raise tracer.error("over the samples of a batch")
    if len(dims) == 1:
        atoms = view.dims[dims[0]]
        names = axis_names(len(view.axes))
        place = next((i for i, axis in enumerate(view.axes) if axis == atoms and atoms), None)
        if place is None or names is None:
            others = [d for i, d in enumerate(view.dims) if i != dims[0] and d != (tracer.batch,)]
            view = View(arrange(tracer, view, [*others, atoms]), (*others, atoms), view.dims)
            place, names = len(others), axis_names(len(view.axes))
        if names is None:
            raise tracer.error(f"of a value of {len(view.axes)} axes")
        args = {"axis": Word("channels" if place == len(view.axes) - 1 else names[place])}
        axes = [() if i == place else axis for i, axis in enumerate(view.axes)]
        if keepdim or len(axes) == 1:
            args["keep"] = True
        else:
            del axes[place]
        (result,) = tracer.emit(op, args, [view.value], [tuple(size(axis) for axis in axes)])
        new = [() if i in dims else d for i, d in enumerate(view.dims) if keepdim or i not in dims]
        tracer.put(out, View(result, tuple(axes), tuple(new)))
        return
    reduce_positions(tracer, out, input, dims, keepdim, op, op)


def reduction(op, *names):
    def handler(tracer, out, input, dim=None, keepdim=False, **kwargs):
        if dim is None:
            raise tracer.error("over the samples of a batch")
        target = out if isinstance(out, torch.Tensor) else out[0]
        reduce_axis(tracer, target, input, dim, keepdim, op)
        if not isinstance(out, torch.Tensor):
            tracer.put(out[1], Poison("the places of the largest are used"))

    function(*names)(handler)


@function("norm", "vector_norm", "linalg_vector_norm", "linalg_norm")
def norm(tracer, out, input, p=2, dim=None, keepdim=False, dtype=None, **kwargs):
    """The length of vectors, of squares and their sum."""
    if kwargs.get("ord", p) not in (2, 2.0, "fro", None) or dim is None:
        raise tracer.error("another one than the Euclidean norm along axes")
    squares, total = torch.empty_like(input), torch.empty_like(out)
    elementwise(tracer, squares, "square", input)
    reduce_axis(tracer, total, squares, dim, keepdim, "sum")
    elementwise(tracer, out, "sqrt", total)


reduction("sum", "sum")
reduction("max", "amax", "max")
reduction("min", "amin", "min")
reduction("logsumexp", "logsumexp")
