#include "published_items.h"

#include <algorithm>

#include "umm/error.h"
#include "umm/sha256.h"

namespace umm::evaluators {

void expect_published_items(std::vector<std::string> items, std::string_view expected,
                            const std::string& what, const std::string& where) {
  std::sort(items.begin(), items.end());
  std::string text;
  for (const std::string& item : items) text += item + "\n";
  UMM_CHECK_INPUT(sha256(text) == expected, where, ": expected ", what, " as published, found ",
                  items.size(),
                  " that are not just these: take the authors' file as it is, or leave the "
                  "option `published` out");
}

}  // namespace umm::evaluators
