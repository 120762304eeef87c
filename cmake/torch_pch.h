// The precompiled header of every target that uses ATen (TORCH in UmmPlugin.cmake): what most sources include anyway.
// Sources still include what they use; this only makes it cheap.
#pragma once

#ifdef _GLIBCXX_DEBUG
#error "LibTorch's headers do not compile with _GLIBCXX_DEBUG, and the program would refuse the plugin (P006)"
#endif

#include <ATen/ATen.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
