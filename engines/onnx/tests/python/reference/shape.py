"""Changes of shape."""

import itertools
import math

import numpy as np

from . import window
from .pooling import adaptive


def first(x):
    """Channels first, as PyTorch has a sample."""
    return np.moveaxis(x, -1, 1)


def flatten(inputs, args, _):
    x = inputs[0]
    x = x if args["order"] == "channels_last" else first(x)
    return x.reshape(x.shape[0], -1)


def reshape(inputs, args, _):
    x, shape = inputs[0], args["shape"]
    shape = [shape] if isinstance(shape, int) else shape
    if args["order"] == "channels_last":
        return x.reshape(x.shape[0], *shape)
    return np.moveaxis(first(x).reshape(x.shape[0], shape[-1], *shape[:-1]), 1, -1)


def permute(inputs, args, _):
    axes = args["axes"] if isinstance(args["axes"], list) else [args["axes"]]
    return inputs[0].transpose(0, *(axis + 1 for axis in axes))


def pad(inputs, args, _):
    x = inputs[0]
    axes = x.ndim - 2
    pairs = [
        (each, each) if isinstance(each, int) else each
        for each in window.per_axis(args["padding"], axes)
    ]
    pairs = [(0, 0), *pairs, (0, 0)]
    modes = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    if args["mode"] in modes:
        return np.pad(x, pairs, mode=modes[args["mode"]])
    return np.pad(x, pairs, constant_values=args["value"])


def crop(inputs, args, _):
    x = inputs[0]
    axes = x.ndim - 2
    for axis in range(axes):
        extent = x.shape[axis + 1]
        if args["size"] is not None:
            size = window.per_axis(args["size"], axes)[axis]
            before = (extent - size) // 2
        else:
            sides = window.per_axis(args["sides"], axes)[axis]
            before, after = (sides, sides) if isinstance(sides, int) else sides
            size = extent - before - after
        x = np.take(x, range(before, before + size), axis=axis + 1)
    return x


def roll(inputs, args, _):
    x = inputs[0]
    shift = window.per_axis(args["shift"], x.ndim - 2)
    sign = -1 if args["reverse"] else 1
    return np.roll(x, [sign * each for each in shift], axis=tuple(range(1, x.ndim - 1)))


def cut(inputs, args, _):
    x = inputs[0]
    spatial = {1: [], 2: ["length"], 3: ["height", "width"], 4: ["depth", "height", "width"]}
    names = spatial[x.ndim - 1]
    for name, part in args.items():
        if part is not None:
            axis = 1 + names.index(name) if name in names else x.ndim - 1
            x = np.take(x, range(*part), axis=axis)
    return x


def mean(inputs, args, _):
    return inputs[0].mean(axis=tuple(range(1, inputs[0].ndim - 1)))


def unfold(inputs, args, _):
    x = inputs[0]
    kernel, stride, dilation, pairs = window.of(args, x)
    patches = []
    for _, _, taps in window.positions(window.around(x, pairs), kernel, stride, dilation):
        taps = taps if args["order"] == "channels_last" else np.swapaxes(taps, 1, 2)
        patches.append(taps.reshape(x.shape[0], -1))
    return np.stack(patches, axis=1)


def fold(inputs, args, _):
    x = inputs[0]
    size = [args["size"]] if isinstance(args["size"], int) else args["size"]
    axes = len(size)
    kernel, stride = window.per_axis(args["kernel"], axes), window.per_axis(args["stride"], axes)
    dilation = window.per_axis(args["dilation"], axes)
    pairs = window.padding(args, size, kernel, stride, dilation)
    padded = [s + before + after for s, (before, after) in zip(size, pairs)]
    elements = math.prod(kernel)
    channels = x.shape[2] // elements
    y = np.zeros((x.shape[0], *padded, channels))
    counts = [(p - d * (k - 1) - 1) // s + 1 for p, k, s, d in zip(padded, kernel, stride, dilation)]
    for patch, place in enumerate(itertools.product(*map(range, counts))):
        for index, tap in enumerate(itertools.product(*map(range, kernel))):
            to = tuple(p * s + t * d for p, s, t, d in zip(place, stride, tap, dilation))
            for c in range(channels):
                last = args["order"] == "channels_last"
                source = index * channels + c if last else c * elements + index
                y[(slice(None), *to, c)] += x[:, patch, source]
    for axis, (before, _) in enumerate(pairs):
        y = np.take(y, range(before, before + size[axis]), axis=axis + 1)
    return y


def channel_shuffle(inputs, args, _):
    x = inputs[0]
    groups = args["groups"]
    split = x.reshape(*x.shape[:-1], groups, x.shape[-1] // groups)
    return np.swapaxes(split, -1, -2).reshape(x.shape)


def channel_split(inputs, args, _):
    x, parts = inputs[0], args["parts"]
    if isinstance(parts, int):
        return np.split(x, parts, axis=-1)
    return np.split(x, np.cumsum(parts)[:-1], axis=-1)


def pixels(x, factor, last):
    """Pairs of an element of the small image and one of the large."""
    channels = x.shape[-1] // factor**2
    for h, w, i, j, c in itertools.product(
        range(x.shape[1]), range(x.shape[2]), range(factor), range(factor), range(channels)
    ):
        block = i * factor + j
        deep = block * channels + c if last else c * factor**2 + block
        yield (h, w, deep), (h * factor + i, w * factor + j, c)


def pixel_shuffle(inputs, args, _):
    x, r = inputs[0], args["factor"]
    y = np.zeros((x.shape[0], x.shape[1] * r, x.shape[2] * r, x.shape[3] // r**2))
    for small, large in pixels(x, r, args["order"] == "channels_last"):
        y[(slice(None), *large)] = x[(slice(None), *small)]
    return y


def pixel_unshuffle(inputs, args, _):
    x, r = inputs[0], args["factor"]
    y = np.zeros((x.shape[0], x.shape[1] // r, x.shape[2] // r, x.shape[3] * r**2))
    for small, large in pixels(y, r, args["order"] == "channels_last"):
        y[(slice(None), *small)] = x[(slice(None), *large)]
    return y


def cubic(t, a=-0.75):
    near = lambda t: ((a + 2) * t - (a + 3)) * t * t + 1
    far = lambda t: ((a * t - 5 * a) * t + 8 * a) * t - 4 * a
    return [far(t + 1), near(t), near(1 - t), far(2 - t)]


def interpolation(size, out, step, mode, corners):
    """The matrix that makes `out` elements of `size` along one axis."""
    matrix = np.zeros((out, size))
    for i in range(out):
        if mode == "nearest":
            matrix[i, min(math.floor(i * step), size - 1)] = 1
            continue
        if mode == "nearest_exact":
            matrix[i, min(math.floor((i + 0.5) * step), size - 1)] = 1
            continue
        if corners:
            place = i * (size - 1) / (out - 1) if out > 1 else 0.0
        else:
            place = (i + 0.5) * step - 0.5
        if mode == "bicubic":
            base = math.floor(place)
            for offset, weight in enumerate(cubic(place - base), -1):
                matrix[i, min(max(base + offset, 0), size - 1)] += weight
        else:
            place = max(place, 0.0)
            base = min(math.floor(place), size - 1)
            matrix[i, base] += 1 - (place - base)
            matrix[i, min(base + 1, size - 1)] += place - base
    return matrix


def upsample(inputs, args, _):
    x = inputs[0]
    axes = x.ndim - 2
    scale, size = args["scale"], args["size"]
    if isinstance(scale, float):
        out, steps = [math.floor(n * scale) for n in x.shape[1:-1]], [1 / scale] * axes
    else:
        if size is None:
            out = [n * s for n, s in zip(x.shape[1:-1], window.per_axis(scale, axes))]
        else:
            out = window.per_axis(size, axes)
        steps = [n / o for n, o in zip(x.shape[1:-1], out)]
    if args["mode"] == "area":
        return adaptive(x, {"size": out}, np.mean)
    for axis in range(axes):
        size, step, mode = x.shape[axis + 1], steps[axis], args["mode"]
        # PyTorch copies an extent that stays in linear modes; it does so in images'
        # nearest mode too, and doubles one that doubles.
        exact = ("linear", "bilinear", "trilinear", *["nearest"] * (axes == 2))
        if mode in exact and out[axis] == size:
            step = 1.0
        if mode == "nearest" and axes == 2 and out[axis] == 2 * size:
            step = 0.5
        matrix = interpolation(size, out[axis], step, mode, args["align_corners"])
        x = np.moveaxis(np.tensordot(matrix, x, axes=(1, axis + 1)), 0, axis + 1)
    return x


LAYERS = {
    "flatten": flatten,
    "reshape": reshape,
    "permute": permute,
    "to_sequence": lambda inputs, args, _: inputs[0].reshape(
        inputs[0].shape[0], -1, inputs[0].shape[-1]
    ),
    "pad": pad,
    "crop": crop,
    "roll": roll,
    "slice": cut,
    "first": lambda inputs, args, _: inputs[0][:, 0],
    "last": lambda inputs, args, _: inputs[0][:, -1],
    "mean": mean,
    "unfold": unfold,
    "fold": fold,
    "channel_shuffle": channel_shuffle,
    "channel_split": channel_split,
    "pixel_shuffle": pixel_shuffle,
    "pixel_unshuffle": pixel_unshuffle,
    "upsample": upsample,
}
