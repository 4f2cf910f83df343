"""Crates of a user in a folder of their own, which a server opens."""

import json
import os
import shutil
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.dirname(os.path.dirname(HERE))


def crate(networks):
    """A workspace with a crate for each of these: their names and sources."""
    root = tempfile.mkdtemp(prefix="shapewise-editor-")
    with open(f"{root}/Cargo.toml", "w") as file:
        file.write(f'[workspace]\nresolver = "3"\nmembers = {json.dumps(list(networks))}\n')
    for name, source in networks.items():
        os.makedirs(f"{root}/{name}/src")
        with open(f"{root}/{name}/Cargo.toml", "w") as file:
            file.write(
                f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2024"\n\n'
                f'[dependencies]\nshapewise = {{ path = "{PROJECT}" }}\n'
            )
        with open(f"{root}/{name}/src/lib.rs", "w") as file:
            file.write(source)
    return root


def target():
    """Where the crate's macros are built: kept, so that they are built once."""
    own = os.environ.get("CARGO_TARGET_DIR", f"{PROJECT}/target")
    return os.path.join(os.path.abspath(own), "editor")


def remove(root):
    shutil.rmtree(root, ignore_errors=True)
