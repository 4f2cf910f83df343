"""Views of parameters: what moves their axes, and nothing that calculates."""

from __future__ import annotations

from .known import Param

PARAMS = {}


def param(*names):
    def add(function):
        for name in names:
            PARAMS[name] = function
        return function

    return add


def known(tracer, x):
    found = tracer.views.get(id(x))
    return found if isinstance(found, Param) else None


@param("expand", "expand_as", "broadcast_to")
def expand(tracer, out, x, *args, **kwargs):
    p = known(tracer, x)
    if p is None:
        return None
    new = out.dim() - len(p.dims)
    return Param(p.name, out, (None,) * new + p.dims, p.base)


@param("unsqueeze")
def unsqueeze(tracer, out, x, dim):
    p = known(tracer, x)
    dim = dim % out.dim()
    return p and Param(p.name, out, (*p.dims[:dim], None, *p.dims[dim:]), p.base)


@param("repeat")
def repeat(tracer, out, x, *args, **kwargs):
    """Along axes of one, as `expand` does."""
    p = known(tracer, x)
    new = out.dim() - len(p.dims) if p else 0
    if p is None or any(n != out.shape[i + new] and n != 1 for i, n in enumerate(x.shape)):
        return None
    return Param(p.name, out, (None,) * new + tuple(d if n == out.shape[i + new] else None for i, (d, n) in enumerate(zip(p.dims, x.shape))), p.base)


@param("view", "reshape", "squeeze", "flatten", "__getitem__")
def view(tracer, out, x, *args, **kwargs):
    """Axes of one that come or go; nothing else."""
    import torch

    p = known(tracer, x)
    if p is not None and args and isinstance(args[0], torch.Tensor):
        from .windows import window_bias

        return window_bias(tracer, out, args[0], p)
    if p is None or out.numel() != x.numel():
        return None
    real = [(d, n) for d, n in zip(p.dims, x.shape) if n != 1]
    if [n for _, n in real] != [n for n in out.shape if n != 1]:
        return None
    rest = iter([d for d, _ in real])
    ones = iter([d for d, n in zip(p.dims, x.shape) if n == 1 and d is not None])
    dims = tuple(next(rest) if n != 1 else next(ones, None) for n in out.shape)
    return Param(p.name, out, dims, p.base)


@param("permute", "transpose", "t", "T", "movedim", "swapaxes", "mT")
def permute(tracer, out, x, *args, **kwargs):
    p = known(tracer, x)
    if p is None:
        return None
    import torch

    marks = torch.empty([i + 2 for i in range(x.dim())], device="meta")
    name = tracer.permuting
    marks = marks.mT if name == "mT" else marks.t() if name == "T" else getattr(torch.Tensor, name)(marks, *args, **kwargs)
    order = [n - 2 for n in marks.shape]
    return Param(p.name, out, tuple(p.dims[i] for i in order), p.base)


@param("contiguous", "to", "type_as", "clone", "detach", "float", "type", "half", "bfloat16", "requires_grad_", "data", "cast", "alias")
def same(tracer, out, x, *args, **kwargs):
    p = known(tracer, x)
    return p and Param(p.name, out, p.dims, p.base)


@param("embedding")
def embedding(tracer, out, indices, weight, *args, **kwargs):
    """The first rows of a table, one a position: a table of positions."""
    import torch

    p = known(tracer, weight)
    data = tracer.constant(indices)
    if p is None or data is None or not p.whole:
        return None
    if data.dim() == 2 and bool((data == data[:1]).all()) and data.shape[0] == tracer.batch.size:
        # The same for each sample.
        data = data[:1]
    rows = data.flatten()
    if data.dim() <= 2 and torch.equal(rows.cpu(), torch.arange(rows.numel())):
        found = Param(p.name, out, (*[None] * (out.dim() - 2), 0, 1), p.base)
        found.rows = rows.numel()
        return found
    step = int(rows[1] - rows[0]) if rows.numel() > 1 else 0
    if step > 0 and data.dim() <= 2 and torch.equal(rows.cpu(), torch.arange(int(rows[0]), int(rows[-1]) + 1, step)):
        return from_place(tracer, int(rows[0]), step, rows.numel(), p)
    if data.dim() == 2 and bool((rows == rows[0]).all()):
        return everywhere(tracer, out, int(rows[0]), data.shape[-1], p)
    if data.dim() == 2 and data.shape[0] == data.shape[1]:
        return distances(tracer, out, data, p)
    return None


def from_place(tracer, start: int, step: int, length: int, p):
    """Rows of a table from another one than the first on."""
    import torch

    from .values import plain

    source = next((v for v in tracer.inputs if v.shape == (length,)), None) or tracer.latest.get(length)
    if source is None:
        return None
    args = {"start": start, "step": step}
    (indices,) = tracer.emit("arange", args, [source], [(length,)])
    entries, features = p.base.shape
    args = {"entries": entries, "features": features}
    (value,) = tracer.emit("embedding", args, [indices], [(length, features)], {"weight": p.name})
    made = torch.empty((tracer.batch.size, length, features), device="meta")
    tracer.put(made, plain(value, tracer.batch))
    return made


def distances(tracer, out, data, p):
    """A number for each head and distance, in T5's buckets: they are calculated again and compared."""
    import torch

    from .values import Atom, View

    buckets, heads = p.base.shape
    length = data.shape[0]
    source = tracer.latest.get(length)
    places = torch.arange(length)
    apart = places[None, :] - places[:, None]
    limits = {128, getattr(getattr(tracer.module, "config", None), "relative_attention_max_distance", 128)}
    for both in (True, False):
        for most in limits:
            if source is not None and torch.equal(data.long(), bucket(apart, both, buckets, most)):
                args = {"heads": heads, "buckets": buckets, "max_distance": most, "bidirectional": both}
                names = {"weight": p.name}
                (value,) = tracer.emit("relative_position_bias", args, [source], [(heads, length, length)], names)
                h, q, k = ((Atom(n),) for n in (heads, length, length))
                return View(value, (h, q, k), (q, k, h))
    return None


def bucket(apart, both: bool, buckets: int, most: int):
    import math

    import torch

    side = buckets // 2 if both else buckets
    first = (apart > 0).long() * side if both else torch.zeros_like(apart)
    far = apart.abs() if both else (-apart).clamp(min=0)
    exact = side // 2
    wide = exact + (torch.log(far.float() / exact) / math.log(most / exact) * (side - exact)).long()
    return first + torch.where(far < exact, far, wide.clamp(max=side - 1))


def everywhere(tracer, out, index, length, p):
    """The same row at each position: types of tokens that nobody gives."""
    import torch

    from .values import plain

    source = next((v for v in tracer.inputs if v.shape == (length,)), None)
    if source is None:
        return None
    (indices,) = tracer.emit("full_like", {"value": index}, [source], [(length,)])
    entries, features = p.base.shape
    args = {"entries": entries, "features": features}
    (value,) = tracer.emit("embedding", args, [indices], [(length, features)], {"weight": p.name})
    made = torch.empty((tracer.batch.size, length, features), device="meta")
    tracer.put(made, plain(value, tracer.batch))
    return made
