"""Pictures decoded, resized and written by Pillow 11.3.0 (later ones sometimes take rows before columns) and OpenCV 4.6.0.

    pip install "numpy<2" Pillow==11.3.0 opencv-python-headless==4.6.0.66 safetensors
    python tests/parity/image/make_golden.py tests/data/image [DATA]

DATA holds the benchmark data; with it, the hashes of photographs of ImgEdit are written too.
"""
import hashlib
import io
import pathlib
import sys

import cv2
import numpy
from PIL import Image, ImageOps
from pictures import all_pictures, saved
from safetensors.numpy import save_file

SIZES = [(16, 16), (7, 29), (40, 11), (64, 48), (23, 17)]  # width, height
OPENCV_SIZES = SIZES + [(28, 20), (1, 1), (112, 80), (55, 41)]


def resized(result, name, pixels):
    for filter_name, kernel in {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}.items():
        for width, height in SIZES:
            result["%s.%s.%dx%d" % (name, filter_name, width, height)] = numpy.array(
                Image.fromarray(pixels).resize((width, height), kernel))
    for width, height in OPENCV_SIZES:
        result["%s.opencv.%dx%d" % (name, width, height)] = cv2.resize(pixels, (width, height))


def photographs(folder, data):
    files = sorted((data / "imgedit/singleturn").rglob("*.jpg"))[::15]
    lines = ["%s  %s" % (hashlib.sha256(Image.open(file).convert("RGB").tobytes()).hexdigest(),
                         file.relative_to(data)) for file in files]
    (folder / "photographs.txt").write_text("\n".join(lines) + "\n")


def main(folder, data=None):
    folder.mkdir(parents=True, exist_ok=True)
    rng = numpy.random.default_rng(0)
    noise = rng.integers(0, 256, (17, 23, 3), dtype=numpy.uint8)
    y, x = numpy.mgrid[0:40, 0:56]
    smooth = numpy.stack([x * 4 % 256, y * 6 % 256, (x + y) * 2 % 256], -1).astype(numpy.uint8)
    result = {}
    for name, pixels in {"noise": noise, "smooth": smooth}.items():
        Image.fromarray(pixels).save(folder / (name + ".png"))
        resized(result, name, pixels)
    Image.fromarray(smooth).save(folder / "color.jpg", quality=85)
    Image.fromarray(smooth[..., 0]).save(folder / "grey.jpg", quality=90)
    for quality in (75, 95):
        data_of = saved(Image.fromarray(smooth), format="JPEG", quality=quality)
        result["written.jpeg%d" % quality] = numpy.frombuffer(data_of, numpy.uint8)
    for name, picture in all_pictures().items():
        if name == "endless.jpg":  # which Pillow refuses
            continue
        result["file." + name] = numpy.frombuffer(picture, numpy.uint8)
        image = Image.open(io.BytesIO(picture))
        if name.startswith("turned"):
            image = ImageOps.exif_transpose(image)
        result["decoded." + name] = numpy.array(image.convert("RGB"))
    for name in ("color.jpg", "grey.jpg"):
        result["decoded." + name] = numpy.array(Image.open(folder / name).convert("RGB"))
    save_file({name: numpy.ascontiguousarray(value) for name, value in result.items()}, folder / "golden.safetensors")
    if data:
        photographs(folder, data)


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:]))
