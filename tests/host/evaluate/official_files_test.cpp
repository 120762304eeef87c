#include "evaluate/official_files.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "tests/host/train/fakes.h"
#include "train/files.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Where its pictures lie is what the test says.
class Layout : public Evaluator {
 public:
  using Place = std::function<OfficialPicture(const std::string& id, int64_t image, int64_t images)>;
  explicit Layout(Place place) : place_(std::move(place)) {}

  std::string version() const override { return "1"; }
  std::vector<EvaluationItem> items() const override { return {}; }
  std::string collect(const EvaluationItem&, const PictureFile&, const EvidenceProviders&) const override {
    return "";
  }
  ItemScore score(const EvaluationItem&, const std::string&) const override { return {}; }
  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>&) const override { return {}; }
  OfficialPicture official_picture(const EvaluationItem& item, int64_t image, int64_t images) const override {
    return place_ ? place_(item.id, image, images) : Evaluator::official_picture(item, image, images);
  }

 private:
  Place place_;
};

OfficialPicture folders(const std::string& id, int64_t image, int64_t) {
  return {.stem = id + "/samples/" + std::to_string(image)};
}

OfficialPicture grids(const std::string& id, int64_t image, int64_t images) {
  return images == 1 ? OfficialPicture{.stem = id} : OfficialPicture{.stem = id, .grid = 2, .cell = image};
}

Benchmark benchmark(const Layout::Place& place, int64_t images) {
  Benchmark made;
  made.name = "evaluator `x`";
  made.evaluator = std::make_unique<Layout>(place);
  made.items = {{.id = "7", .metadata = "{}"}, {.id = "a"}};
  made.images_per_prompt = images;
  return made;
}

class OfficialFilesTest : public ::testing::Test {
 protected:
  // Pictures of 2 x 2 pixels, each of one grey: 0, 1, ...
  static Tensor pictures(int64_t number) {
    return ((at::arange(number).view({number, 1, 1, 1}) + 0.5) / 127.5 - 1).expand({number, 3, 2, 2});
  }
  Image file(const std::string& name) const { return read_png((folder_.path() / name).string()); }

  TemporaryFolder folder_;
};

TEST_F(OfficialFilesTest, AFolderOfThePromptHasItsRecord) {
  const Benchmark made = benchmark(folders, 4);
  EXPECT_FALSE(has_official_files(made, folder_.path(), made.items[0]));
  write_official_files(made, folder_.path(), made.items[0], pictures(4));
  EXPECT_TRUE(has_official_files(made, folder_.path(), made.items[0]));
  EXPECT_FALSE(has_official_files(made, folder_.path(), made.items[1]));
  EXPECT_FALSE(has_official_files(benchmark(folders, 5), folder_.path(), made.items[0]));
  EXPECT_EQ(read_file(folder_.path() / "7/metadata.jsonl"), "{}\n");
  EXPECT_EQ(file("7/samples/2.png").rgb[0], 2);
}

TEST_F(OfficialFilesTest, AGridIsOneFile) {
  const Benchmark made = benchmark(grids, 3);
  write_official_files(made, folder_.path(), made.items[1], pictures(3));
  const Image grid = file("a.png");
  EXPECT_EQ(grid.width, 4);
  EXPECT_EQ(grid.height, 4);
  EXPECT_EQ(*grid.pixel(3, 0), 1) << "left to right";
  EXPECT_EQ(*grid.pixel(0, 3), 2) << "then down";
  EXPECT_EQ(*grid.pixel(3, 3), 0) << "black where there is none";
  EXPECT_TRUE(has_official_files(made, folder_.path(), made.items[1]));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "a"));
}

TEST_F(OfficialFilesTest, OneOrAsManyAsThereArePlacesFor) {
  EXPECT_EQ(usual_images_per_prompt(benchmark(folders, 1)), 4);
  EXPECT_EQ(usual_images_per_prompt(benchmark(grids, 1)), 4);
  const Benchmark one = benchmark(nullptr, 1), several = benchmark(nullptr, 4);
  EXPECT_EQ(usual_images_per_prompt(one), 1);
  EXPECT_NO_THROW(check_can_be_drawn(one));
  EXPECT_THAT(
      [&] { check_can_be_drawn(several); },
      ThrowsMessage<InputError>(HasSubstr("`x`: its layout has a place for one picture of each prompt, "
                                          "found 4: say --images 1")));
  write_official_files(one, folder_.path(), one.items[1], pictures(1));
  EXPECT_EQ(file("a.png").width, 2);
}

TEST_F(OfficialFilesTest, SaysWhatCannotBeDrawn) {
  const auto drawing = [](const EvaluationItem& item) {
    return [item] {
      Benchmark made = benchmark(folders, 4);
      made.items.push_back(item);
      check_can_be_drawn(made);
    };
  };
  EXPECT_THAT(drawing({.id = "b", .source_picture = "in/b.png"}),
              ThrowsMessage<InputError>(HasSubstr("`x`: item b asks for an edit of in/b.png")));
  for (const char* id : {"", ".", "..", "../b", "b.jpg"})
    EXPECT_THAT(drawing({.id = id}), ThrowsMessage<InputError>(HasSubstr("a name that a folder can have")))
        << id;
}

}  // namespace
}  // namespace umm::testing
