"""Makes the data of one network for the tests that compare whole networks.

usage: python3 compact_model.py MEASURED.json > models_NAME.json

MEASURED.json describes a network that was built and run in PyTorch. This script
keeps the fields that the tests read, a layer per line, batch included in shapes:

  name, input, output, params    as measured
  macs                           by torch.utils.flop_counter, halved
  layers                         in the order of execution: type, in, out (shapes),
                                 weights, biases, macs
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as measured:
    model = json.load(measured)


def write(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


kept = {
    "name": model["name"],
    "input": [port["shape"] for port in model["input"]],
    "output": model["output"],
    "params": model["params"]["total"],
    "macs": model["macs"]["torch.utils.flop_counter (2 per MAC)"]["flops_over_2"],
}
fields = ["type", "in", "out", "weights", "biases", "macs"]
layers = [write({field: layer[field] for field in fields}) for layer in model["layers"]]
head = write(kept)[:-1]
print(head + ',"layers":[\n' + ",\n".join(layers) + "\n]}")
