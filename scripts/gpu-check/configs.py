"""Configurations for gpu-check, from those of the parity fixtures: heads as wide as GPUs' attention wants them."""

import json
import pathlib
import sys

WIDTH = 16


def widened(config):
    heads = config["num_attention_heads"]
    if "head_dim" in config:
        config["head_dim"] = WIDTH
    else:
        config["hidden_size"] = WIDTH * heads
    turned = int(WIDTH * config.get("partial_rotary_factor", 1.0))
    for rope in (config.get("rope_scaling"), config.get("rope_parameters")):
        for name in ("short_factor", "long_factor") if rope else ():
            if name in rope:
                factors = rope[name]
                rope[name] = [factors[i % len(factors)] for i in range(turned // 2)]
    return config


def main(source, target):
    for file in sorted(pathlib.Path(source).glob("*/checkpoint/config.json")):
        folder = pathlib.Path(target) / file.parent.parent.name
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps(widened(json.loads(file.read_text())), indent=2))


if __name__ == "__main__":
    main(*sys.argv[1:])
