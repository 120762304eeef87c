// Every tensor of the published files has its place in every published preset. The files are made from a list
// of the official classes' names, dtypes and shapes (manifest.txt, by full.py), with holes for values; the
// models have no memory (host/estimate/meta_model.h).
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "estimate/meta_model.h"
#include "published_vocabulary.h"
#include "umm/capabilities.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Header of a safetensors file for one tensor after the other.
class HeaderWriter {
 public:
  void add(const std::string& key, const std::string& dtype, const std::string& shape) {
    Json sizes = Json::array();
    int64_t bytes = dtype == "int64" ? 8 : 4;
    std::istringstream numbers(shape == "scalar" ? "" : shape);
    for (std::string number; std::getline(numbers, number, 'x');) {
      sizes.push_back(std::stoll(number));
      bytes *= std::stoll(number);
    }
    header_[key] = {{"dtype", dtype == "int64" ? "I64" : "F32"},
                    {"shape", sizes},
                    {"data_offsets", {end_, end_ + bytes}}};
    end_ += bytes;
  }

  size_t size() const { return header_.size(); }

  void write(const fs::path& file) const {
    const std::string text = header_.dump();
    const uint64_t length = text.size();
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(&length), 8) << text;
    fs::resize_file(file, 8 + length + static_cast<uint64_t>(end_));  // a hole: nothing is written
  }

 private:
  Json header_ = Json::object();
  int64_t end_ = 0;
};

// Without the projector: the files of the models that see image codes.
std::map<std::string, HeaderWriter> published_files(bool projector) {
  std::map<std::string, HeaderWriter> files;
  std::ifstream manifest(UMM_SOURCE_DIR "/tests/data/parity/showo/manifest.txt");
  std::string component, key, dtype, shape;
  while (manifest >> component >> key >> dtype >> shape) {
    if (!projector && key.starts_with("mm_projector.")) continue;
    const auto open = key.find('['), close = key.find(']');
    const int count = open == std::string::npos ? 1 : std::stoi(key.substr(open + 1));
    for (int i = 0; i < count; ++i) {
      const auto name = count == 1 ? key : key.substr(0, open) + std::to_string(i) + key.substr(close + 1);
      files[component].add(name, dtype, shape);
    }
  }
  return files;
}

class ManifestTest : public ::testing::TestWithParam<std::string> {
 protected:
  ManifestTest() : folder_(fs::temp_directory_path() / ("umm_manifest_" + std::to_string(getpid()))) {
    write_published_vocabulary(folder_ / "vocabulary");
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
