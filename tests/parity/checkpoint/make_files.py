"""Checkpoint files as torch 2.11.0 and safetensors 0.8.0 write them, and hostile variants of them.

    python tests/parity/checkpoint/make_files.py tests/data/checkpoint

Every well-formed file holds the same tensors: see tensors(). Hostile pickles are assembled byte by byte; loading
them with an unpickler that executes would create the file /tmp/umm_pickle_was_executed.
"""
import collections
import io
import json
import pathlib
import struct
import sys
import zipfile

import torch
from safetensors.torch import save_file

MARK = "/tmp/umm_pickle_was_executed"


def tensors():
    base = torch.arange(24, dtype=torch.float32)
    return {
        "model.weight": (torch.arange(12, dtype=torch.float32) / 8 - 0.5).reshape(3, 4),
        "model.half": torch.tensor([1.5, -2.25], dtype=torch.float16),
        "model.brain": torch.tensor([[0.125, 3.0]], dtype=torch.bfloat16),
        "model.transposed": base[:6].reshape(2, 3).t(),
        "model.slice": base[8:12],
        "model.shared": base,
        "model.count": torch.tensor(7),
        "model.flags": torch.tensor([True, False]),
        "model.empty": torch.zeros(0, 3),
    }


def well_formed(folder):
    flat = tensors()
    ordered = collections.OrderedDict(flat)
    ordered._metadata = {"": {"version": 1}}
    ordered["model.parameter"] = torch.nn.Parameter(torch.tensor([4.0]))
    inner = collections.OrderedDict((name.removeprefix("model."), value) for name, value in ordered.items())
    nested = {"model": inner, "epoch": 3, "args": {"lr": 1e-4, "name": "x", "betas": [0.9, 0.95]}}
    torch.save(ordered, folder / "zip.pt")
    torch.save(nested, folder / "zip_nested.pt")
    torch.save({"only": torch.tensor([1.0])}, folder / "zip_one_entry.pt")
    torch.save(nested, folder / "stream_nested.pt", _use_new_zipfile_serialization=False)
    contiguous = {name: value.contiguous().clone() for name, value in ordered.items()}
    save_file(contiguous, folder / "plain.safetensors", metadata={"format": "pt"})
    names = sorted(contiguous)
    shards = {"a-00001.safetensors": names[:4], "a-00002.safetensors": names[4:]}
    for file, part in shards.items():
        save_file({name: contiguous[name] for name in part}, folder / file)
    index = {"metadata": {}, "weight_map": {name: file for file, part in shards.items() for name in part}}
    (folder / "a.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")


def archive(entries, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as zipped:
        for name, data in [("archive/version", b"3\n"), *entries]:
            zipped.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return file.getvalue()


def zipped(data, storages=(("0", bytes(8)),)):
    return archive([("archive/data.pkl", data)] + [("archive/data/" + key, value) for key, value in storages])


def text(value):
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def glob(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def storage(key="0", count=2, kind="FloatStorage", more=b""):
    number = b"J" + struct.pack("<i", count) if abs(count) < 2**31 else b"\x8a\x08" + struct.pack("<q", count)
    return b"(" + text("storage") + glob("torch", kind) + text(key) + text("cpu") + number + more + b"tQ"


def tensor(offset=0, shape=(2,), stride=(1,), **kwargs):
    def integers(values):
        packed = b"".join(b"\x8a\x08" + struct.pack("<q", value) for value in values)
        return b"(" + packed + b"t"
    return (glob("torch._utils", "_rebuild_tensor_v2") + b"(" + storage(**kwargs) + b"\x8a\x08"
            + struct.pack("<q", offset) + integers(shape) + integers(stride) + b"\x89" + b"}" + b"tR")


def dictionary(value, key="w"):
    return b"\x80\x02}" + text(key) + value + b"s."


def call(module, name, *arguments):
    return b"\x80\x02" + glob(module, name) + b"(" + b"".join(text(each) for each in arguments) + b"tR."


def laughs(level):
    """A dictionary of 24 times the same dictionary of 24 times the same one ..."""
    if level == 0:
        return b"}q\x00" + text("t") + b"Ns"
    again = b"".join(text("k%d" % child) + b"h" + bytes([level - 1]) + b"s" for child in range(23))
    return b"}q" + bytes([level]) + text("k") + laughs(level - 1) + b"s" + again


def hostile_pickles():
    touch = "touch " + MARK
    yield "system", call("os", "system", touch)
    yield "posix_system", call("posix", "system", touch)
    yield "eval", call("builtins", "eval", "open(%r, 'w')" % MARK)
    yield "exec_python2", call("__builtin__", "execfile", MARK)
    yield "subprocess", call("subprocess", "Popen", touch)
    yield "getattr_chain", (b"\x80\x02" + glob("builtins", "getattr") + glob("os", "path") + text("os") + b"\x86R"
                            + text("system") + b"\x86R.")
    yield "import_module", call("importlib", "import_module", "antigravity")
    yield "torch_load", call("torch", "load", MARK)
    yield "torch_hub", call("torch.hub", "load", "x", "y")
    yield "dynamic_storage", call("torch.storage", "_load_from_bytes", "x")
    yield "numpy_reconstruct", call("numpy.core.multiarray", "_reconstruct", "x")
    yield "codecs", call("_codecs", "encode", "x", "latin1")
    yield "newobj", b"\x80\x02" + glob("collections", "OrderedDict") + b")\x81."
    yield "inst", b"(ios\nsystem\n."
    yield "obj", b"(" + glob("os", "system") + text(touch) + b"o."
    yield "stack_global", b"\x80\x04\x8c\x02os\x8c\x06system\x93" + b"\x8c\x01x\x85R."
    yield "extension", b"\x80\x02\x82\x01."
    yield "persistent_text", b"Psystem\n."
    yield "persistent_module", b"\x80\x02(" + text("module") + glob("torch", "FloatStorage") + text("0") + text(
        "cpu") + b"K\x02tQ."
    yield "storage_view", dictionary(tensor(more=text("0") + b"K\x00K\x01\x87"))
    yield "build_on_global", b"\x80\x02" + glob("collections", "OrderedDict") + b"}b."
    yield "call_dtype", b"\x80\x02" + glob("torch", "FloatStorage") + b")R."
    yield "dict_from_list", b"\x80\x02" + glob("collections", "OrderedDict") + b"]\x85R."
    yield "huge_text", b"\x80\x02X\xff\xff\xff\xff."
    yield "huge_memo", b"\x80\x02}r\xff\xff\xff\xffj\xfe\xff\xff\xff."
    yield "huge_storage", dictionary(tensor(count=2**61))
    yield "negative_storage", dictionary(tensor(count=-2))
    yield "beyond_storage", dictionary(tensor(shape=(3,)))
    yield "negative_stride", dictionary(tensor(stride=(-1,), offset=1))
    yield "overflowing_shape", dictionary(tensor(shape=(2**62, 2**62), stride=(1, 1)))
    yield "expanded", dictionary(tensor(shape=(2**40,), stride=(0,)))
    yield "negative_offset", dictionary(tensor(offset=-1))
    yield "self_dictionary", b"\x80\x02}q\x00" + text("w") + b"h\x00s."
    yield "billion_laughs", b"\x80\x02" + laughs(6) + b"."
    yield "unbalanced_marks", b"\x80\x02((((."
    yield "empty_stack", b"\x80\x02R."
    yield "no_stop", b"\x80\x02}"
    yield "list_at_root", b"\x80\x02]."
    yield "key_not_text", b"\x80\x02}K\x01" + tensor() + b"s."
    yield "long_key", dictionary(tensor(), key="k" * 2000)


def hostile_archives():
    good = zipped(dictionary(tensor()))
    yield "truncated", good[: len(good) // 2]
    yield "no_end", good[:-30]
    position = good.rindex(bytes(8), 0, good.index(b"PK\x01\x02"))
    yield "wrong_checksum", good[:position] + b"\x01" + good[position + 1:]
    with_two = archive([("archive/data.pkl", dictionary(tensor())), ("archive/data/0", bytes(8)),
                        ("archive/data/1", bytes(8))])
    yield "duplicate_entry", with_two.replace(b"archive/data/1", b"archive/data/0")
    yield "bomb", archive([("archive/data.pkl", dictionary(tensor())), ("archive/data/0", bytes(5_000_000))],
                          zipfile.ZIP_DEFLATED)
    yield "short_storage", zipped(dictionary(tensor()), storages=(("0", bytes(4)),))
    yield "missing_storage", zipped(dictionary(tensor()), storages=())
    yield "no_pickle", archive([("archive/data/0", bytes(8))])
    yield "two_pickles", archive([("a/data.pkl", dictionary(tensor())), ("b/data.pkl", dictionary(tensor()))])
    yield "big_endian", archive([("archive/data.pkl", dictionary(tensor())), ("archive/data/0", bytes(8)),
                                 ("archive/byteorder", b"big")])
    size = struct.pack("<II", 8, 8)
    yield "claims_more", good.replace(size, struct.pack("<II", 2**31, 2**31))


def hostile_streams():
    head = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
    machine = b"\x80\x02}."
    version = b"\x80\x02M\xe9\x03."
    state = dictionary(tensor(more=b"N"))
    keys = b"\x80\x02]" + text("0") + b"a."
    values = struct.pack("<q", 2) + bytes(8)
    whole = head + version + machine + state + keys + values
    yield "truncated", whole[:-4]
    yield "claims_more", head + version + machine + state + keys + struct.pack("<q", 2**60) + bytes(8)
    yield "other_version", head + b"\x80\x02K\x01." + machine + state + keys + values
    yield "unknown_key", head + version + machine + state + b"\x80\x02]" + text("9") + b"a." + values
    yield "key_twice", head + version + machine + state + b"\x80\x02]" + 2 * (text("0") + b"a") + b"." + 2 * values
    yield "missing_key", head + version + machine + state + b"\x80\x02]."
    yield "machine_calls", head + version + call("os", "system", "touch " + MARK) + state + keys + values


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    well_formed(folder)
    hostile = folder / "hostile"
    hostile.mkdir(exist_ok=True)
    for name, data in hostile_pickles():
        (hostile / ("pickle_" + name + ".pt")).write_bytes(zipped(data))
    for name, data in hostile_archives():
        (hostile / ("zip_" + name + ".pt")).write_bytes(data)
    for name, data in hostile_streams():
        (hostile / ("stream_" + name + ".pt")).write_bytes(data)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
