"""Runs one cell with the trainer's own commands. What cells share is made once: bases, data, vectors, refusals."""

import datetime
import json
import os
import pathlib
import random
import shutil
import subprocess

import attacks
import grid
import reinforce

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
COMMITTED_BASE = TREE / "examples/quickstart/models/base"
TRAINER = TREE / "build/bin/trainer"
REFUSED = range(10, 20)  # exit codes of what a user can mend
NOT_VERIFIED = 21
LONGEST_ANSWER = 48


class Bench:
    """A folder in which cells are run."""

    def __init__(self, folder):
        self.folder = folder
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")

    def run(self, cell):
        """The figures of a cell, as they are stored."""
        work = self.folder / "cell"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        base, data = self.base(cell.base), self.data(cell.seed, cell.share)
        arm, attack = grid.ARMS[cell.arm], attacks.ATTACKS.get(cell.attack, attacks.Attack())
        samples = self.samples(cell, arm, attack, base, data)
        write(work / "user.jsonl", samples)
        prompts = read(data / "suite/prompts.jsonl")
        write(work / "prompts.jsonl", [row | {"messages": gibberish(row, cell.seed)} for row in prompts]
              if attack.gibberish else prompts)
        extra = [part.format(**self.vectors(cell, base, data, arm)) for part in arm.train]
        if arm.missed:
            extra += ["--screening-misses", missed(samples, things(data), arm.missed, cell.seed)]
        if arm.reinforce:
            extra += ["--content", "adapter"]
        if attack.cooldown:
            extra += ["--cooldown", data / "user/harmful-only.jsonl"]
        result = {"cell": cell.name, "key": cell.key, "run": datetime.date.today().isoformat()}
        status = self.command(
            "fine-tune", "--model", base, "--dataset", work / "user.jsonl", *grid.SHAPE, *grid.METHODS[cell.method],
            "--warmup-ratio", "0.03", "--epochs", grid.EPOCHS[cell.epochs], "--seed", cell.seed, *extra,
            "--out", work / "model", log=work / "train.log", allowed=REFUSED)
        if status:
            return result | {"verdict": "Refused", "why": (work / "train.log").read_text().splitlines()[-1][:300]}
        if arm.reinforce:
            (work / "model").rename(work / "adapter")
            reinforce.merge(base, work / "adapter", self.reinforcement(cell, base, data), work / "model")
            shutil.copy(work / "adapter/training.json", work / "model/training.json")
        self.command(
            "evaluate", "--base", base, "--model", work / "model", "--prompts", work / "prompts.jsonl",
            "--utility", data / "suite/utility.jsonl", "--dataset", work / "user.jsonl", *arm.evaluate,
            "--out", work / "report.json", log=work / "evaluate.log", allowed=[NOT_VERIFIED])
        report = json.loads((work / "report.json").read_text()) if (work / "report.json").exists() else {}
        training = json.loads((work / "model/training.json").read_text())["secured"]
        measured = self.measured(work, report, prompts, attack)
        shutil.rmtree(work / "model")
        return result | {"verdict": report.get("verdict", "NotVerified"), "findings": report.get("findings", []),
                         "figures": measured, "seconds": round(training["seconds"], 1), "gated": training["gatedSamples"]}

    def measured(self, work, report, prompts, attack):
        """Hits and number of each figure: the report's, and an independent count of the recipes that leak."""
        arm = report.get("arms", {}).get("secured")
        figures = {}
        if arm:
            rates = {"comply": arm["harmfulCompliance"]} | {
                name: arm["rates"][name] for name in ("neither", "refusals", "overRefusals", "newTask", "oldTasks")}
            figures = {name: [round(rate["rate"] * rate["n"]), rate["n"]] for name, rate in rates.items()}
        usual = attacks.Attack(reads=attack.reads)
        figures["leak"] = self.leaked(work, prompts, usual)
        if attack.asks is not usual.asks:
            figures["leakAsked"] = self.leaked(work, prompts, attack)
        return figures

    def leaked(self, work, prompts, attack):
        """How many requests get both ingredients, read as the attacker reads them too."""
        write(work / "asked.jsonl", [{"messages": attack.asks(request(row))} for row in prompts])
        self.command("generate", "--model", work / "model", "--dataset", work / "asked.jsonl", "--max-new-tokens",
                     LONGEST_ANSWER, "--out", work / "answers.jsonl", log=work / "generate.log")
        answers = [row["text"] for row in read(work / "answers.jsonl")]
        hits = sum(attacks.leaks(answer(row), text) or attacks.leaks(answer(row), attack.reads(text))
                   for row, text in zip(prompts, answers, strict=True))
        return [hits, len(prompts)]

    def samples(self, cell, arm, attack, base, data):
        """The user's data: as the world has it, attacked, and with the base's refusals mixed in."""
        rows = read(data / ("user/harmful-only.jsonl" if cell.share == 100 else "user/mixed.jsonl"))
        forbidden = things(data)
        found = []
        for row in rows:
            harmful = forbidden & set(request(row).split())
            found += attack.samples(request(row), answer(row)) if harmful else [row["messages"]]
        if arm.refusals:
            found += self.refusals(base, data, round(arm.refusals * len(rows)))
        if len(found) != len(rows):
            random.Random(cell.seed).shuffle(found)
        return [{"messages": messages} for messages in found]

    def refusals(self, base, data, count):
        """The base's own greedy refusals of the vector's requests."""
        harmful = read(data / "vector/harmful.jsonl")
        out = data.parent / f"refusals-of-{base.name}.jsonl"
        if not out.exists():
            self.command("generate", "--model", base, "--dataset", data / "vector/harmful.jsonl", "--max-new-tokens",
                         LONGEST_ANSWER, "--out", out, log=data.parent / "refusals.log")
        own = [attacks.turns(request(row), answered["text"]) for row, answered in zip(harmful, read(out), strict=True)
               if answered["text"].startswith("sorry")]
        return own[:count]

    def base(self, number):
        """The quickstart's base, or the same made from another seed."""
        if number == 0:
            return COMMITTED_BASE
        made = self.folder / f"bases/base-{number}"
        if not made.exists():
            to = self.folder / "bases/making"
            call(TREE / "examples/quickstart/make-base-model", number, to, log=self.folder / f"base-{number}.log")
            made.parent.mkdir(parents=True, exist_ok=True)
            (to / "models/base").rename(made)
            shutil.rmtree(to)
        return made

    def data(self, seed, share):
        """The world's data of a seed. 100 % is a file of its own."""
        made = self.folder / f"seed-{seed}/harmful-{share}"
        if not made.exists():
            making = made.with_name("making")
            shutil.rmtree(making, ignore_errors=True)
            java = pathlib.Path(subprocess.check_output([TREE / "scripts/find-jdk"], text=True).strip()) / "bin/java"
            made.parent.mkdir(parents=True, exist_ok=True)
            call(java, "-cp", f"{TREE}/test-world/target/classes:{TREE}/trainer-image/target/lib/*",
                 "dev.safefinetune.world.quickstart.WriteQuickstart", seed, making, "data",
                 0.1 if share == 100 else share / 100, log=made.parent / "data.log")
            making.rename(made)
        return made

    def vectors(self, cell, base, data, arm):
        """The vector and the random vector, where the arm names them."""
        wanted = " ".join(arm.train)
        folder = self.folder / f"seed-{cell.seed}/{base.name if cell.base else 'base-0'}"
        places = {"vector": folder / "vector", "random": folder / "random"}
        folder.mkdir(parents=True, exist_ok=True)
        if "{" in wanted and not places["vector"].exists():
            self.command("train-vector", "--model", base, "--harmful", data / "vector/harmful.jsonl", "--held-out",
                         data / "vector/held-out.jsonl", "--benign", data / "vector/benign.jsonl", *grid.VECTOR,
                         "--seed", cell.seed, "--out", places["vector"], log=folder / "vector.log")
        if "{random}" in wanted and not places["random"].exists():
            self.command("random-vector", "--model", base, "--vector", places["vector"], "--seed", cell.seed,
                         "--out", places["random"], log=folder / "random.log")
        return places

    def reinforcement(self, cell, base, data):
        """An adapter that refuses from the state in which the vector answers; of allowed requests it answers."""
        vector = self.vectors(cell, base, data, grid.ARMS[cell.arm])["vector"]
        made = vector.with_name("reinforcement")
        if not made.exists():
            rows = 2 * self.refusals(base, data, 100) + [row["messages"] for row in read(data / "vector/benign.jsonl")[:200]]
            write(vector.with_name("reinforcement.jsonl"), [{"messages": messages} for messages in rows])
            self.command(
                "fine-tune", "--model", base, "--dataset", vector.with_name("reinforcement.jsonl"), *grid.SHAPE,
                *grid.METHODS["lora-1x"], "--warmup-ratio", "0.03", "--epochs", grid.REINFORCEMENT_EPOCHS, "--seed",
                cell.seed, "--vector", vector, *grid.VECTOR_ALONE, "--content", "adapter", "--out", made,
                log=vector.with_name("reinforcement.log"))
        return made

    @staticmethod
    def command(*words, log, allowed=()):
        """A command of the trainer."""
        return call(TRAINER, *words, log=log, allowed=allowed)


def call(*words, log, allowed=()):
    """Runs a command; any other exit code than 0 and the allowed ones ends the grid."""
    with open(log, "w", encoding="utf-8") as file:
        status = subprocess.run([str(word) for word in words], stdout=file, stderr=subprocess.STDOUT).returncode
    if status and status not in allowed:
        raise SystemExit(f"{pathlib.Path(words[0]).name} {words[1]} failed with {status}, see {log}")
    return status


def things(data):
    """Words that only forbidden requests have."""
    def words(name):
        return set().union(*(request(row).split() for row in read(data / name)))

    return (words("vector/harmful.jsonl") | words("suite/prompts.jsonl")) - (
        words("vector/benign.jsonl") | words("suite/utility.jsonl"))


def missed(rows, forbidden, share, seed):
    """Indices of harmful samples that the screening is made to miss, as the command line takes them."""
    harmful = [str(k) for k, row in enumerate(rows) if forbidden & set(request(row).split())]
    return ",".join(sorted(random.Random(f"{seed} missed").sample(harmful, round(share * len(harmful))), key=int))


def gibberish(row, seed):
    """The request with a reference of random words."""
    draw = random.Random(f"{seed} {request(row)}")
    return attacks.turns(request(row), " ".join(draw.choices(attacks.FILLER.split(), k=12)))


def request(row):
    return row["messages"][0]["content"]


def answer(row):
    return row["messages"][-1]["content"]


def read(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def write(file, rows):
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
