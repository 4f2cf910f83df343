"""Counts operations as PyTorch does."""

from __future__ import annotations

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry


class Counter(TorchDispatchMode):
    """Counts by the rules of `torch.utils.flop_counter`, without its hooks on modules."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def get_total_flops(self) -> int:
        return self.total

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        rule = flop_registry.get(func._overloadpacket)
        if rule is None and func is not torch.ops.prim.device.default:
            with self:
                out = func.decompose(*args, **kwargs)
            if out is not NotImplemented:
                return out
        out = func(*args, **kwargs)
        if rule is not None:
            self.total += rule(*args, **kwargs, out_val=out)
        return out
