"""Strings that tokenizers disagree about: scripts, emoji, white space, contractions, marks, line ends."""
import random

RANGES = [(0x20, 0x7F), (0xA0, 0x250), (0x300, 0x370), (0x370, 0x400), (0x400, 0x500), (0x590, 0x600),
          (0x600, 0x700), (0x900, 0x980), (0xE00, 0xE80), (0x1100, 0x1200), (0x1E00, 0x2000), (0x2000, 0x2070),
          (0x2150, 0x2190), (0x2190, 0x2200), (0x3000, 0x3100), (0x4E00, 0x5000), (0xAC00, 0xAD00),
          (0xFE00, 0xFE10), (0xFF00, 0xFFF0), (0x10300, 0x10340), (0x1D400, 0x1D500), (0x1F300, 0x1F650),
          (0x1F900, 0x1FA00), (0xE0020, 0xE0080)]
WORDS = ("a red circle above two blue squares It's I'm we'll they'VE don't CAN'T x's 'ſ rock'n'roll 1234567890 3.14 "
         "naïve Ångström Straße ΑΒΓ привет мир שלום مرحبا नमस्ते ไทย 你好世界 こんにちは 안녕하세요 👩‍👩‍👧‍👦 🇩🇪 ½ ² Ⅷ 万 e\u0301 "
         "http://example.org/a?b=c&d=%20 <|endoftext|> <|im_start|> {\"k\": [1, 2]} def f(x):").split(" ")
SPACES = [" ", "  ", "   ", "\t", "\t\t", "\n", "\n\n", " \n", "\n ", "\r\n", "\r", "\u00a0", "\u2003", "\u3000", "\u0085",
          "\u2028", "\x0b", "\x1c", "\u200b", "", " " * 8, " " * 33]


def random_string(rng):
    parts = []
    for _ in range(rng.randint(0, 12)):
        kind = rng.random()
        if kind < 0.35:
            parts.append(rng.choice(WORDS))
        elif kind < 0.6:
            parts.append(rng.choice(SPACES))
        elif kind < 0.75:
            low, high = rng.choice(RANGES)
            parts.append("".join(chr(rng.randrange(low, high)) for _ in range(rng.randint(1, 6))))
        elif kind < 0.85:
            parts.append("".join(rng.choice("abcdefgh'") for _ in range(rng.randint(1, 80))))
        elif kind < 0.93:
            parts.append("".join(rng.choice("!?.,;:-_'\"()[]#@*/\\") for _ in range(rng.randint(1, 5))))
        else:
            code = rng.randrange(0x110000)
            parts.append(chr(code) if not 0xD800 <= code < 0xE000 else "\ufffd")
        if rng.random() < 0.4:
            parts.append(" ")
    return "".join(parts)


def random_strings(count, seed):
    rng = random.Random(seed)
    return [random_string(rng) for _ in range(count)]
