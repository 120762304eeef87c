#!/usr/bin/env bash
# Runs every fuzzer for the given number of executions (a million), seeded with the test files.
#   tests/fuzz/run.sh [EXECUTIONS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

executions=${1:-1000000}
data=tests/data/checkpoint
work=build/fuzz/corpus
mkdir -p "$work"/{dpg,evidence,imgedit,journal,judge_reply,judge_server,pickle,picture/{jpeg,png,webp},plugin_file,safetensors,spec,tar,torch_file}
cp "$data"/*.safetensors "$work/safetensors"
cp tests/fuzz/journal/* "$work/journal"
cp tests/fuzz/judge_reply/* "$work/judge_reply"
cp tests/fuzz/judge_server/* "$work/judge_server"
cp tests/fuzz/evidence/* "$work/evidence"
cp tests/fuzz/dpg/* "$work/dpg"
cp tests/fuzz/imgedit/* "$work/imgedit"
cp tests/fuzz/spec/* experiments/*/*.toml "$work/spec"
cp "$data"/*.pt "$data"/hostile/*.pt "$work/torch_file"
# Pickles stand in the archives as they are.
for file in "$data"/*.pt "$data"/hostile/pickle_*.pt; do
  unzip -p "$file" '*/data.pkl' >"$work/pickle/$(basename "$file")" 2>/dev/null || rm "$work/pickle/$(basename "$file")"
done
# Files of every kind, each format on its own; its executions are as many.
python3 tests/fuzz/picture_files.py tests/data/image/golden.safetensors "$work/picture"
# A shard in each of tar's formats, one with holes.
for format in v7 ustar gnu pax; do
  tar --format=$format --owner=0 --group=0 --mtime=@0 -b 2 -cf "$work/tar/$format.tar" experiments/tiny/pictures
done
truncate -s 1M "$work/holes.png"
tar --sparse -b 2 -cf "$work/tar/holes.tar" "$work/holes.png"
# The least library that carries an identity.
printf '__attribute__((section("umm_plugin_meta"), used)) const char meta[] = "UMMPLUG1\\nid=least\\nversion=1\\n";
int umm_plugin_entry_v1;' | cc -shared -nostdlib -s -x c - -o "$work/plugin_file/least.umm.so"
for reader in dpg evidence imgedit journal judge_reply judge_server pickle picture/{jpeg,png,webp} plugin_file safetensors spec tar torch_file; do
  echo "== $reader"
  more=()
  # Keywords, and small inputs: large specs tell nothing new, and every run of their product is resolved.
  if [[ $reader == judge_reply ]]; then more=(-dict=tests/fuzz/judge_reply.dict); fi
  if [[ $reader == spec ]]; then more=(-dict=tests/fuzz/spec.dict -max_len=2048 -entropic=0); fi
  build/fuzz/fuzz/"${reader%%/*}_fuzzer" -runs="$executions" -max_len=16384 -rss_limit_mb=4096 -timeout=10 \
    -print_final_stats=1 "${more[@]}" "$work/$reader" 2>&1 | tail -n 8
done
