// The "score" of a judge's JSON object, read without building the document: a reply may be large, and nested
// as deeply as it likes.
#pragma once

#include <string_view>
#include <vector>

namespace umm::gedit {

struct ScoreObject {
  bool has_score = false;      // valid JSON, an object, with the key "score"; of several the last one counts
  bool is_list = false;        // the score is a list
  bool all_numbers = true;     // the score, or each entry of the list, is a number
  std::vector<double> scores;  // those that are
};

ScoreObject read_score_object(std::string_view json);

}  // namespace umm::gedit
