"""Writes what PyTorch keeps for the backward pass of the layers of `gen_more.py`: `python gen_kept.py FOLDER`.

`kept.json` has the bytes by the names of cases: in eager mode on a CPU, every input of floats wants a gradient. A storage
counts once, those of parameters not at all. Left out are layers that are several functions of PyTorch, which everybody
writes in another way.
"""

import inspect
import json
import re
import sys
import tempfile

import torch

OUT = sys.argv[1]
sys.argv[1] = tempfile.mkdtemp()

import gen_more
import modules_more

SEVERAL = {name for name, f in vars(modules_more).items() if inspect.isfunction(f) and f.__module__ == "modules_more"} - {"deformed"}


def one(c):
    module = type(c["module"]).__name__
    return module in ("NoneType", "Weights", "ConvLstm") and not SEVERAL & set(re.findall(r"\w+", c["call"]))


def kept(c, id):
    g = torch.Generator().manual_seed(1)
    m = c["module"]
    if m is not None:
        m.randomise(g)
    ints = dict(c["ints"])
    xs = [gen_more.values(s, g, c["positive"], ints.get(i)) for i, s in enumerate(c["inputs"])]
    xs = [x.requires_grad_() if x.is_floating_point() else x for x in xs]
    own = {t.untyped_storage().data_ptr() for t in ([] if m is None else [*m.parameters(), *m.buffers()])}
    seen, alive = {}, []

    def pack(t):
        storage = t.untyped_storage()
        alive.append(t)
        if storage.data_ptr() not in own:
            seen[storage.data_ptr()] = storage.nbytes()
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        ys = gen_more.run(c, xs)
    alive.extend(ys)
    return sum(seen.values())


rows, counts = {}, {}
for c in gen_more.CASES:
    number = counts.get(c["kind"], 0)
    counts[c["kind"]] = number + 1
    if one(c):
        id = f"{c['kind']}.m{number}"
        rows[id] = kept(c, id)
with open(f"{OUT}/kept.json", "w") as f:
    lines = ",\n  ".join(f"{json.dumps(id)}: {bytes}" for id, bytes in rows.items())
    f.write(f'{{"versions": {{"torch": "{torch.__version__}"}}, "batch": {gen_more.BATCH}, "kept": {{\n  {lines}\n}}}}\n')
print(len(rows), "of", len(gen_more.CASES), "cases")
