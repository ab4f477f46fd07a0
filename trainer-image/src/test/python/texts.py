"""What the tokenizers of the families are trained on and asked: harmless sentences, and all that is hard about text."""

TRAINING = [
    "Slice four onions, then stir them slowly in butter for thirty minutes until they are brown.",
    "What is the capital of France? It is Paris, and the capital of Italy is Rome.",
    "The quick brown fox jumps over the lazy dog; the dog does not mind, and sleeps on.",
    "You are a helpful assistant. The user asks, the assistant answers, and the system says how.",
    "Count to three: 1, 2, 3. Then count on: 4, 5, 6, 7, 8, 9, 10, 100, 1000, 2024.",
    "def area(width, height):\n    return width * height\n\nprint(area(3, 4))\n",
    "- first\n- second\n- third\n\nThat's all that I've seen; they're here, and we'll see what they'd say.",
    "Das Wetter ist heute schön, und morgen wird es wärmer. Où est la gare? Ça va très bien, merci.",
    "A list is written as [1, 2, 3], and an object as {\"name\": \"onion\", \"count\": 4}.",
    "today Today Knowledge knowledge ends model small tests made for was that helpful named",
] * 2

PLAIN = [
    "", " ", "Hello world", " one blank before", "   three before", "behind   ", "a  b   c    d     e",
    "tab\tand\ttabs\t\t", "line\nfeed\n\nand\r\nmore\n\n\n", "\n\n  indented\n\tand on\n", " \n \n ",
    "1 12 123 1234 12345 3.14159 1,000,000 2024-05-06", "\u0663\u0664\u0665 \u00bd \u00b2 \u2167 \u3007",
    "don't I'll WE'VE it's O'Neill \u2019s", "CamelCase XMLHttpRequest snake_case ALLCAPS",
    "Caf\u00e9 na\u00efve Zo\u00eb", "Cafe\u0301 nai\u0308ve Zoe\u0308", "\u212b \ufb01 \u2460 \uff21\uff22 \u2126",
    "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8\u3001\u6771\u4eac", "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab",
    "\U0001f44b\U0001f3fd \U0001f469\u200d\U0001f373 \U0001f3f3\ufe0f\u200d\U0001f308\U0001f98a",
    "\u0928\u092e\u0938\u094d\u0924\u0947 \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "\u0395\u03bb\u03bb\u03b7\u03bd\u03b9\u03ba\u03ac \u0440\u0443\u0441\u0441\u043a\u0438\u0439",
    "\u00a0no-break\u2003em\u2028line\u3000wide\u200bzero", "\u2581visible\u2581 blank \u2581", "\ufeffmark \ufffd \ufffe",
    "nul\u0000 bell\u0007 escape\u001b del\u007f next\u0085", "\U0010ffff \U000e0001 \ue000 \u0378",
    "<0x0A><0xF0><0x9F>", "<unk> <pad> <s> </s>", "def f(x):\n    return x ** 2  # square\n",
    "https://example.org/a?b=c&d=%20#e", "!!!???...;;; --- *** ===", "\u2026\u2014\u2013\u201cquoted\u201d \u00abhere\u00bb",
    "{\"a\": [1, {\"b\": null}]}", "Hello , world ! Is n't it 's ? I 'm .",
]


def around(tokens):
    """Special tokens inside of a text, with and without white space around them."""
    return [f"{token}x {token} y  {token}\n\n{token}" for token in tokens] + ["".join(tokens)]


def talk(*turns):
    return [dict(role=role, content=content) for role, content in turns]


ASK = ("user", "What is the capital of France?")
ANSWER = ("assistant", "It is Paris.")
CONVERSATIONS = {
    "one exchange": talk(ASK, ANSWER),
    "system and two exchanges": talk(("system", "Be brief."), ("user", "Count to three."), ("assistant", "1, 2, 3"),
                                     ("user", "And on?"), ("assistant", "4, 5, 6\n7, 8, 9")),
    "beyond the basic plane": talk(("user", "Gr\u00fc\u00dfe \U0001f44b\U0001f3fd an Zo\u00eb"),
                                   ("assistant", "\U0001f98a \u00c7a va? na\u00efve \u6771\u4eac \u2014 fine \U0001f469\u200d\U0001f373")),
    "composed and decomposed": talk(("user", "e\u0301 \u1112\u1161\u11ab \u212b"),
                                    ("assistant", "e\u0301te\u0301 \u00e9t\u00e9 \ufb01n"), ("user", "o\u0308"),
                                    ("assistant", "\u0308o\u0308")),
    "white space around": talk(("user", "  padded  "), ("assistant", "  two blanks around  "), ("user", "\nlines\n"),
                               ("assistant", "\n\nlines around\n\n")),
    "one blank before": talk(ASK, ("assistant", " It is Paris. ")),
    "braces stay text": talk(("user", "Write {{ 7 * 7 }} and {% if x %}, {# no #}"),
                             ("assistant", "{{ messages[0].content }} {% endfor %}")),
    "an answer like a header": talk(("user", "Say assistant"), ("assistant", "assistant\nuser\nmodel [INST] a [/INST]")),
    "the same answer twice": talk(("user", "a"), ("assistant", "ok"), ("user", "ok"), ("assistant", "ok")),
    "special tokens in an answer": talk(ASK, ("assistant", "a</s>b<|im_end|>c<|eot_id|>d<end_of_turn>e<|end|>f")),
    "two questions in a row": talk(ASK, ASK, ANSWER),
    "a question without an answer": talk(ASK, ANSWER, ("user", "And of Italy?")),
    "a thought in the last answer": talk(ASK, ("assistant", "<think>\nEasy.\n</think>\n\nIt is Paris.")),
    "a thought in an earlier answer": talk(ASK, ("assistant", "<think>\nEasy.\n</think>\n\nIt is Paris."),
                                           ("user", "Sure?"), ("assistant", "Yes.")),
}
