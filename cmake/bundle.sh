#!/usr/bin/env bash
# Packs the program into <build>/bundle/ummbench, a folder that runs after being copied to a machine that has glibc,
# for GPUs a driver, and torch 2.11.0 (installed for Python, or an unpacked wheel).
#   cmake/bundle.sh <source> <build> <torch folder> <build id of libtorch_cpu>
set -euo pipefail

source_dir=$1 build_dir=$2 torch_dir=$3 build_id=$4
target=$build_dir/bundle/ummbench
staging=$build_dir/bundle/.partial
rm -rf "$staging"
mkdir -p "$staging"/{bin,lib,plugins}

cp "$build_dir/ummbench" "$staging/bin/"
cp "$build_dir"/lib/*.so "$staging/lib/"
cp "$build_dir"/plugins/*.umm.so "$staging/plugins/"
mkdir -p "$staging/experiments" "$staging/tests/gpu"
cp -r "$source_dir/experiments/." "$staging/experiments/"
if [[ -d $source_dir/tests/gpu ]]; then cp -r "$source_dir/tests/gpu/." "$staging/tests/gpu/"; fi
sed "s/@BUILD_ID@/$build_id/" "$source_dir/cmake/bundle_launcher.sh" > "$staging/ummbench"
chmod +x "$staging/ummbench"

# Debian's libraries that ours need; glibc and the loader belong to the machine, LibTorch is found at run time.
glibc='^(libc|libm|libdl|libpthread|librt|libutil|libresolv|ld-linux-x86-64|linux-vdso)\.so'
ldd "$build_dir/ummbench" "$build_dir"/plugins/*.umm.so "$build_dir"/lib/*.so | awk '/=> \// { print $3 }' | sort -u |
  while read -r library; do
    name=${library##*/}
    case $(realpath "$library") in "$(realpath "$torch_dir")"/* | "$(realpath "$torch_dir/..")"/nvidia/* | "$build_dir"/*)
      continue ;;
    esac
    [[ $name =~ $glibc ]] || cp -L "$library" "$staging/lib/$name"
  done

strip --strip-unneeded "$staging"/bin/* "$staging"/lib/* "$staging"/plugins/*
patchelf --set-rpath '$ORIGIN/../lib' "$staging"/bin/* "$staging"/plugins/*
patchelf --set-rpath '$ORIGIN' "$staging"/lib/*

rm -rf "$target"
mv "$staging" "$target"
printf 'bundle: %s (%s)\n' "$target" "$(du -sh "$target" | cut -f1)"
