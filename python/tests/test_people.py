"""Modules as people write them: what is imported computes what they do."""

import pytest
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm


class MnistNet(nn.Module):
    """PyTorch's example of digits: functional dropout, `view(-1, n)`."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, 5)
        self.conv2 = nn.Conv2d(10, 20, 5)
        self.drop = nn.Dropout2d()
        self.fc1 = nn.Linear(320, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.drop(self.conv2(x)), 2))
        x = x.view(-1, 320)
        x = F.relu(self.fc1(x))
        x = F.dropout(x, training=self.training)
        return F.log_softmax(self.fc2(x), dim=1)


class Encdec(nn.Module):
    """A U-Net by hand: lists of modules, read backwards."""

    def __init__(self, ch=(8, 16, 32)):
        super().__init__()

        def block(i, o):
            return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(True), nn.Conv2d(o, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(True))
        self.downs = nn.ModuleList([block(a, b) for a, b in zip((3,) + ch[:-1], ch)])
        self.ups = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, 2) for a, b in zip(ch[:-1], ch[1:])])
        self.dec = nn.ModuleList([block(2 * a, a) for a in ch[:-1]])
        self.out = nn.Conv2d(ch[0], 2, 1)

    def forward(self, x):
        skips = []
        for i, d in enumerate(self.downs):
            x = d(x)
            if i < len(self.downs) - 1:
                skips.append(x)
                x = F.max_pool2d(x, 2)
        for up, dec, skip in zip(reversed(self.ups), reversed(self.dec), skips[::-1]):
            x = up(x)
            x = dec(torch.cat([skip, x], dim=1))
        return self.out(x)


class MiniGpt(nn.Module):
    """Attention written out, a mask as a buffer, tied weights, a ModuleDict."""

    def __init__(self, v=20, d=16, h=4, n=2, T=16):
        super().__init__()

        class Attn(nn.Module):
            def __init__(self):
                super().__init__()
                self.c_attn = nn.Linear(d, 3 * d)
                self.c_proj = nn.Linear(d, d)
                self.register_buffer("bias", torch.tril(torch.ones(T, T)).view(1, 1, T, T))
                self.n_head = h

            def forward(self, x):
                B, T, C = x.size()
                q, k, v = self.c_attn(x).split(C, dim=2)
                k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
                q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
                v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
                att = q @ k.transpose(-2, -1) * (1.0 / k.size(-1) ** 0.5)
                att = att.masked_fill(self.bias[:, :, :T, :T] == 0, float("-inf"))
                att = F.softmax(att, dim=-1)
                y = att @ v
                return self.c_proj(y.transpose(1, 2).contiguous().view(B, T, C))

        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.ln_1 = nn.LayerNorm(d)
                self.attn = Attn()
                self.ln_2 = nn.LayerNorm(d)
                self.mlp = nn.ModuleDict(dict(c_fc=nn.Linear(d, 4 * d), c_proj=nn.Linear(4 * d, d), act=nn.GELU()))

            def forward(self, x):
                x = x + self.attn(self.ln_1(x))
                m = self.mlp
                return x + m.c_proj(m.act(m.c_fc(self.ln_2(x))))
        self.transformer = nn.ModuleDict(dict(wte=nn.Embedding(v, d), wpe=nn.Embedding(T, d), drop=nn.Dropout(0.1), h=nn.ModuleList([Block() for _ in range(n)]), ln_f=nn.LayerNorm(d)))
        self.lm_head = nn.Linear(d, v, bias=False)
        self.transformer.wte.weight = self.lm_head.weight

    def forward(self, idx):
        b, t = idx.size()
        pos = torch.arange(0, t, dtype=torch.long, device=idx.device)
        x = self.transformer.drop(self.transformer.wte(idx) + self.transformer.wpe(pos))
        for blk in self.transformer.h:
            x = blk(x)
        return self.lm_head(self.transformer.ln_f(x))


class TextCnn(nn.Module):
    """Convolutions of several widths, the largest of each."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 16)
        self.convs = nn.ModuleList([nn.Conv1d(16, 6, k) for k in (3, 4, 5)])
        self.fc = nn.Linear(18, 2)

    def forward(self, x):
        x = self.embed(x).permute(0, 2, 1)
        xs = [F.relu(c(x)) for c in self.convs]
        xs = [F.max_pool1d(x, x.size(2)).squeeze(2) for x in xs]
        return self.fc(F.dropout(torch.cat(xs, 1), 0.5, self.training))


class BiLstm(nn.Module):
    """The last states of both directions."""

    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(20, 16)
        self.lstm = nn.LSTM(16, 12, 2, batch_first=True, bidirectional=True, dropout=0.1)
        self.fc = nn.Linear(24, 5)

    def forward(self, x):
        o, (h, c) = self.lstm(self.e(x))
        return self.fc(torch.cat([h[-2], h[-1]], dim=1))


class SeNet(nn.Module):
    """Residuals whose shortcut is an empty Sequential."""

    def __init__(self):
        super().__init__()

        class SE(nn.Module):
            def __init__(self, c):
                super().__init__()
                self.fc = nn.Sequential(nn.Linear(c, c // 4), nn.ReLU(), nn.Linear(c // 4, c), nn.Sigmoid())

            def forward(self, x):
                b, c, _, _ = x.size()
                y = F.adaptive_avg_pool2d(x, 1).view(b, c)
                y = self.fc(y).view(b, c, 1, 1)
                return x * y.expand_as(x)

        class Res(nn.Module):
            def __init__(self, i, o, stride=1):
                super().__init__()
                self.conv1 = nn.Conv2d(i, o, 3, stride, 1, bias=False)
                self.bn1 = nn.BatchNorm2d(o)
                self.conv2 = nn.Conv2d(o, o, 3, 1, 1, bias=False)
                self.bn2 = nn.BatchNorm2d(o)
                self.se = SE(o)
                self.shortcut = nn.Sequential()
                if stride != 1 or i != o:
                    self.shortcut = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

            def forward(self, x):
                out = F.relu(self.bn1(self.conv1(x)))
                out = self.se(self.bn2(self.conv2(out)))
                out += self.shortcut(x)
                return F.relu(out)
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1)
        self.layers = nn.Sequential(Res(16, 16), Res(16, 32, 2), Res(32, 32), Res(32, 64, 2))
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        out = self.layers(F.relu(self.conv1(x)))
        out = F.avg_pool2d(out, 8)
        out = out.view(out.size(0), -1)
        return self.linear(out)


class TinyVit(nn.Module):
    """Parameters of the module's own, expanded over the batch."""

    def __init__(self, d=16):
        super().__init__()
        self.patch = nn.Conv2d(3, d, 4, 4)
        self.cls = nn.Parameter(torch.randn(1, 1, d))
        self.pos = nn.Parameter(torch.randn(1, 17, d))
        self.enc = nn.TransformerEncoder(nn.TransformerEncoderLayer(d, 4, 32, batch_first=True, activation="gelu", norm_first=True), 2, enable_nested_tensor=False)
        self.head = nn.Linear(d, 7)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        cls = self.cls.expand(x.shape[0], -1, -1)
        x = torch.cat((cls, x), dim=1) + self.pos
        return self.head(self.enc(x)[:, 0])


class Vae(nn.Module):
    """Several outputs."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 32)
        self.mu = nn.Linear(32, 8)
        self.logvar = nn.Linear(32, 8)
        self.fc3 = nn.Linear(8, 32)
        self.fc4 = nn.Linear(32, 64)

    def forward(self, x):
        h = F.relu(self.fc1(x))
        mu, lv = (self.mu(h), self.logvar(h))
        z = mu
        return (torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mu, lv)


class Wave(nn.Module):
    """What a causal convolution has too much is cut off; the sum of skips begins as 0."""

    def __init__(self):
        super().__init__()
        self.f = nn.ModuleList([nn.Conv1d(8, 8, 2, dilation=2 ** i, padding=2 ** i) for i in range(3)])
        self.g = nn.ModuleList([nn.Conv1d(8, 8, 2, dilation=2 ** i, padding=2 ** i) for i in range(3)])
        self.r = nn.ModuleList([nn.Conv1d(8, 8, 1) for i in range(3)])
        self.out = nn.Conv1d(8, 4, 1)

    def forward(self, x):
        x = x.transpose(1, 2)
        skip = 0
        for f, g, r in zip(self.f, self.g, self.r):
            n = x.size(2)
            z = torch.tanh(f(x)[:, :, :n]) * torch.sigmoid(g(x)[:, :, :n])
            z = r(z)
            skip = skip + z
            x = x + z
        return self.out(F.relu(skip)).transpose(1, 2)


class Siamese(nn.Module):
    """One module, called with two parts of the input."""

    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.ReLU(), nn.Conv2d(8, 8, 3, 2, 1, bias=False), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.fc = nn.Linear(16, 1)

    def forward(self, x):
        a, b = (x[:, :, :16], x[:, :, 16:])
        return self.fc(torch.cat([self.enc(a), self.enc(b)], -1)).squeeze(-1)


class Cross(nn.Module):
    """Attention to a second input."""

    def __init__(self):
        super().__init__()
        self.q = nn.Linear(6, 12)
        self.kv = nn.Linear(6, 24)
        self.o = nn.Linear(12, 6)
        self.ln = nn.LayerNorm(6)
        self.ff = nn.Sequential(nn.Linear(6, 12), nn.SiLU(), nn.Linear(12, 6))

    def forward(self, x, mem):
        B = x.size(0)
        q = self.q(x).view(B, -1, 3, 4).transpose(1, 2)
        k, v = self.kv(mem).chunk(2, -1)
        k = k.reshape(B, -1, 3, 4).transpose(1, 2)
        v = v.reshape(B, -1, 3, 4).transpose(1, 2)
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        x = self.ln(x + self.o(y))
        return x + self.ff(x)


class Fpn(nn.Module):
    """A list changed in place, outputs in a dict."""

    def __init__(self):
        super().__init__()
        self.c = nn.ModuleList([nn.Conv2d(3, 8, 3, 1, 1), nn.Conv2d(8, 16, 3, 2, 1), nn.Conv2d(16, 32, 3, 2, 1)])
        self.l = nn.ModuleList([nn.Conv2d(c, 8, 1) for c in (8, 16, 32)])
        self.o = nn.ModuleList([nn.Conv2d(8, 8, 3, 1, 1) for _ in range(3)])

    def forward(self, x):
        f = []
        for c in self.c:
            x = F.relu(c(x))
            f.append(x)
        ls = [l(y) for l, y in zip(self.l, f)]
        for i in (1, 0):
            ls[i] = ls[i] + F.interpolate(ls[i + 1], size=ls[i].shape[-2:], mode="nearest")
        return {f"p{i}": o(l) for i, (o, l) in enumerate(zip(self.o, ls))}


class ResMlp(nn.Module):
    """Modules appended one by one; one of them is scaled."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList()
        for _ in range(3):
            self.blocks.append(nn.ModuleDict({"norm": nn.LayerNorm(16), "fc1": nn.Linear(16, 32), "fc2": nn.Linear(32, 16)}))
        self.alpha = nn.Parameter(torch.ones(16))

    def forward(self, x):
        for b in self.blocks:
            y = b["fc2"](F.gelu(b["fc1"](b["norm"](x))))
            x = x + (self.alpha * y if b is self.blocks[0] else y)
        return x


class DuelingDqn(nn.Module):
    """A mean taken away; numbers divided."""

    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(4, 8, 4, 2), nn.ELU(0.5), nn.Conv2d(8, 8, 3), nn.ReLU())
        self.a = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 4))
        self.v = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        x = self.f(x / 255.0)
        x = x.reshape(x.shape[0], -1)
        a = self.a(x)
        v = self.v(x)
        return v + a - a.mean(1, keepdim=True)


class Ghost(nn.Module):
    """Attention in channels and in space."""

    def __init__(self):
        super().__init__()
        self.p = nn.Conv2d(3, 8, 1)
        self.d = nn.Conv2d(8, 8, 3, 1, 1, groups=8)
        self.bn = nn.BatchNorm2d(16)
        self.pre = nn.PReLU(16)
        self.gn = nn.GroupNorm(4, 16)
        self.sp = nn.Conv2d(2, 1, 7, padding=3)

    def forward(self, x):
        a = self.p(x)
        x = self.pre(self.bn(torch.cat([a, self.d(a)], 1)))
        m = torch.cat([x.mean(1, keepdim=True), x.max(1, keepdim=True)[0]], 1)
        return self.gn(x * torch.sigmoid(self.sp(m)))


class Voice(nn.Module):
    """Weights with lengths of their own, by PyTorch's parametrisations and by its older function."""

    def __init__(self):
        super().__init__()
        self.pre = weight_norm(nn.Conv1d(1, 16, 7, padding=3))
        self.up = weight_norm(nn.ConvTranspose1d(16, 8, 4, 2, 1))
        self.pos = weight_norm(nn.Conv1d(8, 8, 5, padding=2, groups=4), dim=2)
        self.old = nn.utils.weight_norm(nn.Conv1d(8, 8, 3, padding=1))
        self.whole = nn.utils.weight_norm(nn.Conv1d(8, 8, 3, padding=1, bias=False), dim=None)
        self.lstm = nn.LSTM(8, 8, 2)
        self.fc = weight_norm(nn.Linear(8, 3))

    def forward(self, x):
        x = self.up(F.leaky_relu(self.pre(x), 0.1))
        x = self.whole(self.old(x + self.pos(x)))
        x = F.pad(x, (2, 0), mode="reflect").permute(2, 0, 1)
        x = (self.lstm(x)[0] + x).permute(1, 2, 0)
        return self.fc(x.mean(2))


class Frozen(nn.Module):
    """A backbone of a detector: batch norms that do not learn."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, bias=False)
        self.bn1 = torchvision.ops.FrozenBatchNorm2d(8, eps=1e-3)

    def forward(self, x):
        return F.relu(self.bn1(self.conv1(x)))


class Critic(nn.Module):
    """Weights divided by their largest singular values."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            spectral_norm(nn.Conv2d(3, 8, 4, 2, 1)), nn.LeakyReLU(0.2), spectral_norm(nn.Conv2d(8, 16, 4, 2, 1), n_power_iterations=2),
            nn.LeakyReLU(0.2), nn.utils.spectral_norm(nn.Conv2d(16, 16, 3, padding=1)), spectral_norm(nn.ConvTranspose2d(16, 8, 2, 2)),
            nn.utils.spectral_norm(nn.ConvTranspose2d(8, 4, 2, 2), dim=0), nn.Flatten(), spectral_norm(nn.Linear(1024, 1)),
        )

    def forward(self, x):
        return self.net(x)


class Words(nn.Module):
    """A table that is normalised."""

    def __init__(self):
        super().__init__()
        self.table = spectral_norm(nn.Embedding(20, 8))
        self.out = weight_norm(nn.Linear(8, 20, bias=False))

    def forward(self, x):
        return self.out(self.table(x))


CASES = {
    "mnistnet": (MnistNet, [torch.randn(2, 1, 28, 28)]),
    "encdec": (Encdec, [torch.randn(2, 3, 32, 32)]),
    "minigpt": (MiniGpt, [torch.randint(0, 20, (2, 16))]),
    "textcnn": (TextCnn, [torch.randint(0, 20, (2, 12))]),
    "bilstm": (BiLstm, [torch.randint(0, 20, (2, 12))]),
    "senet": (SeNet, [torch.randn(2, 3, 32, 32)]),
    "tinyvit": (TinyVit, [torch.randn(2, 3, 16, 16)]),
    "vae": (Vae, [torch.randn(2, 64)]),
    "wave": (Wave, [torch.randn(2, 16, 8)]),
    "siamese": (Siamese, [torch.randn(2, 3, 32, 32)]),
    "cross": (Cross, [torch.randn(2, 10, 6), torch.randn(2, 10, 6)]),
    "fpn": (Fpn, [torch.randn(2, 3, 16, 16)]),
    "resmlp": (ResMlp, [torch.randn(2, 16)]),
    "duelingdqn": (DuelingDqn, [torch.randn(2, 4, 10, 10)]),
    "voice": (Voice, [torch.randn(2, 1, 32)]),
    "frozen": (Frozen, [torch.randn(2, 3, 16, 16)]),
    "critic": (Critic, [torch.randn(2, 3, 16, 16)]),
    "words": (Words, [torch.randint(0, 20, (2, 12))]),
    "ghost": (Ghost, [torch.randn(2, 3, 16, 16)]),
}


class EinsumVit(nn.Module):
    """Attention by `einsum`, with the heads behind the positions; talking heads that are scaled once."""

    def __init__(self, d=12, h=3):
        super().__init__()
        self.h = h
        self.qkv = nn.Linear(d, 3 * d)
        self.talk = nn.Linear(h, h)
        self.out = nn.Linear(2 * d, 5)

    def forward(self, x):
        q, k, v = (t.unflatten(-1, (self.h, -1)) for t in self.qkv(x).chunk(3, -1))
        scores = torch.einsum("bihd,bjhd->bhij", q, k) * q.shape[-1] ** -0.5
        one = torch.einsum("bhij,bjhd->bihd", scores.softmax(-1), v).flatten(2)
        q, k, v = (t.transpose(1, 2) for t in (q * 0.5, k, v))
        scores = self.talk((q @ k.transpose(-2, -1)).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        two = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
        return self.out(torch.cat([one, two], -1))


class Blurred(nn.Module):
    """A filter that nobody learns; borders that are taken away; columns repeated."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1)
        row = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
        self.register_buffer("blur", (row[:, None] * row).expand(6, 1, 4, 4).clone(), persistent=False)
        self.token = nn.Parameter(torch.randn(1, 1, 6))
        self.norm = nn.BatchNorm1d(6)
        self.fc = nn.Linear(6, 4)

    def forward(self, x):
        x = F.pad(self.conv(x), (1, 2, 1, 2), mode="reflect")
        x = F.conv2d(x, self.blur, stride=2, groups=6)
        x = F.pad(x, (-1, 1, -1, 1))
        x = x.flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x, x.mean(1, keepdim=True)], dim=1)
        x = self.norm(x.flatten(0, 1)).reshape_as(x)
        return self.fc(x.repeat(1, 2, 1))[:, 3:]


class ValuesFirst(nn.Module):
    """Channels before positions, as SHViT has its attention; a matrix product of many with many."""

    def __init__(self):
        super().__init__()
        self.qkv = nn.Conv2d(6, 14, 1)
        self.mix = nn.Linear(6, 9)

    def forward(self, x):
        b, _, h, w = x.shape
        q, k, v = (t.flatten(2) for t in self.qkv(x).split([4, 4, 6], 1))
        weights = (q.transpose(-2, -1) @ k * 0.5).softmax(-1)
        x = (v @ weights.transpose(-2, -1)).reshape(b, 6, h, w)
        tables = self.mix(x.permute(0, 2, 3, 1)).reshape(b, h * w, 3, 3).softmax(-1)
        return tables @ x.flatten(2).transpose(1, 2).reshape(b, h * w, 3, 2)


class Pyramid(nn.Module):
    """Levels of a pyramid, one of which is read before an activation that the next is made of."""

    def __init__(self):
        super().__init__()

        class Extra(nn.Module):
            def __init__(self):
                super().__init__()
                self.p6 = nn.Conv2d(8, 8, 3, 1, 1)
                self.p7 = nn.Conv2d(8, 8, 3, 1, 1)

            def forward(self, x):
                p6 = self.p6(x)
                return p6, self.p7(F.relu(p6))

        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.extra = Extra()

    def forward(self, x):
        x = self.stem(x)
        return x, *self.extra(x)


CASES |= {
    "pyramid": (Pyramid, [torch.randn(2, 3, 12, 12)]),
    "einsum": (EinsumVit, [torch.randn(2, 7, 12)]),
    "blurred": (Blurred, [torch.randn(2, 3, 12, 12)]),
    "valuesfirst": (ValuesFirst, [torch.randn(2, 6, 4, 4)]),
}


class Deformed(nn.Module):
    """Deformable convolutions, by torchvision's module and its function, which learn where they look."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.offset = nn.Conv2d(8, 2 * 2 * 9, 3, padding=1)
        self.mask = nn.Conv2d(8, 2 * 9, 3, padding=1)
        self.deform = torchvision.ops.DeformConv2d(8, 12, 3, padding=1, groups=2)
        self.offset2 = nn.Conv2d(12, 2 * 6, (3, 2), stride=2)
        self.weight = nn.Parameter(torch.randn(5, 12, 3, 2))

    def forward(self, x):
        x = self.stem(x)
        x = F.relu(self.deform(x, self.offset(x), torch.sigmoid(self.mask(x))))
        return torchvision.ops.deform_conv2d(x, self.offset2(x), self.weight, stride=2)


CASES["deformed"] = (Deformed, [torch.randn(2, 3, 9, 8)])


def test_modules_as_people_write_them(computed):
    wrong = computed({name: (make(), inputs) for name, (make, inputs) in CASES.items()})
    assert not wrong, wrong


def test_encodec(computed):
    """Causal convolutions that reflect the past, with weight normalisation, and an LSTM between them."""
    transformers = pytest.importorskip("transformers")
    model = transformers.EncodecModel(transformers.EncodecConfig(num_filters=4, hidden_size=8))
    wrong = computed({"encoder": (model.encoder, [torch.randn(2, 1, 3200)]), "decoder": (model.decoder, [torch.randn(2, 8, 10)])})
    assert not wrong, wrong
