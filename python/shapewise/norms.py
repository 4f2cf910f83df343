"""Normalisations."""

from __future__ import annotations

from typing import Any

from .arrange import arrange, image, last
from .handlers import function, tensors, view_of
from .values import View, channels_first, plain


@function("batch_norm")
def batch_norm(tracer, out, input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    view = view_of(tracer, input)
    dims = view.dims
    rows = len(dims) == 2 and len(dims[0]) > 1 and dims[0][0] is tracer.batch
    value = arrange(tracer, view, [dims[0][1:], dims[1]]) if rows else image(tracer, view, len(dims) - 2)
    args: dict[str, Any] = {"eps": eps, "momentum": momentum}
    if weight is None and bias is None:
        args["affine"] = False
    elif weight is None or bias is None:
        args["weight" if weight is None else "bias"] = False
    if running_mean is None:
        args["track_running_stats"] = False
    if momentum is None:
        raise tracer.error("a cumulative average (`momentum=None`)")
    names = tensors(tracer, weight=weight, bias=bias, running_mean=running_mean, running_var=running_var)
    (result,) = tracer.emit("batch_norm", args, [value], [value.shape], names)
    if rows:
        tracer.put(out, View(result, (dims[0][1:], dims[1]), dims))
        return
    tracer.put(out, channels_first(result, tracer.batch) if len(dims) > 2 else plain(result, tracer.batch))


@function("instance_norm")
def instance_norm(tracer, out, input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-5):
    view = view_of(tracer, input)
    value = image(tracer, view, len(view.dims) - 2)
    args = {"eps": eps, "momentum": momentum, "affine": weight is not None, "track_running_stats": running_mean is not None}
    if not use_input_stats and running_mean is None:
        raise tracer.error("without statistics")
    names = tensors(tracer, weight=weight, bias=bias, running_mean=running_mean, running_var=running_var)
    (result,) = tracer.emit("instance_norm", args, [value], [value.shape], names)
    tracer.put(out, channels_first(result, tracer.batch))


@function("group_norm")
def group_norm(tracer, out, input, num_groups, weight=None, bias=None, eps=1e-5):
    view = view_of(tracer, input)
    value = image(tracer, view, len(view.dims) - 2)
    args = {"groups": num_groups, "eps": eps, "affine": weight is not None}
    if weight is not None and bias is None:
        args["bias"] = False
    (result,) = tracer.emit("group_norm", args, [value], [value.shape], tensors(tracer, weight=weight, bias=bias))
    tracer.put(out, channels_first(result, tracer.batch) if len(view.dims) > 2 else plain(result, tracer.batch))


def normalised(tracer, out, op, input, shape, args, names):
    view = view_of(tracer, input)
    if len(shape) == 1:
        view = last(tracer, view)
        (result,) = tracer.emit(op, args, [view.value], [view.value.shape], names)
        tracer.put(out, View(result, view.axes, view.dims))
        return
    # Over several axes: those that come last in the notation, all of them where it is an image.
    rank = len(view.dims) - 1
    if len(shape) != rank or view.dims[0] != (tracer.batch,):
        raise tracer.error(f"over {len(shape)} of the last {rank} axes")
    if rank >= 3:
        value = arrange(tracer, view, [*view.dims[2:], view.dims[1]])
        result_view = channels_first
    else:
        value = arrange(tracer, view, view.dims[1:])
        result_view = plain
    args = {"axes": rank, **args}
    (result,) = tracer.emit(op, args, [value], [value.shape], names)
    tracer.put(out, result_view(result, tracer.batch))


@function("layer_norm")
def layer_norm(tracer, out, input, normalized_shape, weight=None, bias=None, eps=1e-5, *_):
    args: dict[str, Any] = {"eps": eps}
    if weight is None and bias is None:
        args["elementwise_affine"] = False
    elif bias is None:
        args["bias"] = False
    normalised(tracer, out, "layer_norm", input, normalized_shape, args, tensors(tracer, weight=weight, bias=bias))


@function("rms_norm")
def rms_norm(tracer, out, input, normalized_shape, weight=None, eps=None):
    args: dict[str, Any] = {} if eps is None else {"eps": eps}
    args["elementwise_affine"] = weight is not None
    normalised(tracer, out, "rms_norm", input, normalized_shape, args, tensors(tracer, weight=weight))


@function("local_response_norm")
def local_response_norm(tracer, out, input, size, alpha=1e-4, beta=0.75, k=1.0):
    view = view_of(tracer, input)
    value = image(tracer, view, len(view.dims) - 2)
    (result,) = tracer.emit("local_response_norm", {"size": size, "alpha": alpha, "beta": beta, "k": k}, [value], [value.shape])
    tracer.put(out, channels_first(result, tracer.batch))
