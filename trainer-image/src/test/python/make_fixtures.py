"""Makes the parity fixtures: tiny checkpoints of each family and what transformers, PEFT and torch compute with them.

    python -m venv build/fixtures && build/fixtures/bin/pip install -r requirements.txt
    build/fixtures/bin/python make_fixtures.py [CASE …]

The files are described in ../resources/parity/README.md. Without a case it makes the tokenizers' fixtures too, with
make_tokenizers.py. One thread and fixed seeds: on one machine the same
files come out each time; elsewhere the last bits of a float32 may differ.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy, log_softmax
from transformers import AutoConfig, AutoModelForCausalLM

import compact
import make_tokenizers

OUT = Path(__file__).resolve().parents[1] / "resources" / "parity"
SHAPE = dict(vocab_size=64, num_hidden_layers=2, max_position_embeddings=128, rms_norm_eps=1e-5,
             initializer_range=0.2, bos_token_id=1, eos_token_id=2, attn_implementation="eager")
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
FUSED = ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]
SMALL = dict(hidden_size=16, intermediate_size=24, num_attention_heads=4, num_key_value_heads=2, pad_token_id=0)
FULL, NEAR = "full_attention", "sliding_attention"
# Windows are shorter than most texts, caps are as low as the scores, and factors are large enough to show.
CASES = {
    "gqa": dict(hidden_size=16, intermediate_size=24, num_attention_heads=4, num_key_value_heads=2,
                tie_word_embeddings=False, rope_theta=10000.0),
    "tied-bias": dict(hidden_size=16, intermediate_size=24, num_attention_heads=4, num_key_value_heads=1,
                      head_dim=8, attention_bias=True, tie_word_embeddings=True, rope_theta=100000.0),
    # Wavelengths of 16-wide heads at this theta and 64 original positions: one kept, one smoothed, six divided.
    "llama3-rope": dict(hidden_size=16, intermediate_size=24, num_attention_heads=2, num_key_value_heads=2,
                        head_dim=16, tie_word_embeddings=False, rope_theta=500000.0,
                        rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0,
                                          high_freq_factor=4.0, original_max_position_embeddings=64)),
    "llama-linear": dict(SMALL, rope_scaling=dict(rope_type="linear", factor=4.0)),
    "llama-dynamic": dict(SMALL, rope_scaling=dict(rope_type="dynamic", factor=4.0)),
    "mistral": dict(SMALL, model_type="mistral", head_dim=8, sliding_window=6),
    "qwen2": dict(SMALL, model_type="qwen2", tie_word_embeddings=True, use_sliding_window=True, sliding_window=6,
                  max_window_layers=1),
    "qwen3": dict(SMALL, model_type="qwen3", head_dim=8, tie_word_embeddings=True, rope_theta=1e6,
                  rope_scaling=dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=32)),
    "gemma2": dict(SMALL, model_type="gemma2", head_dim=8, sliding_window=6, query_pre_attn_scalar=12,
                   attn_logit_softcapping=1.5, final_logit_softcapping=4.0),
    "gemma3": dict(SMALL, model_type="gemma3_text", num_hidden_layers=3, head_dim=8, sliding_window=6,
                   query_pre_attn_scalar=12, layer_types=[NEAR, FULL, NEAR], rope_theta=1e6, rope_local_base_freq=1e4,
                   rope_scaling=dict(rope_type="linear", factor=8.0)),
    "phi3": dict(SMALL, model_type="phi3", hidden_size=32, partial_rotary_factor=0.5, sliding_window=10,
                 original_max_position_embeddings=32,
                 rope_scaling=dict(type="longrope", short_factor=[1.1, 1.4], long_factor=[2.0, 5.0])),
    "granite": dict(SMALL, model_type="granite", embedding_multiplier=3.0, residual_multiplier=0.4,
                    attention_multiplier=0.3, logits_scaling=2.0, attention_bias=True),
    "olmo2": dict(SMALL, model_type="olmo2"),
    "smollm3": dict(SMALL, model_type="smollm3", num_hidden_layers=3, no_rope_layers=[1, 0, 1]),
}
LENGTHS = [[5, 12, 9, 3], [40, 7], [11, 11, 17]]
BETA = 0.7
OPTIMIZER = dict(learningRate=0.01, epsilon=1e-8, weightDecay=0.01, maxGradientNorm=1.0)


def make_model(name, seed, dtype):
    torch.manual_seed(seed)
    settings = {**SHAPE, **CASES[name]}
    config = AutoConfig.for_model(settings.pop("model_type", "llama"), **settings)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    # Gemma stores a norm's gain less 1.
    gain = 0 if name.startswith("gemma") else 1
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if key.endswith("norm.weight"):
                parameter.copy_(gain + 0.3 * torch.randn_like(parameter))
            elif key.endswith("bias"):
                parameter.copy_(0.3 * torch.randn_like(parameter))
    return model.to(dtype)


def make_batches(seed):
    """Ragged tokens with a mark on each token that is a label; some samples have two marked stretches."""
    generator = torch.Generator().manual_seed(seed)
    draw = lambda low, high, size: torch.randint(low, high, (size,), generator=generator).tolist()
    batches = []
    for lengths in LENGTHS:
        tokens = [[1] + draw(3, 64, length - 1) for length in lengths]
        marks = []
        for length in lengths:
            start = max(1, length // 3)
            mark = [1 if i >= start else 0 for i in range(length)]
            if length > 10:
                mark[length // 2] = mark[length // 2 + 1] = 0
            marks.append(mark)
        batches.append(dict(tokens=tokens, labels=marks))
    return batches


def padded(batch):
    width = max(map(len, batch["tokens"]))
    fill = lambda rows: torch.tensor([row + [0] * (width - len(row)) for row in rows])
    attention = fill([[1] * len(row) for row in batch["tokens"]])
    return fill(batch["tokens"]), attention, fill(batch["labels"]).bool()


def logits_of(model, batch):
    tokens, attention, _ = padded(batch)
    if model.config.model_type != "phi3":
        return model(input_ids=tokens, attention_mask=attention).logits.float()
    # Its rotation hangs on the longest text of a batch, so each text is one.
    rows = [model(input_ids=torch.tensor([row])).logits[0].float() for row in batch["tokens"]]
    return torch.stack([torch.cat([row, row.new_zeros(tokens.shape[1] - len(row), row.shape[1])]) for row in rows])


def greedy(model, batch):
    """16 tokens after each text, with nothing that ends one."""
    model.generation_config.eos_token_id = None
    answers = []
    for row in batch["tokens"]:
        tokens = torch.tensor([row])
        out = model.generate(tokens, attention_mask=torch.ones_like(tokens), max_new_tokens=16, do_sample=False,
                             pad_token_id=0)
        answers.append(out[0, len(row):].tolist())
    return answers


def sample_losses(model, batch):
    """Per sample: summed negative log-likelihood of its label tokens, and their number."""
    tokens, _, labels = padded(batch)
    logits = logits_of(model, batch)
    each = cross_entropy(logits[:, :-1].transpose(1, 2), tokens[:, 1:], reduction="none")
    return (each * labels[:, 1:]).sum(1), labels[:, 1:].sum(1)


def batch_loss(model, batch):
    sums, counts = sample_losses(model, batch)
    return sums.sum() / counts.sum()


def kl_term(model, batch):
    """KL(base || base + vector) at the positions that predict a label token, averaged over them."""
    _, _, labels = padded(batch)
    with torch.no_grad(), model.disable_adapter():
        base = log_softmax(logits_of(model, batch), -1)
    tuned = log_softmax(logits_of(model, batch), -1)
    each = (base.exp() * (base - tuned)).sum(-1)[:, :-1]
    return (each * labels[:, 1:]).sum() / labels[:, 1:].sum()


def plain_key(key):
    return key.replace(".default.", ".")


def trained(model):
    return {plain_key(k): p for k, p in model.named_parameters() if p.requires_grad}


def gradients(model, loss):
    model.zero_grad()
    loss.backward()
    return {k: p.grad.clone() for k, p in trained(model).items()}


def three_steps(model, batches, beta2):
    parameters = list(trained(model).values())
    optimizer = torch.optim.AdamW(parameters, lr=OPTIMIZER["learningRate"], betas=(0.9, beta2),
                                  eps=OPTIMIZER["epsilon"], weight_decay=OPTIMIZER["weightDecay"])
    steps = []
    for batch in batches:
        optimizer.zero_grad()
        loss = batch_loss(model, batch)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, OPTIMIZER["maxGradientNorm"])
        optimizer.step()
        steps.append(dict(loss=loss.item(), gradientNorm=norm.item()))
    return steps, {k: p.detach().clone() for k, p in trained(model).items()}


def linear(model):
    return FUSED if model.config.model_type == "phi3" else LINEAR


def with_lora(model, seed):
    torch.manual_seed(seed)
    model = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, task_type="CAUSAL_LM",
                                             target_modules=linear(model)))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "lora_B" in key:
                parameter.copy_(0.2 * torch.randn_like(parameter))
    return model


def save_checkpoint(model, folder):
    model.save_pretrained(folder, safe_serialization=True)
    (folder / "generation_config.json").unlink(missing_ok=True)


def save_adapter(model, folder):
    model.save_pretrained(folder, safe_serialization=True)
    (folder / "README.md").unlink()
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "checkpoint"
    config["target_modules"].sort()
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")


def write_case(folder, name, seed, dtype):
    save_checkpoint(make_model(name, seed, dtype), folder / "checkpoint")
    fresh = lambda: AutoModelForCausalLM.from_pretrained(folder / "checkpoint", torch_dtype=torch.float32,
                                                         attn_implementation="eager")
    adapted = lambda: with_lora(fresh(), seed + 1)
    batches = make_batches(seed + 2)
    (folder / "batches.json").write_text(json.dumps(batches) + "\n")

    values, tensors = dict(optimizer=OPTIMIZER, klWeight=BETA), {}
    keep = lambda prefix, found: tensors.update({f"{prefix}/{k}": t for k, t in found.items()})
    for arm, model in dict(base=fresh(), lora=adapted()).items():
        with torch.no_grad():
            _, attention, _ = padded(batches[0])
            tensors[f"logits/{arm}"] = logits_of(model, batches[0]) * attention[:, :, None]
            values[arm] = [dict(sampleLoss=(s / n).tolist(), labels=n.tolist(), batchLoss=(s.sum() / n.sum()).item())
                           for s, n in (sample_losses(model, batch) for batch in batches)]
        values[arm + "Greedy"] = greedy(model, batches[0])
    model = adapted()
    save_adapter(model, folder / "adapter")
    if dtype == torch.float32:
        keep("gradient", gradients(model, batch_loss(model, batches[0])))
        kl = kl_term(model, batches[1])
        values["kl"] = kl.item()
        keep("kl-gradient", gradients(model, BETA * kl))
        values["lora98"], found = three_steps(adapted(), batches, 0.98)
        keep("lora98", found)
        values["lora999"], found = three_steps(adapted(), batches, 0.999)
        keep("lora999", found)
        values["full"], found = three_steps(fresh(), batches, 0.999)
        keep("full", found)
    merged = adapted().merge_and_unload().state_dict()
    keep("merged", {k: t.to(dtype) for k, t in merged.items() if k.split(".")[-2] in LINEAR + FUSED})
    save_file({k: t.contiguous().clone() for k, t in tensors.items()}, folder / "expected.safetensors",
              metadata={"format": "pt"})
    (folder / "expected.json").write_text(compact.text(values))


def main():
    torch.set_num_threads(1)
    asked = sys.argv[1:] or [*CASES, "gqa-bf16"]
    for name in asked:
        shutil.rmtree(OUT / name, ignore_errors=True)
        if name == "gqa-bf16":
            write_case(OUT / name, "gqa", 100, torch.bfloat16)
        else:
            write_case(OUT / name, name, 10 * list(CASES).index(name), torch.float32)
        tensors = load_file(OUT / name / "expected.safetensors")
        finite = all(t.isfinite().all() for t in tensors.values())
        print(name, len(tensors), "tensors", "finite" if finite else "NOT FINITE")
    if not sys.argv[1:]:
        make_tokenizers.main([])


if __name__ == "__main__":
    main()
