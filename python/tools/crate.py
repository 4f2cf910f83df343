"""A scratch crate of imported networks: rustc checks their figures, a program prints their tensors."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MAIN = """
fn show<N: shapewise::Network>(name: &str) {
    let bytes = std::fs::read(format!("{}/state/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let report = shapewise_safetensors::check_header::<N>(&bytes).unwrap();
    if report.is_ok() && report.unexpected().next().is_none() {
        println!("{name}: {} tensors", report.expected());
    } else {
        println!("{name}: {report}");
    }
}
"""


def write(folder: Path, sources: dict[str, str], extra: str = "", main: str | None = None) -> None:
    """A module for each network, called as the file."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    for old in (folder / "src").glob("*.rs"):
        old.unlink()
    (folder / "Cargo.toml").write_text(
        "[package]\nname = \"imported\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n"
        f"[dependencies]\nshapewise = {{ path = {json.dumps(str(ROOT))} }}\n"
        f"shapewise-safetensors = {{ path = {json.dumps(str(ROOT / 'engines/safetensors'))} }}\n{extra}\n[workspace]\n"
    )
    mods = "".join(f"mod {name};\n" for name in sources)
    calls = "".join(f'    show::<{name}::Net>("{name}");\n' for name in sources)
    (folder / "src/main.rs").write_text(mods + (main or MAIN) + "\nfn main() {\n" + calls + "}\n")
    for name, text in sources.items():
        (folder / f"src/{name}.rs").write_text(text)


def cargo(folder: Path, command: str, *args: str) -> subprocess.CompletedProcess:
    env = dict(os.environ, CARGO_TERM_COLOR="never")
    return subprocess.run(
        ["cargo", command, "--quiet", "--manifest-path", str(folder / "Cargo.toml"), *args],
        capture_output=True, text=True, env=env,
    )


def errors_by_module(stderr: str) -> dict[str, str]:
    """The first error of each module."""
    found: dict[str, str] = {}
    for part in re.split(r"\n(?=error|warning)", stderr):
        place = re.search(r"--> (?:\S*/)?src/(\w+)\.rs", part)
        if part.startswith("error") and place:
            found.setdefault(place[1], part.strip())
    return found
