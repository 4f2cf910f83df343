"""Weights that are made of other tensors."""

import numpy as np

NAMES = "parametrizations.weight."


def made(layer, args, tensors):
    """The tensors of a layer with its weight, where that is made of others."""
    dim = args.get("norm_dim")
    if args.get("weight_norm"):
        names = ("weight_g", "weight_v") if args.get("old_names") else (NAMES + "original0", NAMES + "original1")
        g, v = (tensors[name] for name in names)
        kept = None if dim == "all" else dim or 0
        axes = tuple(axis for axis in range(v.ndim) if axis != kept)
        return {**tensors, "weight": g * v / np.sqrt((v * v).sum(axis=axes, keepdims=True))}
    if args.get("spectral_norm"):
        old = args.get("old_names")
        names = ("weight_orig", "weight_u", "weight_v") if old else (NAMES + "original", NAMES + "0._u", NAMES + "0._v")
        weight, u, v = (tensors[name] for name in names)
        if dim is None:
            dim = 1 if layer == "conv_transpose" else 0
        rows = np.moveaxis(weight, dim, 0).reshape(weight.shape[dim], -1)
        return {**tensors, "weight": weight / (u @ rows @ v)}
    return tensors
