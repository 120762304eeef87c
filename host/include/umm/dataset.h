// Sources of training samples and of benchmark prompts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "umm/batch.h"

namespace umm {

class UMM_API Dataset {
 public:
  virtual ~Dataset();

  // Number of samples; nullopt: infinite. The host cycles through a finite one in a seeded order.
  virtual std::optional<int64_t> size() const = 0;

  // Pure function of the index and of the options it was made with, on any thread: the host stores a
  // position, never a state. Throws InputError, naming file and record, where this sample cannot be read: the
  // host counts it and takes the next one, as far as the spec lets it (data.<flow>.max_unreadable).
  virtual Sample sample(int64_t index) const = 0;
};

// Prompts of a benchmark in that benchmark's own record format (one JSON object per string), for worlds
// that can make as many as asked.
class UMM_API PromptSet {
 public:
  virtual ~PromptSet();
  virtual std::vector<std::string> records() const = 0;
};

}  // namespace umm
