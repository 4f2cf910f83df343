"""Images that become larger or smaller, or are moved: layers without weights."""

from __future__ import annotations

from typing import Any

from .arrange import arrange, image, settle
from .graph import Extents, Pairs, Word
from .handlers import extents, function, view_of
from .parts import part
from .values import View, channels_first, plain


@function("interpolate", "upsample")
def interpolate(tracer, out, input, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None, antialias=False):
    rank = input.dim() - 2
    value = image(tracer, view_of(tracer, input), rank)
    if antialias:
        raise tracer.error("with `antialias`")
    args: dict[str, Any] = {}
    mode = mode.replace("-", "_")
    if scale_factor is not None and recompute_scale_factor is None:
        factors = [scale_factor] * rank if isinstance(scale_factor, (int, float)) else list(scale_factor)
        if all(float(f).is_integer() for f in factors):
            args["scale"] = extents(tuple(int(f) for f in factors), rank)
        elif len(set(factors)) == 1:
            args["scale"] = float(factors[0])
        else:
            raise tracer.error("another factor on each axis")
    elif tuple(out.shape[2:]) == tuple(input.shape[2:]):
        tracer.put(out, channels_first(value, tracer.batch))
        return
    else:
        args["size"] = Extents(out.shape[2:])
    args["mode"] = Word(mode)
    if align_corners:
        args["align_corners"] = True
    (result,) = tracer.emit("upsample", args, [value], [(*out.shape[2:], out.shape[1])])
    tracer.put(out, channels_first(result, tracer.batch))


@function("pixel_shuffle")
def pixel_shuffle(tracer, out, input, factor):
    value = image(tracer, view_of(tracer, input), 2)
    (result,) = tracer.emit("pixel_shuffle", {"factor": factor}, [value], [(*out.shape[2:], out.shape[1])])
    tracer.put(out, channels_first(result, tracer.batch))


@function("pixel_unshuffle")
def pixel_unshuffle(tracer, out, input, factor):
    value = image(tracer, view_of(tracer, input), 2)
    (result,) = tracer.emit("pixel_unshuffle", {"factor": factor}, [value], [(*out.shape[2:], out.shape[1])])
    tracer.put(out, channels_first(result, tracer.batch))


@function("pad")
def pad(tracer, out, input, pad, mode="constant", value=None):
    if not any(pad):
        tracer.put(out, tracer.get(input))
        return out
    view = view_of(tracer, input)
    amounts = [(pad[2 * i], pad[2 * i + 1]) if 2 * i < len(pad) else (0, 0) for i in range(len(view.dims))]
    amounts = amounts[::-1]  # By dimension, the batch first.
    if amounts[0] != (0, 0):
        raise tracer.error(f"by {tuple(pad)}")
    if any(n < 0 for pair in amounts for n in pair):
        # What is taken away: first, since what is added may be taken from it.
        if mode != "constant":
            raise tracer.error(f"by {tuple(pad)}")
        shape = list(input.shape)
        for dim, (before, after) in enumerate(amounts):
            if min(before, after) < 0:
                view = part(tracer, view, dim, max(-before, 0), shape[dim] - max(-after, 0), 1)
        amounts = [(max(a, 0), max(b, 0)) for a, b in amounts]
        if not any(n for pair in amounts for n in pair):
            tracer.put(out, view)
            return

    view = settle(tracer, view).merged()
    if len(view.axes) + 1 != len(view.dims) or sorted(map(id, view.axes)) != sorted(map(id, view.axes)):
        raise tracer.error("of a tensor that is arranged otherwise")
    order = [next((j for j, axis in enumerate(view.axes) if axis == dim), -1) for dim in view.dims[1:]]
    if sorted(order) != list(range(len(view.axes))):
        value_ = arrange(tracer, view, view.dims[1:])
        view = View(value_, tuple(view.dims[1:]), view.dims)
        order = list(range(len(view.axes)))
    still = [dim for dim in range(1, len(view.dims)) if amounts[dim] == (0, 0)]
    if amounts[1 + order.index(len(view.axes) - 1)] != (0, 0) and still:
        # Channels are padded as an axis in space, behind which another one stands.
        rest = [view.dims[dim] for dim in range(1, len(view.dims)) if dim != still[-1]] + [view.dims[still[-1]]]
        view = View(arrange(tracer, view, rest), tuple(rest), view.dims)
        order = [next(j for j, axis in enumerate(view.axes) if axis == dim) for dim in view.dims[1:]]
    by_axis = [(0, 0)] * len(view.axes)
    for dim, axis in enumerate(order):
        by_axis[axis] = amounts[dim + 1]
    if by_axis[-1] != (0, 0) and len(by_axis) == 2 and by_axis[0] == (0, 0):
        # A sequence whose channels come first.
        turned = tuple(view.axes[::-1])
        view = View(arrange(tracer, view, list(turned)), turned, view.dims)
        order, by_axis = [1 - axis for axis in order], by_axis[::-1]
    if by_axis[-1] != (0, 0):
        raise tracer.error("of the channels, which the language has no layer for")
    pairs = by_axis[:-1]
    flat = [n for pair in pairs for n in pair]
    padding: Any = flat[0] if len(set(flat)) == 1 else extents(tuple(a for a, _ in pairs), len(pairs)) if all(a == b for a, b in pairs) else Pairs(pairs)
    args: dict[str, Any] = {"padding": padding}
    if mode == "constant" and value:
        args |= {"mode": Word("constant"), "value": float(value)}
    elif mode != "constant":
        args["mode"] = Word(mode)
    shape = tuple(n + a + b for n, (a, b) in zip(view.value.shape, by_axis))
    (result,) = tracer.emit("pad", args, [view.value], [shape])
    fresh = plain(result, tracer.batch)
    tracer.put(out, View(result, fresh.axes, (view.dims[0], *(fresh.axes[i] for i in order))))


@function("roll")
def roll(tracer, out, input, shifts, dims=None):
    view = settle(tracer, view_of(tracer, input)).merged()
    shifts = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    dims = (dims,) if isinstance(dims, int) else tuple(dims or ())
    by_axis = [0] * len(view.axes)
    for shift, dim in zip(shifts, dims):
        place = next((i for i, axis in enumerate(view.axes[:-1]) if axis == view.dims[dim] and axis), None)
        if place is None:
            raise tracer.error("along an axis that is not spatial")
        by_axis[place] = shift
    if all(s <= 0 for s in by_axis):
        args = {"shift": extents(tuple(-s for s in by_axis[:-1]), len(by_axis) - 1), "reverse": True}
    elif all(s >= 0 for s in by_axis):
        args = {"shift": extents(tuple(by_axis[:-1]), len(by_axis) - 1)}
    else:
        raise tracer.error("to both sides")
    before = view.value.node
    if getattr(before, "undone", False) and before.args["shift"] == args["shift"] and bool(before.args.get("reverse")) != bool(args.get("reverse")):
        # Back to where it was.
        before.scope.items.remove(before)
        tracer.put(out, View(before.inputs[0], view.axes, view.dims))
        return
    (result,) = tracer.emit("roll", args, [view.value], [view.value.shape])
    tracer.put(out, View(result, view.axes, view.dims))
