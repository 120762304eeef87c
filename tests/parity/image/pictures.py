"""Small picture files of every kind that the readers know, as bytes."""
import io
import struct
import zlib

import numpy
from PIL import Image

PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]  # Adam7


def smooth(width, height, channels=3):
    y, x = numpy.mgrid[0:height, 0:width]
    planes = [x * 9, y * 13, (x + y) * 5, 255 - x * 7]
    return numpy.stack(planes[:channels], -1).astype(numpy.uint8)


def chunk(name, contents):
    return struct.pack(">I", len(contents)) + name + contents + struct.pack(">I", zlib.crc32(name + contents))


def packed(samples, depth):
    """Rows [H, W * C] as PNG stores them, each behind filter 0."""
    rows = b""
    for row in samples:
        bits = "".join(format(int(value), "0%db" % depth) for value in row)
        bits += "0" * (-len(bits) % 8)
        rows += b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
    return rows


def png(samples, color_type, depth, before=b"", interlaced=False):
    """samples [H, W, C], of `depth` bits; `before`: chunks before the pixels."""
    height, width, channels = samples.shape
    if interlaced:
        parts = [samples[y::down, x::right] for x, y, right, down in PASSES]
        rows = b"".join(packed(part.reshape(part.shape[0], -1), depth) for part in parts if part.size)
    else:
        rows = packed(samples.reshape(height, width * channels), depth)
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))


def saved(image, **options):
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


def exif(orientation, order="<"):
    return ((b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, 1) +
            struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack(order + "I", 0))


def pngs(rng):
    def noise(channels, depth, most=None):
        return rng.integers(0, most or 1 << depth, (11, 13, channels))

    result = {}
    for interlaced in (False, True):
        tail = ".interlaced" if interlaced else ""
        for depth in (1, 2, 4, 8, 16):
            result["grey%d%s" % (depth, tail)] = png(noise(1, depth), 0, depth, interlaced=interlaced)
        for depth in (1, 2, 4, 8):
            palette = chunk(b"PLTE", rng.integers(0, 256, 3 << depth, dtype=numpy.uint8).tobytes())
            result["palette%d%s" % (depth, tail)] = png(noise(1, depth), 3, depth, palette, interlaced)
        for depth in (8, 16):
            result["rgb%d%s" % (depth, tail)] = png(noise(3, depth), 2, depth, interlaced=interlaced)
            result["greyalpha%d%s" % (depth, tail)] = png(noise(2, depth), 4, depth, interlaced=interlaced)
            result["rgba%d%s" % (depth, tail)] = png(noise(4, depth), 6, depth, interlaced=interlaced)
    short = chunk(b"PLTE", rng.integers(0, 256, 3 * 40, dtype=numpy.uint8).tobytes())
    result["palette.clear"] = png(noise(1, 8, 40), 3, 8, short + chunk(b"tRNS", bytes(range(40))))
    result["palette.beyond"] = png(noise(1, 8), 3, 8, short)
    result["grey16.dark"] = png(noise(1, 16, 300), 0, 16)
    result["rgb8.clear"] = png(noise(3, 8), 2, 8, chunk(b"tRNS", bytes(6)))
    gamma = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"cHRM", struct.pack(">8I", *[31270] * 8))
    result["rgb8.gamma"] = png(noise(3, 8), 2, 8, gamma)
    result["grey16.gamma"] = png(noise(1, 16), 0, 16, gamma)
    return {name + ".png": data for name, data in result.items()}


def jpegs():
    color, ink = Image.fromarray(smooth(37, 21)), Image.fromarray(smooth(37, 21, 4), "CMYK")
    result = {"grey8": saved(color.convert("L"), format="JPEG"), "ink": saved(ink, format="JPEG", quality=90),
              "progressive": saved(color, format="JPEG", progressive=True),
              "progressive.ink": saved(ink, format="JPEG", progressive=True),
              "restarts": saved(color, format="JPEG", restart_marker_blocks=2),
              "kept_rgb": saved(color, format="JPEG", keep_rgb=True)}
    for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
        result["color" + subsampling.replace(":", "")] = saved(color, format="JPEG", subsampling=subsampling)
    # Bytes between the last row and the end, as some cameras leave them, and no end at all.
    result["trailing"] = result["color420"][:-2] + b"\x12\x34\x56" + b"\xff\xd9"
    result["endless"] = result["color420"][:-2]
    return {name + ".jpg": data for name, data in result.items()}


def webps():
    color, clear = Image.fromarray(smooth(37, 21)), Image.fromarray(smooth(37, 21, 4), "RGBA")
    result = {}
    for lossless in (False, True):
        kind = "lossless" if lossless else "lossy"
        result[kind] = saved(color, format="WEBP", lossless=lossless)
        result[kind + ".clear"] = saved(clear, format="WEBP", lossless=lossless, exact=True)
    return {name + ".webp": data for name, data in result.items()}


def turned():
    """Every orientation in each format, and in both byte orders."""
    image, result = Image.fromarray(smooth(19, 10)), {}
    for orientation in range(0, 10):
        order = "<>"[orientation % 2]
        data = exif(orientation, order)
        result["turned%d.jpg" % orientation] = saved(image, format="JPEG", exif=b"Exif\0\0" + data)
        result["turned%d.png" % orientation] = png(smooth(19, 10), 2, 8, chunk(b"eXIf", data))
        result["turned%d.webp" % orientation] = saved(image, format="WEBP", lossless=True, exif=data)
    return result


def all_pictures(seed=0):
    rng = numpy.random.default_rng(seed)
    return {**pngs(rng), **jpegs(), **webps(), **turned()}
