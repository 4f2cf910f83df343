"""Normalisations."""

import numpy as np


def affine(y, tensors):
    if "weight" in tensors:
        y = y * tensors["weight"]
    if "bias" in tensors:
        y = y + tensors["bias"]
    return y


def normalised(x, axes, eps):
    mean = x.mean(axis=axes, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps)


def tracked(x, args, tensors):
    return (x - tensors["running_mean"]) / np.sqrt(tensors["running_var"] + args["eps"])


def batch_norm(inputs, args, tensors):
    x = inputs[0]
    if args["track_running_stats"]:
        return affine(tracked(x, args, tensors), tensors)
    return affine(normalised(x, tuple(range(x.ndim - 1)), args["eps"]), tensors)


def instance_norm(inputs, args, tensors):
    x = inputs[0]
    if args["track_running_stats"]:
        return affine(tracked(x, args, tensors), tensors)
    return affine(normalised(x, tuple(range(1, x.ndim - 1)), args["eps"]), tensors)


def last(x, args, tensors):
    """The axes that are normalised over, and the tensors to go with them: over a
    whole image they are stored channels first."""
    axes = tuple(range(x.ndim - args["axes"], x.ndim))
    if args["axes"] == x.ndim - 1 and x.ndim > 3:
        tensors = {name: np.moveaxis(tensor, 0, -1) for name, tensor in tensors.items()}
    return axes, tensors


def apart(normalisation):
    """Each head by itself, with the weights of all or its own."""

    def normalised_apart(inputs, args, tensors):
        heads = args["heads"]
        if heads == 1:
            return normalisation(inputs, args, tensors)
        x = inputs[0]
        split = x.reshape(*x.shape[:-1], heads, -1)
        y = normalisation([split], args, {})
        own = {name: t if t.size == split.shape[-1] else t.reshape(heads, -1) for name, t in tensors.items()}
        return affine(y, own).reshape(x.shape)

    return normalised_apart


def layer_norm(inputs, args, tensors):
    axes, tensors = last(inputs[0], args, tensors)
    return affine(normalised(inputs[0], axes, args["eps"]), tensors)


def rms_norm(inputs, args, tensors):
    x = inputs[0]
    axes, tensors = last(x, args, tensors)
    eps = args["eps"] if args["eps"] is not None else np.finfo(np.float32).eps
    return affine(x / np.sqrt((x**2).mean(axis=axes, keepdims=True) + eps), tensors)


def group_norm(inputs, args, tensors):
    x = inputs[0]
    groups = args["groups"]
    split = x.reshape(*x.shape[:-1], groups, x.shape[-1] // groups)
    axes = (*range(1, x.ndim - 1), x.ndim)
    return affine(normalised(split, axes, args["eps"]).reshape(x.shape), tensors)


def local_response_norm(inputs, args, tensors):
    x = inputs[0]
    size, channels = args["size"], x.shape[-1]
    y = np.zeros_like(x)
    for c in range(channels):
        first = max(c - size // 2, 0)
        end = min(c + (size - 1) // 2 + 1, channels)
        mean = (x[..., first:end] ** 2).sum(axis=-1) / size
        y[..., c] = x[..., c] / (args["k"] + args["alpha"] * mean) ** args["beta"]
    return y


LAYERS = {
    "batch_norm": batch_norm,
    "instance_norm": instance_norm,
    "layer_norm": apart(layer_norm),
    "rms_norm": apart(rms_norm),
    "group_norm": group_norm,
    "local_response_norm": local_response_norm,
}
