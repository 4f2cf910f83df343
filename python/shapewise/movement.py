"""Functions that only move elements: no layer, until one needs them moved."""

from __future__ import annotations

import torch

from .arrange import arrange, flat, image, pixels, settle, shuffled
from .handlers import function, view_of
from .scores import Scores
from .values import Atom, Unaligned, View, channels_first, plain, regroup, size


@function("contiguous", "clone", "detach", "float", "half", "bfloat16", "alias", "double")
def same(tracer, out, x, *args, **kwargs):
    tracer.put(out, tracer.get(x))


@function("to", "type_as", "type")
def to(tracer, out, x, *args, **kwargs):
    known = tracer.get(x)
    if known is not None:
        tracer.put(out, known)
    elif id(x) in tracer.shadows:
        tracer.shadows[id(out)] = tracer.shadows[id(x)].to(out.dtype)


@function("new_zeros", "new_ones", "new_full", "new_tensor", "new_empty", "zeros_like", "ones_like", "full_like", "empty_like")
def fresh(tracer, out, x, *args, **kwargs):
    name = tracer.operation.rpartition(".")[2]
    fill = 0.0 if "zeros" in name else 1.0 if "ones" in name else None
    if "full" in name:
        fill = args[-1] if args and not isinstance(args[-1], (tuple, list)) else kwargs.get("fill_value")
    if fill is not None:
        tracer.shadows[id(out)] = torch.full(out.shape, fill, dtype=out.dtype)
    tracer.keep.append(out)


def eager(tracer, view: View) -> View:
    """A vector is a vector at once: that is where an author writes `flatten`."""
    if len(view.dims) > 3 and view.dims[0] == (tracer.batch,) and not view.selected and view.factor == 1.0:
        # Channels dealt out, or made pixels of: layers that have a name.
        found = view.merged()
        want = (*found.dims[2:], found.dims[1])
        if len(want) == len(found.axes) and (shuffled(found.axes, want) or pixels(found.axes, want)):
            return channels_first(arrange(tracer, found, want), tracer.batch)
    if len(view.dims) == 2 and view.dims[0] == (tracer.batch,) and not view.selected:
        if not any(a.virtual for a in view.dims[1]) and len(view.value.shape) > 1:
            return plain(arrange(tracer, view, [view.dims[1]]), tracer.batch)
    return view


def regrouped(view: View, shape: list[int]) -> View:
    try:
        return regroup(view, shape)
    except Unaligned:
        # Cut along atoms that are one again.
        return regroup(view.merged(), shape)


def reshaped(tracer, out, x):
    known = tracer.get(x)
    if isinstance(known, Scores) and out.shape[-2:] == x.shape[-2:]:
        # Only the heads are told apart otherwise.
        parts = [regroup(part, [*out.shape[:-2], *part.shape[-2:]]) for part in (known.q, known.k)]
        tracer.put(out, known.but(q=parts[0], k=parts[1]))
        return
    view = settle(tracer, view_of(tracer, x))
    shape = list(out.shape)
    try:
        result = regrouped(view, shape)
    except Unaligned:
        if view.dims[0] != (tracer.batch,) or shape[0] != tracer.batch.size:
            raise tracer.error(f"{tuple(x.shape)} as {tuple(out.shape)}: the batch is not kept apart") from None
        vector = arrange(tracer, view, [tuple(flat(view.dims[1:]))])
        result = regroup(plain(vector, tracer.batch), shape)
    tracer.put(out, eager(tracer, result))


@function("view", "reshape", "flatten", "unflatten", "_unsafe_view", "view_as", "reshape_as")
def reshape(tracer, out, x, *args, **kwargs):
    reshaped(tracer, out, x)


@function("squeeze", "squeeze_", "unsqueeze", "unsqueeze_", "ravel")
def squeeze(tracer, out, x, *args, **kwargs):
    known = tracer.get(x)
    if hasattr(known, "squeezed"):
        tracer.put(out, known)
        return
    view = view_of(tracer, x)
    dims = [d for d in view.dims if d]
    result = [() if n == 1 else dims.pop(0) for n in out.shape]
    tracer.put(out, eager(tracer, view.with_dims(result)))


@function("permute", "transpose", "transpose_", "t", "movedim", "swapaxes", "swapdims", "moveaxis", "mT", "__get__")
def permute(tracer, out, x, *args, **kwargs):
    known = tracer.get(x)
    name = tracer.operation.rpartition(".")[2]
    rank = x.dim()
    marks = torch.empty(list(range(2, rank + 2)), device="meta")
    if name in ("permute",):
        order = args[0] if args and isinstance(args[0], (tuple, list)) else args or kwargs["dims"]
    elif name in ("t", "mT", "__get__"):
        order = [*range(rank - 2), rank - 1, rank - 2]
    else:
        order = [n - 2 for n in getattr(torch, name.rstrip("_"))(marks, *args, **kwargs).shape]
    order = [i % rank for i in order]
    if isinstance(known, Scores) and order == [*range(rank - 2), rank - 1, rank - 2]:
        tracer.put(out, known.but(turned=not known.turned))
        return
    view = view_of(tracer, x)
    tracer.put(out, view.with_dims([view.dims[i] for i in order]))


@function("expand", "expand_as", "broadcast_to")
def expand(tracer, out, x, *args, **kwargs):
    view = view_of(tracer, x)
    new = out.dim() - len(view.dims)
    dims = []
    for i, n in enumerate(out.shape):
        old = view.dims[i - new] if i >= new else ()
        dims.append(old if size(old) == n else (Atom(n, virtual=True),))
    if out.shape[0] == tracer.batch.size and not any(tracer.batch in d for d in dims):
        # What is the same for each sample is given to each.
        dims[0] = (tracer.batch,)
    tracer.put(out, view.with_dims(dims))


@function("repeat", "tile")
def repeat(tracer, out, x, *args, **kwargs):
    """The whole again and again, along each dimension."""
    view = view_of(tracer, x)
    new = out.dim() - len(view.dims)
    dims = []
    for i, n in enumerate(out.shape):
        old = view.dims[i - new] if i >= new else ()
        times = n // size(old)
        dims.append(old if times == 1 else (tracer.batch,) if i == 0 and not old and n == tracer.batch.size and not any(tracer.batch in d for d in view.dims) else (Atom(times, virtual=True), *old))
    if any(len(d) > 1 and tracer.batch in d for d in dims):
        raise tracer.error("of the samples of a batch")
    tracer.put(out, view.with_dims(dims))


@function("repeat_interleave")
def repeat_interleave(tracer, out, x, repeats, dim=None, **kwargs):
    """Each element again and again, along a dimension."""
    if dim is None or not isinstance(repeats, int):
        raise tracer.error("without a dimension, or by a tensor")
    view = view_of(tracer, x)
    dim = dim % x.dim()
    if tracer.batch in view.dims[dim]:
        raise tracer.error("of the samples of a batch")
    tracer.put(out, view.with_dims([(*d, Atom(repeats, virtual=True)) if i == dim and repeats > 1 else d for i, d in enumerate(view.dims)]))


@function("channel_shuffle")
def channel_shuffle(tracer, out, x, groups):
    value = image(tracer, view_of(tracer, x), x.dim() - 2)
    (result,) = tracer.emit("channel_shuffle", {"groups": groups}, [value], [value.shape])
    tracer.put(out, channels_first(result, tracer.batch))
