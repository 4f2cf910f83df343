"""Modules that are one layer: attention, recurrent layers, and what functions cannot tell."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import _disable_current_modes

from .arrange import arrange, last, settle
from .activations import elementwise
from .handlers import view_of
from .graph import Word
from .known import Poison
from .values import Atom, View

LEAVES: dict[Any, Any] = {}


def leaf(*classes):
    def add(handler):
        for cls in classes:
            LEAVES[cls] = handler
        return handler

    return add


def leaf_of(module: nn.Module):
    """The handler of a module that is one layer; a class of one's own is none."""
    if is_rms_norm(module):
        return rms_norm
    found = LEAVES.get(type(module))
    if found is not None:
        return found
    name = f"{type(module).__module__}.{type(module).__qualname__}"
    found = LEAVES.get(name)
    if found is not None:
        return found
    for cls, handler in LEAVES.items():
        if isinstance(cls, type) and isinstance(module, cls) and type(module).forward is cls.forward:
            return handler
    return None


def named(tracer, module: nn.Module, **names: str) -> dict[str, str]:
    """The layer's tensors, by the language's names, with those of the model's state."""
    path = tracer.paths[id(module)]
    prefix = path + "." if path else ""
    return {ours: tracer.tied.get(prefix + theirs, prefix + theirs) for ours, theirs in names.items()}


def own(tracer, module: nn.Module) -> dict[str, str]:
    """All of the module's tensors under their own names."""
    names = [n for n, _ in module.named_parameters()] + [n for n, _ in module.named_buffers()]
    return named(tracer, module, **{n: n for n in names})


@leaf(nn.Identity)
def identity(tracer, module, out, x, *args, **kwargs):
    """Nothing; but in a sequence that counts its layers it has its place."""
    known = tracer.get(x)
    counted = tracer.paths[id(module)].rpartition(".")[2].isdigit()
    if counted and isinstance(known, View) and known.factor == 1.0 and not known.selected:
        (result,) = tracer.emit("identity", {}, [known.value], [known.value.shape])
        out = torch.empty_like(x)
        tracer.put(out, View(result, known.axes, known.dims))
        return out
    return None


@leaf(
    "torchvision.ops.stochastic_depth.StochasticDepth",
    "timm.layers.drop.DropPath",
    "transformers.models.convnext.modeling_convnext.ConvNextDropPath",
    "transformers.models.swin.modeling_swin.SwinDropPath",
)
def stochastic_depth(tracer, module, out, x, *args, **kwargs):
    p = getattr(module, "p", None)
    p = getattr(module, "drop_prob", 0.0) if p is None else p
    args = {"p": short(float(p or 0.0))}
    if getattr(module, "mode", "row") == "batch":
        args["mode"] = Word("batch")
    fresh = torch.empty_like(x)
    elementwise(tracer, fresh, "stochastic_depth", x, args)
    return fresh


def short(x: float) -> float:
    """A number of 32 bits by as few digits as say it: rates are made of `linspace`."""
    single = torch.tensor(x, dtype=torch.float32).item()
    if single != x:
        return x
    for digits in range(1, 10):
        found = float(f"{x:.{digits}g}")
        if torch.tensor(found, dtype=torch.float32).item() == single:
            return found
    return x


def is_rms_norm(module: nn.Module) -> bool:
    """A class called so with one weight, of transformers; whether it is one, its numbers say."""
    name = type(module).__name__
    if not (name.endswith("RMSNorm") or name.endswith("RmsNorm") or name == "T5LayerNorm") or isinstance(module, nn.RMSNorm):
        return False
    own = [n for n, _ in module.named_parameters()] + [n for n, _ in module.named_buffers()]
    return own == ["weight"] and module.weight.dim() == 1


def rms_norm(tracer, module, out, x, *args, **kwargs):
    """Root mean square normalisation by a class of its own: compared with what it should compute."""
    weight = torch.linspace(0.5, 1.5, module.weight.shape[0])
    sample = torch.randn(4, module.weight.shape[0], generator=torch.Generator().manual_seed(0))
    with torch.no_grad(), _disable_current_modes():
        probe = copy.copy(module)
        probe._parameters = {"weight": nn.Parameter(weight)}
        theirs = type(module).forward(probe, sample, *args, **kwargs)
    eps = next((float(getattr(module, n)) for n in ("variance_epsilon", "eps", "epsilon") if isinstance(getattr(module, n, None), float)), 1e-6)
    found: dict[str, Any] = {"eps": eps}
    plainly = sample * torch.rsqrt(sample.pow(2).mean(-1, keepdim=True) + eps)
    if torch.allclose(theirs, plainly * (1 + weight), atol=1e-5):
        found["unit_offset"] = True
    elif not torch.allclose(theirs, plainly * weight, atol=1e-5):
        raise tracer.error("is called a root mean square normalisation and computes something else")
    view = last(tracer, view_of(tracer, x))
    path = tracer.paths[id(module)]
    (result,) = tracer.emit("rms_norm", found, [view.value], [view.value.shape], {"weight": f"{path}.weight"})
    tracer.put(out, View(result, view.axes, view.dims))
    return out


@leaf("transformers.activations.QuickGELUActivation")
def quick_gelu(tracer, module, out, x):
    elementwise(tracer, out, "quick_gelu", x)
    return out


@leaf("transformers.activations.NewGELUActivation", "transformers.activations.GELUTanh", "transformers.activations.FastGELUActivation")
def gelu_tanh(tracer, module, out, x):
    elementwise(tracer, out, "gelu", x, {"approximate": Word("tanh")})
    return out


@leaf(nn.MultiheadAttention)
def multihead(tracer, module, out, query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True, is_causal=False):
    if key_padding_mask is not None:
        raise tracer.error("a mask of padding")
    causal = False
    if attn_mask is not None:
        from .scores import causal_mask

        found = None if tracer.flowing(attn_mask) else causal_mask(tracer, _additive(tracer, attn_mask), attn_mask.shape[-2], attn_mask.shape[-1])
        if found is None:
            raise tracer.error("a mask that is not the causal one")
        causal = found
    views = [settle(tracer, view_of(tracer, x)) for x in (query, key, value)]
    if any(len(v.dims) != 3 for v in views):
        raise tracer.error("without a batch")
    lengths = [1, 1, 1] if module.batch_first else [0, 0, 0]
    values = []
    for i, (v, at) in enumerate(zip(views, lengths)):
        same = next((j for j in range(i) if (query, key, value)[j] is (query, key, value)[i] or views[j].key() == v.key() and views[j].value is v.value), None)
        values.append(values[same] if same is not None else arrange(tracer, v, [v.dims[at], v.dims[2]]))
    args: dict[str, Any] = {"heads": module.num_heads}
    inputs = [values[0]]
    if values[1] is not values[0]:
        args["memory"] = values[1]
        inputs.append(values[1])
    if values[2] is not values[1]:
        args["value"] = values[2]
        inputs.append(values[2])
    args["bias"] = module.in_proj_bias is not None
    if module.bias_k is not None:
        args["add_bias_kv"] = True
    if module.add_zero_attn:
        args["add_zero_attn"] = True
    if module.dropout:
        args["dropout"] = float(module.dropout)
    if causal:
        args["causal"] = True
    (result,) = tracer.emit("attention", args, inputs, [values[0].shape], own(tracer, module))
    length, features = ((Atom(n),) if n != 1 else () for n in result.shape)
    batch = (tracer.batch,)
    dims = (batch, length, features) if module.batch_first else (length, batch, features)
    tracer.put(out[0], View(result, (length, features), dims))
    if out[1] is not None:
        tracer.put(out[1], Poison("the weights of attention are used"))
    return out


def _additive(tracer, mask: torch.Tensor) -> torch.Tensor:
    """In masks of this module `True` hides."""
    data = tracer.constant(mask)
    return data.logical_not() if data is not None and data.dtype == torch.bool else mask


@leaf(nn.LSTM, nn.GRU, nn.RNN)
def recurrent(tracer, module, out, x, hidden=None):
    if hidden is not None and any(tracer.flowing(h) for h in (hidden if isinstance(hidden, tuple) else (hidden,))):
        raise tracer.error("a first state that is calculated")
    if hidden is not None:
        for h in hidden if isinstance(hidden, tuple) else (hidden,):
            data = tracer.constant(h)
            if data is None or bool(data.any()):
                raise tracer.error("a first state that is not zero")
    view = view_of(tracer, x)
    if len(view.dims) != 3:
        raise tracer.error("without a batch")
    at, batch = (1, 0) if module.batch_first else (0, 1)
    if view.dims[batch] != (tracer.batch,):
        raise tracer.error(f"`batch_first` is {module.batch_first}, but the batch is dimension {1 - batch}")
    value = arrange(tracer, view, [view.dims[at], view.dims[2]])
    args: dict[str, Any] = {"features": module.hidden_size, "layers": module.num_layers, "bias": module.bias}
    if module.dropout:
        args["dropout"] = float(module.dropout)
    args["bidirectional"] = module.bidirectional
    if module.proj_size:
        args["proj_size"] = module.proj_size
    op = type(module).__mro__[[c in (nn.LSTM, nn.GRU, nn.RNN) for c in type(module).__mro__].index(True)].__name__.lower()
    if op == "rnn":
        args["nonlinearity"] = Word(module.nonlinearity)
    directions = 2 if module.bidirectional else 1
    wide = module.proj_size or module.hidden_size
    shapes = [(value.shape[0], directions * wide), (module.num_layers * directions, wide)]
    if op == "lstm":
        shapes.append((module.num_layers * directions, module.hidden_size))
    results = tracer.emit(op, args, [value], shapes, own(tracer, module))
    batch_atoms = (tracer.batch,)
    length, features = ((Atom(n),) if n != 1 else () for n in shapes[0])
    dims = (batch_atoms, length, features) if module.batch_first else (length, batch_atoms, features)
    tracer.put(out[0], View(results[0], (length, features), dims))
    states = out[1] if isinstance(out[1], tuple) else (out[1],)
    for state, result in zip(states, results[1:]):
        layers, features = ((Atom(n),) if n != 1 else () for n in result.shape)
        tracer.put(state, View(result, (layers, features), (layers, batch_atoms, features)))
    per_position = sum(p.numel() for n, p in module.named_parameters() if n.startswith("weight"))
    # PyTorch's counter sees recurrent layers on some devices only.
    tracer.extra_macs += value.shape[0] * per_position - tracer.leaf_flops // (2 * tracer.batch.size)
    return out


@leaf(nn.TransformerEncoderLayer)
def encoder_layer(tracer, module, out, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
    if src_key_padding_mask is not None:
        raise tracer.error("a mask of padding")
    causal = False
    if src_mask is not None:
        from .scores import causal_mask

        found = causal_mask(tracer, _additive(tracer, src_mask), src_mask.shape[-2], src_mask.shape[-1])
        if found is None:
            raise tracer.error("a mask that is not the causal one")
        causal = found
    view = view_of(tracer, src)
    at, batch = (1, 0) if module.self_attn.batch_first else (0, 1)
    if view.dims[batch] != (tracer.batch,):
        raise tracer.error("the batch is in another place than `batch_first` says")
    value = arrange(tracer, view, [view.dims[at], view.dims[2]])
    activation = module.activation
    name = getattr(activation, "__name__", type(activation).__name__).lower()
    if name not in ("relu", "gelu"):
        raise tracer.error(f"with the activation {name}")
    args: dict[str, Any] = {
        "heads": module.self_attn.num_heads,
        "feedforward": module.linear1.out_features,
        "activation": Word(name),
        "norm_first": module.norm_first,
        "bias": module.linear1.bias is not None,
        "dropout": float(module.dropout.p),
        "layer_norm_eps": module.norm1.eps,
        "causal": causal,
    }
    (result,) = tracer.emit("transformer_encoder", args, [value], [value.shape], own(tracer, module))
    length, features = ((Atom(n),) if n != 1 else () for n in result.shape)
    b = (tracer.batch,)
    dims = (b, length, features) if at == 1 else (length, b, features)
    tracer.put(out, View(result, (length, features), dims))
    return out


from . import windows  # noqa: E402, F401

__all__ = ["leaf_of"]
