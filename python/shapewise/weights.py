"""The state of a model as a safetensors file."""

from __future__ import annotations

import json
from pathlib import Path

import torch

TYPES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
}


def header(state: dict[str, torch.Tensor]) -> bytes:
    """The header of the file: names, types, shapes and places."""
    entries, at = {}, 0
    for name, t in state.items():
        size = t.numel() * t.element_size()
        entries[name] = {"dtype": TYPES[t.dtype], "shape": list(t.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def save(state: dict[str, torch.Tensor], path: str | Path) -> None:
    """Writes a state dict; tensors that share memory are written each."""
    if any(t.device.type == "meta" for t in state.values()):
        raise ValueError("the model has no weights: it is on the meta device")
    with open(path, "wb") as file:
        file.write(header(state))
        for t in state.values():
            flat = t.detach().cpu().contiguous().reshape(-1)
            file.write(bytes(flat.view(torch.uint8).numpy().tobytes()) if numpy_there() else bytes(flat.view(torch.uint8).tolist()))


def numpy_there() -> bool:
    try:
        import numpy  # noqa: F401
    except ImportError:
        return False
    return True
