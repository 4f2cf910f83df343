"""Whether imported networks compute what PyTorch does: through the ONNX export, in onnxruntime."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import torch

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import crate  # noqa: E402
from shapewise.weights import save  # noqa: E402

MAIN = """
fn show<N: shapewise::Network>(name: &str) {
    let folder = env!("CARGO_MANIFEST_DIR");
    let weights = shapewise_onnx::Weights::Embedded(format!("{folder}/weights/{name}.safetensors").into());
    let options = shapewise_onnx::Options::default()
        .batch(shapewise_onnx::Batch::Fixed(2))
        .weights(weights);
    match shapewise_onnx::write::<N>(format!("{folder}/onnx/{name}.onnx"), &options) {
        Ok(()) => println!("{name}: written"),
        Err(error) => println!("{name}: {error}"),
    }
}
"""


def scrambled(model: torch.nn.Module) -> torch.nn.Module:
    """Random weights and running statistics, none of which is its default."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, t in [*model.named_parameters(), *model.named_buffers()]:
            if not t.is_floating_point():
                continue
            if name.endswith("running_var"):
                t.copy_(torch.rand(t.shape, generator=generator) + 0.5)
            elif name.endswith("running_mean"):
                t.copy_(0.2 * torch.randn(t.shape, generator=generator))
            elif t.dim() <= 1 and name.endswith("weight"):
                t.copy_(1 + 0.2 * torch.randn(t.shape, generator=generator))
            elif t.dim() <= 1:
                t.copy_(0.1 * torch.randn(t.shape, generator=generator))
            elif isinstance(t, torch.nn.Parameter):
                fan = t[0].numel()
                t.copy_(torch.randn(t.shape, generator=generator) * (1.5 / fan) ** 0.5)
    return model.eval()


def compare(folder: Path, models: dict[str, tuple[torch.nn.Module, list[torch.Tensor]]], sources: dict[str, str]) -> dict[str, str]:
    """For each model, how far the outputs are apart, or what went wrong."""
    import numpy
    import onnxruntime

    for part in ("weights", "onnx"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for name, (model, _) in models.items():
        save(model.state_dict(), folder / "weights" / f"{name}.safetensors")
    onnx = json.dumps(str(crate.ROOT / "engines/onnx"))
    crate.write(folder, sources, f"shapewise-onnx = {{ path = {onnx} }}\n", MAIN)
    ran = crate.cargo(folder, "run")
    if ran.returncode:
        raise RuntimeError(ran.stderr[-3000:])
    said = dict(line.split(": ", 1) for line in ran.stdout.splitlines() if ": " in line)
    found = {}
    for name, (model, inputs) in models.items():
        if said.get(name) != "written":
            found[name] = said.get(name, "nothing")
            continue
        try:
            session = onnxruntime.InferenceSession(str(folder / "onnx" / f"{name}.onnx"))
        except Exception as error:
            found[name] = str(error)
            continue
        feed = {i.name: x.numpy() for i, x in zip(session.get_inputs(), inputs)}
        outputs = session.run(None, feed)
        with torch.no_grad():
            wanted = model(*inputs)
        wanted = list(tensors(wanted))
        worst = 0.0
        for ours, theirs in zip(outputs, wanted):
            theirs = theirs.numpy()
            if ours.shape != theirs.shape:
                worst = float("inf")
                break
            worst = max(worst, float(numpy.abs(ours - theirs).max() / max(float(numpy.abs(theirs).max()), 1e-12)))
        if len(outputs) != len(wanted):
            worst = float("inf")
        spread = float(wanted[0].std())
        found[name] = f"{worst:.1e} of the largest (spread {spread:.2g})"
        (folder / "onnx" / f"{name}.onnx").unlink()
    return found


def tensors(out):
    if isinstance(out, torch.Tensor):
        yield out
    elif hasattr(out, "items"):
        for x in out.values():
            yield from tensors(x)
    elif isinstance(out, (tuple, list)):
        for x in out:
            yield from tensors(x)


def torchvision(names: list[str]) -> dict[str, str]:
    import torchvision.models as m
    from shapewise import to_network

    models, sources = {}, {}
    for name in names:
        options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        if name in m.list_models(module=m.segmentation):
            options = {"weights_backbone": None}
        model = scrambled(m.get_model(name, **options))
        size = 299 if name == "inception_v3" else 224
        models[name] = model, [torch.randn(2, 3, size, size)]
        sources[name] = to_network(model, (3, size, size), name="Net")
    with tempfile.TemporaryDirectory() as folder:
        return compare(Path(folder), models, sources)


#: One for each family.
FAMILIES = [
    "alexnet", "densenet121", "efficientnet_b0", "googlenet", "inception_v3", "mnasnet0_5", "mobilenet_v2",
    "mobilenet_v3_small", "regnet_y_400mf", "resnet18", "resnext50_32x4d", "shufflenet_v2_x0_5", "squeezenet1_1",
    "swin_t", "vgg11_bn", "vit_b_32", "convnext_tiny", "lraspp_mobilenet_v3_large", "deeplabv3_mobilenet_v3_large",
]

if __name__ == "__main__":
    for name, text in torchvision(sys.argv[1:] or FAMILIES).items():
        print(f"{name}: {text}", flush=True)
