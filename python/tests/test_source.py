"""What small modules look like as source."""

import pytest
import torch
import torch.nn.functional as F
from shapewise import NetworkError, to_network
from torch import nn


def body(model, shape, **kwargs):
    """The statements, without the wrapping and the asserts."""
    text = to_network(model, shape, name="Net", **kwargs)
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if "pub struct" in line)
    end = next(i for i, line in enumerate(lines) if "assert params" in line)
    return [" ".join(line.split()) for line in lines[start + 1 : end - 1]]


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.max_pool2d(torch.tanh(self.conv2(x)), 2)
        x = x.view(-1, 400)
        x = torch.tanh(self.fc1(x))
        return self.fc3(torch.tanh(self.fc2(x)))


def test_a_chain_reads_as_a_chain():
    assert body(LeNet5(), (1, 32, 32)) == [
        "conv1: conv(6, 5x5), tanh => 28x28x6;",
        "max_pool(2x2) => 14x14x6;",
        "conv2: conv(16, 5x5), tanh => 10x10x16;",
        "max_pool(2x2), flatten => 400;",
        "fc1: linear(120), tanh => 120;",
        "fc2: linear(84), tanh => 84;",
        "fc3: linear(10) => 10;",
    ]


def test_the_figures_are_asserted():
    text = to_network(LeNet5(), (1, 32, 32))
    assert "pub struct LeNet5(image: 32x32x1) -> (logits: 10) {" in text
    assert "assert params == 61_706;" in text or "assert params == 61706;" in text
    assert "assert macs ==" in text


class Odd(nn.Module):
    def forward(self, x):
        return torch.fft.rfft(x).real


def test_what_cannot_be_said_is_an_error_with_its_place():
    model = nn.Sequential(nn.Linear(8, 8), Odd())
    with pytest.raises(NetworkError, match=r"`1` \(Odd\): .*fft.*\n  at .*test_source\.py:\d+"):
        to_network(model, (8,))


class Depends(nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x


def test_control_flow_by_numbers_is_an_error():
    with pytest.raises(NetworkError):
        to_network(Depends(), (8,))


class InPlace(nn.Module):
    """A view is changed in place; what it is a view of is read afterwards."""

    def forward(self, x):
        x = F.relu(x)
        x.view(-1, 4, 4).add_(0).relu_()
        return F.relu(x)


def test_a_change_through_a_view_is_an_error():
    with pytest.raises(NetworkError, match="in place"):
        to_network(InPlace(), (16,))


class Mixed(nn.Module):
    def forward(self, x):
        return x.view(1, -1)


def test_samples_do_not_flow_into_one_another():
    with pytest.raises(NetworkError):
        to_network(Mixed(), (16,))


class TwiceWithBias(nn.Module):
    def __init__(self):
        super().__init__()
        self.mix = nn.Linear(8, 8)

    def forward(self, x):
        return self.mix(torch.relu(self.mix(x)))


def test_a_module_with_a_bias_that_is_called_again_is_a_network_that_shares_it():
    text = to_network(TwiceWithBias(), (8,))
    assert "struct Mix(" in text and "Mix(shared = mix)" in text


class Gate(nn.Module):
    """Reads what goes in twice, beside a value of around: no block, so that it has no `input`."""

    def __init__(self):
        super().__init__()
        self.mix = nn.Linear(8, 8)

    def forward(self, x, around):
        return self.mix(x) * torch.sigmoid(x) + around - x


class Around(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 8)
        self.second = nn.Linear(8, 8)
        self.gate = Gate()

    def forward(self, x):
        a = self.first(x)
        b = self.second(a)
        return self.gate(b, a)


def test_a_group_reads_values_by_their_labels():
    rows = body(Around(), (8,))
    assert not any("input" in row for row in rows), rows
    assert "sub(_, second);" in rows, rows


def test_in_a_channels_last_layout_no_permutation_is_written():
    class Last(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 1)
            self.norm = nn.LayerNorm(8)

        def forward(self, x):
            x = self.conv(x).permute(0, 2, 3, 1)
            return self.norm(x).permute(0, 3, 1, 2)

    assert body(Last(), (3, 4, 4)) == ["conv: conv(8, 1x1) => 4x4x8;", "norm: layer_norm;"]


def test_elements_in_another_order_are_moved():
    class Flat(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Embedding(10, 4)

        def forward(self, x):
            return self.words(x).flatten(1)

    assert body(Flat(), ((5,), torch.int64)) == [
        "words: embedding(10, 4), flatten(order = channels_last) => 20;",
    ]


class Pair(nn.Module):
    """What is read of it is not what it calculates last."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)
        self.b = nn.Linear(8, 8)
        self.c = nn.Linear(8, 8)

    def forward(self, x):
        a = self.a(x)
        b = self.b(a)
        return a, self.c(b)


class ReadsFirst(nn.Module):
    def __init__(self):
        super().__init__()
        self.pair = Pair()
        self.last = nn.Linear(8, 8)

    def forward(self, x):
        first, _ = self.pair(x)
        return self.last(first)


def test_what_is_read_of_a_group_is_not_its_last_value():
    rows = body(ReadsFirst(), (8,))
    assert "last: from pair.a, linear(8) => 8;" in rows, rows
