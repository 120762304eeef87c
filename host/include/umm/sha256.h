// What content is known by.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "umm/version.h"

namespace umm {

// Of bytes that come in pieces.
class UMM_API Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::string_view bytes);
  std::string hex();  // 64 lower-case digits; ends the hash

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

UMM_API std::string sha256(std::string_view bytes);

}  // namespace umm
