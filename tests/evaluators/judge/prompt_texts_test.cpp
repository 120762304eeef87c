#include "judge/prompt_texts.h"

#include <gmock/gmock.h>

#include "umm/error.h"

namespace umm::judge {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// FIPS 180-4's examples.
TEST(Sha256, GivesTheStandardsExamples) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

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
           {"", "expected one JSON object with \"a\", \"b\", found broken JSON"},
           {"[]", "found array"},
           {R"({"a": "x"})", "expected a text \"b\", found none"},
           {R"({"a": "x", "b": ""})", "found an empty one"},
           {R"({"a": "x", "b": 3})", "expected \"b\" to be text, found number"},
           {R"({"a": "x", "c": "y"})", "unknown key \"c\""},
           {std::string(1'000'000, '['), "broken JSON"},
           {std::string(1'000'000, '[') + std::string(1'000'000, ']'), "found array"}}) {
    EXPECT_THAT(problem(json), StartsWith("file.json: "));
    EXPECT_THAT(problem(json), HasSubstr(expected));
  }
}

TEST(PromptTexts, OfAnotherHashAreRefused) {
  EXPECT_NO_THROW(expect_sha256("abc", sha256("abc"), "text", "file.json"));
  try {
    expect_sha256("abd", sha256("abc"), "text", "file.json");
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

}  // namespace
}  // namespace umm::judge
