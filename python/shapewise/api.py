"""`to_network`: a module as source."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from .graph import NetworkError
from .names import is_label
from .source import source
from .trace import trace

Input = tuple[tuple[int, ...], torch.dtype]


def to_network(
    model: nn.Module,
    inputs: Any,
    *,
    name: str | None = None,
    input_names: Sequence[str] | None = None,
    kwargs: dict[str, Any] | None = None,
    doc: str | None = None,
    stub: bool = False,
    train: bool = False,
    progress: bool = False,
) -> str:
    """The source of a `network!` that is this module.

    `inputs` is what `forward` takes: a tensor with a batch axis (its numbers are not looked at), a shape
    without one, or a list of these. `kwargs` go to `forward` as they are. The module is traced as it
    evaluates; with `train` as it trains, which shows auxiliary outputs.

    What the language cannot say is a `NetworkError`. With `stub` the module that asks for it becomes a
    `custom` layer, with its measured shape, tensors and costs.
    """
    name = name or camel(type(model).__name__)
    described = [describe(x) for x in listed(inputs)]
    if not isinstance(model, nn.Module):
        raise TypeError(f"{type(model).__name__} is no torch.nn.Module")
    if len({id(p.device.type) for p in model.parameters()}) == 0 and not described:
        raise TypeError("the module has no inputs")
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) or name == "Self":
        raise NetworkError(f"`{name}` is no name of a network: one is written as `{camel(name) if name != 'Self' else 'Net'}`")
    for given in input_names or []:
        if not is_label(given):
            raise NetworkError(f"`{given}` is no name of an input: it is a word of Rust or of every network, or not in snake_case")
    if len(set(input_names or [])) != len(input_names or []):
        raise NetworkError("two inputs are called the same")
    graph = trace(model, described, kwargs, progress, train, stub)
    names = list(input_names) if input_names is not None else port_names(model, described)
    if len(names) != len(described):
        raise ValueError(f"{len(names)} names for {len(described)} inputs")
    return source(graph, name, names, doc or "")


def listed(inputs: Any) -> list[Any]:
    if isinstance(inputs, torch.Tensor) or is_shape(inputs) or is_described(inputs):
        return [inputs]
    return list(inputs)


def is_shape(x: Any) -> bool:
    return isinstance(x, (tuple, list, torch.Size)) and len(x) > 0 and all(isinstance(n, int) for n in x)


def is_described(x: Any) -> bool:
    return isinstance(x, tuple) and len(x) == 2 and is_shape(x[0]) and isinstance(x[1], torch.dtype)


def describe(x: Any) -> Input:
    """Shape without the batch, and type."""
    if isinstance(x, torch.Tensor):
        if x.dim() < 2:
            raise ValueError(f"an input of {tuple(x.shape)} has no batch axis")
        return tuple(x.shape[1:]), x.dtype
    if is_described(x):
        return tuple(x[0]), x[1]
    if is_shape(x):
        return tuple(x), torch.float32
    raise TypeError(f"an input is a tensor or a shape, not {x!r}")


def camel(name: str) -> str:
    words = [w for w in re.split(r"[_\W]+", name) if w]
    found = "".join(w[:1].upper() + w[1:] for w in words) or "Net"
    return found if found[0].isalpha() else f"Net{found}"


def port_names(model: nn.Module, inputs: list[Input]) -> list[str]:
    """What the inputs are called: as `forward` calls them, where that says more than `x`."""
    try:
        theirs = [p for p in inspect.signature(model.forward).parameters]
    except (TypeError, ValueError):
        theirs = []
    found: list[str] = []
    for i, (shape, dtype) in enumerate(inputs):
        kind = {1: "features", 2: "sequence", 3: "image", 4: "volume"}.get(len(shape), "data")
        name = kind if dtype.is_floating_point else "tokens"
        if len(inputs) > 1 and i < len(theirs) and is_label(theirs[i]) and len(theirs[i]) > 1:
            name = theirs[i]
        if name in model._modules:
            name = "data"
        base, n = name, 2
        while name in found:
            name, n = f"{base}{n}", n + 1
        found.append(name)
    return found
