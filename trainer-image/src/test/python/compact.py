"""JSON with a line for each entry of the first level: a fixture whose change can be read."""

import json


def text(value):
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()) + "\n}\n"
    return "[\n" + ",\n".join(json.dumps(v) for v in value) + "\n]\n"


def lists(value):
    """The same with a line for each item of the lists of the first level, and without blanks."""
    dense = lambda v: json.dumps(v, separators=(",", ":"))
    line = lambda v: "[\n" + ",\n".join(map(dense, v)) + "\n]" if isinstance(v, list) else dense(v)
    return "{\n" + ",\n".join(f"{json.dumps(k)}: {line(v)}" for k, v in value.items()) + "\n}\n"
