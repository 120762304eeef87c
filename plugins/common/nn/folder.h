// A level of the weights' names that computes nothing: register_module("encoder", folder).
#pragma once

#include <torch/nn/module.h>

namespace umm::nn {

class Folder : public torch::nn::Module {};

}  // namespace umm::nn
