"""LoRA steps of models of known shapes with random weights: the trainer's kernels beside transformers and PEFT."""

import gc
import statistics
import time

import torch

import kernels
import rival

RANK = 16
WARM, TIMED = 3, 8
# Lengths of the documents of a micro-batch.
BATCHES = {"4 x 1024": [1024] * 4, "mixed": [1024, 768, 640, 512, 384, 256, 256, 256]}


class Ours:
    """A step of the kernels: forward, backward and AdamW."""

    def __init__(self, folder, device, dtype, precision, vector=False):
        self.module = kernels.load(folder, precision, device)
        self.text = kernels.describe(folder)
        self.device = device
        self.weights = [self.random(w["shape"], dtype) for w in self.text["weights"]]
        modules = [m["shape"] for m in self.text["modules"]]
        self.values = torch.zeros(sum(RANK * (o + i) for o, i in modules), device=device).normal_(std=0.01)
        self.gradients = torch.zeros_like(self.values)
        self.moments = [torch.zeros_like(self.values) for _ in range(2)]
        self.step_count = torch.zeros((), device=device)
        self.a, self.b = self.views(self.values, modules)
        self.ga, self.gb = self.views(self.gradients, modules)
        self.vector = self.views(self.values.clone(), modules) if vector else None
        self.none = [torch.zeros(0, 0, device=device) for _ in self.weights]

    def random(self, shape, dtype):
        tensor = torch.empty(shape, device=self.device, dtype=dtype)
        return tensor.fill_(1.0) if len(shape) == 1 else tensor.normal_(std=0.02)

    @staticmethod
    def views(flat, modules):
        a, b, at = [], [], 0
        for out, inner in modules:
            a.append(flat[at : at + RANK * inner].view(RANK, inner))
            at += RANK * inner
            b.append(flat[at : at + RANK * out].view(out, RANK))
            at += RANK * out
        return a, b

    def batch(self, lengths):
        """A micro-batch, and its rotary tables."""
        vocabulary = self.text["weights"][0]["shape"][0]
        starts = torch.tensor([0] + lengths).cumsum(0)
        n, longest = int(starts[-1]), max(lengths)
        positions = torch.cat([torch.arange(length) for length in lengths])
        rows = torch.cat([torch.arange(s, s + length - 1) for s, length in zip(starts.tolist(), lengths)])
        pad, slots = torch.zeros(0, dtype=torch.long), torch.zeros(0, dtype=torch.long)
        if n < longest * len(lengths):
            pad = torch.cat([s + torch.arange(longest).clamp_max(m - 1) for s, m in zip(starts.tolist(), lengths)])
            slots = torch.cat([i * longest + torch.arange(m) for i, m in enumerate(lengths)])
        tokens = torch.randint(1, vocabulary, (n,))
        x = [tokens, positions, positions, pad, slots, rows, tokens[rows + 1], torch.zeros(0), starts.int()]
        rotation = self.text["rotation"]
        angles = torch.outer(torch.arange(longest).float(), 10000 ** -torch.linspace(0, 1, rotation["width"] // 2))
        tables = [angles.cos(), angles.sin()] * rotation["kinds"]
        move = lambda ts: [t.to(self.device) for t in ts]
        return move(x), move(tables), len(lengths), longest

    def step(self, batch):
        x, tables, documents, longest = batch
        a, b = self.module.stack(*self.factors()), None
        a, b = a[: len(a) // 2], a[len(a) // 2 :]
        vocabulary = self.text["weights"][0]["shape"][0]
        self.module.nll_step(
            self.weights, a, b, x, documents, longest, tables, max(16, (8 << 20) // vocabulary), 1.0 / x[5].numel(),
            False, self.none, self.ga, self.gb, 1.0,
        )
        self.module.adamw(
            [self.values], [self.gradients], [self.moments[0]], [self.moments[1]], [self.step_count],
            1e-4, 0.9, 0.999, 0.0, 1e-8, 1.0,
        )

    def factors(self):
        """Of the adapter that learns, and of the vector beside it, slot by slot."""
        if self.vector is None:
            return self.a, self.b, [1.0] * len(self.a), 1
        pairs = lambda mine, its: [t for both in zip(mine, its) for t in both]
        return pairs(self.a, self.vector[0]), pairs(self.b, self.vector[1]), [1.0] * (2 * len(self.a)), 2


def padded(lengths, vocabulary, device):
    """Ids, mask and labels as transformers' collators lay them out."""
    ids = torch.randint(1, vocabulary, (len(lengths), max(lengths)))
    mask = torch.tensor([[1] * m + [0] * (max(lengths) - m) for m in lengths])
    labels = ids.masked_fill(mask == 0, -100)
    return ids.to(device), mask.to(device), labels.to(device)


def measure(device, step, batch):
    """Median seconds of a step, and peak bytes while it was made."""
    cuda = device.type == "cuda"
    for _ in range(WARM):
        step(batch)
    if cuda:
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
    seconds = []
    for _ in range(TIMED):
        begin = time.perf_counter()
        step(batch)
        if cuda:
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), torch.cuda.max_memory_allocated() if cuda else 0


def release(device):
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def multiplication(device, size=8192):
    """Floating-point operations a second of a large product in bfloat16."""
    a = torch.randn(size, size, device=device, dtype=torch.bfloat16)
    seconds, _ = measure(device, lambda b: torch.mm(b, b), a)
    return 2 * size**3 / seconds


def rows(folder, device, batches):
    """For each arm and batch: name, batch, tokens a second, peak bytes; one that memory does not suffice for has None."""
    arms = {
        "ours": lambda: Ours(folder, device, torch.bfloat16, "bfloat16").step,
        "ours with a vector": lambda: Ours(folder, device, torch.bfloat16, "bfloat16", vector=True).step,
        "PEFT": lambda: rival.trainer(folder, device, torch.bfloat16, RANK, False),
        "PEFT, checkpointing": lambda: rival.trainer(folder, device, torch.bfloat16, RANK, True),
    }
    vocabulary = kernels.describe(folder)["weights"][0]["shape"][0]
    for name, make in arms.items():
        step = None
        try:
            step = make()
            own = getattr(step, "__self__", None)
            for title, lengths in batches.items():
                if own is not None:
                    batch, call = own.batch(lengths), step
                else:
                    batch, call = padded(lengths, vocabulary, device), lambda b, s=step: s(*b)
                seconds, peak = measure(device, call, batch)
                yield name, title, sum(lengths) / seconds, peak
        except torch.OutOfMemoryError:
            yield name, "does not fit", None, None
        del step
        release(device)
