#include "evaluate/official_layout.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/host/train/fakes.h"
#include "train/files.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class OfficialLayoutTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) const {
    write_text_file(folder_.path() / "prompts", text);
    return folder_.path() / "prompts";
  }

  auto reading(OfficialLayout layout, const std::string& text) const {
    return [=, this] { read_official_prompts(layout, write(text)); };
  }

  // Four pictures of 2 x 2 pixels, each of one grey.
  static Tensor pictures() {
    return ((at::arange(4).view({4, 1, 1, 1}) + 0.5) / 127.5 - 1).expand({4, 3, 2, 2});
  }

  TemporaryFolder folder_;
};

TEST_F(OfficialLayoutTest, GenEval) {
  const std::string record = R"({"tag": "colors", "prompt": "a red dot"})";
  const auto items = read_official_prompts(OfficialLayout::geneval, write(record + "\n\n" + record + "\n"));
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[1].id, "00001");
  EXPECT_EQ(items[1].prompt, "a red dot");
  EXPECT_FALSE(has_pictures(OfficialLayout::geneval, folder_.path(), items[1], 4));
  write_pictures(OfficialLayout::geneval, folder_.path(), items[1], pictures());
  EXPECT_TRUE(has_pictures(OfficialLayout::geneval, folder_.path(), items[1], 4));
  EXPECT_FALSE(has_pictures(OfficialLayout::geneval, folder_.path(), items[1], 5));
  EXPECT_EQ(read_text_file(folder_.path() / "00001/metadata.jsonl"), record + "\n");
  EXPECT_EQ(read_png((folder_.path() / "00001/samples/00002.png").string()).rgb[0], 2);
}

TEST_F(OfficialLayoutTest, DpgIsAGridOfFour) {
  const auto items =
      read_official_prompts(OfficialLayout::dpg, write(R"({"b7.txt": "a dot", "a1.txt": "two"})"));
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].id, "b7") << "in the file's order";
  write_pictures(OfficialLayout::dpg, folder_.path(), items[0], pictures());
  const Image grid = read_png((folder_.path() / "b7.png").string());
  EXPECT_EQ(grid.width, 4);
  EXPECT_EQ(grid.height, 4);
  EXPECT_EQ(*grid.pixel(3, 0), 1) << "left to right";
  EXPECT_EQ(*grid.pixel(0, 3), 2) << "then down";
  EXPECT_TRUE(has_pictures(OfficialLayout::dpg, folder_.path(), items[0], 4));
}

TEST_F(OfficialLayoutTest, WiseIsOnePictureUnderItsNumber) {
  const auto items = read_official_prompts(OfficialLayout::wise,
                                           write(R"([{"prompt_id": 568, "Prompt": "ice in the sun"}])"));
  ASSERT_EQ(items.size(), 1U);
  write_pictures(OfficialLayout::wise, folder_.path(), items[0], pictures().narrow(0, 3, 1));
  EXPECT_EQ(read_png((folder_.path() / "568.png").string()).rgb[0], 3);
}

TEST_F(OfficialLayoutTest, SaysWhatIsWrong) {
  EXPECT_THAT(reading(OfficialLayout::geneval, "{\"prompt\": \"a\"}\n[1]"),
              ThrowsMessage<InputError>(HasSubstr("prompts:2: expected an object with the text \"prompt\"")));
  EXPECT_THAT(reading(OfficialLayout::dpg, "{"), ThrowsMessage<InputError>(HasSubstr("is not JSON")));
  EXPECT_THAT(reading(OfficialLayout::dpg, R"({"a.txt": 7})"),
              ThrowsMessage<InputError>(HasSubstr("\"a.txt\": expected text, found 7")));
  EXPECT_THAT(reading(OfficialLayout::dpg, R"({"../a.txt": "x"})"),
              ThrowsMessage<InputError>(HasSubstr("cannot be a file's name")));
  EXPECT_THAT(reading(OfficialLayout::dpg, R"({"a.txt": "x", "a.md": "y"})"),
              ThrowsMessage<InputError>(HasSubstr("two prompts are called \"a\"")));
  EXPECT_THAT(reading(OfficialLayout::wise, R"([{"Prompt": "x"}])"),
              ThrowsMessage<InputError>(HasSubstr("entry 1: expected the integer \"prompt_id\"")));
  EXPECT_THAT(reading(OfficialLayout::wise, "[]"), ThrowsMessage<InputError>(HasSubstr("holds no prompt")));
  EXPECT_THAT([] { official_layout("dgp"); }, ThrowsMessage<InputError>(HasSubstr("no layout \"dgp\"")));
  EXPECT_THROW(check_images_per_prompt(OfficialLayout::dpg, 3), InputError);
  EXPECT_THROW(check_images_per_prompt(OfficialLayout::wise, 4), InputError);
  EXPECT_NO_THROW(check_images_per_prompt(OfficialLayout::geneval, 12));
}

// The published files, where they lie beside the checkout.
TEST_F(OfficialLayoutTest, ReadsThePublishedFiles) {
  const char* named = std::getenv("UMM_SHARED_DATA");
  const auto data = std::filesystem::path(named ? named : UMM_SOURCE_DIR "/../shared/data");
  if (!std::filesystem::exists(data))
    GTEST_SKIP() << data << " is not here; set UMM_SHARED_DATA to the benchmark data";
  EXPECT_EQ(read_official_prompts(OfficialLayout::geneval, data / "geneval/evaluation_metadata.jsonl").size(),
            553U);
  EXPECT_EQ(read_official_prompts(OfficialLayout::dpg, data / "dpg/prompts.json").size(), 1065U);
  EXPECT_EQ(read_official_prompts(OfficialLayout::wise, data / "wise/merge.json").size(), 1000U);
}

}  // namespace
}  // namespace umm::testing
