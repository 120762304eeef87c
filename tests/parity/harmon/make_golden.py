"""Golden tensors for Harmon and its parts, by reference code with random weights at tiny sizes.

    python tests/parity/harmon/make_golden.py HARMON tests/data/parity/harmon

HARMON: the folder Harmon of the RecA authors' code at b4ea7a1. PyPI: torch 2.11.0, transformers 5.23.0, tokenizers
0.23.3, safetensors 0.8.0, timm 1.0.31, diffusers 0.42.1, einops 0.8.2, scipy 1.17.1, tqdm. The checkout is not part of
this repository.
"""
import pathlib
import sys
import types
from functools import partial

import torch
from diffusers import AutoencoderKL, DDPMScheduler
from timm.models.vision_transformer import Block
from transformers import Qwen2Config, Qwen2ForCausalLM

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from reference import load, randomize, save, stand_in

SLOTS, IMAGE_AT = 16 + 3, 6  # a 4x4 grid and 3 buffers; "<|im_start|>user\n" is 6 tokens of the test vocabulary


def import_reference(harmon, slots=SLOTS, image_at=IMAGE_AT):
    """The reference's modules. It counts on 1088 slots after 3 tokens: these numbers are replaced in its text."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(harmon))
    torch.Tensor.cuda = lambda self, *args, **kwargs: self
    stand_in("mmengine.registry", Registry=lambda name: types.SimpleNamespace(build=lambda built: built))
    stand_in("mmengine.model", BaseModel=torch.nn.Module)
    stand_in("mmengine.logging", print_log=print)
    stand_in("xtuner.model.utils", guess_load_checkpoint=None)
    stand_in("xtuner.utils", IMAGE_TOKEN_INDEX=-200, IGNORE_INDEX=-100, DEFAULT_IMAGE_TOKEN="<image>")
    stand_in("xtuner.dataset.utils", get_bos_eos_token_ids=lambda tokenizer: ([], [tokenizer.eos_token_id]))
    load("src.models.harmon", harmon / "src/models/harmon.py", {
        "[:,:3,:]": "[:,:%d,:]" % image_at, "[:,3:,:]": "[:,%d:,:]" % image_at,
        "DynamicCache.from_legacy_cache()": "DynamicCache()"})  # of an older transformers, as is curtail_cache
    model = load("src.models.harmon_dev", harmon / "src/models/harmon_dev.py", {
        "1088": str(slots), "[i, 3]": "[i, %d]" % image_at, "[:, :3]": "[:, :%d]" % image_at,
        "[:, 4:]": "[:, %d:]" % (image_at + 1), "[0, 3]": "[0, %d]" % image_at})
    model.Harmon.curtail_cache = staticmethod(lambda cache, length: cache.crop(length - cache.get_seq_length()))
    texts = load("src.datasets.utils", harmon / "src/datasets/utils.py")
    from src.models.mar import diffloss, diffusion, mar, vae
    return types.SimpleNamespace(model=model, texts=texts, diffloss=diffloss, diffusion=diffusion, mar=mar, vae=vae)


def normal(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def with_gradients(module, result):
    return {**result, **{"weight." + name: value for name, value in module.named_parameters()},
            **{"gradient." + name: value.grad for name, value in module.named_parameters()}}


def qwen2(folder):
    model = randomize(Qwen2ForCausalLM(Qwen2Config(
        vocab_size=67, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        intermediate_size=64, rms_norm_eps=1e-6, rope_parameters={"rope_type": "default", "rope_theta": 1e6},
        tie_word_embeddings=True, attn_implementation="eager", bos_token_id=None, eos_token_id=None)), seed=1)
    generator = torch.Generator().manual_seed(2)
    ids = torch.randint(0, 67, (3, 16), generator=generator)
    valid = torch.ones(3, 16, dtype=torch.bool)
    valid[0, 5:9], valid[1, 7:9] = False, False
    supervised = valid & (torch.rand(3, 16, generator=generator) < 0.5)
    targets = torch.randint(0, 67, (3, 16), generator=generator)
    position_ids = (valid.cumsum(1) - 1).clamp(min=0)

    def forward():
        hidden = model.model(input_ids=ids, attention_mask=valid, position_ids=position_ids).last_hidden_state
        logits = model.lm_head(hidden).float()
        return hidden, logits, torch.nn.functional.cross_entropy(logits[supervised], targets[supervised])

    hidden, logits, loss = forward()
    loss.backward()
    result = with_gradients(model, {"ids": ids, "valid": valid, "supervised": supervised, "targets": targets,
                                    "hidden": hidden, "logits": logits, "loss": loss})
    result = {name: value.detach().clone() for name, value in result.items()}
    result.update(answers(model))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    result["losses"] = descend(optimizer, lambda: forward()[2])
    # PyTorch's own error in bfloat16, for the tolerance of ours.
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(result["weight." + name])
        model.bfloat16()
        result["logits_bf16"] = forward()[1]
    save(folder / "qwen2.safetensors", result)


def descend(optimizer, loss_of):
    """The losses before each of ten steps."""
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        losses.append(loss_of())
        losses[-1].backward()
        optimizer.step()
    return torch.stack(losses)


def answers(model):
    """Greedy answers to three prompts, each alone, from its embeddings. The end of an answer is 3."""
    lengths = (9, 5, 7)
    prompts, tokens = torch.zeros(3, 9, dtype=torch.int64), torch.full((3, 8), -1)
    for row, length in enumerate(lengths):
        ids = torch.randint(4, 67, (1, length), generator=torch.Generator().manual_seed(21 + row))
        prompts[row, -length:] = ids[0]
        answer = model.generate(inputs_embeds=model.model.embed_tokens(ids), do_sample=False, max_new_tokens=8,
                                eos_token_id=3, pad_token_id=0)[0]
        tokens[row, :len(answer)] = answer
    assert (tokens == 3).any() and (tokens[:, -1] >= 0).any()
    return {"prompts": prompts, "prompt_lengths": torch.tensor(lengths), "tokens": tokens}


def vit_block(folder):
    block = randomize(Block(32, 4, 4.0, qkv_bias=True, norm_layer=partial(torch.nn.LayerNorm, eps=1e-6)), seed=3)
    x, cotangent = normal(4, 2, 9, 32).requires_grad_(), normal(5, 2, 9, 32)
    y = block(x)
    (y * cotangent).sum().backward()
    save(folder / "vit_block.safetensors",
         with_gradients(block, {"x": x, "y": y, "cotangent": cotangent, "gradient.x": x.grad}))


def ldm_name(name, levels=2):
    """A diffusers parameter's name in the layout of latent diffusion."""
    part, *rest = name.split(".")
    if rest[0] == "mid_block":
        block = "attn_1" if rest[1] == "attentions" else "block_" + str(int(rest[2]) + 1)
        rest = ["mid", block, *rest[3:]]
    elif rest[0] in ("down_blocks", "up_blocks"):
        kind = rest[0].removesuffix("_blocks")
        index = rest[1] if kind == "down" else str(levels - 1 - int(rest[1]))
        block = {"resnets": ["block", rest[3]], "attentions": ["attn", rest[3]]}.get(rest[2], [kind + "sample"])
        rest = [kind, index, *block, *rest[4:]]
    words = {"conv_norm_out": "norm_out", "conv_shortcut": "nin_shortcut", "group_norm": "norm", "to_q": "q",
             "to_k": "k", "to_v": "v"}
    return ".".join([part, *(words.get(word, word) for word in rest)]).replace("to_out.0", "proj_out")


def autoencoder_kl(folder, reference):
    codec = randomize(AutoencoderKL(
        down_block_types=("DownEncoderBlock2D", "AttnDownEncoderBlock2D"), up_block_types=("UpDecoderBlock2D",) * 2,
        block_out_channels=(32, 64), layers_per_block=1, latent_channels=4, norm_num_groups=32), seed=6)
    weights = {ldm_name(name): value for name, value in codec.named_parameters()}
    weights = {name: value[..., None, None] if ".attn" in name and value.dim() == 2 else value
               for name, value in weights.items()}
    other = reference.vae.AutoencoderKL(embed_dim=4, ch_mult=(1,))
    sizes = dict(ch=32, ch_mult=(1, 2), num_res_blocks=1, z_channels=4)
    other.encoder = reference.vae.Encoder(attn_resolutions=(128,), **sizes)  # of the last level, as 256 is the first
    other.decoder = reference.vae.Decoder(**sizes)
    other.load_state_dict(weights)
    images = torch.rand(2, 3, 16, 16, generator=torch.Generator().manual_seed(7)) * 2 - 1
    with torch.no_grad():
        posterior, expected = codec.encode(images).latent_dist, other.encode(images)
        rebuilt = codec.decode(posterior.mean).sample
        torch.testing.assert_close(posterior.mean, expected.mean)
        torch.testing.assert_close(posterior.logvar, expected.logvar)
        torch.testing.assert_close(rebuilt, other.decode(posterior.mean), atol=1e-4, rtol=1e-4)
    save(folder / "autoencoder_kl.safetensors",
         {**{"weight." + name: value for name, value in weights.items()}, "images": images, "mean": posterior.mean,
          "logvar": posterior.logvar, "rebuilt": rebuilt})


def ddpm(folder, reference):
    create = lambda steps: reference.diffusion.create_diffusion(steps, noise_schedule="cosine")
    training, hundred, seven = create(""), create("100"), create("7")
    scheduler = DDPMScheduler(variance_type="learned_range", beta_schedule="squaredcos_cap_v2", clip_sample=False,
                              prediction_type="epsilon")
    betas = torch.from_numpy(training.betas)
    torch.testing.assert_close(betas.float(), scheduler.betas)

    x, noise = normal(8, 24, 5), normal(9, 24, 5)
    t = torch.randint(0, 1000, (24,), generator=torch.Generator().manual_seed(10))
    t[:6] = torch.tensor([0, 0, 0, 1, 2, 999])
    x[:3, 0], x[:3, 1] = 1.1, -1.1  # beyond the last bins of t = 0
    output = (torch.cat([0.7 * noise, torch.zeros(24, 5)], 1) + 0.5 * normal(11, 24, 10)).requires_grad_()
    loss = training.training_losses(lambda x, t: output, x, t, noise=noise)["loss"]
    loss.sum().backward()
    noisy = training.q_sample(x, t, noise)
    torch.testing.assert_close(noisy, scheduler.add_noise(x, noise, t), rtol=1e-4, atol=1e-5)

    # A network that nearly says x, as the first step multiplies the difference with 5000.
    a, b = normal(12, 6, 10) / 2000, normal(13, 10) / 2000
    a[:5, :5] += torch.eye(5) * (1 - 2**-9)
    a[:, 5:] *= 200
    start, step_noise = normal(14, 6, 5), normal(15, 7, 6, 5)
    draws = iter(step_noise)
    original, torch.randn_like = torch.randn_like, lambda x: next(draws)
    sample = seven.p_sample_loop(lambda x, t: torch.cat([x, t[:, None] / 1000], 1) @ a + b, start.shape, start,
                                 clip_denoised=False, temperature=0.7)
    torch.randn_like = original
    save(folder / "ddpm.safetensors",
         {"betas": betas, "betas_100": torch.from_numpy(hundred.betas), "map_100": torch.tensor(hundred.timestep_map),
          "map_7": torch.tensor(seven.timestep_map), "x": x, "t": t, "noise": noise, "output": output, "loss": loss,
          "gradient": output.grad, "network.a": a, "network.b": b, "start": start, "step_noise": step_noise,
          "sample": sample})


def diffusion_head(folder, reference):
    head = randomize(reference.diffloss.SimpleMLPAdaLN(in_channels=4, model_channels=32, out_channels=8, z_channels=24,
                                                       num_res_blocks=2), seed=16)
    x, c, cotangent = normal(17, 6, 4), normal(18, 6, 24).requires_grad_(), normal(19, 6, 8)
    t = torch.tensor([0, 1, 37, 500, 998, 999])
    y = head(x, t, c)
    (y * cotangent).sum().backward()
    save(folder / "diffusion_head.safetensors",
         with_gradients(head, {"x": x, "t": t, "c": c, "y": y, "cotangent": cotangent, "gradient.c": c.grad,
                               "guided": head.forward_with_cfg(x, t, c, 3.0)}))


def reveal_counts(reference, tokens, iterations):
    """How many tokens each iteration of the reference's sampler predicts, with nothing behind it."""
    counts, side = [], int(tokens**0.5)

    def predict(z, temperature, cfg):
        counts.append(len(z))
        return torch.zeros(len(z), 1)

    nothing = lambda *args, **kwargs: torch.zeros(1, tokens, 1)
    mar = types.SimpleNamespace(sample_orders=lambda bsz, seq_len: torch.arange(tokens)[None],
                                forward_mae_decoder=nothing, diffloss=types.SimpleNamespace(sample=predict))
    model = types.SimpleNamespace(device="cpu", dtype=torch.float32, token_embed_dim=1, mar=mar, decode=nothing,
                                  forward_mae_encoder=nothing, curtail_cache=nothing)
    reference.model.Harmon.sample(model, inputs_embeds=torch.zeros(1, 1, 1), attention_mask=torch.ones(1, 1),
                                  num_iter=iterations, past_key_values=(), image_shape=(side, side))
    assert sum(counts) == tokens and len(counts) == iterations
    return torch.tensor(counts)


def mar_masks(folder, reference):
    rate = reference.mar.MAR(img_size=16, encoder_embed_dim=4, encoder_depth=0, decoder_depth=0,
                             mask_ratio_min=0.7).mask_ratio_generator
    draws = torch.tensor([0.0, 1e-3, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999], dtype=torch.float64)
    rates = torch.from_numpy(rate.ppf(draws.numpy()))
    result = {"draws": draws, "rates": rates, "counts_1024": (1024 * rates).ceil().long()}
    for tokens, iterations in ((1024, 64), (16, 16), (16, 8), (256, 64)):
        result["reveal_%d_%d" % (tokens, iterations)] = reveal_counts(reference, tokens, iterations)
    save(folder / "mar_masks.safetensors", result)


def main(harmon, folder):
    import whole

    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    reference = import_reference(harmon)
    qwen2(folder)
    vit_block(folder)
    autoencoder_kl(folder, reference)
    ddpm(folder, reference)
    diffusion_head(folder, reference)
    mar_masks(folder, reference)
    whole.harmon(folder, reference)


if __name__ == "__main__":
    main(*[pathlib.Path(argument) for argument in sys.argv[1:]])
