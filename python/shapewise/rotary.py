"""Rotary positions: the function of `transformers`, whose tables say which base and scaling it is."""

from __future__ import annotations

import math

import torch
from torch.utils._python_dispatch import _disable_current_modes

from .arrange import arrange
from .graph import Word
from .scores import positions
from .values import Atom, View, size


def apply_rotary(tracer, original, q, k, cos, sin, *args, **kwargs):
    """Queries and keys, each turned; what cannot be told apart is left to the function itself."""
    if tracer.leaf is not None or not tracer.flowing(q, k):
        return original(q, k, cos, sin, *args, **kwargs)
    with torch._C.DisableTorchFunction(), _disable_current_modes():
        return rotated(tracer, original, q, k, cos, sin)


def rotated(tracer, original, q, k, cos, sin):
    tracer.operation = "apply_rotary_pos_emb"
    tables = [tracer.constant(t) for t in (cos, sin)]
    if any(t is None for t in tables):
        raise tracer.error("the tables of angles have no numbers: make the model on the CPU, with fewer layers if it is large")
    found = angles(tracer, *tables)
    check(tracer, original, *tables)
    return tuple(turned(tracer, x, found, tables[0].shape[-1]) for x in (q, k))


def check(tracer, original, cos, sin) -> None:
    """Whether the function turns halves, as the layer does: it is tried on numbers."""
    length, width = cos.shape[-2:]
    x = torch.randn(1, 2, length, width, generator=torch.Generator().manual_seed(0))
    cos, sin = (t.reshape(-1, length, width)[:1].float() for t in (cos, sin))
    theirs, _ = original(x, x, cos, sin)
    a, b = x[..., : width // 2], x[..., width // 2 :]
    ours = x * cos[:, None] + torch.cat([-b, a], -1) * sin[:, None]
    if theirs.shape != ours.shape or not torch.allclose(theirs, ours, atol=1e-4):
        raise tracer.error("turns other pairs of features than one of each half")


def turned(tracer, x, found, width):
    view = tracer.get(x)
    if not isinstance(view, View) or len(view.dims) != 4 or size(view.dims[-1]) != width:
        raise tracer.error("of a tensor that is not `batch x heads x length x features`")
    at, heads, features = positions(tracer, view)
    value = arrange(tracer, view, [at, (*heads, *features)])
    args = {"heads": size(heads)} if size(heads) > 1 else {}
    (result,) = tracer.emit("rotary_embedding", {**args, **found}, [value], [value.shape])
    fresh = {a: Atom(a.size) for a in (*at, *heads, *features)}
    put = lambda atoms: tuple(fresh.get(a, a) for a in atoms)
    out = torch.empty(tuple(x.shape), device="meta")
    tracer.put(out, View(result, (put(at), put((*heads, *features))), tuple(put(d) for d in view.dims)))
    return out


def angles(tracer, cos: torch.Tensor, sin: torch.Tensor) -> dict:
    """The arguments of the layer, from the tables: they are calculated again and compared."""
    cos, sin = (t.reshape(-1, *t.shape[-2:])[0].double() for t in (cos, sin))
    length, width = cos.shape
    half = width // 2
    if length < 2 or not torch.allclose(cos[:, :half], cos[:, half:], atol=1e-5):
        raise tracer.error("angles that are not equal in both halves")
    step = torch.atan2(sin[1, :half], cos[1, :half])
    places = torch.arange(length, dtype=torch.float64)[:, None]
    config = getattr(tracer.module, "config", None)
    rope = dict(getattr(config, "rope_parameters", None) or getattr(config, "rope_scaling", None) or {})
    base = float(rope.get("rope_theta") or getattr(config, "rope_theta", None) or 0)
    if not base and half > 1:
        base = float(step[1]) ** (-half)
    frequencies = base ** (-torch.arange(half, dtype=torch.float64) / half)
    found: dict = {"base": float(base)}
    kind = rope.get("rope_type") or rope.get("type") or "default"
    if kind == "llama3":
        names = ("factor", "low_freq_factor", "high_freq_factor")
        found |= {"scaling": Word("llama3"), **{n: float(rope[n]) for n in names}}
        found["original_positions"] = int(rope["original_max_position_embeddings"])
        frequencies = llama3(frequencies, *(found[n] for n in names), found["original_positions"])
    elif kind == "linear":
        found |= {"scaling": Word("linear"), "factor": float(rope["factor"])}
        frequencies = frequencies / found["factor"]
    elif kind != "default":
        raise tracer.error(f"rotary positions of the kind `{kind}`")
    wanted = places * frequencies
    if not (torch.allclose(wanted.cos(), cos[:, :half], atol=1e-3) and torch.allclose(wanted.sin(), sin[:, :half], atol=1e-3)):
        raise tracer.error("angles that follow from no base")
    return found


def llama3(frequencies, factor, low, high, positions):
    waves = 2 * math.pi / frequencies
    smooth = ((positions / waves - low) / (high - low)).clamp(0, 1)
    return (1 - smooth) * frequencies / factor + smooth * frequencies


__all__ = ["apply_rotary"]
