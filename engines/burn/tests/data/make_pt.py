"""Writes the files of `torch.save` that the tests read: needs PyTorch.

    python make_pt.py
"""
from pathlib import Path

import torch
from torch import nn

folder = Path(__file__).parent
torch.manual_seed(4)
model = nn.Sequential(
    nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU()),
    nn.Flatten(),
    nn.Linear(4 * 6 * 6, 5),
)
model.train()
for _ in range(3):
    model(torch.randn(8, 3, 8, 8))
model.eval()
names = {"0.0": "features.conv1", "0.1": "features.conv1.batch_norm", "2": "fc"}
state = {}
for name, tensor in model.state_dict().items():
    path, leaf = name.rsplit(".", 1)
    state[f"{names[path]}.{leaf}"] = tensor
torch.save(state, folder / "net.pt")
torch.save({"epoch": 3, "state_dict": state}, folder / "training.pt")
image = torch.arange(3 * 8 * 8, dtype=torch.float32).reshape(1, 3, 8, 8) / 100
with torch.no_grad():
    print(model(image).flatten().tolist())
