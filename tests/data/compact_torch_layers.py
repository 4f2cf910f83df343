"""Makes `torch_layers.jsonl`, the data of the test `torch_layers`.

usage: python3 compact_torch_layers.py MEASURED.jsonl > torch_layers.jsonl

MEASURED.jsonl has one row per layer that was built and run in PyTorch 2.15 on a
CPU, with random weights, in evaluation mode, batch included in the shapes. This
script keeps the fields that the test reads, the row's number first:

  id, layer, args, input     the class, its constructor's arguments (those that
                             begin with `_` are not the constructor's), the shape
                             of the input or of each input
  out, extra_out             the shape of the result, of further results
  weights, biases, params    what the layer learns
  buffers                    what it keeps and does not learn
  error                      PyTorch's text where it rejects the layer
  disputed                   true where PyTorch's own backends disagree about
                             accepting it (`meta`, `cpu_without_onednn`)

`measure_torch_macs.py` beside it then adds `macs`.
"""

import json
import sys

KEPT = [
    "id", "layer", "args", "input",
    "out", "extra_out", "weights", "biases", "params", "buffers", "error",
]

with open(sys.argv[1], encoding="utf-8") as measured:
    for line in measured:
        row = json.loads(line)
        kept = {field: row[field] for field in KEPT if field in row}
        if "meta" in row or "cpu_without_onednn" in row:
            kept["disputed"] = True
        print(json.dumps(kept, separators=(",", ":"), ensure_ascii=True))
