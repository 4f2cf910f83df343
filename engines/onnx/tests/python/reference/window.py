"""Windows that move over the spatial axes."""

import itertools

import numpy as np


def per_axis(value, axes):
    return [value] * axes if isinstance(value, int) else list(value)


def padding(args, spatial, kernel, stride, dilation):
    """Before and after each axis."""
    given = args.get("padding", 0)
    pairs = []
    for axis, (size, k, s, d) in enumerate(zip(spatial, kernel, stride, dilation)):
        reach = d * (k - 1) + 1
        if given == "half":
            pairs.append((d * (k - 1) // 2, d * (k - 1) // 2))
        elif given == "causal":
            pairs.append((reach - 1, 0))
        elif given == "same":
            total = max((-(-size // s) - 1) * s + reach - size, 0)
            pairs.append((total // 2, total - total // 2))
        else:
            one = per_axis(given, len(kernel))[axis]
            pairs.append((one, one) if isinstance(one, int) else tuple(one))
    return pairs


def of(args, x):
    """Kernel, stride, dilation and padding over the values of a batch."""
    spatial = x.shape[1:-1]
    kernel = per_axis(args["kernel"], len(spatial))
    stride = kernel if args.get("stride") is None else per_axis(args["stride"], len(spatial))
    dilation = per_axis(args.get("dilation", 1), len(spatial))
    return kernel, stride, dilation, padding(args, spatial, kernel, stride, dilation)


def positions(x, kernel, stride, dilation):
    """Every place of the window on padded values, and the elements it sees: the
    batch, the taps in order, the channels."""
    counts = [
        (size - d * (k - 1) - 1) // s + 1
        for size, k, s, d in zip(x.shape[1:-1], kernel, stride, dilation)
    ]
    for place in itertools.product(*map(range, counts)):
        taps = [
            x[(slice(None), *(p * s + t * d for p, s, t, d in zip(place, stride, tap, dilation)))]
            for tap in itertools.product(*map(range, kernel))
        ]
        yield counts, place, np.stack(taps, axis=1)


def around(x, pairs, fill=0.0):
    return np.pad(x, [(0, 0), *pairs, (0, 0)], constant_values=fill)
