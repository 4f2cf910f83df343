"""Which models are imported exactly: `python tools/table.py [GROUP...] [--write] [--some]`.

Each is traced, written as source, and compiled: rustc checks its parameters and MACs, and
`shapewise-safetensors` the names, shapes and types of its tensors against the state of the model. `--write`
puts the table into README.md; `--some` tries the fixed selection of continuous integration.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import crate  # noqa: E402
from shapewise import NetworkError, to_network  # noqa: E402
from shapewise import meta as without_weights  # noqa: E402
from shapewise.weights import header  # noqa: E402

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
warnings.simplefilter("ignore")

README = Path(__file__).parents[1] / "README.md"
IMAGE = [((3, 224, 224), torch.float32)]
#: How many networks one crate has.
CRATE = 45


class Case:
    """A model to try."""

    def __init__(self, name: str, make: Callable[[], nn.Module], inputs=IMAGE, kwargs=None, meta: bool = True):
        self.name = name
        self.make = make
        self.inputs = inputs
        self.kwargs = kwargs
        self.meta = meta


def quick(make: Callable[[], nn.Module], meta: bool) -> nn.Module:
    """The model, without memory for its weights where it can be made so."""
    if meta:
        try:
            with without_weights():
                return make()
        except (NotImplementedError, RuntimeError):
            pass
    return make()


def torchvision_cases():
    import torchvision.models as m

    for name in m.list_models(module=m):
        options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        inputs = [((3, 299, 299), torch.float32)] if name == "inception_v3" else IMAGE
        yield Case(name, lambda name=name, options=options: m.get_model(name, **options), inputs)
    for name in m.list_models(module=m.segmentation):
        yield Case(name, lambda name=name: m.get_model(name, weights_backbone=None))
    for name, frames, size in [("mc3_18", 16, 112), ("r2plus1d_18", 16, 112), ("r3d_18", 16, 112), ("s3d", 16, 224), ("swin3d_t", 16, 112), ("mvit_v1_b", 16, 224)]:
        yield Case(name, lambda name=name: m.get_model(name), [((3, frames, size, size), torch.float32)])
    parts = {
        "fcos_resnet50_fpn backbone": lambda: m.get_model("fcos_resnet50_fpn", weights_backbone=None).backbone,
        "retinanet_resnet50_fpn backbone": lambda: m.get_model("retinanet_resnet50_fpn", weights_backbone=None).backbone,
        "ssdlite320_mobilenet_v3_large backbone": lambda: m.get_model("ssdlite320_mobilenet_v3_large", weights_backbone=None).backbone,
        "raft_small feature_encoder": lambda: m.get_model("raft_small").feature_encoder,
        "raft_large context_encoder": lambda: m.get_model("raft_large").context_encoder,
    }
    for name, make in parts.items():
        yield Case(name, make, [((3, 320, 320) if "ssdlite" in name else (3, 224, 224), torch.float32)])


TIMM = """
    bat_resnext26ts beit_base_patch16_224 botnet26t_256 caformer_s18 cait_xxs24_224 coat_tiny coatnet_pico_rw_224
    convformer_s18 convit_tiny convmixer_768_32 convnext_nano convnextv2_atto crossvit_18_240 cs3darknet_s
    cspdarknet53 cspnext_s cspresnet50 darknet53 davit_tiny deit3_small_patch16_224 deit_tiny_patch16_224
    densenet121 dla34 dpn68 eca_nfnet_l0 eca_resnet33ts ecaresnet26t edgenext_small edgenext_xx_small
    efficientformer_l1 efficientformerv2_s0 efficientnet_b0 efficientnet_blur_b0 efficientnetv2_rw_s efficientvit_b0
    efficientvit_m0 ese_vovnet19b_slim eva02_tiny_patch14_224 fasternet_s fastvit_t8 fbnetc_100 flexivit_small
    focalnet_tiny_srf gcresnet33ts gcvit_xxtiny gernet_s ghostnet_050 ghostnetv2_100 gmixer_12_224 gmlp_s16_224
    halonet26t hardcorenas_a hgnet_tiny hgnetv2_b0 hiera_tiny_224 hrnet_w18 inception_next_tiny inception_resnet_v2
    inception_v3 inception_v4 lambda_resnet26t lcnet_050 legacy_senet154 legacy_xception levit_128s mambaout_tiny
    mixer_s16_224 mixnet_s mnasnet_100 maxvit_nano_rw_256 mobilenetv1_100 mobilenetv2_100 mobilenetv3_small_050 mobilenetv4_conv_small
    mobileone_s0 mobilevit_s mobilevitv2_050 mvitv2_tiny nasnetalarge nest_tiny nextvit_small nf_resnet26 pit_s_224
    pnasnet5large poolformer_s12 pvt_v2_b0 rdnet_tiny regnetv_040 regnetx_004_tv regnety_004 regnetz_005
    repghostnet_050 repvgg_a0 repvit_m1 res2net50d resmlp_12_224 resnest14d resnet18 resnet26d resnetaa50
    resnetblur50 resnetv2_18 resnetv2_50x1_bit resnext50_32x4d rexnet_100 selecsls42 semnasnet_050 sequencer2d_s
    seresnet50 shvit_s1 skresnet18 spnasnet_100 starnet_s1 swiftformer_xs swin_s3_base_224
    swin_tiny_patch4_window7_224 swinv2_tiny_window8_256 tf_efficientnet_lite0 tiny_vit_5m_224 tinynet_a
    tnt_s_patch16_224 tresnet_l tresnet_m twins_svt_base vgg11 visformer_tiny vit_base_patch16_224
    vit_base_patch16_rope_224 vit_relpos_small_patch16_224 vit_tiny_r_s16_p8_224 vitamin_small_224 volo_d1_224
    vovnet39a wide_resnet50_2 xception41 xcit_nano_12_p8_224 xcit_tiny_12_p16_224
""".split()


def timm_cases():
    import timm

    known = set(timm.list_models())
    for name in TIMM:
        if name not in known:
            continue
        size = timm.get_pretrained_cfg(name)
        size = tuple(size.input_size) if size is not None else (3, 224, 224)
        yield Case(f"timm {name}", lambda name=name: timm.create_model(name), [(size, torch.float32)])


def transformers_cases():
    import transformers as t
    from transformers.models.whisper.modeling_whisper import WhisperEncoder

    tokens = [((64,), torch.int64)]
    small = {"num_hidden_layers": 4, "vocab_size": 4000}
    decoder = {**small, "hidden_size": 256, "intermediate_size": 512, "num_attention_heads": 8, "num_key_value_heads": 4}
    causal = {"use_cache": False}

    def case(name, make, inputs=tokens, kwargs=None):
        return Case(f"transformers {name}", make, inputs, kwargs)

    yield case("BertModel", lambda: t.BertModel(t.BertConfig(**small)))
    yield case("DistilBertModel", lambda: t.DistilBertModel(t.DistilBertConfig(n_layers=3, vocab_size=4000)))
    yield case("GPT2LMHeadModel", lambda: t.GPT2LMHeadModel(t.GPT2Config(n_layer=4, vocab_size=4000)), tokens, causal)
    yield case("LlamaForCausalLM", lambda: t.LlamaForCausalLM(t.LlamaConfig(**decoder)), tokens, causal)
    yield case("MistralForCausalLM", lambda: t.MistralForCausalLM(t.MistralConfig(**decoder)), tokens, causal)
    yield case("Qwen2ForCausalLM", lambda: t.Qwen2ForCausalLM(t.Qwen2Config(**decoder)), tokens, causal)
    yield case("Qwen3ForCausalLM", lambda: t.Qwen3ForCausalLM(t.Qwen3Config(**decoder, head_dim=32)), tokens, causal)
    yield case("T5EncoderModel", lambda: t.T5EncoderModel(t.T5Config(num_layers=3, vocab_size=4000)))
    yield case("WhisperEncoder", lambda: WhisperEncoder(t.WhisperConfig(encoder_layers=3)), [((80, 3000), torch.float32)])
    yield case("MambaForCausalLM", lambda: t.MambaForCausalLM(t.MambaConfig(num_hidden_layers=2, vocab_size=4000)), tokens, causal)
    yield case("CLIPVisionModel", lambda: t.CLIPVisionModel(t.CLIPVisionConfig(num_hidden_layers=3)), IMAGE)
    yield case("CLIPTextModel", lambda: t.CLIPTextModel(t.CLIPTextConfig(num_hidden_layers=3, vocab_size=4000, eos_token_id=2)))
    yield case("ViTModel", lambda: t.ViTModel(t.ViTConfig(num_hidden_layers=3)), IMAGE)
    yield case("DeiTModel", lambda: t.DeiTModel(t.DeiTConfig(num_hidden_layers=3)), IMAGE)
    yield case("Dinov2Model", lambda: t.Dinov2Model(t.Dinov2Config(num_hidden_layers=3)), IMAGE)
    yield case("ConvNextModel", lambda: t.ConvNextModel(t.ConvNextConfig()), IMAGE)
    yield case("ResNetModel", lambda: t.ResNetModel(t.ResNetConfig()), IMAGE)
    short = {"num_hidden_layers": 2, "vocab_size": 4000}
    wide = {**short, "hidden_size": 128, "intermediate_size": 256, "num_attention_heads": 4}
    grouped = {**wide, "num_key_value_heads": 2, "pad_token_id": 0}

    def made(name, inputs=tokens, kwargs=None, config=None, **options):
        config = config or re.sub(r"(Model|For(CausalLM|DepthEstimation|SemanticSegmentation|SequenceClassification))$", "Config", name)
        return case(name, lambda: getattr(t, name)(getattr(t, config)(**options)), inputs, kwargs)

    for name in ("RobertaModel", "ElectraModel", "DebertaModel", "DebertaV2Model", "SqueezeBertModel", "MobileBertModel", "XLMRobertaModel", "RoFormerModel", "MPNetModel"):
        yield made(name, **short)
    yield made("BertForSequenceClassification", **short)
    yield made("AlbertModel", **wide, embedding_size=64)
    yield made("ModernBertModel", **wide, pad_token_id=0)
    for name in ("GPTNeoXForCausalLM", "PhiForCausalLM"):
        yield made(name, kwargs=causal, **wide)
    grouping = "Phi3 Olmo Olmo2 Starcoder2 StableLm Cohere Granite SmolLM3 Nemotron Mixtral"
    for name in grouping.split():
        yield made(f"{name}ForCausalLM", kwargs=causal, **grouped)
    for name in ("GemmaForCausalLM", "Gemma2ForCausalLM", "HeliumForCausalLM", "Glm4ForCausalLM"):
        yield made(name, kwargs=causal, **grouped, head_dim=32)
    yield made("Gemma3ForCausalLM", kwargs=causal, config="Gemma3TextConfig", **grouped, head_dim=32)
    yield made("OPTForCausalLM", kwargs=causal, **short, hidden_size=128, ffn_dim=256, num_attention_heads=4, word_embed_proj_dim=128)
    yield made("GPTNeoForCausalLM", kwargs=causal, vocab_size=4000, num_layers=2, hidden_size=128, num_heads=4, attention_types=[[["global", "local"], 1]])
    yield made("GPTJForCausalLM", kwargs=causal, vocab_size=4000, n_layer=2, n_embd=128, n_head=4, rotary_dim=16)
    yield made("CodeGenForCausalLM", kwargs=causal, vocab_size=4000, n_layer=2, n_embd=128, n_head=8, rotary_dim=8)
    yield made("FalconForCausalLM", kwargs=causal, **short, hidden_size=128, num_attention_heads=4)
    yield made("BloomForCausalLM", kwargs=causal, vocab_size=4000, n_layer=2, hidden_size=128, n_head=4)
    yield made("MptForCausalLM", kwargs=causal, vocab_size=4000, n_layers=2, d_model=128, n_heads=4)
    yield made("XGLMForCausalLM", kwargs=causal, vocab_size=4000, num_layers=2, d_model=128, ffn_dim=256, attention_heads=4)
    yield made("Mamba2ForCausalLM", kwargs=causal, **short, hidden_size=128, num_heads=8, head_dim=32, n_groups=1, state_size=16)
    yield made("FalconMambaForCausalLM", kwargs=causal, **short, hidden_size=128)
    bart = {"vocab_size": 4000, "encoder_layers": 2, "d_model": 128, "encoder_ffn_dim": 256, "encoder_attention_heads": 4}
    yield case("BartEncoder", lambda: t.models.bart.modeling_bart.BartEncoder(t.BartConfig(**bart)))
    for name in ("SiglipVisionModel", "Data2VecVisionModel", "BeitModel", "Dinov2WithRegistersModel", "ViTMSNModel", "ViTMAEModel", "IJepaModel"):
        yield made(name, IMAGE, num_hidden_layers=2)
    yield made("DPTForDepthEstimation", [((3, 384, 384), torch.float32)], num_hidden_layers=4, backbone_out_indices=[0, 1, 2, 3])
    yield made("YolosModel", [((3, 512, 864), torch.float32)], num_hidden_layers=2)
    plainly = "ConvNextV2 RegNet PvtV2 Cvt PoolFormer FocalNet Bit MobileNetV1 MobileNetV2 EfficientNet SwiftFormer Hiera TextNet Swin Levit"
    for name in plainly.split():
        yield made(f"{name}Model", IMAGE)
    for name in ("MobileViTModel", "MobileViTV2Model"):
        yield made(name, [((3, 256, 256), torch.float32)])
    yield made("SegformerForSemanticSegmentation", [((3, 128, 128), torch.float32)])
    yield made("GLPNForDepthEstimation", [((3, 128, 128), torch.float32)])
    for name in ("Wav2Vec2Model", "HubertModel", "WavLMModel", "SEWModel", "UniSpeechModel", "Data2VecAudioModel"):
        yield made(name, [((16000,), torch.float32)], num_hidden_layers=2)
    yield made("ASTModel", [((1024, 128), torch.float32)], num_hidden_layers=2)
    yield case("SegformerForImageClassification", lambda: t.SegformerForImageClassification(t.SegformerConfig()), IMAGE)


def smp_cases():
    import segmentation_models_pytorch as smp

    for encoder in ("resnet34", "mobilenet_v2", "efficientnet-b0"):
        make = lambda encoder=encoder: smp.Unet(encoder, encoder_weights=None)  # noqa: E731
        yield Case(f"segmentation_models_pytorch Unet {encoder}", make, [((3, 224, 224), torch.float32)])
    for arch in ("UnetPlusPlus", "FPN", "PSPNet", "DeepLabV3", "DeepLabV3Plus", "Linknet", "MAnet", "PAN", "UPerNet", "Segformer"):
        make = lambda arch=arch: getattr(smp, arch)("resnet18", encoder_weights=None)  # noqa: E731
        yield Case(f"segmentation_models_pytorch {arch} resnet18", make, [((3, 128, 128), torch.float32)])


GROUPS = {"torchvision": torchvision_cases, "timm": timm_cases, "transformers": transformers_cases, "smp": smp_cases}

#: What continuous integration tries.
SOME = """
    alexnet convnext_tiny deeplabv3_resnet50 densenet121 efficientnet_b0 googlenet inception_v3 mnasnet0_5 mobilenet_v3_small
    regnet_y_400mf resnet50 shufflenet_v2_x0_5 squeezenet1_1 swin_t vgg11_bn vit_b_16
""".split() + [
    "timm deit_tiny_patch16_224", "timm convnext_nano", "transformers ViTModel", "transformers DistilBertModel",
]


def imported(case: Case) -> tuple[nn.Module, str]:
    """The model and its source; with its weights where the numbers of what is left empty without count."""
    model = quick(case.make, case.meta)
    try:
        return model, to_network(model, case.inputs, name="Net", kwargs=case.kwargs)
    except NetworkError:
        if not any(tensor.is_meta for tensor in model.state_dict().values()):
            raise
    model = case.make()
    return model, to_network(model, case.inputs, name="Net", kwargs=case.kwargs)


def tried(cases: list[Case], folder: Path) -> dict[str, tuple[int, str]]:
    """For each case the lines of its source and `exact`, or the reason."""
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(cases), CRATE):
        sources: dict[str, str] = {}
        names: dict[str, str] = {}
        (folder / "state").mkdir(parents=True, exist_ok=True)
        for case in cases[start : start + CRATE]:
            began = time.monotonic()
            try:
                model, text = imported(case)
            except NetworkError as error:
                found[case.name] = 0, reason(str(error))
                continue
            except Exception as error:  # A table of models goes on with the next.
                found[case.name] = 0, f"{type(error).__name__}: {error}".split("\n")[0][:120]
                continue
            module = re.sub(r"\W", "_", case.name).lower()
            sources[module] = text
            names[module] = case.name
            (folder / "state" / module).write_bytes(header(state(model, text)))
            print(f"{case.name}: {text.count(chr(10))} lines, {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
        lines = {module: text.count("\n") - 2 for module, text in sources.items()}
        while sources:
            crate.write(folder, sources)
            ran = crate.cargo(folder, "run")
            if ran.returncode == 0:
                break
            wrong = crate.errors_by_module(ran.stderr)
            if not wrong:
                raise RuntimeError(ran.stderr[-3000:])
            for module, error in wrong.items():
                sources.pop(module)
                found[names[module]] = 0, "does not compile: " + error.split("\n")[0].removeprefix("error: ")[:120]
        if not sources:
            continue
        said = dict(line.split(": ", 1) for line in ran.stdout.splitlines() if re.match(r"\w+: ", line))
        for module in sources:
            exact = said.get(module, "").endswith(" tensors")
            found[names[module]] = lines[module], "exact" if exact else "other tensors: " + said.get(module, "")[:100]
    return found


def state(model: nn.Module, text: str) -> dict[str, torch.Tensor]:
    """What a checkpoint of the model has, without the parts that nothing reads as it evaluates."""
    skipped = re.search(r"Without (.*?), which nothing", text)
    unread = tuple(re.findall(r"`([^`]+)`", skipped[1])) if skipped else ()
    seen: set[int] = set()
    kept = {}
    for name, tensor in model.state_dict(keep_vars=True).items():
        if id(tensor) in seen or any(name == n or name.startswith(n + ".") for n in unread):
            continue
        seen.add(id(tensor))
        kept[name] = tensor
    return kept


def reason(error: str) -> str:
    text = error.split("\n")[0]
    return text if len(text) <= 150 else text[:147] + "..."


def table(found: dict[str, tuple]) -> str:
    """The table; with a column of how far outputs are apart where they were compared."""
    exact = sum(1 for row in found.values() if row[1] == "exact")
    rows = [f"{exact} of {len(found)} are exact: equal parameters, MACs, and tensors."]
    apart = [float(row[2]) for row in found.values() if len(row) > 2 and row[2]]
    if apart:
        rows[0] += f" Outputs of {len(apart)} were compared: at most {max(apart):.0e} of the largest value apart."
    rows += ["", "| Model | Lines | | Apart |", "|:--|--:|:--|--:|"]
    for name, (lines, verdict, *far) in found.items():
        rows.append(f"| {name} | {lines or ''} | {verdict.replace('|', '/')} | {far[0] if far else ''} |")
    return "\n".join(rows)


def write(found: dict[str, tuple]) -> None:
    """Puts the table into README.md."""
    readme = README.read_text()
    begin, end = "<!-- table -->", "<!-- end of table -->"
    head, _, rest = readme.partition(begin)
    README.write_text(head + begin + "\n" + table(found) + "\n" + end + rest.partition(end)[2])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", help="torchvision, timm, transformers, or names of models")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--some", action="store_true")
    parser.add_argument("--folder")
    given = parser.parse_args()
    # Of segmentation_models_pytorch's none is tried continuously: it need not be there.
    every = [g for g in GROUPS if not (given.some and g == "smp")]
    wanted = [g for g in given.groups if g in GROUPS] or every
    single = [g for g in given.groups if g not in GROUPS]
    cases = [case for group in wanted for case in GROUPS[group]()]
    if given.some:
        cases = [case for case in cases if case.name in SOME]
    if single:
        cases = [case for case in cases if case.name in single or case.name.split(" ")[-1] in single]
    with tempfile.TemporaryDirectory() as temporary:
        found = tried(cases, Path(given.folder or temporary))
    found = {case.name: found[case.name] for case in cases}
    if given.write:
        write(found)
    print(table(found))
    return 1 if given.some and any(verdict != "exact" for _, verdict in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
