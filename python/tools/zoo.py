"""Writes the sources of `zoo/src`: torchvision's families as imported, sharing their blocks.

Classes and input size become const generics. What is written is read and tidied by hand where it can read
better; the tests of the crate hold its figures.
"""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path

import torch

sys.path[:0] = [str(Path(__file__).parents[1])]
warnings.simplefilter("ignore")

from shapewise import to_network  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]

#: Family: title, source, and its models by their names here.
FAMILIES = {
    "alexnet": ("AlexNet, Krizhevsky 2014, \"One weird trick\"", ["alexnet:AlexNet"]),
    "vgg": ("VGG, Simonyan and Zisserman 2014", ["vgg11:Vgg11", "vgg11_bn:Vgg11Bn", "vgg13:Vgg13", "vgg13_bn:Vgg13Bn", "vgg16:Vgg16", "vgg16_bn:Vgg16Bn", "vgg19:Vgg19", "vgg19_bn:Vgg19Bn"]),
    "resnet": ("ResNet, He et al. 2015, and the wider kinds of it", ["resnet18:ResNet18", "resnet34:ResNet34", "resnet50:ResNet50", "resnet101:ResNet101", "resnet152:ResNet152", "resnext50_32x4d:ResNeXt50", "resnext101_32x8d:ResNeXt101", "wide_resnet50_2:WideResNet50", "wide_resnet101_2:WideResNet101"]),
    "densenet": ("DenseNet, Huang et al. 2016", ["densenet121:DenseNet121", "densenet161:DenseNet161", "densenet169:DenseNet169", "densenet201:DenseNet201"]),
    "googlenet": ("GoogLeNet, Szegedy et al. 2014, without its auxiliary heads", ["googlenet:GoogLeNet"]),
    "inception": ("Inception v3, Szegedy et al. 2015, without its auxiliary head", ["inception_v3:InceptionV3"]),
    "squeezenet": ("SqueezeNet, Iandola et al. 2016", ["squeezenet1_0:SqueezeNet10", "squeezenet1_1:SqueezeNet11"]),
    "mobilenet_v2": ("MobileNetV2, Sandler et al. 2018", ["mobilenet_v2:MobileNetV2"]),
    "mobilenet_v3": ("MobileNetV3, Howard et al. 2019", ["mobilenet_v3_small:MobileNetV3Small", "mobilenet_v3_large:MobileNetV3Large"]),
    "mnasnet": ("MNASNet, Tan et al. 2018", ["mnasnet0_5:MnasNet05", "mnasnet1_0:MnasNet10"]),
    "shufflenet_v2": ("ShuffleNet V2, Ma et al. 2018", ["shufflenet_v2_x0_5:ShuffleNetV2X05", "shufflenet_v2_x1_0:ShuffleNetV2X10", "shufflenet_v2_x2_0:ShuffleNetV2X20"]),
    "efficientnet": ("EfficientNet, Tan and Le 2019", ["efficientnet_b0:EfficientNetB0", "efficientnet_b1:EfficientNetB1", "efficientnet_b2:EfficientNetB2"]),
    "regnet": ("RegNet, Radosavovic et al. 2020", ["regnet_x_400mf:RegNetX400MF", "regnet_y_400mf:RegNetY400MF"]),
    "convnext": ("ConvNeXt, Liu et al. 2022", ["convnext_tiny:ConvNeXtTiny", "convnext_small:ConvNeXtSmall", "convnext_base:ConvNeXtBase"]),
    "swin": ("Swin transformers, Liu et al. 2021", ["swin_t:SwinT", "swin_s:SwinS", "swin_b:SwinB"]),
    "vit": ("Vision transformers, Dosovitskiy et al. 2020", ["vit_b_16:VitB16", "vit_b_32:VitB32", "vit_l_16:VitL16"]),
}

#: Families whose input may have other extents: what comes before the classifier does not depend on them.
ANY_SIZE = {"resnet", "densenet", "googlenet", "squeezenet", "mobilenet_v2", "mobilenet_v3", "mnasnet", "shufflenet_v2", "efficientnet", "regnet", "convnext", "alexnet", "vgg"}


def imported(name: str, struct: str):
    """The blocks by name, the network's text, its input, parameters and MACs."""
    import torchvision.models as m

    options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    size = 299 if name == "inception_v3" else 224
    try:
        with torch.device("meta"):
            model = m.get_model(name, **options)
    except NotImplementedError:
        model = m.get_model(name, **options)
    text = to_network(model, (3, size, size), name=struct)
    lines = text.splitlines()[1:-1]
    parts: list[list[str]] = [[]]
    for line in lines:
        if line:
            parts[-1].append(line)
        if line == "    }":
            parts.append([])
    parts = [p for p in parts if p]
    blocks = {re.match(r"\s*block (\w+)", p[0])[1]: "\n".join(p) for p in parts[:-1]}
    network = "\n".join(parts[-1])
    params = re.search(r"assert params == ([\d_]+);", network)[1]
    macs = re.search(r"assert macs == ([\d_]+);", network)[1]
    return blocks, network, size, params, macs


def generic(network: str, struct: str, name: str, size: int, any_size: bool) -> str:
    """With numbers of classes, and extents, that the user may choose."""
    generics = "const CLASSES: usize = 1000"
    shape = f"{size}x{size}x3"
    if any_size:
        generics += f", const SIZE: usize = {size}"
        shape = "[SIZE, SIZE, 3]"
        network = re.sub(r"\s+=> [\dx]+;", lambda m: ";" if True else m[0], network)
        network = network.replace("};", "}")
    network = re.sub(r"\s+assert (params|macs) == [\d_]+;", "", network)
    network = re.sub(r"    ///[^\n]*\n", "", network)
    network = network.replace("=> 1000;", "=> CLASSES;").replace("linear(1000)", "linear(CLASSES)").replace("conv(1000, ", "conv(CLASSES, ")
    network = network.replace("=> 13x13x1000;", "=> [13, 13, CLASSES];")
    return re.sub(
        rf"pub struct {struct}\(image: [\dx]+\) -> \(logits: 1000\)",
        f"pub struct {struct}<{generics}>(image: {shape}) -> (logits: CLASSES)",
        network,
    )


def family(module: str) -> tuple[str, list[tuple[str, str, str]]]:
    title, models = FAMILIES[module]
    shared: dict[str, str] = {}
    networks, figures = [], []
    for pair in models:
        name, struct = pair.split(":")
        blocks, network, size, params, macs = imported(name, struct)
        renames: dict[str, str] = {}
        for block, text in blocks.items():
            for old, new in renames.items():
                text = re.sub(rf"\b{old}\(", f"{new}(", text)
            known = next((k for k, t in shared.items() if t == re.sub(rf"block {block}\(", f"block {k}(", text, count=1)), None)
            if known is None:
                known, n = block, 2
                while known in shared:
                    known = f"{block}{n}" if n < 9 else f"{block}Of{struct}"
                    n += 1
                shared[known] = re.sub(rf"block {block}\(", f"block {known}(", text, count=1)
            if known != block:
                renames[block] = known
        for old, new in renames.items():
            network = re.sub(rf"\b{old}\(", f"{new}(", network)
        network = generic(network, struct, name, size, module in ANY_SIZE)
        doc = f"    /// torchvision's `{name}`: {params.replace('_', ',')} parameters, {macs.replace('_', ',')} MACs on {size}x{size}x3.\n"
        networks.append(doc + network)
        figures.append((struct, params, macs))
    body = "\n\n".join([*shared.values(), *networks])
    head = f"//! {title}: torchvision's tensor names, whose weights load.\n\n"
    return head + "shapewise::network! {\n" + body + "\n}\n", figures


def main() -> None:
    wanted = sys.argv[1:] or list(FAMILIES)
    tests = []
    for module in FAMILIES:
        if module in wanted:
            text, figures = family(module)
            (ROOT / f"zoo/src/{module}.rs").write_text(text)
            print(module, text.count("\n"))
            rows = "\n".join(f"    assert_eq!((<{s}>::PARAMS, <{s}>::MACS), ({p}, {m}));" for s, p, m in figures)
            tests.append((module, f"    use shapewise_zoo::{module}::*;\n{rows}\n"))
    for module, text in tests:
        print(f'#[cfg(feature = "{module}")]\n#[test]\nfn {module}() {{\n{text}}}\n', file=sys.stderr)


if __name__ == "__main__":
    main()
