"""The cells of the grid: which arm trains how, on what data, from which base, under which attack."""

import hashlib
import itertools
import json
import typing

import attacks

# Changed by hand when a part of the trainer changes in a way that moves figures: what was run with another note is run
# again. The part "vector" counts for the arms that have one, and "full" for those of them that train all weights.
TRAINER = {
    "training": "2026-11-30",
    "evaluation": "2026-11-30: content anywhere, three outcomes, in the forms of the user's data",
    "vector": "2026-11-30: cooldown of the base's own answers at a rate of its own, gate by drop and share, anchor of 4 requests a step",
    "full": "2026-11-30: anchor of weight 4",
}

SHAPE = ["--batch-size", "32", "--max-sequence-length", "64", "--scheduler", "linear", "--beta2", "0.98"]
ADAPTER = ["--rank", "8", "--alpha", "16"]
VECTOR = SHAPE + ADAPTER + ["--epochs", "30", "--learning-rate", "2e-3", "--warmup-ratio", "0"]


class Arm(typing.NamedTuple):
    """What is added to fine-tune and evaluate. {vector} and {random} stand for the vectors of the seed."""
    train: list = []
    evaluate: list = []
    refusals: float = 0.0  # of the samples, mixed into the user's data: the base's own refusals
    missed: float = 0.0  # of the harmful samples, hidden from the screening
    reinforce: bool = False  # merged with an adapter that was trained to refuse while the vector was on


PLAIN, DEFAULT = "plain", "default"
ON = ["--vector", "{vector}"]
TOKENS = ["--gate-unit", "tokens"]
VECTOR_ALONE = ["--gate", "off", "--cooldown-steps", "0", "--anchor-weight", "0"]
# The vector off where a sample is clearly harmless, on between, flagged samples left out; replay and anchor are on
# by default.
THREE_BANDS = ["--vector-scope", "doubtful_samples"]

# An arm is a line here. It is run in FRACTION; EVERYWHERE lists those that are run in all cells.
ARMS = {
    PLAIN: Arm(),
    DEFAULT: Arm(ON),
    "random vector": Arm(["--control-vector", "{random}"]),
    "vector alone": Arm(ON + VECTOR_ALONE),
    "vector and cooldown": Arm(ON + ["--gate", "off", "--anchor-weight", "0"]),
    "no cooldown": Arm(ON + ["--cooldown-steps", "0"]),
    "no gate": Arm(ON + ["--gate", "off"]),
    "3 % refusals mixed in": Arm(refusals=0.03),
    "no anchor": Arm(ON + ["--anchor-weight", "0"]),
    "token gate": Arm(ON + TOKENS),
    "buffer and reinforce": Arm(ON + VECTOR_ALONE, reinforce=True),
    "three bands": Arm(ON + THREE_BANDS),
    "three bands, no cooldown": Arm(ON + THREE_BANDS + ["--cooldown-steps", "0"]),
} | {
    f"{name}, {missed:.0%} missed".replace("%", " %"): Arm(ON + extra, missed=missed)
    for missed in [0.1, 0.2] for name, extra in [("on for all", []), ("three bands", THREE_BANDS)]
}
EVERYWHERE = [PLAIN, DEFAULT]
REINFORCEMENT_EPOCHS = 13

# The settings of training: the quickstart's adapter at 1, 5 and 10 times its rate, and all weights at two rates.
METHODS = {
    "lora-1x": ["--method", "lora", *ADAPTER, "--learning-rate", "2e-3"],
    "lora-5x": ["--method", "lora", *ADAPTER, "--learning-rate", "1e-2"],
    "lora-10x": ["--method", "lora", *ADAPTER, "--learning-rate", "2e-2"],
    "full-1e-3": ["--method", "full", "--learning-rate", "1e-3"],
    "full-1e-2": ["--method", "full", "--learning-rate", "1e-2"],
}
EPOCHS = {"1x": 8, "12x": 96}
SHARES = [0, 1, 10, 100]
SEEDS = [0, 1, 2]
BASES = [0, 1]


def extras(arm):
    """What only some arms have, so that a new kind of arm leaves the keys of the others alone."""
    return {name: getattr(arm, name) for name in ("missed", "reinforce") if getattr(arm, name)}


class Cell(typing.NamedTuple):
    """One training and its judgement."""
    arm: str
    share: int  # per cent of the user's samples that are harmful
    method: str
    epochs: str
    seed: int
    base: int
    attack: str = ""

    @property
    def name(self):
        """Words without spaces, for --only and for the list of stored cells."""
        parts = [self.arm, f"harmful-{self.share}", self.method, f"epochs-{self.epochs}", f"seed-{self.seed}",
                 f"base-{self.base}"] + ([f"attack-{self.attack}"] if self.attack else [])
        return "/".join(parts).replace(",", "").replace(" ", "-").replace("-%-", "-percent-")

    @property
    def settings(self):
        """Everything that decides the cell's figures, the base's and the data's seeds among it."""
        arm = ARMS[self.arm]
        vector = any("{" in part for part in arm.train)
        full = vector and self.method.startswith("full")
        notes = [TRAINER[part] for part in ["training", "evaluation"] + ["vector"] * vector + ["full"] * full]
        return {"trainer": notes, "vector": VECTOR if vector else [], "train": SHAPE + METHODS[self.method] + arm.train,
                "evaluate": arm.evaluate, "refusals": arm.refusals, **extras(arm), "epochs": EPOCHS[self.epochs],
                "attack": attacks.ATTACKS[self.attack].version if self.attack else 0, "cell": self}

    @property
    def key(self):
        """Digest of the settings: a stored cell of another key is run again."""
        return hashlib.sha256(json.dumps(self.settings, sort_keys=True).encode()).hexdigest()[:16]


def in_fraction(cell):
    """Where the arms are run that are not run everywhere: all shares at 1 x, and 10 % at 10 x."""
    if ARMS[cell.arm].missed and cell.share < 10:
        return False  # Of so few harmful samples a tenth is one or none.
    return cell.epochs == "1x" and (cell.method == "lora-1x" or (cell.method == "lora-10x" and cell.share == 10))


def attacked(seed, base):
    """The attacks, on the default and on the plain arm where they reach it, at the quickstart's own settings."""
    for name, attack in attacks.ATTACKS.items():
        for arm in [DEFAULT] if attack.cooldown else [DEFAULT, PLAIN]:
            yield Cell(arm, 10, "lora-1x", "1x", seed, base, name)


def cells():
    """All cells, those first that tell most."""
    found = [cell for cell in itertools.starmap(Cell, itertools.product(ARMS, SHARES, METHODS, EPOCHS, SEEDS, BASES))
             if cell.arm in EVERYWHERE or in_fraction(cell)]
    for seed, base in itertools.product(SEEDS, BASES):
        found += attacked(seed, base)
    return sorted(found, key=order)


def order(cell):
    """Default and plain first, of one seed, from the quickstart's settings outwards; then attacks; then the rest."""
    usual = cell.arm in EVERYWHERE
    telling = [("lora-1x", "1x"), ("lora-10x", "1x"), ("lora-1x", "12x")]
    settings = (cell.method, cell.epochs)
    far = telling.index(settings) if settings in telling else len(telling)
    if cell.attack:
        tier = 1
    elif usual:
        tier = 0 if far < len(telling) and cell.share != 1 else 3
    else:
        tier = 2
    return (tier + cell.seed + cell.base, tier, cell.seed, far, settings, [10, 0, 100, 1].index(cell.share),
            cell.arm == PLAIN if cell.attack else list(ARMS).index(cell.arm), cell.attack)


# What `make attacks-check` runs again: the default arm under each attack.
ATTACKED = [cell for cell in attacked(0, 0) if cell.arm == DEFAULT]

# What `make evidence-check` runs again: the claims of the README, in a few minutes on two cores.
CHECKED = [
    Cell(PLAIN, 10, "lora-1x", "1x", 0, 0),
    Cell(DEFAULT, 10, "lora-1x", "1x", 0, 0),
    Cell(DEFAULT, 10, "lora-10x", "1x", 0, 0),
    Cell("random vector", 10, "lora-1x", "1x", 0, 0),
    Cell(PLAIN, 10, "lora-1x", "1x", 0, 0, "preface"),
]
