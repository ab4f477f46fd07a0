"""Runs the grid of the evidence, cell by cell, and writes docs/evidence.md from what is stored.

    python3 scripts/evidence [--only WORDS] [--minutes N] [--list] [--page] [--check | --check-attacks] [--work build/evidence]

A cell that is stored is not run again unless its settings or the note on the trainer changed (grid.py). Stop it whenever
you like: the cell at hand is lost, nothing else. --list prints the cells that --only selects and whether they are stored.
--page runs nothing. --check runs a few cells anew, stores nothing, and exits with 1 when a claim of the README does not
hold; --check-attacks does so for the default arm under each attack.
"""

import argparse
import fcntl
import pathlib
import sys
import time

import figures
import grid
import page
import run
import store


def check(bench, cells):
    """What is claimed of cells, which are run now."""
    failed, results = [], {}
    for cell in cells:
        results[cell] = result = bench.run(cell)
        plain = results.get(cell._replace(arm=grid.PLAIN))
        found = figures.misses(cell, result, plain)
        comply = result.get("figures", {}).get("comply", [0, 1])
        if cell.arm in (grid.PLAIN, "random vector") and not cell.attack and figures.rate(comply) < 0.95:
            found.append(f"complies with {figures.share(comply)}, which has to be at least .95 for a comparison")
        failed += found
        print(f"{cell.name}: {'; '.join(found) or 'holds'}", flush=True)
    return 1 if failed else 0


def fill(bench, stored, cells, minutes):
    """Runs what is not stored, until the time is over."""
    end = time.monotonic() + 60 * minutes
    left = [cell for cell in cells if stored.of(cell) is None]
    for number, cell in enumerate(left, 1):
        if time.monotonic() > end:
            print(f"{len(left) - number + 1} cells are left; the same command goes on")
            return
        result = bench.run(cell)
        stored.put(result)
        found = figures.misses(cell, result, stored.of(cell._replace(arm=grid.PLAIN)))
        print(f"{number}/{len(left)} {cell.name}: {page.outcome(result)}{''.join('; ' + what for what in found)}", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--only", default="", help="words, each of which a cell's name has to contain")
    options.add_argument("--minutes", type=float, default=float("inf"), help="no cell is begun afterwards")
    options.add_argument("--list", action="store_true", help="print the cells and whether they are stored")
    options.add_argument("--page", action="store_true", help="only write the page")
    options.add_argument("--check", action="store_true", help="the README's claims, in a few minutes")
    options.add_argument("--check-attacks", action="store_true", help="the default arm under each attack, nine trainings")
    options.add_argument("--work", type=pathlib.Path, default=run.TREE / "build/evidence")
    given = options.parse_args()
    stored = store.Store()
    cells = [cell for cell in grid.cells() if all(word in cell.name for word in given.only.split())]
    if not cells:
        options.error(f"--only {given.only!r} selects no cell; --list shows their names")
    if given.list:
        for cell in cells:
            print("stored " if stored.of(cell) else "not run", cell.name)
        return 0
    if not given.page:
        given.work.mkdir(parents=True, exist_ok=True)
        with open(given.work / "lock", "w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                options.error(f"another run works in {given.work}")
            bench = run.Bench(given.work)
            if given.check:
                return check(bench, grid.CHECKED)
            if given.check_attacks:
                return check(bench, grid.ATTACKED)
            fill(bench, stored, cells, given.minutes)
    page.write(stored)
    return 0


sys.exit(main())
