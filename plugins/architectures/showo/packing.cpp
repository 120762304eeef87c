#include "packing.h"

#include <ATen/ATen.h>

#include "nn/attention.h"
#include "umm/error.h"

namespace umm::showo {
namespace {

namespace role = nn::role;
using text::TokenRow;

// Show-o's wording; the tokens between picture and question differ between its two understanding paths.
std::string question_text(Layout layout, const std::string& question) {
  return (layout == Layout::codes ? "USER: \n" : "USER: ") + question + " ASSISTANT:";
}

std::string recon_text(const std::string& instruction) {
  return "USER: \n " + instruction + " ASSISTANT:";
}

// RecA's own sequence, whatever stands in the picture's place.
bool is_reca_sequence(Layout layout) {
  return layout == Layout::embeddings || layout == Layout::words;
}

}  // namespace

Layout layout_of(const Condition& condition) {
  std::vector<SegmentKind> kinds;
  for (const auto& segment : condition.segments) kinds.push_back(segment.kind);
  using enum SegmentKind;
  if (kinds.empty() || kinds == std::vector{text}) return Layout::text;
  if (kinds == std::vector{encoded_image, text}) return Layout::embeddings;
  if (kinds == std::vector{generation_image, text}) return Layout::codes;
  if (kinds == std::vector{text, text}) return Layout::words;
  throw Error("Show-o cannot pack the condition " + describe(condition) +
              "; it packs: nothing, [text], [encoded_image, text], [generation_image, text], [text, text]");
}

Packer::Packer(const PackingConfig& config, const Vocabulary& vocabulary,
               const text::TextTokenizer& tokenizer)
    : config_(config), vocabulary_(vocabulary), tokenizer_(tokenizer) {}

// Begin mark, text, end mark, in at most `limit` tokens; what is too long loses its tail, never the end mark.
void Packer::add_text(TokenRow& row, const std::string& text, int64_t limit) const {
  std::vector<int64_t> ids = tokenizer_.encode(text);
  if (ids.empty() || ids.front() != tokenizer_.begin_id()) ids.insert(ids.begin(), tokenizer_.begin_id());
  if (static_cast<int64_t>(ids.size()) > limit - 1) ids.resize(static_cast<size_t>(limit - 1));
  ids.push_back(tokenizer_.end_id());
  row.add(ids);
}

// Tokens that all others see: those of a picture, or words in its place.
void Packer::add_shown(TokenRow& row, const Prompt& prompt, size_t sample) const {
  row.picture_begin = row.size();
  if (prompt.layout == Layout::words)
    row.add(tokenizer_.encode(prompt.contexts.at(sample)), role::kShared);
  else
    row.add(vocabulary_.pad(), role::kShared, prompt.picture_length);
}

TokenRow Packer::generation_prefix(const Prompt& prompt, size_t sample) const {
  const auto& v = vocabulary_;
  const std::string& text = prompt.texts.at(sample);
  TokenRow row;
  switch (prompt.layout) {
    case Layout::text:
      row.add(v.text_to_image());
      add_text(row, text, config_.text_length);
      return row;
    case Layout::embeddings:
    case Layout::words:
      row.add({v.understanding(), v.image_begin()});
      add_shown(row, prompt, sample);
      row.add(v.image_end());
      add_text(row, recon_text(text), config_.recon_text_length - 3);
      return row;
    case Layout::codes:
      row.add(v.understanding());
      row.add(v.image_begin(), role::kBlock);
      row.picture_begin = row.size();
      row.add(v.pad(), role::kBlock, prompt.picture_length);
      row.add(v.image_end(), role::kBlock);
      add_text(row, recon_text(text), config_.text_length);
      return row;
  }
  throw Error("Show-o: unknown layout");
}

void Packer::add_target(TokenRow& row, Layout layout) const {
  // In RecA's sequence only the target's codes see each other; its marks stay causal.
  const uint8_t marks = is_reca_sequence(layout) ? 0 : role::kFull;
  const uint8_t codes = is_reca_sequence(layout) ? role::kBlock : role::kFull;
  row.add(vocabulary_.image_begin(), marks);
  row.add(vocabulary_.mask(), codes, config_.num_image_tokens);
  row.add(vocabulary_.image_end(), marks);
}

int64_t Packer::full_prefix_length(const Prompt& prompt) const {
  switch (prompt.layout) {
    case Layout::embeddings:
    case Layout::words:
      return config_.recon_text_length + prompt.picture_length;
    case Layout::codes:
      return config_.text_length + 3 + prompt.picture_length;
    default:
      return config_.text_length + 1;
  }
}

PackedSequence Packer::pack_generation(const Prompt& prompt, int64_t prefix_length) const {
  std::vector<TokenRow> rows;
  for (size_t b = 0; b < prompt.texts.size(); ++b) rows.push_back(generation_prefix(prompt, b));
  // Padding between text and target moves the target away, so there its length is part of the layout.
  if (is_reca_sequence(prompt.layout))
    text::pad_right(rows, full_prefix_length(prompt), vocabulary_.pad());
  else
    text::pad_left(rows, prefix_length, vocabulary_.pad());
  const auto target_begin = rows.front().size();
  for (auto& row : rows) add_target(row, prompt.layout);
  return {text::pack(rows, prompt.picture_length), target_begin};
}

TokenRow Packer::question(const Prompt& prompt, size_t sample) const {
  const auto& v = vocabulary_;
  const std::string& text = prompt.texts.at(sample);
  TokenRow row;
  if (prompt.layout == Layout::text) {
    row.add(tokenizer_.begin_id());
    row.add(tokenizer_.encode(text));
    return row;
  }
  const uint8_t marks = prompt.layout == Layout::codes ? role::kShared : 0;
  row.add(v.understanding(), marks);
  if (prompt.layout == Layout::embeddings) row.add(tokenizer_.encode(config_.system_prompt));
  row.add(v.image_begin(), marks);
  add_shown(row, prompt, sample);
  row.add(v.image_end(), marks);
  if (prompt.layout == Layout::codes) row.add(tokenizer_.begin_id());
  row.add(tokenizer_.encode(question_text(prompt.layout, text)));
  return row;
}

PackedSequence Packer::pack_answers(const Prompt& prompt, const std::vector<std::string>& answers) const {
  UMM_CHECK(answers.size() == prompt.texts.size(), "Show-o: ", prompt.texts.size(), " prompts but ",
            answers.size(), " answers");
  std::vector<TokenRow> rows;
  for (size_t b = 0; b < answers.size(); ++b) {
    TokenRow row = question(prompt, b);
    row.answer_begin = row.size();
    row.add(tokenizer_.encode(" " + answers[b]));
    row.add(tokenizer_.end_id());
    rows.push_back(std::move(row));
  }
  text::pad_right(rows, 0, vocabulary_.pad());
  return {text::pack(rows, prompt.picture_length)};
}

PackedSequence Packer::pack_questions(const Prompt& prompt) const {
  std::vector<TokenRow> rows;
  for (size_t b = 0; b < prompt.texts.size(); ++b) rows.push_back(question(prompt, b));
  text::pad_left(rows, 0, vocabulary_.pad());
  return {text::pack(rows, prompt.picture_length)};
}

}  // namespace umm::showo
