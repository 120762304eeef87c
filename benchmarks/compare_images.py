"""images_benchmark's cases in Pillow and OpenCV, one thread, ours and theirs in turn; prints medians in milliseconds.

    taskset -c 0 python benchmarks/compare_images.py build/release [ROUNDS]

Packages: tests/parity/image/make_golden.py.
"""
import io
import json
import os
import statistics
import subprocess
import sys
import time

import cv2
import numpy
from PIL import Image


def picture():
    """As images_benchmark.cpp makes it."""
    y, x = numpy.mgrid[0:1024, 0:1024]
    noise, state = numpy.empty(1024 * 1024, numpy.uint8), 1
    for i in range(noise.size):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        noise[i] = state >> 24
    return numpy.stack([x // 4, y // 4, noise.reshape(1024, 1024)], -1).astype(numpy.uint8)


def saved(image, **options):
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


def cases():
    pixels = picture()
    image = Image.fromarray(pixels)
    small = image.resize((512, 512), Image.BICUBIC)
    jpeg, png = saved(image, format="JPEG"), saved(image, format="PNG")
    return {"bicubic_1024_to_224": lambda: image.resize((224, 224), Image.BICUBIC),
            "bicubic_1024_to_504": lambda: image.resize((504, 504), Image.BICUBIC),
            "bicubic_512_to_1024": lambda: small.resize((1024, 1024), Image.BICUBIC),
            "opencv_1024_to_800": lambda: cv2.resize(pixels, (800, 800), interpolation=cv2.INTER_LINEAR),
            "jpeg_written": lambda: saved(image, format="JPEG"),
            "jpeg_read": lambda: Image.open(io.BytesIO(jpeg)).convert("RGB"),
            "png_read": lambda: Image.open(io.BytesIO(png)).convert("RGB")}


def theirs(run, seconds=0.3):
    times, until = [], time.process_time() + seconds
    while time.process_time() < until:
        begin = time.process_time()
        run()
        times.append(time.process_time() - begin)
    return 1000 * statistics.median(times)


def ours(build, name):
    command = [os.path.join(build, "benchmarks/images_benchmark"), "--benchmark_filter=^%s$" % name,
               "--benchmark_format=json", "--benchmark_min_time=0.03", "--benchmark_repetitions=9"]
    rows = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["benchmarks"]
    return next(row["cpu_time"] for row in rows if row.get("aggregate_name") == "median")


def main(build, rounds=5):
    cv2.setNumThreads(1)
    print("%-22s %10s %10s %8s" % ("case", "reference", "ours", "ratio"))
    for name, run in cases().items():
        pairs = [(theirs(run), ours(build, name)) for _ in range(int(rounds))]
        reference, own = (statistics.median(times) for times in zip(*pairs))
        print("%-22s %7.2f ms %7.2f ms %8.2f" % (name, reference, own, own / reference))


if __name__ == "__main__":
    main(*sys.argv[1:])
