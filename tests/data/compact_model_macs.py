"""Writes model_macs.json: the multiply-accumulates of whole networks as each tool counts them.

    python3 compact_model_macs.py DIRECTORY

DIRECTORY holds the files models_NAME.json with the figures of all tools. LSTMs are skipped by
PyTorch's counter; there the products counted with hooks stand as torchvision's figure.
"""

import glob
import json
import os
import sys

rows = {}
for path in sorted(glob.glob(os.path.join(sys.argv[1], "models_*.json"))):
    with open(path) as file:
        model = json.load(file)
    macs = {key.split()[0]: value for key, value in model["macs"].items() if "aten" not in key}
    fvcore = macs["fvcore"]
    rows[model["name"]] = {
        "torchvision": max(macs["torch.utils.flop_counter"]["flops_over_2"], macs["hooks"]["total"]),
        "fvcore": fvcore["total"],
        "fvcore_matmul": fvcore["by_operator"].get("matmul", 0),
        "ptflops": macs["ptflops"]["macs"],
    }
lines = [f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items()]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "model_macs.json"), "w") as file:
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
