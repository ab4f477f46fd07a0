"""Merges a user's adapter with one that was trained to refuse while the vector was on.

Buffer and reinforce (Ham et al., arXiv 2605.24550), the last step: with B = QR of the user's adapter (B is out x r),
W = W_base + user * s B A + weight * (I - Q Q^T) s B' A'. The paper weighs both by 1/2, which wipes out what a short run has learned
(docs/LOG.md); here the user's counts whole and the other half. Plain Python: the matrices of the small world are small.
"""

import array
import json
import shutil
import struct

WEIGHT = 0.5
PREFIX = "base_model.model."


def read(file):
    """Tensors of a safetensors file: name -> (shape, float32 values)."""
    data = file.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    found = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name != "__metadata__":
            if entry["dtype"] != "F32":
                raise ValueError(f"{file}: {name} must be F32, was {entry['dtype']}")
            begin, end = (8 + size + offset for offset in entry["data_offsets"])
            found[name] = (entry["shape"], array.array("f", data[begin:end]))
    return found


def write(file, tensors):
    """The reverse of read."""
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, (shape, values) in tensors.items():
        end = offset + 4 * len(values)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for _shape, values in tensors.values():
            out.write(values.tobytes())


def columns(matrix):
    """Columns of a matrix that lies row by row."""
    (rows, width), values = matrix
    return [[values[row * width + column] for row in range(rows)] for column in range(width)]


def dot(first, second):
    return sum(a * b for a, b in zip(first, second, strict=True))


def without(vector, basis):
    """What of a vector is orthogonal to an orthonormal basis."""
    for direction in basis:
        along = dot(vector, direction)
        vector = [v - along * d for v, d in zip(vector, direction, strict=True)]
    return vector


def orthonormal(vectors):
    """Gram and Schmidt's basis; what is no direction of its own is left out."""
    basis = []
    for vector in vectors:
        # Twice, because float32 columns of a trained adapter are nearly parallel.
        rest = without(without(vector, basis), basis)
        length = dot(rest, rest) ** 0.5
        if length > 1e-6 * max(1e-30, dot(vector, vector) ** 0.5):
            basis.append([v / length for v in rest])
    return basis


def add(weight, scale, b_columns, a_matrix):
    """weight += scale * B A, in place."""
    (_rank, width), a_values = a_matrix
    _shape, values = weight
    for r, column in enumerate(b_columns):
        for row, b in enumerate(column):
            if b:
                for k in range(width):
                    values[row * width + k] += scale * b * a_values[r * width + k]


def merge(base, user, reinforcement, out):
    """Writes the merged model to a directory that has none yet."""
    shutil.copytree(base, out)
    weights = read(base / "model.safetensors")
    adapters = [read(place / "adapter_model.safetensors") for place in (user, reinforcement)]
    scales = []
    for place in (user, reinforcement):
        config = json.loads((place / "adapter_config.json").read_text())
        scales.append(config["lora_alpha"] / config["r"])
    for name in [n.removesuffix(".lora_A.weight") for n in adapters[0] if n.endswith(".lora_A.weight")]:
        weight = weights[name.removeprefix(PREFIX) + ".weight"]
        own = columns(adapters[0][name + ".lora_B.weight"])
        basis = orthonormal(own)
        other = [without(column, basis) for column in columns(adapters[1][name + ".lora_B.weight"])]
        add(weight, scales[0], own, adapters[0][name + ".lora_A.weight"])
        add(weight, WEIGHT * scales[1], other, adapters[1][name + ".lora_A.weight"])
    write(out / "model.safetensors", weights)
