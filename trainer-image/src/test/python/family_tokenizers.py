"""Tiny tokenizers of each family's own kind, trained on a few sentences. make_tokenizers.py writes and compares them."""

import collections
import json
import math
import os

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import texts

# Several threads add up in another order each time.
os.environ["TOKENIZERS_PARALLELISM"] = "false"
WORDS = r"[^\r\n\p{L}\p{N}]?\p{L}+"
ENDINGS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = rf"{ENDINGS}|{WORDS}|\p{{N}}{{1,3}}|{REST}"
QWEN = rf"{ENDINGS}|{WORDS}|\p{{N}}|{REST}"
CL100K = (rf"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{{L}}\p{{N}}]?+\p{{L}}+|\p{{N}}{{1,3}}"
          r"| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+")
CASED = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
         r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
         r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
SPACE = "\u2581"
KNOWN = 70
BYTES = [f"<0x{b:02X}>" for b in range(256)]


def special(*names, **flags):
    return [AddedToken(name, special=True, normalized=False, **flags) for name in names]


def plain(*names):
    return [AddedToken(name, special=False, normalized=False) for name in names]


def begin(token, tokenizer):
    """Writes a token before a text, where special tokens are asked for."""
    return processors.TemplateProcessing(single=f"{token} $A", pair=f"{token} $A {token} $B",
                                         special_tokens=[(token, tokenizer.token_to_id(token))])


def bytewise(split, added, bos=None, normalizer=None, ignore_merges=False, digits=False, trimmed=True):
    """BPE on bytes. Words are cut by an expression, or by the one of GPT-2 with each digit alone."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if normalizer:
        tokenizer.normalizer = normalizer
    cut = pre_tokenizers.Digits(individual_digits=True) if digits else pre_tokenizers.Split(Regex(split), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [cut, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=digits)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=384, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                  show_progress=False)
    tokenizer.train_from_iterator(texts.TRAINING, trainer)
    tokenizer.add_tokens(added)
    offsets = processors.ByteLevel(trim_offsets=trimmed)
    tokenizer.post_processor = processors.Sequence([offsets, begin(bos, tokenizer)]) if bos else offsets
    return tokenizer


def with_bytes(words, merges, first):
    """A vocabulary as a conversion of sentencepiece has it: special tokens, bytes, merged words, single characters."""
    vocabulary = {token: i for i, token in enumerate([*first, *BYTES])}
    for word in sorted(words, key=lambda w: (len(w) < 2, words[w])):
        vocabulary.setdefault(word, len(vocabulary))
    return models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)


def learned():
    """Merges of words that begin with a visible space; what is rarer than a few dozen characters is left to bytes."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(SPACE, prepend_scheme="always")
    counted = collections.Counter("".join(texts.TRAINING).replace(" ", SPACE))
    known = sorted(counted, key=lambda c: (-counted[c], c))[:KNOWN]
    trainer = trainers.BpeTrainer(vocab_size=260, initial_alphabet=known, limit_alphabet=KNOWN, show_progress=False)
    tokenizer.train_from_iterator(texts.TRAINING, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [tuple(pair) for pair in model["merges"]]


def spaced(first, added, bos=None, form="normalizer"):
    """BPE with a visible space for each blank, and bytes for what it does not know.

    form: "normalizer" (Prepend and Replace, as old files have it), "metaspace" (the pre-tokenizer of newer ones) or
    "gemma" (Replace without a blank before the text).
    """
    words, merges = learned()
    tokenizer = Tokenizer(with_bytes(words, merges, first))
    replaced = decoders.Replace(SPACE, " ")
    if form == "normalizer":
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend(SPACE), normalizers.Replace(" ", SPACE)])
    elif form == "metaspace":
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(SPACE, prepend_scheme="first", split=False)
    else:
        tokenizer.normalizer = normalizers.Replace(" ", SPACE)
        tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    steps = [replaced, decoders.ByteFallback(), decoders.Fuse()]
    tokenizer.decoder = decoders.Sequence(steps if form == "gemma" else [*steps, decoders.Strip(" ", 1, 0)])
    tokenizer.add_tokens(added)
    if bos:
        tokenizer.post_processor = begin(bos, tokenizer)
    return tokenizer


def unigram(first, added, bos=None):
    """Pieces with probabilities. Runs of blanks become one, and what is not known becomes one unknown token."""
    words, _ = learned()
    text = SPACE.join(texts.TRAINING).replace(" ", SPACE)
    # The library's trainer gives other pieces each time, so these are the merged words with their shares.
    pieces = [(word, round(math.log(text.count(word) / len(text)), 4)) for word in sorted(words, key=words.get)]
    tokenizer = Tokenizer(models.Unigram([(token, 0.0) for token in first] + pieces, unk_id=first.index("<unk>")))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(SPACE, prepend_scheme="always")
    tokenizer.add_tokens(added)
    if bos:
        tokenizer.post_processor = begin(bos, tokenizer)
    return tokenizer
