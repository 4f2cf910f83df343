"""Parameters that are calculated with, or read more than once: values of the network."""

import shapewise
import torch
import torch.nn.functional as F
from torch import nn


class Parts(nn.Module):
    """A table of positions in two parts, one of them resized."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 4, 4)
        self.cls = nn.Parameter(torch.randn(1, 1, 8))
        self.pos = nn.Parameter(torch.randn(1, 10, 8))
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = self.patch(x)
        grid = self.pos[:, 1:].reshape(1, 3, 3, 8).permute(0, 3, 1, 2)
        grid = F.interpolate(grid, size=x.shape[-2:], mode="bilinear")
        x = (x + grid).flatten(2).transpose(1, 2)
        cls = (self.cls + self.pos[:, :1]).expand(x.shape[0], -1, -1)
        return self.fc(torch.cat([cls, x], 1).mean(1))


class Again(nn.Module):
    """A token that stands before the sequence, and is added to what comes of it."""

    def __init__(self):
        super().__init__()
        self.token = nn.Parameter(torch.randn(1, 1, 8))
        self.attn = nn.MultiheadAttention(8, 2, batch_first=True)
        self.scale = nn.Parameter(torch.ones(8))

    def forward(self, x):
        token = self.token.expand(x.shape[0], -1, -1)
        both = torch.cat([token, x], 1)
        token = token + self.scale * self.attn(both[:, :1], both, both)[0]
        return (token + self.scale)[:, 0]


class Pooled(nn.Module):
    """A learned query of attention, and a matrix stored for a product from the right."""

    def __init__(self):
        super().__init__()
        self.probe = nn.Parameter(torch.randn(1, 1, 8))
        self.attn = nn.MultiheadAttention(8, 2, batch_first=True)
        self.out = nn.Parameter(torch.randn(8, 3))

    def forward(self, x):
        probe = self.probe.repeat(x.shape[0], 1, 1)
        return self.attn(probe, x, x)[0][:, 0] @ self.out


def test_what_is_calculated_with_parameters_is_what_pytorch_calculates(computed):
    sequence = torch.randn(2, 6, 8, generator=torch.Generator().manual_seed(0))
    image = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    wrong = computed({"parts": (Parts(), [image]), "again": (Again(), [sequence]), "pooled": (Pooled(), [sequence])})
    assert not wrong, wrong


class Named(nn.Module):
    """Outputs that are called by numbers, and one of four axes with its channels first."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, 2, 1)

    def forward(self, x):
        x = self.conv(x)
        y = x.flatten(2).transpose(1, 2)
        return {"0": x, "1": y.reshape(x.shape[0], *x.shape[2:], -1).permute(0, 3, 1, 2).contiguous()}


def test_outputs_called_by_numbers_have_names(computed):
    assert "output_0" in shapewise.to_network(Named(), (3, 8, 8))
    wrong = computed({"named": (Named(), [torch.randn(2, 3, 8, 8)])})
    assert not wrong, wrong
