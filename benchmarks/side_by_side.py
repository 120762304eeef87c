"""What the comparisons here share: our benchmark binary and the reference's code in turn, and a table of both."""
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/parity"))


def mean_seconds(function, clock, at_least, warm):
    """As Google Benchmark counts: calls until the time is over, and their mean."""
    if warm:
        function()
    begin, count = clock(), 0
    while count == 0 or clock() - begin < at_least:
        function()
        count += 1
    return (clock() - begin) / count


def our_seconds(build, name, column, at_least, threads, variables):
    output = subprocess.run(
        [str(pathlib.Path(build) / "benchmarks/tiny_benchmark"), "--benchmark_format=json",
         "--benchmark_filter=^%s$" % re.escape(name), "--benchmark_min_time=%g" % at_least],
        check=True, capture_output=True, text=True,
        env={**os.environ, "OMP_NUM_THREADS": threads, **variables}).stdout
    case, = json.loads(output)["benchmarks"]
    assert case["time_unit"] == "ms", case
    return case[column] / 1000


def compare(build, threads, cases, rounds=5, at_least=2.0, warm=True, **variables):
    """`cases`: names of ours, and what the reference runs. One after the other in every round, since other work on the
    machine comes and goes; a single thread's time is the processor's, which other work hardly counts in. Printed:
    medians, and the ratio of each round."""
    clock, column = (time.process_time, "cpu_time") if threads == "1" else (time.perf_counter, "real_time")
    times = {name: [] for name in cases}
    for _ in range(rounds):
        for name, reference in cases.items():
            theirs = mean_seconds(reference, clock, at_least, warm)
            times[name].append((theirs, our_seconds(build, name, column, at_least, threads, variables)))
    for name, pairs in times.items():
        theirs, ours = (statistics.median(side) for side in zip(*pairs))
        ratios = sorted(our / their for their, our in pairs)
        print("%-38s reference %9.1f ms   ours %9.1f ms   ratio %.2f   of rounds %s" % (
            name, theirs * 1000, ours * 1000, statistics.median(ratios), " ".join("%.2f" % ratio for ratio in ratios)))
