// Judgements that others published, to score again under our rules and to compare with people's.
//   log      one JSON object per line:
//            {"model", "item", "instruction", "SC": {"score": [...]}, "PQ": {"score": [...]}}
//   ratings  one person's table with tabs: "uid" and the models' names, then per item "[SC, PQ]" for each
//            model, in steps of a half from 0 to 1
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "umm/evaluator.h"

namespace umm::gedit {

// One log for each model, in the order of their first lines. What stands under "SC" and "PQ" is the reply.
// Throws InputError that starts with `where` and the line.
std::vector<EvidenceLog> read_judgements(std::string_view text, const std::string& where);

// SC, PQ and overall = sqrt(SC * PQ). Throws InputError that starts with `where` and the line.
std::vector<HumanRating> read_rating_table(std::string_view table, const std::string& where);

}  // namespace umm::gedit
