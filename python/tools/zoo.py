"""Whether the networks of `zoo/` are torchvision's: `python tools/zoo.py [--values] [MODEL...]`.

For each the tensors of torchvision's model, by name, shape and type; with `--values` also its outputs on random weights
and running statistics, through the ONNX export in onnxruntime. Which network is which model, their documentation says.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import torch

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
warnings.simplefilter("ignore")

import cli  # noqa: E402
from crate import ROOT  # noqa: E402
from shapewise.weights import save  # noqa: E402
from values import scrambled  # noqa: E402

#: The documentation of a network, and its name.
NETWORK = re.compile(r"/// torchvision's `(\w+)`.*\n\s*pub struct (\w+)<[^(]*\(image: \[?(\w+)")


def networks() -> dict[str, tuple[str, int]]:
    """The network of each of torchvision's models, and the extent of its images."""
    found = {}
    for file in sorted((ROOT / "zoo/src").glob("*.rs")):
        text = file.read_text()
        for doc in NETWORK.finditer(text):
            size = re.search(r"SIZE: usize = (\d+)", doc[0]) or re.match(r"(\d+)x", doc[3])
            found[doc[1]] = (f"{file.stem}::{doc[2]}", int(size[1]))
    return found


class Zoo:
    """The zoo as `cargo shapewise` sees it, and a folder for what it writes."""

    def __init__(self, folder: Path) -> None:
        self.tool = cli.program(os.environ.get("CARGO_TARGET_DIR"))
        self.weights, self.onnx = folder / "weights.safetensors", folder / "model.onnx"

    def run(self, *args: str) -> str:
        """What the tool says is wrong; nothing where all is right."""
        place = ["--manifest-path", str(ROOT / "zoo/Cargo.toml"), "--all-features"]
        ran = subprocess.run([self.tool, "shapewise", *args, *place], capture_output=True, text=True)
        text = (ran.stdout + ran.stderr).strip()
        return "" if ran.returncode == 0 and "not in the network" not in text else text

    def compare(self, model: torch.nn.Module, network: str, size: int, values: bool) -> str:
        """How a model and a network differ."""
        save(model.state_dict(keep_vars=True), self.weights)
        wrong = self.run("check", str(self.weights), "--network", network)
        if wrong or not values:
            return wrong or f"{len(model.state_dict())} tensors"
        wrong = self.run("export", network, "--onnx", str(self.onnx), "--weights", str(self.weights), "--batch", "1")
        return wrong or self.outputs(model, size)

    def outputs(self, model: torch.nn.Module, size: int) -> str:
        import onnxruntime

        x = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(2))
        session = onnxruntime.InferenceSession(str(self.onnx))
        ours = session.run(None, {session.get_inputs()[0].name: x.numpy()})
        with torch.no_grad():
            wanted = model(x)
        apart = cli.apart(ours, [wanted])
        text = f"{apart:.1e} of the largest (spread {float(wanted.std()):.2g})"
        return text if apart < 1e-4 else f"outputs differ: {text}"


def main() -> int:
    from torchvision.models import get_model

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", nargs="*", help="of torchvision [default: all of the zoo]")
    parser.add_argument("--values", action="store_true", help="compare outputs, too")
    given = parser.parse_args()
    known, bad = networks(), 0
    with tempfile.TemporaryDirectory() as folder:
        zoo = Zoo(Path(folder))
        for name in given.models or known:
            network, size = known[name]
            # Only training has auxiliary heads.
            options = {"init_weights": False, "aux_logits": False} if name in ("googlenet", "inception_v3") else {}
            said = zoo.compare(scrambled(get_model(name, **options)), network, size, given.values)
            bad += not said[0].isdigit()
            print(f"{name}: {said}", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
