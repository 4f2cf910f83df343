"""Values side by side."""

from __future__ import annotations

import itertools

import torch

from .arrange import align, arrange, axis_names, settle
from .graph import Word
from .handlers import function, view_of
from .known import Param
from .operators import as_view, batched, number
from .values import Atom, View, plain


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
    for order in itertools.permutations(keys):
        every = list(itertools.product(*(range(extent[k]) for k in order)))
        if [tuple(c.get(k) for k in order) for c in chosen] == every:
            atoms = tuple(first.axes[i][j] for i, j in order)
            dims = [(*atoms, *d) if i == dim else d for i, d in enumerate(first.dims)]
            return View(first.value, first.axes, tuple(dims), {a: i for a, i in first.selected.items() if a not in atoms})
    return None


def token(tracer, out, xs, known, dim):
    """Learned vectors before a sequence; other parameters beside a value are values themselves."""
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
    for other in views[1:]:
        first, value = align(tracer, first, other)
        values.append(value)
    (result,) = tracer.emit("stack", {}, values, [(len(xs), *values[0].shape)])
    fresh = (Atom(len(xs)),)
    dims = [*first.dims[:dim], fresh, *first.dims[dim:]]
    tracer.put(out, View(result, (fresh, *first.axes), tuple(dims)))
