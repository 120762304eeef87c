#include "prompt_texts.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "umm/error.h"

namespace umm::evaluators {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(PromptTexts, AreReadByTheirKeys) {
  const auto texts = read_texts(R"({"b": "two\nlines", "a": "one"})", {"a", "b"}, "file.json");
  EXPECT_EQ(texts.at("a"), "one");
  EXPECT_EQ(texts.at("b"), "two\nlines");
}

TEST(PromptTexts, NameThePlaceAndWhatWasExpected) {
  const auto problem = [](const std::string& json) -> std::string {
    try {
      read_texts(json, {"a", "b"}, "file.json");
    } catch (const InputError& error) {
      return error.what();
    }
    return "no InputError";
  };
  for (const auto& [json, expected] : std::vector<std::pair<std::string, std::string>>{
           {"", "expected one JSON object, found broken JSON"},
           {"[]", "found array"},
           {R"({"a": "x"})", "expected a \"b\", found none"},
           {R"({"a": "x", "b": ""})", "expected \"b\" to be text, found \"\""},
           {R"({"a": "x", "b": 3})", "expected \"b\" to be text, found 3"},
           {R"({"a": "x", "c": "y"})", "unknown key \"c\""},
           {std::string(1'000'000, '['), "levels of nested JSON"}}) {
    EXPECT_THAT(problem(json), StartsWith("file.json: "));
    EXPECT_THAT(problem(json), HasSubstr(expected));
  }
}

TEST(PromptTexts, OfAnotherHashAreRefused) {
  const std::string published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_NO_THROW(expect_sha256("abc", published, "text", "file.json"));
  try {
    expect_sha256("abd", published, "text", "file.json");
    FAIL() << "took another text";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("file.json: expected the published text (SHA-256 ba7816bf"));
  }
}

TEST(PromptTexts, ValuesAreNotFilledInAgain) {
  EXPECT_EQ(with_values("<a> and <b>, <a>", {{"<a>", "<b>"}, {"<b>", "<a>"}}), "<b> and <a>, <b>");
  EXPECT_EQ(with_values("nothing", {{"<a>", "x"}}), "nothing");
  EXPECT_EQ(with_values("<a>", {{"<a>", ""}}), "");
}

TEST(PromptTexts, WithoutAPlaceForTheItemAreRefused) {
  EXPECT_NO_THROW(expect_placeholder("do <it>", "<it>", "SC", "file.json"));
  EXPECT_THROW(expect_placeholder("do it", "<it>", "SC", "file.json"), InputError);
}

using Texts = std::map<std::string, std::string>;

ChosenPrompts<Texts> chosen(const std::string& file, bool published = false) {
  return {file, published, Texts{{"a", "own"}},
          [](const std::string& json, const std::string& where) { return read_texts(json, {"a"}, where); }};
}

// Who scores stored replies again need not have the file; who asks a judge must.
TEST(ChosenPrompts, AreReadAtOnceAndMissedOnlyByWhoAsks) {
  EXPECT_EQ(chosen("").get().at("a"), "own");
  EXPECT_THROW(chosen("", /*published=*/true), InputError);
  const auto gone = chosen("nowhere/prompts.json");
  EXPECT_THROW(gone.get(), InputError);
  const std::string file = ::testing::TempDir() + "umm_prompts_" + std::to_string(getpid()) + ".json";
  std::ofstream(file) << R"({"a": "theirs"})";
  EXPECT_EQ(chosen(file).get().at("a"), "theirs");
  std::ofstream(file) << "{";
  EXPECT_THROW(chosen(file), InputError);
  std::remove(file.c_str());
}

}  // namespace
}  // namespace umm::evaluators
