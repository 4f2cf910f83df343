"""Opens a model in onnxruntime, runs it on random numbers, prints what comes out."""

import sys

import numpy
import onnx
import onnxruntime

path = sys.argv[1]
onnx.checker.check_model(path, full_check=True)
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
inputs = {
    port.name: numpy.random.default_rng(0)
    .standard_normal([1 if isinstance(size, str) else size for size in port.shape])
    .astype(numpy.float32)
    for port in session.get_inputs()
}
for port, value in zip(session.get_outputs(), session.run(None, inputs)):
    print(f"onnxruntime: {port.name} {value.shape}, finite: {bool(numpy.isfinite(value).all())}")
