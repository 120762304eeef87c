"""Names, dtypes and shapes of Harmon's official files at both published sizes.

    python tests/parity/harmon/full.py manifest tests/data/parity/harmon HARMON

HARMON and the packages: see make_golden.py. No file is read: the reference's classes are built without storage, in the
dtype that they are made in (whether the published files are bfloat16 is not known).
"""
import contextlib
import os
import pathlib
import re
import sys

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

from make_golden import import_reference

SIZES = {
    "0.5b": dict(hidden_size=896, num_hidden_layers=24, num_attention_heads=14, intermediate_size=4864),
    "1.5b": dict(hidden_size=1536, num_hidden_layers=28, num_attention_heads=12, intermediate_size=8960)}
HEADS = {"0.5b": ("mar_base", 6, 1024), "1.5b": ("mar_huge", 12, 1536)}
TENSORS = {"0.5b": 364, "1.5b": 604}  # of mar.*
PARAMETERS = {  # body of the decoder, its embedding, mar.*
    "0.5b": (357_898_112, 136_134_656, 207_924_768), "1.5b": (1_310_340_608, 233_373_696, 942_403_104)}


def states(reference, size):
    kind, depth, width = HEADS[size]
    with torch.device("meta"), open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        vae = reference.vae.AutoencoderKL(embed_dim=16, ch_mult=(1, 1, 2, 2, 4))
        mar = getattr(reference.mar, kind)(
            img_size=256, vae_stride=16, patch_size=1, vae_embed_dim=16, mask_ratio_min=0.7, label_drop_prob=0.1,
            class_num=1000, attn_dropout=0.1, proj_dropout=0.1, buffer_size=64, diffloss_d=depth, diffloss_w=width,
            num_sampling_steps="100", diffusion_batch_mul=4)
        llm = Qwen2ForCausalLM(Qwen2Config(
            vocab_size=151936, num_key_value_heads=2, rms_norm_eps=1e-6, max_position_embeddings=32768,
            rope_parameters={"rope_type": "default", "rope_theta": 1e6}, tie_word_embeddings=True, **SIZES[size]))
        model = reference.model.HarmonDev(vae=vae, vae_scale=0.2325, llm=llm, mar=mar, tokenizer=None,
                                          prompt_template=None, gradient_checkpointing=False)
    tied = "llm.lm_head.weight"  # the embedding, which a file need not hold twice
    return {"model": {name: value for name, value in model.state_dict().items() if name != tied},
            "image_tokenizer": vae.state_dict()}


def check(size, components):
    model, codec = components["model"], components["image_tokenizer"]
    count = lambda state, prefix="": sum(value.numel() for name, value in state.items() if name.startswith(prefix))
    embedding = count(model, "llm.model.embed_tokens.")
    assert (count(model, "llm.") - embedding, embedding, count(model, "mar.")) == PARAMETERS[size]
    assert sum(name.startswith("mar.") for name in model) == TENSORS[size]
    assert (len(codec), count(codec)) == (312, 66_456_019)
    print("%s: %d tensors, %d parameters (proj %d)" % (size, len(model), count(model), count(model, "proj_")))


def manifest(folder, reference):
    """manifest_SIZE.txt: component, key, dtype, shape. [24] in a key stands for 0 .. 23."""
    for size in SIZES:
        components, lines = states(reference, size), {}
        check(size, components)
        for component, state in components.items():
            for key, value in state.items():
                shape = "x".join(map(str, value.shape)) or "scalar"
                template = re.sub(r"((?<=layers\.)|(?<=_blocks\.))\d+", "#", key)
                lines.setdefault((component, template, str(value.dtype).removeprefix("torch."), shape), []).append(key)
        with open(folder / ("manifest_%s.txt" % size), "w") as file:
            for (component, template, dtype, shape), keys in lines.items():
                if "#" in template:
                    assert keys == [template.replace("#", str(i)) for i in range(len(keys))]
                print(component, template.replace("#", "[%d]" % len(keys)), dtype, shape, file=file)


if __name__ == "__main__":
    command, folder, harmon = sys.argv[1], *map(pathlib.Path, sys.argv[2:4])
    assert command == "manifest", "manifest is the only command"
    folder.mkdir(parents=True, exist_ok=True)
    manifest(folder, import_reference(harmon))
