"""How functions of PyTorch find what they are as layers, and what their arguments are in the language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch

from .graph import Extents, Word
from .known import Param, Pending
from .values import Atom, View

if TYPE_CHECKING:
    from .tracer import Tracer

FUNCTIONS: dict[Any, Callable[..., Any]] = {}


def function(*names: str):
    """A handler for functions, methods and operators of these names."""

    def add(handler):
        for name in names:
            FUNCTIONS[name] = handler
        return handler

    return add


def view_of(tracer: Tracer, x: Any, what: str = "the input") -> View:
    found = tracer.get(x)
    if isinstance(found, Pending):
        found = found.realise(tracer)
        tracer.put(x, found)
    if isinstance(found, View):
        return found
    if isinstance(found, Param):
        from .operators import as_value

        return as_value(tracer, found, tuple(x.shape))
    if found is None:
        raise tracer.error(f"{what} is a constant")
    raise tracer.error(f"{what} is {found}")


def name_of(tracer: Tracer, x: Any, what: str) -> str:
    found = tracer.views.get(id(x))
    if isinstance(found, Param) and found.whole:
        if "running" not in what and not isinstance(found.base, torch.nn.Parameter):
            raise tracer.error(f"{what} is the buffer `{found.name}`, which nothing learns")
        return found.name
    if isinstance(found, Param):
        raise tracer.error(f"{what} is a view of the parameter `{found.name}`")
    raise tracer.error(f"{what} is not a parameter but calculated")


def tensors(tracer: Tracer, **kinds: Any) -> dict[str, str]:
    return {kind: name_of(tracer, x, f"the {kind}") for kind, x in kinds.items() if x is not None}


def extents(x: Any, rank: int) -> Any:
    """One number where all are equal, else an extent for each axis."""
    values = (x,) * rank if isinstance(x, int) else tuple(x) * (rank if len(x) == 1 else 1)
    return values[0] if len(set(values)) == 1 else Extents(values)


def kernel_of(x: Any, rank: int) -> Extents:
    return Extents((x,) * rank if isinstance(x, int) else tuple(x) * (rank if len(x) == 1 else 1))


def padding_of(padding: Any, kernel: Extents, dilation: Any, rank: int) -> Any:
    """`half` where it is that, since it says why."""
    values = (padding,) * rank if isinstance(padding, int) else tuple(padding) * (rank if len(padding) == 1 else 1)
    steps = (dilation,) * rank if isinstance(dilation, int) else tuple(dilation)
    half = tuple(d * (k - 1) // 2 for k, d in zip(kernel, steps))
    if values == half and any(values) and all(k % 2 for k in kernel):
        return Word("half")
    return extents(values, rank)


def replace_last(view: View, value) -> View:
    """The same layout with another number of features."""
    fresh = _atoms(value.shape[-1])
    return View(value, (*view.axes[:-1], fresh), (*view.dims[:-1], fresh))


def _atoms(n: int):
    return (Atom(n),) if n != 1 else ()
