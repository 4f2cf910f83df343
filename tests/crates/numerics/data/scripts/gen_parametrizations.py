"""Writes golden numbers of layers with weight and spectral normalisation, and of frozen ones: `python gen_parametrizations.py FOLDER`.

`parametrizations.json` and `parametrizations.safetensors` have the form of `index.json` and its files.
The layers are PyTorch's own, with its `parametrizations` and with the older functions of `torch.nn.utils`.
"""

import json
import sys
import warnings
import zlib

import torch
import torch.nn as nn
from safetensors.torch import save_file
from torch.nn.utils import parametrizations
from torchvision.ops import FrozenBatchNorm2d

warnings.filterwarnings("ignore", category=FutureWarning)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
BATCH = 3
LAYOUTS = {1: "NC", 2: "NLC", 3: "NHWC", 4: "NDHWC"}


def cases():
    """The kind, shapes in the notation, arguments, the module, what makes its weight, its mode."""
    weight, spectral = parametrizations.weight_norm, parametrizations.spectral_norm
    old_weight, old_spectral = nn.utils.weight_norm, nn.utils.spectral_norm
    sequence, image, volume, vector = [8, 4], [6, 5, 3], [3, 4, 3, 2], [7]
    one = {"channels": 6, "kernel": [3], "padding": 1}
    two = {"channels": 4, "kernel": [3, 3]}
    on = {"weight_norm": True}
    yield "conv", [sequence], {**one, **on}, nn.Conv1d(4, 6, 3, padding=1), weight, {}, "eval"
    for axis in (1, 2):
        yield "conv", [sequence], {**one, **on, "norm_dim": axis}, nn.Conv1d(4, 6, 3, padding=1), weight, dict(dim=axis), "eval"
    yield "conv", [sequence], {**one, **on, "norm_dim": "all"}, nn.Conv1d(4, 6, 3, padding=1), weight, dict(dim=None), "eval"
    yield "conv", [sequence], {**one, **on, "old_names": True}, nn.Conv1d(4, 6, 3, padding=1), old_weight, {}, "eval"
    yield "conv", [[9, 4]], {"channels": 8, "kernel": [4], "groups": 2, "bias": False, **on, "norm_dim": 2, "old_names": True}, \
        nn.Conv1d(4, 8, 4, groups=2, bias=False), old_weight, dict(dim=2), "eval"
    yield "conv", [image], {**two, **on}, nn.Conv2d(3, 4, 3), weight, {}, "train"
    yield "conv", [volume], {"channels": 3, "kernel": [2, 2, 2], **on, "norm_dim": 3}, nn.Conv3d(2, 3, 2), weight, dict(dim=3), "eval"
    yield "depthwise_conv", [image], {"kernel": [3, 3], **on}, nn.Conv2d(3, 3, 3, groups=3), weight, {}, "eval"
    yield "depthwise_conv", [image], {"kernel": [3, 3], "multiplier": 2, "spectral_norm": True}, nn.Conv2d(3, 6, 3, groups=3), spectral, {}, "train"
    up = {"channels": 5, "kernel": [4], "stride": 2, "padding": 1}
    yield "conv_transpose", [sequence], {**up, **on}, nn.ConvTranspose1d(4, 5, 4, 2, 1), weight, {}, "eval"
    yield "conv_transpose", [sequence], {**up, **on, "norm_dim": 1, "old_names": True}, nn.ConvTranspose1d(4, 5, 4, 2, 1), old_weight, dict(dim=1), "eval"
    for mode in ("eval", "train"):
        yield "conv_transpose", [sequence], {**up, "spectral_norm": True}, nn.ConvTranspose1d(4, 5, 4, 2, 1), spectral, {}, mode
        yield "conv_transpose", [image], {"channels": 4, "kernel": [2, 2], "spectral_norm": True, "norm_dim": 0}, \
            nn.ConvTranspose2d(3, 4, 2), spectral, dict(dim=0), mode
        yield "conv", [image], {**two, "spectral_norm": True}, nn.Conv2d(3, 4, 3), spectral, {}, mode
        yield "conv", [image], {**two, "spectral_norm": True, "old_names": True}, nn.Conv2d(3, 4, 3), old_spectral, {}, mode
        yield "conv", [sequence], {**one, "spectral_norm": True, "norm_dim": 1, "power_iterations": 3}, \
            nn.Conv1d(4, 6, 3, padding=1), spectral, dict(dim=1, n_power_iterations=3), mode
        yield "linear", [vector], {"features": 5, "spectral_norm": True}, nn.Linear(7, 5), spectral, {}, mode
        yield "linear", [sequence], {"features": 5, "spectral_norm": True, "old_names": True, "power_iterations": 2}, \
            nn.Linear(4, 5), old_spectral, dict(n_power_iterations=2), mode
    yield "linear", [vector], {"features": 5, **on}, nn.Linear(7, 5), weight, {}, "eval"
    yield "linear", [sequence], {"features": 5, "bias": False, **on, "norm_dim": "all", "old_names": True}, \
        nn.Linear(4, 5, bias=False), old_weight, dict(dim=None), "eval"
    yield "linear", [sequence], {"features": 5, **on, "norm_dim": 1}, nn.Linear(4, 5), weight, dict(dim=1), "eval"
    yield "bilinear", [vector, [4]], {"features": 5, "other": {"input": 1}, **on}, nn.Bilinear(7, 4, 5), weight, {}, "eval"
    yield "bilinear", [vector, [4]], {"features": 5, "other": {"input": 1}, "spectral_norm": True}, nn.Bilinear(7, 4, 5), spectral, {}, "train"
    yield "embedding", [[6]], {"entries": 9, "features": 4, **on}, nn.Embedding(9, 4), weight, {}, "eval"
    yield "embedding", [[6]], {"entries": 9, "features": 4, "spectral_norm": True}, nn.Embedding(9, 4), spectral, {}, "train"
    for mode in ("eval", "train"):
        yield "batch_norm", [image], {"frozen": True, "eps": {"float": 0.01}}, FrozenBatchNorm2d(3, eps=0.01), lambda m: m, {}, mode


def values(shape, g, entries):
    if entries:
        return torch.randint(0, entries, [BATCH, *shape], generator=g)
    return torch.randn([BATCH, *shape], generator=g)


def measured(kind, id, shapes, args, module, by, options, mode, put):
    g = torch.Generator().manual_seed(zlib.crc32(id.encode()))
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.randn(p.shape, generator=g) * (0.5 if p.dim() == 1 else 1 / p[0].numel() ** 0.5))
        for name, b in module.named_buffers():
            b.copy_(torch.rand(b.shape, generator=g) + 0.5 if name.endswith(("weight", "var")) else torch.randn(b.shape, generator=g))
    torch.manual_seed(zlib.crc32(id.encode()))
    m = by(module, **options)
    with torch.no_grad():
        for name, p in m.named_parameters():
            if name.endswith("original0") or name.endswith("weight_g"):
                p.copy_(p * (1 + 0.3 * torch.randn(p.shape, generator=g)))
            elif not name.endswith("bias"):
                # What spectral norm begins with belongs to another weight: not the singular vectors.
                p.copy_(p + 0.1 * torch.randn(p.shape, generator=g))
    m.train(mode == "train")
    xs = [values(s, g, args.get("entries") if kind == "embedding" else None) for s in shapes]
    leaves = [x.clone().requires_grad_() if x.is_floating_point() else x for x in xs]
    put_tensors = {name: (t.detach().clone(), t.requires_grad) for name, t in m.state_dict(keep_vars=True).items()}
    first = lambda x: x.movedim(-1, 1) if "conv" in kind or "batch" in kind else x
    last = lambda y: y.movedim(1, -1) if "conv" in kind or "batch" in kind else y
    y = last(m(*map(first, leaves)))
    r = torch.randn(y.shape, generator=g)
    (y * r).sum().backward()
    after = {name: t.detach().clone() for name, t in m.named_buffers()}
    grads = {name: p.grad for name, p in m.named_parameters()}
    row = dict(file="parametrizations.safetensors", id=id, kind=kind, definition=dict(inputs=shapes, arguments=args),
               torch={"class": f"torch.nn.{type(module).__name__}", "args": {}, "call": f"{by.__module__}.{by.__name__}" if by.__name__ != "<lambda>" else "m(x0)"},
               mode=mode, inputs=[], outputs=[], tensors=[])
    types = {torch.float32: "F32", torch.int64: "I64"}
    for i, (x, leaf) in enumerate(zip(xs, leaves)):
        entry = dict(layout=LAYOUTS[x.dim() - 1], shape=list(x.shape), dtype=types[x.dtype], key=f"{id}/input/{i}", gradient=None)
        put(entry["key"], x)
        if leaf.requires_grad:
            entry["gradient"] = f"{id}/input_gradient/{i}"
            put(entry["gradient"], leaf.grad)
        row["inputs"].append(entry)
    entry = dict(layout=LAYOUTS[y.dim() - 1], shape=list(y.shape), dtype="F32", key=f"{id}/output/0", r=f"{id}/r/0")
    put(entry["key"], y.detach())
    put(entry["r"], r)
    row["outputs"].append(entry)
    for name, (t, learned) in put_tensors.items():
        entry = dict(name=name, shape=list(t.shape), dtype="F32", role="weight" if learned else "buffer", key=f"{id}/tensor/{name}",
                     gradient=f"{id}/gradient/{name}" if learned else None)
        put(entry["key"], t)
        if learned:
            put(entry["gradient"], grads[name])
        row["tensors"].append(entry)
    if mode == "train":
        row["after"] = [dict(name=name, shape=list(t.shape), dtype="F32", key=f"{id}/after/{name}") for name, t in after.items()]
        for name, t in after.items():
            put(f"{id}/after/{name}", t)
    return row


def main(folder):
    tensors, rows, counts = {}, [], {}
    for kind, *rest in cases():
        number = counts.get(kind, 0)
        counts[kind] = number + 1
        put = lambda key, value: tensors.__setitem__(key, value.detach().contiguous().clone())
        rows.append(measured(kind, f"{kind}.p{number}", *rest, put))
    save_file(tensors, f"{folder}/parametrizations.safetensors")
    with open(f"{folder}/parametrizations.json", "w") as f:
        lines = ",\n  ".join(json.dumps(row) for row in rows)
        f.write(f'{{"versions": {{"torch": "{torch.__version__}"}}, "layers": [\n  {lines}\n]}}\n')
    print(len(rows), "cases of", len(counts), "layers")


main(sys.argv[1])
