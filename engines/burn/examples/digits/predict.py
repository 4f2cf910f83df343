"""Runs an ONNX model on images from the standard input, 64 numbers a line, and prints
the logits of each, a line each."""

import sys

import numpy
import onnxruntime

images = numpy.loadtxt(sys.stdin, delimiter=",", dtype=numpy.float32, ndmin=2)
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
(logits,) = session.run(None, {name: images.reshape(-1, 1, 8, 8)})
numpy.savetxt(sys.stdout, logits, delimiter=",")
