"""What the importer knows of the language is what its reference says."""

import re
from pathlib import Path

import pytest
from shapewise.graph import POSITIONAL, Word, default
from shapewise.text import value

REFERENCE = Path(__file__).resolve().parents[2] / "src" / "reference" / "layers.md"


def layers():
    """Each layer's arguments: whether each is written with its name, and its default as it stands there."""
    if not REFERENCE.exists():
        pytest.skip("outside of a clone")
    found = {}
    for part in re.split(r"^## ", REFERENCE.read_text(), flags=re.M)[1:]:
        name = part.split("\n", 1)[0].strip()
        rows = re.findall(r"^\| `(\w+)`( =)? \| [^|]* \| ([^|]*) \|", part, flags=re.M)
        found[name] = [(argument, bool(named), usual.strip().strip("`")) for argument, named, usual in rows]
    return found


def test_arguments_without_names_are_the_languages():
    known = layers()
    for name, arguments in POSITIONAL.items():
        if name in known:
            written = [argument for argument, named, _ in known[name] if not named]
            assert arguments == written[: len(arguments)], name


def test_defaults_are_the_languages():
    wrong = []
    for name, arguments in layers().items():
        for argument, _, usual in arguments:
            ours = default(name, argument)
            if ours is None or usual == "-":
                continue
            if isinstance(ours, bool):
                same = usual == str(ours).lower()
            elif isinstance(ours, (int, float)) and not isinstance(ours, Word):
                same = re.fullmatch(r"[-\d.e]+", usual) and float(usual) == float(ours)
            else:
                same = usual == value(ours)
            if not same:
                wrong.append((name, argument, usual, ours))
    assert not wrong, wrong
