#!/usr/bin/env bash
# Show-o at its published size against reference code, random weights: logits, a RecA loss, a text-to-image loss;
# and the official class on what ours writes.
#   tests/parity/showo/full.sh PYTHON SHOWO RECA [FOLDER]
# PYTHON has the packages that make_golden.py names; SHOWO and RECA are the checkouts that it names.
set -euo pipefail
python=$1 showo=$2 reca=$3 folder=${4:-$(mktemp -d)}
here=$(dirname "${BASH_SOURCE[0]}")
root=$here/../../..

[[ -e $folder/base/image_encoder/pytorch_model.bin ]] || "$python" "$here/full.py" make "$folder" "$showo" "$reca"
"$root/build/release/parity_full" "$folder/base" "$folder/vocabulary" "$folder/ours.safetensors" "$folder/official"
"$python" "$here/full.py" compare "$folder" "$showo" "$reca"
"$python" "$here/full.py" load "$folder" "$showo" "$reca"
