#!/usr/bin/env bash
# Bootstraps, configures where needed and builds:  cmake/build.sh <preset> <target>... [-- <cmake option>...]
# Prints nothing where everything is up to date.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=$1
shift
targets=()
while (($# > 0)) && [[ $1 != -- ]]; do targets+=("$1"); shift; done
(($# == 0)) || shift
options=("-DUMM_TORCH_DIR=${UMM_TORCH_DIR:-}" "$@")
tree=$root/build/$preset

# Ninja re-runs CMake by itself when a CMake file changes, but not for another preset file or other options.
is_configured() {
  [[ -e $tree/build.ninja && $tree/build.ninja -nt $root/CMakePresets.json ]] || return 1
  local option
  for option in "${options[@]}"; do
    option=${option#-D}
    grep -qE "^${option%%=*}:[A-Z]+=" "$tree/CMakeCache.txt" || return 1
    [[ $(sed -nE "s/^${option%%=*}:[A-Z]+=//p" "$tree/CMakeCache.txt") == "${option#*=}" ]] || return 1
  done
}

# A source file over LibTorch's headers takes up to 2 GB to compile.
num_jobs() {
  local cores by_memory
  cores=$(nproc)
  by_memory=$(awk '/^MemAvailable:/ { print int($2 / 2000000) }' /proc/meminfo)
  ((by_memory > 0)) || by_memory=1
  echo $((cores < by_memory ? cores : by_memory))
}

"$root/cmake/bootstrap.sh"
cd "$root"
is_configured || cmake --preset "$preset" "${options[@]}" </dev/null
if [[ $(ninja -C "$tree" -n "${targets[@]}") != *"no work to do."* ]]; then
  cmake --build "$tree" --parallel "$(num_jobs)" --target "${targets[@]}" </dev/null
fi
