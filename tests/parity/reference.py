"""What the scripts here share that run reference code."""
import importlib.util
import sys
import types

import torch
from safetensors.torch import save_file


def stand_in(name, **members):
    """A module of that name with these members alone, for what the reference imports and does not need here."""
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


def load(name, path, replaced=None):
    """One file of the reference as the module of that name, constants of its text replaced."""
    text = path.read_text()
    for old, new in (replaced or {}).items():
        assert old in text, "%s holds no %r" % (path, old)
        text = text.replace(old, new)
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, path))
    sys.modules[name] = module
    exec(compile(text, str(path), "exec"), module.__dict__)
    return module


def randomize(module, seed, scale=1.0):
    """Weights that bfloat16 holds exactly, so that the files are half as large."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in module.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator) * scale
        is_norm = ("norm" in name or "_ln" in name) and parameter.dim() == 1
        parameter.data = noise * 0.3 + (1.0 if is_norm and name.endswith("weight") else 0.0)
        if parameter.dim() > 1:
            parameter.data = noise / parameter[0].numel() ** 0.5
        parameter.data = parameter.data.bfloat16().float()
    return module.eval()


def save(path, tensors):
    halved = {name: value.bfloat16() if name.startswith("weight.") else value for name, value in tensors.items()}
    save_file({name: value.detach().contiguous().clone() for name, value in halved.items()}, path)
