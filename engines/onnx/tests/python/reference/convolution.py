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
    "conv_transpose": conv_transpose,
}
