"""Prints `expected.txt`: what PyTorch computes for the networks of `networks.txt`, for weights and inputs by formula."""

import torch
from torch import nn


def numbers(shape, seed):
    count = torch.Size(shape).numel()
    return torch.sin((torch.arange(count, dtype=torch.float64) + 7 * seed) * 0.731).float().reshape(shape)


class Embedded(nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.head = nn.Embedding(10, 4), nn.Linear(20, 3)

    def forward(self, words):
        return self.head(self.table(words).flatten(1))


class Transposed(Embedded):
    def forward(self, words):
        return self.head(self.table(words).transpose(1, 2).flatten(1))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.head = nn.LSTM(4, 5, batch_first=True), nn.Linear(30, 3)

    def forward(self, x):
        return self.head(self.rnn(x)[0].relu().flatten(1))


class Convolved(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.head = nn.Conv1d(4, 5, 3), nn.Linear(20, 3)

    def forward(self, x):
        return self.head(self.conv(x.transpose(1, 2)).relu().flatten(1))


class Text(nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.conv, self.head = nn.Embedding(10, 4), nn.Conv1d(4, 6, 3), nn.Linear(18, 3)

    def forward(self, words):
        x = self.conv(self.table(words).transpose(1, 2)).relu()
        return self.head(nn.functional.max_pool1d(x, 2).flatten(1))


class Tokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.head = nn.Conv2d(3, 4, 4, 4), nn.LayerNorm(4), nn.Linear(16, 3)

    def forward(self, image):
        return self.head(self.norm(self.conv(image).flatten(2).transpose(1, 2)).flatten(1))


class Paired(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.again = nn.LSTM(4, 5, batch_first=True), nn.LSTM(10, 2, batch_first=True)

    def forward(self, x):
        return self.again(self.rnn(x)[0].reshape(-1, 3, 10))[0][:, -1]


class Unfolded(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.rnn = nn.Linear(7, 12), nn.LSTM(3, 2, batch_first=True)

    def forward(self, z):
        return self.rnn(self.fc(z).view(-1, 4, 3))[0][:, -1]


class Generated(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.conv, self.head = nn.Linear(7, 12), nn.Conv1d(3, 5, 3), nn.Linear(10, 3)

    def forward(self, z):
        return self.head(self.conv(self.fc(z).view(-1, 3, 4).relu()).flatten(1))


class Merged(nn.Module):
    def __init__(self):
        super().__init__()
        self.c, self.fc = nn.Conv1d(4, 4, 3, padding=1), nn.Linear(24, 3)
        self.a = nn.MultiheadAttention(4, 2, batch_first=True)

    def forward(self, x):
        c = self.c(x.transpose(1, 2)).transpose(1, 2)
        return self.fc((self.a(c, c, c)[0] + c).flatten(1))


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.head = nn.Module(), nn.Linear(20, 3)
        self.encoder.table = nn.Embedding(10, 4)

    def forward(self, words):
        return self.head(self.encoder.table(words).flatten(1))


INPUTS = {"Tokens": (2, 3, 8, 8), "Unfolded": (2, 7), "Generated": (2, 7)}
WORDS = {"Embedded": 5, "Transposed": 5, "Text": 8, "Outer": 5}

with torch.no_grad():
    for model in (Embedded, Transposed, Recurrent, Convolved, Text, Tokens, Paired, Unfolded, Generated, Merged, Outer):
        name, module = model.__name__, model().eval()
        for tensor, weight in module.state_dict().items():
            weight.copy_(numbers(weight.shape, sum(tensor.encode())))
        if name in WORDS:
            x = (torch.arange(2 * WORDS[name]) * 3 % 10).reshape(2, -1)
        else:
            x = numbers(INPUTS.get(name, (2, 6, 4)), 0)
        print(name, *(f"{value:.6f}" for value in module(x).flatten().tolist()))
