"""Convolutions, tap by tap."""

import itertools

import numpy as np

from . import window

MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def convolve(x, args, weight, bias, groups):
    kernel, stride, dilation, pairs = window.of(args, x)
    mode = args.get("padding_mode", "zeros")
    if mode == "zeros":
        x = window.around(x, pairs)
    else:
        x = np.pad(x, [(0, 0), *pairs, (0, 0)], mode=MODES[mode])
    out = weight.shape[0]
    flat = weight.reshape(out, weight.shape[1], -1)
    channels, each = weight.shape[1], out // groups
    y = None
    for counts, place, taps in window.positions(x, kernel, stride, dilation):
        if y is None:
            y = np.zeros((x.shape[0], *counts, out))
        for n in range(out):
            first = (n // each) * channels
            seen = taps[:, :, first : first + channels]
            y[(slice(None), *place, n)] = (seen * flat[n].T).sum(axis=(1, 2))
    return y if bias is None else y + bias


def conv(inputs, args, tensors):
    return convolve(inputs[0], args, tensors["weight"], tensors.get("bias"), args["groups"])


def depthwise_conv(inputs, args, tensors):
    x = inputs[0]
    return convolve(x, args, tensors["weight"], tensors.get("bias"), x.shape[-1])


def separable_conv(inputs, args, tensors):
    x = inputs[0]
    y = convolve(x, args, tensors["depthwise.weight"], None, x.shape[-1])
    weight = tensors["pointwise.weight"]
    y = y @ weight.reshape(weight.shape[:2]).T
    return y + tensors["pointwise.bias"] if "pointwise.bias" in tensors else y


def deformable_conv(inputs, args, tensors):
    x, offset = inputs[0], inputs[args["offset"]]
    weight, groups = tensors["weight"], args["groups"]
    kernel, stride, dilation, pairs = window.of(args, x)
    samples, height, width, channels = x.shape
    taps = list(itertools.product(range(kernel[0]), range(kernel[1])))
    parts = offset.shape[-1] // (2 * len(taps))
    factor = inputs[args["mask"]] if args.get("mask") is not None else np.ones((*offset.shape[:3], parts * len(taps)))
    out, each = weight.shape[0], channels // parts
    y = np.zeros((*offset.shape[:3], out))

    def element(n, row, column, c):
        inside = 0 <= row < height and 0 <= column < width
        return x[n, row, column, c] if inside else 0.0

    for n, i, j in np.ndindex(*offset.shape[:3]):
        read = np.zeros((channels, len(taps)))
        for (c, (tap, (a, b))) in itertools.product(range(channels), enumerate(taps)):
            place = (c // each) * len(taps) + tap
            row = i * stride[0] - pairs[0][0] + a * dilation[0] + offset[n, i, j, 2 * place]
            column = j * stride[1] - pairs[1][0] + b * dilation[1] + offset[n, i, j, 2 * place + 1]
            for down, right in itertools.product((0, 1), (0, 1)):
                r, s = int(np.floor(row)) + down, int(np.floor(column)) + right
                share = (1 - abs(row - r)) * (1 - abs(column - s))
                read[c, tap] += share * element(n, r, s, c)
            read[c, tap] *= factor[n, i, j, place]
        for m in range(out):
            first = m // (out // groups) * weight.shape[1]
            y[n, i, j, m] = (read[first : first + weight.shape[1]] * weight[m].reshape(weight.shape[1], -1)).sum()
    return y + tensors["bias"] if "bias" in tensors else y


def conv_transpose(inputs, args, tensors):
    x = inputs[0]
    weight, groups = tensors["weight"], args["groups"]
    spatial = x.shape[1:-1]
    axes = len(spatial)
    kernel = window.per_axis(args["kernel"], axes)
    stride = window.per_axis(args["stride"], axes)
    dilation = window.per_axis(args["dilation"], axes)
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation)]
    more = args.get("output_padding")
    if args["padding"] == "same" and more is None:
        # The output has stride times the input.
        pairs, more = [], []
        for r, s in zip(reach, stride):
            total = max(r - s, 0)
            pairs.append((total // 2, total - total // 2))
            more.append(max(s - r, 0))
    else:
        pairs = window.padding(args, spatial, kernel, stride, dilation)
        if args["padding"] == "same":
            pairs = [(r // 2, r // 2) for r in reach]
        more = window.per_axis(more or 0, axes)
    span = [(i - 1) * s + r + m for i, s, r, m in zip(spatial, stride, reach, more)]
    each_in, each_out = x.shape[-1] // groups, weight.shape[1]
    y = np.zeros((x.shape[0], *span, each_out * groups))
    for place in itertools.product(*map(range, spatial)):
        for tap in itertools.product(*map(range, kernel)):
            to = tuple(p * s + t * d for p, s, t, d in zip(place, stride, tap, dilation))
            for group in range(groups):
                rows = slice(group * each_in, (group + 1) * each_in)
                columns = slice(group * each_out, (group + 1) * each_out)
                seen = x[(slice(None), *place, rows)]
                y[(slice(None), *to, columns)] += seen @ weight[(rows, slice(None), *tap)]
    for axis, (before, after) in enumerate(pairs):
        y = np.take(y, range(before, y.shape[axis + 1] - after), axis=axis + 1)
    return y + tensors["bias"] if "bias" in tensors else y


LAYERS = {
    "conv": conv,
    "depthwise_conv": depthwise_conv,
    "separable_conv": separable_conv,
    "deformable_conv": deformable_conv,
    "conv_transpose": conv_transpose,
}
