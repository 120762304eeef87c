"""Our pictures against Pillow and OpenCV, by SHA-256 of all pixels: every one must be equal.

    python tests/parity/image/compare.py build/release [SIZES] [DATA]

Packages: make_golden.py. SIZES random sizes (300), from and to, for each way to resize; files of every kind; the photographs
of ImgEdit below DATA, decoded, fitted and written again.
"""
import collections
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

import cv2
import numpy
import PIL
from PIL import Image, ImageOps
from pictures import all_pictures, saved


def hashed(pixels):
    return "%d %d %s" % (pixels.shape[1], pixels.shape[0], hashlib.sha256(numpy.ascontiguousarray(pixels)).hexdigest())


def fitted(image, size):
    """Resize(size), CenterCrop(size) of torchvision, bicubic."""
    shorter, longer = sorted(image.size)
    other = int(size * longer / shorter)
    image = image.resize((size, other) if image.width <= image.height else (other, size), Image.BICUBIC)
    left, top = round((image.width - size) / 2.0), round((image.height - size) / 2.0)
    return image.crop((left, top, left + size, top + size))


def resizings(folder, count):
    rng = numpy.random.default_rng(5)
    for i in range(count):
        sides = numpy.exp(rng.uniform(0, numpy.log(700), 4)).astype(int)
        pixels = rng.integers(0, 256, (sides[1], sides[0], 3), dtype=numpy.uint8)
        if i % 4 == 0:  # edges of black and white overshoot
            pixels = (pixels // 128 * 255).astype(numpy.uint8)
        path, to = folder / ("noise%d.png" % i), (int(sides[2]), int(sides[3]))
        if i % 10 == 1:
            to = (max(sides[0] // 2, 1), max(sides[1] // 2, 1))
        if i % 10 == 2:
            to = (int(sides[0]), int(sides[3]))
        image = Image.fromarray(pixels)
        image.save(path, compress_level=1)
        size = "%d %d" % to
        yield "bicubic %s %s" % (size, path), hashed(numpy.array(image.resize(to, Image.BICUBIC)))
        yield "bilinear %s %s" % (size, path), hashed(numpy.array(image.resize(to, Image.BILINEAR)))
        yield "opencv %s %s" % (size, path), hashed(cv2.resize(pixels, to, interpolation=cv2.INTER_LINEAR))
        if max(image.size) <= 20 * min(image.size):
            yield "fitted %d 0 %s" % (to[0], path), hashed(numpy.array(fitted(image, to[0])))


def kinds(folder):
    for name, data in all_pictures(seed=1).items():
        path = folder / name
        path.write_bytes(data)
        for operation, transform in (("decode", lambda image: image), ("upright", ImageOps.exif_transpose)):
            try:
                expected = hashed(numpy.array(transform(Image.open(path)).convert("RGB")))
            except OSError:
                expected = "error"
            yield "%s 0 0 %s" % (operation, path), expected


def photographs(data):
    for path in sorted((data / "imgedit/singleturn").rglob("*.jpg")):
        image = Image.open(path).convert("RGB")
        yield "decode 0 0 %s" % path, hashed(numpy.array(image))
        yield "fitted 224 0 %s" % path, hashed(numpy.array(fitted(image, 224)))
        yield "opencv 800 800 %s" % path, hashed(cv2.resize(numpy.array(image), (800, 800)))
        yield "jpeg 75 0 %s" % path, hashlib.sha256(saved(image, format="JPEG")).hexdigest()


def main(build, count=300, data=None):
    with tempfile.TemporaryDirectory() as folder:
        cases = list(resizings(pathlib.Path(folder), int(count))) + list(kinds(pathlib.Path(folder)))
        if data:
            cases += photographs(pathlib.Path(data))
        lines = "".join(line + "\n" for line, _ in cases)
        ours = subprocess.run([os.path.join(build, "parity_images")], input=lines, capture_output=True, text=True,
                              check=True).stdout.splitlines()
    assert len(ours) == len(cases), (len(ours), len(cases))
    total, wrong = collections.Counter(), collections.Counter()
    for (line, expected), found in zip(cases, ours):
        operation = line.split()[0]
        total[operation] += 1
        if expected != ("error" if found.startswith("error") else found):
            wrong[operation] += 1
            print(line, expected, found, sep="\n  ")
    print("Pillow %s, OpenCV %s: " % (PIL.__version__, cv2.__version__) +
          ", ".join("%s %d, %d differ" % (name, total[name], wrong[name]) for name in total))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
