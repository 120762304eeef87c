"""Our tokenizer against tokenizers 0.23.3 on many strings: every id must be equal; prints both times on one core.

    python tests/parity/text/compare.py build/release VOCABULARY [COUNT] [FILE_OF_LINES ...]

VOCABULARY is a folder with tokenizer.json. COUNT random strings (100000) and the lines of the files are compared.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"

from strings import random_strings
from tokenizers import Tokenizer


def main(build, vocabulary, count=100000, *files):
    texts = random_strings(int(count), seed=3)
    for file in files:
        texts += pathlib.Path(file).read_text().splitlines()
    tokenizer = Tokenizer.from_file(os.path.join(vocabulary, "tokenizer.json"))
    begin = time.perf_counter()
    expected = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    theirs = time.perf_counter() - begin
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    ours = subprocess.run([os.path.join(build, "parity_encode"), vocabulary], input=lines, capture_output=True,
                          text=True, check=True)
    found = [[int(token) for token in line.split()] for line in ours.stdout.splitlines()]
    assert len(found) == len(expected), (len(found), len(expected))
    wrong = [i for i in range(len(texts)) if found[i] != expected[i]]
    for i in wrong[:5]:
        print(repr(texts[i]), expected[i], found[i], sep="\n  ")
    print("%d strings, %d differ; tokenizers %.2f s, ours %.2f s" % (len(texts), len(wrong), theirs, float(ours.stderr)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
