"""Whether imported networks compute what PyTorch does: `python tools/values.py [--burn] [MODEL...]`.

Through the ONNX export of `cargo shapewise`, in onnxruntime; with `--burn` in burn, whose weights are loaded from
safetensors. Weights and running statistics are random. `--table [GROUP or MODEL...]` goes through the models of the table
that are not too large, in onnxruntime.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from pathlib import Path

import numpy
import torch

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import cli  # noqa: E402
import crate  # noqa: E402
import table  # noqa: E402
from shapewise import NetworkError, to_network  # noqa: E402
from shapewise.weights import header, save  # noqa: E402

#: Runs each network in burn on the numbers in a file.
BURN = """
fn show<N: shapewise::Network>(name: &str) {
    match run::<N>(name) {
        Ok(()) => println!("{name}: written"),
        Err(error) => println!("{name}: {error}"),
    }
}

fn run<N: shapewise::Network>(name: &str) -> Result<(), Box<dyn std::error::Error>> {
    let folder = env!("CARGO_MANIFEST_DIR");
    let device = burn::tensor::Device::flex();
    let model = shapewise_burn::Model::<N>::new(&device)?;
    let model = model.load(format!("{folder}/weights/{name}.safetensors"))?;
    let input = std::fs::read(format!("{folder}/weights/{name}.input"))?;
    let (numbers, _) = input.as_chunks::<4>();
    let numbers: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let side = (numbers.len() / 3).isqrt();
    let input = shapewise_burn::Value::floats(numbers, &[1, 3, side, side], &device).expect("four axes");
    let outputs = model.run(vec![input])?;
    let numbers = outputs.iter().flat_map(|output| output.to_data().iter::<f32>().collect::<Vec<_>>());
    let bytes: Vec<u8> = numbers.flat_map(f32::to_le_bytes).collect();
    std::fs::write(format!("{folder}/weights/{name}.output"), bytes)?;
    Ok(())
}
"""

#: Rows and columns of the images: small, since a build for tests is not optimised.
SIZE = 96
#: MaxViT's windows divide its images.
SIZES = {"maxvit_t": 224}


def image(name: str) -> torch.Tensor:
    side = SIZES.get(name, SIZE)
    return torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(2))


def scrambled(model: torch.nn.Module, spread: float = 1.5) -> torch.nn.Module:
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
            elif not isinstance(t, torch.nn.Parameter):
                continue
            elif t.dim() <= 1 and name.endswith("weight"):
                t.copy_(1 + 0.2 * torch.randn(t.shape, generator=generator))
            elif t.dim() <= 1:
                t.copy_(0.1 * torch.randn(t.shape, generator=generator))
            else:
                fan = t[0].numel()
                t.copy_(torch.randn(t.shape, generator=generator) * (spread / fan) ** 0.5)
    return model.eval()


def in_onnx(folder: Path, models: dict[str, torch.nn.Module], sources: dict[str, str]):
    """The outputs of each in onnxruntime, or what went wrong."""
    scratch = cli.Sources(folder, sources)
    wrong = scratch.errors()
    for name, model in models.items():
        if name not in wrong:
            save(table.state(model, sources[name]), folder / "weights" / f"{name}.safetensors")
            try:
                yield name, scratch.outputs(name, [image(name)])
            except RuntimeError as error:
                wrong[name] = str(error)
        if name in wrong:
            yield name, wrong[name]


def in_burn(folder: Path, models: dict[str, torch.nn.Module], sources: dict[str, str]):
    """The outputs of each in burn, by one program for all."""
    (folder / "weights").mkdir()
    for name, model in models.items():
        save(table.state(model, sources[name]), folder / "weights" / f"{name}.safetensors")
        (folder / "weights" / f"{name}.input").write_bytes(image(name).numpy().tobytes())
    burn = f'shapewise-burn = {{ path = "{crate.ROOT / "engines/burn"}" }}\nburn = {{ version = "0.22.1", default-features = false }}\n'
    crate.write(folder, sources, burn, BURN)
    (folder / "Cargo.lock").write_bytes((crate.ROOT / "Cargo.lock").read_bytes())
    ran = crate.cargo(folder, "run")
    if ran.returncode:
        raise RuntimeError(ran.stderr[-3000:])
    said = dict(line.split(": ", 1) for line in ran.stdout.splitlines() if ": " in line)
    for name in models:
        file = folder / "weights" / f"{name}.output"
        yield name, numpy.fromfile(file, dtype=numpy.float32) if file.exists() else said.get(name, "nothing")


def compare(names: list[str], burn: bool) -> dict[str, str]:
    """For each of torchvision's models how far outputs are apart, or what went wrong."""
    import torchvision.models as m

    models, sources = {}, {}
    for name in names:
        options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        if name.startswith("vit"):
            options = {"image_size": SIZE}
        if name in m.list_models(module=m.segmentation):
            options = {"weights_backbone": None}
        models[name] = scrambled(m.get_model(name, **options))
        sources[name] = to_network(models[name], tuple(image(name).shape[1:]), name="Net")
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, ours in (in_burn if burn else in_onnx)(Path(folder), models, sources):
            if isinstance(ours, str):
                found[name] = ours
                continue
            with torch.no_grad():
                wanted = list(cli.tensors(models[name](image(name))))
            if burn:
                wanted, ours = [torch.cat([t.flatten() for t in wanted])[None]], [ours[None]]
            found[name] = f"{cli.apart(ours, wanted):.1e} of the largest (spread {float(wanted[0].std()):.2g})"
    return found


#: The most parameters of a model that `--table` makes.
MOST = 60_000_000


def of_table(wanted: list[str]) -> dict[str, tuple[int, str, str]]:
    """For each of the table's models the lines of its source, `exact` or the reason, and how far outputs are apart."""
    every = [(group, case) for group, cases in table.GROUPS.items() for case in cases()]
    found = {}
    for group, case in every:
        if wanted and not {group, case.name, case.name.split(" ")[-1]} & set(wanted):
            continue
        try:
            found[case.name] = of_case(case)
        except NetworkError as error:
            found[case.name] = 0, table.reason(str(error)), ""
        except Exception as error:  # A table of models goes on with the next.
            found[case.name] = 0, f"{type(error).__name__}: {error}".split("\n")[0][:120], ""
        print(json.dumps([case.name, *found[case.name]]), flush=True)
    return found


def of_case(case: table.Case) -> tuple[int, str, str]:
    model = table.quick(case.make, case.meta)
    count = sum(p.numel() for p in model.parameters())
    if count > MOST:
        model, source = table.imported(case)
        return source.count("\n") - 2, checked(model, source) or "exact", ""
    lines, found = 0, []
    # Some networks multiply what comes in so often that roundings are all that remains: smaller weights show what they do.
    for spread in (1.5, 0.4):
        lines, verdict, far = of_weights(case, spread)
        if verdict != "exact":
            return lines, verdict, ""
        found.append(far)
        if far is None or far <= 1e-4:
            break
    return lines, verdict, "" if found[-1] is None else f"{found[-1]:.0e}"


def checked(model: torch.nn.Module, source: str) -> str:
    """What the language, or the state of the model, says against a source; nothing where all is right."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = cli.Sources(Path(folder), {"net": source})
        wrong = scratch.errors().get("net")
        if wrong:
            return "does not compile: " + wrong.split("\n")[0].removeprefix("error: ")[:120]
        file = Path(folder) / "weights" / "net.safetensors"
        state = table.state(model, source)
        file.write_bytes(header(state))
        # Of the numbers only the place: the file is as long as its header says, and empty.
        os.truncate(file, file.stat().st_size + sum(t.numel() * t.element_size() for t in state.values()))
        said = scratch.said("net", file)
        return f"other tensors: {said[:100]}" if said else ""


def of_weights(case: table.Case, spread: float) -> tuple[int, str, float | None]:
    """With weights of such a variance: lines, what is said against the source, and how far outputs are apart."""
    model = scrambled(case.make(), spread)
    source = to_network(model, case.inputs, name="Net", kwargs=case.kwargs)
    lines = source.count("\n") - 2
    if re.search(r"^    struct ", source, re.M):
        # Networks within networks are for rustc alone.
        with tempfile.TemporaryDirectory() as folder:
            return *table.tried([case], Path(folder))[case.name], None
    generator = torch.Generator().manual_seed(2)
    # Tables of a few entries are of kinds of tokens; the first tokens are of padding and the like.
    entries = min([m.num_embeddings for m in model.modules() if isinstance(m, torch.nn.Embedding) and m.num_embeddings > 20] + [1000])
    inputs = [
        torch.randn(2, *shape, generator=generator) if dtype.is_floating_point else torch.randint(4, entries, (2, *shape), generator=generator)
        for shape, dtype in case.inputs
    ]
    with tempfile.TemporaryDirectory() as folder:
        scratch = cli.Sources(Path(folder), {"net": source})
        wrong = scratch.errors().get("net")
        if wrong:
            return lines, "does not compile: " + wrong.split("\n")[0].removeprefix("error: ")[:120], None
        said = scratch.tensors("net", table.state(model, source))
        if said:
            return lines, f"other tensors: {said.splitlines()[0][:100]}", None
        ours = scratch.outputs("net", inputs)
    with torch.no_grad():
        return lines, "exact", cli.apart(ours, list(cli.tensors(model(*inputs, **(case.kwargs or {})))))


#: One for each family.
FAMILIES = [
    "alexnet", "densenet121", "efficientnet_b0", "googlenet", "inception_v3", "mnasnet0_5", "mobilenet_v2",
    "mobilenet_v3_small", "regnet_y_400mf", "resnet18", "resnext50_32x4d", "shufflenet_v2_x0_5", "squeezenet1_1",
    "swin_t", "swin_v2_t", "maxvit_t", "vgg11_bn", "vit_b_32", "convnext_tiny", "lraspp_mobilenet_v3_large", "deeplabv3_mobilenet_v3_large",
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", nargs="*", default=FAMILIES, help="of torchvision [default: one of each family]")
    parser.add_argument("--burn", action="store_true", help="in burn, which takes minutes to build")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    parser.add_argument("--table", action="store_true", help="the models of the table, or groups of them")
    given = parser.parse_args()
    if given.table:
        found = of_table([] if given.models is FAMILIES else given.models)
        if given.write:
            table.write(found)
        return 1 if any(far and float(far) > 1e-4 for _, _, far in found.values()) else 0
    found = compare(given.models, given.burn)
    for name, text in found.items():
        print(f"{name}: {text}", flush=True)
    return 1 if any(not text[0].isdigit() or float(text.split()[0]) > 1e-4 for text in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
