"""harmon.safetensors: losses, gradients and samples of a whole Harmon. make_golden.py runs it."""
import itertools
import types
from functools import partial
from unittest.mock import patch

import torch
from tokenizers import Tokenizer
from torch.nn.utils.rnn import pad_sequence
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from make_golden import HERE, IMAGE_AT, SLOTS, descend, normal, reveal_counts
from reference import randomize, save

INSTRUCTION = "<|im_start|>user\n{input}<|im_end|>\n<|im_start|>assistant\n"
CAPTIONS = ["a red circle", "two blue squares above a ring"]
INSTRUCTIONS = ["describe the picture", "list all the objects"]
QUESTIONS = ["what is this?", "which color is it?"]
ANSWERS = ["a red circle", "two blue squares"]
UNCONDITIONAL, RECON = "Generate an image.", "Describe this image in details."
TOKENS, CHANNELS, STEPS, ITERATIONS = 16, 4, 7, 5


def build(reference):
    vae = reference.vae.AutoencoderKL(embed_dim=CHANNELS, ch_mult=(1,))
    sizes = dict(ch=32, ch_mult=(1, 1, 1), num_res_blocks=1, z_channels=CHANNELS)
    vae.encoder = reference.vae.Encoder(attn_resolutions=(64,), **sizes)  # of the last level, as 256 is the first
    vae.decoder = reference.vae.Decoder(**sizes)
    mar = reference.mar.MAR(
        img_size=8, vae_stride=4, patch_size=1, encoder_embed_dim=32, encoder_depth=2, encoder_num_heads=4,
        decoder_embed_dim=32, decoder_depth=2, decoder_num_heads=4, mlp_ratio=4, vae_embed_dim=CHANNELS,
        norm_layer=partial(torch.nn.LayerNorm, eps=1e-6), mask_ratio_min=0.7, class_num=10, buffer_size=3,
        diffloss_d=2, diffloss_w=32, num_sampling_steps=str(STEPS), diffusion_batch_mul=4)
    llm = Qwen2ForCausalLM(Qwen2Config(
        vocab_size=910, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, num_key_value_heads=1,
        intermediate_size=48, rms_norm_eps=1e-6, rope_parameters={"rope_type": "default", "rope_theta": 1e6},
        tie_word_embeddings=True, attn_implementation="eager", bos_token_id=None, eos_token_id=None))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(HERE.parents[1] / "data/tokenizer/qwen/tokenizer.json")),
        pad_token="<|im_end|>", eos_token="<|im_end|>")
    model = reference.model.HarmonDev(
        vae=vae, vae_scale=0.2325, llm=llm, mar=mar, tokenizer=tokenizer, gradient_checkpointing=False,
        prompt_template={"INSTRUCTION": INSTRUCTION})
    return randomize(model, seed=20).requires_grad_().eval()


def encode(model, text):
    return torch.tensor(model.tokenizer.encode(text))


def padded(model, rows):
    ids = pad_sequence(rows, batch_first=True, padding_value=model.tokenizer.pad_token_id)
    return ids, torch.arange(ids.shape[1]) < torch.tensor([[len(row)] for row in rows])


def expanded(rows, filler):
    """Every slot of the picture, where the reference's data hold one."""
    slots = torch.full((len(rows), SLOTS), filler, dtype=rows.dtype)
    return torch.cat([rows[:, :IMAGE_AT], slots, rows[:, IMAGE_AT + 1:]], 1)


def batches(model, reference, images):
    """What the reference's data sets and collation hand to its losses."""
    template = lambda text: INSTRUCTION.format(input=text)
    t2i = [encode(model, template("Generate an image: " + caption)) for caption in CAPTIONS]
    recon = [encode(model, template("\n" + instruction)) for instruction in INSTRUCTIONS]
    recon = [torch.cat([ids[:IMAGE_AT], torch.tensor([-200]), ids[IMAGE_AT:]]) for ids in recon]
    i2t = [reference.texts.encode_fn({"conversation": [{
        "input": template("<image>\n" + question), "output": answer + "<|im_end|>", "need_eos_token": False,
        "sep": "\n"}]}, model.tokenizer, with_image_token=True) for question, answer in zip(QUESTIONS, ANSWERS)]
    result = {}
    for name, rows in (("t2i", t2i), ("recon", recon), ("i2t", [torch.tensor(row["input_ids"]) for row in i2t])):
        ids, valid = padded(model, rows)
        result[name] = {"pixel_values": images, "input_ids": ids, "attention_mask": valid}
    result["i2t"]["labels"] = pad_sequence([torch.tensor(row["labels"]) for row in i2t], batch_first=True,
                                           padding_value=-100)
    return result


def orders(seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.stack([torch.randperm(TOKENS, generator=generator) for _ in range(2)])


def training_draws(seed, masked):
    count = 4 * 2 * TOKENS
    t = torch.randint(0, 1000, (count,), generator=torch.Generator().manual_seed(seed))
    return {"masked_count": torch.tensor(masked), "orders": orders(seed + 1), "t": t,
            "noise": normal(seed + 2, count, CHANNELS)}


def with_draws(model, draws, loss_of):
    """loss_of() where mask, timesteps and noise are those."""
    model.mar.sample_orders = lambda bsz, seq_len: draws["orders"].clone()
    model.mar.mask_ratio_generator = types.SimpleNamespace(rvs=lambda n: [draws["masked_count"].item() / TOKENS])

    def randn_like(x):
        assert x.shape == draws["noise"].shape
        return draws["noise"]

    with patch("torch.randint", lambda low, high, shape, device: draws["t"]), patch("torch.randn_like", randn_like):
        return loss_of()


def losses(model, reference, images, result):
    data = batches(model, reference, images)
    draws = {"t2i": training_draws(30, 13), "recon": training_draws(40, 12)}
    for name, tensors in draws.items():
        result.update({"%s.%s" % (name, key): value for key, value in tensors.items()})
    for name, batch in data.items():
        with_image = (batch["input_ids"] == -200).any()
        result[name + ".ids"] = expanded(batch["input_ids"], -200) if with_image else batch["input_ids"]
        result[name + ".valid"] = expanded(batch["attention_mask"], True) if with_image else batch["attention_mask"]
    result["i2t.labels"] = expanded(data["i2t"]["labels"], -100)
    loss_of = {"t2i": lambda: with_draws(model, draws["t2i"], lambda: model.text2image_loss(data["t2i"])),
               "recon": lambda: with_draws(model, draws["recon"], lambda: model.recon_loss(data["recon"])),
               "i2t": lambda: model.image2text_loss(data["i2t"])}

    decoder = model.mar.forward_mae_decoder
    model.mar.forward_mae_decoder = lambda *args, **kwargs: result.setdefault("t2i.z", decoder(*args, **kwargs))
    loss_of["t2i"]()
    del model.mar.forward_mae_decoder
    trained = {name: value for name, value in model.named_parameters() if not name.startswith("vae.")}
    for name, loss in loss_of.items():
        model.zero_grad()
        result[name + ".loss"] = loss()
        result[name + ".loss"].backward()
        result.update({"%s.gradient.%s" % (name, key): value.grad.clone() for key, value in trained.items()
                       if value.grad is not None})
    kept = {key: value.detach().clone() for key, value in trained.items()}
    optimizer = torch.optim.AdamW(trained.values(), lr=1e-3, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.02)
    result["losses"] = descend(optimizer, lambda: sum(loss() for loss in loss_of.values()))
    for key, value in trained.items():
        value.data = kept[key]


def sampling_draws(reference, seed):
    result = {"orders": orders(seed)}
    for iteration, count in enumerate(2 * reveal_counts(reference, TOKENS, ITERATIONS)):
        result["start.%d" % iteration] = normal(seed + 1 + iteration, count, CHANNELS)
        result["step_noise.%d" % iteration] = normal(seed + 11 + iteration, STEPS, count, CHANNELS)
    return result


def sampled(model, draws, run, other=0.0):
    """Latents and pictures of run() with those draws. `other`: all noise of the unconditional half after its start."""
    iteration, latents = itertools.count(), []
    predict, decode = model.mar.diffloss.sample, model.decode

    def sample(z, temperature, cfg):
        index = next(iteration)
        start, noise = draws["start.%d" % index], iter(draws["step_noise.%d" % index])

        def randn(*shape):
            assert shape == start.shape
            return start

        def randn_like(x):
            first = next(noise)
            return first if len(x) == len(first) else torch.cat([first, torch.full_like(first, other)])

        with patch("torch.randn", randn), patch("torch.randn_like", randn_like):
            return predict(z, temperature, cfg)

    def record(z):
        latents.append(z[:2].reshape(2, TOKENS, CHANNELS).clone())  # decode divides in place
        return decode(z)

    model.mar.sample_orders = lambda bsz, seq_len: draws["orders"].repeat(bsz // 2, 1)
    model.mar.diffloss.sample, model.decode = sample, record
    picture = run()
    del model.mar.diffloss.sample, model.decode
    return latents[0], picture


def samples(model, reference, images, result):
    draws = sampling_draws(reference, 50)
    result.update({"sample." + name: value for name, value in draws.items()})
    ids, valid = padded(model, [encode(model, INSTRUCTION.format(input=text)) for text in
                                ["Generate an image: " + caption for caption in CAPTIONS] + [UNCONDITIONAL] * 2])
    result.update({"sample.ids": ids, "sample.valid": valid})

    def run(cfg=3.0, rows=4, other=0.0, **arguments):
        return sampled(model, draws, lambda: model.sample(
            input_ids=ids[:rows], attention_mask=valid[:rows], num_iter=ITERATIONS, cfg=cfg, temperature=0.9,
            image_shape=(4, 4), **arguments), other)

    result["sample.tokens"], result["sample.picture"] = run()
    assert torch.equal(result["sample.tokens"], run(other=7.0)[0]), "the unconditional half's noise does not count"
    result["sample.linear.tokens"] = run(cfg_schedule="linear")[0]
    result["sample.plain.tokens"] = run(cfg=1.0, rows=2)[0]

    # The same with a respacing that leaves out the last timesteps, where the first step multiplies with 5000.
    seven = model.mar.diffloss.gen_diffusion
    model.mar.diffloss.gen_diffusion = reference.diffusion.create_diffusion(",".join("1" * STEPS), "cosine")
    result["sample.sections.map"] = torch.tensor(model.mar.diffloss.gen_diffusion.timestep_map)
    result["sample.sections.tokens"], result["sample.sections.picture"] = run()
    result["sample.sections.linear.tokens"] = run(cfg_schedule="linear")[0]
    result["sample.sections.plain.tokens"] = run(cfg=1.0, rows=2)[0]

    draws = sampling_draws(reference, 80)
    result.update({"sample_recon." + name: value for name, value in draws.items()})
    recon, free = [encode(model, INSTRUCTION.format(input=text)) for text in (RECON, UNCONDITIONAL)]
    recon = torch.cat([recon[:IMAGE_AT], torch.full((SLOTS,), -200), recon[IMAGE_AT:]])
    result["sample_recon.ids"], result["sample_recon.valid"] = padded(model, [recon, free])
    run = lambda: sampled(model, draws, lambda: model.sample_recon(images, prompt=RECON, temperature=0.9,
                                                                   num_iter=ITERATIONS, cfg=3.0, progress=False))[0]
    result["sample_recon.sections.tokens"] = run()
    model.mar.diffloss.gen_diffusion = seven
    result["sample_recon.tokens"] = run()


def harmon(folder, reference):
    model = build(reference)
    assert len(encode(model, "<|im_start|>user\n")) == IMAGE_AT
    model.vae.requires_grad_(False)
    images = torch.rand(2, 3, 16, 16, generator=torch.Generator().manual_seed(21)) * 2 - 1
    with torch.no_grad():
        latents = model.encode(images)
        result = {"images": images, "latents": latents.flatten(1, 2), "z_enc": model.extract_visual_feature(latents)[1]}
    for name, value in model.named_parameters():
        key = name if name.startswith("vae.") else "weight." + name
        result[key] = value.detach().bfloat16().clone()
    losses(model, reference, images, result)
    samples(model, reference, images, result)
    save(folder / "harmon.safetensors", result)
