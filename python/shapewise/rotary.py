"""Rotary positions: the function of `transformers`, whose tables say which base and scaling it is."""

from __future__ import annotations

import inspect
import math

import torch
from torch.utils._python_dispatch import _disable_current_modes

from .arrange import arrange
from .graph import Word
from .values import Atom, View, size


def apply_rotary(tracer, original, *args, **kwargs):
    """Queries and keys, each turned; what is called otherwise is left to the function itself."""
    names = list(inspect.signature(original).parameters)
    given = dict(zip(names, args)) | kwargs
    if tracer.leaf is not None or not {"cos", "sin"} <= set(given):
        return original(*args, **kwargs)
    turning = [n for n in names if n in given and n not in ("cos", "sin") and tracer.flowing(given[n])]
    # One after the other, as GPT-J has it with the heads behind the positions, or both at once.
    if turning not in (["q", "k"], ["tensor"]) or tracer.flowing(given["cos"], given["sin"]):
        return original(*args, **kwargs)
    with torch._C.DisableTorchFunction(), _disable_current_modes():
        return rotated(tracer, original, turning, given)


def rotated(tracer, original, turning, given):
    tracer.operation = "apply_rotary_pos_emb"
    tables = [tracer.constant(given[n]) for n in ("cos", "sin")]
    if any(t is None for t in tables):
        raise tracer.error("the tables of angles have no numbers: make the model on the CPU, with fewer layers if it is large")
    behind = turning == ["tensor"] or given.get("unsqueeze_dim", 1) == 2
    tensors = [given[n] for n in turning]
    found, width = angles(tracer, *tables, halved=turning == ["tensor"])
    features = tensors[0].shape[-1]
    frequencies = found.pop("frequencies")
    found |= turns(tracer, original, turning, given, tables, frequencies, width, features, behind)
    out = tuple(turned(tracer, x, found, features, behind) for x in tensors)
    return out if len(out) > 1 else out[0]


def turns(tracer, original, turning, given, tables, angle, width, features, behind) -> dict:
    """Which pairs of features the function turns: it is tried on numbers."""
    length = tables[0].shape[-2]
    x = torch.randn(1, 2, length, features, generator=torch.Generator().manual_seed(0))
    x = x.transpose(1, 2) if behind else x
    cos, sin = (t.reshape(-1, *t.shape[-2:])[:1].float() for t in tables)
    called = {**given, **{n: x for n in turning}, "cos": cos, "sin": sin}
    theirs = original(**called)
    theirs = theirs[0] if isinstance(theirs, tuple) else theirs
    shape = (1, length, 1, width // 2) if behind else (1, 1, length, width // 2)
    c, s = angle.cos().float().reshape(shape), angle.sin().float().reshape(shape)
    part, rest = x[..., :width], x[..., width:]
    for interleaved in (False, True):
        a, b = (part[..., ::2], part[..., 1::2]) if interleaved else part.chunk(2, -1)
        pair = [a * c - b * s, b * c + a * s]
        ours = torch.stack(pair, -1).flatten(-2) if interleaved else torch.cat(pair, -1)
        ours = torch.cat([ours, rest], -1)
        if theirs.shape == ours.shape and torch.allclose(theirs, ours, atol=1e-3):
            return ({"interleaved": True} if interleaved else {}) | ({} if width == features else {"features": width})
    raise tracer.error("turns other pairs of features than neighbours or one of each half")


def turned(tracer, x, found, width, behind):
    view = tracer.get(x)
    if not isinstance(view, View) or len(view.dims) != 4 or size(view.dims[-1]) != width:
        raise tracer.error("of a tensor that is not `batch x heads x length x features`")
    _, one, two, features = view.dims
    at, heads = (one, two) if behind else (two, one)
    if any(a.batch or a.virtual for a in (*at, *heads, *features)):
        raise tracer.error("of a tensor that is not `batch x heads x length x features`")
    value = arrange(tracer, view, [at, (*heads, *features)])
    args = {"heads": size(heads)} if size(heads) > 1 else {}
    (result,) = tracer.emit("rotary_embedding", {**args, **found}, [value], [value.shape])
    fresh = {a: Atom(a.size) for a in (*at, *heads, *features)}
    put = lambda atoms: tuple(fresh.get(a, a) for a in atoms)
    out = torch.empty(tuple(x.shape), device="meta")
    tracer.put(out, View(result, (put(at), put((*heads, *features))), tuple(put(d) for d in view.dims)))
    return out


def angles(tracer, cos: torch.Tensor, sin: torch.Tensor, halved: bool):
    """The arguments of the layer, from the tables, which are calculated again and compared; and how many features they are for."""
    cos, sin = (t.reshape(-1, *t.shape[-2:])[0].double() for t in (cos, sin))
    length, width = cos.shape
    half = width if halved else width // 2
    if halved:
        width = 2 * width
    elif torch.allclose(cos[:, :half], cos[:, half:], atol=1e-5) and torch.allclose(sin[:, :half], sin[:, half:], atol=1e-5):
        cos, sin = cos[:, :half], sin[:, :half]
    elif torch.allclose(cos[:, ::2], cos[:, 1::2], atol=1e-5) and torch.allclose(sin[:, ::2], sin[:, 1::2], atol=1e-5):
        cos, sin = cos[:, ::2], sin[:, ::2]
    else:
        raise tracer.error("angles that are not the same for both of a pair")
    if length < 2:
        raise tracer.error("angles of a single position")
    step = torch.atan2(sin[1], cos[1])
    places = torch.arange(length, dtype=torch.float64)[:, None]
    config = getattr(tracer.module, "config", None)
    rope = dict(getattr(config, "rope_parameters", None) or getattr(config, "rope_scaling", None) or {})
    layered = [r for r in rope.values() if isinstance(r, dict)]
    for kind in layered or [rope]:
        found = frequencies_of(tracer, kind, getattr(config, "rope_theta", None), step, half)
        wanted = places * found["frequencies"]
        if torch.allclose(wanted.cos(), cos, atol=1e-3) and torch.allclose(wanted.sin(), sin, atol=1e-3):
            return found | {"frequencies": wanted}, width
    raise tracer.error("angles that follow from no base")


def frequencies_of(tracer, rope: dict, theta, step, half: int) -> dict:
    base = float(rope.get("rope_theta") or theta or 0)
    if not base and half > 1:
        base = float(step[1]) ** (-half)
        base = round(base) if abs(base - round(base)) < 1e-3 * base else base
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
    return found | {"frequencies": frequencies}


def llama3(frequencies, factor, low, high, positions):
    waves = 2 * math.pi / frequencies
    smooth = ((positions / waves - low) / (high - low)).clamp(0, 1)
    return (1 - smooth) * frequencies / factor + smooth * frequencies


__all__ = ["apply_rotary"]
