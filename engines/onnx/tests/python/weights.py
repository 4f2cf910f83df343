"""Random weights as a `.safetensors` file: `python weights.py ORDER.json OUT`."""

import json
import sys

import numpy as np
from safetensors.numpy import save_file

order, path = sys.argv[1:]
with open(order) as file:
    order = json.load(file)
damage = order["damage"]
random = np.random.default_rng(11)
tensors = {}
for name, shape in order["tensors"]:
    if name.endswith("running_var"):
        tensors[name] = random.uniform(0.5, 1.5, shape).astype(np.float32)
    else:
        tensors[name] = (0.2 * random.standard_normal(shape)).astype(np.float32)
first = order["tensors"][0][0]
if damage == "missing":
    del tensors[first]
if damage == "shape":
    # As many elements with other extents.
    tensors[first] = tensors[first].reshape(1, 1, 5, -1)[:, :, :, :6].copy()
if damage == "half":
    tensors = {name: tensor.astype(np.float16) for name, tensor in tensors.items()}
save_file(tensors, path)

with open(path, "rb") as file:
    data = file.read()
length = int.from_bytes(data[:8], "little")
header, rest = json.loads(data[8 : 8 + length]), data[8 + length :]


def file_of(header):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + rest


if damage == "empty":
    data = b""
if damage == "length":
    data = (2**63).to_bytes(8, "little") + data[8:]
if damage == "truncated":
    data = data[:-100]
if damage == "json":
    data = file_of(b"{not json}")
if damage == "offsets":
    header[first]["data_offsets"].reverse()
    data = file_of(header)
if damage == "size":
    header[first]["data_offsets"][1] -= 4
    data = file_of(header)
if damage == "overlap":
    # The second tensor where the first one is, as large as before.
    (one, other) = sorted(
        (name for name in header if name != "__metadata__"),
        key=lambda name: header[name]["data_offsets"],
    )[:2]
    begin, end = header[other]["data_offsets"]
    header[other]["data_offsets"] = [begin - 4, end - 4]
    data = file_of(header)
if damage == "gap":
    for name, tensor in header.items():
        if name != "__metadata__":
            tensor["data_offsets"] = [offset + 4 for offset in tensor["data_offsets"]]
    rest = bytes(4) + rest
    data = file_of(header)
if damage == "longer":
    data += bytes(4)
if damage == "twice":
    text = json.dumps(header)
    data = file_of((text[:-1] + ", " + text[1:]).encode())
with open(path, "wb") as file:
    file.write(data)
