// What benchmarks keep, and what others published: the first letter says which reader the rest goes to. It
// must come through whole, scores in range, or be refused.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "dpg/evidence.h"
#include "dpg/questions.h"
#include "dpg/rules.h"
#include "gedit/published_judgements.h"
#include "gedit/record.h"
#include "gedit/rules.h"
#include "geneval/agreement.h"
#include "geneval/published_results.h"
#include "geneval/record.h"
#include "imgedit/rules.h"
#include "umm/error.h"
#include "wise/record.h"
#include "wise/rules.h"

namespace umm {
namespace {

using evaluators::kSingleRole;

void expect(bool condition) {
  if (!condition) std::abort();
}

void expect_in(const ItemScore& score, double largest) {
  const bool is_scored = score.status == ScoreStatus::scored;
  expect(is_scored ? score.value >= 0 && score.value <= largest : score.value == 0 && !score.reason.empty());
}

evaluators::JudgeEvidence judge_evidence(const std::string& text, const std::vector<std::string>& roles) {
  const auto evidence = evaluators::parse_judge_evidence(text, roles);
  const std::string written = evaluators::evidence_text(evidence);
  expect(evaluators::evidence_text(evaluators::parse_judge_evidence(written, roles)) == written);
  return evidence;
}

void read_gedit(const std::string& text) {
  expect_in(gedit::score(judge_evidence(text, gedit::kRoles)), HUGE_VAL);
}

void read_single(const std::string& text) {
  const auto evidence = judge_evidence(text, {kSingleRole});
  expect_in(imgedit::score(evidence, {}, "add"), 1e9);
  expect_in(imgedit::score(evidence, {.parser = imgedit::Parser::strict3}, "add"), 5);
  expect_in(wise::score(evidence, wise::Generation::legacy), 1);
  expect_in(wise::score(evidence, wise::Generation::verified), 1);
}

void read_judgements(const std::string& text) {
  for (const EvidenceLog& log : gedit::read_judgements(text, "fuzzed")) {
    expect(log.items.size() == log.evidence.size());
    for (const std::string& evidence : log.evidence)
      gedit::score(evaluators::parse_judge_evidence(evidence, gedit::kRoles));
  }
}

void read_ratings(const std::string& text) {
  for (const HumanRating& rating : gedit::read_rating_table(text, "fuzzed"))
    for (const auto& [name, value] : rating.components) expect(value >= 0 && value <= 1);
}

// What a reader took must be written so that it takes it again.
void expect_whole(const std::vector<geneval::Evidence>& evidence) {
  const std::string written = geneval::evidence_text(evidence);
  try {
    expect(geneval::evidence_text(geneval::parse_evidence(written)) == written);
  } catch (const Error&) {
    std::abort();
  }
}

void read_geneval_evidence(const std::string& text) {
  expect_whole(geneval::parse_evidence(text));
  geneval::published_verdict(text);
}

void read_geneval_results(const std::string& text) {
  const EvidenceLog log = geneval::read_results(text, "fuzzed", {}, std::nullopt);
  expect(log.items.size() == log.evidence.size());
  try {
    for (size_t i = 0; i < log.items.size(); ++i) {
      if (log.evidence[i].empty()) continue;  // of a prompt that the file lacks
      const auto record = geneval::parse_record(log.items[i].metadata, "stored");
      const auto detections = geneval::parse_evidence(log.evidence[i]);
      expect_whole(detections);
      const auto verdict = geneval::published_verdict(log.evidence[i]);
      expect(verdict && geneval::judge(record, detections, *verdict, {}).correct == verdict->correct);
    }
  } catch (const Error&) {
    std::abort();
  }
}

void read_geneval_record(const std::string& text) {
  const geneval::Record record = geneval::parse_record(text, "fuzzed");
  for (size_t i = 0; i < record.include.size(); ++i) {
    const auto& position = record.include[i].position;
    expect(!position || position->target < i);
  }
}

void read_wise(const std::string& text) {
  for (const auto generation : {wise::Generation::legacy, wise::Generation::verified}) try {
      for (const wise::Record& record : wise::parse_records(text, generation, "fuzzed"))
        expect(wise::parse_record(record.text, generation, "again").prompt_id == record.prompt_id);
    } catch (const InputError&) {
    }
}

void read_dpg(const std::string& text) {
  static const dpg::Item item = dpg::read_json_lines(
      R"-({"item_id": "car", "text": "A red car", "questions": [{"proposition_id": 1, "dependency": [0], )-"
      R"-("tuple": "entity - whole (car)", "question": "Is there a car?"}, {"proposition_id": 2, )-"
      R"-("dependency": [1], "tuple": "attribute - color (car, red)", "question": "Is it red?"}]})-",
      "own", dpg::Variant::fixed)[0];
  const dpg::YesAnswers yes = dpg::yes_answers(item, text);
  expect(yes.size() == item.questions.size());
  const auto score = dpg::picture_score(item, yes, dpg::Variant::fixed);
  expect(score && *score >= 0 && *score <= 1);
}

void read(char reader, const std::string& text) {
  switch (reader) {
    case 'g':
      return read_gedit(text);
    case 's':
      return read_single(text);
    case 'j':
      return read_judgements(text);
    case 'r':
      return read_ratings(text);
    case 'i':
      return static_cast<void>(gedit::parse_record(text, "fuzzed"));
    case 'e':
      return read_geneval_evidence(text);
    case 'v':
      return read_geneval_results(text);
    case 'p':
      return read_geneval_record(text);
    case 'a':
      return static_cast<void>(geneval::read_annotations(text, "fuzzed"));
    case 'w':
      return read_wise(text);
    default:
      return read_dpg(text);
  }
}

}  // namespace
}  // namespace umm

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  try {
    umm::read(static_cast<char>(data[0]), std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  } catch (const umm::Error&) {
  }
  return 0;
}
