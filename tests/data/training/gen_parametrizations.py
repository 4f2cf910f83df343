"""Layers with weight and spectral normalisation, and frozen ones, measured as gen_training.py does.

usage: python gen_parametrizations.py OUTDIR
"""
import json, sys, warnings
import torch, torch.nn as nn, torchvision
from torch.nn.utils import parametrizations
from gen_training import measure
warnings.filterwarnings("ignore")
conv1 = ("Conv1d", dict(in_channels=6, out_channels=10, kernel_size=5), [2, 6, 20])
conv2 = ("Conv2d", dict(in_channels=4, out_channels=6, kernel_size=3, groups=2, bias=False), [3, 4, 8, 9])
up = ("ConvTranspose1d", dict(in_channels=6, out_channels=10, kernel_size=4, stride=2), [2, 6, 9])
dense = ("Linear", dict(in_features=12, out_features=7), [2, 5, 12])
forms = ("Bilinear", dict(in1_features=6, in2_features=5, out_features=4), [[3, 6], [3, 5]])
table = ("Embedding", dict(num_embeddings=11, embedding_dim=4), [2, 7])
cases = []
for layer in (conv1, up):
    for norm in (dict(dim=0), dict(dim=1), dict(dim=2), dict(dim=None), dict(dim=2, old=True)):
        cases.append((*layer, "weight_norm", norm))
cases += [(*conv2, "weight_norm", dict(dim=2)), (*conv2, "weight_norm", dict(dim=3)),
          (*dense, "weight_norm", dict(dim=0)), (*dense, "weight_norm", dict(dim=1)), (*dense, "weight_norm", dict(dim=None)),
          (*forms, "weight_norm", dict(dim=0)), (*forms, "weight_norm", dict(dim=1)),
          (*table, "weight_norm", dict(dim=0)), (*table, "weight_norm", dict(dim=1))]
for layer in (conv1, conv2, up, dense, forms, table):
    cases += [(*layer, "spectral_norm", {}), (*layer, "spectral_norm", dict(old=True))]
with open(f"{sys.argv[1]}/parametrized_layers.jsonl", "w") as f:
    for i, (cls, args, shape, norm, options) in enumerate(cases):
        torch.manual_seed(5)
        old = options.pop("old", False)
        by = getattr(nn.utils if old else parametrizations, norm)
        module = by(getattr(nn, cls)(**args), **options)
        shapes = shape if isinstance(shape[0], list) else [shape]
        xs = [torch.randint(0, 11, s) if cls == "Embedding" else torch.randn(s, requires_grad=True) for s in shapes]
        args = {**args, "norm": norm, "old_names": old}
        if options:
            args["dim"] = "all" if options["dim"] is None else options["dim"]
        f.write(json.dumps({"id": i, "layer": cls, "args": args, "input": shape, **measure(module, xs)}) + "\n")
    for shape in ([2, 6, 5, 7], [3, 4, 9, 8]):
        row = measure(torchvision.ops.FrozenBatchNorm2d(shape[1]), [torch.randn(shape, requires_grad=True)])
        f.write(json.dumps({"id": shape[1], "layer": "FrozenBatchNorm2d", "args": {"num_features": shape[1]}, "input": shape, **row}) + "\n")
