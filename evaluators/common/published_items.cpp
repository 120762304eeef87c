#include "published_items.h"

#include <algorithm>

#include "digest.h"
#include "umm/error.h"

namespace umm::evaluators {

void expect_published_items(std::vector<std::string> items, std::string_view sha256, const std::string& what,
                            const std::string& where) {
  std::sort(items.begin(), items.end());
  std::string text;
  for (const std::string& item : items) text += item + "\n";
  UMM_CHECK_INPUT(sha256_hex(text) == sha256, where, ": expected ", what, " as published, found ",
                  items.size(),
                  " that are not just these: take the authors' file as it is, or leave the "
                  "option `published` out");
}

}  // namespace umm::evaluators
