// Every tensor of the published files has its place in every published preset. The files are made from a list
// of the official classes' names, dtypes and shapes (manifest.txt, by full.py), with holes for values; the
// models have no memory (host/estimate/meta_model.h).
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "estimate/meta_model.h"
#include "manifest.h"
#include "published_vocabulary.h"
#include "umm/capabilities.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Without the projector: the files of the models that see image codes.
std::map<std::string, HeaderWriter> published_files(bool projector) {
  return read_manifest("showo/manifest.txt", projector ? "\n" : "mm_projector.");
}

class ManifestTest : public ::testing::TestWithParam<std::string> {
 protected:
  ManifestTest() : folder_(fs::temp_directory_path() / ("umm_manifest_" + std::to_string(getpid()))) {
    write_published_vocabulary(folder_ / "vocabulary", "gpt2");
  }
  ~ManifestTest() override { fs::remove_all(folder_); }

  std::unique_ptr<Architecture> model(const std::string& preset) const {
    static const auto plugins = Catalogue::load({UMM_BINARY_DIR "/plugins"});
    const auto& schema = plugins.at(PluginKind::architecture, "showo").entry.options;
    const auto vocabulary = (folder_ / "vocabulary").string();
    return make_meta_model({"showo", Options(schema, {{"preset", preset}, {"vocabulary", vocabulary}})},
                           plugins);
  }

  std::vector<std::string> problems(const std::string& preset,
                                    const std::map<std::string, HeaderWriter>& files) {
    WeightLoader loader;
    const auto showo = model(preset);
    for (const auto& [component, file] : files) {
      if (component == "image_encoder" && preset.ends_with("vq")) continue;
      file.write(folder_ / component / "model.safetensors");
      require<OfficialWeights>(*showo).load_official(component, (folder_ / component).string(), loader);
    }
    return loader.problems();
  }

  fs::path folder_;
};

TEST_P(ManifestTest, EveryTensorHasItsPlace) {
  const bool projector = GetParam().ends_with("clip");
  const auto files = published_files(projector);
  EXPECT_EQ(files.at("model").size(), projector ? 441U : 437U);
  EXPECT_EQ(files.at("image_tokenizer").size(), 382U);
  EXPECT_THAT(problems(GetParam(), files), IsEmpty());
}

// A preset with a tower wants the projector, one without wants none.
TEST_P(ManifestTest, FilesOfTheOtherKindAreNamed) {
  auto files = published_files(!GetParam().ends_with("clip"));
  const auto found = problems(GetParam(), {{"model", files.at("model")}});
  EXPECT_EQ(found.size(), 4U);
  EXPECT_THAT(found, Each(HasSubstr("mm_projector.")));
}

INSTANTIATE_TEST_SUITE_P(Presets, ManifestTest, ::testing::Values("256_clip", "512_clip", "256_vq", "512_vq"),
                         [](const auto& info) { return "Preset" + info.param; });

}  // namespace
}  // namespace umm::testing
