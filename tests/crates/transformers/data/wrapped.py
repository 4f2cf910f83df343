"""GPT-2 as people have it: saved out of a wrapper, in half precision, its weights transposed as `Conv1D` stores them.

    python wrapped.py          # beside gpt2/: wrapped.safetensors, wrapped_io.safetensors

The outputs are those of the rounded weights in single precision.
"""
import json, os, torch, transformers as T
from safetensors.torch import load_file, save_file

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gpt2")
config = json.load(open(f"{here}/config.json"))["config"]
model = T.GPT2LMHeadModel(T.GPT2Config(**config, attn_implementation="eager")).eval()
model.load_state_dict(load_file(f"{here}/model.safetensors"), strict=False)
model.tie_weights()
ids = load_file(f"{here}/io.safetensors")["input.input_ids"]
model = torch.nn.DataParallel(model.half())
state = {name: tensor.clone() for name, tensor in model.state_dict().items() if "lm_head" not in name}
assert state["module.transformer.h.0.attn.c_attn.weight"].shape == (32, 96)
save_file(state, f"{here}/wrapped.safetensors")
with torch.no_grad():
    logits = model.module.float()(ids, use_cache=False).logits
save_file({"output.logits": logits.contiguous()}, f"{here}/wrapped_io.safetensors")
