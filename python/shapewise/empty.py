"""Models without memory for their weights, whose constants have their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch.overrides import TorchFunctionMode

#: What makes weights: their numbers are drawn, or come later.
DRAWN = {torch.empty, torch.rand, torch.randn, torch.normal, torch.empty_strided}


class Empty(TorchFunctionMode):
    """Puts weights on the meta device; tables, masks and rates are calculated as ever."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if func in DRAWN and kwargs.get("device") is None and kwargs.get("out") is None:
            kwargs["device"] = "meta"
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
