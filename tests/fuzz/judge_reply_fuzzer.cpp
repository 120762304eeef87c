// A judge's reply, to every parser of one. None may fail; what one finds must hold together, and a reply must
// survive as evidence.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gedit/reply_parser.h"
#include "gedit/rules.h"
#include "wise/reply_parser.h"
#include "wise/rules.h"

namespace {

using namespace umm;
using evaluators::JudgeEvidence;
using evaluators::kSingleRole;

void expect(bool condition) {
  if (!condition) std::abort();
}

void check_gedit(std::string_view text) {
  const gedit::ParsedReply reply = gedit::parse_reply(text);
  expect((reply.found == gedit::Found::scores) == !reply.scores.empty());
  expect((reply.found == gedit::Found::scores) == reply.reason.empty());
  for (const double score : reply.scores) expect(std::isfinite(score));
  const evaluators::StoredReply stored = {.reply = {.text = std::string(text)}};
  const ItemScore picture = gedit::score({{"SC", {stored}}, {"PQ", {stored}}});
  expect(picture.status == ScoreStatus::scored ? picture.value >= 0 : picture.value == 0);
}

void check_wise(std::string_view text) {
  for (const auto dialect : {wise::Dialect::upstream, wise::Dialect::reca}) {
    const wise::ThreeScores scores = wise::parse_three_scores(text, dialect);
    for (const auto& score : {scores.consistency, scores.realism, scores.aesthetic_quality})
      expect(!score || (*score >= 0 && *score <= 9));
  }
  const std::string clean = wise::without_thoughts(text);
  expect(clean.size() <= text.size());
  const auto binary = wise::parse_binary_score(clean);
  expect(!binary || *binary == 0 || *binary == 1);
  const JudgeEvidence evidence = {{kSingleRole, {{.reply = {.text = std::string(text)}}}}};
  for (const auto generation : {wise::Generation::legacy, wise::Generation::verified}) {
    const ItemScore picture = wise::score(evidence, generation);
    expect(picture.status == ScoreStatus::scored ? picture.value >= 0 && picture.value <= 1
                                                 : picture.value == 0);
  }
  const std::string written = evaluators::evidence_text(evidence);
  expect(evaluators::evidence_text(evaluators::parse_judge_evidence(written, {kSingleRole})) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_gedit(text);
  check_wise(text);
  return 0;
}
