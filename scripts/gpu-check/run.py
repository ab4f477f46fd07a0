"""Checks and times the trainer's kernels on a CUDA GPU, beside transformers and PEFT.

    python run.py FOLDER            what `make gpu-check` exported: cases/ and shapes/
    python run.py FOLDER --simulate on processors, with CUDA's attention written out: checks how the kernels call it, times nothing

Ends with 0 where all bounds hold, 1 where one does not, 3 where there is no GPU and nothing was run.
"""

import argparse
import pathlib
import sys

import torch

import kernels
import rival
import speed

FLOAT32_BOUND = 1e-4
# Of transformers' own error in bfloat16 against float32.
BFLOAT16_FACTOR = 2.0
SPEED_RATIO, MEMORY_RATIO, GEMM_SHARE, VECTOR_TIME, VECTOR_MEMORY = 1.1, 0.8, 0.55, 1.12, 1.03


def compare(case, failures):
    """A line for each precision."""
    wanted = kernels.expected(case)
    theirs = {p: rival.results(case, d) for p, d in kernels.PRECISIONS.items()}
    for precision, dtype in kernels.PRECISIONS.items():
        with torch.no_grad():
            found = kernels.run(kernels.load(case.folder, precision, case.device), case, dtype)
        errors = {n: kernels.error(found[n], wanted[n]) for n in wanted if n != "generate"}
        half = precision == "bfloat16"
        other = {n: kernels.error(v, wanted[n]) for n, v in theirs[precision].items()}
        bounds = {n: BFLOAT16_FACTOR * other[n] if half else FLOAT32_BOUND for n in (other if half else errors)}
        broken = [n for n in bounds if not errors[n] <= bounds[n]]
        if not half and not torch.equal(found["generate"], wanted["generate"]):
            broken.append("generate")
        failures += [f"{case.name} {precision}: {n}" for n in broken]
        print(
            f"{case.name:14s} {precision:9s} logits {errors['logits']:.1e} ({other['logits']:.1e})"
            f"  gradients {max(errors['nll.a'], errors['nll.b']):.1e} ({max(other['nll.a'], other['nll.b']):.1e})"
            f"  KL's {max(errors['kl.a'], errors['kl.b']):.1e}  weights' {errors['gw']:.1e}"
            f"  {'broken: ' + ', '.join(broken) if broken else 'ok'}"
        )


def timed(folder, device, rate, failures):
    text = kernels.describe(folder)
    parameters = sum(o * i for o, i in (m["shape"] for m in text["modules"])) + torch.Size(
        text["weights"][0]["shape"]
    ).numel()
    print(f"\n{folder.name}: {parameters / 1e9:.2f} B parameters in products")
    found = {}
    for name, batch, tokens, peak in speed.rows(folder, device, speed.BATCHES):
        if tokens is None:
            print(f"  {name:20s} {batch}")
            continue
        found[name, batch] = tokens, peak
        share = 4 * parameters * tokens / rate
        print(f"  {name:20s} {batch:9s} {tokens:9.0f} tokens/s  {peak / 1e9:6.1f} GB  {share:.2f} of the products' rate")
        if name == "ours" and batch == "4 x 1024" and share < GEMM_SHARE:
            failures.append(f"{folder.name}: {share:.2f} of the rate of products, asked {GEMM_SHARE}")
    for batch in speed.BATCHES:
        judge(folder.name, batch, found, failures)


def judge(model, batch, found, failures):
    ours, vector = found.get(("ours", batch)), found.get(("ours with a vector", batch))
    rivals = [v for (name, b), v in found.items() if name.startswith("PEFT") and b == batch]
    if ours is None or vector is None:
        failures.append(f"{model}, {batch}: does not fit")
        return
    if rivals:
        # Each figure against the rival that is best at it.
        faster, smaller = ours[0] / max(r[0] for r in rivals), ours[1] / min(r[1] for r in rivals)
        fastest = max(rivals)
        print(f"  {batch}: {faster:.2f} x the fastest rival's tokens/s at {ours[1] / fastest[1]:.2f} of its memory;"
              f" {smaller:.2f} of the smallest rival's memory")
        if faster < SPEED_RATIO or ours[1] / fastest[1] > MEMORY_RATIO:
            failures.append(f"{model}, {batch}: {faster:.2f} x the tokens/s at {ours[1] / fastest[1]:.2f} of the memory")
    time, memory = ours[0] / vector[0], vector[1] / ours[1]
    print(f"  {batch}: a vector costs {time:.2f} x the time, {memory:.2f} x the memory")
    if time > VECTOR_TIME or memory > VECTOR_MEMORY:
        failures.append(f"{model}, {batch}: a vector costs {time:.2f} x the time, {memory:.2f} x the memory")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--simulate", action="store_true")
    arguments = parser.parse_args()
    if arguments.simulate:
        import simulate

        keep = simulate.install()
        device = torch.device("cpu")
        print("Simulated on processors: nothing here was run on a GPU.")
    elif torch.cuda.is_available():
        device = torch.device("cuda:0")
        print(f"{torch.cuda.get_device_name(0)}, torch {torch.__version__}")
    else:
        print("There is no CUDA GPU here, or torch does not see it: nothing was run.", file=sys.stderr)
        return 3
    torch.set_grad_enabled(False)
    failures = []
    cases = sorted(p for p in (arguments.folder / "cases").iterdir() if p.is_dir())
    if not cases:
        failures.append("no cases were exported")
    print("Relative errors against the processors' float32; transformers' own in brackets.")
    for folder in cases:
        compare(kernels.Case(folder, device), failures)
    if not arguments.simulate:
        rate = speed.multiplication(device)
        print(f"\nproducts in bfloat16: {rate / 1e12:.0f} TFLOP/s")
        for folder in sorted((arguments.folder / "shapes").iterdir()):
            timed(folder, device, rate, failures)
    for failure in failures:
        print("FAIL  " + failure)
    print("every bound holds" if not failures else f"{len(failures)} bounds do not hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
