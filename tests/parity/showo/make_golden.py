"""Golden tensors for Show-o's parts, by reference code with random weights at tiny sizes.

    python tests/parity/showo/make_golden.py SHOWO RECA tests/data/parity/showo

SHOWO: a checkout of showlab/Show-o at 45a5a2d. RECA: the folder Show-o of the RecA authors' code at b4ea7a1. PyPI:
torch 2.11.0, transformers 5.23.0, tokenizers 0.23.3, safetensors 0.8.0, einops 0.8.2. Neither checkout nor anything
of it is part of this repository.
"""
import pathlib
import sys
import types

import numpy
import torch
from tokenizers import Tokenizer
from transformers import CLIPVisionConfig, CLIPVisionModel, PhiConfig, PhiForCausalLM, PreTrainedTokenizerFast

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from reference import load, randomize, save, stand_in

HIDDEN = torch.iinfo(torch.int64).min


def import_reference(showo, reca):
    """The reference's files that need no framework around them."""
    class Plain(torch.nn.Module):
        pass

    stand_in("cv2", imwrite=lambda *args: None)
    typing_names = dict(__import__("typing").__dict__)
    stand_in("reference.misc", **{name: typing_names[name] for name in ("Any", "Dict", "List", "Optional", "Tuple", "Union")})
    stand_in("reference.modeling_utils", ConfigMixin=object, ModelMixin=Plain, register_to_config=lambda function: function)
    stand_in("reference.phi", PhiForCausalLM=PhiForCausalLM)

    load("reference.common_modules", showo / "models/common_modules.py")
    return types.SimpleNamespace(sampling=load("reference.sampling", showo / "models/sampling.py"),
                                 magvit=load("reference.modeling_magvitv2", showo / "models/modeling_magvitv2.py"),
                                 showo=load("reference.modeling_showo", showo / "models/modeling_showo.py"),
                                 prompting=load("reference.prompting_utils", reca / "training/prompting_utils.py"))


def language_model(folder, reference):
    config = PhiConfig(vocab_size=61, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
                       qk_layernorm=True, partial_rotary_factor=0.5, hidden_act="gelu_new", attn_implementation="eager",
                       use_cache=False, pad_token_id=None, bos_token_id=None, eos_token_id=None)
    model = randomize(PhiForCausalLM(config), seed=1)
    answers(folder, reference, model)
    weights = {"weight." + name: value.detach().clone() for name, value in model.named_parameters()}
    generator = torch.Generator().manual_seed(2)
    ids = torch.randint(0, 61, (3, 20), generator=generator)
    ids[:, 9], ids[:, 18] = 50, 51  # <|soi|> and <|eoi|>; padding on the left of two rows
    ids[0, :4], ids[1, :1] = 49, 49
    ids[:, 4:9][ids[:, 4:9] >= 49] = 3
    ids[:, 10:18][ids[:, 10:18] == 50] = 4
    mask = reference.prompting.create_attention_mask_predict_next(ids, pad_id=49, soi_id=50, eoi_id=51,
                                                                  rm_pad_in_image=True).to(torch.float32)
    supervised = torch.zeros(3, 20, dtype=torch.bool)
    supervised[:, 10:18] = torch.rand(3, 8, generator=generator) < 0.6
    targets = torch.randint(0, 61, (3, 20), generator=generator)

    def loss_of():
        logits = model(input_ids=ids, attention_mask=mask).logits.float()
        return logits, torch.nn.functional.cross_entropy(logits[supervised], targets[supervised])

    logits, loss = loss_of()
    loss.backward()
    result = {**weights, "ids": ids, "visible": mask[:, 0] == 0, "supervised": supervised, "targets": targets,
              "logits": logits, "loss": loss}
    result.update({"gradient." + name: value.grad for name, value in model.named_parameters()})
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        _, loss = loss_of()
        losses.append(loss.detach())
        loss.backward()
        optimizer.step()
    result["losses"] = torch.stack(losses)
    # PyTorch's own error in bfloat16, for the tolerance of ours.
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(weights["weight." + name])
        model.bfloat16()
        result["logits_bf16"] = model(input_ids=ids, attention_mask=mask.bfloat16()).logits.float()
    save(folder / "language_model.safetensors", result)


def answers(folder, reference, model):
    """mmu_generate of three prompts of different length, each alone, greedy. <|mmu|> <|soi|> codes <|eoi|> words."""
    generator = torch.Generator().manual_seed(9)
    prompts, results = torch.full((3, 17), 49), torch.full((3, 12), -1)

    class Model:
        config = types.SimpleNamespace(w_clip_vit=False)

        def __call__(self, ids, input_embeddings=None, attention_mask=None):
            return model(input_ids=ids, attention_mask=attention_mask.reshape(1, 1, *attention_mask.shape[-2:])).logits

    for row, length in enumerate((17, 9, 13)):
        ids = torch.randint(0, 49, (1, length), generator=generator)
        ids[0, 0], ids[0, 1], ids[0, 6] = 52, 50, 51
        prompts[row, -length:] = ids[0]
        mask = reference.prompting.create_attention_mask_for_mmu(ids, eoi_id=51)
        with torch.no_grad():
            tokens = reference.showo.Showo.mmu_generate(Model(), ids, attention_mask=mask, max_new_tokens=12, top_k=1,
                                                        eot_token=24)
        results[row, :len(tokens)] = torch.stack(tokens)
    save(folder / "answers.safetensors", {"prompts": prompts, "tokens": results})


def tower(folder):
    config = CLIPVisionConfig(hidden_size=32, intermediate_size=64, num_hidden_layers=3, num_attention_heads=4,
                              image_size=28, patch_size=14, hidden_act="quick_gelu", attn_implementation="eager")
    model = randomize(CLIPVisionModel(config), seed=3)
    images = torch.rand(3, 3, 28, 28, generator=torch.Generator().manual_seed(4)) * 2 - 1
    with torch.no_grad():
        features = model(images, output_hidden_states=True).hidden_states[-2][:, 1:]
    names = {name: name if name.startswith("vision_model.") else "vision_model." + name
             for name, _ in model.named_parameters()}
    save(folder / "tower.safetensors",
         {**{"weight." + names[name]: value for name, value in model.named_parameters()}, "images": images,
          "features": features})


def image_tokenizer(folder, reference):
    sizes = dict(ch=32, ch_mult=[1, 2], num_res_blocks=[2, 1], resolution=32, z_channels=5)
    encoder = randomize(reference.magvit.VQGANEncoder(**sizes), seed=5)
    decoder = randomize(reference.magvit.VQGANDecoder(**{**sizes, "ch_mult": [1, 2], "num_res_blocks": [1, 2]}),
                        seed=6)
    quantizer = reference.magvit.LFQuantizer(codebook_dim=5)
    images = torch.rand(2, 3, 12, 16, generator=torch.Generator().manual_seed(7)) * 2 - 1
    with torch.no_grad():
        z = encoder(images)
        codes = quantizer.get_indices(quantizer(z)["z"]).reshape(2, -1)
        rebuilt = decoder(quantizer.get_codebook_entry(codes, shape=z.shape[2:]))["output"]
    save(folder / "image_tokenizer.safetensors",
         {**{"weight.encoder." + name: value for name, value in encoder.named_parameters()},
          **{"weight.decoder." + name: value for name, value in decoder.named_parameters()}, "images": images, "z": z,
          "codes": codes, "rebuilt": rebuilt})


def bits(visible):
    """[B, L, L] bool as bytes, eight columns each."""
    return torch.from_numpy(numpy.packbits(visible.numpy(), axis=-1))


def sequences(folder, reference):
    """Token ids and masks of every layout. 6 codes, text length 16, word vocabulary of tests/data/tokenizer/gpt2."""
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(HERE.parents[1] / "data/tokenizer/gpt2/tokenizer.json")),
        bos_token="<|endoftext|>", eos_token="<|endoftext|>", unk_token="<|endoftext|>")
    length = 16
    prompting = reference.prompting.UniversalPrompting(tokenizer, max_text_len=length, max_seq_len=length,
                                                       cond_dropout_prob=0)
    special = {name: int(prompting.sptids_dict[name]) for name in ("<|pad|>", "<|soi|>", "<|eoi|>", "<|mmu|>")}
    marks = dict(pad_id=special["<|pad|>"], soi_id=special["<|soi|>"], eoi_id=special["<|eoi|>"])
    offset = len(tokenizer)
    codes = torch.tensor([[3, 1, 4, 1, 5, 9], [2, 6, 5, 3, 5, 8], [9, 7, 9, 3, 2, 3]]) + offset
    texts = ["a red circle", "", "a photo of a red circle above two blue squares and 3 rings in the picture"]
    encode = lambda text: tokenizer(text)["input_ids"]
    result = {"vocabulary": torch.tensor([offset]), "codes": codes}

    ids, _ = prompting.t2i_gen_prompt([encode(text) for text in texts], codes)
    result["t2i.ids"] = ids
    result["t2i.visible"] = reference.prompting.create_attention_mask_predict_next(
        ids, rm_pad_in_image=True, return_inverse_mask=False, **marks)[:, 0]

    # Understanding of image codes: one question each, as the demo builds it.
    question = encode("USER: \n" + "what is this?" + " ASSISTANT:")
    row = lambda i: torch.cat([torch.tensor([special["<|mmu|>"], special["<|soi|>"]]), codes[i],
                               torch.tensor([special["<|eoi|>"], tokenizer.bos_token_id]), torch.tensor(question)])
    ids = torch.stack([row(i) for i in range(3)])
    result["understanding_codes.ids"] = ids
    result["understanding_codes.visible"] = reference.prompting.create_attention_mask_for_mmu(
        ids, eoi_id=special["<|eoi|>"], return_inverse_mask=False)[:, 0].bool()

    # Understanding through the tower: the picture's 576 columns are -1.
    system = encode("be kind and exact. ")
    question = encode("USER: " + "what is this?" + " ASSISTANT:")
    ids = torch.tensor([[special["<|mmu|>"], *system, special["<|soi|>"], *[-1] * 576, special["<|eoi|>"], *question]])
    result["understanding_tower.ids"] = ids
    result["understanding_tower.visible"] = bits(reference.prompting.create_attention_mask_for_mmu_vit(
        torch.zeros(1, ids.shape[1], 1), return_inverse_mask=False, system_prompt_len=len(system))[:, 0].bool())

    # RecA through the tower.
    instructions = ["describe the picture", "what do you see in this image?", "list all the objects"]
    recon = [encode("USER: \n " + text + " ASSISTANT:") for text in instructions]
    ids, _, labels = prompting.t2i_clip_recon_prompt([list(text) for text in recon], codes, codes)
    ids = torch.cat([ids[:, :2], torch.full((3, 576), -1), ids[:, 2:]], 1)
    result["recon_tower.ids"] = ids
    result["recon_tower.visible"] = bits(reference.prompting.create_attention_mask_for_mmu_vit_recon(
        torch.zeros(3, ids.shape[1], 1), ids, return_inverse_mask=False, resolution=6,
        pad_id=special["<|pad|>"])[:, 0].bool())

    # RecA on image codes: 4 codes shown, 6 to draw; text length 48, as padding has to remain.
    longer = reference.prompting.UniversalPrompting(tokenizer, max_text_len=48, max_seq_len=48, cond_dropout_prob=0)
    ids, _, _ = longer.t2i_recon_prompt([list(text) for text in recon], codes, codes[:, :4], codes)
    result["recon_codes.ids"] = ids
    result["recon_codes.visible"] = reference.prompting.create_attention_mask_predict_next_recon(
        ids, rm_pad_in_image=True, return_inverse_mask=False, **marks)[:, 0]
    save(folder / "sequences.safetensors", result)


def sampler(folder, reference):
    """t2i_generate over a stand-in whose logits follow from each token's id, with the draws handed in."""
    steps, batch, tokens, codes, words = 7, 3, 16, 12, 20
    generator = torch.Generator().manual_seed(8)
    table = torch.randn(words + codes + 1, codes, generator=generator) * 2
    draws = torch.rand(steps, 2, batch, tokens, generator=generator)
    mask = words + codes
    history, step = [], iter(range(steps))
    now = {}

    class Model:
        config = types.SimpleNamespace(mask_token_id=mask)

        def __call__(self, ids, attention_mask=None):
            now["step"] = next(step)
            position = torch.arange(ids.shape[1]).float()[None, :, None]
            logits = torch.full((*ids.shape, words + codes + 1), -1e9)
            logits[..., words:-1] = table[ids] + torch.sin(position * torch.arange(1.0, codes + 1))
            return logits

    def multinomial(probabilities, num_samples, generator=None):
        cumulative = probabilities.reshape(batch, tokens, codes).cumsum(-1)
        wanted = draws[now["step"], 0].unsqueeze(-1) * cumulative[..., -1:]
        chosen = torch.searchsorted(cumulative, wanted, right=True).clamp(max=codes - 1)
        return chosen.reshape(-1, 1)

    reference.sampling.gumbel_noise = lambda t, generator=None: -reference.sampling.log(
        -reference.sampling.log(draws[now["step"], 1]))
    original, torch.multinomial = torch.multinomial, multinomial
    ids = torch.cat([torch.zeros(batch, 3, dtype=torch.int64), torch.full((batch, tokens), mask),
                     torch.ones(batch, 1, dtype=torch.int64)], 1)
    config = types.SimpleNamespace(model=types.SimpleNamespace(showo=types.SimpleNamespace(
        num_vq_tokens=tokens, num_new_special_tokens=0, llm_vocab_size=words)))
    trace = reference.showo.mask_by_random_topk

    def traced(*args, **kwargs):
        masking = trace(*args, **kwargs)
        history.append(masking)
        return masking

    reference.showo.mask_by_random_topk = traced
    sampled = reference.showo.Showo.t2i_generate(Model(), ids, temperature=1.3, timesteps=steps, config=config)
    torch.multinomial = original
    save(folder / "sampler.safetensors",
         {"table": table, "draws": draws, "codes": sampled, "hidden": torch.stack(history)})


def main(showo, reca, folder):
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    reference = import_reference(showo, reca)
    language_model(folder, reference)
    tower(folder)
    image_tokenizer(folder, reference)
    sequences(folder, reference)
    sampler(folder, reference)


if __name__ == "__main__":
    main(*[pathlib.Path(argument) for argument in sys.argv[1:]])
