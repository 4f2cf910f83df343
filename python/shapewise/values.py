"""What flows: values in the notation of `network!`, and the views of them that PyTorch holds.

A *value* has extents in the notation: spatial extents first, channels (features) last, no batch.
A *tensor* of PyTorch is a view of a value: its dimensions are products of *atoms*, which are also
what the extents of the value are products of. So `permute`, `view`, `unsqueeze` and the like move
atoms and make no layer; a layer that needs another arrangement asks `arrange` for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod


class Atom:
    """An axis that nothing has split so far."""

    __slots__ = ("size", "batch", "virtual")

    def __init__(self, size: int, batch: bool = False, virtual: bool = False) -> None:
        self.size = size
        self.batch = batch
        #: Repeated, not stored: what `expand` makes.
        self.virtual = virtual

    def __repr__(self) -> str:
        return ("B" if self.batch else "v" if self.virtual else "a") + str(self.size)


Atoms = tuple[Atom, ...]


class Value:
    """A value of the network: the result of a node, or an input."""

    __slots__ = ("shape", "node", "name", "__weakref__")

    def __init__(self, shape: tuple[int, ...], node: object = None, name: str | None = None):
        self.shape = shape
        self.node = node
        self.name = name

    def __repr__(self) -> str:
        return f"<{'x'.join(map(str, self.shape))} of {self.node or self.name}>"


@dataclass
class View:
    """A tensor as a view of a value."""

    value: Value
    #: For each axis of the notation, its atoms, the slowest first.
    axes: tuple[Atoms, ...]
    #: For each dimension of the tensor, its atoms.
    dims: tuple[Atoms, ...]
    #: Atoms of the axes of which only one index is seen.
    selected: dict[Atom, int] = field(default_factory=dict)
    #: What every element is still to be multiplied by.
    factor: float = 1.0

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(size(dim) for dim in self.dims)

    def with_dims(self, dims) -> View:
        return View(
            self.value, self.axes, tuple(tuple(dim) for dim in dims), dict(self.selected), self.factor
        )

    def split(self, atom: Atom, sizes: list[int]) -> tuple[View, Atoms]:
        """The same view with an atom as a product of others."""
        parts = tuple(Atom(n, atom.batch, atom.virtual) for n in sizes if n != 1)

        def put(lists):
            return tuple(
                tuple(part for a in atoms for part in (parts if a is atom else (a,)))
                for atoms in lists
            )

        return (
            View(self.value, put(self.axes), put(self.dims), dict(self.selected), self.factor),
            parts,
        )

    def merged(self) -> View:
        """The same view with as few atoms as can say it."""
        view = self
        while True:
            pair = view._pair()
            if pair is None:
                return view
            one = Atom(pair[0].size * pair[1].size)

            def put(lists, pair=pair, one=one):
                out = []
                for atoms in lists:
                    row, i = [], 0
                    while i < len(atoms):
                        if atoms[i] is pair[0]:
                            row.append(one)
                            i += 2
                        else:
                            row.append(atoms[i])
                            i += 1
                    out.append(tuple(row))
                return tuple(out)

            view = View(
                view.value, put(view.axes), put(view.dims), dict(view.selected), view.factor
            )

    def _pair(self):
        following = {}
        for axis in self.axes:
            for a, b in zip(axis, axis[1:]):
                following[a] = b
        for dim in self.dims:
            for a, b in zip(dim, dim[1:]):
                plain = not (a.batch or b.batch or a.virtual or b.virtual)
                if plain and following.get(a) is b:
                    return a, b
        return None

    def key(self):
        """Where each dimension lies in the notation: equal for views that agree by element."""
        view = self.merged()
        place = {a: (i, j) for i, axis in enumerate(view.axes) for j, a in enumerate(axis)}
        return (
            tuple(size(axis) for axis in view.axes),
            tuple(
                tuple(("B",) if a.batch else (*place.get(a, ("v",)), a.size) for a in dim)
                for dim in view.dims
            ),
            tuple(sorted((place[a], i) for a, i in view.selected.items())),
        )


def size(atoms) -> int:
    return prod(atom.size for atom in atoms)


def plain(value: Value, batch: Atom, order: list[int] | None = None) -> View:
    """The view of a whole value: batch first, then its axes in an order (as they are)."""
    axes = tuple((Atom(n),) if n != 1 else () for n in value.shape)
    order = list(range(len(axes))) if order is None else order
    return View(value, axes, ((batch,), *(axes[i] for i in order)))


def channels_first(value: Value, batch: Atom) -> View:
    """The view of an image as PyTorch has it."""
    rank = len(value.shape)
    return plain(value, batch, [rank - 1, *range(rank - 1)])


class Unaligned(Exception):
    """A shape that cuts through atoms."""


def regroup(view: View, shape: list[int]) -> View:
    """The same elements in the same order with other dimensions; `Unaligned` if they cut."""
    atoms = [a for dim in view.dims for a in dim]
    dims: list[list[Atom]] = []
    for extent in shape:
        dim: list[Atom] = []
        left = extent
        while left > 1:
            if not atoms:
                raise Unaligned
            atom = atoms[0]
            if left % atom.size == 0:
                dim.append(atoms.pop(0))
                left //= atom.size
            elif atom.size % left == 0 and not atom.batch:
                view, parts = view.split(atom, [left, atom.size // left])
                atoms[0:1] = parts
            else:
                raise Unaligned
        dims.append(dim)
    if atoms:
        raise Unaligned
    return view.with_dims(dims)
