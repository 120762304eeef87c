// Whether a benchmark's items are the published ones, whatever file they come in: its own, JSON lines made of
// it, or a database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace umm::evaluators {

// Throws InputError that starts with `where` unless `sha256` is that of `items`, in ascending order, a line
// feed behind each. `items`: of each what makes it that item, as one JSON text without blanks whose keys are
// sorted; `what` names them in the message: "GenEval's 553 prompts".
void expect_published_items(std::vector<std::string> items, std::string_view sha256, const std::string& what,
                            const std::string& where);

}  // namespace umm::evaluators
