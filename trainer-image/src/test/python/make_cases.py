"""Makes what users' rows become: token ids, answers and losses of transformers, for the rows beside them.

    build/fixtures/bin/python make_cases.py ../resources/cases

A row is stated twice: as a user writes it (`row`), and as apply_chat_template is to get it (`messages`, `tools`, `kwargs`).
`answers` are written by hand: what the assistant says, with the end of its turn. The templates in `templates` were written
for these tests, in the manner of several model families. expected.json and expected-text.json are generated: never edit
them. The second holds plain texts, for tokenizers that put something around a text, each in its own way.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

import compact

END = "<|im_end|>"
TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {
    "city": {"type": "string", "description": "Größe \"x\" <b>"}, "at": {"minimum": 1e-05, "maximum": 1e16, "step": 0.5}}}}}
CALL = {"id": "abcdefghi", "type": "function", "function": {"name": "get_weather", "arguments": {"city": "Oslo", "n": 1.0}}}
ASK, SAID = dict(role="user", content="weather?"), dict(role="tool", tool_call_id="abcdefghi", name="get_weather", content="5 C")
LOOK = dict(role="assistant", content="Let me look.", tool_calls=[CALL])
SILENT = dict(role="assistant", content=None, tool_calls=[CALL])
ABSENT = dict(role="assistant", tool_calls=[CALL])
EMPTY = dict(role="assistant", content="", tool_calls=[CALL])
TWICE = dict(role="assistant", content="", tool_calls=[CALL, dict(CALL, id="bcdefghij")])
DONE = dict(role="assistant", content="It is 5 C.")
ARGUMENTS = '{"city": "Oslo", "n": 1.0}'
HERMES = '<tool_call>\n{"name": "get_weather", "arguments": %s}\n</tool_call>' % ARGUMENTS
MISTRAL = '{"name": "get_weather", "arguments": %s, "id": "abcdefghi"}' % ARGUMENTS
PIRATE = dict(role="system", content="You are a pirate.")


def cases(directory):
    def stored(file):
        return json.loads((directory / f"{file}.jsonl").read_text())

    def case(title, template, answers, messages=None, tools=None, kwargs=None, row=None, file=None, model="base"):
        row = stored(file) if file else row
        if row is None:
            row = dict(messages=messages, **({"tools": tools} if tools else {}))
            row.update({"chat_template_kwargs": kwargs} if kwargs else {})
        messages = messages or row["messages"]
        return dict(title=title, template=template, model=model, row=row, messages=messages,
                    tools=tools or row.get("tools"), kwargs=kwargs or row.get("chat_template_kwargs"), answers=answers)

    def talk(*contents):
        return [dict(role="assistant" if i % 2 else "user", content=c) for i, c in enumerate(contents)]

    call = '<tool_call>{"name": "get_weather", "arguments": {"city": "Oslo"}}</tool_call>'
    yield case("toolcalls", "models/tools-template", ["Let me look." + call + END], file="toolcalls")
    yield case("toolscol", "models/tools-template", ["It is 5 C." + END], file="toolscol")
    yield case("sharegpt_sys", "models/base", ["Arr" + END], [PIRATE, *talk("hi", "Arr")], file="sharegpt_sys", tools=None)
    yield case("alpaca_sys", "models/base", ["b" + END, "Arr" + END], [PIRATE, *talk("a", "b", "hi", "Arr")],
               file="alpaca_sys")
    yield case("pc_sys", "models/base", ["Arr" + END], [PIRATE, *talk("hi", "Arr")], file="pc_sys")
    yield case("weight0", "models/base", ["good answer" + END], file="weight0")
    yield case("train_false", "models/base", ["good answer" + END], file="train_false")
    yield case("sharegpt_rc", "models/base", ["Arr" + END], talk("hi", "Arr"), file="sharegpt_rc")
    yield case("parts", "models/base", ["ho" + END], talk("hi", "ho"), file="parts")
    yield case("pc_conv", "models/base", ["good" + END], talk("q", "good"), file="pc_conv")
    row = stored("pcdbl")
    yield case("pcdbl", "models/base", ["ho" + END + END], talk(row["prompt"], row["completion"]), file="pcdbl")
    yield case("ws00", "trimming", ["an answer" + END], file="ws00")
    for name, white in {"next line": "\x85", "figure space": "\u2007", "ideographic": "\u3000", "separator": "\x1c"}.items():
        yield case("ends with " + name, "trimming", ["an answer" + END], talk("q" + white, white + "an answer" + white))
    yield case("a word that the configuration adds", "models/base", ["my operator is" + END],
               talk("the operator", "my operator is"), model="config-added-token")

    yield case("reasoning", "thinking", ["<think>\n2+2\n</think>\n\n4" + END], file="reasoning")
    yield case("kwargs", "thinking", ["4" + END], file="kwargs")
    yield case("reasoning of an earlier turn", "thinking", ["4" + END, "<think>\n3+3\n</think>\n\n6" + END],
               [dict(role="user", content="q1"), dict(role="assistant", content="4", reasoning_content="2+2"),
                dict(role="user", content="q2"), dict(role="assistant", content="6", reasoning_content="3+3")])
    asked = [PIRATE, ASK, LOOK, SAID, DONE]
    yield case("call, result, answer", "hermes", ["Let me look.\n" + HERMES + END, "It is 5 C." + END], asked, [TOOL])
    for name, turn in {"null": SILENT, "absent": ABSENT, "empty": EMPTY}.items():
        yield case("call with content " + name, "hermes", [HERMES + END, "It is 5 C." + END],
                   [ASK, turn, SAID, DONE], [TOOL])
    yield case("two calls last", "hermes", ["It is 5 C." + END, HERMES + "\n" + HERMES + END],
               [ASK, DONE, ASK, TWICE], [TOOL])
    yield case("a call that is not learned", "hermes", ["It is 5 C." + END],
               [ASK, SILENT, SAID, DONE], [TOOL],
               row=dict(messages=[ASK, dict(SILENT, weight=0), SAID, DONE], tools=json.dumps([TOOL])))
    yield case("ShareGPT's call", "hermes", [HERMES + END, "It is 5 C." + END],
               [ASK, dict(role="assistant", content="", tool_calls=[dict(type="function", function=CALL["function"])]),
                dict(role="tool", content="5 C"), DONE], [TOOL],
               row=dict(conversations=[{"from": "human", "value": "weather?"},
                                       {"from": "function_call", "value": json.dumps(CALL["function"])},
                                       {"from": "observation", "value": "5 C"}, {"from": "gpt", "value": "It is 5 C."}],
                        tools=json.dumps([TOOL])))
    yield case("call, result, answer", "ipython",
               ['{"name": "get_weather", "parameters": %s}<|endoftext|>' % ARGUMENTS, "It is 5 C." + END],
               [PIRATE, ASK, SILENT, SAID, DONE], [TOOL])
    yield case("call, result, answer", "alternating-tools", ["[TOOL_CALLS] [" + MISTRAL + "]" + END, "It is 5 C." + END],
               [ASK, SILENT, SAID, DONE], [TOOL])
    yield case("call, result, answer", "marked-tools",
               ['Let me look.<tool_call>{"name": "get_weather", "arguments": %s}</tool_call>' % ARGUMENTS + END,
                "It is 5 C." + END], [ASK, LOOK, SAID, DONE])
    yield case("not learned, by marks", "marked-tools", ["It is 5 C." + END], [ASK, LOOK, SAID, DONE],
               row=dict(messages=[ASK, dict(LOOK, train=False), SAID, DONE]))
    older = dict(role="assistant", content=None, function_call=dict(name="f", arguments='{"b": 1, "a": 2}'))
    yield case("function_call", "function-call",
               ['<call>{"arguments":"{\\"b\\": 1, \\"a\\": 2}","name":"f"}</call>' + END, "It is 5 C." + END],
               [dict(ASK, name="Zoë"), older, dict(role="function", name="f", content="5 C"), DONE])


BEGIN = "<|endoftext|>"
POST = {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": BEGIN, "type_id": 0}},
                                                 {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {BEGIN: {"id": BEGIN, "ids": [0], "tokens": [BEGIN]}}}
NAMED = {"bos_token": BEGIN, "eos_token": END}
TEXTS = ["The operator is small.\n\nA second paragraph, and no more", "  blanks \t around \n", "Grüße, 日本 🙂",
         "<|im_start|>user\nhi<|im_end|>\n", BEGIN + "once, as a chat template writes it" + END]


def tokenizers():
    """What stands in tokenizer_config.json, and tokenizer.json's post_processor."""
    yield "adds nothing", {}, None
    yield "adds what tokenizer.json says", NAMED, POST
    yield "Llama's", dict(NAMED, tokenizer_class="LlamaTokenizerFast"), None
    yield "Llama's, by its other name", dict(NAMED, tokenizer_class="LlamaTokenizer", add_bos_token=True), None
    yield "Llama's, without a begin", dict(NAMED, tokenizer_class="LlamaTokenizer", add_bos_token=False), POST
    yield "Llama's, with an end", dict(NAMED, tokenizer_class="LlamaTokenizer", add_eos_token=True), None
    yield "Llama's, by the model alone", dict(NAMED, tokenizer_class=None), None
    yield "Gemma's", dict(NAMED, tokenizer_class="GemmaTokenizerFast"), None
    yield "NeoX's, which overrules tokenizer.json", dict(NAMED, tokenizer_class="GPTNeoXTokenizerFast"), POST
    yield "Qwen's, whose flags say nothing", dict(NAMED, tokenizer_class="Qwen2TokenizerFast", add_bos_token=True), None


def texts(directory):
    from tempfile import mkdtemp
    base = directory / "models/base"
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    for title, changes, post in tokenizers():
        made = Path(mkdtemp())
        for name in ("config.json", "special_tokens_map.json"):
            (made / name).write_bytes((base / name).read_bytes())
        config = json.loads((base / "tokenizer_config.json").read_text())
        config = {k: v for k, v in dict(config, **changes).items() if v is not None}
        (made / "tokenizer_config.json").write_text(json.dumps(config))
        (made / "tokenizer.json").write_text(
            json.dumps(dict(json.loads((base / "tokenizer.json").read_text()), post_processor=post)))
        tokenizer = AutoTokenizer.from_pretrained(made)
        for text in TEXTS:
            ids = tokenizer(text)["input_ids"]
            if len(ids) > 1 and ids[0] == ids[1] == tokenizer.bos_token_id:
                ids = ids[1:]  # a begin-of-text token of the text's own is the only one: here transformers has two
            with torch.no_grad():
                loss = model(torch.tensor([ids]), labels=torch.tensor([ids])).loss.item()
            yield dict(title=title, config=changes, post_processor=post, text=text, ids=ids, loss=loss)


def labels(tokenizer, text, answers):
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    learned = [False] * len(encoded["input_ids"])
    at = 0
    for answer in answers:
        at = text.index(answer, at)
        for i, (start, end) in enumerate(encoded["offset_mapping"]):
            learned[i] |= start < at + len(answer) and end > at
        at += len(answer)
    return encoded["input_ids"], learned


def main(directory):
    models = {}
    model = AutoModelForCausalLM.from_pretrained(directory / "models/base", dtype=torch.float32)
    expected = []
    for case in cases(directory):
        place = directory / "models" / case["model"]
        if case["model"] not in models:
            from tempfile import mkdtemp
            merged = Path(mkdtemp())
            for source in (directory / "models/base", place):
                for file in source.iterdir():
                    (merged / file.name).write_bytes(file.read_bytes())
            models[case["model"]] = AutoTokenizer.from_pretrained(merged)
        tokenizer = models[case["model"]]
        template = case["template"]
        file = directory / (template + "/chat_template.jinja" if "/" in template else f"templates/{template}.jinja")
        given = dict(tools=case["tools"] if isinstance(case["tools"], list) else None, chat_template=file.read_text(),
                     tokenize=False, **(case["kwargs"] or {}))
        messages = [{k: v for k, v in turn.items() if k not in ("weight", "train")} for turn in case["messages"]]
        text = tokenizer.apply_chat_template(messages, **given)
        ids, learned = labels(tokenizer, text, case["answers"])
        with torch.no_grad():
            target = torch.tensor([[i if l else -100 for i, l in zip(ids, learned)]])
            loss = model(torch.tensor([ids]), labels=target).loss.item()
        last = max(i for i, turn in enumerate(messages) if turn["role"] == "assistant")
        expected.append(dict(
            title=case["title"], template=template, model=case["model"], row=case["row"], text=text, ids=ids,
            learned=[i for i, l in enumerate(learned) if l], loss=loss,
            prompt=tokenizer.apply_chat_template(messages[:last], add_generation_prompt=True, **given)))
        print(f"{case['title']:40} {template:24} {sum(learned):3} tokens of {len(ids):3}, loss {loss:.3f}")
    (directory / "expected.json").write_text(compact.text(expected))
    (directory / "expected-text.json").write_text(compact.text(list(texts(directory))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
