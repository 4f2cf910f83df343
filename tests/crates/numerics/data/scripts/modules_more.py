"""Layers in PyTorch's operations, for `gen_more.py`: written from the papers and from what
`transformers` computes, not from shapewise."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision


class Measured(nn.Module):
    def randomise(self, g):
        for name, p in self.named_parameters():
            scale = 1 / math.sqrt(max(math.prod(p.shape[1:]), 1)) if p.dim() > 1 else 0.4
            shift = 1.0 if p.dim() == 1 and "weight" in name else 0.0
            with torch.no_grad():
                p.copy_(shift + scale * torch.randn(p.shape, generator=g))

    def tensors(self):
        return [(name.replace("__", "."), p) for name, p in self.named_parameters()]


class Weights(Measured):
    def __init__(self, **shapes):
        super().__init__()
        for name, shape in shapes.items():
            setattr(self, "p" if name == "@" else name, nn.Parameter(torch.zeros(shape)))

    def tensors(self):
        return [("@" if name == "p" else name, p) for name, p in self.named_parameters()]


class Buffer(Measured):
    """Numbers that are not trained."""

    def __init__(self, shape):
        super().__init__()
        self.register_buffer("p", torch.linspace(-1, 1, math.prod(shape)).reshape(shape))

    def tensors(self):
        return [("@", self.p)]


class HeadNorm(Measured):
    """Each head normalised, all with one weight, or each with its own."""

    def __init__(self, heads, dim, one=0.0, centre=False, eps=1e-5):
        super().__init__()
        self.heads, self.one, self.centre, self.eps = heads, one, centre, eps
        self.weight = nn.Parameter(torch.zeros(dim))
        if centre:
            self.bias = nn.Parameter(torch.zeros(dim))

    def forward(self, x):
        y = x.unflatten(-1, (self.heads, -1))
        own = self.weight.numel() == x.shape[-1]
        weight, bias = [p if p is None or not own else p.reshape(self.heads, -1) for p in (self.weight, getattr(self, "bias", None))]
        if self.centre:
            y = F.layer_norm(y, y.shape[-1:], None if own else weight, None if own else bias, self.eps)
            y = y * weight + bias if own else y
        else:
            y = y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + self.eps) * (self.one + weight)
        return y.flatten(-2)


def recurrence(decay, x):
    """One position after the other."""
    h, rows = torch.zeros_like(x[:, 0]), []
    for a, b in zip(decay.unbind(1), x.unbind(1)):
        h = a * h + b
        rows.append(h)
    return torch.stack(rows, 1)


def relative_positions(queries, keys, entries, zero=None, most=None, ahead=False):
    """As `transformers`' DeBERTa-v2 (`make_log_bucket_position`) has them."""
    zero = entries // 2 if zero is None else zero
    far = torch.arange(queries)[:, None] - torch.arange(keys)[None]
    if ahead:
        far = -far
    if most:
        middle = zero // 2
        size = torch.where((far < middle) & (far > -middle), torch.tensor(middle - 1).type_as(far), far.abs())
        wide = torch.ceil(torch.log(size / middle) / torch.log(torch.tensor((most - 1) / middle)) * (middle - 1)) + middle
        far = torch.where(size <= middle, far.type_as(wide), wide * far.sign()).long()
    return (far + zero).clamp(0, entries - 1)


def sinusoids(positions, features, start, interleaved, base):
    angle = (start + torch.arange(positions))[:, None] * base ** (-2 * torch.arange(features // 2) / features)
    if interleaved:
        return torch.stack([angle.sin(), angle.cos()], -1).flatten(-2)[None]
    return torch.cat([angle.sin(), angle.cos()], -1)[None]


def angles(x, features, base, interleaved, cosine_first):
    """Cosines and sines of numbers, as `diffusers`' `get_timestep_embedding` has them."""
    angle = x[..., None] * torch.exp(-math.log(base) * torch.arange(features // 2) / (features // 2))
    both = [angle.cos(), angle.sin()] if cosine_first else [angle.sin(), angle.cos()]
    return torch.stack(both, -1).flatten(-2) if interleaved else torch.cat(both, -1)


def frequencies(features, base, scaling, factor, original, fast, slow, truncate, whole):
    inv = 1.0 / base ** (torch.arange(0, features, 2).double() / features)
    if scaling is None:
        return inv, 1.0
    if scaling == "linear":
        return inv / factor, 1.0
    if scaling == "llama3":
        low, high = 1.0, 4.0
        wave = 2 * math.pi / inv
        smooth = (original / wave - low) / (high - low)
        mixed = (1 - smooth) * inv / factor + smooth * inv
        scaled = torch.where(wave > original / low, inv / factor, inv)
        middle = (wave <= original / low) & (wave >= original / high)
        return torch.where(middle, mixed, scaled), 1.0
    dim = lambda turns: features * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(base))
    low, high = dim(fast), dim(slow)
    if truncate:
        low, high = math.floor(low), math.ceil(high)
    low, high = max(low, 0), min(high, features - 1)
    if low == high:
        high += 0.001
    ramp = ((torch.arange(features // 2).double() - low) / (high - low)).clamp(0, 1)
    return inv / factor * ramp + inv * (1 - ramp), whole if whole is not None else 0.1 * math.log(factor) + 1


def rotary(x, heads, features=None, start=0, base=10000.0, interleaved=False, scaling=None, factor=1.0, original=None,
           fast=32.0, slow=1.0, truncate=True, whole=None, factors=None, positions=None):
    y = x.unflatten(-1, (heads, -1))
    features = features or y.shape[-1] - start
    before, part, after = y.split([start, features, y.shape[-1] - start - features], -1)
    inv, times = frequencies(features, base, scaling, factor, original, fast, slow, truncate, whole)
    if factors is not None:
        inv, times = inv / factors[:, None, :].double(), whole
    if positions is None:
        positions = torch.arange(x.shape[1])[None]
    angle = positions.double()[..., None] * inv
    if interleaved:
        # Complex numbers, turned.
        z = torch.view_as_complex(part.double().unflatten(-1, (-1, 2)).contiguous())
        z = z * torch.polar(torch.full_like(angle, times), angle)[:, :, None]
        turned = torch.view_as_real(z).flatten(-2).to(x.dtype)
    else:
        cos, sin = [torch.cat([f(angle)] * 2, -1)[:, :, None].to(x.dtype) * times for f in (torch.cos, torch.sin)]
        a, b = part.chunk(2, -1)
        turned = part * cos + torch.cat([-b, a], -1) * sin
    return torch.cat([before, turned, after], -1).flatten(-2)


def slopes(heads):
    power = 2 ** math.floor(math.log2(heads))
    base = 2 ** (-(2 ** -(math.log2(power) - 3)))
    slopes = [base ** (i + 1) for i in range(power)]
    if power < heads:
        extra = 2 ** (-(2 ** -(math.log2(2 * power) - 3)))
        slopes += [extra ** (2 * i + 1) for i in range(heads - power)]
    return torch.tensor(slopes)


def attention(q, k, v, heads, kv_heads, causal=False, window=None, chunk=None, scale=None, cap=None, alibi=False,
              mask=None, sinks=None):
    q, k, v = [x.unflatten(-1, (h, -1)).transpose(1, 2) for x, h in ((q, heads), (k, kv_heads), (v, kv_heads))]
    k, v = [x.repeat_interleave(heads // kv_heads, 1) for x in (k, v)]
    scores = q @ k.transpose(-1, -2) * (scale if scale is not None else q.shape[-1] ** -0.5)
    if cap:
        scores = cap * torch.tanh(scores / cap)
    i, j = torch.arange(q.shape[2])[:, None], torch.arange(k.shape[2])[None]
    seen = torch.ones(len(i), j.shape[1], dtype=torch.bool)
    if causal:
        seen &= j <= i
    if window:
        seen &= (i - j).abs() < window
    if chunk:
        seen &= i // chunk == j // chunk
    if alibi:
        scores = scores - slopes(heads)[:, None, None] * (i - j).abs()
    if mask is not None:
        scores = scores + (mask if mask.dim() == 4 else mask[:, None])
    scores = scores.masked_fill(~seen, -math.inf)
    if sinks is not None:
        column = sinks[:, :, None, None].expand(-1, -1, scores.shape[2], 1)
        shares = torch.cat([scores, column], -1).softmax(-1)[..., :-1]
    else:
        shares = scores.softmax(-1)
    return (shares @ v).transpose(1, 2).flatten(2)


class RelativeBias(Measured):
    """As `transformers`' `T5Attention.compute_bias` has it."""

    def __init__(self, heads, buckets, most, both):
        super().__init__()
        self.buckets, self.most, self.both = buckets, most, both
        self.weight = nn.Parameter(torch.zeros(buckets, heads))

    def forward(self, queries, keys):
        ahead = torch.arange(keys)[None] - torch.arange(queries)[:, None]
        buckets, place = self.buckets, torch.zeros_like(ahead)
        if self.both:
            buckets //= 2
            place = place + (ahead > 0) * buckets
            far = ahead.abs()
        else:
            far = -torch.minimum(ahead, torch.zeros_like(ahead))
        exact = buckets // 2
        more = exact + (torch.log(far.float() / exact) / math.log(self.most / exact) * (buckets - exact)).to(torch.long)
        place = place + torch.where(far < exact, far, more.clamp(max=buckets - 1))
        return self.weight[place].permute(2, 0, 1)[None]


class Experts(Measured):
    """Each position goes to its experts, one by one."""

    def __init__(self, h, experts, active, i, act="silu", gated=True, bias=False, router_bias=False, interleaved=False,
                 transposed=False, limit=None, up_offset=0.0, normalize=True, scale=1.0, sigmoid=False, correction=False,
                 groups=1, active_groups=1, two=False, shared=None, shared_gate=False, weigh_inputs=False):
        super().__init__()
        self.o = dict(active=active, act=act, gated=gated, interleaved=interleaved, transposed=transposed, limit=limit,
                      up_offset=up_offset, normalize=normalize, scale=scale, sigmoid=sigmoid, groups=groups,
                      active_groups=active_groups, two=two, weigh_inputs=weigh_inputs)
        joined = 2 * i if gated else i
        new = lambda *shape: nn.Parameter(torch.zeros(shape))
        self.gate__weight = new(experts, h)
        if router_bias:
            self.gate__bias = new(experts)
        up = "gate_up_proj" if gated else "up_proj"
        setattr(self, f"experts__{up}", new(experts, h, joined) if transposed else new(experts, joined, h))
        self.experts__down_proj = new(experts, i, h) if transposed else new(experts, h, i)
        if bias:
            setattr(self, f"experts__{up}_bias", new(experts, joined))
            self.experts__down_proj_bias = new(experts, h)
        if shared:
            self.shared_experts__gate_proj__weight = new(shared, h)
            self.shared_experts__up_proj__weight = new(shared, h)
            self.shared_experts__down_proj__weight = new(h, shared)
        if shared_gate:
            self.shared_expert_gate__weight = new(1, h)
        if correction:
            self.register_buffer("correction", torch.linspace(-0.4, 0.4, experts))

    def tensors(self):
        buffers = [("gate.e_score_correction_bias", b) for _, b in self.named_buffers()]
        return super().tensors() + buffers

    def act(self, x):
        return {"silu": F.silu, "relu": F.relu, "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x)}[self.o["act"]](x)

    def expert(self, e, x):
        o = self.o
        up = self.experts__gate_up_proj if o["gated"] else self.experts__up_proj
        w, v = up[e], self.experts__down_proj[e]
        y = x @ (w if o["transposed"] else w.T)
        bias = getattr(self, "experts__gate_up_proj_bias" if o["gated"] else "experts__up_proj_bias", None)
        if bias is not None:
            y = y + bias[e]
        if o["gated"]:
            gate, up = (y[..., ::2], y[..., 1::2]) if o["interleaved"] else y.chunk(2, -1)
            if o["limit"] is not None:
                gate, up = gate.clamp(max=o["limit"]), up.clamp(-o["limit"], o["limit"])
            y = self.act(gate) * (up + o["up_offset"])
        else:
            y = self.act(y)
        y = y @ (v if o["transposed"] else v.T)
        bias = getattr(self, "experts__down_proj_bias", None)
        return y if bias is None else y + bias[e]

    def forward(self, x):
        o, flat = self.o, x.flatten(0, 1)
        logits = F.linear(flat, self.gate__weight, getattr(self, "gate__bias", None))
        scores = logits.sigmoid() if o["sigmoid"] else logits.softmax(-1)
        chosen = scores.detach() + (self.correction if hasattr(self, "correction") else 0)
        if o["groups"] > 1:
            parts = chosen.unflatten(-1, (o["groups"], -1))
            best = parts.topk(2, -1)[0].sum(-1) if o["two"] else parts.amax(-1)
            used = torch.zeros_like(best).scatter(-1, best.topk(o["active_groups"], -1)[1], 1.0)
            chosen = parts.masked_fill(used[..., None] == 0, -math.inf).flatten(-2)
        places = chosen.topk(o["active"], -1)[1]
        weights = scores.gather(-1, places)
        if o["normalize"]:
            weights = weights / weights.sum(-1, keepdim=True)
        weights = weights * o["scale"]
        rows = []
        for position, (experts, factors) in enumerate(zip(places.tolist(), weights)):
            row = flat[position]
            if o["weigh_inputs"]:
                rows.append(sum(self.expert(e, f * row) for e, f in zip(experts, factors)))
            else:
                rows.append(sum(f * self.expert(e, row) for e, f in zip(experts, factors)))
        y = torch.stack(rows).view_as(x)
        if hasattr(self, "shared_experts__up_proj__weight"):
            shared = self.act(x @ self.shared_experts__gate_proj__weight.T) * (x @ self.shared_experts__up_proj__weight.T)
            shared = shared @ self.shared_experts__down_proj__weight.T
            if hasattr(self, "shared_expert_gate__weight"):
                shared = shared * torch.sigmoid(x @ self.shared_expert_gate__weight.T)
            y = y + shared
        return y



class Apart(Experts):
    """Each expert with linear layers of its own, as they are published: `names` are those that gate, lead up and down."""

    def __init__(self, h, experts, active, i, names, **options):
        super().__init__(h, experts, active, i, **options)
        self.names = [name for name in names if name]
        for joined in [name for name, _ in self.named_parameters() if name.startswith("experts__")]:
            delattr(self, joined)
        for e in range(experts):
            for name in sorted(self.names) if "w1" in names else self.names:
                out, back = (h, i) if name == names[2] else (i, h)
                setattr(self, f"experts__{e}__{name}__weight", nn.Parameter(torch.zeros(out, back)))
                if options.get("bias"):
                    setattr(self, f"experts__{e}__{name}__bias", nn.Parameter(torch.zeros(out)))

    def expert(self, e, x):
        linear = lambda name, x: F.linear(x, getattr(self, f"experts__{e}__{name}__weight"), getattr(self, f"experts__{e}__{name}__bias", None))
        *before, down = self.names
        if len(before) == 1:
            return linear(down, self.act(linear(before[0], x)))
        return linear(down, self.act(linear(before[0], x)) * linear(before[1], x))


class Scan(Measured):
    """The state goes from position to position."""

    def __init__(self, features, states, heads=None, groups=1):
        super().__init__()
        self.heads, self.groups, self.states = heads, groups, states
        self.A_log = nn.Parameter(torch.zeros(heads) if heads else torch.zeros(features, states))
        self.D = nn.Parameter(torch.zeros(heads or features))

    def forward(self, x, delta, b, c):
        heads = self.heads or x.shape[-1]
        x = x.unflatten(-1, (heads, -1))
        b, c = [y.unflatten(-1, (self.groups, -1)).repeat_interleave(heads // self.groups, 2) for y in (b, c)]
        a = -torch.exp(self.A_log)
        a = a[:, None] if self.heads else a
        state, ys = 0, []
        for t in range(x.shape[1]):
            step = delta[:, t, :, None]
            decay = torch.exp(step * a)[:, :, None]
            state = decay * state + (step * b[:, t])[:, :, None] * x[:, t, :, :, None]
            ys.append((state * c[:, t, :, None]).sum(-1) + self.D[:, None] * x[:, t])
        return torch.stack(ys, 1).flatten(2)


class Language(Measured):
    """Attention as language models have it."""

    def __init__(self, features, heads, kv_heads, bias=True, turn=None, norm=None, sinks=False, memory=None, causal=True, key_bias=True, **scores):
        super().__init__()
        dim = features // heads
        self.o = dict(heads=heads, kv_heads=kv_heads, turn=turn, norm=norm, causal=causal)
        self.more = scores
        new = lambda *shape: nn.Parameter(torch.zeros(shape))
        if sinks:
            self.sinks = new(heads)
        source = memory or features
        for name, rows, columns in [("q_proj", heads * dim, features), ("k_proj", kv_heads * dim, source),
                                    ("v_proj", kv_heads * dim, source), ("out_proj", features, heads * dim)]:
            setattr(self, f"{name}__weight", new(rows, columns))
            if bias and (key_bias or name != "k_proj"):
                setattr(self, f"{name}__bias", new(rows))
        if norm:
            for name in ("q_norm", "k_norm"):
                setattr(self, f"{name}__weight", new(dim))
                if norm == "layer":
                    setattr(self, f"{name}__bias", new(dim))

    def project(self, name, x):
        return F.linear(x, getattr(self, f"{name}__weight"), getattr(self, f"{name}__bias", None))

    def normed(self, name, x, heads):
        y, w = x.unflatten(-1, (heads, -1)), getattr(self, f"{name}__weight", None)
        if self.o["norm"] == "rms":
            y = y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + 1e-6) * w
        elif self.o["norm"] == "layer":
            y = F.layer_norm(y, y.shape[-1:], w, getattr(self, f"{name}__bias"), 1e-6)
        return y.flatten(-2)

    def forward(self, x, memory=None, mask=None):
        o, source = self.o, x if memory is None else memory
        q, k, v = self.project("q_proj", x), self.project("k_proj", source), self.project("v_proj", source)
        q, k = self.normed("q_norm", q, o["heads"]), self.normed("k_norm", k, o["kv_heads"])
        if o["turn"] is not None:
            q, k = rotary(q, o["heads"], **o["turn"]), rotary(k, o["kv_heads"], **o["turn"])
        sinks = self.sinks.expand(len(x), -1) if hasattr(self, "sinks") else None
        y = attention(q, k, v, o["heads"], o["kv_heads"], causal=o["causal"], mask=mask, sinks=sinks, **self.more)
        return self.project("out_proj", y)


def deformed(m, x, offset, mask=None, **options):
    """torchvision's operator, on images with the channels last."""
    first = [None if t is None else t.movedim(-1, 1) for t in (x, offset, mask)]
    y = torchvision.ops.deform_conv2d(first[0], first[1], m.weight, getattr(m, "bias", None), mask=first[2], **options)
    return y.movedim(1, -1)


class ConvLstm(Measured):
    """One convolution over the frame and the hidden state makes the gates i, f, o, g; frames are `N x T x H x W x C`."""

    def __init__(self, c, n, kernel, bias=True):
        super().__init__()
        self.n = n
        self.conv = nn.Conv2d(c + n, 4 * n, kernel, padding=[k // 2 for k in kernel], bias=bias)

    def forward(self, x):
        x = x.movedim(-1, 2)
        h = c = torch.zeros(len(x), self.n, *x.shape[3:])
        steps = []
        for t in range(x.shape[1]):
            i, f, o, g = torch.split(self.conv(torch.cat([x[:, t], h], 1)), self.n, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            steps.append(h)
        return torch.stack(steps, 1).movedim(2, -1), h.movedim(1, -1), c.movedim(1, -1)


class Published(Measured):
    """A module of torchvision or timm, under other names of its tensors, on an input of the notation."""

    def __init__(self, module, call=None, names=None, buffers=True, only=("",)):
        super().__init__()
        self.module, self.call, self.names, self.stored, self.only = module, call, names or {}, buffers, only

    def randomise(self, g):
        super().randomise(g)
        scale = getattr(self.module, "logit_scale", None)
        if scale is not None and self.module.window_size == [2, 2]:
            with torch.no_grad():
                scale[0] = 4.7  # Above the limit; single precision is not enough for more than a few positions.

    def forward(self, x):
        return self.module(x) if self.call is None else self.call(self.module, x)

    def tensors(self):
        buffers = list(self.module.named_buffers()) if self.stored else []
        found = [(n, t) for n, t in [*self.module.named_parameters(), *buffers] if n.startswith(self.only)]
        return [(self.names.get(name, name), p) for name, p in found]

    def named_buffers(self, *args, **kwargs):
        return [(self.names.get(name, name), b) for name, b in self.module.named_buffers()]


def cut(x, window, grid):
    """`N x H x W x C` as `N x windows x positions x C`, and the way back."""
    n, h, w, c = x.shape
    a, b = window
    if grid:
        parts = x.reshape(n, a, h // a, b, w // b, c).permute(0, 2, 4, 1, 3, 5)
    else:
        parts = x.reshape(n, h // a, a, w // b, b, c).permute(0, 1, 3, 2, 4, 5)

    def back(y):
        y = y.reshape(n, h // a, w // b, a, b, -1)
        y = y.permute(0, 3, 1, 4, 2, 5) if grid else y.permute(0, 1, 3, 2, 4, 5)
        return y.reshape(n, h, w, -1)

    return parts.reshape(n, -1, a * b, c), back


def window_attention(q, k, v, heads, kv_heads, window, shift=(0, 0), grid=False, mask=None, cosine=False, factors=None,
                     scale=None):
    """Windows that attend to themselves, of images of `N x H x W x C`; a sequence has a width of 1."""
    h, w = q.shape[1:3]
    pad = [-h % window[0], -w % window[1]]
    whole = (h + pad[0], w + pad[1])
    shift = [0 if e <= a else s for s, a, e in zip(shift, window, whole)]
    enter = lambda x: torch.roll(F.pad(x, (0, 0, 0, pad[1], 0, pad[0])), [-s for s in shift], (1, 2))
    rows = torch.arange(whole[0])[:, None].expand(whole)
    columns = torch.arange(whole[1]).expand(whole)
    # What the roll brought to the end is not seen from what was there.
    region = (rows >= whole[0] - shift[0]) * 2 + (columns >= whole[1] - shift[1])
    region = cut(region[None, :, :, None], window, grid)[0][0, :, :, 0]
    hidden = (region[:, :, None] != region[:, None]).float() * -100
    (q, back), (k, _), (v, _) = [cut(enter(x), window, grid) for x in (q, k, v)]
    q, k, v = [x.unflatten(-1, (n, -1)).transpose(2, 3) for x, n in ((q, heads), (k, kv_heads), (v, kv_heads))]
    k, v = [x.repeat_interleave(heads // kv_heads, 2) for x in (k, v)]
    if cosine:
        q, k = F.normalize(q, dim=-1), F.normalize(k, dim=-1)
    factor = scale if scale is not None else 1.0 if cosine else q.shape[-1] ** -0.5
    scores = q @ k.transpose(-1, -2) * factor
    if factors is not None:
        scores = scores * factors.reshape(-1, 1, heads, 1, 1)
    if mask is not None:
        scores = scores + (mask[:, None] if mask.dim() == 4 else mask[:, None, None])
    scores = scores + hidden[None, :, None]
    y = back((scores.softmax(-1) @ v).transpose(2, 3).flatten(3))
    return torch.roll(y, shift, (1, 2))[:, :h, :w]


def cosine_attention(q, k, v, heads, factors):
    q, k, v = [x.unflatten(-1, (heads, -1)).transpose(1, 2) for x in (q, k, v)]
    scores = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-1, -2) * factors[:, :, None, None]
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
