// A unified multimodal model: its weights, and the list of what it can do (capabilities.h).
//
// An architecture predicts; a method decides. No architecture knows a method's name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm {

// The unit of freezing. The default is the published practice for post-training this architecture.
struct ParameterGroup {
  std::string name;  // "language_model", "image_encoder", ...
  bool trained_by_default = true;
  std::string doc;
};

// A tensor of the model under its published name.
struct Parameter {
  std::string component;  // the checkpoint file it lives in: "model" -> model.safetensors
  std::string name;       // key inside that file, exactly as the official code names it
  std::string group;      // one of parameter_groups(); "" for a buffer
  Tensor value;           // the module's own tensor itself (not a copy or a view of it)
};

class UMM_API Architecture {
 public:
  virtual ~Architecture();

  // Side of the square pictures it generates, in pixels.
  virtual int64_t image_size() const = 0;

  virtual std::vector<ParameterGroup> parameter_groups() const = 0;

  // Everything a checkpoint holds, buffers included; order and names never change for one preset.
  // The host loads weights, moves them to a device and dtype, and freezes them through these aliases.
  virtual std::vector<Parameter> parameters() = 0;

  // Fills fresh weights: deterministic in `seed`. [before load]
  virtual void initialize(uint64_t seed) = 0;

  // Training mode matters to dropout only; the host sets it. [after load]
  virtual void set_training(bool training) = 0;
};

}  // namespace umm
