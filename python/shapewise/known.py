"""What is known of the tensors of a trace, beside views of values; and what makes it begin again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from .values import Atom, Value, View

if TYPE_CHECKING:
    from .tracer import Tracer

#: How many samples a trace runs: a number that shapes of models seldom have.
BATCH = 3

#: The most axes that a shape of the language has.
MAX_RANK = 5


class Retry(Exception):
    """An input is wanted in another order of axes."""

    def __init__(self, value: Value, order: list[int]) -> None:
        super().__init__()
        self.index = int(value.name or 0)
        self.order = order


class AsValue(Exception):
    """A parameter is read more than once: all that read it read a value."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class AsNetwork(Exception):
    """A module is called more than once, and more of it than a weight is shared: it becomes a network of its own."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


class Param:
    """A parameter or a buffer, or a view of one."""

    def __init__(self, name: str, tensor: torch.Tensor, dims: tuple, base: torch.Tensor):
        #: How many rows of a table are seen, if not all.
        self.rows: int | None = None
        self.name = name
        self.tensor = tensor
        self.dims = dims  # which dimension of `base` each is, or None for one of 1
        self.base = base

    @property
    def whole(self) -> bool:
        return self.dims == tuple(range(self.base.dim()))


class Poison:
    """A result that the language cannot give: an error where it is read."""

    def __init__(self, why: str) -> None:
        self.why = why


class Pending:
    """What becomes a value where it is read, if nothing better comes before."""

    def realise(self, tracer: Tracer) -> View:
        raise NotImplementedError


def tensors_in(x: Any):
    if isinstance(x, torch.Tensor):
        yield x
    elif isinstance(x, (list, tuple)):
        for y in x:
            yield from tensors_in(y)
    elif isinstance(x, dict):
        for y in x.values():
            yield from tensors_in(y)


def swap(x: Any, change) -> Any:
    """The same nest of tensors, each changed."""
    if isinstance(x, torch.Tensor):
        return change(x)
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return type(x)(*(swap(y, change) for y in x))
    if isinstance(x, (list, tuple)) and type(x) in (list, tuple, torch.Size):
        return type(x)(swap(y, change) for y in x) if type(x) is not torch.Size else x
    if type(x) is dict:
        return {k: swap(v, change) for k, v in x.items()}
    return x


def unbatched(view: View, batch: Atom, shape: tuple[int, ...]) -> View:
    """What is the same for each sample as a tensor without samples, if that has this shape."""
    if not view.dims or view.dims[0] != (batch,):
        return view
    if shape[:1] == (1,) and view.shape[1:] == shape[1:]:
        return view.with_dims([(), *view.dims[1:]])
    return view.with_dims(view.dims[1:]) if view.shape[1:] == shape else view
