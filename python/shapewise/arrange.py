"""Layers that bring the elements of a value into another order or shape."""

from __future__ import annotations

from .graph import Axes, Extents, Range, Word
from .known import MAX_RANK, Retry
from .values import Atom, Value, View, size


def axis_names(rank: int) -> list[str] | None:
    """What the axes of a shape are called in arguments."""
    return {
        1: ["features"],
        2: ["length", "features"],
        3: ["height", "width", "channels"],
        4: ["depth", "height", "width", "channels"],
    }.get(rank)


def flat(lists) -> list[Atom]:
    return [a for atoms in lists for a in atoms]


def sizes(lists) -> tuple[int, ...]:
    return tuple(size(atoms) for atoms in lists)


def settle(tracer, view: View) -> View:
    """The view without selections: what is not seen is sliced away."""
    if view.factor != 1.0:
        (value,) = tracer.emit("rescale", {"factor": float(view.factor)}, [view.value], [view.value.shape])
        view = View(value, view.axes, view.dims, dict(view.selected))
    while view.selected:
        view = _settle_one(tracer, view)
    return view


def _settle_one(tracer, view: View) -> View:
    atom, index = next(iter(view.selected.items()))
    rest = {a: i for a, i in view.selected.items() if a is not atom}
    place = next(i for i, axis in enumerate(view.axes) if atom in axis)
    axis = view.axes[place]
    rank = len(view.axes)
    without = tuple(a for a in axis if a is not atom)
    axes = (*view.axes[:place], without, *view.axes[place + 1 :])
    if axis == (atom,) and rank == 2 and place == 0 and index in (0, atom.size - 1):
        op = "first" if index == 0 else "last"
        (value,) = tracer.emit(op, {}, [view.value], [(size(view.axes[1]),)])
        return View(value, (view.axes[1],), view.dims, rest)
    names = axis_names(rank)
    if axis[0] is atom and names is not None:
        inner = size(without)
        part = Range((index * inner, (index + 1) * inner))
        shape = sizes(axes)
        (value,) = tracer.emit("slice", {names[place]: part}, [view.value], [shape])
        return View(value, axes, view.dims, rest)
    # Somewhere inside: the axis is split first.
    lists = [*((a,) for a in axis)]
    split = (*view.axes[:place], *lists, *view.axes[place + 1 :])
    split = tuple(split)
    value = _reshape(tracer, view.value, split)
    return _settle_one(tracer, View(value, split, view.dims, view.selected))


def _reshape(tracer, value: Value, axes, order: str = "channels_last") -> Value:
    shape = sizes(axes)
    if shape == value.shape:
        return value
    if len(shape) > MAX_RANK:
        raise tracer.error(f"takes a value apart into {len(shape)} axes, of which the language has {MAX_RANK}")
    if len(shape) == 0:
        raise tracer.error("makes a number of a value, without an axis")
    args = {"order": Word(order)}
    if len(shape) == 1:
        return tracer.emit("flatten", args, [value], [shape])[0]
    return tracer.emit("reshape", {"shape": Axes(shape), **args}, [value], [shape])[0]


def _channels_first(before, after) -> dict:
    """The order as an argument: of sequences the language goes by what made them where it is not written."""
    sequences = [shape for shape in (before, after) if len(shape) == 2 and 1 not in shape]
    kept = len(before) > 1 and len(after) > 1 and before[-1] == after[-1]
    return {"order": Word("channels_first")} if sequences and not kept else {}


def arrange(tracer, view: View, want) -> Value:
    """The value whose axes are the products of atoms that are wanted, in their order."""
    view = settle(tracer, view)
    if any(a.batch for a in flat(want)):
        raise tracer.error("the samples of a batch flow into one another")
    if any(a.virtual for a in flat(want)):
        return repeated(tracer, view, want)
    view = View(view.value, view.axes, tuple(tuple(atoms) for atoms in want)).merged()
    value, axes, dims = view.value, view.axes, view.dims
    if set(flat(axes)) != set(flat(dims)):
        raise tracer.error("takes a part of the elements only")
    if axes == dims:
        return value
    _input_order(tracer, value, axes, dims)
    shape = sizes(dims)
    if len(shape) > MAX_RANK:
        raise tracer.error(f"needs {len(shape)} axes, of which the language has {MAX_RANK}")

    def layer(op, args):
        return tracer.emit(op, args, [value], [shape])[0]

    channels, spatial = axes[-1] if axes else (), axes[:-1]
    first = [*channels, *flat(spatial)]
    if len(dims) == 1 and flat(dims) == first:
        return layer("flatten", _channels_first(value.shape, shape))
    if len(dims) == 2 and len(spatial) > 1 and dims == (tuple(flat(spatial)), channels):
        return layer("to_sequence", {})
    if len(dims) == len(axes) and all(dim in axes and dim for dim in dims):
        return layer("permute", {"axes": Axes(axes.index(dim) for dim in dims)})
    if flat(dims) == flat(axes):
        return _reshape(tracer, value, dims)
    if [*dims[-1], *flat(dims[:-1])] == first:
        return layer("reshape", {"shape": Axes(shape), **_channels_first(value.shape, shape)})
    found = shuffled(axes, dims) or pixels(axes, dims) or _patches(axes, dims)
    if found is not None:
        return layer(*found)
    turned = pixels(axes, dims, turned=True)
    if turned is not None:
        # As in Swin, which takes the columns of a patch before its rows.
        swap = {"axes": Axes((1, 0, 2))}
        h, w, c = value.shape
        (value,) = tracer.emit("permute", swap, [value], [(w, h, c)])
        (value,) = tracer.emit(*turned, [value], [(shape[1], shape[0], shape[2])])
        return tracer.emit("permute", swap, [value], [shape])[0]
    # In general: every atom an axis, in another order, and together again.
    atoms = flat(axes)
    if len(atoms) > MAX_RANK:
        raise tracer.error(
            f"reorders a value of {len(atoms)} axes, of which the language has {MAX_RANK}"
        )
    value = _reshape(tracer, value, [(a,) for a in atoms])
    order = flat(dims)
    if order != atoms:
        (value,) = tracer.emit(
            "permute",
            {"axes": Axes(atoms.index(a) for a in order)},
            [value],
            [tuple(a.size for a in order)],
        )
    return _reshape(tracer, value, dims)


def repeated(tracer, view: View, want) -> Value:
    """Elements that are repeated along axes: axes of 1 that become longer."""
    atoms = flat(want)
    if len(atoms) > MAX_RANK:
        raise tracer.error(f"repeats elements of {len(atoms)} axes, of which the language has {MAX_RANK}")
    if all(len(part) == 1 for part in want):
        one_by_one = [() if a.virtual else (a,) for (a,) in want]
    else:
        one_by_one = [() if a.virtual else (a,) for a in atoms]
    value = arrange(tracer, view, one_by_one)
    shape = tuple(a.size for a in atoms)
    (value,) = tracer.emit("expand", {"shape": Axes(shape)}, [value], [shape])
    return _reshape(tracer, value, [tuple(atoms_) for atoms_ in want])


def _input_order(tracer, value: Value, axes, dims) -> None:
    """An input whose axes are wanted in another order is written in that order."""
    if value in tracer.inputs and len(dims) == len(axes) == len(value.shape) and value not in tracer.settled:
        order = [axes.index(dim) if dim in axes else -1 for dim in dims]
        if sorted(order) == list(range(len(axes))):
            raise Retry(value, order)


def shuffled(axes, dims):
    """Channels of groups dealt out."""
    if axes[:-1] == dims[:-1] and len(axes[-1]) == 2 and dims[-1] == axes[-1][::-1]:
        return "channel_shuffle", {"groups": axes[-1][0].size}
    return None


def pixels(axes, dims, turned: bool = False):
    """Channels that become pixels, or pixels channels."""
    if len(axes) != 3 or len(dims) != 3:
        return None
    many, few, op = (dims, axes, "pixel_shuffle")
    if len(flat(axes[:2])) == 4:
        many, few, op = (axes, dims, "pixel_unshuffle")
    if len(many[0]) == 2 == len(many[1]) and len(many[2]) == 1:
        (h, r), (w, s), (c,) = many
        if r.size == s.size and few[:2] == ((h,), (w,)):
            if few[2] == (c, r, s) and not turned:
                return op, {"factor": r.size}
            if few[2] == ((s, r, c) if turned else (r, s, c)):
                return op, {"factor": r.size, "order": Word("channels_last")}
    return None


def _patches(axes, dims):
    """Patches of an image as a sequence."""
    if len(axes) == 3 and len(dims) == 2 and len(axes[0]) == len(axes[1]) == 2:
        (h, p), (w, q) = axes[:2]
        kernel = Extents((p.size, q.size))
        if dims[0] == (h, w) and len(axes[2]) == 1:
            (c,) = axes[2]
            if dims[1] == (c, p, q):
                return "unfold", {"kernel": kernel, "stride": kernel}
            if dims[1] == (p, q, c):
                return "unfold", {"kernel": kernel, "stride": kernel, "order": Word("channels_last")}
    return None


def image(tracer, view: View, spatial: int) -> Value:
    """A tensor `N x C x ...` as an image, a sequence or a volume with its channels last."""
    if len(view.dims) != spatial + 2:
        raise tracer.error(f"takes a tensor of {len(view.dims)} dimensions, without a batch")
    if view.dims[0] != (tracer.batch,) and (view.dims[0] or tracer.batch in flat(view.dims)):
        raise tracer.error("the batch is not the first dimension")
    return arrange(tracer, view, [*view.dims[2:], view.dims[1]])


def last(tracer, view: View) -> View:
    """The view with the last dimension as the last axis, whatever the order of the others."""
    view = settle(tracer, view)
    merged = view.merged()
    if any(a.batch for a in merged.dims[-1]):
        raise tracer.error("the samples of a batch flow into one another")
    if merged.axes and merged.axes[-1] == merged.dims[-1] and not any(a.virtual for a in flat(view.dims)):
        return merged
    want = [tuple(a for a in dim if not a.batch) for dim in merged.dims]
    want = [dim for i, dim in enumerate(want) if dim or i == len(want) - 1 or i and tracer.batch not in merged.dims[i]]
    if len(want) > MAX_RANK:
        want = [tuple(flat(want[:-1])), want[-1]]
    return View(arrange(tracer, merged, want), tuple(want), merged.dims)


def real(tracer, view: View) -> View:
    """The view with what it repeats as elements of its own."""
    dims = [tuple(Atom(a.size) if a.virtual else a for a in d) for d in view.dims]
    want = [tuple(a for a in d if not a.batch) for d in view.dims if d != (tracer.batch,)]
    axes = [tuple(a for a in d if not a.batch) for d in dims if d != (tracer.batch,)]
    return View(arrange(tracer, view, want), tuple(axes), tuple(dims))


def refine(a: View, b: View):
    """Both views of one shape, with dimensions of the same atoms; and which is which."""
    pairs: list[tuple[Atom, Atom]] = []
    for i in range(len(a.dims)):
        j = 0
        while j < len(a.dims[i]) or j < len(b.dims[i]):
            x, y = a.dims[i][j], b.dims[i][j]
            if x.size == y.size:
                if x.batch != y.batch:
                    return None
                pairs.append((x, y))
                j += 1
            elif x.size % y.size == 0 and not x.batch:
                a, _ = a.split(x, [y.size, x.size // y.size])
            elif y.size % x.size == 0 and not y.batch:
                b, _ = b.split(y, [x.size, y.size // x.size])
            else:
                return None
    return a, b, dict(pairs)


def align(tracer, a: View, b: View) -> tuple[View, Value]:
    """Brings the second into the layout of the first: both values agree element by element."""
    a, b = settle(tracer, a), settle(tracer, b)
    if any(x.virtual for x in flat(a.dims)):
        a = real(tracer, a)
    if not any(x.virtual for x in flat(b.dims)) and a.key() == b.key():
        return a, b.value
    found = refine(a, b)
    if found is None:
        raise tracer.error("two values are arranged in ways that do not fit")
    a, b, same = found
    return a, arrange(tracer, b, [tuple(same[x] for x in axis) for axis in a.axes])
