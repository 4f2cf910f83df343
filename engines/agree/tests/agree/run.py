"""Runs models in onnxruntime: a list of folders with their inputs goes in, the extents of the outputs come out."""

import json
import sys
from pathlib import Path

import numpy
import onnxruntime

options = onnxruntime.SessionOptions()
options.log_severity_level = 3


def run(job):
    folder = Path(job["folder"])
    model = str(folder / "model.onnx")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {}
    for place, (given, wanted) in enumerate(zip(session.get_inputs(), job["inputs"], strict=True)):
        feed[given.name] = numpy.fromfile(folder / f"x{place}", wanted["type"]).reshape(wanted["dims"])
    outputs = session.run(None, feed)
    for place, output in enumerate(outputs):
        output.astype("float32").tofile(folder / f"y{place}")
    return {"outputs": [output.shape for output in outputs]}


said = []
for job in json.loads(Path(sys.argv[1]).read_text()):
    try:
        said.append(run(job) if job else {})
    except Exception as error:
        said.append({"error": str(error)})
print(json.dumps(said))
