"""Show-o at its published size: official files with random weights, and the reference's losses on them.

    python tests/parity/showo/full.py make FOLDER SHOWO RECA
    build/release/parity_full FOLDER/base FOLDER/vocabulary FOLDER/ours.safetensors FOLDER/official
    python tests/parity/showo/full.py compare FOLDER SHOWO RECA
    python tests/parity/showo/full.py load FOLDER SHOWO RECA
    python tests/parity/showo/full.py manifest tests/data/parity/showo SHOWO RECA

`full.sh` runs the first four; the last writes names, dtypes and shapes of the official files. 15 GB of disk and of memory; `load` also needs diffusers 0.31.0, which the reference was written for.
"""
import json
import pathlib
import re
import resource
import sys
import time
import types

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import CLIPConfig, CLIPModel, CLIPVisionConfig, CLIPVisionModel, PhiConfig, PhiForCausalLM, PreTrainedTokenizerFast

from make_golden import HERE, import_reference, stand_in

WORDS, VOCABULARY, TOKENS = 50295, 58498, 256


def phi_config(vocabulary_size):
    return PhiConfig(vocab_size=vocabulary_size, hidden_size=2048, intermediate_size=8192, num_hidden_layers=24,
                     num_attention_heads=32, partial_rotary_factor=0.5, qk_layernorm=True, hidden_act="gelu_new",
                     max_position_embeddings=2048, attn_implementation="sdpa", use_cache=False, pad_token_id=None,
                     bos_token_id=None, eos_token_id=None)


def phi():
    return PhiForCausalLM(phi_config(VOCABULARY))


def clip():
    return CLIPVisionModel(CLIPVisionConfig(hidden_size=1024, intermediate_size=4096, num_hidden_layers=24,
                                            num_attention_heads=16, image_size=336, patch_size=14,
                                            hidden_act="quick_gelu"))


def projector():
    return torch.nn.Sequential(torch.nn.Linear(1024, 2048), torch.nn.GELU(), torch.nn.Linear(2048, 2048))


def magvit(reference):
    model = reference.magvit.MAGVITv2.__new__(reference.magvit.MAGVITv2)
    torch.nn.Module.__init__(model)
    model.encoder, model.decoder = reference.magvit.VQGANEncoder(), reference.magvit.VQGANDecoder()
    model.quantize = reference.magvit.LFQuantizer()
    return model


def save(folder, state):
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(state, folder / "pytorch_model.bin")


def vision_names(model):
    return {name if name.startswith("vision_model.") else "vision_model." + name: value
            for name, value in model.state_dict().items()}


def make(folder, reference):
    torch.manual_seed(0)
    base = folder / "base"
    decoder, bridge = phi(), projector()
    for name, parameter in decoder.named_parameters():  # norms and biases that do something
        if parameter.dim() == 1:
            parameter.data += 0.1 * torch.randn_like(parameter)
    save(base / "model", {**{"showo." + name: value for name, value in decoder.state_dict().items()},
                          **{"mm_projector." + name: value for name, value in bridge.state_dict().items()}})
    save(base / "image_tokenizer", magvit(reference).state_dict())
    save(base / "image_encoder", {**vision_names(clip()), "logit_scale": torch.tensor(1.0)})
    # A vocabulary of the published size: the small test tokenizer and words that no text holds.
    json_file = json.loads((HERE.parents[1] / "data/tokenizer/gpt2/tokenizer.json").read_text())
    known = 1 + max(token["id"] for token in json_file["added_tokens"])
    json_file["added_tokens"] += [{"id": i, "content": "<|filler%d|>" % i, "single_word": False, "lstrip": False,
                                   "rstrip": False, "normalized": False, "special": False}
                                  for i in range(known, WORDS)]
    (folder / "vocabulary").mkdir(exist_ok=True)
    (folder / "vocabulary/tokenizer.json").write_text(json.dumps(json_file))


def manifest(folder, reference):
    """manifest.txt: component, key, dtype, shape. [24] in a key stands for 0 .. 23."""
    with torch.device("meta"):
        clip_model = CLIPModel(CLIPConfig(vision_config=clip().config.to_dict(), text_config={}, projection_dim=768))
        states = {"model": {**{"showo." + name: value for name, value in phi().state_dict().items()},
                            **{"mm_projector." + name: value for name, value in projector().state_dict().items()}},
                  "image_tokenizer": magvit(reference).state_dict(), "image_encoder": clip_model.state_dict()}
    lines = {}
    for component, state in states.items():
        for key, value in state.items():
            shape = "x".join(map(str, value.shape)) or "scalar"
            template = re.sub(r"(?<=layers\.)\d+", "#", key)
            lines.setdefault((component, template, str(value.dtype).removeprefix("torch."), shape), []).append(key)
    with open(folder / "manifest.txt", "w") as file:
        for (component, template, dtype, shape), keys in lines.items():
            if "#" in template:
                assert keys == [template.replace("#", str(i)) for i in range(len(keys))]
            print(component, template.replace("#", "[%d]" % len(keys)), dtype, shape, file=file)


def error(ours, expected):
    return ((ours - expected).abs().max() / expected.abs().max()).item()


@torch.no_grad()
def compare(folder, reference):
    begin = time.time()
    ours = load_file(folder / "ours.safetensors")
    state = torch.load(folder / "base/model/pytorch_model.bin", mmap=True, weights_only=True)
    decoder, bridge = phi(), projector()
    decoder.load_state_dict({name[6:]: value for name, value in state.items() if name.startswith("showo.")})
    bridge.load_state_dict({name[13:]: value for name, value in state.items() if name.startswith("mm_projector.")})
    decoder.eval()
    print("reference: load decoder      %6.1f s" % (time.time() - begin))
    results = {"logits": error(ours["logits"], decoder(input_ids=ours["ids"]).logits.float())}

    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_file(str(folder / "vocabulary/tokenizer.json")),
                                        bos_token="<|endoftext|>", eos_token="<|endoftext|>",
                                        unk_token="<|endoftext|>")
    prompting = reference.prompting.UniversalPrompting(tokenizer, max_text_len=128, max_seq_len=128,
                                                       cond_dropout_prob=0)
    pad, soi, eoi = (int(prompting.sptids_dict[name]) for name in ("<|pad|>", "<|soi|>", "<|eoi|>"))
    codec = magvit(reference)
    codec.load_state_dict(torch.load(folder / "base/image_tokenizer/pytorch_model.bin", weights_only=True))
    tower = clip()
    tower.load_state_dict({name if name in tower.state_dict() else name.removeprefix("vision_model."): value for
                           name, value in torch.load(folder / "base/image_encoder/pytorch_model.bin",
                                                     weights_only=True).items() if name != "logit_scale"})
    images, masked = ours["images"], ours["masked"]
    codes = codec.eval().get_code(images) + len(tokenizer)
    shown = torch.where(masked, VOCABULARY - 1, codes)
    labels = torch.where(masked, codes, -100)

    begin = time.time()
    pixels = torch.nn.functional.interpolate(images, size=(336, 336), mode="bilinear", align_corners=False)
    features = tower.eval()(pixels, output_hidden_states=True).hidden_states[-2][:, 1:]
    text = tokenizer("USER: \n describe the picture ASSISTANT:")["input_ids"]
    ids, _, targets = prompting.t2i_clip_recon_prompt([text], shown, labels)
    words = decoder.model.embed_tokens(ids)
    embeddings = torch.cat([words[:, :2], bridge(features), words[:, 2:]], 1)
    ids = torch.cat([ids[:, :2], torch.full((1, 576), -100), ids[:, 2:]], 1)
    mask = reference.prompting.create_attention_mask_for_mmu_vit_recon(embeddings, ids, pad_id=pad, resolution=TOKENS)
    logits = decoder(inputs_embeds=embeddings, attention_mask=mask.float()).logits.float()
    loss = torch.nn.functional.cross_entropy(logits[0, -1 - TOKENS:-1], targets[0, -1 - TOKENS:-1])
    print("reference: RecA loss         %6.1f s" % (time.time() - begin))
    results["RecA loss"] = error(ours["recon"], loss)

    ids, _, targets = prompting.t2i_prompt([tokenizer("a red circle")["input_ids"]], shown, labels)
    mask = reference.prompting.create_attention_mask_predict_next(ids, pad_id=pad, soi_id=soi, eoi_id=eoi,
                                                                  rm_pad_in_image=True)
    logits = decoder(input_ids=ids, attention_mask=mask.float()).logits.float()
    loss = torch.nn.functional.cross_entropy(logits[0, 129:], targets[0, 129:])
    results["text-to-image loss"] = error(ours["t2i"], loss)
    print("reference: peak memory       %.2f GiB" % (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20))
    for name, value in results.items():
        print("%-20s relative error %.2e" % (name, value))
    return max(results.values()) < 1e-4


def load(folder, showo):
    """The reference's own class takes what ours wrote, and holds the numbers that ours had read."""
    sys.path.insert(0, str(showo))
    stand_in("models")
    sys.modules["models"].__path__ = [str(showo / "models")]
    stand_in("models.phi", PhiForCausalLM=PhiForCausalLM)  # the reference's copy is of an older transformers
    from models import modeling_showo

    modeling_showo.AutoConfig = types.SimpleNamespace(from_pretrained=lambda name: phi_config(51200))
    model = modeling_showo.Showo.from_pretrained(str(folder / "official"))
    source = torch.load(folder / "base/model/pytorch_model.bin", mmap=True, weights_only=True)
    state = model.state_dict()
    wrong = [name for name in set(source) | set(state)
             if name not in source or name not in state or not torch.equal(source[name], state[name])]
    print("official class: %d tensors, %d differ from the source" % (len(state), len(wrong)), *wrong[:5])
    return not wrong


if __name__ == "__main__":
    command, folder, showo, reca = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])
    if command == "load":
        sys.exit(0 if load(folder, showo) else 1)
    parts = import_reference(showo, reca)
    if command == "make":
        make(folder, parts)
    elif command == "manifest":
        manifest(folder, parts)
    else:
        sys.exit(0 if compare(folder, parts) else 1)
