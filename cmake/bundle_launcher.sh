#!/usr/bin/env bash
# Finds LibTorch and starts the program. LibTorch is the torch 2.11.0 package: --torch DIR, $UMM_TORCH_DIR, or what
# Python would import (Python itself is asked for the folder only).
set -euo pipefail

build_id=@BUILD_ID@
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

torch=${UMM_TORCH_DIR:-}
if [[ ${1:-} == --torch ]]; then
  torch=${2:?--torch needs a folder}
  shift 2
fi
if [[ -z $torch ]] && command -v python3 >/dev/null; then
  torch=$(python3 -c 'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")')
fi
if [[ ! -e $torch/lib/libtorch_cpu.so ]]; then
  echo "ummbench: no LibTorch in '${torch}': expected lib/libtorch_cpu.so of torch 2.11.0." \
       "Give its folder by --torch DIR or UMM_TORCH_DIR." >&2
  exit 2
fi
# 0.3 s for the whole file; a node need not have readelf.
bytes=$(sed 's/../\\x&/g' <<< "$build_id")
if ! LC_ALL=C grep -qaP "$bytes" "$torch/lib/libtorch_cpu.so"; then
  echo "ummbench: $torch/lib/libtorch_cpu.so is another LibTorch than this bundle was built for" \
       "(wanted torch 2.11.0, build id $build_id)." >&2
  exit 2
fi
export LD_LIBRARY_PATH=$here/lib:$torch/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export UMM_PLUGIN_PATH=${UMM_PLUGIN_PATH:-$here/plugins}
exec "$here/bin/ummbench" "$@"
