"""Our tiny Show-o against the reference's code at the same sizes, on the same machine with the same threads.

    python benchmarks/compare_showo.py build/release SHOWO RECA [THREADS]

SHOWO, RECA and the packages: see tests/parity/showo/make_golden.py. Cases are those of tiny_benchmark: one
micro-iteration of RecA (32 pictures rebuilt, 32 described, gradients), and sampling of 64 pictures in 12 steps without
and with guidance; tower and image tokenizer over 32 pictures; loading a checkpoint of 256 MiB. The reference computes
what its trainer computes: logits of every position, the prompt again at every sampling step. It is spared the
text-to-image flow that its trainer runs and multiplies with zero.
"""
import pathlib
import shutil
import sys
import tempfile
import types

from side_by_side import ROOT, compare

sys.path.insert(0, str(ROOT / "tests/parity/showo"))

import torch
from make_golden import import_reference
from safetensors.torch import load_file, save_file
from transformers import CLIPVisionConfig, CLIPVisionModel, PhiConfig, PhiForCausalLM

WORDS, CODES, TOKENS, PICTURE = 107, 1024, 16, 4
VOCABULARY, MASK = WORDS + 10 + CODES + 1, WORDS + 10 + CODES
PAD, SOI, EOI, T2I, MMU = WORDS, WORDS + 1, WORDS + 2, WORDS + 5, WORDS + 6


class Reference:
    def __init__(self, parts):
        torch.manual_seed(0)
        self.parts = parts
        self.model = PhiForCausalLM(PhiConfig(
            vocab_size=VOCABULARY, hidden_size=96, num_hidden_layers=4, num_attention_heads=4, intermediate_size=384,
            qk_layernorm=True, partial_rotary_factor=0.5, hidden_act="gelu_new", tie_word_embeddings=True,
            attn_implementation="sdpa", use_cache=False, pad_token_id=None, bos_token_id=None, eos_token_id=None))
        self.tower = CLIPVisionModel(CLIPVisionConfig(
            hidden_size=64, intermediate_size=256, num_hidden_layers=4, num_attention_heads=4, image_size=32,
            patch_size=16, hidden_act="quick_gelu")).requires_grad_(False)
        self.projector = torch.nn.Sequential(torch.nn.Linear(64, 96), torch.nn.GELU(), torch.nn.Linear(96, 96))
        parts.common.Normalize = lambda channels: torch.nn.GroupNorm(8, channels, eps=1e-6)
        parts.magvit.Normalize = parts.common.Normalize
        sizes = dict(ch=16, ch_mult=[1, 2, 3, 4], num_res_blocks=[1, 1, 1, 1], resolution=32, z_channels=10)
        self.encoder = parts.magvit.VQGANEncoder(**sizes).requires_grad_(False)
        self.decoder = parts.magvit.VQGANDecoder(**sizes).requires_grad_(False)
        self.quantizer = parts.magvit.LFQuantizer(codebook_dim=10)

    def see(self, images):
        return self.tower(images, output_hidden_states=True).hidden_states[-2][:, 1:]

    def reca_step(self, images):
        batch = len(images)
        embed = self.model.model.embed_tokens
        with torch.no_grad():
            codes = self.quantizer.get_indices(self.quantizer(self.encoder(images))["z"]).reshape(batch, -1)
            codes = codes + WORDS + 10
            picture = self.projector(self.see(images))
            masked = torch.rand(batch, TOKENS).argsort(-1) < 10
            ids = torch.full((batch, 24 + TOKENS + 2), PAD)
            ids[:, :14] = torch.tensor([MMU, SOI, EOI, *range(1, 12)])
            ids[:, 24], ids[:, -1] = SOI, EOI
            ids[:, 25:-1] = torch.where(masked, MASK, codes)
            words = embed(ids)
            x = torch.cat([words[:, :2], picture, words[:, 2:]], 1)
            ids = torch.cat([ids[:, :2], torch.full((batch, PICTURE), -100), ids[:, 2:]], 1)
            visible = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril().repeat(batch, 1, 1, 1)
            visible[..., 2:2 + PICTURE] = True
            visible[..., -1 - TOKENS:-1, -1 - TOKENS:-1] = True
            visible &= (ids != PAD)[:, None, None]
            mask = torch.where(visible, 0.0, float(torch.iinfo(torch.int64).min))
        logits = self.model(inputs_embeds=x, attention_mask=mask).logits.float()
        labels = torch.where(masked, codes, -100)
        recon = torch.nn.functional.cross_entropy(logits[:, -1 - TOKENS:-1].reshape(-1, VOCABULARY), labels.reshape(-1))
        with torch.no_grad():
            features = self.see(images)
        ids = torch.randint(0, WORDS, (batch, 34))
        ids[:, :3] = torch.tensor([MMU, SOI, EOI])
        words = embed(ids)
        x = torch.cat([words[:, :2], self.projector(features), words[:, 2:]], 1)
        visible = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril().repeat(batch, 1, 1, 1)
        visible[..., 2:2 + PICTURE] = True
        mask = torch.where(visible, 0.0, float(torch.iinfo(torch.int64).min))
        logits = self.model(inputs_embeds=x, attention_mask=mask.float()).logits.float()
        labels = torch.cat([torch.full((batch, PICTURE + 12), -100), ids[:, 12:]], 1)
        i2t = torch.nn.functional.cross_entropy(logits[:, :-1].reshape(-1, VOCABULARY), labels[:, 1:].reshape(-1))
        (recon + i2t).backward()

    @torch.no_grad()
    def sample(self, guidance):
        batch, length = 64, 33
        ids = torch.full((batch, length + TOKENS + 2), PAD)
        ids[:, length - 8:length] = torch.tensor([T2I, 1, 2, 3, 4, 5, 6, 1])
        ids[:, length], ids[:, -1] = SOI, EOI
        ids[:, length + 1:-1] = MASK
        empty = ids.clone()
        empty[:, length - 8:length] = torch.tensor([PAD] * 5 + [T2I, 1, 1])
        both = torch.cat([ids, empty]) if guidance else ids
        mask = self.parts.prompting.create_attention_mask_predict_next(both, pad_id=PAD, soi_id=SOI, eoi_id=EOI,
                                                                       rm_pad_in_image=True).float()
        space = types.SimpleNamespace
        config = space(model=space(showo=space(num_vq_tokens=TOKENS, num_new_special_tokens=10, llm_vocab_size=WORDS)),
                       dataset=space(preprocessing=space(max_seq_length=length - 1)))

        class Model:
            def __call__(inner, ids, attention_mask=None):
                return self.model(input_ids=ids, attention_mask=attention_mask).logits.float()

        Model.config = space(mask_token_id=MASK)
        codes = self.parts.showo.Showo.t2i_generate(Model(), ids.clone(), uncond_input_ids=empty.clone(),
                                                    attention_mask=mask, timesteps=12, guidance_scale=guidance,
                                                    config=config)
        return self.decoder(self.quantizer.get_codebook_entry(codes))["output"].clamp(-1, 1)

    @torch.no_grad()
    def round_trip(self, images):
        z = self.encoder(images)
        codes = self.quantizer.get_indices(self.quantizer(z)["z"]).reshape(len(images), -1)
        return self.decoder(self.quantizer.get_codebook_entry(codes, shape=z.shape[2:]))["output"].clamp(-1, 1)

    @torch.no_grad()
    def features(self, images):
        return self.projector(self.see(images))


class Weights(torch.nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(64):
            self.register_buffer(str(i), torch.zeros(1024, 1024))


def main(build, showo, reca, threads="1"):
    torch.set_num_threads(int(threads))
    parts = import_reference(pathlib.Path(showo), pathlib.Path(reca))
    parts.common = sys.modules["reference.common_modules"]
    reference = Reference(parts)
    images = torch.rand(32, 3, 32, 32) * 2 - 1
    weights = Weights()
    file = pathlib.Path(tempfile.mkdtemp()) / "weights.safetensors"
    save_file(weights.state_dict(), file)
    cases = {"showo/training_step/reca": lambda: reference.reca_step(images),
             "showo/sampling_batch/plain": lambda: reference.sample(0),
             "showo/sampling_batch/guided": lambda: reference.sample(1.0),
             "showo/image_encoder": lambda: reference.features(images),
             "showo/image_tokenizer": lambda: reference.round_trip(images),
             "checkpoint_load": lambda: weights.load_state_dict(load_file(file))}
    compare(build, threads, cases)
    shutil.rmtree(file.parent)


if __name__ == "__main__":
    main(*sys.argv[1:])
