"""Fully connected layers, tables and scales."""

import numpy as np


def linear(inputs, args, tensors):
    y = inputs[0] @ tensors["weight"].T
    return y + tensors["bias"] if "bias" in tensors else y


def bilinear(inputs, args, tensors):
    first, second = inputs
    weight = tensors["weight"]
    y = np.stack([((first @ form) * second).sum(axis=-1) for form in weight], axis=-1)
    return y + tensors["bias"] if "bias" in tensors else y


def positional_embedding(inputs, args, tensors):
    table = tensors[""]
    if args["batch_axis"]:
        table = table[0]
    return inputs[0] + table[: inputs[0].shape[1]]


def class_token(inputs, args, tensors):
    x = inputs[0]
    token = np.repeat(tensors[""], x.shape[0], axis=0)
    return np.concatenate([token, x], axis=1)


LAYERS = {
    "linear": linear,
    "bilinear": bilinear,
    "embedding": lambda inputs, args, tensors: tensors["weight"][inputs[0]],
    "positional_embedding": positional_embedding,
    "class_token": class_token,
    "scale": lambda inputs, args, tensors: inputs[0] * tensors[""],
    "identity": lambda inputs, args, _: inputs[0],
    "kv_cache": lambda inputs, args, _: inputs[0],
    "dropout": lambda inputs, args, _: inputs[0],
    "stochastic_depth": lambda inputs, args, _: inputs[0],
}
