"""Writes statistics.json, the figures of statistics_golden_test.cpp, from SciPy, statsmodels and NumPy.

    python3 -m venv reference && reference/bin/pip install scipy statsmodels
    reference/bin/python tests/results/golden/statistics.py > tests/results/golden/statistics.json

Nothing here is shared with the C++ code: the resamplings are written again, on another generator.
"""

import json

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import normal_power

rng = np.random.default_rng(20250908)


def text(counts):
    return ["".join(str(int(c)) for c in row) for row in np.atleast_2d(counts)]


def overall(values, tag_of_prompt):  # values: [prompts]
    return np.mean([values[tag_of_prompt == tag].mean() for tag in np.unique(tag_of_prompt)])


# Twelve prompts in tags of 5, 4 and 3: every flip, by SciPy. Counts of right pictures out of four.
def exact_test(least):
    tag = np.repeat([0, 1, 2], [5, 4, 3])
    a, b = rng.integers(least, 5, 12), rng.integers(0, 4, 12)

    def statistic(x, y, axis=-1):
        difference = (x - y) / 4
        return np.mean([difference[..., tag == t].mean(axis=axis) for t in range(3)], axis=0)

    result = stats.permutation_test((a, b), statistic, permutation_type="samples", n_resamples=np.inf,
                                    vectorized=True, alternative="two-sided")
    return {"tags": tag.tolist(), "a": text(a)[0], "b": text(b)[0], "p": float(result.pvalue)}


# 553 prompts of one tag: the exact distribution of the flipped sum, by convolution.
def long_test(gain):
    b = rng.binomial(4, 0.5, 553)
    a = np.clip(b + rng.choice([-1, 0, 1], 553, p=[0.3 - gain, 0.4, 0.3 + gain]), 0, 4)
    difference = a - b
    distribution = np.array([1.0])
    for step in np.abs(difference[difference != 0]):
        spread = np.zeros(len(distribution) + 2 * step)
        spread[: len(distribution)] += distribution / 2
        spread[2 * step:] += distribution / 2
        distribution = spread
    sums = np.arange(len(distribution)) - (len(distribution) - 1) // 2
    p = distribution[np.abs(sums) >= abs(difference.sum())].sum()
    return {"a": text(a)[0], "b": text(b)[0], "p": float(p)}


# Runs x prompts within tags x pictures, drawn with replacement, 100 000 times.
def grid(right, runs, sizes, pictures=4):
    tag = np.repeat(np.arange(len(sizes)), sizes)
    of_prompt = np.clip(right + rng.normal(0, 0.2, len(tag)), 0, 1)
    of_run = rng.normal(0, 0.05, runs)
    chance = np.clip(of_prompt[None, :, None] + of_run[:, None, None], 0, 1)
    return tag, (rng.random((runs, len(tag), pictures)) < chance).astype(float)


def draws(tag, values, prompts, count):  # prompts: [count, prompts], as drawn
    runs, _, pictures = values.shape
    chosen_runs = rng.integers(0, runs, (count, runs))
    total = np.zeros((count, len(tag)))
    for run in range(runs):
        seen = values[chosen_runs[:, run][:, None], prompts]  # [count, prompts, pictures]
        places = rng.integers(0, pictures, seen.shape)
        total += np.take_along_axis(seen, places, axis=2).mean(axis=2) / runs
    return np.mean([total[:, tag == t].mean(axis=1) for t in np.unique(tag)], axis=0)


def drawn_prompts(tag, count):
    columns = [rng.choice(np.flatnonzero(tag == t), (count, (tag == t).sum())) for t in np.unique(tag)]
    return np.concatenate(columns, axis=1)


def bootstrap():
    tag, a = grid(0.6, 3, [30, 20, 10])
    _, b = grid(0.5, 2, [30, 20, 10])
    of_a, of_difference = [], []
    for _ in range(50):
        prompts = drawn_prompts(tag, 2000)
        x = draws(tag, a, prompts, 2000)
        of_a.append(x)
        of_difference.append(x - draws(tag, b, prompts, 2000))
    quantiles = [0.025, 0.975]
    flat = a[0, tag == 0, 0]
    plain = stats.bootstrap((flat,), np.mean, n_resamples=100_000, method="percentile", random_state=rng,
                            vectorized=True, batch=10_000).confidence_interval
    return {
        "tags": tag.tolist(),
        "a": [text(run) for run in a], "b": [text(run) for run in b],
        "overall_a": float(overall(a.mean(axis=(0, 2)), tag)),
        "interval_a": np.quantile(np.concatenate(of_a), quantiles).tolist(),
        "interval_difference": np.quantile(np.concatenate(of_difference), quantiles).tolist(),
        "plain": [plain.low, plain.high],
    }


def holm():
    families = [rng.random(n).round(4) ** 3 for n in (1, 2, 5, 20)] + [np.array([0.01, 0.01, 0.04, 0.04, 0.5])]
    return [{"p": f.tolist(), "corrected": multipletests(f, method="holm")[1].tolist()} for f in families]


def power():
    cases = []
    for effect in (0.1, 0.5, 1.0, 1.959963984540054, 2.8015852181129683, 4.0):  # difference / standard error
        cases.append({"effect": effect, "power": float(normal_power(effect, 1, 0.05))})
    return {"cases": cases, "detectable_effect": float(stats.norm.ppf(0.975) + stats.norm.ppf(0.8))}


print(json.dumps({
    "made_by": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}",
    "exact_tests": [exact_test(0), exact_test(1), exact_test(2)],
    "long_tests": [long_test(0.0), long_test(0.01), long_test(0.02)],
    "bootstrap": bootstrap(),
    "holm": holm(),
    "power": power(),
}))
