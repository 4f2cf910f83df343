"""Runs a model of ONNX as often as it is told to.

    python3 onnx.py MODEL INPUT OUTPUT EXTENT...

INPUT has the floats of one batch of these extents. Each line that comes in is one run, whose seconds go out;
the outputs of the last are in OUTPUT when nothing more comes.
"""

import sys
import time

import numpy
import onnxruntime

model, given, wanted, *extents = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.log_severity_level = 3
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
images = numpy.fromfile(given, "float32").reshape([int(extent) for extent in extents])
feed = {session.get_inputs()[0].name: images}
print("ready", flush=True)
for _ in sys.stdin:
    begin = time.perf_counter()
    outputs = session.run(None, feed)
    print(time.perf_counter() - begin, flush=True)
    outputs[0].tofile(wanted)
