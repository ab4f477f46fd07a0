"""Renders chat templates with transformers: what the trainer's own renderer is held against.

    python make_chat.py ../resources/chat

The templates were written for these tests, in the manner of several model families; each is rendered for the same
conversations. The tokenizer is a byte-level BPE trained on the sentences below.
"""

import datetime
import json
import pathlib
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast
from transformers.utils import chat_template_utils

SPECIAL = [
    "<|begin_of_text|>", "</s>", "<|im_start|>", "<|im_end|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
    "<user>", "<asst>",
]
END_OF_TURN = {
    "chatml-default-system": "<|im_end|>",
    "headers-and-dates": "<|eot_id|>",
    "tools-and-elif": "<|im_end|>",
    "alternating": " </s>",
    "thinking": "<|im_end|>",
    "generation-marks": "<|im_end|>",
    "quickstart": " </s>",
}
STRIPS = {"headers-and-dates", "alternating"}

CONVERSATIONS = {
    "one turn": [("user", "What is the capital of France?"), ("assistant", "It is Paris.")],
    "system and two turns": [
        ("system", "Be brief."),
        ("user", "Count to three."),
        ("assistant", "1, 2, 3"),
        ("user", "And on?"),
        ("assistant", "4, 5, 6\n7, 8, 9"),
    ],
    "beyond the basic plane": [("user", "Grüße 👋🏽 an Zoë"), ("assistant", "Ça va? 🦊 naïve 東京 — fine")],
    "braces stay text": [
        ("user", "Write {{ 7 * 7 }} and {% for x in y %}, {# no #}"),
        ("assistant", "{{ messages[0].content }} {% endfor %} {{ raise_exception('x') }}"),
    ],
    "white space around": [("user", "  padded  "), ("assistant", "  answer with blanks \n")],
    "an answer that looks like a header": [
        ("user", "Say assistant"),
        ("assistant", "assistant\nuser\nassistant"),
    ],
    "the same answer twice": [("user", "a"), ("assistant", "ok"), ("user", "ok"), ("assistant", "ok")],
}
TEXT = [c for turns in CONVERSATIONS.values() for _, c in turns] * 3


def tokenizer():
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(vocab_size=320, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    bpe.train_from_iterator(TEXT, trainer)
    bpe.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in SPECIAL])
    return bpe


def messages(turns):
    return [{"role": role, "content": content} for role, content in turns]


def answers(name, turns):
    strip = name in STRIPS
    found = []
    for role, content in turns:
        if role == "assistant":
            text = content.strip() if strip else content
            lead = " " if name == "quickstart" else ""
            found.append(lead + text + END_OF_TURN[name])
    return found


def main(directory):
    class FixedDate(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 3, 5, 14, 7, 9)

    chat_template_utils.datetime = FixedDate
    bpe = tokenizer()
    bpe.save(str(directory / "tokenizer.json"))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token="<|begin_of_text|>", eos_token="</s>", clean_up_tokenization_spaces=False)
    expected = {}
    for file in sorted(directory.glob("*.jinja")):
        fast.chat_template = file.read_text()
        cases = []
        for title, turns in CONVERSATIONS.items():
            if file.stem == "quickstart" and turns[0][0] == "system":
                continue
            prompt = turns[:-1]
            text = fast.apply_chat_template(messages(turns), tokenize=False)
            cases.append({
                "title": title,
                "messages": messages(turns),
                "text": text,
                "ids": fast.apply_chat_template(messages(turns)),
                "prompt": fast.apply_chat_template(messages(prompt), tokenize=False, add_generation_prompt=True),
                "promptIds": fast.apply_chat_template(messages(prompt), add_generation_prompt=True),
                "answers": answers(file.stem, turns) if file.stem in END_OF_TURN else None,
            })
        expected[file.stem] = cases
    (directory / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
