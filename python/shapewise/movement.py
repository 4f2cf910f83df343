"""Functions that only move elements: no layer, until one needs them moved."""

from __future__ import annotations

import torch

from .arrange import _reshape, arrange, axis_names, flat, pixels, settle, shuffled
from .functions import function, view_of
from .graph import Extents, Range, Word
from .scores import Scores
from .trace import MAX_RANK, Param
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


@function("__getitem__", "select", "narrow")
def getitem(tracer, out, x, *args, **kwargs):
    name = tracer.operation.rpartition(".")[2]
    if name == "select":
        dim, index = args
        index = (slice(None),) * (dim % x.dim()) + (index,)
    elif name == "narrow":
        dim, start, length = args
        index = (slice(None),) * (dim % x.dim()) + (slice(start, start + length),)
    else:
        index = args[0]
    index = index if isinstance(index, tuple) else (index,)
    index = tuple(slice(i[0], i[-1] + 1 or None) if is_run(i) else i for i in index)
    if any(isinstance(i, (torch.Tensor, list)) for i in index):
        if len(index) == 2 and tracer.flowing(index[1]) and each_sample(tracer, index[0]):
            return positioned(tracer, out, x, index[1])
        if tracer.flowing(*index):
            raise tracer.error("indexes with what the network calculates")
        raise tracer.error("indexes with a list or a tensor")
    view = view_of(tracer, x)
    missing = x.dim() - sum(1 for i in index if i is not None and i is not Ellipsis)
    full: list = []
    for i in index:
        full.extend([slice(None)] * missing if i is Ellipsis else [i])
    if Ellipsis not in index:
        full.extend([slice(None)] * missing)
    dims: list = []
    place = 0
    for i in full:
        if i is None:
            dims.append(())
            continue
        n = size(view.dims[place])
        if isinstance(i, int):
            view = choose(tracer, view, place, i % n)
            view = view.with_dims([*view.dims[:place], (), *view.dims[place + 1 :]])
            dims.append(None)
        else:
            start, stop, step = i.indices(n)
            if (start, stop, step) != (0, n, 1):
                view = part(tracer, view, place, start, stop, step)
            dims.append(place)
        place += 1
    # What was indexed with a number is gone, `None` is new.
    out_dims = [view.dims[d] if isinstance(d, int) else () for d in dims if d is not None]
    tracer.put(out, view.with_dims(out_dims))


def is_run(index) -> bool:
    """Whether a list names neighbours, as a slice does."""
    return isinstance(index, list) and bool(index) and all(isinstance(i, int) for i in index) and index == list(range(index[0], index[0] + len(index)))


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


def each_sample(tracer, index) -> bool:
    """Whether an index is that of each sample of the batch."""
    data = tracer.constant(index) if isinstance(index, torch.Tensor) and not tracer.tracked(index) else None
    return data is not None and data.shape == (tracer.batch.size,) and torch.equal(data.cpu(), torch.arange(tracer.batch.size))


def positioned(tracer, out, x, index) -> None:
    """Of each sample the position that was found: `x[arange(n), places]`."""
    view, place = view_of(tracer, x), view_of(tracer, index)
    if len(view.dims) != 3 or view.dims[0] != (tracer.batch,) or place.dims != ((tracer.batch,),):
        raise tracer.error("indexes with what the network calculates")
    sequence = arrange(tracer, view, view.dims[1:])
    found = arrange(tracer, place, [()])
    (result,) = tracer.emit("index_select", {"index": found}, [sequence, found], [(1, sequence.shape[1])])
    features = (Atom(sequence.shape[1]),)
    tracer.put(out, View(result, ((), features), ((tracer.batch,), features)))


@function("argmax")
def argmax(tracer, out, input, dim=None, keepdim=False):
    view = settle(tracer, view_of(tracer, input))
    if len(view.value.shape) != 1 or dim is None or dim % input.dim() != 1:
        raise tracer.error("of something else than a vector")
    (result,) = tracer.emit("argmax", {}, [view.value], [(1,)])
    tracer.put(out, View(result, ((),), ((tracer.batch,), ()) if keepdim else ((tracer.batch,),)))


def choose(tracer, view: View, dim: int, index: int) -> View:
    """One index of a dimension."""
    atoms = view.dims[dim]
    if not atoms:
        return view
    if any(a.batch for a in atoms):
        raise tracer.error("takes one sample of a batch")
    selected = dict(view.selected)
    for atom in reversed(atoms):
        if not atom.virtual:
            selected[atom] = index % atom.size
        index //= atom.size
    return View(view.value, view.axes, view.dims, selected, view.factor)


def part(tracer, view: View, dim: int, start: int, stop: int, step: int) -> View:
    """A range of a dimension."""
    atoms = view.dims[dim]
    if any(a.batch for a in atoms):
        raise tracer.error("takes a part of a batch")
    n = size(atoms)
    if step > 1 and n % step == 0 and start < step and stop > n - step:
        # Every `step`th: one index of an axis of that extent.
        split = regroup(view, [size(d) for d in view.dims[:dim]] + [n // step, step] + [size(d) for d in view.dims[dim + 1 :]])
        split = choose(tracer, split, dim + 1, start)
        return split.with_dims([*split.dims[: dim + 1], *split.dims[dim + 2 :]])
    if step != 1:
        raise tracer.error(f"takes every {step}th element of {n}")
    view = settle(tracer, view).merged()
    atoms = view.dims[dim]
    names = axis_names(len(view.axes))
    place = next((i for i, axis in enumerate(view.axes) if axis and axis == atoms), None)
    if place is None or names is None:
        head = next((i for i, axis in enumerate(view.axes) if axis and atoms and axis[0] is atoms[0] and axis[: len(atoms)] == atoms), None)
        if head is not None and names is not None and len(atoms) == 1:
            # The slowest part of an axis: a range of the whole of it.
            rest = view.axes[head][1:]
            inner = size(rest)
            fresh = (Atom(stop - start),) if stop - start != 1 else ()
            axes = tuple((*fresh, *rest) if i == head else axis for i, axis in enumerate(view.axes))
            shape = tuple(size(axis) for axis in axes)
            (result,) = tracer.emit("slice", {names[head]: Range((start * inner, stop * inner))}, [view.value], [shape])
            return View(result, axes, tuple(fresh if d == atoms else d for d in view.dims))
        want = [tuple(a for a in d if not a.batch) for d in view.dims]
        want = [d for i, d in enumerate(want) if d or tracer.batch not in view.dims[i]]
        view = View(arrange(tracer, view, want), tuple(want), view.dims)
        names = axis_names(len(view.axes))
        place = next((i for i, axis in enumerate(view.axes) if axis == atoms), None)
        if place is None or names is None:
            raise tracer.error("takes a range of an axis that has no name")
    fresh = (Atom(stop - start),) if stop - start != 1 else ()
    axes = tuple(fresh if i == place else axis for i, axis in enumerate(view.axes))
    shape = tuple(size(axis) for axis in axes)
    (result,) = tracer.emit("slice", {names[place]: Range((start, stop))}, [view.value], [shape])
    return View(result, axes, tuple(fresh if i == dim else d for i, d in enumerate(view.dims)))


@function("unbind", "chunk", "split", "tensor_split", "split_with_sizes")
def split(tracer, out, x, *args, **kwargs):
    name = tracer.operation.rpartition(".")[2]
    dim = kwargs.get("dim", args[-1] if (name == "unbind" and args) or len(args) > 1 else 0) % x.dim()
    view = settle(tracer, view_of(tracer, x))
    atoms = view.dims[dim]
    if name == "unbind":
        parts = [1] * len(out)
    else:
        parts = [t.shape[dim] for t in out]
    if len(out) == 1:
        tracer.put(out[0], view if name != "unbind" else view.with_dims([d for i, d in enumerate(view.dims) if i != dim]))
        return
    axis = view.axes[-1]
    if atoms and axis[-len(atoms) :] == atoms != axis and len(view.axes) < MAX_RANK and name != "unbind":
        # Of each head: the heads become an axis of their own.
        want = (*view.axes[:-1], axis[: -len(atoms)], atoms)
        view = View(_reshape(tracer, view.value, want), want, view.dims)
        axis = atoms
    if atoms and axis[: len(atoms)] == atoms:
        rest = axis[len(atoms) :]
        inner = size(rest)
        equal = len(set(parts)) == 1
        sizes = [n * inner for n in parts]
        shapes = [(*view.value.shape[:-1], n) for n in sizes]
        values = tracer.emit("channel_split", {"parts": len(out) if equal else Extents(sizes)}, [view.value], shapes)
        for t, n, value in zip(out, parts, values):
            fresh = (Atom(n),) if n != 1 else ()
            dims = [fresh if i == dim else d for i, d in enumerate(view.dims)]
            if name == "unbind":
                del dims[dim]
            tracer.put(t, View(value, (*view.axes[:-1], (*fresh, *rest)), tuple(dims)))
        return
    start = 0
    for t, n in zip(out, parts):
        if name == "unbind":
            found = choose(tracer, view, dim, start)
            found = found.with_dims([d for i, d in enumerate(found.dims) if i != dim])
        else:
            found = part(tracer, view, dim, start, start + n, 1)
        tracer.put(t, found)
        start += n


@function("cat", "concat", "concatenate")
def cat(tracer, out, xs, dim=0, **kwargs):
    dim = kwargs.get("axis", dim) % out.dim()
    xs = [x for x in xs if x.numel()] or list(xs)
    known = [tracer.get(x) for x in xs]
    if len(xs) == 1:
        tracer.put(out, known[0])
        return
    if any(isinstance(k, Param) for k in known):
        return token(tracer, out, xs, known, dim)
    if any(k is None for k in known):
        xs = [x if k is not None else everywhere(tracer, x, xs, known) for x, k in zip(xs, known)]
    join(tracer, out, [view_of(tracer, x) for x in xs], dim)


def everywhere(tracer, x, xs, known):
    """The same number everywhere, beside values of the same shape."""
    from .operators import number

    like = next((y for y, k in zip(xs, known) if k is not None and y.shape == x.shape), None)
    n = number(tracer, x)
    if like is None or n is None:
        raise tracer.error("of a constant and of what is calculated")
    view = settle(tracer, view_of(tracer, like))
    (value,) = tracer.emit("full_like", {"value": n}, [view.value], [view.value.shape])
    made = torch.empty_like(x)
    tracer.put(made, View(value, view.axes, view.dims))
    return made


def join(tracer, out, views, dim):
    """Values side by side along a dimension."""
    from .operators import batched

    if any(tracer.batch in d for v in views for d in v.dims):
        views = [batched(tracer, v, out.dim()) for v in views]
    again = together(views, dim)
    if again is not None:
        tracer.put(out, again)
        return
    views = [settle(tracer, v).merged() for v in views]
    if any(tracer.batch in v.dims[dim] for v in views):
        raise tracer.error("of samples of a batch")
    first, place = laid_out(tracer, views, dim)
    where = [i for i in range(len(first.dims)) if first.dims[i] and i != dim]
    others = [next((i for i in where if first.dims[i] == axis), None) if axis else None for axis in first.axes]
    if any(axis and p is None for i, (axis, p) in enumerate(zip(first.axes, others)) if i != place):
        raise tracer.error("of values that are arranged in ways that do not fit")
    values = []
    for view in views:
        # In the layout of the first, whatever their extents.
        want = [view.dims[dim] if i == place else () if p is None else view.dims[p] for i, p in enumerate(others)]
        values.append(first.value if view is first else arrange(tracer, view, want))
    extent = sum(v.shape[place] for v in values)
    args = {} if place == len(first.axes) - 1 else {"axis": Word(axis_names(len(first.axes))[place])}
    shape = tuple(extent if i == place else n for i, n in enumerate(values[0].shape))
    (result,) = tracer.emit("concat", args, values, [shape])
    fresh = (Atom(extent),)
    axes = tuple(fresh if i == place else axis for i, axis in enumerate(first.axes))
    tracer.put(out, View(result, axes, tuple(fresh if i == dim else d for i, d in enumerate(first.dims))))


def laid_out(tracer, views: list[View], dim: int):
    """The first view, with a layout that has an axis for the dimension; and which one that is."""
    for view in views:
        place = next((i for i, axis in enumerate(view.axes) if axis and axis == view.dims[dim]), None)
        rest = {a for axis in view.axes for a in axis} == {a for d in view.dims for a in d if not a.batch}
        if place is not None and rest and (place == len(view.axes) - 1 or axis_names(len(view.axes))) and not any(a.virtual for d in view.dims for a in d):
            if view is not views[0]:
                # What comes first is brought into this layout, too.
                known = [next((i for i, d in enumerate(view.dims) if d == axis), None) for axis in view.axes]
                if any(axis and p is None for axis, p in zip(view.axes, known)):
                    continue
                want = [() if p is None else views[0].dims[p] for p in known]
                views[0] = View(arrange(tracer, views[0], want), tuple(want), views[0].dims)
            return views[0], place
    first = views[0]
    order = [i for i in range(len(first.dims)) if first.dims[i] != (tracer.batch,) and (i or first.dims[i])]
    if len(order) > 2 and order[0] == 1:
        order = [*order[1:], order[0]]
    if not axis_names(len(order)):
        order = [*(i for i in order if i != dim), dim]
    want = [first.dims[i] for i in order]
    views[0] = View(arrange(tracer, first, want), tuple(want), first.dims)
    return views[0], order.index(dim)


def together(views: list[View], dim: int) -> View | None:
    """Slices of one value, all of them, side by side: the axes that were sliced, again."""
    first = views[0]
    if not first.selected or any(
        v.value is not first.value or not v.selected or v.factor != 1.0 for v in views
    ):
        return None
    # Each view split its own atoms: compare by place.
    def sizes(v):
        return tuple(tuple(a.size for a in axis) for axis in v.axes)

    def places(v):
        return {a: (i, j) for i, axis in enumerate(v.axes) for j, a in enumerate(axis)}

    def shape(v):
        at = places(v)
        return tuple(tuple("B" if a.batch else at[a] for a in d) for d in v.dims)

    if any(sizes(v) != sizes(first) or shape(v) != shape(first) for v in views):
        return None
    chosen = [{places(v)[a]: i for a, i in v.selected.items()} for v in views]
    keys = list(chosen[0])
    extent = {k: first.axes[k[0]][k[1]].size for k in keys}
    import itertools

    for order in itertools.permutations(keys):
        every = list(itertools.product(*(range(extent[k]) for k in order)))
        if [tuple(c.get(k) for k in order) for c in chosen] == every:
            atoms = tuple(first.axes[i][j] for i, j in order)
            dims = [(*atoms, *d) if i == dim else d for i, d in enumerate(first.dims)]
            return View(first.value, first.axes, tuple(dims), {a: i for a, i in first.selected.items() if a not in atoms})
    return None


def token(tracer, out, xs, known, dim):
    """Learned vectors before a sequence; other parameters beside a value are values themselves."""
    from .operators import as_view

    first = next((i for i, k in enumerate(known) if isinstance(k, View)), None)
    if first is None:
        raise tracer.error("of parameters only")

    def is_token(x, k):
        return k.name not in tracer.values and k.base.dim() == 3 and k.base.shape[0] == 1 and k.base.shape[1:] == x.shape[1:] and k.dims[1:] == (1, 2)

    if dim == 1 and out.dim() == 3 and first > 0 and all(is_token(x, k) for x, k in zip(xs[:first], known[:first])):
        value = arrange(tracer, known[first], known[first].dims[1:])
        for x, k in zip(reversed(xs[:first]), reversed(known[:first])):
            count = x.shape[1]
            shape = (value.shape[0] + count, out.shape[2])
            args = {"count": count} if count != 1 else {}
            (value,) = tracer.emit("class_token", args, [value], [shape], {"": k.name})
        made = torch.empty((out.shape[0], *value.shape), device="meta")
        tracer.put(made, plain(value, tracer.batch))
        if first + 1 == len(xs):
            tracer.put(out, tracer.get(made))
            return
        xs = [made, *xs[first + 1 :]]
        known = [tracer.get(x) for x in xs]
    values = [k if isinstance(k, View) else as_view(tracer, k, known[first if isinstance(known[first], View) else 0].value, out.dim()) for k in known]
    join(tracer, out, values, dim)


@function("stack")
def stack(tracer, out, xs, dim=0):
    views = [settle(tracer, view_of(tracer, x)).merged() for x in xs]
    dim = dim % out.dim()
    first = views[0]
    values = [first.value]
    from .arrange import align

    for other in views[1:]:
        first, value = align(tracer, first, other)
        values.append(value)
    (result,) = tracer.emit("stack", {}, values, [(len(xs), *values[0].shape)])
    fresh = (Atom(len(xs)),)
    dims = [*first.dims[:dim], fresh, *first.dims[dim:]]
    tracer.put(out, View(result, (fresh, *first.axes), tuple(dims)))


@function("channel_shuffle")
def channel_shuffle(tracer, out, x, groups):
    from .arrange import image
    from .values import channels_first

    value = image(tracer, view_of(tracer, x), x.dim() - 2)
    (result,) = tracer.emit("channel_shuffle", {"groups": groups}, [value], [value.shape])
    tracer.put(out, channels_first(result, tracer.batch))
