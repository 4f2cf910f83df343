"""Compacts the measured Keras rows into the file that `tests/keras_layers.rs` reads.

Usage: python3 compact_keras_layers.py MEASURED.jsonl > keras_layers.jsonl

A measured row is one layer built and called on zeros with Keras (TensorFlow, eager):
layer class, constructor arguments, input shape with the batch, and either the output
shape and counts or the error. What stays, one JSON array per row:

    [layer, args, input, result]          result: {"out", "params", "trainable", "biases"}
    [layer, args, input, "error text"]    rejected by Keras
    [layer, args, input, null]            backends disagree on it; not compared

The last are rows where another backend (`jax`) or Keras's own shape inference
(`symbolic`) has another answer than TensorFlow's execution. Only the first line of
an error is kept, and as much of it as tells the errors apart.
"""

import json
import sys


def compact(row):
    if "jax" in row or "symbolic" in row:
        result = None
    elif "error" in row:
        result = " ".join(row["error"].split())[:160]
    else:
        result = {key: row[key] for key in ("out", "params", "trainable", "biases")}
    return [row["layer"], row["args"], row["input"], result]


with open(sys.argv[1], encoding="utf-8") as rows:
    for line in rows:
        print(json.dumps(compact(json.loads(line)), separators=(",", ":")))
