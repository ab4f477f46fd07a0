"""Loads what dev.safefinetune.trainer.train.FamilyExport wrote with transformers and PEFT, and compares logits.

    python check_families.py DIRECTORY

Ends with 1 when a logit differs by more than 1e-4 (in bfloat16 weights are rounded, and both sides read the same ones).
"""

import json
import sys
from pathlib import Path

import torch
from peft import AutoPeftModelForCausalLM
from transformers import AutoModelForCausalLM

LIMIT = 1e-4


def difference(model, rows):
    worst = 0.0
    for row in rows:
        with torch.no_grad():
            theirs = model(torch.tensor([row["tokens"]])).logits[0].float().flatten()
        worst = max(worst, (theirs - torch.tensor(row["logits"])).abs().max().item())
    return worst


def main():
    torch.set_num_threads(1)
    cases = sorted(path.parent for path in Path(sys.argv[1]).glob("*/ours.json"))
    failed = not cases
    for case in cases:
        ours = json.loads((case / "ours.json").read_text())
        settings = dict(dtype=torch.float32, attn_implementation="eager")
        merged = difference(AutoModelForCausalLM.from_pretrained(case / "merged", **settings), ours["merged"])
        adapter = difference(AutoPeftModelForCausalLM.from_pretrained(case / "adapter", **settings), ours["adapter"])
        good = merged <= LIMIT and adapter <= LIMIT
        failed |= not good
        print(f"{'ok   ' if good else 'FAIL '} {case.name:14} merged {merged:.1e}  adapter {adapter:.1e}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
