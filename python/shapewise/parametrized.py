"""Weights that PyTorch makes of other tensors: weight and spectral normalisation, by `parametrizations` or by hooks."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.utils import parametrizations, parametrize
from torch.nn.utils.spectral_norm import SpectralNorm as OldSpectral
from torch.nn.utils.weight_norm import WeightNorm as OldWeight

from .graph import Word
from .known import Param

TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)


def prepare(tracer) -> None:
    """Lets each such weight be one tensor, of which is known what it is made of."""
    for path, module in tracer.module.named_modules():
        prefix = f"{path}." if path else ""
        found = getattr(module, "parametrizations", {})
        if isinstance(found, nn.ModuleDict) and "weight" in found:
            made = of_list(module, found["weight"], f"{prefix}parametrizations.weight.")
            if made is not None:
                tracer.parametrized[id(found["weight"])] = known(tracer, f"{prefix}weight", *made)
        for key, hook in list(module._forward_pre_hooks.items()):
            made = of_hook(module, hook, prefix)
            if made is not None:
                # It would make the weight again before each call.
                del module._forward_pre_hooks[key]
                module.__dict__["weight"] = known(tracer, f"{prefix}weight", *made)


def known(tracer, name: str, like: torch.Tensor, args: dict[str, Any], tensors: dict[str, str]) -> torch.Tensor:
    """A weight without data, of these tensors."""
    weight = nn.Parameter(torch.empty(like.shape, device="meta"), requires_grad=False)
    tracer.put(weight, Param(name, weight, tuple(range(weight.dim())), weight))
    tracer.made[name] = args, tensors
    return weight


def of_list(module: nn.Module, made: parametrize.ParametrizationList, prefix: str):
    """The weight's shape, the arguments and the tensors of one of PyTorch's parametrizations."""
    if len(made) != 1:
        return None
    (norm,) = made
    if isinstance(norm, parametrizations._WeightNorm):
        names = {f"parametrizations.weight.{name}": prefix + name for name in ("original0", "original1")}
        return made.original1, lengths(norm.dim, made.original1), names
    if isinstance(norm, parametrizations._SpectralNorm) and made.original.dim() > 1:
        names = {f"parametrizations.weight.{name}": prefix + name for name in ("original", "0._u", "0._v")}
        return made.original, spectral(module, norm.dim, norm.n_power_iterations, made.original), names
    return None


def of_hook(module: nn.Module, hook, prefix: str):
    """The same of the older functions."""
    if not isinstance(hook, (OldWeight, OldSpectral)) or hook.name != "weight":
        return None
    if isinstance(hook, OldWeight):
        args, names = lengths(hook.dim, module.weight_v), ("weight_g", "weight_v")
        like = module.weight_v
    else:
        args = spectral(module, hook.dim, hook.n_power_iterations, module.weight_orig)
        like, names = module.weight_orig, ("weight_orig", "weight_u", "weight_v")
    return like, {**args, "old_names": True}, {name: prefix + name for name in names}


def lengths(dim: int | None, weight: torch.Tensor) -> dict[str, Any]:
    args: dict[str, Any] = {"weight_norm": True}
    if dim is None or dim == -1:
        # PyTorch takes the last axis, counted from the end, for all of them.
        args["norm_dim"] = Word("all")
    elif dim % weight.dim():
        args["norm_dim"] = dim % weight.dim()
    return args


def spectral(module: nn.Module, dim: int, iterations: int, weight: torch.Tensor) -> dict[str, Any]:
    args: dict[str, Any] = {"spectral_norm": True}
    if dim % weight.dim() != int(isinstance(module, TRANSPOSED)):
        args["norm_dim"] = dim % weight.dim()
    if iterations != 1:
        args["power_iterations"] = iterations
    return args
