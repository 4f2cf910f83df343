#!/bin/sh
# Makes a Python that has torch, torchvision, timm and transformers, outside of the clone, once; prints its path.
# SHAPEWISE_VENV says where; what is there already is taken.
set -eu
folder=${SHAPEWISE_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/shapewise/python}
if [ ! -e "$folder/.ready2" ]; then
    python3 -m venv "$folder" >&2
    "$folder/bin/pip" install --quiet torch torchvision timm transformers onnxruntime safetensors numpy pytest >&2
    touch "$folder/.ready2"
fi
printf '%s\n' "$folder/bin/python"
