"""Our Harmon against the reference's own code at the same sizes, on the same machine with the same threads.

    python benchmarks/compare_harmon.py build/release HARMON [THREADS] [--published | --published-step]

HARMON and the packages: see tests/parity/harmon/make_golden.py. Cases are those of tiny_benchmark: one micro-iteration
of RecA (32 pictures rebuilt, 32 described) and of SFT (32 pictures from captions) with gradients, sampling of 64
pictures without and with guidance, what the encoder sees in 32 pictures, image tokenizer there and back.
--published: the 0.5b preset at 512 pixels with random weights, sampling of one picture in 3 iterations of 4 denoising
steps with guidance. --published-step: the reconstruction loss of one picture there, with gradients, for which the
reference takes more than 10 GB.

The reference runs its own losses and sampler, in training mode where it trains, without activation checkpointing
and, as ours here, without dropout: what attention keeps for it takes gigabytes at the published size. Attention is
scaled_dot_product_attention.
"""
import json
import pathlib
import shutil
import sys
import tempfile
import types
from functools import partial

from side_by_side import ROOT, compare

sys.path.insert(0, str(ROOT / "tests/parity/harmon"))

import torch
from make_golden import import_reference
from scipy.stats import truncnorm
from transformers import Qwen2Config, Qwen2ForCausalLM

# plugins/architectures/harmon/config.cpp. `image_at`: tokens of a prompt before its picture.
TINY = types.SimpleNamespace(
    image_size=32, image_at=1,
    llm=dict(vocab_size=107, hidden_size=96, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
             intermediate_size=256),
    rope_theta=1e4, masked_share=(0.3, 0.4), noise_repeats=3,  # least and deviation
    mar_width=96, mar_layers=2, mar_heads=4, buffers=4, channels=8, learned_grid=4, grid=4, classes=0, dropout=0.0,
    head_width=128, head_blocks=3, vae_scale=0.78, vae_groups=8,
    vae=dict(ch=16, ch_mult=(1, 2, 3, 4)), encoder=dict(num_res_blocks=1, attn_resolutions=()),
    decoder=dict(num_res_blocks=0),  # and one more in every level
    iterations=16, denoising_steps=10)
PUBLISHED = types.SimpleNamespace(
    image_size=512, image_at=3,
    llm=dict(vocab_size=151936, hidden_size=896, num_hidden_layers=24, num_attention_heads=14, num_key_value_heads=2,
             intermediate_size=4864),
    rope_theta=1e6, masked_share=(0.7, 0.25), noise_repeats=4,
    mar_width=768, mar_layers=12, mar_heads=12, buffers=64, channels=16, learned_grid=16, grid=32, classes=1000,
    dropout=0.0, head_width=1024, head_blocks=6, vae_scale=0.2325, vae_groups=32,
    vae=dict(ch=128, ch_mult=(1, 1, 2, 2, 4)), encoder=dict(num_res_blocks=2, attn_resolutions=(16,)),
    decoder=dict(num_res_blocks=2), iterations=3, denoising_steps=4)
PICTURE, PAD, IGNORED = -200, 0, -100


def build_model(parts, size):
    torch.manual_seed(0)
    parts.vae.Normalize = lambda channels: torch.nn.GroupNorm(size.vae_groups, channels, eps=1e-6)
    vae = parts.vae.AutoencoderKL(embed_dim=size.channels, ch_mult=(1,))
    vae.encoder = parts.vae.Encoder(z_channels=size.channels, **size.vae, **size.encoder)
    vae.decoder = parts.vae.Decoder(z_channels=size.channels, **size.vae, **size.decoder)
    mar = parts.mar.MAR(
        img_size=size.learned_grid, vae_stride=1, patch_size=1, encoder_embed_dim=size.mar_width,
        encoder_depth=size.mar_layers, encoder_num_heads=size.mar_heads, decoder_embed_dim=size.mar_width,
        decoder_depth=size.mar_layers, decoder_num_heads=size.mar_heads, vae_embed_dim=size.channels,
        norm_layer=partial(torch.nn.LayerNorm, eps=1e-6), attn_dropout=size.dropout, proj_dropout=size.dropout,
        class_num=size.classes, buffer_size=size.buffers, diffloss_d=size.head_blocks,
        diffloss_w=size.head_width, num_sampling_steps=str(size.denoising_steps),
        diffusion_batch_mul=size.noise_repeats)
    least, deviation = size.masked_share
    mar.mask_ratio_generator = truncnorm((least - 1) / deviation, 0, loc=1, scale=deviation)
    llm = Qwen2ForCausalLM(Qwen2Config(
        rms_norm_eps=1e-6, rope_parameters={"rope_type": "default", "rope_theta": size.rope_theta},
        tie_word_embeddings=True, attn_implementation="sdpa", bos_token_id=None, eos_token_id=None, **size.llm))
    return parts.model.HarmonDev(vae=vae, vae_scale=size.vae_scale, llm=llm, mar=mar, tokenizer=None,
                                 prompt_template=None, gradient_checkpointing=False)


class Reference:
    def __init__(self, parts, size):
        self.model, self.size = build_model(parts, size), size

    def padded(self, lengths):
        """Words, padded on the right as the trainer's batches are."""
        valid = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
        return torch.where(valid, torch.randint(1, 100, valid.shape), PAD), valid

    def batch(self, images, lengths, answers=None):
        """What the data sets hand to a loss: words, and the slot of a picture that is shown."""
        ids, valid = self.padded(lengths)
        ids[:, self.size.image_at] = PICTURE
        batch = {"pixel_values": images, "input_ids": ids, "attention_mask": valid}
        if answers is not None:
            begin = (torch.tensor(lengths) - torch.tensor(answers))[:, None]
            batch["labels"] = torch.where(valid & (torch.arange(ids.shape[1]) >= begin), ids, IGNORED)
        return batch

    def recon(self, images):
        lengths = [6 + index % 8 for index in range(len(images))]  # a turn's ends, the picture's slot, an instruction
        return self.model.recon_loss(self.batch(images, lengths))

    def reca_step(self, images):
        answers = [6 * (1 + index % 4) for index in range(len(images))]
        described = self.batch(images, [12 + answer for answer in answers], answers)  # behind slot and question
        (self.recon(images) + self.model.image2text_loss(described)).backward()

    def recon_step(self, images):
        self.recon(images).backward()

    def sft_step(self, images):
        ids, valid = self.padded([5 + index % 8 for index in range(len(images))])
        self.model.text2image_loss({"pixel_values": images, "input_ids": ids, "attention_mask": valid}).backward()

    @torch.no_grad()
    def sample(self, count, cfg):
        ids, valid = self.padded([10] * count + ([3] * count if cfg != 1 else []))
        self.model.eval().sample(input_ids=ids, attention_mask=valid, num_iter=self.size.iterations, cfg=cfg,
                                 image_shape=(self.size.grid, self.size.grid))
        self.model.train()

    @torch.no_grad()
    def see(self, images):
        self.model.extract_visual_feature(self.model.encode(images))

    @torch.no_grad()
    def round_trip(self, images):
        self.model.decode(self.model.encode(images)).clamp(-1, 1)


def reference_of(harmon, size):
    parts = import_reference(pathlib.Path(harmon), slots=size.grid ** 2 + size.buffers, image_at=size.image_at)
    return Reference(parts, size), lambda count: torch.rand(count, 3, size.image_size, size.image_size) * 2 - 1


def tiny(build, harmon, threads):
    reference, pictures = reference_of(harmon, TINY)
    images = pictures(32)
    compare(build, threads, {"harmon/training_step/reca": lambda: reference.reca_step(images),
                             "harmon/training_step/sft": lambda: reference.sft_step(images),
                             "harmon/sampling_batch/plain": lambda: reference.sample(64, 1.0),
                             "harmon/sampling_batch/guided": lambda: reference.sample(64, 3.0),
                             "harmon/image_encoder": lambda: reference.see(images),
                             "harmon/image_tokenizer": lambda: reference.round_trip(images)})


def write_vocabulary(folder):
    """A tokenizer of Qwen2.5's 151,665 ids: the small one of the tests, its special tokens at their published ids."""
    content = json.loads((ROOT / "tests/data/tokenizer/qwen/tokenizer.json").read_text())
    special = content["added_tokens"][0]
    content["added_tokens"] = [{**special, "id": number, "content": word} for number, word in (
        (151643, "<|endoftext|>"), (151644, "<|im_start|>"), (151645, "<|im_end|>"), (151664, "<|file_sep|>"))]
    (folder / "tokenizer.json").write_text(json.dumps(content))


def published(build, harmon, threads, name, run):
    reference, pictures = reference_of(harmon, PUBLISHED)
    images, folder = pictures(1), pathlib.Path(tempfile.mkdtemp())
    write_vocabulary(folder)
    compare(build, threads, {name: lambda: run(reference, images)}, rounds=2, at_least=0.01, warm=False,
            UMM_BENCHMARK_QWEN=str(folder / "tokenizer.json"))
    shutil.rmtree(folder)


MODES = {"tiny": tiny,
         "--published": partial(published, name="harmon_0.5b/sampling_batch/guided",
                                run=lambda reference, images: reference.sample(1, 3.0)),
         "--published-step": partial(published, name="harmon_0.5b/training_step/recon",
                                     run=lambda reference, images: reference.recon_step(images))}


def main(build, harmon, threads="1", mode="tiny"):
    torch.set_num_threads(int(threads))
    MODES[mode](build, harmon, threads)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    mode = next((argument for argument in arguments if argument in MODES), "tiny")
    main(*[argument for argument in arguments if argument != mode], mode=mode)
