"""Functions of PyTorch as layers: what each makes of the views that go in."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, sqrt
from typing import Any

import torch
import torch.nn.functional as F

from .arrange import arrange, image, last
from .graph import Extents, NetworkError, Pairs, Word
from .trace import Param, Tracer
from .values import View, channels_first, plain, size

FUNCTIONS: dict[Any, Callable[..., Any]] = {}


def function(*names: str):
    """A handler for functions, methods and operators of these names."""

    def add(handler):
        for name in names:
            FUNCTIONS[name] = handler
        return handler

    return add


def view_of(tracer: Tracer, x: Any, what: str = "the input") -> View:
    found = tracer.get(x)
    if isinstance(found, Scores):
        found = found.realise(tracer)
        tracer.put(x, found)
    if isinstance(found, View):
        return found
    if isinstance(found, Param):
        from .operators import as_value

        return as_value(tracer, found, tuple(x.shape))
    if found is None:
        raise tracer.error(f"{what} is a constant")
    raise tracer.error(f"{what} is {found}")


def name_of(tracer: Tracer, x: Any, what: str) -> str:
    found = tracer.views.get(id(x))
    if isinstance(found, Param) and found.whole:
        if "running" not in what and not isinstance(found.base, torch.nn.Parameter):
            raise tracer.error(f"{what} is the buffer `{found.name}`, which nothing learns")
        return found.name
    if isinstance(found, Param):
        raise tracer.error(f"{what} is a view of the parameter `{found.name}`")
    raise tracer.error(f"{what} is not a parameter but calculated")


def tensors(tracer: Tracer, **kinds: Any) -> dict[str, str]:
    return {kind: name_of(tracer, x, f"the {kind}") for kind, x in kinds.items() if x is not None}


def extents(x: Any, rank: int) -> Any:
    """One number where all are equal, else an extent for each axis."""
    values = (x,) * rank if isinstance(x, int) else tuple(x) * (rank if len(x) == 1 else 1)
    return values[0] if len(set(values)) == 1 else Extents(values)


def kernel_of(x: Any, rank: int) -> Extents:
    return Extents((x,) * rank if isinstance(x, int) else tuple(x) * (rank if len(x) == 1 else 1))


def padding_of(padding: Any, kernel: Extents, dilation: Any, rank: int) -> Any:
    """`half` where it is that, since it says why."""
    values = (padding,) * rank if isinstance(padding, int) else tuple(padding) * (rank if len(padding) == 1 else 1)
    steps = (dilation,) * rank if isinstance(dilation, int) else tuple(dilation)
    half = tuple(d * (k - 1) // 2 for k, d in zip(kernel, steps))
    if values == half and any(values) and all(k % 2 for k in kernel):
        return Word("half")
    return extents(values, rank)


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


@function("linear")
def linear(tracer, out, input, weight, bias=None):
    if bias is not None and tracer.flowing(bias):
        # A bias that is calculated is added behind.
        product = torch.empty_like(out)
        linear(tracer, product, input, weight)
        operators.handle(tracer, "add", out, product, bias)
        return
    view = last(tracer, view_of(tracer, input))
    per_position = len(view.axes) > 2
    args = {"features": weight.shape[0], "bias": bias is not None, "per_position": per_position}
    shape = (*view.value.shape[:-1], weight.shape[0])
    (result,) = tracer.emit("linear", args, [view.value], [shape], tensors(tracer, weight=weight, bias=bias))
    tracer.put(out, replace_last(view, result))


def replace_last(view: View, value) -> View:
    """The same layout with another number of features."""
    fresh = _atoms(value.shape[-1])
    return View(value, (*view.axes[:-1], fresh), (*view.dims[:-1], fresh))


def _atoms(n: int):
    from .values import Atom

    return (Atom(n),) if n != 1 else ()


@function("batch_norm")
def batch_norm(tracer, out, input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    view = view_of(tracer, input)
    dims = view.dims
    rows = len(dims) == 2 and len(dims[0]) > 1 and dims[0][0] is tracer.batch
    value = arrange(tracer, view, [dims[0][1:], dims[1]]) if rows else image(tracer, view, len(dims) - 2)
    args: dict[str, Any] = {"eps": eps, "momentum": momentum}
    if weight is None and bias is None:
        args["affine"] = False
    elif weight is None or bias is None:
        args["weight" if weight is None else "bias"] = False
    if running_mean is None:
        args["track_running_stats"] = False
    if momentum is None:
        raise tracer.error("a cumulative average (`momentum=None`)")
    names = tensors(tracer, weight=weight, bias=bias, running_mean=running_mean, running_var=running_var)
    (result,) = tracer.emit("batch_norm", args, [value], [value.shape], names)
    if rows:
        tracer.put(out, View(result, (dims[0][1:], dims[1]), dims))
        return
    tracer.put(out, channels_first(result, tracer.batch) if len(dims) > 2 else plain(result, tracer.batch))


@function("instance_norm")
def instance_norm(tracer, out, input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-5):
    view = view_of(tracer, input)
    value = image(tracer, view, len(view.dims) - 2)
    args = {"eps": eps, "momentum": momentum, "affine": weight is not None, "track_running_stats": running_mean is not None}
    if not use_input_stats and running_mean is None:
        raise tracer.error("without statistics")
    names = tensors(tracer, weight=weight, bias=bias, running_mean=running_mean, running_var=running_var)
    (result,) = tracer.emit("instance_norm", args, [value], [value.shape], names)
    tracer.put(out, channels_first(result, tracer.batch))


@function("group_norm")
def group_norm(tracer, out, input, num_groups, weight=None, bias=None, eps=1e-5):
    view = view_of(tracer, input)
    value = image(tracer, view, len(view.dims) - 2)
    args = {"groups": num_groups, "eps": eps, "affine": weight is not None}
    if weight is not None and bias is None:
        args["bias"] = False
    (result,) = tracer.emit("group_norm", args, [value], [value.shape], tensors(tracer, weight=weight, bias=bias))
    tracer.put(out, channels_first(result, tracer.batch) if len(view.dims) > 2 else plain(result, tracer.batch))


def normalised(tracer, out, op, input, shape, args, names):
    view = view_of(tracer, input)
    if len(shape) == 1:
        view = last(tracer, view)
        (result,) = tracer.emit(op, args, [view.value], [view.value.shape], names)
        tracer.put(out, View(result, view.axes, view.dims))
        return
    # Over several axes: those that come last in the notation, all of them where it is an image.
    rank = len(view.dims) - 1
    if len(shape) != rank or view.dims[0] != (tracer.batch,):
        raise tracer.error(f"over {len(shape)} of the last {rank} axes")
    if rank >= 3:
        value = arrange(tracer, view, [*view.dims[2:], view.dims[1]])
        result_view = channels_first
    else:
        value = arrange(tracer, view, view.dims[1:])
        result_view = plain
    args = {"axes": rank, **args}
    (result,) = tracer.emit(op, args, [value], [value.shape], names)
    tracer.put(out, result_view(result, tracer.batch))


@function("layer_norm")
def layer_norm(tracer, out, input, normalized_shape, weight=None, bias=None, eps=1e-5, *_):
    args: dict[str, Any] = {"eps": eps}
    if weight is None and bias is None:
        args["elementwise_affine"] = False
    elif bias is None:
        args["bias"] = False
    normalised(tracer, out, "layer_norm", input, normalized_shape, args, tensors(tracer, weight=weight, bias=bias))


@function("rms_norm")
def rms_norm(tracer, out, input, normalized_shape, weight=None, eps=None):
    args: dict[str, Any] = {} if eps is None else {"eps": eps}
    args["elementwise_affine"] = weight is not None
    normalised(tracer, out, "rms_norm", input, normalized_shape, args, tensors(tracer, weight=weight))


@function("local_response_norm")
def local_response_norm(tracer, out, input, size, alpha=1e-4, beta=0.75, k=1.0):
    view = view_of(tracer, input)
    value = image(tracer, view, len(view.dims) - 2)
    (result,) = tracer.emit("local_response_norm", {"size": size, "alpha": alpha, "beta": beta, "k": k}, [value], [value.shape])
    tracer.put(out, channels_first(result, tracer.batch))


# Element by element.


def elementwise(tracer, out, op, x, args=None, names=None):
    """A layer that keeps shape and layout."""
    from .arrange import settle

    view = settle(tracer, view_of(tracer, x))
    (result,) = tracer.emit(op, args or {}, [view.value], [view.value.shape], names)
    tracer.put(out, View(result, view.axes, view.dims))


def activation(op: str, *names: str, **arguments: Any):
    """Activations: `arguments` are the language's names, with PyTorch's name, place and default."""

    def handler(tracer, out, x, *args, **kwargs):
        kwargs.pop("inplace", None)
        found = {}
        for i, (name, (theirs, value)) in enumerate(arguments.items()):
            value = kwargs.get(theirs, value)
            if i < len(args) and not isinstance(args[i], bool):
                value = args[i]
            found[name] = Word(value) if isinstance(value, str) else float(value)
        elementwise(tracer, out, op, x, found)

    for name in names:
        FUNCTIONS[name] = handler
        FUNCTIONS[name + "_"] = handler


activation("relu", "relu")
activation("relu6", "relu6")
activation("leaky_relu", "leaky_relu", slope=("negative_slope", 0.01))
activation("elu", "elu", alpha=("alpha", 1.0))
activation("selu", "selu")
activation("celu", "celu", alpha=("alpha", 1.0))
activation("gelu", "gelu", approximate=("approximate", "none"))
activation("silu", "silu")
activation("mish", "mish")
activation("sigmoid", "sigmoid")
activation("hard_sigmoid", "hardsigmoid")
activation("hard_swish", "hardswish")
activation("tanh", "tanh")


@function("tanh")
def tanh(tracer, out, input):
    found = tracer.get(input)
    if isinstance(found, Scores) and found.softcap is None and not (found.soft or found.causal or found.mask):
        # Scores that are kept below a cap: what they are multiplied by is still to come.
        tracer.put(out, found.but(softcap=1.0))
        return
    elementwise(tracer, out, "tanh", input)


activation("softplus", "softplus", beta=("beta", 1.0), threshold=("threshold", 20.0))
activation("softsign", "softsign")
for name in ("exp", "log", "sqrt", "square", "neg", "reciprocal", "sin", "cos", "abs"):
    activation(name, name)
activation("abs", "absolute", "__abs__")
activation("neg", "negative", "__neg__")
activation("threshold", "threshold", "_threshold", threshold=("threshold", 0.0), value=("value", 0.0))


@function("rsqrt")
def rsqrt(tracer, out, input):
    elementwise(tracer, out, "pow", input, {"exponent": -0.5})


@function("pow", "pow_", "__pow__", "float_power")
def power(tracer, out, input, exponent):
    from .operators import number

    n = number(tracer, exponent)
    if n is None:
        raise tracer.error("with an exponent that is no number")
    op = {2.0: "square", 0.5: "sqrt", -1.0: "reciprocal"}.get(n)
    elementwise(tracer, out, op or "pow", input, {} if op else {"exponent": n})


@function("clamp", "clip", "clamp_", "clamp_min", "clamp_max")
def clamp(tracer, out, input, min=None, max=None):
    from .operators import number

    if tracer.operation.endswith("clamp_max"):
        min, max = None, min
    bounds = {"least": min, "most": max}
    args = {k: number(tracer, v) for k, v in bounds.items() if v is not None}
    if any(v is None for v in args.values()):
        raise tracer.error("between values that are no numbers")
    elementwise(tracer, out, "clamp", input, args)


@function("normalize")
def normalize(tracer, result, input, p=2.0, dim=1, eps=1e-12, out=None):
    along(tracer, result, input, dim, "normalize", {"p": float(p), "eps": eps})


@function("hardtanh", "hardtanh_")
def hardtanh(tracer, out, input, min_val=-1.0, max_val=1.0, inplace=False):
    if (min_val, max_val) == (0, 6):
        elementwise(tracer, out, "relu6", input)
    else:
        elementwise(tracer, out, "hard_tanh", input, {"least": float(min_val), "most": float(max_val)})


@function("prelu")
def prelu(tracer, out, input, weight):
    view = view_of(tracer, input)
    if weight.numel() > 1:
        image(tracer, view, len(view.dims) - 2)
    elementwise(tracer, out, "prelu", input, {"per_channel": weight.numel() > 1}, tensors(tracer, weight=weight))


@function("dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout", "alpha_dropout", "feature_alpha_dropout")
def dropout(tracer, out, input, p=0.5, training=True, inplace=False):
    if isinstance(tracer.get(input), Scores):
        tracer.put(out, tracer.get(input))
        return out
    if not p and not tracer.scope.path.rpartition(".")[2].isdigit():
        # It never drops anything, and is no counted layer of a sequence.
        out = torch.empty_like(input)
        tracer.put(out, tracer.get(input))
        return out
    elementwise(tracer, out, "dropout", input, {"p": float(p)})
    # In evaluation PyTorch may give the same tensor back; it is another value here.
    if out is input:
        out = torch.empty_like(input)
        tracer.put(out, tracer.views[id(input)])
    return out


@function("softmax", "log_softmax")
def softmax(tracer, out, input, dim=None, *_, **kwargs):
    if isinstance(tracer.get(input), Scores):
        found = tracer.get(input)
        if dim not in (-1, input.dim() - 1) or "log" in tracer.operation or found.turned:
            raise tracer.error("a softmax of attention along another axis than the keys")
        tracer.put(out, found.but(soft=True))
        return
    along(tracer, out, input, dim if dim is not None else 1, "log_softmax" if "log" in tracer.operation else "softmax", {})


@function("softmin")
def softmin(tracer, out, input, dim=None, *_, **kwargs):
    along(tracer, out, input, dim if dim is not None else 1, "softmin", {})


def along(tracer, out, input, dim, op, args):
    """A layer whose elements depend on each other along an axis."""
    from .arrange import axis_names, settle

    view = settle(tracer, view_of(tracer, input)).merged()
    atoms = view.dims[dim]
    names = axis_names(len(view.axes))
    place = next((i for i, axis in enumerate(view.axes) if axis == atoms and atoms), None)
    if place is None or names is None:
        others = [d for d in view.dims if d is not atoms and d != (tracer.batch,)]
        view = View(arrange(tracer, view, [*others, atoms]), (*others, atoms), view.dims)
        place = len(view.axes) - 1
    axis = "channels" if place == len(view.axes) - 1 else names[place]
    (result,) = tracer.emit(op, {"axis": Word(axis), **args}, [view.value], [view.value.shape])
    tracer.put(out, View(result, view.axes, view.dims))


@function("glu")
def glu(tracer, out, input, dim=-1):
    from .arrange import settle

    view = view_of(tracer, input)
    dim = dim % len(view.dims)
    if dim == 1 and len(view.dims) > 2 and not settle(tracer, view).merged().axes[-1] == view.merged().dims[dim]:
        value = image(tracer, view, len(view.dims) - 2)
        view = channels_first(value, tracer.batch)
    view = settle(tracer, view).merged()
    if view.axes[-1] != view.dims[dim]:
        if dim != len(view.dims) - 1:
            raise tracer.error("along an axis that is not the channels")
        view = last(tracer, view)
    (result,) = tracer.emit("glu", {}, [view.value], [(*view.value.shape[:-1], view.value.shape[-1] // 2)])
    fresh = _atoms(result.shape[-1])
    tracer.put(out, View(result, (*view.axes[:-1], fresh), tuple(fresh if d == view.axes[-1] else d for d in view.dims)))


# Pooling.


def pool(op, rank, extra):
    def handler(tracer, out, input, kernel_size, stride=None, padding=0, *args, **kwargs):
        value = image(tracer, view_of(tracer, input), rank)
        names = dict(zip(extra, args)) | kwargs
        kernel = kernel_of(kernel_size, rank)
        stride = kernel_size if stride is None or stride == [] else stride
        steps = kernel_of(stride, rank)
        found: dict[str, Any] = {"kernel": kernel}
        if steps != kernel:
            found["stride"] = extents(stride, rank)
        dilation = names.pop("dilation", 1)
        found["padding"] = extents(padding, rank)
        if dilation != 1:
            found["dilation"] = extents(dilation, rank)
        if names.pop("return_indices", False):
            raise tracer.error("the indices of a pooling")
        found["ceil_mode"] = bool(names.pop("ceil_mode", False))
        if "count_include_pad" in names:
            found["count_include_pad"] = names.pop("count_include_pad")
        if names.get("divisor_override"):
            found["divisor_override"] = names["divisor_override"]
        (result,) = tracer.emit(op, found, [value], [(*out.shape[2:], out.shape[1])])
        tracer.put(out, channels_first(result, tracer.batch))

    return handler


for rank in (1, 2, 3):
    FUNCTIONS[f"max_pool{rank}d"] = pool("max_pool", rank, ["dilation", "ceil_mode", "return_indices"])
    FUNCTIONS[f"avg_pool{rank}d"] = pool("avg_pool", rank, ["ceil_mode", "count_include_pad", "divisor_override"])


def adaptive(op, rank):
    def handler(tracer, out, input, output_size, return_indices=False):
        value = image(tracer, view_of(tracer, input), rank)
        (result,) = tracer.emit(op, {"size": Extents(out.shape[2:])}, [value], [(*out.shape[2:], out.shape[1])])
        tracer.put(out, channels_first(result, tracer.batch))

    return handler


for rank in (1, 2, 3):
    FUNCTIONS[f"adaptive_avg_pool{rank}d"] = adaptive("adaptive_avg_pool", rank)
    FUNCTIONS[f"adaptive_max_pool{rank}d"] = adaptive("adaptive_max_pool", rank)


def reduce_positions(tracer, out, input, dim, keepdim, op, image_op):
    from .arrange import settle

    view = settle(tracer, view_of(tracer, input)).merged()
    dims = range(len(view.dims)) if dim is None else [dim] if isinstance(dim, int) else dim
    dims = sorted(d % len(view.dims) for d in dims)
    gone = [a for d in dims for a in view.dims[d]]
    kept = [d for i, d in enumerate(view.dims) if i not in dims and d != (tracer.batch,)]
    if any(a.batch for a in gone):
        raise tracer.error("over the samples of a batch")
    rest = [a for d in kept for a in d]
    spatial = {a for axis in view.axes[:-1] for a in axis}
    if set(gone) != spatial:
        # The positions are what is reduced, the rest the channels.
        value = arrange(tracer, view, [*(view.dims[d] for d in dims), tuple(rest)])
        view = View(value, (*(view.dims[d] for d in dims), tuple(rest)), view.dims)
    channels = view.axes[-1]
    keep_image = keepdim and len(view.axes) == 3 and image_op == "adaptive_avg_pool"
    if keep_image:
        (result,) = tracer.emit(image_op, {"size": Extents((1,) * (len(view.axes) - 1))}, [view.value], [(*(1,) * (len(view.axes) - 1), size(channels))])
        axes = (*((),) * (len(view.axes) - 1), channels)
    else:
        name = op if len(view.axes) == 2 or op != "mean" else "global_avg_pool"
        (result,) = tracer.emit(name, {}, [view.value], [(size(channels),)])
        axes = (channels,)
    new = [() if i in dims else d for i, d in enumerate(view.dims) if keepdim or i not in dims]
    tracer.put(out, View(result, axes, tuple(new)))


@function("mean")
def mean(tracer, out, input, dim=None, keepdim=False, **kwargs):
    if dim is None:
        raise tracer.error("over the samples of a batch")
    view = view_of(tracer, input).merged()
    dims = [dim] if isinstance(dim, int) else list(dim)
    gone = {a for d in dims for a in view.dims[d]}
    if len(dims) == 1 and gone != {a for axis in view.axes[:-1] for a in axis}:
        reduce_axis(tracer, out, input, dim, keepdim, "mean")
        return
    reduce_positions(tracer, out, input, dim, keepdim, "mean", "adaptive_avg_pool")


def reduce_axis(tracer, out, input, dim, keepdim, op):
    """Over one axis that has a name, or over all positions."""
    from .arrange import axis_names, settle

    view = settle(tracer, view_of(tracer, input)).merged()
    dims = [dim] if isinstance(dim, int) else list(dim)
    dims = sorted(d % len(view.dims) for d in dims)
    if any(a.batch for d in dims for a in view.dims[d]):
        raise tracer.error("over the samples of a batch")
    if len(dims) == 1:
        atoms = view.dims[dims[0]]
        names = axis_names(len(view.axes))
        place = next((i for i, axis in enumerate(view.axes) if axis == atoms and atoms), None)
        if place is None or names is None:
            others = [d for i, d in enumerate(view.dims) if i != dims[0] and d != (tracer.batch,)]
            view = View(arrange(tracer, view, [*others, atoms]), (*others, atoms), view.dims)
            place, names = len(others), axis_names(len(view.axes))
        if names is None:
            raise tracer.error(f"of a value of {len(view.axes)} axes")
        args = {"axis": Word("channels" if place == len(view.axes) - 1 else names[place])}
        axes = [() if i == place else axis for i, axis in enumerate(view.axes)]
        if keepdim or len(axes) == 1:
            args["keep"] = True
        else:
            del axes[place]
        (result,) = tracer.emit(op, args, [view.value], [tuple(size(axis) for axis in axes)])
        new = [() if i in dims else d for i, d in enumerate(view.dims) if keepdim or i not in dims]
        tracer.put(out, View(result, tuple(axes), tuple(new)))
        return
    reduce_positions(tracer, out, input, dims, keepdim, op, op)


def reduction(op, *names):
    def handler(tracer, out, input, dim=None, keepdim=False, **kwargs):
        if dim is None:
            raise tracer.error("over the samples of a batch")
        target = out if isinstance(out, torch.Tensor) else out[0]
        reduce_axis(tracer, target, input, dim, keepdim, op)
        if not isinstance(out, torch.Tensor):
            from .trace import Poison

            tracer.put(out[1], Poison("the places of the largest are used"))

    function(*names)(handler)


@function("norm", "vector_norm", "linalg_vector_norm", "linalg_norm")
def norm(tracer, out, input, p=2, dim=None, keepdim=False, dtype=None, **kwargs):
    """The length of vectors, of squares and their sum."""
    if kwargs.get("ord", p) not in (2, 2.0, "fro", None) or dim is None:
        raise tracer.error("another one than the Euclidean norm along axes")
    squares, total = torch.empty_like(input), torch.empty_like(out)
    elementwise(tracer, squares, "square", input)
    reduce_axis(tracer, total, squares, dim, keepdim, "sum")
    elementwise(tracer, out, "sqrt", total)


reduction("sum", "sum")
reduction("max", "amax", "max")
reduction("min", "amin", "min")
reduction("logsumexp", "logsumexp")


# Sizes of images.


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
    from .arrange import settle

    if any(n < 0 for pair in amounts for n in pair):
        # What is taken away: first, since what is added may be taken from it.
        if mode != "constant":
            raise tracer.error(f"by {tuple(pad)}")
        shape = list(input.shape)
        for dim, (before, after) in enumerate(amounts):
            if min(before, after) < 0:
                view = movement.part(tracer, view, dim, max(-before, 0), shape[dim] - max(-after, 0), 1)
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
    from .arrange import settle

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


# Tables.


@function("embedding")
def embedding(tracer, out, input, weight, padding_idx=None, *_, **kwargs):
    from .arrange import settle

    view = settle(tracer, view_of(tracer, input))
    if len(view.value.shape) != 1:
        raise tracer.error("of indices that are no vector")
    args: dict[str, Any] = {"entries": weight.shape[0], "features": weight.shape[1]}
    if padding_idx is not None:
        args["padding_idx"] = padding_idx % weight.shape[0]
    (result,) = tracer.emit("embedding", args, [view.value], [(*view.value.shape, weight.shape[1])], tensors(tracer, weight=weight))
    features = _atoms(weight.shape[1])
    tracer.put(out, View(result, (*view.axes, features), (*view.dims, features)))


from .scores import Scores  # noqa: E402
from . import movement, operators, scores  # noqa: E402, F401

__all__ = ["FUNCTIONS", "NetworkError", "sqrt"]
