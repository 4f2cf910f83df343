#!/bin/sh
# Makes the Python environment that the tests of this crate check models with, and
# prints its interpreter. Nothing is done where it is there already.
#
#     engines/onnx/tests/setup.sh [folder]
#
# The folder is `target/onnx-venv` when it is left out. PYTHON names another
# interpreter than python3.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
folder=${1:-${CARGO_TARGET_DIR:-$root/target}/onnx-venv}
wanted=$here/requirements.txt

if ! cmp -s "$wanted" "$folder/installed.txt"; then
    "${PYTHON:-python3}" -m venv "$folder" >&2
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
        --requirement "$wanted" >&2
    cp "$wanted" "$folder/installed.txt"
fi
echo "$folder/bin/python"
