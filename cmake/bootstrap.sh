#!/usr/bin/env bash
# Brings a bare Debian 12 to the point where CMake can configure: the packages of cmake/packages.txt, and LibTorch
# unpacked from the wheels of cmake/libtorch.txt into .deps/libtorch-<version>/.  Prints nothing and returns at
# once where all is there.  UMM_TORCH_DIR=<the torch folder of a wheel already unpacked> fetches nothing.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
fail() { say "bootstrap: $*"; exit 1; }

missing_packages() {
  local installed package unless
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
  while IFS=: read -r package unless; do
    package=${package//[[:space:]]/}
    if [[ -z $package ]] || grep -qxF -- "$package" <<<"$installed"; then continue; fi
    if [[ -n ${unless//[[:space:]]/} ]] && bash -c "$unless" >/dev/null 2>&1; then continue; fi
    printf '%s ' "$package"
  done < <(sed 's/#.*//' "$root/cmake/packages.txt")
}

install_packages() {
  command -v dpkg-query >/dev/null ||
    fail "this is not a Debian system: install what cmake/packages.txt names by hand, then call cmake --preset release"
  local missing
  missing=$(missing_packages)
  [[ -n $missing ]] || return 0
  if [[ $(id -u) != 0 ]]; then
    fail "these Debian packages are missing and only root can install them; run this, then call again:
  sudo apt-get update && sudo apt-get install --no-install-recommends $missing"
  fi
  say "bootstrap: installing Debian packages: $missing"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600)
  "${apt[@]}" update >&2 </dev/null || fail "apt-get update failed (see above)"
  # shellcheck disable=SC2086  # one argument per package
  "${apt[@]}" install -y --no-install-recommends $missing >&2 </dev/null ||
    fail "apt-get install failed (see above); wanted: $missing"
}

# Unpacks what compiling and running need, laid out as in site-packages, because the RPATH of torch/lib/*.so is
# $ORIGIN and $ORIGIN/../../nvidia/cu13/lib.
unpack_wheels() {  # <folder of wheels> <folder>
  python3 - "$1" "$2" <<'PY'
import pathlib, sys, zipfile
wheels, target = map(pathlib.Path, sys.argv[1:])
kept = ("torch/include/", "torch/lib/", "nvidia/cu13/lib/lib")
dropped = ("torch/lib/libtorch_python.so", "nvidia/cu13/lib/libnvperf")
for wheel in sorted(wheels.glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            licence = ".dist-info/" in name and "licen" in name.lower()
            if licence or (name.startswith(kept) and not name.startswith(dropped) and not name.endswith(".a")):
                archive.extract(name, target)
PY
}

fetch_libtorch() {
  local pins=$root/cmake/libtorch.txt version target work python
  if [[ -n ${UMM_TORCH_DIR:-} ]]; then
    [[ -e $UMM_TORCH_DIR/lib/libtorch_cpu.so && -d $UMM_TORCH_DIR/include ]] ||
      fail "UMM_TORCH_DIR=$UMM_TORCH_DIR holds no lib/libtorch_cpu.so and include/: it must be a wheel's torch folder"
    return 0
  fi
  version=$(sed -n 's/^torch==\([^ ]*\).*/\1/p' "$pins")
  target=$root/.deps/libtorch-$version
  # The copy of the pins is written before the folder gets its name: it proves both completeness and content.
  if cmp -s "$pins" "$target/libtorch.txt"; then return 0; fi

  mkdir -p "$root/.deps"
  exec 9>"$root/.deps/lock"
  flock 9
  if cmp -s "$pins" "$target/libtorch.txt"; then return 0; fi  # another call was faster
  rm -rf "$root"/.deps/unfinished.*
  work=$(mktemp -d "$root/.deps/unfinished.XXXXXX")
  # shellcheck disable=SC2064  # $work is meant now
  trap "rm -rf '$work'" EXIT
  # A python3 found first may lack pip although Debian's own has it.
  python=python3
  python3 -m pip --version >/dev/null 2>&1 || python=/usr/bin/python3
  say "bootstrap: fetching LibTorch $version (540 MB, unpacks to 1.2 GB in .deps/)"
  "$python" -m pip download --quiet --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
    --only-binary=:all: --implementation cp --python-version 3.11 --abi cp311 \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_25_x86_64 \
    --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
    --dest "$work/wheels" --requirement "$pins" >&2 </dev/null ||
    fail "pip could not fetch the wheels of cmake/libtorch.txt (see above); nothing was left behind.
  With torch $version installed elsewhere, set UMM_TORCH_DIR=<site-packages>/torch instead."
  unpack_wheels "$work/wheels" "$work/unpacked" || fail "unpacking LibTorch failed (see above); nothing was left behind"
  cp "$pins" "$work/unpacked/libtorch.txt"
  rm -rf "$target"
  mv "$work/unpacked" "$target"
}

install_packages
fetch_libtorch
