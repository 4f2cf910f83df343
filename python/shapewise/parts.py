"""Parts of a value: an index, a range, each of several."""

from __future__ import annotations

import torch

from .arrange import _reshape, arrange, axis_names, settle
from .graph import Extents, Range
from .handlers import function, view_of
from .known import MAX_RANK
from .values import Atom, View, regroup, size


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
