"""Makes the tokenizers' fixtures: for each family one of its own kind, and what transformers does with it.

    build/fixtures/bin/python make_tokenizers.py [CASE …]

The templates beside, in chat_templates, are written by hand in the manner of the families. {% answer %} stands around what
the model is to learn; it is taken out of the template that is stored, and is read by transformers as its own mark of
generation. The files are described in ../resources/tokenizers/README.md.
"""

import datetime
import json
import re
import shutil
import sys
from pathlib import Path

from tokenizers import normalizers
from transformers import AutoTokenizer, PreTrainedTokenizerFast
from transformers.utils import chat_template_utils

import compact
import family_tokenizers as kinds
import texts
from family_tokenizers import plain, special

OUT = Path(__file__).resolve().parents[1] / "resources" / "tokenizers"
TEMPLATES = Path(__file__).resolve().parent / "chat_templates"
IM = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
TURNS = ("<start_of_turn>", "<end_of_turn>")
PHI = ("<|endoftext|>", "<|assistant|>", "<|system|>", "<|end|>", "<|user|>")
ROLES = ("<|end_of_text|>", "<|start_of_role|>", "<|end_of_role|>")
LLAMA = ("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>")
GEMMA = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>")
RUNS = ("\n\n", "\n\n\n", "\u2581\u2581", "\u2581\u2581\u2581")
VISIBLE = "BPE with bytes for what it does not know, a visible space for each blank"
BYTES = "BPE on bytes, words cut as by"
ALTERNATING = "turns that must alternate"


class Case:
    """One fixture.

    make: makes the tokenizer; template: where the template is stored, "config" or "file"; end: what the template writes
    behind an answer that the model learns; settings: of tokenizer_config.json.
    """

    def __init__(self, architecture, kind, manner, make, end, template="config", **settings):
        self.architecture, self.kind, self.manner = architecture, kind, manner
        self.make, self.end, self.template = make, end, template
        self.settings = {"clean_up_tokenization_spaces": False, **settings}


def llama(form, *more, flags={}):
    base = ("<unk>", "<s>", "</s>")
    return lambda: kinds.spaced(base, special(*base) + special(*more, **flags), "<s>", form)


def gemma():
    return kinds.spaced(GEMMA, special(*GEMMA, *TURNS) + plain(*RUNS), "<bos>", "gemma")


CASES = {
    "llama2": Case("LlamaForCausalLM", VISIBLE + " and before the text (normalizer)",
                   "Llama 2: `[INST]`, the system message inside of the first request, " + ALTERNATING,
                   llama("normalizer"), " </s>", tokenizer_class="LlamaTokenizer", bos_token="<s>", eos_token="</s>",
                   unk_token="<unk>", add_bos_token=True, add_eos_token=False, legacy=False),
    "llama3": Case("LlamaForCausalLM", BYTES + " Llama 3, words of the vocabulary before merges",
                   "Llama 3: headers of roles, a system message with the date, contents trimmed",
                   lambda: kinds.bytewise(kinds.LLAMA3, special(*LLAMA), LLAMA[0], ignore_merges=True),
                   "<|eot_id|>", bos_token=LLAMA[0], eos_token="<|eot_id|>", clean_up_tokenization_spaces=True),
    "smollm2": Case("LlamaForCausalLM", BYTES + " GPT-2, each digit alone",
                    "ChatML with a system message of its own where there is none",
                    lambda: kinds.bytewise(None, special(*IM), digits=True), "<|im_end|>",
                    tokenizer_class="GPT2Tokenizer", bos_token=IM[1], eos_token=IM[2], unk_token=IM[0],
                    pad_token=IM[2], add_prefix_space=False),
    "llama-unigram": Case("LlamaForCausalLM", "Unigram, NFKC, runs of blanks become one, one unknown token",
                          "Zephyr: roles as plain text on lines of their own",
                          lambda: kinds.unigram(["<unk>", "<s>", "</s>"], special("<unk>", "<s>", "</s>"), "<s>"),
                          "</s>", bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="</s>"),
    "mistral": Case("MistralForCausalLM", VISIBLE + " and before the first word (pre-tokenizer)",
                    "Mistral v1: `[INST]` as plain text, no system message, " + ALTERNATING,
                    llama("metaspace"), "</s>", tokenizer_class="LlamaTokenizer", bos_token="<s>", eos_token="</s>",
                    unk_token="<unk>", add_bos_token=True, add_eos_token=False, legacy=True),
    "mistral-tekken": Case("MistralForCausalLM", BYTES + " Mistral's newer models, which look at upper case",
                           "Mistral v3 and later: `[INST]` as a special token, the system message before the last request",
                           lambda: kinds.bytewise(
                               kinds.CASED, special("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "<pad>"), "<s>"),
                           "</s>", "file", bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<pad>"),
    "qwen2": Case("Qwen2ForCausalLM", BYTES + " Qwen, NFC", "ChatML with a system message of its own where there is none",
                  lambda: kinds.bytewise(kinds.QWEN, special(*IM), normalizer=normalizers.NFC(), trimmed=False), "<|im_end|>",
                  tokenizer_class="Qwen2Tokenizer", bos_token=None, eos_token=IM[2], pad_token=IM[0], unk_token=None,
                  add_bos_token=False, add_prefix_space=False, errors="replace", split_special_tokens=False),
    "qwen3": Case("Qwen3ForCausalLM", BYTES + " Qwen, NFC", "ChatML that writes thoughts, and an empty one where there is none",
                  lambda: kinds.bytewise(kinds.QWEN, special(*IM) + plain("<think>", "</think>"),
                                         normalizer=normalizers.NFC(), trimmed=False), "<|im_end|>",
                  tokenizer_class="Qwen2Tokenizer", bos_token=None, eos_token=IM[2], pad_token=IM[0], unk_token=None,
                  add_bos_token=False, add_prefix_space=False, errors="replace", split_special_tokens=False),
    "gemma2": Case("Gemma2ForCausalLM", VISIBLE + ", none before the text",
                   "Gemma 2: the role `model`, no system message, " + ALTERNATING, gemma, "<end_of_turn>",
                   tokenizer_class="GemmaTokenizer", bos_token="<bos>", eos_token="<eos>", pad_token="<pad>",
                   unk_token="<unk>", add_bos_token=True, add_eos_token=False,
                   additional_special_tokens=list(TURNS)),
    "gemma3": Case("Gemma3ForCausalLM", VISIBLE + ", none before the text",
                   "Gemma 3: the role `model`, the system message inside of the first request, " + ALTERNATING,
                   gemma, "<end_of_turn>", "file", tokenizer_class="GemmaTokenizer", bos_token="<bos>",
                   eos_token="<eos>", pad_token="<pad>", unk_token="<unk>", add_bos_token=True, add_eos_token=False),
    "phi3": Case("Phi3ForCausalLM", VISIBLE + " and before the text (normalizer); special tokens take the white space behind",
                 "Phi-3: `<|user|>`, `<|assistant|>` and `<|end|>`, the end of text behind the conversation",
                 llama("normalizer", *PHI, flags=dict(rstrip=True)), "<|end|>", tokenizer_class="LlamaTokenizer",
                 bos_token="<s>", eos_token="<|endoftext|>", pad_token="<|endoftext|>", unk_token="<unk>",
                 add_bos_token=False, add_eos_token=False, legacy=False),
    "phi4": Case("Phi3ForCausalLM", BYTES + " GPT-4; special tokens take the white space around",
                 "Phi-4: ChatML with a separator for the line feed",
                 lambda: kinds.bytewise(kinds.CL100K, special(*IM, "<|im_sep|>", lstrip=True, rstrip=True),
                                        trimmed=False),
                 "<|im_end|>", tokenizer_class="GPT2Tokenizer", bos_token=IM[0], eos_token=IM[2], pad_token=IM[0],
                 unk_token=IM[0], add_prefix_space=False),
    "granite": Case("GraniteForCausalLM", BYTES + " GPT-2, each digit alone",
                    "Granite 3: roles between special tokens, a system message with the date where there is none",
                    lambda: kinds.bytewise(None, special(*ROLES), digits=True), ROLES[0],
                    tokenizer_class="GPT2Tokenizer", bos_token=ROLES[0], eos_token=ROLES[0], pad_token=ROLES[0],
                    unk_token=ROLES[0], add_prefix_space=False, clean_up_tokenization_spaces=True),
    "olmo2": Case("Olmo2ForCausalLM", BYTES + " GPT-4", "OLMo 2: roles as plain text, the end of text at both ends",
                  lambda: kinds.bytewise(kinds.CL100K, special("<|endoftext|>", "<|pad|>")), "<|endoftext|>",
                  tokenizer_class="GPT2Tokenizer", bos_token="<|endoftext|>", eos_token="<|endoftext|>",
                  pad_token="<|pad|>", unk_token="<|endoftext|>", add_prefix_space=False),
    "smollm3": Case("SmolLM3ForCausalLM", BYTES + " Llama 3, words of the vocabulary before merges",
                    "SmolLM3: ChatML with metadata and the date, thoughts on or off, marks of generation around whole turns",
                    lambda: kinds.bytewise(kinds.LLAMA3, special(*LLAMA, *IM[1:]) + plain("<think>", "</think>"),
                                           ignore_merges=True), "<|im_end|>", "file", bos_token=None, eos_token=IM[2],
                    pad_token=IM[2], fast=True, clean_up_tokenization_spaces=True),
}


class FixedDate(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 3, 5, 14, 7, 9)


def without(template, *tags):
    for tag in tags:
        template = re.sub(r"\{%[-+]? (end)?" + tag + r" [-+]?%\}", "", template)
    return template


def write(folder, name, case):
    """The files as a user has them."""
    shutil.rmtree(folder, ignore_errors=True)
    made = case.make()
    settings = {k: v for k, v in case.settings.items() if k != "tokenizer_class"}
    fast = PreTrainedTokenizerFast(tokenizer_object=made, **settings)
    fast.save_pretrained(folder)
    (folder / "special_tokens_map.json").unlink()
    made.save(str(folder / "tokenizer.json"), pretty=False)
    config = json.loads((folder / "tokenizer_config.json").read_text())
    config["tokenizer_class"] = case.settings.get("tokenizer_class", "PreTrainedTokenizerFast")
    source = (TEMPLATES / f"{name}.jinja").read_text()
    stored = without(source, "answer").rstrip("\n")
    if case.template == "file":
        (folder / "chat_template.jinja").write_text(stored + "\n")
    else:
        config["chat_template"] = stored
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
    return without(source, "generation").replace("{% answer ", "{% generation ").replace("{%- answer ", "{%- generation ")\
        .replace("endanswer", "endgeneration")


def answered(messages):
    """The conversation up to its last answer."""
    last = max(i for i, message in enumerate(messages) if message["role"] == "assistant")
    return messages[:last]


def forms(content):
    return [content, content.strip(), content.lstrip(), content.rstrip(), content.strip("\n"), content.lstrip("\n"),
            content.rstrip("\n")]


def labels(bare, specials, text, spans):
    """Which tokens are answers: those that reach into a span. A special one that begins before it is the template's."""
    encoded = bare(text, add_special_tokens=False, return_offsets_mapping=True)
    mask = [0] * len(encoded["input_ids"])
    for begin, end in spans:
        for i, (start, stop) in enumerate(encoded["offset_mapping"]):
            if stop > begin and start < end and not (start < begin and encoded["input_ids"][i] in specials):
                mask[i] = 1
    return mask


def runs(mask):
    edges = [i for i in range(len(mask) + 1) if (mask[i] if i < len(mask) else 0) != (mask[i - 1] if i else 0)]
    return [list(pair) for pair in zip(edges[::2], edges[1::2])]


def conversation(fast, bare, marked, case, title, messages, **kwargs):
    entry = dict(title=title, messages=messages, **({"kwargs": kwargs} if kwargs else {}))
    render = lambda turns, prompt, **more: fast.apply_chat_template(
        turns, add_generation_prompt=prompt, **more, **kwargs)
    try:
        text = render(messages, False, tokenize=False)
        prompt = render(answered(messages), True, tokenize=False)
    except Exception as error:
        return dict(entry, refused=str(error))
    rendered, spans = chat_template_utils.render_jinja_template(
        [messages], chat_template=marked, return_assistant_tokens_mask=True, **fast.special_tokens_map, **kwargs)
    assert rendered[0] == text, (title, rendered[0], text)
    answers = [m["content"] for m in messages if m["role"] == "assistant"]
    written = [text[begin:end] for begin, end in spans[0]]
    same = [any(w == form + case.end for form in forms(a)) for a, w in zip(answers, written, strict=True)]
    ids = render(messages, False)
    entry.update(text=text, ids=ids, prompt=prompt, promptIds=render(answered(messages), True))
    if any(m["role"] == "system" and m["content"] not in text for m in messages):
        return dict(entry, dropped=True)
    if not all(same):
        return dict(entry, rewritten=True)
    mask = labels(bare, special_ids(fast), text, spans[0])
    own = render(messages, False, chat_template=marked, return_dict=True, return_assistant_tokens_mask=True)
    # Where an answer begins with a blank, transformers marks nothing, or the header before it as well.
    if mask != own["assistant_masks"]:
        assert any(w[0].isspace() for w in written), title
        print("  transformers has other labels:", title)
    return dict(entry, answers=runs(mask))


def special_ids(fast):
    return {i for i, token in fast.added_tokens_decoder.items() if token.special}


def encoded(fast, text):
    """What is decoded is left out where it is the text again."""
    ids = fast(text, add_special_tokens=False)["input_ids"]
    decoded = dict(decoded=fast.decode(ids), withoutSpecial=fast.decode(ids, skip_special_tokens=True))
    return dict(text=text, ids=ids, **{k: v for k, v in decoded.items() if v != text})


def cut(fast, ids):
    """Ids that end and begin inside of a character."""
    parts = [ids[:k] for k in range(1, min(len(ids), 8))] + [ids[k:] for k in range(1, min(len(ids), 4))]
    return [dict(ids=part, decoded=fast.decode(part)) for part in parts]


def make(name, case):
    folder = OUT / name
    marked = write(folder, name, case)
    fast = PreTrainedTokenizerFast.from_pretrained(folder)
    bare = PreTrainedTokenizerFast.from_pretrained(folder)
    # Without it offsets keep the blanks of a word.
    bare.backend_tokenizer.post_processor = None
    plain_texts = texts.PLAIN + texts.around([fast.decode([i]) for i in sorted(special_ids(fast))])
    found = dict(
        architecture=case.architecture, tokenizer=case.kind, template=case.manner,
        texts=[encoded(fast, text) for text in plain_texts],
        cut=cut(fast, fast("\U0001f44b\u6771", add_special_tokens=False)["input_ids"]),
        conversations=[conversation(fast, bare, marked, case, *c) for c in texts.CONVERSATIONS.items()])
    if "enable_thinking" in marked:
        found["conversations"].append(conversation(
            fast, bare, marked, case, "without thoughts", texts.CONVERSATIONS["system and two exchanges"],
            enable_thinking=False))
    (folder / "expected.json").write_text(compact.lists(found))
    own_class(folder, name, fast, plain_texts)
    of = lambda key: sum(key in c for c in found["conversations"])
    print(name, len(fast), "tokens,", len(plain_texts), "texts,", of("answers"), "conversations,", of("refused"), "refused,",
          of("rewritten"), "rewritten,", of("dropped"), "dropped")


def own_class(folder, name, fast, plain_texts):
    """Says where the class that the family's files name does something else."""
    try:
        own = AutoTokenizer.from_pretrained(folder)
    except Exception as error:
        print(" ", name, "its own class:", str(error).splitlines()[0][:100])
        return
    ids = lambda tokenizer, text: tokenizer(text, add_special_tokens=False)["input_ids"]
    for text in plain_texts:
        if ids(own, text) != ids(fast, text) or own.decode(ids(fast, text)) != fast.decode(ids(fast, text)):
            print(" ", name, type(own).__name__, repr(text), ids(own, text), ids(fast, text))


def main(asked):
    chat_template_utils.datetime = FixedDate
    for name in asked or CASES:
        make(name, CASES[name])


if __name__ == "__main__":
    main(sys.argv[1:])
