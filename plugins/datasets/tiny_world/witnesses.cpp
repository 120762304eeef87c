#include "witnesses.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include "images/picture_file.h"
#include "statements.h"
#include "umm/error.h"

namespace umm::tiny_world {
namespace {

constexpr std::string_view kExplained = "What a right picture shows: ";

std::optional<Statement> statement_in(const std::string& text) {
  const size_t found = text.find(kExplained);
  if (found == std::string::npos) return std::nullopt;
  const size_t start = found + kExplained.size();
  return find_statement(std::string_view(text).substr(start, text.find('\n', start) - start));
}

int consistency(const Statement& statement, std::span<const SeenObject> seen) {
  if (holds(statement, seen)) return 2;
  const auto is_there = [&](const Noun& noun) { return holds({.noun = {noun.shape}}, seen); };
  return is_there(statement.noun) && (!statement.relation || is_there(statement.other)) ? 1 : 0;
}

int realism(std::span<const SeenObject> seen) {
  const auto clear = static_cast<size_t>(std::count_if(
      seen.begin(), seen.end(), [](const SeenObject& object) { return object.score > kClearScore; }));
  if (seen.empty() || 2 * clear < seen.size()) return 0;
  return clear == seen.size() ? 2 : 1;
}

int aesthetic_quality(std::span<const SeenObject> seen) {
  std::set<int> cells;
  for (const SeenObject& object : seen) cells.insert(object.object.cell);
  if (seen.empty()) return 0;
  return cells.size() == seen.size() ? 2 : 1;
}

std::string verdict(const std::string& text, const std::string* picture) {
  const auto statement = statement_in(text);
  if (picture == nullptr) return "I see no picture.";
  if (!statement) return "I do not know what the picture should show.";
  const auto seen = read_objects(images::decode_picture(
      {reinterpret_cast<const uint8_t*>(picture->data()), picture->size()}, "the judge's picture"));
  const int consistent = consistency(*statement, seen);
  if (text.find("Aesthetic Quality") == std::string::npos) return consistent == 2 ? "Score: 1" : "Score: 0";
  return detail::concat("Consistency: ", consistent, "\nRealism: ", realism(seen),
                        "\nAesthetic Quality: ", aesthetic_quality(seen));
}

}  // namespace

std::string OracleAnswerer::version() const {
  return "1";
}

std::vector<Answer> OracleAnswerer::answer(const Image& image, const std::vector<std::string>& questions) {
  if (questions.empty()) return {};
  const auto seen = read_objects(image);
  std::vector<Answer> answers;
  for (const std::string& text : questions) {
    const auto statement = find_question(text);
    answers.push_back({.text = statement && holds(*statement, seen) ? "yes" : "no"});
  }
  return answers;
}

std::string OracleJudge::version() const {
  return "1";
}

JudgeReply OracleJudge::ask(const JudgeRequest& request) {
  std::string text;
  const std::string* picture = nullptr;
  for (const JudgePart& part : request.parts) {
    text += part.text;
    if (!part.bytes.empty()) picture = &part.bytes;
  }
  return {.text = verdict(text, picture), .model = "tiny_world oracle", .finish_reason = "stop"};
}

}  // namespace umm::tiny_world
