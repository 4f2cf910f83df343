"""Windows that attend to themselves: Swin, Swin V2, MaxViT."""

from __future__ import annotations

import math
from typing import Any

import torch

from .arrange import arrange, settle
from .handlers import extents, view_of
from .graph import Extents, Word
from .modules import leaf, named, own
from .entries import nodes
from .known import BATCH
from .values import Atom, Atoms, View, plain, size


def parted(spatial: tuple[Atoms, ...], outer: Atoms, inner: Atoms, grid: bool = False) -> dict[str, Any] | None:
    """How an image is cut into windows (`outer`) and their positions (`inner`), if it is. One window can be
    either: then `grid` says which."""
    outer = tuple(a for a in outer if not a.batch)
    for partition in ("grid", "window") if grid else ("window", "grid"):
        windows: list[Atom] = []
        positions: list[Atom] = []
        sizes = []
        for axis in spatial:
            if not 1 <= len(axis) <= 2:
                return None
            if len(axis) == 1:
                # One window along the axis, or windows of one position.
                here, there = ((), axis) if axis[0] in inner else (axis, ())
            else:
                here, there = (axis[:1], axis[1:]) if partition == "window" else (axis[1:], axis[:1])
            windows += here
            positions += there
            sizes.append(size(there))
        if tuple(windows) == outer and tuple(positions) == inner:
            args: dict[str, Any] = {"window": Extents(sizes)}
            if partition == "grid":
                args["partition"] = Word("grid")
            return args
    return None


@leaf("torchvision.models.swin_transformer.ShiftedWindowAttention", "torchvision.models.swin_transformer.ShiftedWindowAttentionV2")
def shifted_window(tracer, module, out, x):
    view = view_of(tracer, x)
    value = arrange(tracer, view, view.dims[1:])
    rank = len(value.shape) - 1
    args: dict[str, Any] = {
        "heads": module.num_heads,
        "window": Extents(module.window_size),
        "shift": extents(tuple(module.shift_size), rank),
        "bias": module.qkv.bias is not None,
    }
    if (module.proj.bias is not None) != args["bias"]:
        args["out_bias"] = module.proj.bias is not None
    if module.dropout or module.attention_dropout:
        args["dropout"] = float(module.attention_dropout)
    if hasattr(module, "cpb_mlp"):
        args |= continuous(tracer, module.cpb_mlp, module.relative_coords_table)
    else:
        args["relative_position_bias"] = True
    (result,) = tracer.emit("attention", args, [value], [value.shape], own(tracer, module))
    tracer.put(out, plain(result, tracer.batch))
    return out


def continuous(tracer, mlp, table) -> dict[str, Any]:
    """A bias that linear layers make, once for all samples: the network has one sample."""
    positions = table.numel() // table.shape[-1]
    macs = positions * sum(part.weight.numel() for part in mlp if hasattr(part, "weight"))
    tracer.shared_flops += 2 * macs * (BATCH - 1)
    return {"cosine": True, "continuous_position_bias": True}


@leaf("torchvision.models.maxvit.RelativePositionalMultiHeadAttention")
def relative_attention(tracer, module, out, x):
    view = settle(tracer, view_of(tracer, x))
    around = tracer.scope
    while around.parent is not None and not hasattr(around.source, "partition_type"):
        around = around.parent
    grid = getattr(around.source, "partition_type", "") == "grid"
    args = parted(view.axes[:-1], (*view.dims[0], *view.dims[1]), view.dims[2], grid) if view.axes[-1] == view.dims[-1] else None
    if args is None:
        raise tracer.error("of positions that are neither windows nor a grid")
    args = {"heads": module.n_heads, **args, "relative_position_bias": True, "index_buffers": Word("matrix"), "scale": float(module.scale_factor)}
    names = named(
        tracer, module, relative_position_bias_table="relative_position_bias_table", relative_position_index="relative_position_index",
        **{"qkv.weight": "to_qkv.weight", "qkv.bias": "to_qkv.bias", "proj.weight": "merge.weight", "proj.bias": "merge.bias"},
    )
    (result,) = tracer.emit("attention", args, [view.value], [view.value.shape], names)
    tracer.put(out, View(result, view.axes, view.dims))
    return out


@leaf("timm.models.swin_transformer.WindowAttention", "timm.models.swin_transformer_v2.WindowAttention")
def window_attention(tracer, module, out, x, mask=None):
    """Windows that the block around has cut, and shifted where there is a mask."""
    view = settle(tracer, view_of(tracer, x))
    args = parted(view.axes[:-1], view.dims[0], view.dims[1]) if view.axes[-1] == view.dims[-1] else None
    if args is None:
        raise tracer.error("of positions that are not windows")
    args = {"heads": module.num_heads, **args, "shift": 0}
    value, rolled = view.value, None
    if mask is not None:
        rolled = value.node
        if rolled is None or rolled.op != "roll" or not rolled.args.get("reverse"):
            raise tracer.error("a mask of windows that were not shifted")
        spread = rolled.args["shift"]
        shift = (spread,) * 2 if isinstance(spread, int) else tuple(spread)
        if not shifts(tracer.constant(mask), value.shape[:2], args["window"], shift):
            raise tracer.error("a mask that is not that of shifted windows")
        args["shift"] = spread
        value = rolled.inputs[0]
        if not any(view.value in node.inputs for node in nodes(tracer.root)):
            rolled.scope.items.remove(rolled)
    has_bias = module.qkv.bias is not None
    if hasattr(module, "cpb_mlp"):
        args |= continuous(tracer, module.cpb_mlp, module.relative_coords_table)
        has_bias = has_bias or module.q_bias is not None
        args["key_bias"] = module.q_bias is None
        pretrained = tuple(module.pretrained_window_size)
        if pretrained[0] > 0 and pretrained != tuple(args["window"]):
            args["pretrained_window"] = Extents(pretrained)
    else:
        args["relative_position_bias"] = True
    args["index_buffers"] = Word("none")
    args["bias"] = has_bias
    args["dropout"] = float(module.attn_drop.p)
    if (module.proj.bias is not None) != has_bias:
        args["out_bias"] = module.proj.bias is not None
    dim = getattr(module, "head_dim", None) or module.qkv.weight.shape[0] // (3 * module.num_heads)
    if dim * module.num_heads != value.shape[-1]:
        args["head_dim"] = dim
    names = named(tracer, module, **{name: name for name, _ in module.named_parameters()})
    (result,) = tracer.emit("attention", args, [value], [value.shape], names)
    if rolled is not None:
        # The block rolls it back, which undoes this.
        (result,) = tracer.emit("roll", dict(rolled.args), [result], [value.shape])
        result.node.undone = True
    tracer.put(out, View(result, view.axes, view.dims))
    return out


def shifts(mask, extents: tuple[int, ...], window: tuple[int, ...], shift: tuple[int, ...]) -> bool:
    """Whether a mask keeps what only a shift brought together from seeing each other."""
    if mask is None:
        return False
    regions = torch.zeros(extents)
    for axis, (n, s) in enumerate(zip(extents, shift)):
        moved = (torch.arange(n) >= n - s) & (s > 0)
        regions = 2 * regions + moved.reshape([-1 if a == axis else 1 for a in range(len(extents))])
    (h, w), (a, b) = extents, window
    regions = regions.reshape(h // a, a, w // b, b).permute(0, 2, 1, 3).reshape(-1, a * b)
    wanted = (regions[:, :, None] != regions[:, None]).float() * -100
    return mask.shape == wanted.shape and bool(torch.equal(mask.cpu().float(), wanted))


def attend_windows(tracer, out, qkv: tuple[View, View, View], args: dict[str, Any], mask: View | None) -> bool:
    """Writes down attention within windows or a grid of an image, if it is that."""
    from .scores import masking

    values, places, found = [], [], None
    for view in qkv:
        if any(a.virtual for dim in view.dims for a in dim):
            return False
        view = settle(tracer, view)
        inner = view.dims[-2]
        axes = tuple(axis for axis in view.axes if set(axis) & set(inner))
        lead = [a for dim in view.dims[:-2] for a in dim if not a.batch]
        windows = tuple(a for a in lead if any(a in axis for axis in axes))
        heads = tuple(a for a in lead if a not in windows)
        # Cut into windows and their positions, and nothing in between.
        if not windows or len(axes) < 2 or axes != view.axes[: len(axes)]:
            return False
        cut = parted(axes, windows, inner)
        if cut is None or found is not None and cut != found[0]:
            return False
        found = found or (cut, view, heads, axes)
        values.append((view, [*axes, (*heads, *view.dims[-1])]))
        places.append(size(heads))
    cut, q, heads, axes = found
    inputs = [arrange(tracer, view, want) for view, want in values]
    own = {**args, "heads": places[0], **cut}
    own.pop("kv_heads", None)
    if places[1] != places[0]:
        own["kv_heads"] = places[1]
    if mask is not None:
        inputs.append(masking(tracer, mask, q.dims[-2], heads, qkv[1].dims[-2]))
        own["mask"] = inputs[-1]
    d = size(values[2][0].dims[-1])
    (result,) = tracer.emit("scaled_dot_product_attention", own, inputs, [(*inputs[0].shape[:-1], places[0] * d)])
    last = (Atom(d),) if d != 1 else ()
    tracer.put(out, View(result, (*axes, (*heads, *last)), (*q.dims[:-1], last)))
    return True


def window_bias(tracer, out, index, p) -> View | None:
    """Rows of a table, one for each pair of positions of a window."""
    data = tracer.constant(index)
    if data is None or not p.whole or p.base.dim() != 2 or tracer.image is None:
        return None
    rows, heads = p.base.shape
    positions = math.isqrt(data.numel())
    for height in range(1, positions + 1):
        width = positions // height
        if height * width != positions or (2 * height - 1) * (2 * width - 1) != rows:
            continue
        place = torch.stack(torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")).flatten(1)
        apart = place[:, :, None] - place[:, None, :] + torch.tensor([height - 1, width - 1])[:, None, None]
        if not torch.equal((apart[0] * (2 * width - 1) + apart[1]).flatten(), data.flatten().cpu().long()):
            continue
        prefix = p.name.rpartition(".")[0] + "." if "." in p.name else ""
        names = {"relative_position_bias_table": p.name}
        stored = tracer.module.state_dict().get(prefix + "relative_position_index")
        if stored is not None:
            names["relative_position_index"] = prefix + "relative_position_index"
        buffers = "none" if stored is None else "flat" if stored.dim() == 1 else "matrix"
        args = {"heads": heads, "window": Extents((height, width)), "index_buffers": Word(buffers)}
        shape = (heads, positions, positions)
        (value,) = tracer.emit("window_position_bias", args, [tracer.image], [shape], names)
        h, q, k = ((Atom(n),) if n != 1 else () for n in shape)
        dims = [q, k] if data.dim() == 2 else [(*q, *k)]
        return View(value, (h, q, k), (*dims, h))
    return None
