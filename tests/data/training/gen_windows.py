"""Attention within windows, and what it learns for distances, measured as gen_training.py does.

usage: PYTHONPATH=../../crates/numerics/data/scripts python gen_windows.py OUTDIR
Rows name the layer of the language with its arguments; inputs have their channels last.
"""
import json, sys
import torch, torch.nn as nn
from torchvision.models.maxvit import RelativePositionalMultiHeadAttention
from torchvision.models.swin_transformer import ShiftedWindowAttention, ShiftedWindowAttentionV2
from gen_training import measure
from modules_more import cut, window_attention


class Parted(nn.Module):
    """MaxViT's attention between the partition and its opposite."""

    def __init__(self, grid):
        super().__init__()
        self.attention, self.grid = RelativePositionalMultiHeadAttention(12, 4, 4), grid

    def forward(self, x):
        y, back = cut(x, (2, 2), self.grid)
        return back(self.attention(y))


class Bias(nn.Module):
    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        return self.module.get_relative_position_bias()


class Products(nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.options = options

    def forward(self, q, k, v, *more):
        return window_attention(q, k, v, **self.options, **dict(zip(["factors"], more)))


swin = {"heads": 3, "window": [2, 3], "relative_position_bias": True}
v2 = {"heads": 3, "window": [2, 3], "cosine": True, "continuous_position_bias": True}
maxvit = {"heads": 3, "window": [2, 2], "relative_position_bias": True, "index_buffers": "matrix", "scale": 12 ** -0.5}
qkv = {"q": {"input": 0}, "k": {"input": 1}, "v": {"input": 2}, "heads": 3, "window": [2, 2]}
image = [[2, 4, 6, 12]]
three = image * 3
cases = [
    ("attention", swin, ShiftedWindowAttention(12, [2, 3], [0, 0], 3), image),
    ("attention", {**swin, "shift": 1}, ShiftedWindowAttention(12, [2, 3], [1, 1], 3), [[3, 3, 5, 12]]),
    ("attention", {**swin, "dropout": 0.1}, ShiftedWindowAttention(12, [2, 3], [0, 0], 3, attention_dropout=0.1), image),
    ("attention", v2, ShiftedWindowAttentionV2(12, [2, 3], [0, 0], 3), image),
    ("attention", {**v2, "shift": 1}, ShiftedWindowAttentionV2(12, [2, 3], [1, 1], 3), [[3, 3, 5, 12]]),
    ("attention", {**v2, "shift": 1, "dropout": 0.1}, ShiftedWindowAttentionV2(12, [2, 3], [1, 1], 3, attention_dropout=0.1), image),
    ("attention", maxvit, Parted(False), image),
    ("attention", {**maxvit, "partition": "grid"}, Parted(True), image),
    ("window_position_bias", {"heads": 3, "window": [2, 3]}, Bias(ShiftedWindowAttention(12, [2, 3], [0, 0], 3)), image),
    ("window_position_bias", {"heads": 3, "window": [2, 3], "continuous": True}, Bias(ShiftedWindowAttentionV2(12, [2, 3], [0, 0], 3)), image),
    ("scaled_dot_product_attention", qkv, Products(heads=3, kv_heads=3, window=(2, 2)), three),
    ("scaled_dot_product_attention", {**qkv, "partition": "grid"}, Products(heads=3, kv_heads=3, window=(2, 2), grid=True), three),
    ("scaled_dot_product_attention", {**qkv, "shift": 1}, Products(heads=3, kv_heads=3, window=(2, 2), shift=(1, 1)), three),
    ("scaled_dot_product_attention", {**qkv, "cosine": True, "factors": {"input": 3}},
     Products(heads=3, kv_heads=3, window=(2, 2), cosine=True), [*three, [2, 3]]),
]
torch.manual_seed(7)
with open(f"{sys.argv[1]}/windows.jsonl", "w") as f:
    for i, (entry, args, module, shapes) in enumerate(cases):
        r = measure(module, [torch.randn(shape, requires_grad=True) for shape in shapes])
        f.write(json.dumps({"id": i, "entry": entry, "layer": f"{entry} within windows", "args": args, "input": shapes, **r}) + "\n")
