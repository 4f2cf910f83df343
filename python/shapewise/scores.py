"""Attention written out: products of queries and keys, a softmax, a product with values.

The products have no value of their own in the language; what is known of them is kept until they
meet the values, and becomes `scaled_dot_product_attention` or `matmul` there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from math import isclose, sqrt

import torch

from .arrange import arrange, flat, last
from .handlers import function, replace_last, tensors, view_of
from .known import Param, Pending
from .values import Atom, View, size


@dataclass
class Scores(Pending):
    """Products of queries with keys, before they meet values."""

    q: View
    #: With the dimensions of `q`: positions, then features.
    k: View
    scale: float = 1.0
    causal: bool = False
    soft: bool = False
    #: How many positions back a query sees, if not all.
    sliding: int | None = None
    #: What the scores are kept below, and whether they lessen with the distance.
    softcap: float | None = None
    alibi: bool = False
    #: What is added to the scores.
    mask: View | None = None
    #: Whether rows and columns have changed places.
    turned: bool = False

    def but(self, **changes) -> Scores:
        return replace(self, **changes)

    def realise(self, tracer) -> View:
        """As a product of matrices."""
        if self.turned:
            return transposed(self.but(turned=False).realise(tracer))
        if self.soft or self.causal or self.mask is not None or self.sliding or self.softcap or self.alibi:
            raise tracer.error("what attention calculates is used for something else")
        left = positions(tracer, self.q)
        right = positions(tracer, self.k)
        if left[1] or right[1]:
            return self.many(tracer, left[1], right[1])
        a = arrange(tracer, replace(self.q, factor=1.0), [self.q.dims[-2], self.q.dims[-1]])
        b = arrange(tracer, replace(self.k, factor=1.0), [self.k.dims[-1], self.k.dims[-2]])
        (result,) = tracer.emit("matmul", {}, [a, b], [(a.shape[0], b.shape[1])])
        rows, columns = (tuple([Atom(n)] if n != 1 else ()) for n in result.shape)
        return View(result, (rows, columns), (*self.q.dims[:-2], rows, columns), {}, self.scale * self.q.factor * self.k.factor)

    def many(self, tracer, left: list[Atom], right: list[Atom]) -> View:
        """As products of so many matrices at once."""
        if size(left) != size(right):
            raise tracer.error("a product of many matrices with others, not each with one")
        first, second = alike_heads(tracer, replace(self.q, factor=1.0), replace(self.k, factor=1.0))
        left, right = positions(tracer, first)[1], positions(tracer, second)[1]
        q, k = first.dims, second.dims
        a = arrange(tracer, first, [tuple(left), q[-2], q[-1]])
        b = arrange(tracer, second, [tuple(right), k[-1], k[-2]])
        (result,) = tracer.emit("matmul", {}, [a, b], [(*a.shape[:2], b.shape[2])])
        fresh = {atom: Atom(atom.size) for atom in left}
        rows, columns = (tuple([Atom(n)] if n != 1 else ()) for n in result.shape[1:])
        dims = [tuple(fresh.get(atom, atom) for atom in dim) for dim in q[:-2]]
        return View(result, (tuple(fresh.values()), rows, columns), (*dims, rows, columns), {}, self.scale * self.q.factor * self.k.factor)


def alike_heads(tracer, q: View, k: View):
    """Both views with heads of the same atoms."""
    while True:
        left, right = positions(tracer, q)[1], positions(tracer, k)[1]
        pair = next(((x, y) for x, y in zip(left, right) if x.size != y.size), None)
        if pair is None:
            return q, k
        x, y = pair
        if x.size % y.size == 0:
            q, _ = q.split(x, [y.size, x.size // y.size])
        elif y.size % x.size == 0:
            k, _ = k.split(y, [x.size, y.size // x.size])
        else:
            raise tracer.error("a product of many matrices with others, not each with one")


def positions(tracer, view: View):
    """The atoms of positions, of heads and of features."""
    heads = [a for a in flat(view.dims[:-2]) if not a.batch]
    return view.dims[-2], heads, view.dims[-1]


def causal_mask(tracer, mask, rows: int, columns: int) -> bool | None:
    """Whether a mask hides what comes later (`True`) or nothing (`False`)."""
    found = masked(tracer, mask, rows, columns)
    return None if found is None or found.keys() - {"causal"} else bool(found)


def masked(tracer, mask, rows: int, columns: int) -> dict | None:
    """What a mask, or a bias that nobody learns, does to scores, by the arguments of attention."""
    data = tracer.constant(mask) if isinstance(mask, torch.Tensor) else None
    if data is None or data.dim() < 2:
        return None
    data = data.cpu().expand(*[max(n, 1) for n in data.shape[:-2]], rows, columns)
    if data.dtype != torch.bool and rows == columns:
        lessened = distances(data)
        if lessened is not None:
            return lessened
    matrices = data.reshape(-1, rows, columns)
    if not bool((matrices == matrices[:1]).all()):
        return None
    m = matrices[0]
    hidden = m.logical_not() if m.dtype == torch.bool else m < -1e3
    shown = m if m.dtype == torch.bool else m == 0
    if not bool((hidden | shown).all()):
        return None
    if not bool(hidden.any()):
        return {}
    if rows != columns:
        later = torch.ones(rows, columns, dtype=torch.bool).triu(1)
        return {"causal": True} if torch.equal(hidden, later) else None
    apart = torch.arange(rows)[:, None] - torch.arange(columns)[None]
    seen = int(apart[hidden.logical_not()].max()) + 1
    for causal in (True, False):
        wanted = (apart < 0 if causal else apart <= -seen) | (apart >= seen)
        if torch.equal(hidden, wanted):
            return ({"causal": True} if causal else {}) | ({} if seen == rows else {"sliding": seen})
    return None


def slopes(heads: int) -> torch.Tensor:
    """By how much each head's scores lessen with a position, as Press et al. have them."""
    whole = 2 ** math.floor(math.log2(heads))
    powers = lambda n, step: [2 ** (-8 * i / n) for i in range(1, n + 1, step)]
    return torch.tensor([*powers(whole, 1), *powers(2 * whole, 2)[: heads - whole]])


def distances(data: torch.Tensor) -> dict | None:
    """Whether a bias lessens the scores with the distance; what is the same for all keys of a query changes nothing."""
    heads, length = data.shape[-3] if data.dim() > 2 else 1, data.shape[-1]
    if data.dim() > 3 and data.shape[0] != 1 or heads < 2 or length < 2:
        return None
    bias = data.reshape(heads, length, length).float()
    back = torch.arange(length)[None] - torch.arange(length)[:, None]
    wanted = slopes(heads)[:, None, None] * back
    seen = torch.ones(length, length, dtype=torch.bool).tril()
    hidden = (bias < -1e3) & seen.logical_not()
    if bool(hidden.any()) and not bool((bias < -1e3)[:, seen.logical_not()].all()):
        return None
    if not torch.allclose((bias - bias[..., :1])[:, seen], (wanted - wanted[..., :1])[:, seen], atol=1e-4):
        return None
    # Without a mask, later keys have to be told from the causal ones by what follows.
    return {"alibi": True, "causal": True} if bool(hidden.any()) else {"alibi": True}


def attend(tracer, out, q: View, k: View, v: View, scale: float | None, causal: bool, mask: View | None = None, **more) -> None:
    """Writes down attention of queries, keys (positions, then features) and values."""
    from .operators import batched

    q, k, v = (batched(tracer, x, 0) for x in (q, k, v))
    factor = q.factor * k.factor * (1.0 if scale is None else scale)
    features = size(q.dims[-1])
    wanted = 1 / sqrt(features)
    if scale is None:
        factor *= wanted
    odd = not isclose(factor, wanted, rel_tol=1e-5)
    q, k = replace(q, factor=1.0), replace(k, factor=1.0)
    q_at, q_heads, q_features = positions(tracer, q)
    k_at, k_heads, k_features = positions(tracer, k)
    v_at, v_heads, v_features = positions(tracer, v)
    heads = size(q_heads)
    kv = [a for a in k_heads if not a.virtual]
    kv_heads = size(kv)
    if any(a.virtual for a in k_heads):
        if k_heads[: len(kv)] != kv or [a.virtual for a in v_heads] != [a.virtual for a in k_heads]:
            raise tracer.error("keys are repeated in an order that is not one of groups")
    args = {"heads": heads}
    if kv_heads != heads:
        args["kv_heads"] = kv_heads
    if causal:
        args["causal"] = True
    if odd:
        args["scale"] = float(factor)
    if more.get("alibi") and not causal:
        raise tracer.error("a bias that grows with the distance, without a causal mask")
    names = {"sliding": "sliding_window", "softcap": "softcap", "alibi": "alibi"}
    args |= {name: more[key] for key, name in names.items() if more.get(key)}
    if not causal and not more.get("sliding") and not more.get("alibi"):
        from .windows import attend_windows

        if attend_windows(tracer, out, (q, k, v), args, mask):
            return
    real = lambda atoms: [a for a in atoms if not a.virtual]
    values = [
        arrange(tracer, q, [q_at, (*q_heads, *q_features)]),
        arrange(tracer, k, [k_at, (*real(k_heads), *k_features)]),
        arrange(tracer, v, [v_at, (*real(v_heads), *v_features)]),
    ]
    if mask is not None:
        values.append(masking(tracer, mask, q_at, q_heads, k_at))
        args["mask"] = values[-1]
    d = size(v_features)
    (result,) = tracer.emit("scaled_dot_product_attention", args, values, [(size(q_at), heads * d)])
    fresh = {a: Atom(a.size) for a in (*q_heads, *q_at)}
    at = tuple(fresh[a] for a in q_at)
    last = (Atom(d),) if d != 1 else ()
    put = lambda dim: tuple(fresh.get(a, a) for a in dim)
    dims = (*(put(dim) for dim in q.dims[:-2]), at, last)
    tracer.put(out, View(result, (at, (*(fresh[a] for a in q_heads), *last)), dims))


def masking(tracer, mask: View, q_at, heads, k_at):
    """What is added to the scores, for each query and key, and for each head where it differs."""
    dims = [d for d in mask.dims if d != (tracer.batch,)]
    while len(dims) > 3 and not dims[0]:
        dims = dims[1:]
    if len(dims) == 3 and not dims[0]:
        dims = dims[1:]
    if len(dims) not in (2, 3) or size(dims[-1]) != size(k_at) or size(dims[-2]) != size(q_at):
        raise tracer.error("a bias of attention that is repeated")
    if len(dims) == 3 and size(dims[0]) != size(heads):
        raise tracer.error("a bias of attention for some heads")
    return arrange(tracer, mask, dims)


@function("scaled_dot_product_attention")
def scaled_dot_product_attention(tracer, out, query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
    q, k, v = (view_of(tracer, x) for x in (query, key, value))
    causal = is_causal
    if attn_mask is not None and tracer.tracked(attn_mask):
        from .operators import as_view

        mask = tracer.get(attn_mask)
        if isinstance(mask, Param):
            mask = as_view(tracer, mask, q.value, attn_mask.dim())
        attend(tracer, out, q, k, v, scale, causal, mask)
        return
    if attn_mask is not None:
        found = None if tracer.flowing(attn_mask) else masked(tracer, attn_mask, query.shape[-2], key.shape[-2])
        if found is None:
            raise tracer.error("a mask that is not the causal one")
        attend(tracer, out, q, k, v, scale, **{"causal": causal, **found})
        return
    attend(tracer, out, q, k, v, scale, causal)


def transposed(view: View) -> View:
    return view.with_dims([*view.dims[:-2], view.dims[-1], view.dims[-2]])


@function("matmul", "__matmul__", "bmm", "mm", "__rmatmul__")
def matmul(tracer, out, a, b):
    left, right = tracer.get(a), tracer.get(b)
    if isinstance(right, Scores) and right.soft and right.turned and isinstance(left, View):
        # Values before their weights: the other way round, and turned.
        scores, made = right.but(turned=False), torch.empty(b.mT.shape, device="meta")
        values = torch.empty([*a.shape[:-2], a.shape[-1], a.shape[-2]], device="meta")
        tracer.put(values, transposed(left))
        tracer.put(made, scores)
        result = torch.empty([*out.shape[:-2], out.shape[-1], out.shape[-2]], device="meta")
        matmul(tracer, result, made, values)
        tracer.put(out, transposed(tracer.get(result)))
        return
    if isinstance(left, Scores) and not left.soft:
        # A product of a product: both are matrices.
        left = left.realise(tracer)
        tracer.put(a, left)
    if isinstance(left, Scores):
        if left.turned:
            raise tracer.error("the weights of attention, turned")
        v = view_of(tracer, b)
        more = {"sliding": left.sliding, "softcap": left.softcap, "alibi": left.alibi}
        attend(tracer, out, left.q, left.k, v, left.scale * (left.softcap or 1.0), left.causal, left.mask, **more)
        return
    if isinstance(right, Param):
        if right.base.dim() == 2 and right.dims == (1, 0):
            # A linear layer written out.
            from .linear import linear

            linear(tracer, out, a, right.base)
            return
        if right.base.dim() == 2 and right.whole:
            # As it is stored: the features that come in first.
            view = last(tracer, view_of(tracer, a))
            args = {"features": b.shape[1], "bias": False, "per_position": len(view.axes) > 2, "transposed": True}
            (result,) = tracer.emit("linear", args, [view.value], [(*view.value.shape[:-1], b.shape[1])], tensors(tracer, weight=b))
            tracer.put(out, replace_last(view, result))
            return
        right = view_of(tracer, b)
        tracer.put(b, right)
    if isinstance(right, Scores):
        right = right.realise(tracer)
        tracer.put(b, right)
    q, k = view_of(tracer, a), view_of(tracer, b)
    if len(q.dims) < 3 or len(q.dims) != len(k.dims):
        raise tracer.error("of tensors of different ranks")
    tracer.put(out, Scores(q, transposed(k)))


@function("addmm")
def addmm(tracer, out, bias, x, weight, *, beta=1, alpha=1):
    """A linear layer whose weight has the features that come in first."""
    if beta != 1 or alpha != 1:
        raise tracer.error("with factors")
    view = last(tracer, view_of(tracer, x))
    args = {"features": weight.shape[1], "per_position": len(view.axes) > 2, "transposed": True}
    shape = (*view.value.shape[:-1], weight.shape[1])
    (result,) = tracer.emit("linear", args, [view.value], [shape], tensors(tracer, weight=weight, bias=bias))
    tracer.put(out, replace_last(view, result))


@function("baddbmm")
def baddbmm(tracer, out, input, batch1, batch2, beta=1, alpha=1):
    from .operators import with_scores

    matmul(tracer, out, batch1, batch2)
    scores = tracer.get(out).but(scale=alpha)
    tracer.put(out, scores)
    if beta != 0:
        heads = scores.k.shape[0] // tracer.batch.size
        data = tracer.constant(input) if not tracer.tracked(input) else None
        if beta != 1 or data is None or data.shape[0] not in (1, scores.k.shape[0]) or not alike(data, heads):
            raise tracer.error("added to something else")
        with_scores(tracer, "add", out, out, tracer.meta(data[:heads]), scores)


def alike(data: torch.Tensor, heads: int) -> bool:
    """Whether the samples of a batch have the same numbers."""
    parts = data.reshape(-1, heads, *data.shape[1:]) if data.shape[0] % heads == 0 else data[None]
    return bool((parts == parts[:1]).all())


@function("masked_fill", "masked_fill_")
def masked_fill(tracer, out, x, mask, value):
    found = tracer.get(x)
    if isinstance(found, Scores) and not tracer.flowing(mask) and float(value) < -1e3:
        data = tracer.constant(mask)
        hides = None if data is None else masked(tracer, data.logical_not(), x.shape[-2], x.shape[-1])
        if hides is not None:
            tracer.put(out, found.but(**hides))
            return
    if not tracer.flowing(mask) and tracer.constant(mask) is not None and not bool(tracer.constant(mask).any()):
        tracer.put(out, found)
        return
    raise tracer.error("a mask that is not the causal one of attention")


@function("where")
def where(tracer, out, condition, x, y):
    if tracer.flowing(condition):
        raise tracer.error("the language has no layer for this operation")
    found = tracer.get(x) if isinstance(x, torch.Tensor) else None
    if isinstance(found, Scores):
        data = tracer.constant(condition)
        other = tracer.constant(y) if isinstance(y, torch.Tensor) else torch.tensor(float(y))
        if data is not None and other is not None and bool((other < -1e3).all()):
            hides = masked(tracer, data.bool(), x.shape[-2], x.shape[-1])
            if hides is not None:
                tracer.put(out, found.but(**hides))
                return
    raise tracer.error("the language has no layer for this operation")
