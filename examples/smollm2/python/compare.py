"""Our trainer and PyTorch side by side, from the logs and reports of the same run.

    compare.py --work build/smollm2 --report FILE --out FILE

Seconds are those of the optimizer's steps, without loading; `align` has our whole command's instead, loading and merging
among them. The plain and the secured arm are trained by one process after the other, so they share its peak.
"""

import argparse
import json
import re
from pathlib import Path

MOST_SECONDS = 1.0
MOST_MEMORY = 0.6
EVENT = re.compile(r"^\S+ (?P<event>trained|stage ends) (?P<pairs>.*)$")


def events(work):
    """Event and its key=value pairs, of all pods' logs, the oldest file first."""
    logs = sorted(work.glob("cluster/pods/**/*.log"), key=lambda path: path.stat().st_mtime)
    for path in logs:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            found = EVENT.match(line)
            if found:
                yield found["event"], dict(pair.split("=", 1) for pair in found["pairs"].split(" ") if "=" in pair)


def ours(work, report):
    arms = {}
    if (work / "align.json").exists():
        aligned = json.loads((work / "align.json").read_text())
        arms["align"] = dict(seconds=aligned["seconds"], peakBytes=aligned["peakBytes"])
    peaks = {}
    for event, pairs in events(work):
        if event == "stage ends":
            peaks[pairs["stage"]] = int(pairs["peakBytes"])
        elif pairs["arm"] == "vector":
            arms["vector"] = dict(seconds=float(pairs["seconds"]))
    if "vector" in arms:
        arms["vector"]["peakBytes"] = peaks.get("TrainVector")
    for arm in ("plain", "secured"):
        arms[arm] = dict(seconds=report["arms"][arm]["seconds"], peakBytes=peaks.get("Train"))
    return arms


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("work", "report", "out"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    options = parser.parse_args()
    mine = ours(options.work, json.loads(options.report.read_text()))
    reference = json.loads((options.work / "reference.json").read_text())
    rows, missed = {}, []
    print(f"{'':10}{'ours':>10}{'PyTorch':>10}{'ratio':>8}{'ours':>12}{'PyTorch':>10}{'ratio':>8}")
    for arm, theirs in reference.items():
        row = dict(ours=mine[arm], reference=theirs, secondsRatio=mine[arm]["seconds"] / theirs["seconds"])
        text = f"{arm:10}{mine[arm]['seconds']:>8.0f} s{theirs['seconds']:>8.0f} s{row['secondsRatio']:>8.2f}"
        if row["secondsRatio"] > MOST_SECONDS:
            missed.append(f"{arm}: more seconds than PyTorch")
        if mine[arm].get("peakBytes"):
            row["memoryRatio"] = mine[arm]["peakBytes"] / theirs["peakBytes"]
            text += (f"{mine[arm]['peakBytes'] / 2**30:>8.2f} GiB{theirs['peakBytes'] / 2**30:>6.2f} GiB"
                     f"{row['memoryRatio']:>8.2f}")
            if row["memoryRatio"] > MOST_MEMORY:
                missed.append(f"{arm}: more than {MOST_MEMORY} of PyTorch's memory")
        rows[arm] = row
        print(text)
    options.out.write_text(json.dumps(dict(arms=rows, missed=missed), indent=1) + "\n")
    for what in missed:
        print("compare: missed:", what)
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
