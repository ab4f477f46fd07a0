"""Makes what Python makes of values and texts: numbers, JSON, white space, and the tokens that a configuration adds.

    build/fixtures/bin/python make_python_values.py ../resources/cases

expected-python.json is generated: never edit it.
"""

import json
import sys
import tempfile
from pathlib import Path

from transformers import AutoTokenizer
from transformers.utils.chat_template_utils import render_jinja_template

import compact

VALUE = {"b": [1, 1.0, 1e-05, 0.0001, 123456789.0, 1e15, 1e16, 1.5e-7, -2.5e+20, 0.1, -0.0, 12345678901234567890, 1e7],
         "a": {"é\"\\/<>&'": "ü \u2028 \x7f \x80 \b\f\n\r\t \x01 🦊", "none": None, "yes": True, "no": False},
         "empty": [[], {}], "text": "x"}
# What a template makes of a variable that is not there.
MISSING = ["'a' in x", "'a' not in x", "x in ['a']", "x in {'a': 1}", "x is in ['a']", "x == none", "x == ''", "x != 'a'",
           "x | items | list", "x | sort | list", "x | reverse | list", "x | unique | list", "x | list", "x | join",
           "x | title", "x | capitalize", "x | replace('a', 'b')", "x | safe", "x | trim", "x | upper", "x | string",
           "x | length", "x | first", "x | last", "x | map('upper') | list", "x | selectattr('a') | list",
           "x | rejectattr('a') | list", "x | select | list", "x | default('d')", "x ~ 'a'", "not x", "x and 1", "x or 2",
           "[1] + x | list", "x is iterable", "x is sequence", "x is mapping", "x is string", "x is none", "x is number",
           "x is true", "x is boolean", "x is lower", "x is upper", "x is eq 'a'", "x is defined"]
SPACE = "".join(chr(c) for c in range(0x10000) if chr(c).isspace()) + "\u200b\ufeff\u180e"
TEMPLATES = [
    ("{{ v | tojson }}", VALUE), ("{{ v | tojson(indent=2) }}", VALUE), ("{{ v | tojson(True) }}", VALUE),
    ("{{ v | tojson(ensure_ascii=true, sort_keys=true) }}", VALUE), ("{{ v | tojson(false, 4) }}", VALUE),
    ("{{ v | tojson(separators=(',', ':')) }}", VALUE), ("{{ v | tojson(indent=1, separators=(' ,', ' : ')) }}", VALUE),
    ("{{ v }}", [1.0, 1e-05, 1e16, 0.1, 12345678901234567890]), ("{{ v is integer }}", 12345678901234567890),
    ("{{ v.a.none }}|{{ v.text is string }}|{{ v.a is mapping }}", VALUE),
]
TEMPLATES += [("{{ " + expression + " }}", None) for expression in MISSING]
TEMPLATES += [("{{ v is lower }} {{ v is upper }}", text) for text in ("a1", "A1", "aB", "1")]
for c in SPACE:
    around = c + "a" + c + "b" + c
    for what in ("v | trim", "v.strip()", "v.lstrip()", "v.rstrip()", "v.split() | tojson", "v.split(none, 1) | tojson",
                 "v.splitlines() | tojson"):
        TEMPLATES.append(("[{{ " + what + " }}]", around))
    TEMPLATES.append(("a" + c + "{{- v -}}" + c + "b", "v"))
    if c.isspace():
        TEMPLATES.append(("a" + c + "{#- no -#}" + c + "{{" + c + "v" + c + "}}", "v"))

DECODER = {"0": "<|endoftext|>", "1": "<|im_start|>", "2": "<|im_end|>"}


def token(content, **flags):
    return dict(dict(content=content, lstrip=False, rstrip=False, normalized=False, single_word=False, special=True), **flags)


def configurations():
    stated = {key: token(content) for key, content in DECODER.items()}
    yield dict(added_tokens_decoder=dict(stated, **{"500": token("operator", special=False)}))
    yield dict(added_tokens_decoder=dict(stated, **{"7": token("<tool>"), "3": token("brand-new", special=False)}))
    yield dict(added_tokens_decoder=dict(stated, **{"2": token("<|im_end|>", rstrip=True, lstrip=True)}))
    yield dict(added_tokens_decoder=dict(stated, **{"600": token("tor", single_word=True, special=False)}))
    yield dict(added_tokens_decoder=stated, additional_special_tokens=["operator", "<extra>"], pad_token="<pad>")
    yield dict(additional_special_tokens=["<extra>"], eos_token="<|im_end|>", bos_token=token("oper", normalized=True, __type="AddedToken"))
    yield dict(added_tokens_decoder=stated, add_prefix_space=True)
    yield dict(extra_special_tokens={"image_token": "<image>"}, eos_token="</s>")


TEXTS = ["the operator, operators and<tool> brand-new <extra><pad><image></s>", "  <|im_end|>  operator<|im_end|>\n x",
         "operator", "oper tor factor"]


def main(directory):
    rendered = [dict(source=source, value=value, text=render_jinja_template([[]], chat_template=source, v=value)[0][0])
                for source, value in TEMPLATES]
    tokens = []
    for stated in configurations():
        for special in ({}, {"pad_token": "<pad>", "additional_special_tokens": ["<tool>"]}):
            with tempfile.TemporaryDirectory() as place:
                for name in ("tokenizer.json", "config.json"):
                    (Path(place) / name).write_bytes((directory / "models/base" / name).read_bytes())
                config = dict(stated, tokenizer_class="PreTrainedTokenizerFast")
                (Path(place) / "tokenizer_config.json").write_text(json.dumps(config))
                (Path(place) / "special_tokens_map.json").write_text(json.dumps(special))
                tokenizer = AutoTokenizer.from_pretrained(place)
                tokens += [dict(config=config, map=special, text=text,
                                ids=tokenizer(text, add_special_tokens=False)["input_ids"]) for text in TEXTS]
    text = compact.text(dict(rendered=rendered, tokens=tokens))
    (directory / "expected-python.json").write_text(text)
    print(len(rendered), "renderings,", len(tokens), "texts in tokens")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
