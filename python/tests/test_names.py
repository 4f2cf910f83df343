"""Names that the language would read otherwise, or not at all: outputs stay those of the model."""

from collections import OrderedDict

import pytest
import torch
import torch.nn.functional as F
from shapewise import NetworkError, to_network
from torch import nn


def linear():
    return nn.Linear(8, 8)


class Inner(nn.Module):
    """Reads a value of around, which is called as a module in here."""

    def __init__(self):
        super().__init__()
        self.a = linear()
        self.b = linear()

    def forward(self, x, around):
        return self.b(torch.tanh(self.a(x))) + around


class Shadow(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = linear()
        self.first = Inner()
        self.second = Inner()

    def forward(self, x):
        y = self.a(x)
        return self.second(self.first(torch.tanh(y), y), y)


class Late(nn.Module):
    """What is calculated last is not what comes out, which is called as the output is."""

    def __init__(self):
        super().__init__()
        self.logits = linear()
        self.unread = linear()

    def forward(self, x):
        y = self.logits(x)
        self.unread(y)
        return y


class Odd(nn.Module):
    """Names that are no labels."""

    def __init__(self, names):
        super().__init__()
        for name in names:
            self.add_module(name, linear())

    def forward(self, x):
        for module in self.children():
            x = torch.tanh(module(x))
        return x


class Keywords(nn.Module):
    """Modules that are called as the keywords of arguments."""

    def __init__(self):
        super().__init__()
        for name in ("half_", "channels", "bilinear", "height"):
            self.add_module(name, nn.Conv2d(3, 3, 3, padding=1))
        self._modules["half"] = self._modules.pop("half_")

    def forward(self, x):
        a = self._modules["half"](x)
        b = self.channels(a)
        c = F.softmax(a + b, 1) + F.softmax(self.bilinear(b), 2)
        return F.interpolate(self.height(c), scale_factor=2, mode="bilinear")


class Results(nn.Module):
    """Outputs whose names are labels, of other values or of none; one stands in a group, one enters."""

    def __init__(self):
        super().__init__()
        self.a = linear()
        self.b = linear()
        self.o = nn.ModuleList([linear(), linear()])

    def forward(self, x):
        y = self.a(x)
        return {"b": y, "a": self.b(y), "fn": torch.relu(y), "params": y * 2, "p0": self.o[0](y), "p1": self.o[1](y), "same": x}


class Again(nn.Module):
    """A module of two layers, called twice."""

    def __init__(self):
        super().__init__()
        self.b = nn.Sequential(OrderedDict(a=nn.Linear(8, 8, bias=False), b=nn.Linear(8, 8, bias=False)))

    def forward(self, x):
        return self.b(torch.relu(self.b(x)))


class Arguments(nn.Module):
    """Arguments that are written with their names, or are unusual numbers."""

    def __init__(self):
        super().__init__()
        self.a = linear()
        self.norm = nn.LayerNorm(8, eps=1e-12)

    def forward(self, x):
        x = F.celu(F.elu(F.leaky_relu(self.norm(self.a(x)), -0.1), 2.0), 0.5)
        x = F.softplus(x * -1.0, 2, 10).clamp(-1, 1) * 1e-9 + 3
        return F.hardtanh(F.threshold(x, 0.1, 20), -2, 5) ** 3 / 7


class Number(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 1)

    def forward(self, x):
        return self.a(x).squeeze(-1)


def test_outputs_are_those_of_the_model(computed):
    clash = nn.Sequential(OrderedDict(features=nn.Sequential(OrderedDict(conv1=linear(), act=nn.ReLU(), conv2=linear())), features_conv1=linear()))
    x = torch.randn(2, 8)
    wrong = computed(
        {
            "shadow": (Shadow(), [x]),
            "late": (Late(), [x]),
            "odd": (Odd(["A1", "a-b", "with space", "fn", "params", "_", "from", "residual", "let"]), [x]),
            "keywords": (Keywords(), [torch.randn(2, 3, 8, 8)]),
            "clash": (clash, [x]),
            "results": (Results(), [x]),
            "again": (Again(), [x]),
            "arguments": (Arguments(), [x]),
            "number": (Number(), [x]),
            "nothing": (nn.Identity(), [x]),
        }
    )
    assert not wrong, wrong


class Both(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(5, 1)
        self.e = nn.Embedding(10, 5)

    def forward(self, x):
        return self.a(x.float()) + self.e(x).mean(1)


@pytest.mark.parametrize(
    ("model", "given", "message"),
    [
        (Odd(["{i}"]), (8,), r"`\{i\}` \(Linear\): the name has a brace"),
        (Both(), ((5,), torch.int64), r"`e` \(Embedding\): embedding takes as indices an input that `a` \(Linear\)"),
        (nn.ReLU(), (2, 3, 4, 5, 6, 7), r"an input of 2x3x4x5x6x7: the language has 1 to 5 axes"),
        (nn.Sequential(nn.ReLU(), nn.Unflatten(1, (1, 2, 2, 1, 1, 2)), nn.ReLU(), nn.Softmax(3)), (8,), r"`.` \(\w+\)"),
    ],
)
def test_what_the_language_would_refuse_is_an_error(model, given, message):
    with pytest.raises(NetworkError, match=message):
        print(to_network(model, [given]))


class Response(nn.Module):
    """ConvNeXt's second normalisation, by the norm of each channel; a scale and a bias in one."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1, 1, 8))
        self.bias = nn.Parameter(torch.zeros(1, 1, 8))

    def forward(self, x):
        length = x.norm(p=2, dim=1, keepdim=True)
        x = x * (length / (length.mean(dim=-1, keepdim=True) + 1e-6))
        return torch.addcmul(self.bias, self.weight, x)


class Ensemble(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = nn.ModuleList([linear(), linear()])

    def forward(self, x):
        return torch.mean(torch.stack([head(x) for head in self.heads], dim=0), dim=0)


class Products(nn.Module):
    """A product of matrices for each head, without a softmax."""

    def forward(self, q, k):
        q, k = (x.unflatten(-1, (2, 4)).transpose(1, 2) for x in (q, k))
        return (q @ k.transpose(-2, -1) @ k).transpose(1, 2).flatten(2)


def test_functions_that_are_several_layers(computed):
    x = torch.randn(2, 5, 8)
    wrong = computed({"response": (Response(), [x]), "ensemble": (Ensemble(), [x[:, 0]]), "products": (Products(), [x, x + 1])})
    assert not wrong, wrong
