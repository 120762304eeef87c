// A spec as a sweep kept it, read again where its files lie elsewhere.
#include "spec/elsewhere.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "spec/files.h"
#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kProtocol = R"(schema = 1
[protocol]
prompts = "world"
detector = "oracle"
images_per_prompt = 2
[protocol.evaluator]
use = "geneval"
)";

const std::string kChild = R"(schema = 1
extends = "../base.toml"
# ---- no file ----
[plugins]
path = ["plugins"]
[report]
tables = ["tables/t.toml"]
[base.architecture]
vocabulary = "../words.txt"
[eval.geneval]
protocol = "geneval/two"
)";

class ElsewhereTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("base.toml", kMinimal);
    folder_.write("deep/sweep.toml", kChild);
    folder_.write("words.txt", "red\nblue\n");
    folder_.write("deep/tables/t.toml", "");
    folder_.write("deep/plugins/none", "");
    folder_.write("protocols/geneval/two.toml", kProtocol);
    written_ = read(nullptr);
  }

  Experiment read(const spec::Elsewhere* elsewhere, const std::vector<std::string>& sets = {}) const {
    return read_experiment(spec::read_files(folder_.path("deep/sweep.toml"), elsewhere),
                           {.sets = sets, .elsewhere = elsewhere}, Catalogue::of(test_plugins()));
  }

  // What the sweep keeps of its files, each in a file of another name; then those are gone.
  spec::Elsewhere move() const {
    spec::Elsewhere elsewhere;
    for (const auto& file : spec::frozen_files(written_.spec_path, written_.spec_text)) {
      const std::string name = "moved/" + std::to_string(elsewhere.places.size()) + ".toml";
      folder_.write(name, file.text);
      elsewhere.places[file.name] = folder_.path(name);
    }
    for (const char* gone : {"base.toml", "deep", "words.txt", "protocols"})
      std::filesystem::remove_all(folder_.path(gone));
    return elsewhere;
  }

  SpecFolder folder_;
  Experiment written_;
};

TEST_F(ElsewhereTest, FrozenFilesAreTakenApartAgain) {
  const auto files = spec::frozen_files(written_.spec_path, written_.spec_text);
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[0].text, kChild);
  EXPECT_EQ(files[1].name, folder_.path("base.toml"));
  EXPECT_EQ(files[1].text, kMinimal);
  EXPECT_FALSE(files[1].protocol);
  EXPECT_EQ(files[2].name, folder_.path("protocols/geneval/two.toml"));
  EXPECT_EQ(files[2].text, kProtocol);
  EXPECT_TRUE(files[2].protocol);
}

TEST_F(ElsewhereTest, TheSameRunsComeOfFilesThatMoved) {
  spec::Elsewhere elsewhere = move();
  folder_.write("moved/words", "red\nblue\n");
  elsewhere.places[folder_.path("words.txt")] = folder_.path("moved/words");
  const Experiment moved = read(&elsewhere);
  EXPECT_EQ(moved.runs.at(0).identity, written_.runs.at(0).identity);
  EXPECT_EQ(moved.spec_text, written_.spec_text);
  EXPECT_THAT(moved.runs.at(0).inputs, ElementsAre(testing::Key(folder_.path("moved/words"))));
  EXPECT_THAT(read(&elsewhere, {"train.updates=11"}).runs.at(0).identity,
              testing::Ne(written_.runs.at(0).identity));
}

// The program may have been installed elsewhere, too.
TEST_F(ElsewhereTest, AProtocolIsFoundByItsName) {
  spec::Elsewhere elsewhere = move();
  const auto file = elsewhere.places.extract(folder_.path("protocols/geneval/two.toml")).mapped();
  elsewhere.places["/usr/share/ummbench/protocols/geneval/two.toml"] = file;
  EXPECT_EQ(read(&elsewhere).runs.at(0).evaluations.at(0).protocol_hash,
            written_.runs.at(0).evaluations.at(0).protocol_hash);
}

TEST_F(ElsewhereTest, WhatIsNotHereIsAwaited) {
  const spec::Elsewhere elsewhere = move();
  EXPECT_THAT(read(&elsewhere).runs.at(0).awaits, ElementsAre(HasSubstr("words.txt")));
  EXPECT_THAT(read(&elsewhere, {"method.use=absent"}).runs.at(0).awaits,
              testing::Contains(HasSubstr("absent")));
}

}  // namespace
}  // namespace umm
