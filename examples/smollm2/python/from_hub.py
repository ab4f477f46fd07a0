"""Copies a pinned revision of a model from the Hugging Face hub, through the user's own hub cache.

    from_hub.py REPO[@REVISION] DIRECTORY
"""

import shutil
import sys
from pathlib import Path

from huggingface_hub import snapshot_download

FILES = ["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
         "special_tokens_map.json", "chat_template.jinja"]


def main(source, directory):
    repository, _, revision = source.partition("@")
    try:
        snapshot = Path(snapshot_download(repository, revision=revision or "main", allow_patterns=FILES))
    except Exception as error:
        raise SystemExit(f"from_hub: {repository} at {revision or 'main'} could not be fetched: {error}")
    out = Path(directory)
    out.mkdir(parents=True)
    for name in FILES:
        if (snapshot / name).exists():
            shutil.copyfile(snapshot / name, out / name)
    print(f"from_hub: {repository} at {snapshot.name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
