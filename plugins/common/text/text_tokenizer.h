// Between text and token ids.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "umm/version.h"

namespace umm::text {

class UMM_API TextTokenizer {
 public:
  virtual ~TextTokenizer();

  virtual int64_t vocabulary_size() const = 0;

  // Marks where a text begins and ends; one id in the GPT-2 family.
  virtual int64_t begin_id() const = 0;
  virtual int64_t end_id() const = 0;

  virtual std::vector<int64_t> encode(std::string_view text) const = 0;  // adds no marks

  // Leaves out begin and end marks. Throws Error on an id outside the vocabulary.
  virtual std::string decode(const std::vector<int64_t>& ids) const = 0;
};

}  // namespace umm::text
