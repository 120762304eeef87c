#include "image/caption.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "text/unicode.h"
#include "umm/error.h"

namespace umm::image {
namespace {

constexpr const char* kSpace = " \t\r\n";

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(kSpace) + 1 - first);
}

}  // namespace

OptionSchema& CaptionReader::declare(OptionSchema& schema) {
  return schema.text("caption_key", "caption", "key of the caption in a JSON object beside a picture")
      .choice("without_caption", "empty", {"empty", "name", "refuse"},
              "a picture without caption: leave it empty, take the picture's name, or refuse the data")
      .text("question", "",
            "what is asked about every picture, with the caption as the answer; empty: nothing");
}

CaptionReader::CaptionReader(const Options& options)
    : key_(options.text("caption_key")),
      without_caption_(options.text("without_caption")),
      question_(options.text("question")) {}

std::string CaptionReader::in_text(std::string bytes, const std::string& place) const {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);  // the mark that some editors begin UTF-8 with
  UMM_CHECK_INPUT(text::well_formed(bytes) == bytes, place,
                  ": expected a caption in UTF-8, found other bytes; convert it, e.g. with iconv -t UTF-8");
  return trimmed(bytes);
}

std::string CaptionReader::in_json(const std::string& bytes, const std::string& place) const {
  const auto json = nlohmann::json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(json.is_object(), place, ": expected a JSON object with a caption, found ",
                  json.is_discarded() ? "no JSON" : json.type_name());
  const auto found = json.find(key_);
  if (found == json.end()) {
    std::string keys;
    for (const auto& [key, value] : json.items()) keys += (keys.empty() ? "`" : ", `") + key + "`";
    throw InputError(detail::concat(place, ": expected a caption under the key `", key_, "`, found ",
                                    keys.empty() ? "no key" : keys, "; set caption_key"));
  }
  if (found->is_null()) return "";
  UMM_CHECK_INPUT(found->is_string(), place, ": `", key_, "` must be text, found ", found->type_name());
  return trimmed(found->get<std::string>());
}

void CaptionReader::expect_none_needed(const std::string& place) const {
  UMM_CHECK_INPUT(without_caption_ != "refuse", place,
                  ": a picture without caption; write one, or set without_caption to \"empty\" or \"name\"");
}

void CaptionReader::fill(Sample& sample, std::string caption, const std::string& name,
                         const std::string& place) const {
  if (caption.empty()) {
    expect_none_needed(place);
    if (without_caption_ == "name") {
      caption = name;
      std::replace_if(
          caption.begin(), caption.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
    }
  }
  sample.question = question_;
  if (!question_.empty()) sample.answer = caption;
  sample.caption = std::move(caption);
}

}  // namespace umm::image
