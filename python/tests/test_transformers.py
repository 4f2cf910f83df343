"""Models of transformers: without memory for their weights, and what their layers compute."""

import pytest
import shapewise
import torch
from shapewise import NetworkError, to_network

transformers = pytest.importorskip("transformers")

TOKENS = [((12,), torch.int64)]
SMALL = {"num_hidden_layers": 2, "vocab_size": 40, "hidden_size": 32}


def llama():
    config = transformers.LlamaConfig(**SMALL, intermediate_size=64, num_attention_heads=4, num_key_value_heads=2)
    return transformers.LlamaForCausalLM(config)


def source(model):
    return to_network(model, TOKENS, name="Net", kwargs={"use_cache": False})


def test_a_model_without_weights_is_the_same_network():
    with shapewise.meta():
        empty = llama()
    assert all(p.device.type == "meta" for n, p in empty.named_parameters() if "norm" not in n)
    assert source(empty) == source(llama())


def test_buffers_without_numbers_are_named():
    with torch.device("meta"):
        empty = llama()
    with pytest.raises(NetworkError, match=r"`model.rotary_emb.inv_freq`.*meta device.*shapewise.meta"):
        source(empty)


def test_scans_and_found_positions_compute_what_the_model_does(computed):
    mamba = transformers.MambaForCausalLM(transformers.MambaConfig(**SMALL, state_size=4, use_cache=False))
    heads = {"intermediate_size": 64, "num_attention_heads": 4}
    # The highest token ends a text: its position is what is read.
    clip = transformers.CLIPTextModel(transformers.CLIPTextConfig(**SMALL, **heads, eos_token_id=2))
    tokens = torch.randint(0, 40, (2, 12), generator=torch.Generator().manual_seed(3))
    wrong = computed({"mamba": (mamba, [tokens]), "clip": (clip, [tokens])})
    assert not wrong, wrong
