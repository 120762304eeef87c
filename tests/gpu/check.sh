#!/usr/bin/env bash
# Compares losses and gradient norms of SFT and RecA on Show-o and Harmon, on the CPU with those on the GPU: same weights, same
# draws, five updates.
# Runs from a checkout (builds first) or from the bundle (tests/gpu/check.sh in it); there LibTorch is found as the bundle's
# launcher finds it. Needs a GPU, its driver, torch's CUDA libraries, and python3 to read the curves. Exit code 1: they differ.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
if [[ -x $root/bin/ummbench ]]; then
  program=$root/ummbench
else
  "$root/cmake/build.sh" cuda ummbench plugins
  program=$root/build/cuda/ummbench
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset UMM_PLUGIN_PATH  # an author's, in the place of those that belong to the program

for device in cpu cuda; do
  "$program" run "$root/experiments/tiny/two_families.toml" --set "sweep.output=$work/$device" --set "resources.device=$device" \
    --set train.updates=5 --set train.warmup=0 --set train.checkpoint_every=0 --set eval.geneval.images_per_prompt=1 \
    --set eval.geneval.prompt_options.prompts_per_tag=2 \
    2> >(tee "$work/$device.log" >&2)
done

# What the GPU's allocator saw against the plan.
percents=$(sed -n 's/.*the first update took .*, \([0-9]*\) % of the plan/\1/p' "$work/cuda.log")
[[ $(wc -w <<<"$percents") == 12 ]] || { echo "expected a memory line for each of twelve stages in $work/cuda.log"; exit 1; }
for percent in $percents; do
  ((percent >= 90 && percent <= 110)) || { echo "the first update took $percent % of the planned memory, allowed 90 to 110"; exit 1; }
done

# fp32 on both sides. The first update starts from equal weights; the tolerance covers other orders of summation. Later updates
# carry AdamW's division by small second moments, which multiplies rounding.
python3 - "$work" <<'PYTHON'
import glob, json, os, sys
work, worst = sys.argv[1], 0.0
stages = sorted(glob.glob(f"{work}/cpu/stages/*/last/training.json"))
assert len(stages) == 12, f"expected twelve trained stages, found {len(stages)}"
for cpu_file in stages:
    cpu = json.load(open(cpu_file))["curves"]["points"]
    gpu = json.load(open(cpu_file.replace("/cpu/", "/cuda/", 1)))["curves"]["points"]
    for (update, name, a), (update_gpu, name_gpu, b) in zip(cpu, gpu, strict=True):
        assert (update, name) == (update_gpu, name_gpu)
        if name.startswith("measured/"):  # seconds and bytes of a device
            continue
        relative = abs(a - b) / max(abs(a), 1e-6)
        worst = max(worst, relative)
        limit = 1e-4 if update == 1 else 1e-2
        print(f"{os.path.basename(os.path.dirname(os.path.dirname(cpu_file)))} {update:2} {name:16} cpu {a:.7g} gpu {b:.7g} {relative:.1e}")
        if relative > limit:
            sys.exit(f"differs by {relative:.1e}, allowed {limit:.0e}")
print(f"equal within tolerance; largest relative difference {worst:.1e}")
PYTHON
