// `ummbench score dpg`: pictures of dense prompts in the official layouts, read by the tiny world's oracle.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "dense_prompts.h"
#include "program.h"
#include "renderer.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr int64_t kSide = 32;
constexpr int64_t kPrompts = 6;
constexpr const char* kBenchmark =
    "dpg --prompts tiny_world_dpg --set prompt_options.prompts=6 --oracle --images-per-prompt 4 ";

// Four pictures of each prompt: right ones, but for the very first, which is empty.
class ScoreDpgTest : public ProgramTest {
 protected:
  using Pictures = std::vector<Image>;

  void SetUp() override {
    ProgramTest::SetUp();
    fs::create_directories(folder_ / "grids");
    fs::create_directories(folder_ / "singles");
    for (const auto& prompt : tiny_world::make_dense_prompts(0, kPrompts)) {
      const std::string id = Json::parse(prompt.record)["item_id"];
      Pictures pictures(4, tiny_world::render(prompt.scene, kSide));
      if (ids_.empty()) pictures[0] = tiny_world::render({}, kSide);
      ids_.push_back(id);
      write_png((folder_ / "grids" / (id + ".png")).string(), grid_of(pictures));
      for (size_t i = 0; i < pictures.size(); ++i)
        write_png((folder_ / "singles" / (id + "_" + std::to_string(i) + ".png")).string(), pictures[i]);
    }
  }

  static Image grid_of(const Pictures& pictures) {
    Image grid = make_image(2 * kSide, 2 * kSide);
    for (int64_t cell = 0; cell < 4; ++cell)
      for (int64_t y = 0; y < kSide; ++y)
        std::copy_n(pictures[static_cast<size_t>(cell)].pixel(0, y), kSide * 3,
                    grid.pixel(cell % 2 * kSide, cell / 2 * kSide + y));
    return grid;
  }

  Json scored(const std::string& arguments, int exit_code = 0) const {
    const Finished finished = run("score " + std::string(kBenchmark) + arguments + " --json");
    EXPECT_EQ(finished.exit_code, exit_code) << finished.err;
    return Json::parse(finished.out)["rows"][0];
  }

  static Json named(const Json& row, const std::string& name) {
    for (const auto& score : row["scores"])
      if (score["name"] == name) return score;
    ADD_FAILURE() << "no score " << name << " in " << row["scores"];
    return {};
  }

  std::vector<std::string> ids_;
};

TEST_F(ScoreDpgTest, GridsAreCutAndEveryPictureIsAskedAbout) {
  const Json row = scored("--images grids --label theirs");
  EXPECT_FALSE(row["partial"]);
  EXPECT_EQ(row["asked"], 4 * kPrompts);
  EXPECT_DOUBLE_EQ(named(row, "overall")["value"], 23.0 / 24) << "all but the empty picture";
  EXPECT_EQ(row["scores"].back()["name"], "overall");
  for (const char* name : {"entity", "attribute", "relation", "category: attribute - color"}) {
    EXPECT_GT(named(row, name)["value"], 0.9) << name;
    EXPECT_LT(named(row, name)["value"], 1) << name;
  }
  const std::string database = "runs/external/results.sqlite";
  const Json wrong =
      Json::parse(run("db query " + database +
                      " --format json \"SELECT item_id, image_index, reason FROM evidence JOIN item "
                      "ON item.id = item_row_id WHERE evidence.score < 1\"")
                      .out);
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0]["item_id"], ids_[0]);
  EXPECT_EQ(wrong[0]["image_index"], 0) << "left above";
  EXPECT_THAT(wrong[0]["reason"].get<std::string>(), HasSubstr("no: Is there a"));
  EXPECT_EQ(run("rescore " + database).exit_code, 0);
  const Finished table = run("table " + database);
  EXPECT_THAT(table.out, HasSubstr("theirs"));
  EXPECT_THAT(table.out, HasSubstr("0.958"));
}

TEST_F(ScoreDpgTest, SinglePicturesScoreTheSame) {
  const Json grids = scored("--images grids"), singles = scored("--images singles --set layout=single");
  EXPECT_EQ(grids["scores"], singles["scores"]);
  EXPECT_NE(grids["protocol_hash"], singles["protocol_hash"]);
}

TEST_F(ScoreDpgTest, AMissingGridMakesTheScorePartial) {
  fs::remove(folder_ / "grids" / (ids_[1] + ".png"));
  const Json row = scored("--images grids", 1);
  EXPECT_TRUE(row["partial"]);
  EXPECT_EQ(row["unscored"], 4);
  EXPECT_EQ(row["missing"], Json({"grids/" + ids_[1] + ".png"})) << "one file, told once";
  EXPECT_DOUBLE_EQ(named(row, "overall")["value"], 19.0 / 20) << "of those that are there";
}

}  // namespace
}  // namespace umm::testing
