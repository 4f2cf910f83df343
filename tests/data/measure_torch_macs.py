"""Adds `macs` to the rows of `torch_layers.jsonl` that PyTorch accepts.

usage: python3 measure_torch_macs.py torch_layers.jsonl > with_macs.jsonl

What stands there is half of what `torch.utils.flop_counter` counts while the layer
runs in evaluation mode with the row's shapes, of all samples together, on the device
`meta`, which has shapes and no elements. It has no rule for
what recurrent layers run; theirs are the products of each step with the weights, taken
from the tensors themselves. `bilinear` runs as an einsum that it counts by how that is
carried out, so that row gets none; nor do classes that calculate no product get any.
"""

import json
import sys

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

NONE = {"Bilinear", "EmbeddingBag", "CosineSimilarity"}


def run(row, module):
    shapes = row["input"]
    if not shapes or not isinstance(shapes[0], list):
        shapes = [shapes]
    kind = torch.long if row["layer"] == "Embedding" else torch.float32
    return module(*[torch.empty(shape, dtype=kind) for shape in shapes])


def recurrent(row, module):
    shape = row["input"]
    time = 0 if not module.batch_first else 1
    if len(shape) == 2:
        steps = shape[0]
    else:
        steps = shape[time] * shape[1 - time]
    return steps * sum(
        tensor.numel() for name, tensor in module.named_parameters() if name.startswith("weight")
    )


def macs(row):
    if row["layer"] in NONE:
        return None
    arguments = {key: value for key, value in row["args"].items() if not key.startswith("_")}
    for key, value in arguments.items():
        if isinstance(value, list) and key not in ("normalized_shape", "unflattened_size"):
            arguments[key] = tuple(tuple(v) if isinstance(v, list) else v for v in value)
    module = getattr(nn, row["layer"])(**arguments).eval()
    if row["layer"] in ("RNN", "LSTM", "GRU"):
        return recurrent(row, module)
    counter = FlopCounterMode(display=False)
    # Without gradients, encoder layers and attention run as one operation.
    with counter, torch.enable_grad():
        run(row, module)
    flops = counter.get_total_flops()
    assert flops % 2 == 0, row
    return flops // 2


torch.set_default_device("meta")
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    row.pop("macs", None)
    if "error" not in row:
        try:
            counted = macs(row)
        except Exception as error:
            print(row["id"], row["layer"], row["args"], row["input"], error, file=sys.stderr)
            counted = None
        if counted is not None:
            row["macs"] = counted
    print(json.dumps(row, separators=(",", ":"), ensure_ascii=True))
