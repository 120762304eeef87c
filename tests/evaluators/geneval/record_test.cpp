#include "../../../evaluators/geneval/record.h"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <sstream>

#include "../problem.h"
#include "../published_data.h"
#include "umm/sha256.h"

namespace umm::geneval {
namespace {

using ::testing::HasSubstr;

std::string problem(const std::string& text) {
  return testing::problem([&] { parse_record(text, "prompts.jsonl:7"); });
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

// They would be stored as null, which nobody reads.
TEST(Evidence, RefusesWhatIsNoFloat) {
  const std::string largest = "3.4028234663852886e+38";
  for (const char* form : {R"({"detections":[{"box":[1.0,2.0,3.0,X],"label":"dog","score":0.5}]})",
                           R"({"detections":[{"box":[1.0,2.0,3.0,4.0],"label":"dog","score":X}]})",
                           R"({"detections": [{"label": "dog", "score": 1, "box": [1, 2, 3, X]}]})",
                           R"({"detections": [{"label": "dog", "score": X, "box": [1, 2, 3, 4]}]})"}) {
    const auto with = [&](const std::string& number) {
      std::string text = form;
      return text.replace(text.find('X'), 1, number);
    };
    const std::string written = evidence_text(parse_evidence(with(largest)));
    EXPECT_EQ(evidence_text(parse_evidence(written)), written);
    for (const char* number : {"1e39", "-1e39", "1e999", "null"})
      EXPECT_THROW(parse_evidence(with(number)), Error) << with(number);
  }
}

TEST(Evidence, RefusesOtherText) {
  for (const char* text : {"", "{}", "[]", R"({"detections": [{"label": "dog"}]})",
                           R"({"detections": [{"label": "dog", "score": 1, "box": [1, 2, 3]}]})"}) {
    EXPECT_THROW(parse_evidence(text), Error) << text;
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

const std::map<std::string, std::pair<Published, std::string>> kPublished = {
    {"geneval/evaluation_metadata.jsonl",
     {Published::plain, "5c48e0813e812e3c373fa5c8ed07a8f0a483be30272b4427b0559c8048e67c13"}},
    {"geneval/evaluation_metadata_long.jsonl",
     {Published::rewritten, "09472cc9c24e225417b1d5df27e688e5f2a0fcac9ec772f33d9debe4e5d49f27"}}};

TEST(PublishedRecords, AllParse) {
  for (const auto& [name, which] : kPublished) {
    const auto file = testing::published_file(name);
    UMM_SKIP_WITHOUT(file, name);
    std::map<std::string, int> prompts_per_tag;
    for (const std::string& line : lines_of(*file)) {
      const Record record = parse_record(line, name);
      ++prompts_per_tag[record.tag];
      EXPECT_EQ(record.exclude.empty(), record.tag != "counting");
    }
    const std::map<std::string, int> published = {{"single_object", 80}, {"two_object", 99},
                                                  {"counting", 80},      {"colors", 94},
                                                  {"position", 100},     {"color_attr", 100}};
    EXPECT_EQ(prompts_per_tag, published) << name;
  }
}

TEST(PublishedRecords, AreKnownHoweverTheyAreWritten) {
  for (const auto& [name, which] : kPublished) {
    const auto file = testing::published_file(name);
    UMM_SKIP_WITHOUT(file, name);
    EXPECT_EQ(sha256(*file), which.second) << "not the file that was published";
    std::vector<std::string> records = lines_of(*file);
    const auto told = [&](Published published) {
      return testing::problem([&] { expect_published(records, published, "p.jsonl"); });
    };
    EXPECT_EQ(told(which.first), "no InputError");
    EXPECT_THAT(told(which.first == Published::plain ? Published::rewritten : Published::plain),
                HasSubstr("prompts as published, found 553 that are not just these"));
    std::swap(records[0], records[1]);
    EXPECT_THAT(told(which.first), HasSubstr("as published")) << "the line is the prompt's number";
  }
}

}  // namespace
}  // namespace umm::geneval
