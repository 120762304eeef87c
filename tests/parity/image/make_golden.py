"""Pictures decoded and resized by Pillow 11.3.0 (later ones sometimes take rows before columns).

    python tests/parity/image/make_golden.py tests/data/image
"""
import pathlib
import sys

import numpy
import torch
from PIL import Image
from safetensors.torch import save_file

SIZES = [(16, 16), (7, 29), (40, 11), (64, 48), (23, 17)]  # width, height


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rng = numpy.random.default_rng(0)
    noise = rng.integers(0, 256, (17, 23, 3), dtype=numpy.uint8)
    y, x = numpy.mgrid[0:40, 0:56]
    smooth = numpy.stack([x * 4 % 256, y * 6 % 256, (x + y) * 2 % 256], -1).astype(numpy.uint8)
    result = {}
    for name, pixels in {"noise": noise, "smooth": smooth}.items():
        picture = Image.fromarray(pixels)
        picture.save(folder / (name + ".png"))
        for filter_name, kernel in {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}.items():
            for width, height in SIZES:
                result["%s.%s.%dx%d" % (name, filter_name, width, height)] = torch.from_numpy(
                    numpy.array(picture.resize((width, height), kernel)))
    Image.fromarray(smooth).save(folder / "color.jpg", quality=85)
    Image.fromarray(smooth[..., 0]).save(folder / "grey.jpg", quality=90)
    for name in ("color", "grey"):
        result["decoded." + name] = torch.from_numpy(
            numpy.array(Image.open(folder / (name + ".jpg")).convert("RGB")))
    save_file(result, folder / "golden.safetensors")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
