#!/bin/sh
# Writes the test checkpoints anew with Python's safetensors and compares them with
# those in the repository. It also leaves a whole ResNet-18 for the test that needs one:
# `cargo test -p shapewise-safetensors -- --include-ignored` afterwards.
#
# usage: engines/safetensors/tests/setup.sh
#
# PYTHON is the interpreter to start from (python3). Everything is put under the
# workspace's target folder.
set -eu

tests=$(cd "$(dirname "$0")" && pwd)
target=${CARGO_TARGET_DIR:-$tests/../../../target}/safetensors
environment=$target/python
mkdir -p "$target/checkpoints"

if ! cmp -s "$tests/data/requirements.txt" "$environment/requirements.txt"; then
    "${PYTHON:-python3}" -m venv --clear "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check \
        -r "$tests/data/requirements.txt"
    cp "$tests/data/requirements.txt" "$environment/requirements.txt"
fi

"$environment/bin/python" "$tests/data/checkpoints.py" "$target/checkpoints" --full

for written in "$tests"/data/*.safetensors "$tests"/data/*.header; do
    cmp "$written" "$target/checkpoints/$(basename "$written")"
done
echo "the checkpoints in tests/data are those that Python writes"
