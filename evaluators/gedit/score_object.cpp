#include "score_object.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace umm::gedit {
namespace {

using Json = nlohmann::json;

// nlohmann's interface of parser events: each returns whether to go on.
class ScoreReader {
 public:
  ScoreObject result;

  bool null() { return value({}); }
  bool boolean(bool) { return value({}); }  // Python would count true as 1; it is no score
  bool number_integer(Json::number_integer_t number) { return value(static_cast<double>(number)); }
  bool number_unsigned(Json::number_unsigned_t number) { return value(static_cast<double>(number)); }
  bool number_float(Json::number_float_t number, const Json::string_t&) { return value(number); }
  bool string(Json::string_t&) { return value({}); }
  bool binary(Json::binary_t&) { return value({}); }

  bool key(Json::string_t& name) {
    if (depth_ != 1) return true;
    awaits_score_ = name == "score";
    if (awaits_score_) result = {.has_score = true, .is_list = false, .all_numbers = true, .scores = {}};
    return true;
  }

  bool start_object(size_t) { return open(false); }
  bool start_array(size_t) { return open(true); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) {
    result = {};
    return false;
  }

 private:
  bool value(std::optional<double> number) {
    const bool is_score = depth_ == 1 && awaits_score_;
    if (is_score) awaits_score_ = false;
    if (!is_score && !(depth_ == 2 && in_list_)) return true;
    if (number)
      result.scores.push_back(*number);
    else
      result.all_numbers = false;
    return true;
  }

  bool open(bool list) {
    if (depth_ == 1 && awaits_score_ && list) {
      awaits_score_ = false;
      in_list_ = result.is_list = true;
    } else {
      value({});
    }
    ++depth_;
    return true;
  }

  bool close() {
    --depth_;
    if (depth_ == 1) in_list_ = false;
    return true;
  }

  size_t depth_ = 0;
  bool awaits_score_ = false;  // the key before was "score" of the outermost object
  bool in_list_ = false;       // within its list
};

}  // namespace

ScoreObject read_score_object(std::string_view json) {
  // The library takes a zero byte for the end of its input, and skips a byte order mark.
  if (json.find('\0') != std::string_view::npos || json.starts_with("\xEF\xBB\xBF")) return {};
  ScoreReader reader;
  Json::sax_parse(json, &reader);
  return reader.result;
}

}  // namespace umm::gedit
