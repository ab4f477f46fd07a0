"""The same computations by transformers and PEFT."""

import pathlib

import torch
from transformers import AutoConfig, AutoModelForCausalLM


def model(folder, dtype, device):
    """A causal language model of a case's configuration; random weights."""
    config = AutoConfig.from_pretrained(str(pathlib.Path(folder)))
    # Where scores are capped, sdpa would leave the cap out without a word.
    attention = "eager" if getattr(config, "attn_logit_softcapping", None) else "sdpa"
    with torch.device(device):
        return AutoModelForCausalLM.from_config(config, dtype=dtype, attn_implementation=attention)


def documents(case):
    """Token ids, and of each document the rows that are scored."""
    tokens, rows, starts = case.tensor("x.0"), case.tensor("x.5"), case.tensor("x.8").long()
    found = []
    for first, end in zip(starts[:-1].tolist(), starts[1:].tolist()):
        own = rows[(rows >= first) & (rows < end)] - first
        found.append((tokens[first:end], own))
    return found


def results(case, dtype):
    """Logits, losses and the adapter's gradients, by the names that the kernels' results have; dtype is that of the weights."""
    device, text = case.device, case.text
    found = model(case.folder, dtype, device).eval()
    weights = dict(zip((w["name"] for w in text["weights"]), case.tensors("w")))
    a = [t.clone().requires_grad_() for t in case.tensors("a")]
    b = [(t / text["scale"]).requires_grad_() for t in case.tensors("b")]
    with torch.enable_grad():
        named = {name: weight.to(dtype) for name, weight in weights.items()}
        for module, down, up in zip(text["modules"], a, b):
            name = module["name"] + ".weight"
            named[name] = (weights[name] + text["scale"] * up @ down).to(dtype)
        logits = []
        for tokens, rows in documents(case):
            # A document by itself: longrope chooses its factors by the length of what it is given.
            out = torch.func.functional_call(found, named, (tokens[None],), {"use_cache": False}, tie_weights=True)
            logits.append(out.logits[0].float()[rows])
        logits = torch.cat(logits)
        losses = torch.nn.functional.cross_entropy(logits, case.tensor("x.6"), reduction="none")
        gradients = torch.autograd.grad(losses.sum() * text["weight"], a + b)
    return {
        "logits": logits.detach(),
        "nll": losses.detach(),
        "nll.a": list(gradients[: len(a)]),
        "nll.b": list(gradients[len(a) :]),
    }


def trainer(folder, device, dtype, rank, checkpointing):
    """A step of PEFT's LoRA: a function of input ids, attention mask and labels."""
    from peft import LoraConfig, get_peft_model

    base = model(folder, dtype, device)
    if checkpointing:
        base.gradient_checkpointing_enable({"use_reentrant": False})
        base.enable_input_require_grads()
    base.config.use_cache = False
    wrapped = get_peft_model(
        base, LoraConfig(r=rank, lora_alpha=rank, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM")
    )
    wrapped.train()
    learning = [p for p in wrapped.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=1e-4, fused=device.type == "cuda")

    def step(ids, mask, labels):
        with torch.enable_grad():
            wrapped(input_ids=ids, attention_mask=mask, labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)

    return step
