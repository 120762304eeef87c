"""Two small tokenizers and what tokenizers 0.23.3 makes of strings with them.

    python tests/parity/text/make_golden.py tests/data/tokenizer
"""
import json
import pathlib
import sys

from strings import WORDS, random_strings
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

GPT2 = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
QWEN = (r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"""
        r"""\s*[\r\n]+|\s+(?!\S)|\s+""")


def train(rule):
    tokenizer = Tokenizer(models.BPE())
    if rule == "gpt2":
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(QWEN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=900, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                  special_tokens=["<|endoftext|>"], show_progress=False)
    tokenizer.train_from_iterator(random_strings(20000, seed=1) + 400 * WORDS, trainer)
    if rule == "gpt2":  # runs of spaces and tabs, as CodeGen adds them
        spaces = [" " * n for n in range(31, 1, -1)] + ["\t" * n for n in range(9, 1, -1)]
        tokenizer.add_tokens([AddedToken(token, normalized=True) for token in spaces])
    else:
        tokenizer.add_special_tokens([AddedToken("<|im_start|>", normalized=False),
                                      AddedToken("<|im_end|>", normalized=False)])
        tokenizer.add_tokens([AddedToken("[wide]", lstrip=True, rstrip=True, normalized=False)])
    return tokenizer


def main(folder):
    golden = []
    texts = random_strings(250, seed=2) + ["", " ", "x [wide]  y [wide]", "<|im_start|>user\n\na<|im_end|>\n"]
    tokenizers = {rule: train(rule) for rule in ("gpt2", "qwen")}
    for text in texts:
        ids = {rule: tokenizer.encode(text, add_special_tokens=False).ids for rule, tokenizer in tokenizers.items()}
        decoded = {rule: tokenizers[rule].decode(ids[rule], skip_special_tokens=True) for rule in ids}
        golden.append({"text": text, **ids, "decoded_gpt2": decoded["gpt2"], "decoded_qwen": decoded["qwen"]})
    for rule, tokenizer in tokenizers.items():
        (folder / rule).mkdir(parents=True, exist_ok=True)
        tokenizer.save(str(folder / rule / "tokenizer.json"), pretty=False)
    (folder / "golden.json").write_text("[\n" + ",\n".join(map(json.dumps, golden)) + "\n]\n")
    (folder / "gpt2_files").mkdir(exist_ok=True)
    tokenizers["gpt2"].model.save(str(folder / "gpt2_files"))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
