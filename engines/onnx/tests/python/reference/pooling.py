"""Pooling, window by window."""

import itertools
import math

import numpy as np

from . import window


def seen(x, args):
    """Each place of the window: where it is, its elements of the input, and how
    many elements it has with the declared padding."""
    kernel, stride, dilation, pairs = window.of(args, x)
    spatial = x.shape[1:-1]
    counts = []
    for size, k, s, d, (before, after) in zip(spatial, kernel, stride, dilation, pairs):
        rest = size + before + after - d * (k - 1) - 1
        count = rest // s + 1
        if args.get("ceil_mode"):
            count = -(-rest // s) + 1
            if (count - 1) * s >= size + before:
                count -= 1
        counts.append(count)
    found = []
    for place in itertools.product(*map(range, counts)):
        inside, padded = [], 1
        for p, size, k, s, d, (before, after) in zip(
            place, spatial, kernel, stride, dilation, pairs
        ):
            taps = [p * s - before + t * d for t in range(k)]
            inside.append([tap for tap in taps if 0 <= tap < size])
            padded *= sum(tap < size + after for tap in taps)
        elements = x[(slice(None), *np.ix_(*inside))].reshape(x.shape[0], -1, x.shape[-1])
        found.append((place, elements, padded, math.prod(kernel)))
    return counts, found


def pooled(x, args, function):
    counts, found = seen(x, args)
    y = np.zeros((x.shape[0], *counts, x.shape[-1]))
    for place, elements, padded, whole in found:
        y[(slice(None), *place)] = function(elements, padded, whole)
    return y


def max_pool(inputs, args, _):
    return pooled(inputs[0], args, lambda elements, padded, whole: elements.max(axis=1))


def avg_pool(inputs, args, _):
    def mean(elements, padded, whole):
        divisor = args.get("divisor_override")
        if divisor is None:
            divisor = padded if args["count_include_pad"] else elements.shape[1]
        return elements.sum(axis=1) / divisor

    return pooled(inputs[0], args, mean)


def lp_pool(inputs, args, _):
    p = float(args["norm_type"])

    def root(elements, padded, whole):
        if p == math.inf:
            return elements.max(axis=1)
        # PyTorch: the mean of the elements that are there, times the window.
        mean = (elements**p).sum(axis=1) / padded
        with np.errstate(invalid="ignore"):
            return (mean * whole) ** (1 / p)

    return pooled(inputs[0], args, root)


def adaptive(x, args, function):
    spatial = x.shape[1:-1]
    size = window.per_axis(args["size"], len(spatial))
    y = np.zeros((x.shape[0], *size, x.shape[-1]))
    for place in itertools.product(*map(range, size)):
        ranges = [
            range(p * i // o, -(-(p + 1) * i // o)) for p, i, o in zip(place, spatial, size)
        ]
        elements = x[(slice(None), *np.ix_(*ranges))].reshape(x.shape[0], -1, x.shape[-1])
        y[(slice(None), *place)] = function(elements, axis=1)
    return y


def over_positions(x):
    return tuple(range(1, x.ndim - 1))


LAYERS = {
    "max_pool": max_pool,
    "avg_pool": avg_pool,
    "lp_pool": lp_pool,
    "adaptive_avg_pool": lambda inputs, args, _: adaptive(inputs[0], args, np.mean),
    "adaptive_max_pool": lambda inputs, args, _: adaptive(inputs[0], args, np.max),
    "global_avg_pool": lambda inputs, args, _: inputs[0].mean(axis=over_positions(inputs[0])),
    "global_max_pool": lambda inputs, args, _: inputs[0].max(axis=over_positions(inputs[0])),
}
