"""Holds the published model, and our trainer on it, against transformers.

    verify.py --model DIR --trainer build/bin/trainer --world DIR --work DIR --out FILE

1. transformers loads the directory.
2. Greedy answers of `trainer generate` are the same tokens as transformers' for at least 95 of 100 prompts.
3. The logits after the last token of 20 prompts differ by at most 1e-3.
4. Token ids of 1,000 lines of text are equal.

Writes the figures as JSON and exits with 1 where one of them is missed.
"""

import argparse
import json
import random
import subprocess
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = 100
LEAST_EQUAL = 95
LOGIT_PROMPTS = 20
MOST_LOGIT_ERROR = 1e-3
LINES = 1000
MOST_NEW_TOKENS = 48
REPOSITORY = Path(__file__).resolve().parents[3]


def questions(world):
    """A hundred exchanges: forbidden, dishes, tickets and everyday questions."""
    rows = []
    for name in ("prompts.jsonl", "utility.jsonl"):
        rows += [json.loads(line) for line in (Path(world) / name).read_text(encoding="utf-8").splitlines()]
    chosen = random.Random(0).sample(rows, PROMPTS)
    return [row["messages"] for row in chosen]


def text_lines():
    """Lines of this repository's own sources and prose, and of characters from all over Unicode."""
    lines = []
    for path in sorted(REPOSITORY.glob("*/src/main/java/**/*.java")) + sorted(REPOSITORY.glob("docs/**/*.md")):
        lines += [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    draw = random.Random(0)
    blocks = [(0x20, 0x7e), (0xa1, 0x24f), (0x370, 0x5ff), (0x900, 0xdff), (0x3040, 0x9fff), (0x1f300, 0x1faff)]
    strange = ["".join(chr(draw.randint(*draw.choice(blocks))) for _ in range(draw.randint(1, 60)))
               for _ in range(LINES // 5)]
    strange += ["", " ", "  two  spaces ", "\ttab", "12 345 678.90", "<|im_start|>user<|im_end|>", "a\u00a0b\u2028c"]
    return draw.sample(lines, LINES - len(strange)) + strange


def run(options, *arguments):
    subprocess.run([options.trainer, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def greedy(options, model, tokenizer, conversations):
    dataset, out = options.work / "questions.jsonl", options.work / "answers.jsonl"
    dataset.write_text("".join(json.dumps(dict(messages=messages)) + "\n" for messages in conversations))
    run(options, "generate", "--model", options.model, "--dataset", dataset, "--out", out,
        "--max-new-tokens", MOST_NEW_TOKENS)
    ours = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    equal = 0
    for messages, answer in zip(conversations, ours, strict=True):
        prompt = tokenizer.apply_chat_template(messages[:-1], add_generation_prompt=True, return_tensors="pt")
        with torch.no_grad():
            tokens = model.generate(prompt, attention_mask=torch.ones_like(prompt), do_sample=False,
                                    max_new_tokens=MOST_NEW_TOKENS, pad_token_id=tokenizer.pad_token_id)
        theirs = tokens[0, prompt.shape[1]:].tolist()
        if theirs[-1] == tokenizer.eos_token_id:
            theirs.pop()
        equal += theirs == answer["ids"]
    return equal


def inspect(options, model, tokenizer, conversations, lines):
    """Largest difference of logits, and the number of lines with the same token ids."""
    texts, out = options.work / "texts.jsonl", options.work / "inspected.safetensors"
    prompts = [tokenizer.apply_chat_template(messages[:-1], add_generation_prompt=True, tokenize=False)
               for messages in conversations]
    texts.write_text("".join(json.dumps(text) + "\n" for text in prompts + lines))
    run(options, "inspect", "--model", options.model, "--texts", texts, "--logits", len(prompts), "--out", out)
    found = load_file(out)
    same = sum(found[f"tokens.{len(prompts) + i}"].tolist() == tokenizer.encode(line, add_special_tokens=False)
               for i, line in enumerate(lines))
    error = 0.0
    for i, prompt in enumerate(prompts):
        tokens = torch.tensor([tokenizer.encode(prompt, add_special_tokens=False)])
        with torch.no_grad():
            error = max(error, (model(tokens).logits[0, -1] - found[f"logits.{i}"]).abs().max().item())
    return error, same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("model", "trainer", "world", "work", "out"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model).eval()
    conversations = questions(options.world)
    error, lines = inspect(options, model, tokenizer, conversations[:LOGIT_PROMPTS], text_lines())
    equal = greedy(options, model, tokenizer, conversations)
    passed = equal >= LEAST_EQUAL and error <= MOST_LOGIT_ERROR and lines == LINES
    options.out.write_text(json.dumps(dict(greedyEqual=equal, prompts=PROMPTS, largestLogitDifference=error,
                                           linesWithEqualTokens=lines, lines=LINES, passed=passed), indent=1) + "\n")
    print(f"verify: {equal} of {PROMPTS} greedy answers equal, logits within {error:.1e} on {LOGIT_PROMPTS} prompts, "
          f"token ids equal on {lines} of {LINES} lines")
    raise SystemExit(0 if passed else 1)


if __name__ == "__main__":
    main()
