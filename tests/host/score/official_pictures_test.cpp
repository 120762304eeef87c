#include "score/official_pictures.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/host/train/fakes.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// `place` with "#" for the item's id.
class Placing : public Evaluator {
 public:
  explicit Placing(std::string place) : place_(std::move(place)) {}
  std::string version() const override { return "1"; }
  std::vector<EvaluationItem> items() const override { return {}; }
  std::string collect(const EvaluationItem&, const PictureFile&, const EvidenceProviders&) const override {
    return "{}";
  }
  ItemScore score(const EvaluationItem&, const std::string&) const override { return {}; }
  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>&) const override { return {}; }
  OfficialPicture official_picture(const EvaluationItem& item, int64_t, int64_t) const override {
    std::string stem = place_;
    return {.stem = stem.replace(stem.find('#'), 1, item.id)};
  }

 private:
  std::string place_;
};

class OfficialPicturesTest : public ::testing::Test {
 protected:
  Benchmark benchmark(const std::string& place, const std::vector<std::string>& ids) const {
    Benchmark benchmark;
    benchmark.evaluator = std::make_unique<Placing>(place);
    for (const auto& id : ids) benchmark.items.push_back({.id = id});
    return benchmark;
  }

  fs::path make(const std::string& name) const {
    const fs::path file = folder_.path() / "pictures" / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << name;
    return file;
  }

  OfficialPictures find(const Benchmark& benchmark) const {
    return find_official_pictures(benchmark, folder_.path() / "pictures", folder_.path() / "runs/out");
  }

  TemporaryFolder folder_;
};

TEST_F(OfficialPicturesTest, NumbersMayHaveOtherLeadingZeros) {
  make("31/samples/0.png");
  make("007/samples/00000.jpg");
  const auto pictures = find(benchmark("#/samples/00000", {"00031", "00007", "00008"}));
  ASSERT_EQ(pictures.found.size(), 2u);
  EXPECT_EQ(pictures.found[0].stored_path, "../../pictures/31/samples/0.png");
  EXPECT_THAT(pictures.missing, ElementsAre((folder_.path() / "pictures/00008/samples/00000.png").string()));
}

TEST_F(OfficialPicturesTest, TwoFilesMatterWhereAPromptAsksForThem) {
  make("a.png");
  make("b.png");
  make("b.jpg");
  EXPECT_EQ(find(benchmark("#", {"a"})).found.size(), 1u);
  try {
    find(benchmark("#", {"a", "b"}));
    FAIL() << "one of two was taken";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("two files are one picture"));
  }
}

TEST_F(OfficialPicturesTest, OneFileIsThePictureOfOnePrompt) {
  make("7.png");
  EXPECT_EQ(find(benchmark("#", {"7", "8"})).found.size(), 1u);
  try {
    find(benchmark("#", {"7", "8", "07"}));
    FAIL() << "one picture was scored for two prompts";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("7.png: would be the picture of two prompts, \"7\" and \"07\""));
  }
}

TEST_F(OfficialPicturesTest, LinkedFoldersAreFollowedAndLoopsAreNot) {
  const fs::path there = folder_.path() / "elsewhere/samples";
  fs::create_directories(there);
  std::ofstream(there / "0.png") << "a picture";
  make("1/samples/0.png");
  fs::create_directory_symlink(there.parent_path(), folder_.path() / "pictures/0");
  fs::create_directory_symlink(folder_.path() / "pictures", there / "back");
  fs::create_symlink("nowhere.png", folder_.path() / "pictures/1/samples/1.png");
  const auto pictures = find(benchmark("#/samples/0", {"0", "1", "2"}));
  EXPECT_EQ(pictures.found.size(), 2u);
  EXPECT_EQ(pictures.missing.size(), 1u);
}

TEST_F(OfficialPicturesTest, WhatLayoutsHaveBesideThePicturesIsNotExtra) {
  make("00000/samples/00000.png");
  make("00000/grid.png");
  make("00009/grid.png");
  make("00009/samples/00000.png");
  make("more.png");
  const auto in = [&](const std::string& name) { return (folder_.path() / "pictures" / name).string(); };
  EXPECT_THAT(find(benchmark("#/samples/00000", {"00000"})).extra,
              ElementsAre(in("00009/grid.png"), in("00009/samples/00000.png"), in("more.png")));
}

TEST_F(OfficialPicturesTest, NorAreSourcesAndAnotherLanguage) {
  make("fullset/color/en/aa.png");
  make("fullset/color/en/aa_SRCIMG.png");
  make("fullset/color/cn/bb.png");
  EXPECT_THAT(find(benchmark("fullset/color/en/#", {"aa"})).extra, IsEmpty());
  make("fullset/color/en/aa_1.png");
  make("fullset/color/en/cc_SRCIMG.png");
  EXPECT_EQ(find(benchmark("fullset/color/en/#", {"aa"})).extra.size(), 2u);
}

}  // namespace
}  // namespace umm::testing
