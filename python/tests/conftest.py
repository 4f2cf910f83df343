"""What the tests have in common: a crate that rustc checks imported networks in."""

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
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
