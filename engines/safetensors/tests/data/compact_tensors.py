"""Makes `resnet18.tensors` and `alexnet.tensors`: a line per tensor of the model.

usage: python3 compact_tensors.py MEASURED.json > NAME.tensors

MEASURED.json describes a torchvision model that was built in PyTorch 2.15 and run
once. A line has the name of the tensor in the model's state_dict, its shape and its
type; a scalar has the shape `-`. What a model holds in no layer of its own would be
under `direct_params`; these models have nothing there.
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as measured:
    model = json.load(measured)

assert not model["direct_params"]
for layer in model["layers"]:
    if layer.get("call", 1) > 1:
        continue
    for kind in ("tensors", "buffers"):
        for name, shape in layer.get(kind, {}).items():
            counter = name == "num_batches_tracked"
            extents = "x".join(map(str, shape)) or "-"
            print(f"{layer['name']}.{name} {extents} {'I64' if counter else 'F32'}")
