// Every tensor of the published files has its place in every published preset: names, dtypes and shapes as
// the official classes have them (manifest_*.txt, by full.py), values none, models without memory.
#include <gmock/gmock.h>
#include <unistd.h>

#include "estimate/meta_model.h"
#include "manifest.h"
#include "published_vocabulary.h"
#include "umm/capabilities.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HarmonManifestTest : public ::testing::TestWithParam<std::string> {
 protected:
  HarmonManifestTest() : folder_(fs::temp_directory_path() / ("umm_harmon_" + std::to_string(getpid()))) {
    write_published_vocabulary(folder_ / "vocabulary", "qwen");
    const auto plugins = Catalogue::load({UMM_BINARY_DIR "/plugins"});
    const auto& schema = plugins.at(PluginKind::architecture, "harmon").entry.options;
    const auto vocabulary = (folder_ / "vocabulary").string();
    model_ = make_meta_model(
        {"harmon", Options(schema, {{"preset", GetParam()}, {"vocabulary", vocabulary}})}, plugins);
  }
  ~HarmonManifestTest() override { fs::remove_all(folder_); }

  std::vector<std::string> problems(const std::string& component, const HeaderWriter& file,
                                    const std::string& name) {
    WeightLoader loader;
    const auto folder = folder_ / component;
    file.write(folder / name);
    require<OfficialWeights>(*model_).load_official(component, folder.string(), loader);
    fs::remove_all(folder);
    return loader.problems();
  }

  fs::path folder_;
  std::unique_ptr<Architecture> model_;
};

TEST_P(HarmonManifestTest, EveryTensorHasItsPlace) {
  auto files = read_manifest("harmon/manifest_" + GetParam() + ".txt");
  EXPECT_EQ(files.at("model").size(), GetParam() == "0.5b" ? 662U : 950U);
  EXPECT_EQ(files.at("image_tokenizer").size(), 312U);
  EXPECT_THAT(problems("model", files.at("model"), "harmon.pth"), IsEmpty());
  EXPECT_THAT(problems("image_tokenizer", files.at("image_tokenizer"), "kl16.ckpt"), IsEmpty());
  // A head of its own, as some files have it, is the word embeddings again.
  files.at("model").add("llm.lm_head.weight", "float32", "1x1");
  EXPECT_THAT(problems("model", files.at("model"), "model.safetensors"), IsEmpty());
}

TEST_P(HarmonManifestTest, FilesOfTheOtherSizeAreRefused) {
  const std::string other = GetParam() == "0.5b" ? "1.5b" : "0.5b";
  const auto files = read_manifest("harmon/manifest_" + other + ".txt");
  EXPECT_GT(problems("model", files.at("model"), "harmon.pth").size(), 300U);
}

// The repository for transformers holds everything in one set of files, the tokenizer under "vae.".
TEST_P(HarmonManifestTest, OneFileForAll) {
  HeaderWriter all;
  for (const auto& [name, shape] :
       {std::pair{"vae.encoder.conv_in.weight", "128x3x3x3"}, {"mar.fake_latent", "1x1"}})
    all.add(name, "float32", shape);
  const auto found = problems("image_tokenizer", all, "model.safetensors");
  EXPECT_EQ(found.size(), 311U);  // those that are missing; what belongs to the model is not unexpected
  for (const auto& problem : found) EXPECT_THAT(problem, HasSubstr("missing"));
}

// As the file of the reference has it: under "model", with the losses of its training; and the other
// component's file beside it.
TEST_P(HarmonManifestTest, TheTokenizersOwnFile) {
  HeaderWriter file, other;
  file.add("model.encoder.conv_in.weight", "float32", "128x3x3x3");
  file.add("model.loss.logvar", "float32", "1");
  other.add("mar.fake_latent", "float32", "1x1");
  fs::create_directories(folder_ / "image_tokenizer");
  other.write(folder_ / "image_tokenizer" / "harmon.pth");
  const auto found = problems("image_tokenizer", file, "kl16.ckpt");
  EXPECT_EQ(found.size(), 311U);
  for (const auto& problem : found) EXPECT_THAT(problem, HasSubstr("missing"));
}

INSTANTIATE_TEST_SUITE_P(Presets, HarmonManifestTest, ::testing::Values("0.5b", "1.5b"),
                         [](const auto& info) { return info.param == "0.5b" ? "Half" : "OneAndAHalf"; });

}  // namespace
}  // namespace umm::testing
