"""rustc agrees: parameters, MACs, and every tensor's name and shape."""

import torch
import torch.nn.functional as F
from shapewise import to_network
from torch import nn

from test_source import LeNet5


class Tied(nn.Module):
    """An embedding whose weight is the last layer's, too."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(50, 16)
        self.out = nn.Linear(16, 50, bias=False)
        self.out.weight = self.words.weight

    def forward(self, x):
        return self.out(self.words(x))


class Nested(nn.Module):
    """Sequentials in Sequentials, a ModuleList in a loop, functions with parameters of their own."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU()), nn.Sequential(nn.BatchNorm2d(8)))
        self.layers = nn.ModuleList([nn.Conv2d(8, 8, 3, padding=1) for _ in range(3)])
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        x = self.body(x)
        for layer in self.layers:
            x = x + F.relu(layer(x))
        x = F.dropout(x.mean([2, 3]), 0.3, self.training)
        return self.head(x.view(x.size(0), -1))


class Twice(nn.Module):
    """One module, called twice."""

    def __init__(self):
        super().__init__()
        self.mix = nn.Linear(8, 8, bias=False)

    def forward(self, x):
        return self.mix(torch.relu(self.mix(x)))


class Siamese(nn.Module):
    """One module with biases and statistics, called with both inputs: a network that shares all of its weights."""

    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.fc = nn.Linear(16, 1)

    def forward(self, a, b):
        return self.fc(torch.cat([self.enc(a), self.enc(b)], -1))


class Recurring(nn.Module):
    """Steps that are the same modules each time, one with two inputs and two results."""

    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(8)
        self.mix = Pair()
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        state = x
        for _ in range(3):
            x, state = self.mix(self.norm(x), state)
        return self.head(x + state)


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(8, 8)
        self.two = nn.Linear(8, 8)

    def forward(self, x, state):
        state = torch.tanh(self.one(x) + self.two(state))
        return x * state, state


def test_models_compile_with_equal_figures(rustc):
    models = {
        "lenet": (LeNet5(), ((1, 32, 32), torch.float32)),
        "nested": (Nested(), ((3, 16, 16), torch.float32)),
        "tied": (Tied(), ((12,), torch.int64)),
        "twice": (Twice(), ((8,), torch.float32)),
        "siamese": (Siamese(), *[((3, 16, 16), torch.float32)] * 2),
        "recurring": (Recurring(), ((5, 8), torch.float32)),
    }
    sources = {name: to_network(model, given, name="Net") for name, (model, *given) in models.items()}
    states = {name: dict(model.named_parameters()) | dict(model.named_buffers()) for name, (model, *_) in models.items()}
    found = rustc(sources, states)
    for name, _ in models.items():
        assert found[name].endswith(" tensors"), found[name]
