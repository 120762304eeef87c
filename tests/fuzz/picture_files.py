"""The picture files in golden.safetensors, as files in a folder for each format.

    python3 tests/fuzz/picture_files.py tests/data/image/golden.safetensors FOLDER
"""
import json
import pathlib
import sys

data, folder = pathlib.Path(sys.argv[1]).read_bytes(), pathlib.Path(sys.argv[2])
length = int.from_bytes(data[:8], "little")
for name, entry in json.loads(data[8:8 + length]).items():
    if name.startswith("file."):
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        form = name.rpartition(".")[2].replace("jpg", "jpeg")
        (folder / form / name[5:]).write_bytes(data[begin:end])
