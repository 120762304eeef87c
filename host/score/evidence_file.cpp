#include "score/evidence_file.h"

#include <map>
#include <set>
#include <sstream>

#include "json/checked_json.h"
#include "loader/hash.h"
#include "umm/error.h"

namespace umm {
namespace {

using Json = nlohmann::json;

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

bool has_form(const Json& line) {
  if (!line.is_object() || !line.contains("item") || !line.contains("evidence")) return false;
  return line["item"].is_string() && line["evidence"].is_object() &&
         (!line.contains("image") || line["image"].is_number_unsigned());
}

class Reader {
 public:
  Reader(const std::string& file, const Benchmark& benchmark) : file_(file), benchmark_(benchmark) {
    for (const auto& item : benchmark.items) items_[item.id] = &item;
  }

  results::EvidenceRow read(const std::string& text, int64_t number) {
    const std::string where = detail::concat(file_, ":", number);
    const Json line = parse_json(text, where);
    UMM_CHECK_INPUT(has_form(line), where,
                    ": expected {\"item\": id, \"image\": number, \"evidence\": object}, found ",
                    excerpt(line), seen_.empty() ? kPublished : "");
    const auto item = items_.find(line["item"].get<std::string>());
    UMM_CHECK_INPUT(item != items_.end(), where, ": the prompts have no item ", excerpt(line["item"]));
    const Json image = line.value("image", Json(0U));
    UMM_CHECK_INPUT(image.get<uint64_t>() < static_cast<uint64_t>(benchmark_.images_per_prompt), where,
                    ": picture ", image.dump(), " of item ", excerpt(line["item"]), ": the protocol has ",
                    benchmark_.images_per_prompt, " of each, counted from 0");
    results::EvidenceRow row{.item_id = item->first,
                             .image_index = image.get<int64_t>(),
                             .image_path = "",
                             .image_sha256 = "",
                             .evidence_json = line["evidence"].dump(),
                             .reason = ""};
    UMM_CHECK_INPUT(seen_.emplace(row.item_id, row.image_index).second, where, ": picture ", image.dump(),
                    " of item ", excerpt(line["item"]), " is there twice");
    check_evidence(*item->second, row.evidence_json, excerpt(line["evidence"]), where);
    row.image_sha256 = hash_text(row.evidence_json);  // there is no picture; what was seen stands for it
    return row;
  }

 private:
  // The rules alone know what evidence is.
  void check_evidence(const EvaluationItem& item, const std::string& evidence, const std::string& found,
                      const std::string& where) const {
    try {
      benchmark_.evaluator->score(item, evidence);
    } catch (const std::exception&) {
      throw InputError(detail::concat(where, ": expected evidence as ", benchmark_.name,
                                      " writes it (docs/score.md), found ", found));
    }
  }

  static constexpr const char* kPublished =
      "; a log that brings its own items goes without --prompts and --protocol";

  const std::string& file_;
  const Benchmark& benchmark_;
  std::map<std::string, const EvaluationItem*> items_;
  std::set<std::pair<std::string, int64_t>> seen_;
};

}  // namespace

bool is_evidence_file(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (is_blank(line)) continue;
    try {
      return has_form(parse_json(line, ""));
    } catch (const InputError&) {
      return false;
    }
  }
  return false;
}

std::vector<results::EvidenceRow> read_evidence_file(const std::string& text, const std::string& file,
                                                     const Benchmark& benchmark) {
  Reader reader(file, benchmark);
  std::vector<results::EvidenceRow> rows;
  std::istringstream lines(text);
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);)
    if (++number; !is_blank(line)) rows.push_back(reader.read(line, number));
  UMM_CHECK_INPUT(!rows.empty(), file, ": expected evidence, one JSON object for each picture, found none");
  return rows;
}

}  // namespace umm
