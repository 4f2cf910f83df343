"""Recurrent layers, step by step."""

import numpy as np

from .activation import sigmoid
from .convolution import convolve


def step(kind, args, x, h, c, get):
    inner = x @ get("weight_ih").T
    if kind == "gru" and not args["reset_after"]:
        return before(inner, h, get), c
    outer = h @ get("weight_hh").T
    inner = inner + get("bias_ih")
    outer = outer + get("bias_hh")
    if kind == "rnn":
        both = inner + outer
        return (np.maximum(both, 0) if args["nonlinearity"] == "relu" else np.tanh(both)), c
    if kind == "lstm":
        i, f, g, o = np.split(inner + outer, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    inner, outer = np.split(inner, 3, axis=1), np.split(outer, 3, axis=1)
    r, z = sigmoid(inner[0] + outer[0]), sigmoid(inner[1] + outer[1])
    n = np.tanh(inner[2] + r * outer[2])
    return (1 - z) * n + z * h, c


def before(inner, h, get):
    """Keras's GRU with `reset_after = False`."""
    bias = get("bias_ih") + get("bias_hh")
    weights = np.split(get("weight_hh"), 3, axis=0)
    inner = np.split(inner + bias, 3, axis=1)
    r, z = sigmoid(inner[0] + h @ weights[0].T), sigmoid(inner[1] + h @ weights[1].T)
    n = np.tanh(inner[2] + (r * h) @ weights[2].T)
    return (1 - z) * n + z * h


def join(values, mode):
    if len(values) == 1:
        return values[0]
    if mode == "concat":
        return np.concatenate(values, axis=-1)
    return {"sum": np.add, "mul": np.multiply, "ave": lambda a, b: (a + b) / 2}[mode](*values)


def recurrent(kind):
    def run(inputs, args, tensors):
        x = inputs[0]
        hidden, cells = [], []
        for layer in range(args["layers"]):
            steps, last = [], []
            for suffix in ["", "_reverse"] if args["bidirectional"] else [""]:
                get = lambda name: tensors.get(f"{name}_l{layer}{suffix}", 0.0)
                h = np.zeros((x.shape[0], args["features"]))
                c = h
                made = []
                order = range(x.shape[1])
                for t in reversed(order) if suffix else order:
                    h, c = step(kind, args, x[:, t], h, c, get)
                    made.append(h)
                steps.append(np.stack(made[::-1] if suffix else made, axis=1))
                last.append(h)
                cells.append(c)
            hidden.extend(last)
            x = join(steps, args["merge_mode"])
        first = x if args["return_sequence"] else join(last, args["merge_mode"])
        return [first, np.stack(hidden, axis=1), np.stack(cells, axis=1)]

    return run


def conv_lstm(inputs, args, tensors):
    x, n = inputs[0], args["channels"]
    how = {"kernel": args["kernel"], "stride": 1, "dilation": 1, "padding": "half"}
    h = c = np.zeros((x.shape[0], *x.shape[2:4], n))
    steps = []
    for t in range(x.shape[1]):
        read = np.concatenate([x[:, t], h], axis=-1)
        gates = convolve(read, how, tensors["conv.weight"], tensors.get("conv.bias"), 1)
        i, f, o, g = np.split(gates, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        steps.append(h)
    return [np.stack(steps, axis=1) if args["return_sequence"] else h, h, c]


LAYERS = {kind: recurrent(kind) for kind in ("rnn", "lstm", "gru")}
LAYERS["conv_lstm"] = conv_lstm
