"""Modules whose `forward` is written for speed: what they compute, in layers of the language."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from .arrange import arrange, image
from .handlers import view_of
from .graph import Axes, Extents, Range, Word
from .values import channels_first, plain

REWRITTEN = {}


def rewritten(*names: str):
    def add(function):
        for name in names:
            REWRITTEN[name] = function
        return function

    return add


def of(module):
    cls = type(module)
    if cls.__name__.endswith("FrozenBatchNorm2d") and {name for name, _ in module.named_buffers()} == FROZEN:
        return frozen
    return REWRITTEN.get(f"{cls.__module__}.{cls.__qualname__}")


#: What a batch normalisation holds that does not learn.
FROZEN = {"weight", "bias", "running_mean", "running_var"}


def frozen(tracer, module, x):
    """The batch normalisation of detectors, torchvision's or a copy of it."""
    path = tracer.paths[id(module)]
    value = image(tracer, view_of(tracer, x), x.dim() - 2)
    names = {name: f"{path}.{name}" for name in ("weight", "bias", "running_mean", "running_var")}
    args = {"eps": getattr(module, "eps", 1e-5), "frozen": True}
    (value,) = tracer.emit("batch_norm", args, [value], [value.shape], names)
    out = torch.empty(x.shape, device="meta")
    tracer.put(out, channels_first(value, tracer.batch))
    return out


@rewritten("transformers.models.mamba.modeling_mamba.MambaMixer")
def mamba(tracer, module, hidden_states, cache=None, attention_mask=None, **_):
    """A selective scan between its projections; `None` where a state or a mask goes in."""
    if cache is not None or attention_mask is not None:
        return None
    path = tracer.paths[id(module)]
    x, gate = module.in_proj(hidden_states).chunk(2, dim=-1)
    length, width = x.shape[1:]

    kernel = module.conv1d.weight.shape[-1]
    view = view_of(tracer, x)
    names = {"weight": f"{path}.conv1d.weight"}
    if module.conv1d.bias is not None:
        names["bias"] = f"{path}.conv1d.bias"
    args = {"kernel": Extents((kernel,)), "padding": Word("causal"), "bias": "bias" in names}
    value = arrange(tracer, view, view.dims[1:])
    (value,) = tracer.emit("depthwise_conv", args, [value], [value.shape], names)
    tracer.extra_macs += length * kernel * width
    x = module.act(given(tracer, value))

    sizes = [module.time_step_rank, module.ssm_state_size, module.ssm_state_size]
    step, b, c = module.x_proj(x).split(sizes, dim=-1)
    step = F.softplus(module.dt_proj(step))
    values = []
    for t in (x, step, b, c):
        view = view_of(tracer, t)
        values.append(arrange(tracer, view, view.dims[1:]))
    (value,) = tracer.emit("selective_scan", {}, values, [values[0].shape], {"A_log": f"{path}.A_log", "D": f"{path}.D"})
    value.node.path, value.node.flat = f"{path}.scan", True
    tracer.extra_macs += 3 * length * width * module.ssm_state_size
    return module.out_proj(given(tracer, value) * module.act(gate))


@rewritten("timm.models.xcit.PositionalEncodingFourier", "timm.models.edgenext.PositionalEncodingFourier")
def fourier(tracer, module, *extents):
    """Sines and cosines of rows and columns, which a convolution makes channels of."""
    shape = tuple(extents[0]) if len(extents) == 1 else tuple(extents)
    height, width = shape[-2:]
    source, features = tracer.inputs[0], module.hidden_dim
    if len(source.shape) != 3 or source.shape[0] < height or source.shape[1] < width:
        return None
    parts = []
    for n, place in ((height, 0), (width, 1)):
        # As many numbers as there are rows or columns.
        names = {"height": Range((0, n if place == 0 else 1)), "width": Range((0, n if place == 1 else 1)), "channels": Range((0, 1))}
        (value,) = tracer.emit("slice", names, [source], [(n if place == 0 else 1, n if place == 1 else 1, 1)])
        (value,) = tracer.emit("arange", {"start": 1}, [value], [(n,)])
        factor = 2 * math.pi / (n + getattr(module, "eps", 1e-6))
        (value,) = tracer.emit("rescale", {"factor": factor, "offset": 0.0}, [value], [(n,)])
        args = {"features": features, "base": float(module.temperature)}
        (value,) = tracer.emit("sinusoidal_embedding", args, [value], [(n, features)])
        at = (n, 1, features) if place == 0 else (1, n, features)
        (value,) = tracer.emit("reshape", {"shape": Axes(at), "order": Word("channels_last")}, [value], [at])
        whole = (height, width, features)
        (value,) = tracer.emit("expand", {"shape": Axes(whole)}, [value], [whole])
        parts.append(value)
    (value,) = tracer.emit("concat", {}, parts, [(height, width, 2 * features)])
    made = torch.empty((tracer.batch.size, 2 * features, height, width), device="meta")
    tracer.put(made, channels_first(value, tracer.batch))
    return module.token_projection(made)


def given(tracer, value) -> torch.Tensor:
    """A tensor without data that stands for a value."""
    out = torch.empty((tracer.batch.size, *value.shape), device="meta")
    tracer.put(out, plain(value, tracer.batch))
    return out
