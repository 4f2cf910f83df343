"""Convolutions, and their windows alone."""

from __future__ import annotations

from math import comb
from typing import Any

import torch

from .arrange import image
from .graph import Extents, Word
from .handlers import extents, function, kernel_of, padding_of, tensors, view_of
from .known import Param
from .values import channels_first


def fixed(tracer, out, x, weight, bias, stride, padding, dilation, groups, rank) -> bool:
    """A filter that nobody learns: a mean, or a binomial, which is a mean of means."""
    known = tracer.views.get(id(weight))
    if isinstance(known, Param) and isinstance(known.base, torch.nn.Parameter) or tracer.flowing(weight) or bias is not None:
        return False
    data = tracer.constant(weight)
    kernel = tuple(weight.shape[2:])
    plainly = isinstance(padding, int) and padding == 0 or not any(padding) and not isinstance(padding, str)
    if data is None or groups != weight.shape[0] or groups != x.shape[1] or not plainly or {dilation} - {1, (1,) * rank}:
        return False
    filters = data.reshape(groups, *kernel).double()
    mean = torch.full(kernel, 1.0 / float(torch.tensor(kernel).prod()), dtype=torch.float64)
    row = lambda n: torch.tensor([float(comb(n - 1, i)) for i in range(n)], dtype=torch.float64) / 2 ** (n - 1)
    binomial = row(kernel[0]).reshape(-1, *[1] * (rank - 1))
    for axis in range(1, rank):
        binomial = binomial * row(kernel[axis]).reshape(*[1] * axis, -1, *[1] * (rank - 1 - axis))
    steps = (stride,) * rank if isinstance(stride, int) else tuple(stride) * (rank if len(stride) == 1 else 1)
    if torch.allclose(filters, mean.expand_as(filters), atol=1e-6):
        sizes, strides = [kernel], [steps]
    elif len(set(kernel)) == 1 and torch.allclose(filters, binomial.expand_as(filters), atol=1e-6):
        times = kernel[0] - 1
        sizes, strides = [(2,) * rank] * times, [(1,) * rank] * (times - 1) + [steps]
    else:
        return False
    value = image(tracer, view_of(tracer, x), rank)
    for extent, step in zip(sizes, strides):
        shape = tuple((n - k) // s + 1 for n, k, s in zip(value.shape, extent, step))
        args: dict[str, Any] = {"kernel": Extents(extent)}
        if step != extent:
            args["stride"] = extents(step, rank)
        (value,) = tracer.emit("avg_pool", args, [value], [(*shape, value.shape[-1])])
    # A mean is no product, whatever computes it.
    tracer.extra_macs -= out[0].numel() * int(torch.tensor(kernel).prod())
    tracer.put(out, channels_first(value, tracer.batch))
    return True


def convolution(tracer, out, x, weight, bias, stride, padding, dilation, groups, rank, mode="zeros"):
    if mode == "zeros" and fixed(tracer, out, x, weight, bias, stride, padding, dilation, groups, rank):
        return
    value = image(tracer, view_of(tracer, x), rank)
    channels, kernel = weight.shape[0], Extents(weight.shape[2:])
    each = (1,) * rank if isinstance(padding, str) else padding
    if isinstance(padding, str):
        total = [d * (k - 1) for d, k in zip((dilation,) * rank if isinstance(dilation, int) else dilation * (rank if len(dilation) == 1 else 1), kernel)]
        if padding == "same" and all(t % 2 == 0 for t in total):
            padded: Any = Word("half") if any(total) else 0
        else:
            padded = Word("same") if padding == "same" else 0
    else:
        padded = padding_of(each, kernel, dilation if isinstance(dilation, int) else tuple(dilation) * (rank if len(dilation) == 1 else 1), rank)
    inside = value.shape[-1]
    args: dict[str, Any] = {}
    op = "conv"
    if groups > 1 and groups == inside and channels % inside == 0:
        op = "depthwise_conv"
        args["kernel"] = kernel
        args["multiplier"] = channels // inside
    else:
        args["channels"] = channels
        args["kernel"] = kernel
    args["stride"] = extents(stride, rank)
    args["padding"] = padded
    args["dilation"] = extents(dilation, rank)
    if op == "conv":
        args["groups"] = groups
    args["bias"] = bias is not None
    if mode != "zeros":
        args["padding_mode"] = Word(mode)
    (result,) = tracer.emit(
        op, args, [value], [(*out.shape[2:], channels)], tensors(tracer, weight=weight, bias=bias)
    )
    tracer.put(out, channels_first(result, tracer.batch))


for rank, names in ((1, ("conv1d",)), (2, ("conv2d",)), (3, ("conv3d",))):

    def conv(tracer, out, input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1, rank=rank):
        convolution(tracer, out, input, weight, bias, stride, padding, dilation, groups, rank)

    function(*names)(conv)

for rank in (1, 2, 3):

    def conv_transpose(
        tracer, out, input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1, rank=rank
    ):
        value = image(tracer, view_of(tracer, input), rank)
        args = {
            "channels": out.shape[1],
            "kernel": Extents(weight.shape[2:]),
            "stride": extents(stride, rank),
            "padding": extents(padding, rank),
            "output_padding": extents(output_padding, rank),
            "dilation": extents(dilation, rank),
            "groups": groups,
            "bias": bias is not None,
        }
        (result,) = tracer.emit(
            "conv_transpose", args, [value], [(*out.shape[2:], out.shape[1])], tensors(tracer, weight=weight, bias=bias)
        )
        tracer.put(out, channels_first(result, tracer.batch))

    function(f"conv_transpose{rank}d")(conv_transpose)


@function("deform_conv2d")
def deform_conv(
    tracer, out, input, weight, offset, mask, bias, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w, groups, offset_groups, use_mask
):
    """torchvision's operator, to which its function gives a mask and a bias even where there are none."""
    value = image(tracer, view_of(tracer, input), 2)
    kernel, dilation = Extents(weight.shape[2:]), (dilation_h, dilation_w)
    learned = isinstance(tracer.views.get(id(bias)), Param)
    if not learned and (tracer.constant(bias) is None or tracer.constant(bias).any()):
        raise tracer.error("a bias that is not a parameter")
    inputs = [value, image(tracer, view_of(tracer, offset, "the offset"), 2)]
    args: dict[str, Any] = {"channels": weight.shape[0], "kernel": kernel, "offset": inputs[1]}
    if use_mask:
        inputs.append(image(tracer, view_of(tracer, mask, "the mask"), 2))
        args["mask"] = inputs[2]
    args["stride"] = extents((stride_h, stride_w), 2)
    args["padding"] = padding_of((pad_h, pad_w), kernel, dilation, 2)
    args["dilation"] = extents(dilation, 2)
    args["groups"] = groups
    args["bias"] = learned
    names = tensors(tracer, weight=weight, bias=bias if learned else None)
    (result,) = tracer.emit("deformable_conv", args, inputs, [(*out.shape[2:], out.shape[1])], names)
    # PyTorch's counter knows no operator of torchvision.
    tracer.extra_macs += out[0].numel() * weight[0].numel()
    tracer.put(out, channels_first(result, tracer.batch))


@function("unfold")
def unfold(tracer, out, input, kernel_size, dilation=1, padding=0, stride=1):
    value = image(tracer, view_of(tracer, input), 2)
    args = {"kernel": kernel_of(kernel_size, 2), "stride": extents(stride, 2), "padding": extents(padding, 2), "dilation": extents(dilation, 2)}
    (result,) = tracer.emit("unfold", args, [value], [(out.shape[2], out.shape[1])])
    tracer.put(out, channels_first(result, tracer.batch))


@function("fold")
def fold(tracer, out, input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    value = image(tracer, view_of(tracer, input), 1)
    args = {
        "size": kernel_of(output_size, 2), "kernel": kernel_of(kernel_size, 2), "stride": extents(stride, 2),
        "padding": extents(padding, 2), "dilation": extents(dilation, 2),
    }
    (result,) = tracer.emit("fold", args, [value], [(*out.shape[2:], out.shape[1])])
    tracer.put(out, channels_first(result, tracer.batch))
