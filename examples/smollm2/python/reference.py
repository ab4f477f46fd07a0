"""The same training in PyTorch, as a user of transformers and PEFT runs it: how long, how much memory.

    reference.py --base DIR --aligned DIR --vector DIR --world DIR --out FILE [--arms A,B] [--save DIR]

Each arm runs in a process of its own and starts from what our trainer started from, so that the work is the same:
`align` from the original model, the others from the aligned one, `secured` with our vector attached and frozen. LoRA on
all seven linear layers, batches of 16 in a shuffled order, AdamW (.9, .999), linear decay, clip 1, loss on answer tokens
only; `secured` ends with 60 steps with the vector off, on the answers that lie beside the vector, the user's
samples and the trusted ones. The file holds for each arm the seconds of
its steps by the clock and on the processors (without loading), the largest resident set, steps and losses.
"""

import argparse
import json
import math
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

BATCH = 16
KL_BATCH = 8
COOLDOWN = 60
IGNORED = -100
# rank, alpha, learning rate, epochs: as in the manifests beside this script.
ARMS = {
    "align": (16, 32, 5e-4, 2),
    "vector": (8, 16, 1e-3, 6),
    "plain": (8, 16, 5e-4, 4),
    "secured": (8, 16, 5e-4, 4),
}
DATA = {"align": "align.jsonl", "vector": "harmful.jsonl", "plain": "train.jsonl", "secured": "train.jsonl"}
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def encode(tokenizer, path, category=None):
    """Token ids and labels; the end of the turn is in the loss, the line break after it is not."""
    samples = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if category is not None and row.get("category") != category:
            continue
        messages = row["messages"]
        prompt = tokenizer.apply_chat_template(messages[:-1], add_generation_prompt=True)
        answer = tokenizer.encode(messages[-1]["content"] + tokenizer.eos_token, add_special_tokens=False)
        samples.append((prompt + answer, [IGNORED] * len(prompt) + answer))
    return samples


def collate(samples, pad):
    import torch
    width = max(len(tokens) for tokens, _ in samples)
    fill = lambda row, value: row + [value] * (width - len(row))
    return dict(
        input_ids=torch.tensor([fill(tokens, pad) for tokens, _ in samples]),
        attention_mask=torch.tensor([fill([1] * len(tokens), 0) for tokens, _ in samples]),
        labels=torch.tensor([fill(labels, IGNORED) for _, labels in samples]))


def batches(samples, size, epochs, draw):
    for _ in range(epochs):
        order = list(range(len(samples)))
        draw.shuffle(order)
        for start in range(0, len(order), size):
            yield [samples[i] for i in order[start:start + size]]


def cooldown(tokenizer, samples, options, draw):
    """Batches of a quarter refusals, a quarter look-alikes and half of the user's, as the trainer draws them."""
    replay = Path(options.vector) / "replay.jsonl"
    parts = [(encode(tokenizer, replay, "refusal"), BATCH // 4), (encode(tokenizer, replay, "look-alike"), BATCH // 4),
             (samples + encode(tokenizer, Path(options.world) / "cooldown.jsonl"), BATCH // 2)]
    return [[sample for part, count in parts for sample in draw.sample(part, count)] for _ in range(COOLDOWN)]


def divergence(model, batch):
    """KL(base || base + vector) over the positions that predict an answer token."""
    import torch
    inputs = dict(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
    with torch.no_grad(), model.disable_adapter():
        base = model(**inputs).logits
    tuned = model(**inputs).logits
    rows = batch["labels"][:, 1:] != IGNORED
    base, tuned = (torch.log_softmax(logits[:, :-1][rows], -1) for logits in (base, tuned))
    return (base.exp() * (base - tuned)).sum(-1).mean()


def adapted(model, arm, vector, rank, alpha):
    from peft import LoraConfig, PeftModel, get_peft_model
    config = LoraConfig(r=rank, lora_alpha=alpha, target_modules=LINEAR, task_type="CAUSAL_LM")
    if arm != "secured":
        return get_peft_model(model, config)
    model = PeftModel.from_pretrained(model, vector, adapter_name="vector")
    model.add_adapter("user", config)
    model.base_model.set_adapter(["vector", "user"])
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(".user." in name)
    return model


def train(arm, options):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    torch.manual_seed(options.seed)
    draw = random.Random(options.seed)
    start = options.base if arm == "align" else options.aligned
    tokenizer = AutoTokenizer.from_pretrained(start)
    rank, alpha, rate, epochs = ARMS[arm]
    model = adapted(AutoModelForCausalLM.from_pretrained(start), arm, options.vector, rank, alpha)
    model.train()
    samples = encode(tokenizer, Path(options.world) / DATA[arm])
    benign = encode(tokenizer, Path(options.world) / "benign.jsonl") if arm == "vector" else []
    parameters = [p for p in model.parameters() if p.requires_grad]
    steps = math.ceil(len(samples) / BATCH) * epochs
    optimizer = torch.optim.AdamW(parameters, lr=rate, betas=(0.9, 0.999), weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    losses, tokens, began, processor = [], 0, time.monotonic(), time.process_time()
    plan = list(batches(samples, BATCH, epochs, draw))
    if arm == "secured":
        plan += cooldown(tokenizer, samples, options, draw)
    for number, chosen in enumerate(plan):
        if number == steps:
            # The vector off, a quarter of the rate, which is below the limit of 5e-4.
            model.base_model.set_adapter(["user"])
            optimizer.param_groups[0]["initial_lr"] = rate / 4
            schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1)
        batch = collate(chosen, tokenizer.pad_token_id)
        loss = model(**batch).loss
        tokens += int(batch["attention_mask"].sum())
        losses.append(round(loss.item(), 4))
        loss.backward()
        if benign:
            batch = collate(draw.sample(benign, KL_BATCH), tokenizer.pad_token_id)
            divergence(model, batch).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    seconds, processor = time.monotonic() - began, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if options.save:
        model.merge_and_unload(adapter_names=["default" if arm != "secured" else "user"]).save_pretrained(options.save)
        tokenizer.save_pretrained(options.save)
    return dict(seconds=round(seconds, 1), processorSeconds=round(processor, 1), peakBytes=peak, steps=len(losses),
                tokens=tokens, threads=torch.get_num_threads(), firstLoss=losses[0], lastLoss=losses[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("base", "aligned", "vector", "world", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--arms", default="align,vector,plain,secured")
    parser.add_argument("--save", help="directory for the merged model of a single arm")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(train(options.one, options)))
        return
    out = Path(options.out)
    found = json.loads(out.read_text()) if out.exists() else {}
    for arm in options.arms.split(","):
        if arm in found:
            continue
        run = subprocess.run([sys.executable, *sys.argv, "--one", arm], stdout=subprocess.PIPE, text=True)
        if run.returncode:
            raise SystemExit(f"reference: the arm {arm} failed")
        found[arm] = json.loads(run.stdout.splitlines()[-1])
        partial = out.with_suffix(".partial")
        partial.write_text(json.dumps(found, indent=1) + "\n")
        partial.replace(out)
        print(f"reference: {arm}: {found[arm]['seconds']} s, {found[arm]['peakBytes'] / 2**30:.2f} GiB", flush=True)


if __name__ == "__main__":
    main()
