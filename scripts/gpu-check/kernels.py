"""What `trainer export-kernels` wrote, loaded: archives, inputs and the processors' results."""

import json
import pathlib
import zipfile

import torch
from safetensors.torch import load_file

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def load(folder, precision, device):
    """The module of an archive. Archives name the GPU; on another device the name is replaced in their source."""
    archive = pathlib.Path(folder) / f"kernels-{precision}.pt"
    if device.type == "cuda":
        return torch.jit.load(str(archive))
    moved = archive.with_suffix(".cpu.pt")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(moved, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(".py"):
                content = content.replace(b"cuda:0", b"cpu")
            target.writestr(name, content)
    return torch.jit.load(str(moved))


def describe(folder):
    return json.loads((pathlib.Path(folder) / "case.json").read_text())


class Case:
    """Inputs and expected results of one model."""

    def __init__(self, folder, device):
        self.folder = pathlib.Path(folder)
        self.name = self.folder.name
        self.device = device
        self.text = describe(folder)
        self.values = load_file(str(self.folder / "values.safetensors"))

    def tensor(self, name, dtype=None):
        """Whole numbers stay what they are."""
        value = self.values[name].to(self.device)
        return value.to(dtype) if dtype is not None and value.is_floating_point() else value

    def tensors(self, prefix, dtype=None):
        found, i = [], 0
        while f"{prefix}.{i}" in self.values:
            found.append(self.tensor(f"{prefix}.{i}", dtype))
            i += 1
        return found

    def arguments(self, dtype, factors=""):
        """What every pass takes."""
        return [
            self.tensors("w", dtype),
            self.tensors(factors + "a", dtype),
            self.tensors(factors + "b", dtype),
            self.tensors("x"),
            self.text["documents"],
            self.text["longest"],
            self.tensors("tables"),
        ]


def zeros_like(tensors):
    return [torch.zeros_like(t, dtype=torch.float32) for t in tensors]


def without_gradient(tensors):
    return [torch.zeros(0, 0, device=t.device) for t in tensors]


def run(module, case, dtype):
    """All of a case's results, by the names that the processors' have."""
    text, none = case.text, lambda ts: without_gradient(ts)
    w, a, b, x, documents, longest, tables = common = case.arguments(dtype)
    base = case.arguments(dtype, "base.")
    found = {"score": module.score(*common, text["chunk"])[0], "logits": module.logits(*common)[0]}
    ga, gb = zeros_like(a), zeros_like(b)
    found["nll"] = module.nll_step(*common, text["chunk"], text["weight"], False, none(w), ga, gb, text["scale"])[0]
    found["nll.a"], found["nll.b"] = ga, gb
    ga, gb = zeros_like(a), zeros_like(b)
    found["kl"] = module.kl_step(
        w, base[1], base[2], *common[1:], text["chunk"], text["weight"], True, none(w), ga, gb, text["scale"]
    )[0]
    found["kl.a"], found["kl.b"] = ga, gb
    gw = zeros_like(w)
    module.nll_step(*base, text["chunk"], text["weight"], False, gw, none(a), none(b), 1.0)
    found["gw"] = gw
    ends = [case.tensor("generate.lengths"), case.tensor("generate.ends")]
    found["generate"] = module.generate(
        w, a, b, case.tensors("generate.x"), documents, longest, case.tensors("generate.tables"), text["fresh"], ends
    )[0]
    return found


def expected(case):
    found = {}
    for name in ("score", "logits", "nll", "kl", "generate"):
        found[name] = case.tensor("expected." + name)
    for name in ("nll.a", "nll.b", "kl.a", "kl.b", "gw"):
        found[name] = case.tensors("expected." + name)
    return found


def flat(value):
    values = value if isinstance(value, list) else [value]
    return torch.cat([v.float().reshape(-1) for v in values])


def error(found, wanted):
    """Relative, in the Euclidean norm."""
    a, b = flat(found), flat(wanted)
    return ((a - b).norm() / b.norm().clamp_min(1e-12)).item()
