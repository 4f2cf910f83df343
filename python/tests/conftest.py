"""What the tests have in common: a crate that rustc checks imported networks in."""

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: Where cargo builds what is not of these tests alone.
TARGET = os.environ.get("CARGO_TARGET_DIR")
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]


@pytest.fixture(scope="session")
def rustc(tmp_path_factory):
    """Compiles sources that each define `Net`, and says which tensors of a state are not there."""
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not installed")
    import crate
    from shapewise.weights import header

    target = os.environ.setdefault("CARGO_TARGET_DIR", str(ROOT.parent / "target" / "python"))
    assert target

    def check(sources, states):
        folder = tmp_path_factory.mktemp("crate")
        (folder / "state").mkdir()
        for name, state in states.items():
            (folder / "state" / name).write_bytes(header(state))
        crate.write(folder, sources)
        ran = crate.cargo(folder, "run")
        assert ran.returncode == 0, ran.stderr
        return dict(line.split(": ", 1) for line in ran.stdout.splitlines() if ": " in line)

    return check


@pytest.fixture(scope="session")
def computed(tmp_path_factory):
    """What is wrong with imported models: their names, their tensors, and how far their outputs are from PyTorch's."""
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not installed")
    pytest.importorskip("onnxruntime")
    import cli
    import torch
    import values
    from shapewise import to_network

    tool = cli.program(TARGET)

    def check(models):
        models = {name: (values.scrambled(model), inputs) for name, (model, inputs) in models.items()}
        sources = {name: to_network(model, list(inputs), name="Net") for name, (model, inputs) in models.items()}
        scratch = cli.Sources(tmp_path_factory.mktemp("sources"), sources, tool)
        wrong = scratch.errors()
        for name, (model, inputs) in models.items():
            if name in wrong:
                continue
            state = {}
            for key, tensor in model.state_dict(keep_vars=True).items():
                if not any(tensor is other for other in state.values()):
                    state[key] = tensor
            found = scratch.tensors(name, state)
            with torch.no_grad():
                wanted = list(cli.tensors(model(*inputs)))
            worst = cli.apart(scratch.outputs(name, inputs), wanted)
            if found or not worst < 1e-4:
                wrong[name] = f"{found} {worst} {sources[name]}"
        return wrong

    return check
