"""Sums, products and differences, of values, parameters and numbers."""

from __future__ import annotations

import torch

from .arrange import align, arrange, settle
from .handlers import function, view_of
from .scores import Scores, masked, matmul
from .known import Param
from .graph import Axes, Range, Text
from .values import Atom, Value, View, plain, size


def number(tracer, x) -> float | None:
    """The number that a constant is, everywhere the same."""
    if isinstance(x, bool) or not isinstance(x, (int, float, torch.Tensor)):
        return None
    if not isinstance(x, torch.Tensor):
        return float(x)
    if tracer.views.get(id(x)) is not None and not tracer.is_constant(x):
        return None
    data = tracer.constant(x)
    if data is None or data.numel() == 0:
        return None
    values = data.flatten()
    return float(values[0]) if bool((values == values[0]).all()) else None


def handle(tracer, op: str, out, a, b):
    known = tracer.get(a), tracer.get(b)
    if isinstance(known[1], Scores) and not isinstance(known[0], Scores):
        a, b, known = b, a, known[::-1]
        if op in ("sub", "div"):
            raise tracer.error("of what attention calculates")
    if isinstance(known[0], Scores):
        return with_scores(tracer, op, out, a, b, known[0])
    if isinstance(known[0], View) and isinstance(known[1], View):
        return merge(tracer, op, out, a, b, *known)
    if isinstance(known[0], View):
        view, other, reverse = known[0], b, False
        param = known[1]
    else:
        view, other, reverse = known[1], a, True
        param = known[0]
    if isinstance(param, Param):
        return with_param(tracer, op, out, view, param, reverse)
    n = number(tracer, other)
    if n is None:
        raise tracer.error("with a tensor that is neither calculated nor learned")
    if tuple(out.shape) != view.shape:
        raise tracer.error("with a constant that broadcasts")
    n = float(n)
    if (op in ("mul", "div") and n == 1 and not (reverse and op == "div")) or (op == "add" and n == 0) or (op == "sub" and n == 0 and not reverse):
        tracer.put(out, view)
        return
    if op in ("mul", "div") and not (reverse and op == "div"):
        factor = view.factor * (n if op == "mul" else 1 / n)
        tracer.put(out, View(view.value, view.axes, view.dims, dict(view.selected), factor))
        return
    if op == "div":
        view = settle(tracer, view)
        (value,) = tracer.emit("reciprocal", {}, [view.value], [view.value.shape])
        tracer.put(out, View(value, view.axes, view.dims, {}, n))
        return
    if op in ("maximum", "minimum"):
        from .activations import elementwise

        elementwise(tracer, out, "clamp", a if tracer.flowing(a) else b, {"least" if op == "maximum" else "most": n})
        return
    # A factor that is still to come and the number are one layer.
    factor = float(view.factor) * (-1.0 if op == "sub" and reverse else 1.0)
    offset = -n if op == "sub" and not reverse else n
    view = settle(tracer, View(view.value, view.axes, view.dims, dict(view.selected)))
    (value,) = tracer.emit("rescale", {"factor": factor, "offset": float(offset)}, [view.value], [view.value.shape])
    tracer.put(out, View(value, view.axes, view.dims))


def with_scores(tracer, op, out, a, b, scores: Scores):
    n = number(tracer, b)
    if scores.turned:
        raise tracer.error("of what attention calculates, turned")
    if scores.soft:
        if n == 1.0 and op in ("mul", "div"):
            tracer.put(out, scores)
            return
        raise tracer.error("of the weights of attention")
    if op in ("mul", "div") and n is not None:
        name = "scale" if scores.softcap is None else "softcap"
        tracer.put(out, scores.but(**{name: getattr(scores, name) * (n if op == "mul" else 1 / n)}))
        return
    if op == "add" and isinstance(b, torch.Tensor) and not tracer.tracked(b):
        found = masked(tracer, b, out.shape[-2], out.shape[-1])
        if found is not None:
            tracer.put(out, scores.but(**found))
            return
        raise tracer.error("a mask or bias of attention that is not the causal one")
    if op == "add" and tracer.tracked(b) and scores.mask is None:
        known = tracer.get(b)
        if isinstance(known, Param):
            known = as_view(tracer, known, scores.q.value, len(out.shape))
        if isinstance(known, View):
            tracer.put(out, scores.but(mask=known))
            return
    view = scores.realise(tracer)
    tracer.put(a, view)
    handle(tracer, op, out, a, b)


def merge(tracer, op, out, a, b, x: View, y: View):
    rank = max(len(x.dims), len(y.dims))
    x, y = batched(tracer, x, rank), batched(tracer, y, rank)
    shape = tuple(torch.broadcast_shapes(x.shape, y.shape))
    if shape[1:] == tuple(out.shape) or shape[1:] == tuple(out.shape)[1:]:
        out_shape = shape
    else:
        out_shape = tuple(out.shape)
    if x.shape == y.shape:
        x, value = align(tracer, x, y)
        (result,) = tracer.emit(op, {}, [x.value, value], [x.value.shape])
        tracer.put(out, View(result, x.axes, x.dims))
        return
    # One of them is repeated.
    swapped = out_shape != x.shape
    if swapped:
        x, y = y, x
    if out_shape != x.shape:
        # Both are.
        x = stretched(tracer, x, out_shape)
    x, y = settle(tracer, x).merged(), settle(tracer, y).merged()
    dims = [()] * (len(x.dims) - len(y.dims)) + list(y.dims)
    if len(y.dims) < len(x.dims):
        raise tracer.error("a batch that is added to a sample")
    full = [i for i, d in enumerate(dims) if d and d != (tracer.batch,)]
    channels = [i for i in full if x.dims[i] == x.axes[-1]]
    if dims[0] != (tracer.batch,):
        raise tracer.error("the batch is not the first dimension")
    if len(full) == 1 and len(channels) == 1 and op in ("add", "mul", "div"):
        ones = len(y.axes) - 1
        if y.axes[-1] != dims[full[0]] or ones not in (0, len(x.axes) - 1):
            value = arrange(tracer, y, [dims[full[0]]])
        else:
            value = y.value
        args = {"broadcast": True}
    else:
        y = stretched(tracer, View(y.value, y.axes, tuple(dims)), x.shape)
        x, value = align(tracer, x, y)
        args = {}
    inputs = [value, x.value] if swapped else [x.value, value]
    (result,) = tracer.emit(op, args, inputs, [x.value.shape])
    tracer.put(out, View(result, x.axes, x.dims))


def batched(tracer, view: View, rank: int) -> View:
    """What is the same for each sample, with the samples as its first dimension."""
    if any(tracer.batch in d for d in view.dims):
        return view
    dims = [()] * (rank - len(view.dims)) + list(view.dims)
    return view.with_dims([(tracer.batch,), *(dims[1:] if not dims[0] else dims)])


def stretched(tracer, view: View, shape) -> View:
    """The view with its dimensions of 1 repeated."""
    dims = [()] * (len(shape) - len(view.dims)) + list(view.dims)
    if dims[0] != (tracer.batch,):
        raise tracer.error("the batch is not the first dimension")
    found = [d if size(d) == n else (Atom(n, virtual=True),) for d, n in zip(dims, shape)]
    return View(view.value, view.axes, tuple(found), dict(view.selected), view.factor)


def with_param(tracer, op, out, view: View, param: Param, reverse: bool):
    """Layer scales and tables of positions."""
    if tuple(out.shape) != view.shape:
        other = as_view(tracer, param, view.value, len(out.shape))
        pair = [other, view] if reverse else [view, other]
        merge(tracer, op, out, None, None, *pair)
        return
    shape = (1,) * (len(view.dims) - len(param.dims)) + tuple(param.tensor.shape)
    stored = (None,) * (len(view.dims) - len(param.dims)) + param.dims
    full = [i for i, n in enumerate(shape) if n != 1]
    view = settle(tracer, view).merged()
    base = tuple(param.base.shape)
    bare = len(base) == 1 or len(view.axes) > 1 and base == (base[0], *(1,) * (len(view.axes) - 1))
    if op == "mul" and bare and param.name not in tracer.values and len(full) == 1 and param.base.numel() == shape[full[0]]:
        if view.dims[full[0]] != view.axes[-1]:
            order = [d for i, d in enumerate(view.dims) if i != full[0] and d != (tracer.batch,)]
            want = [*order, view.dims[full[0]]]
            view = View(arrange(tracer, view, want), tuple(want), view.dims)
        args = {"spatial_axes": True} if len(base) > 1 else {}
        (result,) = tracer.emit("scale", args, [view.value], [view.value.shape], {"": param.name})
        tracer.put(out, View(result, view.axes, view.dims))
        return
    rest = [i for i in range(len(view.dims)) if view.dims[i] != (tracer.batch,)]
    order = [stored[i] for i in full]
    if op == "add" and full and param.name not in tracer.values and all(i in full or not view.dims[i] for i in rest) and order == sorted(order):
        base = tuple(param.base.shape)
        if len(rest) == 2 and len(full) == 2 and len(base) in (2, 3) and base[-2] >= shape[rest[0]]:
            value = arrange(tracer, view, [view.dims[i] for i in rest])
            args = {}
            if len(base) == 2:
                args["batch_axis"] = False
            if base[-2] != value.shape[0]:
                args["positions"] = base[-2]
            (result,) = tracer.emit("positional_embedding", args, [value], [value.shape], {"": param.name})
            tracer.put(out, plain(result, tracer.batch))
            return
    other = as_view(tracer, param, view.value, len(view.dims))
    pair = [other, view] if reverse else [view, other]
    merge(tracer, op, out, *([None, None]), *pair)


def as_value(tracer, param: Param, shape: tuple[int, ...]) -> View:
    """A parameter as a value that is the same for each sample."""
    if not isinstance(param.base, torch.nn.Parameter):
        raise tracer.error(f"with the buffer `{param.name}`, which nothing learns")
    view = as_view(tracer, Param(param.name, param.tensor, (None, *param.dims), param.base), tracer.inputs[0], len(shape) + 1)
    dims = list(view.dims[1:])
    if dims and not dims[0] and shape[0] == tracer.batch.size:
        dims[0] = (tracer.batch,)
    dims = [d if size(d) == n else (Atom(n, virtual=True),) for d, n in zip(dims, shape)]
    return view.with_dims(dims)


def as_view(tracer, param: Param, value: Value, rank: int) -> View:
    """A parameter as a value: a layer whose input says how many samples there are."""
    known = tracer.learned.get(param.name)
    if known is None:
        base = tuple(param.base.shape)
        batch_axis = len(base) > 1 and base[0] == 1
        shape = base[1:] if batch_axis else base
        if not shape:
            raise tracer.error(f"the parameter `{param.name}` is a number without an axis")
        if len(shape) > 5:
            raise tracer.error(f"the parameter `{param.name}` has {len(shape)} axes")
        args = {"shape": Axes(shape) if len(shape) > 1 else shape[0]}
        if batch_axis:
            args["batch_axis"] = True
        with tracer.outermost(param.name):
            (known,) = tracer.emit("parameter", args, [value], [shape], {"": param.name})
        tracer.learned[param.name] = known
    if param.rows is not None and param.rows != known.shape[-2]:
        (known,) = tracer.emit("slice", {"length": Range((0, param.rows))}, [known], [(param.rows, known.shape[-1])])
    axes = tuple((Atom(n),) if n != 1 else () for n in known.shape)
    skipped = param.base.dim() - len(axes)
    dims = [() if d is None or d < skipped else axes[d - skipped] for d in param.dims]
    dims = [()] * (rank - len(dims)) + dims
    if dims[0]:
        raise tracer.error(f"the parameter `{param.name}` has a number for each sample of a batch")
    return View(known, axes, ((tracer.batch,), *dims[1:]))


def operator(op: str, *names: str):
    def handler(tracer, out, a, b, *args, **kwargs):
        alpha = kwargs.get("alpha", 1)
        if alpha != 1:
            raise tracer.error("with `alpha`")
        if kwargs.get("rounding_mode"):
            raise tracer.error("a division that rounds")
        handle(tracer, op, out, a, b)

    function(*names)(handler)


operator("add", "add", "__add__", "__radd__", "__iadd__", "add_")
operator("mul", "mul", "__mul__", "__rmul__", "__imul__", "mul_", "multiply")
operator("sub", "sub", "__sub__", "__isub__", "sub_", "subtract")
operator("maximum", "maximum")
operator("minimum", "minimum")
operator("div", "div", "__truediv__", "__itruediv__", "div_", "true_divide")


def by_scores(tracer, out, names: list[str], right: str, a, b) -> bool:
    """Products of queries and keys, and of their scores with values, whatever the order of their axes."""
    first, second = names
    both = [c for c in right if c in first and c in second]
    one = {side: [c for c in name if c not in other] for side, name, other in (("i", first, second), ("j", second, first))}
    gone = [c for c in first if c in second and c not in right]
    if len(one["i"]) != 1 or len(one["j"]) != 1 or len(gone) != 1 or any(len(set(n)) != len(n) for n in names) or len(both) < 2:
        return False
    (i,), (j,), (c,) = one["i"], one["j"], gone

    def ordered(view: View, name: str, order: list[str]) -> View:
        return view.with_dims([view.dims[name.index(letter)] for letter in order])

    known = tracer.get(a)
    if isinstance(known, Scores) and known.soft:
        if list(first) != [*both, i, c] or sorted(right) != sorted([*both, i, j]):
            return False
        values = ordered(view_of(tracer, b), second, [*both, c, j])
        sizes = {letter: n for name, x in zip(names, (a, b)) for letter, n in zip(name, x.shape)}
        made, other = (torch.empty([sizes[letter] for letter in order], device="meta") for order in ([*both, i, j], [*both, c, j]))
        tracer.put(other, values)
        matmul(tracer, made, a, other)
        tracer.put(out, ordered(tracer.get(made), "".join([*both, i, j]), list(right)))
        return True
    if list(right) != [*both, i, j] or not isinstance(known, View) or not isinstance(tracer.get(b), View):
        return False
    tracer.put(out, Scores(ordered(known, first, [*both, i, c]), ordered(tracer.get(b), second, [*both, j, c])))
    return True


@function("einsum")
def einsum(tracer, out, equation, *operands):
    """A product over named axes: of each sample with its own."""
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    left, _, right = equation.replace(" ", "").partition("->")
    names = left.split(",")
    if not right or "..." in equation or len(names) != len(operands):
        raise tracer.error(f"by the equation `{equation}`")
    if len(names) == 2 and by_scores(tracer, out, names, right, *operands):
        return
    views = [settle(tracer, view_of(tracer, x)) for x in operands]
    samples = {n[v.dims.index((tracer.batch,))] for n, v in zip(names, views) if (tracer.batch,) in v.dims}
    if len(samples) != 1 or any(tracer.batch in d and d != (tracer.batch,) for v in views for d in v.dims):
        raise tracer.error("the samples of a batch flow into one another")
    (sample,) = samples
    if sample not in right or any(sample in n and (tracer.batch,) not in v.dims for n, v in zip(names, views)):
        raise tracer.error("the samples of a batch flow into one another")
    values = []
    for name, view in zip(names, views):
        values.append(arrange(tracer, view, [view.dims[i] for i in range(len(name)) if name[i] != sample]))
    letters = [n.replace(sample, "") for n in names]
    result = right.replace(sample, "")
    if any(len(set(n)) != len(n) or not n or len(n) > 5 for n in [*letters, result]):
        raise tracer.error(f"by the equation `{equation}`")
    text = Text(",".join(letters) + "->" + result)
    shape = tuple(n for n, letter in zip(out.shape, right) if letter != sample)
    (value,) = tracer.emit("einsum", {"equation": text}, values, [shape])
    axes = tuple((Atom(n),) if n != 1 else () for n in shape)
    rest = iter(axes)
    tracer.put(out, View(value, axes, tuple((tracer.batch,) if letter == sample else next(rest) for letter in right)))


@function("rsub", "__rsub__")
def rsub(tracer, out, a, b):
    handle(tracer, "sub", out, b, a)


@function("addcmul", "addcmul_")
def addcmul(tracer, out, input, first, second, value=1):
    """A product, added to something: a scale and a bias of one's own."""
    if value != 1:
        raise tracer.error("with `value`")
    product = torch.empty(torch.broadcast_shapes(first.shape, second.shape), device="meta")
    pair = (second, first) if tracer.flowing(second) else (first, second)
    handle(tracer, "mul", product, *pair)
    handle(tracer, "add", out, product, input)
