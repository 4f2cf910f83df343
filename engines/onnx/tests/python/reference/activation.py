"""Activations."""

import math

import numpy as np


def axis_of(args, x):
    """The place of the named axis, the batch counted."""
    names = {2: ["length"], 3: ["height", "width"], 4: ["depth", "height", "width"]}
    name = args["axis"]
    if name in ("channels", "features"):
        return x.ndim - 1
    return 1 + names[x.ndim - 1].index(name)


def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def elu(x, alpha):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def gelu(x, approximate="none"):
    if approximate == "tanh":
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def softplus(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, x, np.log1p(np.exp(beta * x)) / beta)


def prelu(inputs, args, tensors):
    x = inputs[0]
    return np.where(x > 0, x, tensors["weight"] * x)


def celu(x, alpha):
    return np.maximum(x, 0) + np.minimum(alpha * (np.exp(x / alpha) - 1), 0)


def glu(inputs, args, _):
    first, second = np.split(inputs[0], 2, axis=axis_of(args, inputs[0]))
    return first * sigmoid(second)


def each(function):
    return lambda inputs, args, _: function(inputs[0])


def hard_sigmoid(x):
    return np.clip(x + 3, 0, 6) / 6


SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772

LAYERS = {
    "relu": each(lambda x: np.maximum(x, 0)),
    "relu6": each(lambda x: np.clip(x, 0, 6)),
    "leaky_relu": lambda inputs, args, _: np.where(
        inputs[0] > 0, inputs[0], args["slope"] * inputs[0]
    ),
    "prelu": prelu,
    "elu": lambda inputs, args, _: elu(inputs[0], args["alpha"]),
    "selu": each(lambda x: SCALE * elu(x, ALPHA)),
    "celu": lambda inputs, args, _: celu(inputs[0], args["alpha"]),
    "gelu": lambda inputs, args, _: gelu(inputs[0], args["approximate"]),
    "silu": each(lambda x: x * sigmoid(x)),
    "mish": each(lambda x: x * np.tanh(softplus(x))),
    "sigmoid": each(sigmoid),
    "hard_sigmoid": each(hard_sigmoid),
    "hard_swish": each(lambda x: x * hard_sigmoid(x)),
    "tanh": each(np.tanh),
    "softplus": lambda inputs, args, _: softplus(inputs[0], args["beta"], args["threshold"]),
    "softsign": each(lambda x: x / (1 + np.abs(x))),
    "floor": each(np.floor),
    "ceil": each(np.ceil),
    "sign": each(np.sign),
    "softmax": lambda inputs, args, _: softmax(inputs[0], axis_of(args, inputs[0])),
    "log_softmax": lambda inputs, args, _: np.log(softmax(inputs[0], axis_of(args, inputs[0]))),
    "glu": glu,
}
