"""Merges."""

from functools import reduce

import numpy as np


def elementwise(function):
    def merged(inputs, args, _):
        rank = max(value.ndim for value in inputs)
        spread = [
            value.reshape(value.shape[0], *[1] * (rank - value.ndim), *value.shape[1:])
            for value in inputs
        ]
        return reduce(function, spread)

    return merged


def einsum(inputs, args, _):
    # In front of each part stands the letter of the batch.
    operands, result = args["equation"].split("->")
    operands = ",".join("Z" + operand for operand in operands.split(","))
    return np.einsum(f"{operands}->Z{result}", *inputs)


def linear_recurrence(inputs, args, _):
    decay, x = inputs
    y = np.zeros_like(x)
    state = np.zeros_like(x[:, 0])
    for position in range(x.shape[1]):
        state = decay[:, position] * state + x[:, position]
        y[:, position] = state
    return y


def triangle(function):
    return lambda inputs, args, _: function(inputs[0], args.get("diagonal", 0) - args.get("below", 0))


LAYERS = {
    "tril": triangle(np.tril),
    "triu": triangle(np.triu),
    "maximum": elementwise(np.maximum),
    "minimum": elementwise(np.minimum),
    "einsum": einsum,
    "linear_recurrence": linear_recurrence,
    "add": elementwise(np.add),
    "sub": elementwise(np.subtract),
    "mul": elementwise(np.multiply),
    "concat": lambda inputs, args, _: np.concatenate(inputs, axis=-1),
    "stack": lambda inputs, args, _: np.stack(inputs, axis=1),
    "matmul": lambda inputs, args, _: inputs[0] @ inputs[1],
}
