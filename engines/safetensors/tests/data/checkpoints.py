"""Writes the checkpoints of this folder with the `safetensors` package.

usage: python3 checkpoints.py FOLDER [--full]

  small.safetensors            a small residual network under torchvision's names, as
                               PyTorch saves it: with `num_batches_tracked`
  small_wrapped.safetensors    the same from within a `DataParallel`: `module.` in
                               front of every name
  small_half.safetensors       the same in 16-bit floats
  small_finetuned.safetensors  the same with 3 classes instead of 10, without the
                               bias of the last layer, and with one that the
                               definition does not know
  tied.safetensors             an embedding whose weight is also that of the output;
                               saved once, under the output's name
  resnet18.header              the beginning of a checkpoint of torchvision's model:
  alexnet.header               everything but the data

With `--full`, also resnet18.safetensors, a whole file of 47 MB (all zeros).
"""

import pathlib
import struct
import sys

import numpy
from safetensors.numpy import save

HERE = pathlib.Path(__file__).parent
TYPES = {"F32": numpy.float32, "I64": numpy.int64}


def values(shape, dtype):
    """Numbers that are the same on every machine."""
    count = numpy.arange(int(numpy.prod(shape)), dtype=numpy.int64)
    return ((count * 37 % 101 - 50) / 256).astype(dtype).reshape(shape)


def listed(model):
    """The tensors of a list: name, shape and type on each line."""
    tensors = {}
    for line in (HERE / f"{model}.tensors").read_text().splitlines():
        name, shape, dtype = line.split()
        extents = [] if shape == "-" else [int(extent) for extent in shape.split("x")]
        tensors[name] = numpy.zeros(extents, TYPES[dtype])
    return tensors


def convolution(tensors, name, outputs, inputs, kernel):
    tensors[f"{name}.weight"] = values([outputs, inputs, kernel, kernel], numpy.float32)


def norm(tensors, name, channels):
    for own in ("weight", "bias", "running_mean", "running_var"):
        tensors[f"{name}.{own}"] = values([channels], numpy.float32)
    tensors[f"{name}.num_batches_tracked"] = numpy.array(1000, numpy.int64)


def small():
    tensors = {}
    convolution(tensors, "conv1", 8, 3, 3)
    norm(tensors, "bn1", 8)
    for layer, inputs, outputs in (("layer1.0", 8, 8), ("layer2.0", 8, 12)):
        convolution(tensors, f"{layer}.conv1", outputs, inputs, 3)
        norm(tensors, f"{layer}.bn1", outputs)
        convolution(tensors, f"{layer}.conv2", outputs, outputs, 3)
        norm(tensors, f"{layer}.bn2", outputs)
        if inputs != outputs:
            convolution(tensors, f"{layer}.downsample.0", outputs, inputs, 1)
            norm(tensors, f"{layer}.downsample.1", outputs)
    tensors["fc.weight"] = values([10, 12], numpy.float32)
    tensors["fc.bias"] = values([10], numpy.float32)
    return tensors


def half(tensors):
    return {
        name: tensor.astype(numpy.float16) if tensor.dtype == numpy.float32 else tensor
        for name, tensor in tensors.items()
    }


def finetuned(tensors):
    del tensors["fc.bias"]
    tensors["fc.weight"] = values([3, 12], numpy.float32)
    tensors["temperature"] = values([1], numpy.float32)
    return tensors


def tied():
    weight = values([50, 16], numpy.float32)
    return {"head.weight": weight, "middle.weight": weight[:16], "middle.bias": weight[0]}


def write(folder):
    checkpoints = {
        "small": save(small(), {"format": "pt"}),
        "small_wrapped": save({f"module.{name}": t for name, t in small().items()}),
        "small_half": save(half(small())),
        "small_finetuned": save(finetuned(small())),
        "tied": save(tied(), {"embedding.weight": "head.weight"}),
    }
    for name, content in checkpoints.items():
        (folder / f"{name}.safetensors").write_bytes(content)
    for model in ("resnet18", "alexnet"):
        content = save(listed(model), {"format": "pt"})
        (length,) = struct.unpack("<Q", content[:8])
        (folder / f"{model}.header").write_bytes(content[: 8 + length])
        if model == "resnet18" and "--full" in sys.argv:
            (folder / f"{model}.safetensors").write_bytes(content)


write(pathlib.Path(sys.argv[1]))
