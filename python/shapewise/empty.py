"""Models without memory for their weights, whose constants have their numbers."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

#: What makes weights: their numbers are drawn, or come later. What is made of whole numbers is an index.
DRAWN = {torch.empty, torch.rand, torch.randn, torch.normal, torch.empty_strided}

#: What makes tables, whose numbers count.
MADE = {torch.zeros, torch.ones, torch.full, torch.arange, torch.linspace}


class Empty(TorchFunctionMode):
    """Puts weights on the meta device; tables, masks and rates are calculated as ever."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        where, kind = kwargs.get("device"), kwargs.get("dtype")
        if func in DRAWN and where is None and kwargs.get("out") is None and (kind is None or kind.is_floating_point):
            kwargs["device"] = "meta"
        elif func in MADE and where is not None and torch.device(where).type == "meta":
            # Where the weights are, but a table.
            kwargs["device"] = "cpu"
        return func(*args, **kwargs)


@contextmanager
def meta() -> Iterator[None]:
    """Modules that are made inside have no memory for their weights.

    `torch.device("meta")` takes the numbers of all buffers away: positions, angles, masks, which an import has
    to know. Here they stay.

    ```
    with shapewise.meta():
        model = LlamaForCausalLM(config)
    ```
    """
    with Empty():
        yield


def lost(module: torch.nn.Module) -> list[str]:
    """The buffers that have no numbers and are no statistics."""
    usual = ("running_mean", "running_var", "num_batches_tracked")
    return [name for name, b in module.named_buffers() if b.device.type == "meta" and name.rpartition(".")[2] not in usual]


def metacopy(module: nn.Module) -> tuple[nn.Module, dict[int, torch.Tensor]]:
    """The module without data, and the data of its buffers."""
    memo: dict[int, Any] = {}
    data: dict[int, torch.Tensor] = {}
    keep = []
    for m in module.modules():
        for p in m._parameters.values():
            if p is not None and id(p) not in memo:
                memo[id(p)] = nn.Parameter(
                    torch.empty_like(p, device="meta"), requires_grad=p.requires_grad
                )
        for b in m._buffers.values():
            if b is not None and id(b) not in memo:
                memo[id(b)] = torch.empty_like(b, device="meta")
                if b.device.type != "meta":
                    data[id(memo[id(b)])] = b.detach()
                keep.append(b)
        for t in vars(m).values():
            # A weight that a hook makes anew, which is no leaf and has no copy.
            if isinstance(t, torch.Tensor) and not t.is_leaf and id(t) not in memo:
                memo[id(t)] = torch.empty_like(t, device="meta", requires_grad=False)
    return copy.deepcopy(module, memo), data
