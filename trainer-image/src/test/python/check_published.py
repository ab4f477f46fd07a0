"""Loads what the trainer published with transformers and PEFT, and compares losses and greedy answers.

    trainer score    --model M [--adapter A] --dataset D --out SCORES
    trainer generate --model M [--adapter A] --dataset D --out ANSWERS
    python check_published.py [--model M] [--adapter A] --dataset D --scores SCORES --answers ANSWERS

Without --model the adapter's directory alone has to lead to everything: to the base by its configuration, and to the
tokenizer and the chat template beside it.

Ends with 1 when a loss differs by more than 1e-4 nats a token, or fewer than 95 in 100 answers are token for token the
same.
"""

import argparse
import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def rows(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def load(options):
    if not options.model:
        from peft import AutoPeftModelForCausalLM

        return AutoPeftModelForCausalLM.from_pretrained(options.adapter, torch_dtype=torch.float32)
    model = AutoModelForCausalLM.from_pretrained(options.model, torch_dtype=torch.float32)
    if options.adapter:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, options.adapter)
    return model


def main():
    parser = argparse.ArgumentParser()
    for name in ("dataset", "scores", "answers"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--model")
    parser.add_argument("--adapter")
    parser.add_argument("--max-new-tokens", type=int, default=128)
    options = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(options.model or options.adapter)
    model = load(options)
    model.eval()

    worst, same, samples = 0.0, 0, rows(options.dataset)
    for sample, score, answer in zip(samples, rows(options.scores), rows(options.answers), strict=True):
        prompt = tokenizer.apply_chat_template(sample["messages"][:-1], add_generation_prompt=True)
        whole = tokenizer.apply_chat_template(sample["messages"])
        ids = torch.tensor([whole])
        with torch.no_grad():
            logits = model(ids).logits[0, :-1].log_softmax(-1)
            # The answer's tokens are the last ones, white space behind the end of the turn left out.
            first = len(prompt)
            nll = -logits.gather(1, ids[0, 1:, None])[first - 1 :, 0]
            loss = nll[: score["tokens"]].mean().item()
            worst = max(worst, abs(loss - score["loss"]))
            room = model.config.max_position_embeddings - len(prompt)
            made = model.generate(
                input_ids=torch.tensor([prompt]),
                attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
                max_new_tokens=min(options.max_new_tokens, room),
                do_sample=False,
            )
        ended = made[0, first:].tolist()
        if ended and ended[-1] in {tokenizer.eos_token_id}:
            ended.pop()
        same += ended == answer["ids"]
    print(f"samples {len(samples)}, largest difference of a loss {worst:.2e} nats, same answers {same}")
    sys.exit(0 if worst <= 1e-4 and same >= 0.95 * len(samples) else 1)


if __name__ == "__main__":
    main()
