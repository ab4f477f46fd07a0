"""The cells that were run: a line of JSON each, in the repository."""

import json
import os
import pathlib

STORED = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/evidence/cells.jsonl"


class Store:
    """Results by the name of their cell."""

    def __init__(self, file=STORED):
        self.file = file
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        self.results = {result["cell"]: result for result in map(json.loads, lines)}

    def of(self, cell):
        """What is stored of a cell under its key; None where it has to be run."""
        result = self.results.get(cell.name)
        return result if result and result["key"] == cell.key else None

    def put(self, result):
        """Adds or replaces a result; the file is whole at each moment."""
        self.results[result["cell"]] = result
        self.file.parent.mkdir(parents=True, exist_ok=True)
        writing = self.file.with_suffix(".writing")
        writing.write_text("".join(json.dumps(self.results[name]) + "\n" for name in sorted(self.results)))
        os.replace(writing, self.file)
