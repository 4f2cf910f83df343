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


def test_positions_and_masks_of_every_kind_compute_what_the_models_do(computed):
    t = transformers
    heads = {**SMALL, "intermediate_size": 64, "num_attention_heads": 4, "use_cache": False}
    grouped = {**heads, "num_key_value_heads": 2, "pad_token_id": 0}
    short = {"vocab_size": 40, "use_cache": False}
    models = {
        # Turned in part, in neighbours, and with the heads behind the positions.
        "neox": t.GPTNeoXForCausalLM(t.GPTNeoXConfig(**heads)),
        "helium": t.HeliumForCausalLM(t.HeliumConfig(**grouped, head_dim=8)),
        "gptj": t.GPTJForCausalLM(t.GPTJConfig(**short, n_layer=1, n_embd=32, n_head=4, rotary_dim=4)),
        # Windows that slide, scores below a cap, a base for each kind of layer.
        "gemma2": t.Gemma2ForCausalLM(t.Gemma2Config(**grouped, head_dim=8, sliding_window=5, attn_logit_softcapping=2.0)),
        "gemma3": t.Gemma3ForCausalLM(t.Gemma3TextConfig(**grouped, head_dim=8, sliding_window=5)),
        "modernbert": t.ModernBertModel(t.ModernBertConfig(**SMALL, intermediate_size=64, num_attention_heads=4, local_attention=4, pad_token_id=0)),
        # Scores that lessen with the distance.
        "bloom": t.BloomForCausalLM(t.BloomConfig(**short, n_layer=1, hidden_size=48, n_head=6)),
        "mpt": t.MptForCausalLM(t.MptConfig(**short, n_layers=1, d_model=32, n_heads=4)),
        # Positions that begin behind 0.
        "roberta": t.RobertaModel(t.RobertaConfig(**SMALL, intermediate_size=64, num_attention_heads=4)),
        "opt": t.OPTForCausalLM(t.OPTConfig(**short, num_hidden_layers=1, hidden_size=32, ffn_dim=64, num_attention_heads=4, word_embed_proj_dim=32)),
    }
    tokens = torch.randint(2, 40, (2, 12), generator=torch.Generator().manual_seed(3))
    wrong = computed({name: (model, [tokens]) for name, model in models.items()})
    assert not wrong, wrong


def test_scans_and_found_positions_compute_what_the_model_does(computed):
    mamba = transformers.MambaForCausalLM(transformers.MambaConfig(**SMALL, state_size=4, use_cache=False))
    heads = {"intermediate_size": 64, "num_attention_heads": 4}
    # The highest token ends a text: its position is what is read.
    clip = transformers.CLIPTextModel(transformers.CLIPTextConfig(**SMALL, **heads, eos_token_id=2))
    tokens = torch.randint(0, 40, (2, 12), generator=torch.Generator().manual_seed(3))
    wrong = computed({"mamba": (mamba, [tokens]), "clip": (clip, [tokens])})
    assert not wrong, wrong
