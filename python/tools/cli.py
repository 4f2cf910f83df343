"""`cargo shapewise` on imported sources: what the macro's compiler says, and models for onnxruntime, without rustc."""

from __future__ import annotations

import functools
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import crate
import torch
from shapewise.weights import save


@functools.cache
def program(target: str | None = None) -> str:
    """The tool, built where it is not, in the folder where cargo builds all of this repository."""
    target = target or str(crate.ROOT / "target")
    built = subprocess.run(
        ["cargo", "build", "--quiet", "--manifest-path", str(crate.ROOT / "Cargo.toml"), "-p", "cargo-shapewise"],
        capture_output=True, text=True, env=dict(os.environ, CARGO_TARGET_DIR=target),
    )
    if built.returncode:
        raise RuntimeError(built.stderr[-3000:])
    return str(Path(target) / "debug" / "cargo-shapewise")


class Sources:
    """A folder of networks, each `Net` in a file of its name."""

    def __init__(self, folder: Path, sources: dict[str, str], tool: str | None = None) -> None:
        self.folder = folder
        self.tool = tool or program(os.environ.get("CARGO_TARGET_DIR"))
        crate.write(folder, sources)
        for part in ("weights", "onnx"):
            (folder / part).mkdir(exist_ok=True)

    def run(self, *args: str) -> subprocess.CompletedProcess:
        place = ["--manifest-path", str(self.folder / "Cargo.toml")]
        return subprocess.run([self.tool, "shapewise", *args, *place], capture_output=True, text=True)

    def errors(self) -> dict[str, str]:
        """The first error of each source that the compiler refuses, or warns of."""
        ran = self.run("list")
        found: dict[str, str] = {}
        for part in re.split(r"\n(?=error|warning)", "\n" + ran.stderr):
            place = re.search(r"--> (?:\S*/)?src/(\w+)\.rs", part)
            if place:
                found.setdefault(place[1], part.strip())
        return found

    def tensors(self, name: str, state: dict[str, torch.Tensor]) -> str:
        """What is wrong with the names, shapes and types of a state; nothing where all is right."""
        file = self.folder / "weights" / f"{name}.safetensors"
        save(state, file)
        return self.said(name, file)

    def said(self, name: str, file: Path) -> str:
        """What is wrong with a checkpoint, of which only the header is read."""
        ran = self.run("check", str(file), "--network", f"{name}::Net")
        text = (ran.stdout + ran.stderr).strip()
        return "" if ran.returncode == 0 and "not in the network" not in text else text

    def outputs(self, name: str, inputs: list[torch.Tensor]) -> list[Any]:
        """What onnxruntime makes of the network with the weights that `tensors` wrote."""
        import onnxruntime

        file = self.folder / "onnx" / f"{name}.onnx"
        weights = str(self.folder / "weights" / f"{name}.safetensors")
        ran = self.run("export", f"{name}::Net", "--onnx", str(file), "--weights", weights, "--batch", str(len(inputs[0])))
        if ran.returncode:
            raise RuntimeError((ran.stdout + ran.stderr).strip())
        try:
            session = onnxruntime.InferenceSession(str(file))
            return session.run(None, {i.name: laid(x, i.shape).numpy() for i, x in zip(session.get_inputs(), inputs)})
        finally:
            file.unlink()


def laid(x: torch.Tensor, shape: list[int]) -> torch.Tensor:
    """An input as the model in ONNX takes it, which may have the channels of a sequence or a volume first."""
    first = x.movedim(-1, 1)
    last = x.movedim(1, -1)
    return next((y.contiguous() for y in (x, first, last) if list(y.shape) == list(shape)), x)


def tensors(out: Any):
    """The tensors of a result, in their order."""
    if isinstance(out, torch.Tensor):
        yield out
    elif hasattr(out, "items"):
        for x in out.values():
            yield from tensors(x)
    elif isinstance(out, (tuple, list)):
        for x in out:
            yield from tensors(x)


def apart(ours: list[Any], theirs: list[torch.Tensor]) -> float:
    """How far results are apart, of the largest value."""
    import numpy

    if len(ours) != len(theirs):
        return float("inf")
    worst = 0.0
    for a, b in zip(ours, theirs):
        b = b.detach().numpy()
        if b.ndim == 1:
            # A number for each sample has an axis of 1 in the language.
            b = b[:, None]
        if a.shape != b.shape:
            a = next((y for y in (numpy.moveaxis(a, 1, -1), numpy.moveaxis(a, -1, 1)) if a.ndim > 2 and y.shape == b.shape), a)
        if a.shape != b.shape:
            return float("inf")
        worst = max(worst, float(numpy.abs(a - b).max() / max(float(numpy.abs(b).max()), 1e-12)))
    return worst
