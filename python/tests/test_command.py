"""The command, as somebody new types it."""

import pytest
from shapewise.__main__ import main

IMAGE = ["--input", "3x32x32"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["torchvision.models", *IMAGE], "has no `:`"),
        (["nowhere_at_all:x", *IMAGE], "cannot be imported"),
        (["torch.nn:nope", *IMAGE], "has no `nope`"),
        (["torch.nn:Identity", "--input", "3y"], "`3y` is no input"),
        (["torch.nn:Identity", *IMAGE, "--kwargs", "{"], "not JSON"),
        (["torch.nn:Identity", *IMAGE, "--name", "fn"], "`fn` is no name of a network"),
        (["torch.nn:Identity", "--input", "fn=3x32x32"], "`fn` is no name of an input"),
        (["torch.nn:Identity", *IMAGE, "--weights", "/nowhere/at/all"], "cannot be written"),
        (["torch.nn:Linear", *IMAGE, "--kwargs", '{"in_features": 8, "out_features": 2}'], r"the module (Linear) raises RuntimeError on inputs of 3x32x32"),
    ],
)
def test_mistakes_are_told_in_words(arguments, message, capsys):
    assert main(arguments) in (1, 2)
    told = capsys.readouterr().err
    assert message in told and "Traceback" not in told
