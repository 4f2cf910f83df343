"""`python -m shapewise MODULE:CALLABLE --input SHAPE...`: a model as source on standard output."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import sys
from contextlib import nullcontext
from typing import Any

import torch
from torch import nn

from . import NetworkError, to_network
from .api import camel
from .empty import meta as without_weights
from .weights import save


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m shapewise", description="A PyTorch model as network! source.")
    parser.add_argument("model", metavar="MODULE:CALLABLE", help="what makes the model, or the model: torchvision.models:resnet50")
    parser.add_argument("--input", action="append", required=True, metavar="[NAME=]SHAPE[:TYPE]", nargs="+", help="an input without its batch: 3x224x224, tokens=128:int64")
    parser.add_argument("--name", help="what the network is called")
    parser.add_argument("--kwargs", default="{}", metavar="JSON", help="arguments of the callable")
    parser.add_argument("--forward", default="{}", metavar="JSON", help="further arguments of the model's forward")
    parser.add_argument("--stub", action="store_true", help="what the language cannot say becomes a `custom` layer")
    parser.add_argument("--train", action="store_true", help="as the model trains, with its auxiliary outputs")
    parser.add_argument("--meta", action="store_true", help="makes the model without memory for its weights")
    parser.add_argument("--weights", metavar="FILE", help="writes the model's state as safetensors, too")
    given = parser.parse_args(arguments)
    try:
        inputs = [parse_input(text) for group in given.input for text in group]
        model = load(given.model, json.loads(given.kwargs), given.meta and not given.weights)
        names = None
        if all(name for name, _ in inputs):
            names = [name for name, _ in inputs]
        text = to_network(
            model,
            [described for _, described in inputs],
            name=given.name or camel(given.model.rpartition(":")[2].rpartition(".")[2]),
            input_names=names,
            kwargs=json.loads(given.forward),
            doc=f"`{given.model}`" + (f" with `{given.kwargs}`" if given.kwargs != "{}" else "") + ".",
            stub=given.stub,
            train=given.train,
            progress=sys.stderr.isatty(),
        )
        if given.weights:
            try:
                save(model.state_dict(), given.weights)
            except OSError as error:
                raise Usage(f"`{given.weights}` cannot be written: {error.strerror or error}") from error
    except (NetworkError, Usage) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except json.JSONDecodeError as error:
        print(f"error: not JSON: {error}", file=sys.stderr)
        return 2
    sys.stdout.write(text)
    return 0


class Usage(Exception):
    """What cannot be loaded, in words."""


def parse_input(text: str) -> tuple[str, Any]:
    found = re.fullmatch(r"(?:([a-z_][a-z0-9_]*)=)?(\d+(?:x\d+)*)(?::(\w+))?", text)
    if found is None:
        raise Usage(f"`{text}` is no input: write `3x224x224`, `image=3x224x224` or `tokens=128:int64`")
    dtype = getattr(torch, found[3] or "float32", None)
    if not isinstance(dtype, torch.dtype):
        raise Usage(f"`{found[3]}` is no type of tensors: `float32`, `int64`")
    return found[1] or "", (tuple(int(n) for n in found[2].split("x")), dtype)


def load(place: str, kwargs: dict[str, Any], meta: bool) -> nn.Module:
    module, colon, path = place.partition(":")
    if not colon:
        raise Usage(f"`{place}` has no `:` between the module and what is in it: torchvision.models:resnet50")
    sys.path.insert(0, os.getcwd())
    try:
        found: Any = importlib.import_module(module)
    except ImportError as error:
        raise Usage(f"`{module}` cannot be imported: {error}") from error
    for part in path.split("."):
        if not hasattr(found, part):
            raise Usage(f"`{module}` has no `{path}`")
        found = getattr(found, part)
    if not isinstance(found, nn.Module):
        if not callable(found):
            raise Usage(f"`{place}` is a {type(found).__name__}, and makes no model")
        try:
            with without_weights() if meta else nullcontext():
                found = found(**kwargs)
        except TypeError as error:
            raise Usage(f"`{place}` does not take these arguments: {error}") from error
        except Exception as error:
            raise Usage(f"`{place}` raises {type(error).__name__} as it is made: {error}") from error
    if not isinstance(found, nn.Module):
        raise Usage(f"`{place}` gives a {type(found).__name__}, and no torch.nn.Module")
    return found


if __name__ == "__main__":
    sys.exit(main())
