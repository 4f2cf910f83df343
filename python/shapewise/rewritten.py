"""Modules whose `forward` is written for speed: what they compute, in layers of the language."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .arrange import arrange
from .functions import view_of
from .graph import Extents, Word
from .values import plain

REWRITTEN = {}


def rewritten(*names: str):
    def add(function):
        for name in names:
            REWRITTEN[name] = function
        return function

    return add


def of(module):
    return REWRITTEN.get(f"{type(module).__module__}.{type(module).__qualname__}")


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


def given(tracer, value) -> torch.Tensor:
    """A tensor without data that stands for a value."""
    out = torch.empty((tracer.batch.size, *value.shape), device="meta")
    tracer.put(out, plain(value, tracer.batch))
    return out
