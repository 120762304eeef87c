#include "../../../evaluators/geneval/record.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "umm/error.h"

namespace umm::geneval {
namespace {

using ::testing::HasSubstr;

std::string problem(const std::string& text) {
  try {
    parse_record(text, "prompts.jsonl:7");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no InputError";
}

std::string with_clause(const std::string& clause) {
  return R"({"tag": "t", "prompt": "p", "include": [{"class": "cat", "count": 1}, )" + clause + "]}";
}

TEST(ParseRecord, ReadsEveryPartOfAClause) {
  const Record record = parse_record(
      R"({"tag": "position", "prompt": "a photo", "extra": 1, "exclude": [{"class": "cow", "count": 2}],
          "include": [{"class": "cat", "count": 3},
                      {"class": "dog", "count": 1, "color": "blue", "position": ["below", 0]}]})",
      "here");
  EXPECT_EQ(record.tag, "position");
  EXPECT_EQ(record.prompt, "a photo");
  ASSERT_EQ(record.include.size(), 2U);
  EXPECT_EQ(record.include[0].label, "cat");
  EXPECT_EQ(record.include[0].count, 3U);
  EXPECT_FALSE(record.include[0].color || record.include[0].position);
  EXPECT_STREQ(kColors[record.include[1].color.value()], "blue");
  EXPECT_EQ(record.include[1].position.value().relation, Relation::below);
  EXPECT_EQ(record.include[1].position.value().target, 0U);
  ASSERT_EQ(record.exclude.size(), 1U);
  EXPECT_EQ(record.exclude[0].count, 2U);
}

TEST(ParseRecord, NamesThePlaceAndWhatWasExpected) {
  const std::map<std::string, std::string> cases = {
      {"", "broken JSON"},
      {"{\"tag\": \"t\"", "broken JSON at byte"},
      {"[]", "expected one JSON object, found []"},
      {"{}", "expected a \"tag\""},
      {"[" + std::string(1'000'000, '[') + std::string(1'000'001, ']'), "at most 64 levels of nested JSON"},
      {R"({"tag": "t", "prompt": "p", "tag": "u"})", "the key \"tag\" is twice"},
      {R"({"tag": 3})", "expected \"tag\" to be text, found 3"},
      {R"({"tag": ""})", "expected \"tag\" to be text"},
      {R"({"tag": "t"})", "expected a \"prompt\""},
      {R"({"tag": "t", "prompt": "p"})", "at least one clause"},
      {R"({"tag": "t", "prompt": "p", "include": 3})", "list of clauses, found 3"},
      {with_clause("7"), "include[1]: expected an object"},
      {with_clause(R"({"count": 1})"), "include[1]: expected a \"class\""},
      {with_clause(R"({"class": "dog"})"), "\"count\" to be a positive integer, found null"},
      {with_clause(R"({"class": "dog", "count": 0})"), "positive integer, found 0"},
      {with_clause(R"({"class": "dog", "count": -1})"), "positive integer, found -1"},
      {with_clause(R"({"class": "dog", "count": 1.5})"), "positive integer, found 1.5"},
      {with_clause(R"({"class": "dog", "count": 1, "colour": "red"})"), "unknown key \"colour\""},
      {with_clause(R"({"class": "dog", "count": 1, "color": "beige"})"), "one of red, orange"},
      {with_clause(R"({"class": "dog", "count": 1, "color": 4})"), "found 4"},
      {with_clause(R"({"class": "dog", "count": 1, "position": "left of"})"), "[relation, index"},
      {with_clause(R"({"class": "dog", "count": 1, "position": ["near", 0]})"), "above or below"},
      {with_clause(R"({"class": "dog", "count": 1, "position": ["above", 1]})"), "before clause 1"},
      {with_clause(R"({"class": "dog", "count": 1, "position": ["above", -1]})"), "before clause 1"},
      {R"({"tag": "t", "prompt": "p", "exclude": [{"class": "c", "count": 1, "color": "red"}]})",
       "exclude[0]: unknown key \"color\""},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_THAT(problem(text), HasSubstr("prompts.jsonl:7: ")) << text;
    EXPECT_THAT(problem(text), HasSubstr(expected)) << text;
  }
}

TEST(Evidence, SurvivesItsText) {
  const std::vector<Evidence> evidence = {
      {.label = "teddy bear", .score = 0.1F, .box = {0.1F, 1.0F / 3, 511.7F, 3}, .color_scores = {}},
      {.label = "dog", .score = 1, .box = {}, .color_scores = {0.1, -2.5, 1e-300}}};
  const std::vector<Evidence> read = parse_evidence(evidence_text(evidence));
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].label, "teddy bear");
  EXPECT_EQ(read[0].score, evidence[0].score);
  EXPECT_EQ(read[0].box.x1, evidence[0].box.x1);
  EXPECT_EQ(read[0].box.y1, evidence[0].box.y1);
  EXPECT_EQ(read[0].box.x2, evidence[0].box.x2);
  EXPECT_EQ(read[1].color_scores, evidence[1].color_scores);
  EXPECT_EQ(evidence_text(read), evidence_text(evidence));
  EXPECT_TRUE(parse_evidence(evidence_text({})).empty());
}

// Text in our own form is read by a path of its own: it must read what any other form of the same values
// gives.
TEST(Evidence, ReadsEveryFormOfTheSameValues) {
  std::vector<Evidence> evidence;
  for (int i = 0; i < 300; ++i) {
    const float x = std::ldexp(static_cast<float>(i * 7919 % 1013) - 300, i % 60 - 30);
    Evidence& object = evidence.emplace_back();
    object.label = i % 2 == 0 ? "dog" : "tv remote";
    if (i >= 290) object.label = i % 2 == 0 ? "caf\u00e9 \"table\"" : "back\\slash";  // beyond our own path
    object.score = static_cast<float>(i) / 7;
    object.box = {x, -x, x * 3, 1e-30F * x};
    if (i % 2 == 0) object.color_scores.assign(10, 1.0 / (i + 3));
    if (i % 10 != 0) continue;
    const std::string text = evidence_text(evidence);
    std::string spread;  // blanks behind commas: no longer our form
    for (const char c : text) spread += c == ',' ? std::string(", ") : std::string(1, c);
    const auto ours = parse_evidence(text), other = parse_evidence(spread);
    ASSERT_EQ(ours.size(), evidence.size());
    ASSERT_EQ(evidence_text(ours), text);
    ASSERT_EQ(evidence_text(other), text);
  }
}

TEST(Evidence, RefusesItsTextCutShort) {
  const std::string text =
      evidence_text({{.label = "dog", .score = 1, .box = {1, 2, 3, 4}, .color_scores = {1, 2}},
                     {.label = "cat", .score = 0.5F, .box = {}, .color_scores = {}}});
  for (size_t size = 0; size < text.size(); ++size)
    EXPECT_THROW(parse_evidence(text.substr(0, size)), Error) << size;
  EXPECT_THROW(parse_evidence(text + "}"), Error);
}

TEST(Evidence, RefusesOtherText) {
  for (const char* text : {"", "{}", "[]", R"({"detections": [{"label": "dog"}]})",
                           R"({"detections": [{"label": "dog", "score": 1, "box": [1, 2, 3]}]})"}) {
    EXPECT_THROW(parse_evidence(text), Error) << text;
  }
}

TEST(PublishedRecords, AllParse) {
  const char* folder = std::getenv("UMM_SHARED_DATA");
  const std::filesystem::path data =
      folder ? folder : std::filesystem::path(UMM_SOURCE_DIR) / "../shared/data";
  for (const char* name : {"evaluation_metadata.jsonl", "evaluation_metadata_long.jsonl"}) {
    std::ifstream file(data / "geneval" / name);
    if (!file)
      GTEST_SKIP() << (data / "geneval" / name) << " is not here; set UMM_SHARED_DATA to the benchmark data";
    std::map<std::string, int> prompts_per_tag;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      const Record record = parse_record(line, detail::concat(name, ":", number));
      ++prompts_per_tag[record.tag];
      EXPECT_EQ(record.exclude.empty(), record.tag != "counting");
    }
    const std::map<std::string, int> published = {{"single_object", 80}, {"two_object", 99},
                                                  {"counting", 80},      {"colors", 94},
                                                  {"position", 100},     {"color_attr", 100}};
    EXPECT_EQ(prompts_per_tag, published) << name;
  }
}

}  // namespace
}  // namespace umm::geneval
