// What was said about a picture, from its evidence: a judge's replies (evaluators/common/README.md), the
// answers to questions about it, or, of an evaluator that is not known here, its evidence as it is. Texts
// that pictures share stand in the page once. As JSON, the element "replies-<protocol>":
//   heads   of replies, each once: {"role", "status", "attempt", "model", "date", "finish", "http"}, what is
//           empty or 0 left out; {} where there is nothing but a text
//   texts   of replies, each once
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace umm::results {

// At most `bytes` of UTF-8, an ellipsis in the place of the rest.
std::string cut_text(std::string_view text, size_t bytes);

// Texts that occur often, each once.
class TextList {
 public:
  int64_t place(const std::string& text);
  const std::vector<const std::string*>& texts() const { return texts_; }
  nlohmann::json json() const;

 private:
  std::unordered_map<std::string, int64_t> places_;
  std::vector<const std::string*> texts_;  // keys of places_
};

struct Reply {
  int64_t head, text;  // places in the page's lists
};

struct ReplyLists {
  TextList heads, texts;
  nlohmann::json json(size_t most_bytes) const;  // of each text
};

// None where there is nothing to show. What a judge wrote is never taken for anything but text.
std::vector<Reply> replies_in(const nlohmann::json& evidence, const std::string& text, ReplyLists& lists);

}  // namespace umm::results
