"""Windows that attend to themselves: Swin, Swin V2, MaxViT."""

from __future__ import annotations

from typing import Any

from .arrange import arrange, settle
from .functions import extents, view_of
from .graph import Extents, Word
from .modules import leaf, named, own
from .trace import BATCH
from .values import Atom, Atoms, View, plain, size


def parted(view: View, outer: Atoms, inner: Atoms, grid: bool = False) -> dict[str, Any] | None:
    """How an image is cut into windows (`outer`) and their positions (`inner`), if it is. One window can be
    either: then `grid` says which."""
    spatial = view.axes[:-1]
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
    args = parted(view, (*view.dims[0], *view.dims[1]), view.dims[2], grid) if view.axes[-1] == view.dims[-1] else None
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
