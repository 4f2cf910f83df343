"""Runs models on given numbers: `python evaluate.py FOLDER`.

`models.json` there lists the models, each with its inputs as places in `data.bin`. What
comes out goes to `results.bin`, and its places to `results.json`; a model that does not
run has its error there.
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime

onnxruntime.set_default_logger_severity(3)
folder = pathlib.Path(sys.argv[1])
data = (folder / "data.bin").read_bytes()
KINDS = {"float": np.dtype("<f4"), "int": np.dtype("<i8")}
made = bytearray()


def array(entry):
    count = int(np.prod(entry["dims"], dtype=np.int64))
    kind = KINDS[entry["kind"]]
    values = np.frombuffer(data, kind, count, entry["offset"])
    return values.reshape(entry["dims"])


def run(model):
    session = onnxruntime.InferenceSession(
        str(folder / model["file"]), providers=["CPUExecutionProvider"]
    )
    given = {name: array(entry) for name, entry in model["inputs"].items()}
    # Tensors that the model does not read are no inputs of it.
    wanted = [port.name for port in session.get_inputs()]
    names = [port.name for port in session.get_outputs()]
    outputs = {}
    for name, value in zip(names, session.run(names, {name: given[name] for name in wanted})):
        kind = "int" if value.dtype == np.int64 else "float"
        outputs[name] = {"kind": kind, "dims": list(value.shape), "offset": len(made)}
        made.extend(np.ascontiguousarray(value, KINDS[kind]).tobytes())
    return {"outputs": outputs}


results = []
for model in json.loads((folder / "models.json").read_text()):
    try:
        results.append(run(model))
    except Exception as error:
        results.append({"error": f"{type(error).__name__}: {error}"})
(folder / "results.bin").write_bytes(made)
(folder / "results.json").write_text(json.dumps(results))
