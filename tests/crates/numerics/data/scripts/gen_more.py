"""Writes more golden numbers, of layers that came later: `python gen_more.py FOLDER`.

`more.json` and `more.safetensors` have the form of `index.json` and its files. Every value is laid
out as the notation has it, behind the batch: `NC`, `NLC`, `NHWC`, `NDHWC`.
"""

import json
import math
import sys
import zlib

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

from modules_more import *

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
BATCH = 3
LAYOUTS = {1: "NC", 2: "NLC", 3: "NHWC", 4: "NDHWC"}
CASES = []


def case(kind, inputs, call, args=None, module=None, positive=False, ints=(), whole=(), nan=()):
    CASES.append(dict(kind=kind, inputs=inputs, call=call, args=args or {}, module=module,
                      positive=positive, ints=ints, whole=whole, nan=nan))


def fl(value):
    return {"float": value}


def of(place):
    return {"input": place}


def cases():
    image, sequence, vector = [5, 6, 4], [7, 8], [9]
    for kind, call in [("abs", "x.abs()"), ("exp", "x.exp()"), ("square", "x.square()"), ("neg", "-x"),
                       ("sin", "x.sin()"), ("cos", "x.cos()"), ("quick_gelu", "x * torch.sigmoid(1.702 * x)"),
                       ("squared_relu", "F.relu(x).square()"), ("hard_tanh", "F.hardtanh(x)")]:
        case(kind, [image], call)
    for kind, call in [("log", "x.log()"), ("sqrt", "x.sqrt()"), ("reciprocal", "x.reciprocal()")]:
        case(kind, [image], call, positive=True)
    case("pow", [image], "x.pow(2.5)", {"exponent": fl(2.5)}, positive=True)
    case("pow", [sequence], "x.pow(3)", {"exponent": 3})
    case("hard_tanh", [sequence], "F.hardtanh(x, -0.5, 0.75)", {"least": fl(-0.5), "most": fl(0.75)})
    case("clamp", [image], "x.clamp(min=-0.5)", {"least": fl(-0.5)})
    case("clamp", [vector], "x.clamp(-0.25, 0.75)", {"least": fl(-0.25), "most": fl(0.75)})
    case("threshold", [image], "F.threshold(x, 0.25, -3.0)", {"threshold": fl(0.25), "value": fl(-3.0)})
    case("rescale", [image], "x * 0.5 + 2", {"factor": fl(0.5), "offset": fl(2.0)})
    case("softcap", [sequence], "2.0 * torch.tanh(x / 2.0)", {"cap": fl(2.0)})
    case("softmin", [image], "F.softmin(x, -1)")
    case("softmin", [sequence], "F.softmin(x, 1)", {"axis": "length"})
    case("normalize", [image], "F.normalize(x, dim=-1)")
    case("normalize", [sequence], "F.normalize(x, p=3, dim=1)", {"axis": "length", "p": fl(3.0)})
    case("normalize", [vector], "F.normalize(x, p=1, dim=-1)", {"p": fl(1.0)})
    for kind, f in [("sum", "x.sum({})"), ("max", "x.amax({})"), ("min", "x.amin({})"),
                    ("logsumexp", "x.logsumexp({})"), ("mean", "x.mean({})")]:
        case(kind, [image], f.format("(1, 2)"))
        case(kind, [image], f.format("-1"), {"axis": "channels"})
        case(kind, [image], f.format("1"), {"axis": "height"})
        case(kind, [image], f.format("2, keepdim=True"), {"axis": "width", "keep": True})
        case(kind, [sequence], f.format("1"))
        case(kind, [vector], f.format("-1, keepdim=True"), {"axis": "features"})
        case(kind, [[2, 3, 4, 5]], f.format("(1, 2, 3), keepdim=True"), {"keep": True})
    case("argmax", [vector], "x.argmax(-1, keepdim=True)")
    case("argmax", [sequence], "x.argmax(1)")
    case("argmax", [image], "x.argmax(-1)", {"axis": "channels"})
    case("maximum", [image, image], "torch.maximum(x0, x1)")
    case("minimum", [sequence, sequence, sequence], "torch.minimum(torch.minimum(x0, x1), x2)")
    for kind in ("maximum", "minimum"):
        # Halves of the gradient where both are alike; no number where one of them is none.
        case(kind, [image, image], f"torch.{kind}(x0, x1)", whole=(0, 1))
        case(kind, [image, image], f"torch.{kind}(x0, x1)", nan=[(0, 2), (1, 2)])
    case("div", [image, image], "x0 / x1", positive=True)
    case("div", [image, [4]], "x0 / x1[:, None, None]", {"broadcast": True}, positive=True)
    case("cosine_similarity", [image, image], "F.cosine_similarity(x0, x1, dim=-1)")
    case("cosine_similarity", [vector, vector], "F.cosine_similarity(x0, x1, dim=-1)[:, None]")
    case("linear", [sequence], "x @ m.weight + m.bias", {"features": 5, "transposed": True}, Weights(weight=[8, 5], bias=[5]))
    case("rms_norm", [[7, 12]], "m(x)", {"heads": 3, "eps": fl(1e-5)}, HeadNorm(3, 4))
    case("rms_norm", [[7, 12]], "m(x)", {"unit_offset": True, "eps": fl(1e-6)}, HeadNorm(1, 12, one=1.0, eps=1e-6))
    case("layer_norm", [[7, 12]], "m(x)", {"heads": 3}, HeadNorm(3, 4, centre=True))
    case("parameter", [sequence], "m.p.expand(len(x), -1, -1)", {"shape": [4, 6]}, Weights(**{"@": [4, 6]}))
    case("parameter", [vector], "m.p.expand(len(x), -1, -1, -1)", {"shape": [2, 3, 4], "batch_axis": True}, Weights(**{"@": [1, 2, 3, 4]}))
    case("parameter", [sequence], "m.p.expand(len(x), -1)", {"shape": [4], "batch_axis": True, "trained": False}, Buffer([1, 4]))
    case("arange", [sequence], "(2 + 3 * torch.arange(7)).expand(len(x), -1)", {"start": 2, "step": 3})
    case("full_like", [sequence], "torch.full_like(x, 0.5)", {"value": fl(0.5)})
    case("full_like", [sequence], "torch.full_like(x, 3).long()", {"value": 3})
    case("sinusoidal_embedding", [sequence], "x + sinusoids(7, 8, 0, True, 10000.0)")
    case("sinusoidal_embedding", [sequence], "sinusoids(7, 8, 2, False, 100.0).to(x.dtype).expand(len(x), -1, -1)", {"interleaved": False, "start": 2, "base": fl(100.0), "add": False})
    for mode in ("mean", "sum", "max"):
        case("embedding_bag", [[5]], f"F.embedding_bag(x, m.weight, mode='{mode}')", {"entries": 9, "features": 4, "mode": mode},
             Weights(weight=[9, 4]), ints={0: 9})
    case("index_select", [sequence, [3]], "torch.stack([a[i] for a, i in zip(x0, x1)])", {"index": of(1)}, ints={1: 7})
    case("index_select", [image, [2]], "torch.stack([a[:, i] for a, i in zip(x0, x1)])", {"index": of(1), "axis": "width"}, ints={1: 6})
    case("expand", [vector], "x[:, None].expand(-1, 4, -1)", {"shape": [4, 9]})
    case("expand", [[5, 1, 4]], "x.expand(-1, 5, 3, 4)", {"shape": [5, 3, 4]})
    attention_cases()


def attention_cases():
    q = [6, 24]
    for args, options in [
        ({"heads": 3}, {}),
        ({"heads": 3, "interleaved": True}, dict(interleaved=True)),
        ({"heads": 3, "features": 4, "base": fl(500.0)}, dict(features=4, base=500.0)),
        ({"heads": 3, "features": 4, "start": 2, "interleaved": True}, dict(features=4, start=2, interleaved=True)),
        ({"heads": 3, "scaling": "linear", "factor": fl(4.0)}, dict(scaling="linear", factor=4.0)),
        ({"heads": 3, "scaling": "llama3", "factor": fl(8.0), "original_positions": 64}, dict(scaling="llama3", factor=8.0, original=64)),
        ({"heads": 3, "scaling": "yarn", "factor": fl(4.0), "original_positions": 32}, dict(scaling="yarn", factor=4.0, original=32)),
        ({"heads": 3, "scaling": "yarn", "factor": fl(4.0), "original_positions": 32, "attention_factor": fl(1.25), "truncate": False, "beta_fast": fl(8.0)},
         dict(scaling="yarn", factor=4.0, original=32, whole=1.25, truncate=False, fast=8.0)),
    ]:
        case("rotary_embedding", [q], f"rotary(x, 3, **{options!r})", args)
    case("rotary_embedding", [[6, 3, 8]], "rotary(x.flatten(2), 3).view_as(x)")
    three = [[6, 24], [6, 12], [6, 12]]
    base = {"q": of(0), "k": of(1), "v": of(2), "heads": 6, "kv_heads": 3}
    for more, options in [
        ({"causal": True, "sliding_window": 3}, dict(causal=True, window=3)),
        ({"sliding_window": 2}, dict(window=2)),
        ({"causal": True, "chunk": 4}, dict(causal=True, chunk=4)),
        ({"scale": fl(0.7), "softcap": fl(1.5)}, dict(scale=0.7, cap=1.5)),
        ({"causal": True, "alibi": True}, dict(causal=True, alibi=True)),
        ({"alibi": True}, dict(alibi=True)),
    ]:
        case("scaled_dot_product_attention", three, f"attention(x0, x1, x2, 6, 3, **{options!r})", {**base, **more})
    case("scaled_dot_product_attention", three + [[6]], "attention(x0, x1, x2, 6, 3, causal=True, sinks=x3)",
         {**base, "causal": True, "sinks": of(3)})
    case("scaled_dot_product_attention", three + [[6, 6, 6]], "attention(x0, x1, x2, 6, 3, mask=x3)", {**base, "mask": of(3)})
    case("scaled_dot_product_attention", three + [[1, 6]], "attention(x0, x1, x2, 6, 3, mask=x3[:, None], cap=3.0)",
         {**base, "mask": of(3), "softcap": fl(3.0)})
    case("scaled_dot_product_attention", [[5, 8], [7, 8], [7, 8], [2, 5, 7]], "attention(x0, x1, x2, 2, 2, mask=x3, scale=1.0)",
         {"q": of(0), "k": of(1), "v": of(2), "heads": 2, "mask": of(3), "scale": fl(1.0)})
    case("relative_position_bias", [[40, 8]], "m(40, 40).expand(len(x), -1, -1, -1)", {"heads": 3}, RelativeBias(3, 32, 128, True))
    case("relative_position_bias", [[9, 8], [12, 8]], "m(9, 12).expand(len(x0), -1, -1, -1)",
         {"heads": 2, "buckets": 8, "max_distance": 10, "bidirectional": False, "keys": of(1)}, RelativeBias(2, 8, 10, False))
    x = [6, 24]
    more = {"heads": 4, "kv_heads": 2, "projections": "separate", "causal": True}
    case("attention", [x], "m(x)", {**more, "rotary": True, "bias": False},
         Language(24, 4, 2, bias=False, turn={}))
    case("attention", [x], "m(x)", {**more, "rotary": True, "rotary_features": 4, "rotary_base": fl(500.0), "rotary_interleaved": True,
                                    "qk_norm": "rms", "sliding_window": 3},
         Language(24, 4, 2, turn=dict(features=4, base=500.0, interleaved=True), norm="rms", window=3))
    case("attention", [x], "m(x)", {**more, "qk_norm": "layer", "sinks": True, "softcap": fl(2.0), "scale": fl(0.3), "rotary": True,
                                    "rotary_scaling": "yarn", "rotary_factor": fl(4.0), "original_positions": 32},
         Language(24, 4, 2, norm="layer", sinks=True, cap=2.0, scale=0.3, turn=dict(scaling="yarn", factor=4.0, original=32)))
    case("attention", [x], "m(x)", {"heads": 4, "alibi": True, "causal": True, "projections": "separate", "bias": False}, Language(24, 4, 4, bias=False, alibi=True))
    case("attention", [x, [4, 6, 6]], "m(x0, mask=x1)", {"heads": 4, "mask": of(1), "projections": "separate", "bias": False}, Language(24, 4, 4, bias=False, causal=False))
    case("attention", [x, [5, 10]], "m(x0, x1)", {"heads": 4, "memory": of(1), "projections": "separate", "kv_heads": 1, "bias": False},
         Language(24, 4, 1, bias=False, memory=10, causal=False))
    case("matmul", [[2, 3, 4], [2, 4, 5]], "x0 @ x1")
    case("matmul", [[2, 3, 3, 4], [2, 3, 4, 2]], "x0 @ x1")
    for args, by in [({}, 0), ({"diagonal": 2}, 2), ({"below": 1}, -1), ({"diagonal": 40}, 40), ({"below": 40}, -40)]:
        case("tril", [[5, 6]], f"x.tril({by})", args)
        case("triu", [[7, 5]], f"x.triu({by})", args)
    case("triu", [[2, 4, 5]], "x.triu(1)", {"diagonal": 1})
    case("tril", [[2, 3, 4, 5]], "x.tril(-1)", {"below": 1})
    case("tril", [[5, 6]], "x.tril()", nan=[(5, 11)])
    for equation, shapes in [("lk,km->lm", [[5, 6], [6, 4]]), ("hld,hmd->hlm", [[2, 5, 3], [2, 4, 3]]), ("hlm,mhd->lhd", [[2, 5, 4], [4, 2, 3]]),
                             ("lk->kl", [[5, 6]]), ("hwc->c", [[4, 5, 3]]), ("i,j->ji", [[4], [5]]), ("lc,lc->lc", [[5, 6], [5, 6]]),
                             ("hwc,c->hw", [[4, 5, 3], [3]]), ("abc,dc->da", [[4, 5, 3], [2, 3]]), ("i,ij,j->i", [[4], [4, 5], [5]]),
                             ("abcd,cbf->dfa", [[2, 3, 2, 5], [2, 3, 4]]), ("ij,ij->i", [[5, 6], [5, 6]]), ("ab,c->c", [[3, 4], [5]])]:
        sides = equation.replace("->", ",").split(",")
        batched = ",".join("z" + side for side in sides[:-1]) + "->z" + sides[-1]
        case("einsum", shapes, f"torch.einsum('{batched}', {', '.join(f'x{i}' for i in range(len(shapes)))})", {"equation": equation})
    case("where_cond", [[5, 6], [5, 6], [5, 6]], "torch.where(x0 != 0, x1, x2)", whole=(0,))
    case("gather", [[5, 7], [5, 3]], "torch.gather(x0, 2, x1)", {"index": of(1)}, ints={1: 7})
    case("gather", [[2, 5, 7], [1, 5, 7]], "torch.gather(x0, 2, x1.expand(-1, 2, -1, -1))", {"index": of(1), "axis": "width"}, ints={1: 5})
    mixtures()
    joined()
    families()
    deformable()
    case("conv_lstm", [[4, 5, 6, 3]], "m(x)", {"channels": 2, "kernel": [3, 3]}, ConvLstm(3, 2, (3, 3)))
    case("conv_lstm", [[3, 4, 7, 2]], "(lambda y: (y[1], *y[1:]))(m(x))", {"channels": 3, "kernel": [1, 5], "bias": False, "return_sequence": False},
         ConvLstm(2, 3, (1, 5), bias=False))
    case("conv_lstm", [[1, 4, 5, 2]], "m(x)", {"channels": 2, "kernel": [3, 1]}, ConvLstm(2, 2, (3, 1)))
    windows()


def deformable():
    taps = {"kernel": [3, 3], "padding": 1, "offset": of(1)}
    case("deformable_conv", [[5, 6, 4], [5, 6, 18]], "deformed(m, x0, x1, padding=1)", {"channels": 3, **taps},
         Weights(weight=[3, 4, 3, 3], bias=[3]))
    case("deformable_conv", [[5, 6, 4], [5, 6, 36], [5, 6, 18]], "deformed(m, x0, x1, x2, padding=1)",
         {"channels": 6, "groups": 2, "bias": False, "mask": of(2), **taps}, Weights(weight=[6, 2, 3, 3]))
    case("deformable_conv", [[8, 7, 2], [5, 3, 8], [5, 3, 4]], "deformed(m, x0, x1, x2, stride=(1, 2), padding=0, dilation=(3, 2))",
         {"channels": 3, "kernel": [2, 2], "stride": [1, 2], "dilation": [3, 2], "offset": of(1), "mask": of(2)},
         Weights(weight=[3, 2, 2, 2], bias=[3]))
    # Where nothing is offset, it is a convolution.
    case("deformable_conv", [[5, 6, 4], [5, 6, 18]], "deformed(m, x0, x1, padding=1)", {"channels": 3, **taps},
         Weights(weight=[3, 4, 3, 3], bias=[3]), whole=(1,))


def windows():
    from timm.models.swin_transformer_v2 import WindowAttention, window_partition, window_reverse
    from torchvision.models.maxvit import RelativePositionalMultiHeadAttention
    from torchvision.models.swin_transformer import ShiftedWindowAttention, ShiftedWindowAttentionV2

    v2 = {"heads": 3, "cosine": True, "continuous_position_bias": True}
    for extents, window, shift, bias in [([4, 4], [2, 2], 0, True), ([7, 8], [4, 4], 2, True), ([3, 6], [3, 2], 1, False)]:
        case("attention", [[*extents, 12]], "m(x)", {**v2, "window": window, "shift": shift, "bias": bias, "out_bias": True},
             Published(ShiftedWindowAttentionV2(12, window, [shift] * 2, 3, qkv_bias=bias)))

    def parted(module, x):
        y = module(window_partition(x, (4, 4)).reshape(-1, 16, x.shape[-1]))
        return window_reverse(y.reshape(-1, 4, 4, x.shape[-1]), (4, 4), x.shape[1:3])

    case("attention", [[8, 4, 12]], "m(x)", {**v2, "window": [4, 4], "pretrained_window": [6, 8], "key_bias": False, "index_buffers": "none"},
         Published(WindowAttention(12, (4, 4), 3, pretrained_window_size=(6, 8)), parted, buffers=False))
    names = {"to_qkv.weight": "qkv.weight", "to_qkv.bias": "qkv.bias", "merge.weight": "proj.weight", "merge.bias": "proj.bias"}
    for partition in ("window", "grid"):
        def maxvit(module, x, grid=partition == "grid"):
            y, back = cut(x, (2, 2), grid)
            return back(module(y))

        case("attention", [[6, 4, 12]], "m(x)",
             {"heads": 3, "window": [2, 2], "partition": partition, "relative_position_bias": True, "index_buffers": "matrix", "scale": fl(12 ** -0.5)},
             Published(RelativePositionalMultiHeadAttention(12, 4, 4), maxvit, names))
    case("attention", [[6, 24]], "m(x)", {"heads": 4, "projections": "separate", "key_bias": False}, Language(24, 4, 4, causal=False, key_bias=False))
    bias = lambda module, x: module.get_relative_position_bias().expand(len(x), -1, -1, -1)
    case("window_position_bias", [[5, 4, 6]], "m(x)", {"heads": 3, "window": [3, 4]},
         Published(ShiftedWindowAttention(12, [3, 4], [0, 0], 3), bias, only="relative_position"))
    case("window_position_bias", [[5, 4, 6]], "m(x)", {"heads": 3, "window": [3, 4], "continuous": True},
         Published(ShiftedWindowAttentionV2(12, [3, 4], [0, 0], 3), bias, only=("cpb_mlp", "relative")))
    qkv = {"q": of(0), "k": of(1), "v": of(2)}
    image = [[6, 8, 12]] * 3
    grouped = [[6, 8, 12], [6, 8, 6], [6, 8, 6]]
    for inputs, args, options in [
        (image, {"heads": 3, "window": [3, 4]}, dict(heads=3, kv_heads=3, window=(3, 4))),
        (image, {"heads": 3, "window": [3, 4], "partition": "grid"}, dict(heads=3, kv_heads=3, window=(3, 4), grid=True)),
        ([[7, 7, 12]] * 3, {"heads": 2, "window": [4, 4], "shift": [1, 2], "scale": fl(0.3)},
         dict(heads=2, kv_heads=2, window=(4, 4), shift=(1, 2), scale=0.3)),
        (grouped, {"heads": 4, "kv_heads": 2, "window": [2, 4], "shift": 1}, dict(heads=4, kv_heads=2, window=(2, 4), shift=(1, 1))),
    ]:
        case("scaled_dot_product_attention", inputs, f"window_attention(x0, x1, x2, **{options!r})", {**qkv, **args})
    case("scaled_dot_product_attention", [*image, [3, 4, 4]],
         "window_attention(x0, x1, x2, 3, 3, (2, 2), (1, 1), mask=x3)", {**qkv, "heads": 3, "window": [2, 2], "shift": 1, "mask": of(3)})
    case("scaled_dot_product_attention", [*grouped, [4, 4, 4]],
         "window_attention(x0, x1, x2, 4, 2, (2, 2), (1, 1), mask=x3)", {**qkv, "heads": 4, "kv_heads": 2, "window": [2, 2], "shift": 1, "mask": of(3)})
    case("scaled_dot_product_attention", [*image, [3, 1, 1], [1, 4, 4]],
         "window_attention(x0, x1, x2, 3, 3, (2, 2), grid=True, cosine=True, factors=x3, mask=x4)",
         {**qkv, "heads": 3, "window": [2, 2], "partition": "grid", "cosine": True, "factors": of(3), "mask": of(4)})
    case("scaled_dot_product_attention", [[9, 12]] * 3, "window_attention(x0[:, :, None], x1[:, :, None], x2[:, :, None], 3, 3, (4, 1), (2, 0))[:, :, 0]",
         {**qkv, "heads": 3, "window": 4, "shift": 2})
    case("scaled_dot_product_attention", [[5, 12], [7, 12], [7, 12], [3]], "cosine_attention(x0, x1, x2, 3, x3)",
         {**qkv, "heads": 3, "cosine": True, "factors": of(3)})


def joined():
    case("concat", [[5, 6, 4], [3, 6, 4]], "torch.cat([x0, x1], 1)", {"axis": "height"})
    case("concat", [[5, 2, 4], [5, 1, 4], [5, 3, 4]], "torch.cat([x0, x1, x2], 2)", {"axis": "width"})
    case("concat", [[7, 8], [2, 8]], "torch.cat([x0, x1], 1)", {"axis": "length"})
    case("concat", [[2, 3, 4, 5], [1, 3, 4, 5]], "torch.cat([x0, x1], 1)", {"axis": "depth"})
    case("concat", [[9], [4]], "torch.cat([x0, x1], 1)", {"axis": "features"})
    case("sinusoidal_embedding", [[9]], "angles(x, 8, 10000.0, False, True)", {"features": 8, "interleaved": False, "cosine_first": True})
    case("sinusoidal_embedding", [[7, 3]], "angles(x + 2, 4, 100.0, True, False)", {"features": 4, "base": fl(100.0), "start": 2})
    case("sinusoidal_embedding", [[7, 8]], "x + angles(torch.arange(7.0), 8, 10000.0, True, True)", {"cosine_first": True})


def mixtures():
    x = [5, 6]
    for args, options in [
        ({}, {}),
        ({"normalize": False, "scale": fl(2.5)}, dict(normalize=False, scale=2.5)),
        ({"scores": "sigmoid", "correction_bias": True, "groups": 4, "active_groups": 2, "group_score": "top2"},
         dict(sigmoid=True, correction=True, groups=4, active_groups=2, two=True)),
        ({"groups": 4, "active_groups": 2, "normalize": False}, dict(groups=4, active_groups=2, normalize=False)),
        ({"shared_features": 7, "shared_gate": True}, dict(shared=7, shared_gate=True)),
        ({"activation": "quick_gelu", "bias": True, "router_bias": True, "interleaved": True, "transposed": True,
          "limit": fl(0.5), "up_offset": fl(1.0)},
         dict(act="quick_gelu", bias=True, router_bias=True, interleaved=True, transposed=True, limit=0.5, up_offset=1.0)),
        ({"gated": False, "activation": "relu", "bias": True}, dict(gated=False, act="relu", bias=True)),
    ]:
        case("mixture_of_experts", [x], "m(x)", {"experts": 8, "active": 3, "features": 4, **args}, Experts(6, 8, 3, 4, **options))
    case("mixture_of_experts", [[6]], "m(x[:, None])[:, 0]", {"experts": 4, "active": 1, "features": 3}, Experts(6, 4, 1, 3))
    names = ("gate_proj", "up_proj", "down_proj")
    for args, names, options in [
        ({"projections": "separate"}, names, {}),
        ({"projections": "numbered", "normalize": False}, ("w1", "w3", "w2"), dict(normalize=False)),
        ({"projections": "separate", "gated": False, "activation": "relu", "bias": True, "router_bias": True, "scores": "sigmoid",
          "correction_bias": True}, ("", *names[1:]), dict(gated=False, act="relu", bias=True, router_bias=True, sigmoid=True, correction=True)),
        ({"projections": "numbered", "gated": False, "activation": "relu"}, ("", "w1", "w2"), dict(gated=False, act="relu")),
        ({"projections": "separate", "shared_features": 5, "bias": True}, names, dict(shared=5, bias=True)),
    ]:
        case("mixture_of_experts", [x], "m(x)", {"experts": 4, "active": 2, "features": 3, **args}, Apart(6, 4, 2, 3, names, **options))
    scan = {"x": of(0), "delta": of(1), "b": of(2), "c": of(3)}
    case("selective_scan", [[7, 6], [7, 6], [7, 4], [7, 4]], "m(x0, x1, x2, x3)", scan, Scan(6, 4), positive=True)
    case("selective_scan", [[1, 6], [1, 6], [1, 4], [1, 4]], "m(x0, x1, x2, x3)", scan, Scan(6, 4), positive=True)
    case("selective_scan", [[9, 8], [9, 4], [9, 6], [9, 6]], "m(x0, x1, x2, x3)", {**scan, "heads": 4, "groups": 2},
         Scan(8, 3, heads=4, groups=2), positive=True)


def families():
    """What families of `transformers` need besides."""
    q = [6, 24]
    for kind in ("floor", "ceil", "sign"):
        case(kind, [[5, 6, 4]], f"x.{kind}()")
    case("floor", [[9]], "x.floor()", whole=(0,))
    case("sign", [[7, 8]], "x.sign()", whole=(0,))
    for kind, options in [("layer_norm", {}), ("rms_norm", {"eps": fl(1e-5)})]:
        for weights, shape in [("joined", [12]), ("separate", [3, 4])]:
            case(kind, [[7, 12]], "m(x)", {"heads": 3, "head_weights": weights, **options}, HeadNorm(3, shape, centre=kind == "layer_norm"))
    case("rms_norm", [[7, 12]], "m(x)", {"heads": 2, "head_weights": "joined", "unit_offset": True, "eps": fl(1e-6)}, HeadNorm(2, [12], one=1.0, eps=1e-6))
    case("rotary_embedding", [q, [4]], "rotary(x0, 3, factors=x1, whole=1.25)",
         {"heads": 3, "scaling": "longrope", "factors": of(1), "attention_factor": fl(1.25)}, positive=True)
    case("rotary_embedding", [q, [3]], "rotary(x0, 3, features=6, interleaved=True, factors=x1, whole=1.0)",
         {"heads": 3, "features": 6, "interleaved": True, "scaling": "longrope", "factors": of(1)}, positive=True)
    case("rotary_embedding", [q, [6]], "rotary(x0, 3, positions=x1)", {"heads": 3, "positions": of(1)})
    case("rotary_embedding", [q, [6]], "rotary(x0, 3, positions=x1, features=4, start=4, scaling='linear', factor=2.0)",
         {"heads": 3, "positions": of(1), "features": 4, "start": 4, "scaling": "linear", "factor": fl(2.0)})
    for length, args, options in [
        (12, {"entries": 16}, {}), (40, {"entries": 16, "max_distance": 32}, dict(most=32)), (9, {"entries": 9, "ahead": True}, dict(ahead=True)),
        (30, {"entries": 20, "zero": 12, "ahead": True}, dict(zero=12, ahead=True)), (50, {"entries": 64, "max_distance": 48}, dict(most=48)),
    ]:
        options = {"entries": args["entries"], **options}
        case("relative_positions", [[length, 2]], f"relative_positions({length}, {length}, **{options!r}).expand(len(x), -1, -1)", args)
    case("relative_positions", [[5], [9]], "relative_positions(5, 9, entries=6).expand(len(x0), -1, -1)", {"entries": 6, "keys": of(1)})
    for length in (1, 2, 9):
        case("linear_recurrence", [[length, 6], [length, 6]], "recurrence(x0, x1)", {"decay": of(0), "x": of(1)})
    case("mixture_of_experts", [[5, 6]], "m(x)", {"experts": 4, "active": 1, "features": 4, "scores": "sigmoid", "normalize": False, "weigh_inputs": True,
         "shared_features": 5}, Experts(6, 4, 1, 4, sigmoid=True, normalize=False, weigh_inputs=True, shared=5))


def values(shape, g, positive, ints):
    extents = [BATCH, *shape]
    if ints:
        return torch.randint(0, ints, extents, generator=g)
    if positive:
        return torch.rand(extents, generator=g) + 0.5
    # No two elements closer than a maximum could tell apart, none at a kink.
    n = math.prod(extents)
    spread = torch.erfinv((torch.arange(n) + 0.5) / n * 2 - 1) * math.sqrt(2) * 1.5 + 0.013
    return spread[torch.randperm(n, generator=g)].reshape(extents)


def run(c, xs):
    names = dict(globals(), m=c["module"], x=xs[0], **{f"x{i}": x for i, x in enumerate(xs)})
    y = eval(c["call"], names)
    return list(y) if isinstance(y, (tuple, list)) else [y]


def measured(c, id, put):
    g = torch.Generator().manual_seed(zlib.crc32(id.encode()))
    m = c["module"]
    if m is not None:
        m.randomise(g)
    ints = dict(c["ints"])
    # No element of one input is that of another.
    xs = [values(s, g, c["positive"], ints.get(i)) for i, s in enumerate(c["inputs"])]
    xs = [x + 0.0017 * i if x.is_floating_point() else x for i, x in enumerate(xs)]
    xs = [x.trunc() if i in c["whole"] else x for i, x in enumerate(xs)]
    for x, places in zip(xs, c["nan"]):
        x.view(-1)[list(places)] = math.nan
    leaves = [x.clone().requires_grad_() if x.is_floating_point() else x for x in xs]
    ys = run(c, leaves)
    rs = [torch.randn(y.shape, generator=g) for y in ys]
    total = sum((y * r).sum() for y, r in zip(ys, rs))
    tracked = total.requires_grad and not c["nan"]
    if tracked:
        total.backward()
    row = dict(file="more.safetensors", id=id, kind=c["kind"],
               definition=dict(inputs=c["inputs"], arguments=c["args"]),
               torch={"class": None, "args": {}, "call": c["call"]}, mode="eval", inputs=[], outputs=[], tensors=[])
    kind = lambda t: {torch.float32: "F32", torch.int64: "I64"}[t.dtype]
    for i, (x, leaf) in enumerate(zip(xs, leaves)):
        entry = dict(layout=LAYOUTS[x.dim() - 1], shape=list(x.shape), dtype=kind(x), key=f"{id}/input/{i}", gradient=None)
        put(entry["key"], x)
        if x.is_floating_point() and tracked:
            entry["gradient"] = f"{id}/input_gradient/{i}"
            put(entry["gradient"], leaf.grad if leaf.grad is not None else torch.zeros_like(x))
        row["inputs"].append(entry)
    for i, (y, r) in enumerate(zip(ys, rs)):
        entry = dict(layout=LAYOUTS[y.dim() - 1], shape=list(y.shape), dtype=kind(y), key=f"{id}/output/{i}", r=f"{id}/r/{i}")
        put(entry["key"], y.detach())
        put(entry["r"], r)
        row["outputs"].append(entry)
    for name, p in ([] if m is None else m.tensors()):
        buffer = not isinstance(p, nn.Parameter)
        entry = dict(name=name, shape=list(p.shape), dtype=kind(p), role="buffer" if buffer else "weight",
                     key=f"{id}/tensor/{name}", gradient=None if buffer else f"{id}/gradient/{name}")
        put(entry["key"], p.detach())
        if buffer:
            row["tensors"].append(entry)
            continue
        put(entry["gradient"], p.grad if p.grad is not None else torch.zeros_like(p))
        row["tensors"].append(entry)
    return row


def main(folder):
    cases()
    tensors, rows, counts = {}, [], {}
    for c in CASES:
        number = counts.get(c["kind"], 0)
        counts[c["kind"]] = number + 1
        put = lambda key, value: tensors.__setitem__(key, value.contiguous().clone())
        rows.append(measured(c, f"{c['kind']}.m{number}", put))
    save_file(tensors, f"{folder}/more.safetensors")
    with open(f"{folder}/more.json", "w") as f:
        lines = ",\n  ".join(json.dumps(row) for row in rows)
        f.write(f'{{"versions": {{"torch": "{torch.__version__}"}}, "layers": [\n  {lines}\n]}}\n')
    print(len(rows), "cases of", len(counts), "layers")


main(sys.argv[1])
