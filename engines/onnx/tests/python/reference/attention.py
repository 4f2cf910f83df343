"""Attention, head by head."""

import itertools
import math

import numpy as np

from .activation import gelu, softmax
from .normalisation import normalised


def heads_of(q, k, v, heads, kv_heads, added=None, scale=None, cosine=False, factors=None):
    """Of one sample: (positions, features) each."""
    d, dv = q.shape[1] // heads, v.shape[1] // kv_heads
    results = []
    for head in range(heads):
        shared = head // (heads // kv_heads)
        one = q[:, head * d : (head + 1) * d]
        key = k[:, shared * d : (shared + 1) * d]
        value = v[:, shared * dv : (shared + 1) * dv]
        if cosine:
            one, key = (x / np.maximum(np.sqrt((x * x).sum(1, keepdims=True)), 1e-12) for x in (one, key))
        scores = one @ key.T * (scale if scale is not None else 1 if cosine else 1 / math.sqrt(d))
        if factors is not None:
            scores = scores * factors[head]
        if added is not None:
            scores = scores + added[head]
        results.append(softmax(scores, 1) @ value)
    return np.concatenate(results, axis=1)


def causal(queries, keys, more=0):
    mask = np.zeros((queries, keys + more))
    for i, j in itertools.product(range(queries), range(keys)):
        if j > i:
            mask[i, j] = -np.inf
    return mask


def dot_product(inputs, args, _):
    q, k, v = (inputs[args[name]] for name in "qkv")
    heads = args["heads"]
    kv_heads = args["kv_heads"] or heads
    whole = lambda name: inputs[args[name]].reshape(len(q), heads, -1) if args.get(name) is not None else [None] * len(q)
    results = []
    for n, factors in enumerate(whole("factors")):
        mask = inputs[args["mask"]][n] if args.get("mask") is not None else None
        if mask is not None:
            mask = np.broadcast_to(mask, (heads, *mask.shape[-2:]))
        factors = None if factors is None else factors[:, 0]
        own = dict(scale=args.get("scale"), cosine=args.get("cosine"), factors=factors)

        def attend(rows, added):
            features = np.cumsum([q.shape[-1], k.shape[-1]])
            added = added if mask is None else mask if added is None else added + mask
            return heads_of(*np.split(rows, features, axis=1), heads, kv_heads, added, **own)

        if args.get("window") is not None:
            rows = np.concatenate([q[n], k[n], v[n]], axis=-1)
            results.append(windows(rows, args, heads * v.shape[-1] // kv_heads, None, attend))
            continue
        added = [causal(q.shape[1], k.shape[1])] * heads if args["causal"] else mask
        results.append(heads_of(q[n], k[n], v[n], heads, kv_heads, added, **own))
    return np.stack(results)


def projections(args, tensors, features):
    heads = args["heads"]
    kv_heads = args.get("kv_heads") or heads
    d = args.get("head_dim") or features // heads
    dv = args.get("value_dim") or d
    rows = [heads * d, kv_heads * d, kv_heads * dv]
    cuts = [rows[0], rows[0] + rows[1]]
    packed = tensors.get("in_proj_weight", tensors.get("qkv.weight"))
    if packed is not None:
        weights = np.split(packed, cuts)
    else:
        weights = [tensors[f"{name}_proj_weight"] for name in "qkv"]
    bias = tensors.get("in_proj_bias", tensors.get("qkv.bias"))
    biases = [0.0] * 3 if bias is None else np.split(bias, cuts)
    if "q_bias" in tensors:
        biases = [tensors["q_bias"], 0.0, tensors["v_bias"]]
    if args.get("cosine"):
        biases[1] = 0.0
    return heads, kv_heads, weights, biases


def projected_out(y, tensors):
    weight = tensors.get("out_proj.weight", tensors.get("proj.weight"))
    bias = tensors.get("out_proj.bias", tensors.get("proj.bias", 0.0))
    return y @ weight.T + bias


def attend(sources, args, tensors, added=None):
    """Of one sample."""
    heads, kv_heads, weights, biases = projections(args, tensors, sources[0].shape[1])
    q, k, v = (x @ w.T + b for x, w, b in zip(sources, weights, biases))
    more = 0
    if args.get("add_bias_kv"):
        k, v = np.vstack([k, tensors["bias_k"][0]]), np.vstack([v, tensors["bias_v"][0]])
        more += 1
    if args.get("add_zero_attn"):
        k, v = (np.vstack([x, np.zeros((1, x.shape[1]))]) for x in (k, v))
        more += 1
    if args.get("causal"):
        added = [causal(len(q), len(sources[1]), more)] * heads
    factors = np.exp(np.minimum(tensors["logit_scale"], math.log(100)))[:, 0, 0] if args.get("cosine") else None
    own = dict(scale=args.get("scale"), cosine=args.get("cosine"), factors=factors)
    return projected_out(heads_of(q, k, v, heads, kv_heads, added, **own), tensors)


def attention(inputs, args, tensors):
    if args["window"] is not None:
        return np.stack([windowed(x, args, tensors) for x in inputs[0]])
    key = inputs[args["memory"]] if args["memory"] is not None else inputs[0]
    value = inputs[args["value"]] if args["value"] is not None else key
    return np.stack([attend(one, args, tensors) for one in zip(inputs[0], key, value)])


def windowed(x, args, tensors):
    """One sample."""
    axes = x.ndim - 1
    size = [args["window"]] * axes if isinstance(args["window"], int) else list(args["window"])
    bias = None
    if args["relative_position_bias"]:
        bias = tensors["relative_position_bias_table"]
    if args.get("continuous_position_bias"):
        bias = distances(size, args, tensors)
    features = args.get("features") or x.shape[-1]
    return windows(x, args, features, bias, lambda rows, added: attend([rows] * 3, args, tensors, added))


def distances(size, args, tensors):
    """A row for each distance of two positions, as two linear layers make it."""
    scale = args.get("pretrained_window") or size
    scale = [scale] * len(size) if isinstance(scale, int) else scale
    rows = []
    for place in itertools.product(*(range(-s + 1, s) for s in size)):
        shares = np.array([8 * p / max(s - 1, 1) for p, s in zip(place, scale)])
        rows.append(np.sign(shares) * np.log2(np.abs(shares) + 1) / 3)
    hidden = np.maximum(np.array(rows) @ tensors["cpb_mlp.0.weight"].T + tensors["cpb_mlp.0.bias"], 0)
    return 16 / (1 + np.exp(-hidden @ tensors["cpb_mlp.2.weight"].T))


def window_position_bias(inputs, args, tensors):
    axes = inputs[0].ndim - 2
    size = [args["window"]] * axes if isinstance(args["window"], int) else list(args["window"])
    table = distances(size, args, tensors) if args["continuous"] else tensors["relative_position_bias_table"]
    positions = math.prod(size)
    rows = [[table[entry(size, i, j)] for j in range(positions)] for i in range(positions)]
    bias = np.array(rows).transpose(2, 0, 1)
    return np.broadcast_to(bias, (len(inputs[0]), *bias.shape))


def windows(x, args, features, table, attend):
    """One sample; position by position, as torchvision's masks have it."""
    spatial = x.shape[:-1]
    axes = len(spatial)
    listed = lambda value: [value] * axes if isinstance(value, int) else list(value)
    size, shift = listed(args["window"]), listed(args["shift"])
    used = list(size)
    if axes == 3:
        used = [min(s, extent) for s, extent in zip(size, spatial)]
    padded = [-(-extent // u) * u for extent, u in zip(spatial, used)]
    shift = [0 if u >= p else s for s, u, p in zip(shift, used, padded)]
    whole = np.zeros((*padded, x.shape[-1]))
    whole[tuple(slice(extent) for extent in spatial)] = x
    y = np.zeros((*padded, features))
    heads = args["heads"]
    grid = args.get("partition") == "grid"
    for window in itertools.product(*(range(p // u) for p, u in zip(padded, used))):
        # Where the window's positions are before the shift, and their regions.
        inside = list(itertools.product(*map(range, used)))
        moved = [[i * (p // u) + w if grid else w * u + i for w, u, p, i in zip(window, used, padded, at)] for at in inside]
        origin = [
            tuple((m + s) % p for m, s, p in zip(place, shift, padded)) for place in moved
        ]
        regions = [
            [0 if s == 0 or m < p - u else 1 if m < p - s else 2
             for m, s, p, u in zip(place, shift, padded, used)]
            for place in moved
        ]
        added = np.zeros((heads, len(inside), len(inside)))
        for i, j in itertools.product(range(len(inside)), repeat=2):
            if regions[i] != regions[j]:
                added[:, i, j] -= 100
            if table is not None:
                added[:, i, j] += table[entry(size, i, j)]
        rows = np.stack([whole[place] for place in origin])
        for place, row in zip(origin, attend(rows, added)):
            y[place] = row
    return y[tuple(slice(extent) for extent in spatial)]


def entry(size, i, j):
    """The row of the table for two positions of the whole window."""
    places = list(itertools.product(*map(range, size)))
    index = 0
    for s, a, b in zip(size, places[i], places[j]):
        index = index * (2 * s - 1) + a - b + s - 1
    return index


def transformer(inputs, args, tensors):
    x = inputs[0]
    memory = inputs[args["memory"]] if args.get("memory") is not None else None
    for layer in range(args["layers"] or 1):
        prefix = f"layers.{layer}." if args["layers"] is not None else ""
        own = {
            name[len(prefix) :]: tensor
            for name, tensor in tensors.items()
            if name.startswith(prefix)
        }
        x = np.stack(
            [
                block(x[sample], None if memory is None else memory[sample], args, own)
                for sample in range(x.shape[0])
            ]
        )
    return x


def block(x, memory, args, tensors):
    def norm(index, value):
        y = normalised(value, -1, args["layer_norm_eps"]) * tensors[f"norm{index}.weight"]
        return y + tensors.get(f"norm{index}.bias", 0.0)

    def part(name):
        start = name + "."
        return {key[len(start) :]: tensors[key] for key in tensors if key.startswith(start)}

    def forward(value):
        value = value @ tensors["linear1.weight"].T + tensors.get("linear1.bias", 0.0)
        value = gelu(value) if args["activation"] == "gelu" else np.maximum(value, 0)
        return value @ tensors["linear2.weight"].T + tensors.get("linear2.bias", 0.0)

    own = {"heads": args["heads"], "causal": args["causal"]}
    cross = {"heads": args["heads"]}
    parts = [lambda value: attend([value] * 3, own, part("self_attn"))]
    if memory is not None:
        parts.append(lambda value: attend([value, memory, memory], cross, part("multihead_attn")))
    parts.append(forward)
    for index, function in enumerate(parts, 1):
        if args["norm_first"]:
            x = x + function(norm(index, x))
        else:
            x = norm(index, x + function(x))
    return x


LAYERS = {
    "attention": attention,
    "window_position_bias": window_position_bias,
    "scaled_dot_product_attention": dot_product,
    "transformer_encoder": transformer,
    "transformer_decoder": transformer,
}
